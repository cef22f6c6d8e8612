"""Bytes to a file, whole or not at all, and what went wrong as one of five codes."""

import contextlib
import errno
import os
from pathlib import Path

from casework.decider import Refused

_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_UNSAFE = frozenset('<>:"/\\|?*')
_LONGEST_NAME = 120


def save(file: Path, content: bytes) -> None:
    """Write under a name of its own, then rename: nobody ever finds half a file.

    Raises: Refused: `export.no_folder`, `export.no_right`, `export.disk_full`,
        `export.open_elsewhere`, `export.failed`; what was there before stays as it was.
    """
    part = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
    except OSError as error:
        _forget(part)
        raise _refused(error, file) from error
    try:
        part.replace(file)
    except OSError as error:
        _forget(part)
        if isinstance(error, PermissionError):  # the folder took the part: the file is the matter
            raise Refused("export.open_elsewhere", file=file.name) from error
        raise _refused(error, file) from error


def _forget(part: Path) -> None:
    with contextlib.suppress(OSError):  # what matters is told: why the file was not written
        part.unlink(missing_ok=True)


def _refused(error: OSError, file: Path) -> Refused:
    folder = str(file.parent)
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return Refused("export.no_folder", folder=folder)
    if error.errno in _NO_ROOM:
        return Refused("export.disk_full", folder=folder)
    if isinstance(error, PermissionError) or error.errno == errno.EROFS:
        return Refused("export.no_right", folder=folder)
    return Refused("export.failed", file=file.name, why=error.strerror or type(error).__name__)


def file_name(words: str) -> str:
    """Words as a name that every system takes: no separators, no device names, not too long."""
    kept = "".join("-" if sign in _UNSAFE or not sign.isprintable() else sign for sign in words)
    return kept.strip(" .-")[:_LONGEST_NAME] or "watchdesk"
