"""Rule books by digest, in memory and on disk: a book is fetched once, and never changes."""

import hashlib
from pathlib import Path

import msgspec

from backend_client.picture import write_new
from casework.pack import decode_rules
from casework.rulebook import RuleBook


class WrongRulesError(Exception):
    """The bytes are not those of the rule book that was asked for."""


class RuleShelf:
    """Without a directory books are kept for this run only."""

    def __init__(self, directory: Path | None = None) -> None:
        self._directory = directory
        self._books: dict[str, RuleBook] = {}

    def find(self, digest: str) -> RuleBook | None:
        """The book, if it is here; an unreadable or altered file counts as absent."""
        if digest not in self._books and (path := self._path(digest)) is not None:
            try:
                self._books[digest] = _read(digest, path.read_bytes())
            except (FileNotFoundError, WrongRulesError):
                return None
        return self._books.get(digest)

    def keep(self, digest: str, written: bytes) -> RuleBook:
        """Put a book on the shelf.

        Raises:
            WrongRulesError: the bytes have another digest, or are no rule book.
            OSError: the disk refuses.
        """
        rules = _read(digest, written)
        self._books[digest] = rules
        if (path := self._path(digest)) is not None:
            write_new(path, [written])
        return rules

    def _path(self, digest: str) -> Path | None:
        if self._directory is None or not digest.isalnum():
            return None
        return self._directory / f"rules-{digest}.json"


def _read(digest: str, written: bytes) -> RuleBook:
    if hashlib.sha256(written).hexdigest() != digest:
        raise WrongRulesError(digest)
    try:
        return decode_rules(written)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise WrongRulesError(digest) from error
