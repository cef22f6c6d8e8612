"""A simulated day ends with nothing between chairs, on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from casework.terms import CENTRE_ROLES
from drill.day_outcome import Outcome
from drill.day_people import OPERATORS
from tests import databases
from tests.drill.day_kit import played
from tests.postgres import running_postgres
from watchdesk.day_journal import journal, not_given

CASES = 240
GONE = {f"day.{role}.04" for role in CENTRE_ROLES} | {"day.inspector.12"}


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database of each kind."""
    if request.param == "sqlite":
        yield databases.log_url(tmp_path)
        return
    with running_postgres() as server:
        if server is None:
            pytest.skip("PostgreSQL server binaries are not installed")
        databases.use(server)
        try:
            yield databases.log_url(tmp_path)
        finally:
            databases.use(None)


def has_left_nothing_to_who_went_home(day: Outcome) -> bool:
    here = {who.user for who in day.people}
    named = {case.inspector for case in day.open} - {None}
    return GONE.isdisjoint(here) and named <= here


@pytest.mark.slow
def test_a_day_of_twelve_operators_leaves_nothing_between_chairs(tmp_path: Path, url: str) -> None:
    """All in one test: a day is dear, and workers that share out the tests would each play it."""
    day = played(tmp_path, url, CASES)
    assert (day.reported, len(day.cases)) == (CASES, CASES)
    assert day.open
    assert day.broken == ()
    assert day.unused == []
    assert day.refused.keys() <= {"queue.empty", "case.held", "case.stale"}
    assert day.orders == day.named > 0
    assert 0 < day.resumed <= day.paused
    assert has_left_nothing_to_who_went_home(day)
    assert not_given(journal(url)) == []


def test_at_most_forty_work_at_the_centre() -> None:
    assert OPERATORS.keys() == CENTRE_ROLES
    assert sum(OPERATORS.values()) <= 40
