"""Blobs: pictures as files named by their SHA-256, in one folder beside the database.

    ab/abcdef…          whole and checked, never written again
    half/PERSON/DIGEST  what one person has sent so far
    sent/PERSON/DIGEST  empty: this person has sent all of it, since the file's own time

`PERSON` is a digest of the sign-in name. Who knows a blob's name only has not got the blob: it may
be tied to a case by those who sent it in, and read by them or through a case
(`case_server.uploads`).
"""

import hashlib
import os
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from pathlib import Path

from casework.decider import Blob, Refused
from casework.photos import HEAD, media_of
from casework.terms import Digest, UserId

KEPT = 24 * 3600.0
"""Seconds that a half upload, or a whole one that no case names, is kept."""
GRACE = 3600.0
"""Seconds before that from which it can no more be tied to a case: so a sweep never meets one that
is being tied."""
TIED = 600.0
"""Seconds that a mark stays although a case names the blob already: the same picture is on its way
to another case, or its small one went ahead of a large one whose sending was cut."""
MOST_HALVES = 16
"""Half uploads of one person; the stalest makes room."""
MOST_WAITING = 500
"""Whole uploads of one person that no case names yet."""
_PIECE = 1024 * 1024


class Blobs:
    """One folder. Only one thread may call what writes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, digest: Digest) -> Path:
        """Where a whole blob lies, or would."""
        return self.folder / digest[:2] / digest

    # --- reading -------------------------------------------------------------------------------

    def size(self, digest: Digest) -> int | None:
        """Bytes of a whole blob; None where there is none."""
        try:
            return self.path(digest).stat().st_size
        except FileNotFoundError:
            return None

    def read(self, digest: Digest, offset: int, length: int) -> bytes:
        """A piece of a whole blob; shorter at its end. Raises: FileNotFoundError."""
        with self.path(digest).open("rb") as file:
            file.seek(offset)
            return file.read(length)

    def sent(self, user: UserId, digest: Digest) -> bool:
        """Whether this person has sent all of it, not longer than `KEPT` ago."""
        return _age(self._sent(user) / digest) < KEPT

    def attachable(self, user: UserId, digest: Digest) -> Blob | None:
        """The blob, if this person may tie it to a case now."""
        size = self.size(digest)
        if size is None or _age(self._sent(user) / digest) >= KEPT - GRACE:
            return None
        media = media_of(self.read(digest, 0, HEAD))
        return None if media is None else Blob(digest=digest, size=size, media=media)

    def altered(self, digest: Digest) -> bool:
        """Whether the bytes are no longer those of the name. Raises: FileNotFoundError."""
        return _hashed(self.path(digest)) != digest

    # --- taking in -----------------------------------------------------------------------------

    def have(self, user: UserId, digest: Digest) -> int:
        """How many bytes this person has sent of a blob that is not whole yet."""
        try:
            return (self._half(user) / digest).stat().st_size
        except FileNotFoundError:
            return 0

    def make_room(self, user: UserId) -> None:
        """Before a new upload. Raises: Refused: `photo.too_many_waiting`."""
        if len(_files(self._sent(user))) >= MOST_WAITING:
            raise Refused("photo.too_many_waiting")
        halves = sorted(_files(self._half(user)), key=_age)
        for stale in halves[MOST_HALVES - 1 :]:
            stale.unlink(missing_ok=True)

    def add(self, user: UserId, digest: Digest, data: bytes) -> int:
        """Add to a half upload; how many bytes there are then. Raises: OSError."""
        half = self._half(user) / digest
        _folder(half.parent)
        with half.open("ab") as file:
            file.write(data)
        return half.stat().st_size

    def finish(self, user: UserId, digest: Digest) -> None:
        """All was sent: check it and put it in place, durable when this returns.

        Raises:
            Refused: `photo.wrong_digest`; what was sent is gone.
            OSError: the disk refuses; what was sent stays.
        """
        half, whole = self._half(user) / digest, self.path(digest)
        if _hashed(half) != digest:
            half.unlink()
            raise Refused("photo.wrong_digest")
        with half.open("rb+") as file:
            os.fsync(file.fileno())
        _folder(whole.parent)
        half.replace(whole)
        mark = self._sent(user) / digest
        _folder(mark.parent)
        mark.touch(mode=0o600)
        os.utime(mark)
        for folder in (whole.parent, mark.parent):
            _sync(folder)

    # --- sweeping ------------------------------------------------------------------------------

    def sweep(self, named: Callable[[Collection[Digest]], Collection[Digest]]) -> int:
        """Let go of stale half uploads, of marks no longer needed, and of blobs that nothing names.

        `named` tells which of some blobs a case names. How many blobs went.
        """
        for half in self._each("half"):
            if _age(half) >= KEPT:
                half.unlink(missing_ok=True)
        marks = list(self._each("sent"))
        tied = set(named({Digest(mark.name) for mark in marks}))
        for mark in marks:
            if _age(mark) >= (TIED if mark.name in tied else KEPT):
                mark.unlink(missing_ok=True)
        waiting = {mark.name for mark in self._each("sent")}
        old = {d for d in self.stored() if d not in waiting and _age(self.path(d)) >= KEPT}
        loose = old - set(named(old))
        for digest in loose:
            self.path(digest).unlink(missing_ok=True)
        return len(loose)

    def stored(self) -> Iterator[Digest]:
        """Every whole blob."""
        for folder in sorted(self.folder.glob("[0-9a-f][0-9a-f]")):
            yield from (Digest(file.name) for file in _files(folder))

    def _each(self, kind: str) -> Iterator[Path]:
        for person in sorted(self.folder.glob(f"{kind}/*")):
            yield from _files(person)

    def _half(self, user: UserId) -> Path:
        return self.folder / "half" / _person(user)

    def _sent(self, user: UserId) -> Path:
        return self.folder / "sent" / _person(user)


def _person(user: UserId) -> str:
    return hashlib.sha256(user.encode()).hexdigest()[:32]


def _files(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except FileNotFoundError:
        return []


def _age(file: Path) -> float:
    """Seconds by the file's own time; endless where it is not there."""
    try:
        return time.time() - file.stat().st_mtime
    except FileNotFoundError:
        return float("inf")


def _hashed(file: Path) -> str:
    found = hashlib.sha256()
    with file.open("rb") as opened:
        while piece := opened.read(_PIECE):
            found.update(piece)
    return found.hexdigest()


def _folder(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def _sync(folder: Path) -> None:
    """Make a rename durable, where a folder can be opened for it (not on Windows)."""
    with suppress(PermissionError):
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)
