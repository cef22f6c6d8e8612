"""Which kind of database a test runs on: the same suite runs on each.

A test asks for the log of a folder by `log_url`; the fixture `engine` of tests/case_server runs it
once with SQLite files and once with databases of the session's own PostgreSQL.
"""

from pathlib import Path

from tests.postgres import Postgres

_server: list[Postgres] = []
_urls: dict[tuple[Path, str], str] = {}


def use(server: Postgres | None) -> None:
    """From now on databases are made on `server`; None: as SQLite files."""
    _server[:] = [] if server is None else [server]
    _urls.clear()


def log_url(folder: Path, name: str = "log") -> str:
    """URL of the database `name` that belongs to `folder`; the same one each time."""
    if not _server:
        return f"sqlite:///{folder}/{name}.db"
    key = (folder, name)
    if key not in _urls:
        _urls[key] = _server[0].new_database()
    return _urls[key]
