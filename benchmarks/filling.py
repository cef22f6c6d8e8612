"""A database as it is after weeks of work: a log whose journal, folds and read rows hold so many
open cases. Written with the server's own functions, in bulk and without a desk."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta

from sqlalchemy import text

from benchmarks import practice
from benchmarks.practice import Told
from case_server import journal, rows
from case_server.database import Database, open_database
from casework.pack import digest, encode_rules

AT_ONCE = 4_000


@contextmanager
def filled(url: str, told: Told) -> Iterator[Database]:
    """The database at `url`, opened, holding what became of these cases."""
    database = open_database(url)
    try:
        _fill(database, told)
        yield database
    finally:
        database.close()


def last_instant(told: Told) -> datetime:
    """When the last of its events was recorded, aware UTC."""
    return told.writer.written[-1].recorded.at


def _fill(database: Database, told: Told) -> None:
    book = practice.rules()
    journal.create_log(
        database.writer,
        log=practice.LOG,
        practice=True,
        rules=book,
        rules_bytes=encode_rules(book),
        digest=digest(book),
        at=practice.START - timedelta(seconds=1),
    )
    log = practice.LOG
    written, changes = told.writer.written, told.changes
    for first in range(0, len(written), AT_ONCE):
        part = written[first : first + AT_ONCE]
        with database.writer.begin() as connection:
            before = journal.lock_head(connection, log)
            end = part[-1]
            head = journal.Head(
                log=log,
                epoch=before.epoch,
                number=end.recorded.number,
                leaf=end.leaf.hex(),
                at=end.recorded.at,
            )
            journal.append(connection, part, head)
            rows.write_cases(connection, log, changes[first : first + AT_ONCE])
    _fold(database, told)


def _fold(database: Database, told: Told) -> None:
    streams: Sequence[str] = tuple(told.states)
    for first in range(0, len(streams), AT_ONCE):
        part = {stream: told.states[stream] for stream in streams[first : first + AT_ONCE]}
        with database.writer.begin() as connection:
            rows.write_states(connection, practice.LOG, part)
    with database.writer.begin() as connection:
        connection.execute(text("ANALYZE"))  # as a server that has run for weeks would have done
