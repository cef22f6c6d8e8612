"""A simulated day ends with nothing between chairs, on SQLite and on PostgreSQL."""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from sqlalchemy import select

from case_server.database import open_database
from case_server.tables import event
from casework.claims import CaseClaimed, CasePassedOn
from casework.decider import Recorded
from casework.envelope import read_envelope, recorded
from casework.terms import CENTRE_ROLES, Role, UserId
from drill.day_outcome import Outcome
from drill.day_people import OPERATORS
from tests import databases
from tests.drill.day_kit import played
from tests.postgres import running_postgres

pytestmark = pytest.mark.slow


class Played(NamedTuple):
    outcome: Outcome
    url: str


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def day(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Played]:
    """240 cases, 12 operators, rounds of ten minutes."""
    folder = tmp_path_factory.mktemp("day")
    if request.param == "sqlite":
        yield _play(folder)
        return
    with running_postgres() as server:
        if server is None:
            pytest.skip("PostgreSQL server binaries are not installed")
        databases.use(server)
        try:
            yield _play(folder)
        finally:
            databases.use(None)


def _play(folder: Path) -> Played:
    url = databases.log_url(folder)
    return Played(played(folder, url, 240), url)


def journal(url: str) -> Iterator[Recorded]:
    database = open_database(url)
    try:
        with database.read() as connection:
            written = connection.execute(select(event.c.written).order_by(event.c.number))
            for (line,) in written:
                yield recorded(read_envelope(bytes(line)))
    finally:
        database.close()


def test_every_open_case_is_held_and_due_and_in_its_holders_box(day: Played) -> None:
    assert (day.outcome.reported, len(day.outcome.cases)) == (240, 240)
    assert day.outcome.open
    assert day.outcome.broken == ()


def test_every_act_of_the_table_is_used(day: Played) -> None:
    assert day.outcome.unused == []


def test_nothing_is_refused_but_what_somebody_else_was_quicker_at(day: Played) -> None:
    assert day.outcome.refused.keys() <= {"queue.empty", "case.held", "case.stale"}


def test_while_inspectors_are_on_duty_every_order_names_one_of_them(day: Played) -> None:
    assert day.outcome.orders == day.outcome.named > 0


def test_pauses_end_by_themselves(day: Played) -> None:
    assert 0 < day.outcome.resumed <= day.outcome.paused


def test_who_went_home_has_nothing_left(day: Played) -> None:
    here = {who.user for who in day.outcome.people}
    gone = {f"day.{role}.04" for role in CENTRE_ROLES} | {"day.inspector.12"}
    assert gone.isdisjoint(here)
    named = [case.inspector for case in day.outcome.open if case.inspector is not None]
    assert set(named) <= here


def test_the_journal_knows_no_act_of_an_operator_on_a_case_that_was_not_given(day: Played) -> None:
    given: dict[str, set[UserId]] = defaultdict(set)
    for entry in journal(day.url):
        if isinstance(entry.event, CaseClaimed) and entry.event.next:
            given[entry.stream].add(entry.actor)
        elif entry.role in CENTRE_ROLES and entry.version > 1:
            assert entry.actor in given[entry.stream], entry
        if isinstance(entry.event, CasePassedOn):
            given[entry.stream].add(entry.event.to)


def test_at_most_forty_work_at_the_centre() -> None:
    assert sum(OPERATORS.values()) <= 40
    assert OPERATORS.keys() == CENTRE_ROLES - {Role.SYSTEM}
