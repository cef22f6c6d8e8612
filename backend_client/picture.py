"""A replica kept on disk, so that a console without a server opens on the last picture.

JSON lines: a head (what, for whom, up to where, when saved), one line per case, and a tail with
the number of cases and a CRC-32 of all before it. Replaced as a whole or not at all; readable by
its owner only, because cases are not for everybody.
"""

import asyncio
import logging
import os
import zlib
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from msgspec import Struct

from backend_client.replica import Replica, Standing
from casework.case import Case
from casework.wire import read_case

FORMAT = 1
_LOG = logging.getLogger(__name__)


class PictureError(Exception):
    """The file is not a whole picture."""

    code = "picture.unreadable"


class Head(Struct, frozen=True, kw_only=True, tag=True):
    """First line. `saved_at` is the workstation's clock, aware UTC."""

    format: int = FORMAT
    saved_at: datetime
    standing: Standing


class Tail(Struct, frozen=True, kw_only=True, tag=True):
    """Last line."""

    cases: int
    crc: int


def _lines(head: Head, cases: Iterable[Case]) -> Iterator[bytes]:
    line = msgspec.json.encode(head) + b"\n"
    crc = zlib.crc32(line)
    yield line
    count = 0
    for case in cases:
        line = msgspec.json.encode(case) + b"\n"
        crc = zlib.crc32(line, crc)
        count += 1
        yield line
    yield _tail(count, crc)


def _tail(cases: int, crc: int) -> bytes:
    return msgspec.json.encode(Tail(cases=cases, crc=crc)) + b"\n"


def save(path: Path, standing: Standing, cases: Iterable[Case], saved_at: datetime) -> None:
    """Keep a picture. Raises: OSError: the disk refuses; the picture before stays."""
    write_new(path, _lines(Head(saved_at=saved_at, standing=standing), cases))


def load(path: Path) -> tuple[Head, tuple[Case, ...]]:
    """The picture that was kept.

    Raises:
        FileNotFoundError: none was.
        PictureError: the file is cut off, altered, or of another program's version.
    """
    lines = path.read_bytes().splitlines(keepends=True)
    try:
        head = msgspec.json.decode(lines[0], type=Head)
        cases = tuple(map(read_case, lines[1:-1]))
    except (IndexError, msgspec.DecodeError, UnicodeDecodeError) as error:
        raise PictureError(f"the kept picture cannot be read: {error}") from error
    if head.format != FORMAT or lines[-1] != _tail(len(cases), _crc(lines[:-1])):
        raise PictureError("the kept picture is not whole")
    return head, cases


def _crc(lines: Iterable[bytes]) -> int:
    crc = 0
    for line in lines:
        crc = zlib.crc32(line, crc)
    return crc


class KeptPicture:
    """One file that holds the last picture of one server for one person."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._kept: Standing | None = None
        self._busy = asyncio.Lock()

    def recall(self) -> tuple[Head, tuple[Case, ...]] | None:
        """The last picture; one that cannot be read is said once and thrown away."""
        try:
            return load(self._path)
        except FileNotFoundError:
            return None
        except PictureError as error:
            _LOG.warning("%s: %s; starting anew", error.code, error)
            self._path.unlink(missing_ok=True)
            return None

    async def keep(self, replica: Replica) -> None:
        """Save a whole picture that is newer than the file; a full disk is said, not fatal."""
        async with self._busy:
            standing, cases = replica.standing, tuple(replica.cases.values())
            if not replica.complete or standing == self._kept:
                return
            try:
                await asyncio.to_thread(save, self._path, standing, cases, datetime.now(UTC))
                self._kept = standing
            except OSError as error:
                _LOG.warning("picture.not_kept: %s", error)


def write_new(path: Path, chunks: Iterable[bytes]) -> None:
    """Put a file in place as a whole; a crash leaves the one before."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.writelines(chunks)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
