"""How a log begins: born once in a database, from a city pack; then it keeps its own rules."""

import logging
import re
from datetime import UTC, datetime
from typing import NamedTuple

import msgspec

from case_server import journal
from case_server.database import Database, DatabaseError, open_database
from casework import pack
from casework.terms import LogId

_LOG_NAME = re.compile("[a-z0-9]{1,16}")
_log = logging.getLogger(__name__)


class ServerError(Exception):
    """The server cannot start; `str()` is one clear sentence, `code` is stable."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


class Wanted(NamedTuple):
    """The log that shall be there: its name (empty: the city's code, or `practice`), its rule book
    (canonical bytes), whether it is for practice, and where a practice clock begins (aware UTC)."""

    name: str
    rules_bytes: bytes | None
    practice: bool = False
    starts: datetime | None = None


def create(url: str, wanted: Wanted) -> LogId:
    """Bear a log in a database that has none and leave it stopped, so that its first people can be
    added; its name.

    Raises:
        ServerError: `log.exists`, as `open_log`, and the codes of `DatabaseError`.
    """
    try:
        database = open_database(url)
    except DatabaseError as error:
        raise ServerError(error.code, str(error)) from error
    try:
        found = journal.existing_log(database.writer)
        if found is not None:
            raise ServerError("log.exists", f"The database holds the log {found} already.")
        return _bear(database, wanted)
    finally:
        database.close()


def open_log(database: Database, wanted: Wanted) -> None:
    """Bear the log of a new database, or make sure that an existing one is the one meant.

    Raises:
        ServerError: `log.rules_missing`, `log.rules_malformed`, `log.name`.
    """
    found = journal.existing_log(database.writer)
    if found is None:
        _bear(database, wanted)
    elif wanted.name and found != wanted.name:
        raise ServerError("log.name", f"The database holds the log {found}, not {wanted.name}.")
    elif wanted.rules_bytes is not None:
        with database.read() as connection:
            version, _, kept = journal.rules_in_force(connection, found)
        if kept != wanted.rules_bytes:
            _log.warning(
                "the log %s keeps its rule book (version %d); the pack differs", found, version
            )


def _bear(database: Database, wanted: Wanted) -> LogId:
    if wanted.rules_bytes is None:
        raise ServerError(
            "log.rules_missing", "A new log needs a city pack to take its rules from."
        )
    try:
        rules = pack.decode_rules(wanted.rules_bytes)
    except msgspec.DecodeError as error:
        raise ServerError("log.rules_malformed", f"The rule book is malformed: {error}.") from error
    name = wanted.name or ("practice" if wanted.practice else rules.code)
    if not _LOG_NAME.fullmatch(name):
        raise ServerError(
            "log.name", f"A log's name is 1 to 16 small letters and digits, not {name!r}."
        )
    journal.create_log(
        database.writer,
        log=LogId(name),
        practice=wanted.practice,
        rules=rules,
        rules_bytes=wanted.rules_bytes,
        digest=pack.digest(rules),
        at=wanted.starts or datetime.now(UTC),
    )
    return LogId(name)
