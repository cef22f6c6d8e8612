"""A PostgreSQL server of our own: a Unix socket in its own folder, no port, an unprivileged user.

Tests and benchmarks start it; it never touches a server that was there before.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg
from psycopg import sql

_names = count(1)


def server_binaries() -> Path | None:
    """Folder with `initdb` and `postgres`, newest version first; None where they are missing."""
    found = shutil.which("initdb")
    if found and shutil.which("postgres"):
        return Path(found).parent
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((folder for folder in folders if (folder / "initdb").exists()), None)


def _unprivileged() -> str | None:
    """Whom to be: `initdb` refuses root."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


class Postgres:
    """A running server in `folder`."""

    def __init__(self, folder: Path, binaries: Path) -> None:
        self.folder = folder
        self._binaries = binaries
        self._user = _unprivileged()
        if self._user:
            shutil.chown(folder, self._user)
        self._call("initdb", "-D", f"{folder}/data", "-A", "trust", "-U", "watchdesk", "-E", "UTF8")
        self.start()

    def _call(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [self._binaries / program, *arguments],
            check=True,
            user=self._user,
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            stdin=subprocess.DEVNULL,
        )

    def start(self) -> None:
        """Start, and wait until it answers."""
        options = f"-k {self.folder} -c listen_addresses='' -c synchronous_commit=on"
        log = f"{self.folder}/server.log"
        self._call("pg_ctl", "-D", f"{self.folder}/data", "-w", "-l", log, "-o", options, "start")

    def stop(self) -> None:
        """Stop at once."""
        self._call("pg_ctl", "-D", f"{self.folder}/data", "-w", "-m", "immediate", "stop")

    def new_database(self) -> str:
        """URL of a fresh, empty database."""
        name = f"watchdesk_{next(_names)}"
        with psycopg.connect(
            host=str(self.folder), user="watchdesk", dbname="postgres", autocommit=True
        ) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return f"postgresql+psycopg://watchdesk@/{name}?host={self.folder}"


@contextmanager
def running_postgres() -> Iterator[Postgres | None]:
    """A server for the time of the block; None where PostgreSQL is not installed."""
    binaries = server_binaries()
    if binaries is None:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="wd-pg-", ignore_cleanup_errors=True) as folder:
        server = Postgres(Path(folder), binaries)
        try:
            yield server
        finally:
            server.stop()
