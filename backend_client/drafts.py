"""What somebody is typing, kept on this workstation until it is sent: a crash loses nothing.

One SQLite file beside the kept pictures, readable by its owner only, for it holds names and
numbers of reporters. Each draft belongs to one person at one server; it is dropped when its command
is acknowledged or discarded, and after some days by itself. `synchronous=FULL` with a rollback
journal: what was kept survives the power going out.
"""

import logging
import os
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

_LOG = logging.getLogger(__name__)
_BUSY_SECONDS = 1.0
_SCHEMA = """
CREATE TABLE IF NOT EXISTS draft (
    server TEXT NOT NULL,
    user TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    kept_at INTEGER NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (server, user, kind, name)
) WITHOUT ROWID
"""


class Owner(NamedTuple):
    """Whose drafts: a person by sign-in name, at a server by its address."""

    server: str
    user: str


class Draft(NamedTuple):
    """A draft as it was last kept. `kept_at` is aware UTC of this workstation's clock."""

    name: str
    kept_at: datetime
    body: bytes


class Drafts:
    """Not safe for threads. Without a file nothing outlives the process.

    A disk that refuses is said once in the log, and typing goes on: `is_kept` tells the person.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._said = False
        self.is_kept = path is not None
        self._disk = self._open(path)

    def _open(self, path: Path | None) -> sqlite3.Connection:
        try:
            if path is not None:
                path.parent.mkdir(parents=True, exist_ok=True)
                os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
                path.chmod(0o600)
            return _connect(str(path) if path is not None else ":memory:")
        except sqlite3.DatabaseError as error:
            self._failed(error)
            return self._anew(path)
        except OSError as error:
            self._failed(error)
            return _connect(":memory:")

    def _anew(self, path: Path | None) -> sqlite3.Connection:
        """A file that is none of ours is put aside, not thrown away."""
        try:
            assert path is not None  # memory is never broken
            path.replace(path.with_suffix(".broken"))
            os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
            disk = _connect(str(path))
            self.is_kept = True
        except (OSError, sqlite3.Error):
            disk = _connect(":memory:")
        return disk

    def keep(self, owner: Owner, kind: str, name: str, body: bytes) -> None:
        """Keep this draft as it stands now; it is on the disk when this returns."""
        at = int(datetime.now(UTC).timestamp())
        self._run(
            "INSERT INTO draft VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE"
            " SET kept_at = excluded.kept_at, body = excluded.body",
            (*owner, kind, name, at, body),
        )

    def drop(self, owner: Owner, kind: str, name: str) -> None:
        """Forget it: it was recorded, or discarded."""
        self._run(
            "DELETE FROM draft WHERE server = ? AND user = ? AND kind = ? AND name = ?",
            (*owner, kind, name),
        )

    def all(self, owner: Owner, kind: str) -> tuple[Draft, ...]:
        """The person's drafts of one kind, the oldest first."""
        try:
            rows = self._disk.execute(
                "SELECT name, kept_at, body FROM draft"
                " WHERE server = ? AND user = ? AND kind = ? ORDER BY kept_at, name",
                (*owner, kind),
            ).fetchall()
        except sqlite3.Error as error:
            self._failed(error)
            return ()
        return tuple(
            Draft(name, datetime.fromtimestamp(at, UTC), bytes(body)) for name, at, body in rows
        )

    def expire(self, days: int) -> None:
        """Forget everybody's drafts that nobody has touched for so long."""
        before = int((datetime.now(UTC) - timedelta(days=days)).timestamp())
        self._run("DELETE FROM draft WHERE kept_at < ?", (before,))

    def close(self) -> None:
        """Let go of the file."""
        self._disk.close()

    def _run(self, statement: str, values: tuple[object, ...]) -> None:
        try:
            self._disk.execute(statement, values)
        except sqlite3.Error as error:
            self._failed(error)

    def _failed(self, error: Exception) -> None:
        self.is_kept = False
        if not self._said:
            self._said = True
            _LOG.warning("drafts.not_kept: %s", error)


def _connect(path: str) -> sqlite3.Connection:
    disk = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None)
    try:
        for pragma in ("journal_mode = DELETE", "synchronous = FULL", "secure_delete = ON"):
            disk.execute(f"PRAGMA {pragma}").fetchall()
        disk.execute(_SCHEMA)
    except sqlite3.Error:
        disk.close()
        raise
    return disk
