"""Pictures by digest on disk: each is fetched once, for it never changes.

Readable by its owner only, and one folder for each server and person: what one may see is not for
the next.
"""

import hashlib
import os
from contextlib import suppress
from pathlib import Path

from backend_client.picture import write_new
from casework.terms import Digest

MOST = 256 * 1024 * 1024
"""Bytes; those looked at least recently make room."""


def digest_of(data: bytes) -> Digest:
    """SHA-256, the name of a blob."""
    return Digest(hashlib.sha256(data).hexdigest())


class BlobShelf:
    """Without a directory nothing is kept."""

    def __init__(self, directory: Path | None = None, most: int = MOST) -> None:
        self._directory = directory
        self._most = most

    def find(self, digest: Digest) -> bytes | None:
        """The bytes, if they are here; an unreadable or altered file counts as absent."""
        if self._directory is None or not digest.isalnum():
            return None
        path = self._directory / digest
        try:
            data = path.read_bytes()
        except OSError:
            return None
        if digest_of(data) != digest:
            return None
        with suppress(OSError):  # it was looked at now
            os.utime(path)
        return data

    def keep(self, data: bytes) -> None:
        """Put a picture on the shelf. Raises: OSError: the disk refuses."""
        if self._directory is None:
            return
        write_new(self._directory / digest_of(data), [data])
        self._make_room(self._directory)

    def _make_room(self, directory: Path) -> None:
        files = [(file.stat(), file) for file in directory.iterdir()]
        total = sum(stat.st_size for stat, _ in files)
        for stat, file in sorted(files, key=lambda each: each[0].st_mtime):
            if total <= self._most:
                return
            file.unlink(missing_ok=True)
            total -= stat.st_size
