"""Every test of the server runs on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import databases
from tests.case_server.desk_kit import Office, open_office
from tests.postgres import Postgres, running_postgres


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres | None]:
    """One PostgreSQL for the session, started when the first test wants it."""
    with running_postgres() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"], autouse=True)
def engine(request: pytest.FixtureRequest) -> Iterator[str]:
    """The kind of database that `databases.log_url` gives."""
    server: Postgres | None = None
    if request.param == "postgresql":
        server = request.getfixturevalue("postgres")
        if server is None:
            pytest.skip("PostgreSQL server binaries are not installed")
    databases.use(server)
    yield request.param
    databases.use(None)


@pytest.fixture
def database_url(engine: str, tmp_path: Path) -> str:
    """URL of a fresh database."""
    return databases.log_url(tmp_path)


@pytest.fixture
def office(database_url: str) -> Iterator[Office]:
    """A practice log with a desk at work."""
    with open_office(database_url) as opened:
        yield opened
