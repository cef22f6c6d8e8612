"""Opening a database: one writer, readers that only read, and one server at a time.

SQLite: WAL with `synchronous=FULL`, one read-write connection that alone checkpoints (3.40 has a
fault with two writers), readers `mode=ro`, a lock file against a second process. PostgreSQL: the
same code through psycopg, an advisory lock in the file's place.
"""

import os
import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import sqlalchemy
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.pool import StaticPool

from case_server import migrations
from case_server.blobs import Blobs

_TRY_LOCK = text(f"SELECT pg_try_advisory_lock({0x57617463_6864736B})")  # one desk a database
_LOCK_PATIENCE = 5.0
"""Seconds."""


class DatabaseError(Exception):
    """The database cannot be used; `str()` is one clear sentence, `code` is stable."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


class Database:
    """An open database. Close it; it holds the lock until then."""

    def __init__(
        self, writer: Engine, reader: Engine, lock: IO[str] | Connection, path: Path | None
    ) -> None:
        self.blobs: Blobs | None = None
        """The folder of pictures; None where nobody said which."""
        self.writer = writer
        self._reader = reader
        self._lock = lock
        self.path = path
        self.dialect: str = writer.dialect.name

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection that sees one snapshot and cannot write."""
        with self._reader.connect() as connection, connection.begin():
            yield connection

    def close(self) -> None:
        """Let go of connections and lock."""
        self._reader.dispose()
        if isinstance(self._lock, Connection):
            self._lock.close()  # before its pool goes
        self.writer.dispose()
        self._lock.close()


def open_database(url: str, blobs: str = "") -> Database:
    """Open, and bring a new database to the present schema.

    Args:
        url: `sqlite:///path` or `postgresql+psycopg://…`.
        blobs: folder of the pictures; left out, `path.blobs` beside an SQLite file.

    Raises:
        DatabaseError: `database.url`, `database.locked`, `database.unreachable`,
            `database.upgrade_needed`, `database.too_new`.
    """
    parsed = _parse(url)
    database = _open_sqlite(parsed) if parsed.drivername == "sqlite" else _open_postgres(parsed)
    try:
        _check_schema(database)
    except BaseException:
        database.close()
        raise
    folder = Path(blobs) if blobs else database.path and Path(f"{database.path}.blobs")
    database.blobs = Blobs(folder.absolute()) if folder else None
    return database


def upgrade_database(url: str) -> tuple[str | None, str]:
    """Bring a database to the present schema; the revisions before and after.

    Raises:
        DatabaseError: `database.url`, `database.locked`, `database.unreachable`,
            `database.too_new`.
    """
    parsed = _parse(url)
    database = _open_sqlite(parsed) if parsed.drivername == "sqlite" else _open_postgres(parsed)
    try:
        before = schema_revision(database.writer)
        if before is None or before in migrations.KNOWN:
            migrations.upgrade(database.writer)
        _check_schema(database)
    finally:
        database.close()
    return before, migrations.HEAD


def _parse(url: str) -> URL:
    try:
        parsed = make_url(url)
        parsed.get_dialect()
    except (ArgumentError, NoSuchModuleError, ValueError):
        parsed = None
    if parsed is None or parsed.drivername not in ("sqlite", "postgresql+psycopg"):
        raise DatabaseError(
            "database.url",
            f"{_hide(url)} is not a database URL; give sqlite:///FILE or postgresql+psycopg://…",
        )
    if parsed.drivername == "sqlite" and not parsed.database:
        raise DatabaseError("database.url", "sqlite:/// needs a file name after it")
    return parsed


def _hide(url: str) -> str:
    """A URL fit to be shown: without a password."""
    before, at, after = url.rpartition("@")
    return f"{before.partition('//')[0]}//…@{after}" if at else url


# --- SQLite ------------------------------------------------------------------------------------


