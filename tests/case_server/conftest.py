"""Every test of the server runs on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.case_server.desk_kit import Office, open_office
from tests.postgres import Postgres, running_postgres


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres | None]:
    """One PostgreSQL for the session, started when the first test wants it."""
    with running_postgres() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """URL of a fresh database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/log.db"
    server: Postgres | None = request.getfixturevalue("postgres")
    if server is None:
        pytest.skip("PostgreSQL server binaries are not installed")
    return server.new_database()


@pytest.fixture
def office(database_url: str) -> Iterator[Office]:
    """A practice log with a desk at work."""
    with open_office(database_url) as opened:
        yield opened
