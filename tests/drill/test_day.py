"""A simulated day ends with nothing between chairs, on SQLite and on PostgreSQL."""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from case_server.database import open_database
from case_server.tables import event
from casework.claims import CaseClaimed, CasePassedOn
from casework.decider import Recorded
from casework.envelope import read_envelope, recorded
from casework.terms import CENTRE_ROLES, UserId
from drill.day_outcome import Outcome
from drill.day_people import OPERATORS
from tests import databases
from tests.drill.day_kit import played
from tests.postgres import running_postgres

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


def journal(url: str) -> Iterator[Recorded]:
    database = open_database(url)
    try:
        with database.read() as connection:
            written = connection.execute(select(event.c.written).order_by(event.c.number))
            for (line,) in written:
                yield recorded(read_envelope(bytes(line)))
    finally:
        database.close()


def not_given(entries: Iterator[Recorded]) -> list[Recorded]:
    """Acts of an operator on a case that neither take-next nor a colleague had given them."""
    given: dict[str, set[UserId]] = defaultdict(set)
    found = []
    for entry in entries:
        if isinstance(entry.event, CaseClaimed) and entry.event.next:
            given[entry.stream].add(entry.actor)
        elif _is_work(entry) and entry.actor not in given[entry.stream]:
            found.append(entry)
        if isinstance(entry.event, CasePassedOn):
            given[entry.stream].add(entry.event.to)
    return found


def _is_work(entry: Recorded) -> bool:
    """An act of the centre on a case that is there already."""
    return entry.role in CENTRE_ROLES and entry.version > 1


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