def _open_sqlite(url: URL) -> Database:
    path = Path(str(url.database)).absolute()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = _lock_file(path)
    except OSError as error:
        raise DatabaseError(
            "database.unreachable", f"{path} cannot be opened: {error.strerror}"
        ) from error
    writer = create_engine(
        f"sqlite:///{path}", poolclass=StaticPool, connect_args={"check_same_thread": False}
    )
    event.listen(writer, "connect", _tune_writer)
    event.listen(writer, "begin", _begin_immediate)
    reader = create_engine(
        f"sqlite:///file:{path}?mode=ro&uri=true", connect_args={"check_same_thread": False}
    )
    event.listen(reader, "connect", _tune_reader)
    event.listen(reader, "begin", _begin_deferred)
    try:
        writer.connect().close()
    except DBAPIError as error:
        lock.close()
        raise DatabaseError(
            "database.unreachable", f"{path} is not a database that can be opened: {error.orig}"
        ) from error
    return Database(writer, reader, lock, path)


def _lock_file(path: Path) -> IO[str]:
    lock = Path(f"{path}.lock").open("w", encoding="utf-8")  # noqa: SIM115  held as long as the database
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(lock.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        lock.close()
        raise DatabaseError(
            "database.locked", f"{path} is in use by another server; stop that one first"
        ) from error
    lock.write(str(os.getpid()))
    lock.flush()
    return lock


def _tune_writer(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # BEGIN is ours: the driver's is deferred
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "wal_autocheckpoint=4000",
        "journal_size_limit=67108864",
        "cache_size=-65536",
        "temp_store=MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _tune_reader(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    connection.execute("PRAGMA query_only=ON")
    connection.execute("PRAGMA cache_size=-32768")


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _begin_deferred(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")


# --- PostgreSQL --------------------------------------------------------------------------------


def _open_postgres(url: URL) -> Database:
    writer = create_engine(url, pool_size=2, max_overflow=0, pool_pre_ping=True)
    reader = create_engine(
        url, pool_size=4, max_overflow=4, isolation_level="REPEATABLE READ", pool_pre_ping=True
    )
    event.listen(reader, "begin", _begin_read_only)
    try:
        lock = _sole_server(writer, url)
    except BaseException:
        reader.dispose()
        writer.dispose()
        raise
    return Database(writer, reader, lock, None)


def _sole_server(writer: Engine, url: URL) -> Connection:
    """A connection that holds the one server's lock as long as it is open."""
    try:
        connection = writer.connect().execution_options(isolation_level="AUTOCOMMIT")
        taken = _advisory_lock(connection)
    except DBAPIError as error:
        first = str(error.orig).strip().splitlines()[0] if error.orig else "no answer"
        raise DatabaseError("database.unreachable", f"PostgreSQL: {first}") from error
    if not taken:
        connection.close()
        raise DatabaseError(
            "database.locked", f"{url.database} is in use by another server; stop that one first"
        )
    return connection


def _advisory_lock(connection: Connection) -> bool:
    """Take the one server's lock; PostgreSQL may need a moment to see that a killed one is gone."""
    give_up = time.monotonic() + _LOCK_PATIENCE
    while not connection.execute(_TRY_LOCK).scalar():
        if time.monotonic() > give_up:
            return False
        time.sleep(0.1)
    return True


def _begin_read_only(connection: Connection) -> None:
    connection.exec_driver_sql("SET TRANSACTION READ ONLY")


# --- schema ------------------------------------------------------------------------------------


def _check_schema(database: Database) -> None:
    found = schema_revision(database.writer)
    if found == migrations.HEAD:
        return
    if found is None:
        migrations.upgrade(database.writer)
        return
    if found in migrations.KNOWN:
        raise DatabaseError(
            "database.upgrade_needed",
            f"the database has schema {found}, this program needs {migrations.HEAD}; "
            "run watchdesk db upgrade",
        )
    raise DatabaseError(
        "database.too_new", f"the database has schema {found}, made by a newer Watchdesk"
    )


def schema_revision(engine: Engine) -> str | None:
    """The schema's revision; None where no table is yet."""
    with engine.connect() as connection:
        if not sqlalchemy.inspect(connection).has_table("alembic_version"):
            return None
        found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        return str(found)


def wal_fault(version: tuple[int, int, int] = sqlite3.sqlite_version_info) -> bool:
    """Whether this SQLite may lose writes with two writing connections (fixed in 3.51.3)."""
    fixed = version >= (3, 51, 3) or (version[:2] == (3, 50) and version >= (3, 50, 7))
    return not (fixed or (version[:2] == (3, 44) and version >= (3, 44, 6)))
