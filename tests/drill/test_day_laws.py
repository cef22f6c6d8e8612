"""The laws of a simulated day see what lies between chairs: each is broken once on purpose."""

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from casework.case import Assignment, Case, Claim, Order, Waiting
from casework.decider import Actor, Grant
from casework.terms import Application, CaseId, Kind, Role, Source, State, UnitId, UserId
from drill import day_laws
from drill.day_laws import of_a_desk, of_the_log
from watchdesk.day_screen import Boxes

from .conftest import RULES

NOON = datetime(2008, 6, 12, 4, tzinfo=UTC)
HOUR, MOMENT = timedelta(hours=1), timedelta(milliseconds=1)
ROADS = UnitId("roads")


def who(role: Role, user: str = "li", unit: UnitId | None = None) -> Actor:
    return Actor(user=UserId(user), grants=(Grant(role=role, unit=unit),))


LEADER, CREW, INSPECTOR = who(Role.SHIFT_LEADER), who(Role.UNIT, "wu", ROADS), who(Role.INSPECTOR)
FILED = Case(
    id=CaseId("t-1"),
    state=State.FILED,
    kind=Kind.INCIDENT,
    scheme="s",
    scheme_version="1",
    code="0101",
    name="n",
    source=Source.PHONE,
    opened_at=NOON - HOUR,
    link_since=NOON - HOUR,
    link_due=NOON + HOUR,
)
HANDLED = replace(
    FILED,
    state=State.HANDLING,
    assignments=(Assignment(unit=ROADS, lead=True, since=NOON - HOUR),),
)
APPLIED = replace(
    HANDLED,
    assignments=(
        replace(
            HANDLED.assignments[0],
            waiting=Waiting(kind=Application.RETURN, since=NOON),
        ),
    ),
)
PAUSED = replace(HANDLED, state=State.SUSPENDED, resumes_at=NOON + HOUR)
CHECKED = replace(
    FILED, state=State.CHECKING, inspector=UserId("chen"), order=Order(sent_at=NOON, due=None)
)
TAKEN = replace(FILED, claim=Claim(user=UserId("zhou"), since=NOON))


def laws(case: Case, *people: Actor) -> list[str]:
    return [broken.law for broken in of_the_log([case], people, NOON, 15)]


def test_a_case_in_the_right_hands_with_its_instant_breaks_nothing() -> None:
    assert laws(FILED, who(Role.DISPATCHER)) == []
    assert laws(PAUSED, CREW) == []
    assert laws(replace(PAUSED, resumes_at=NOON), CREW) == []  # it ends in this very moment
    assert laws(APPLIED, CREW, LEADER) == []


@pytest.mark.parametrize(
    ("case", "people", "law"),
    [
        (FILED, (LEADER,), "held"),
        (HANDLED, (who(Role.UNIT, "wu", UnitId("lamps")),), "held"),
        (CHECKED, (INSPECTOR,), "held"),
        (APPLIED, (CREW,), "decidable"),
        (replace(FILED, link_due=None), (who(Role.DISPATCHER),), "due"),
        (replace(PAUSED, resumes_at=NOON - MOMENT), (CREW,), "resumed"),
        (TAKEN, (who(Role.DISPATCHER),), "claimed"),
    ],
)
def test_each_law_is_broken_by_its_own_fault(case: Case, people: list[Actor], law: str) -> None:
    assert laws(case, *people) == [law]


def test_a_holder_who_cannot_move_the_case_on_is_found_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(day_laws, "allowed", lambda _case, _who: ())
    assert laws(FILED, who(Role.DISPATCHER)) == ["movable"]


def test_a_stale_claim_of_somebody_who_left_is_no_fault() -> None:
    stale = replace(TAKEN, claim=Claim(user=UserId("zhou"), since=NOON - HOUR))
    assert laws(stale, who(Role.DISPATCHER)) == []


class Screen:
    """The console's boxes with a fault."""

    def __init__(self, *, hides: str = "", adds: int = 0) -> None:
        self._real, self._hides, self._adds = Boxes(RULES), hides, adds

    def boxes(self, case: Case, who: Actor, at: datetime) -> Collection[str]:
        return {box for box in self._real.boxes(case, who, at) if box != self._hides}

    def counts(self, cases: Iterable[Case], who: Actor, at: datetime) -> Mapping[str, int]:
        found = self._real.counts(cases, who, at)
        return {box: count + self._adds * (box == "filed") for box, count in found.items()}


def at_a_desk(
    case: Case, person: Actor, screen: Screen | None = None, known: Case | None = None
) -> list[str]:
    here = {case.id: known or case}
    found = of_a_desk(person, here, [case], NOON, screen or Screen())
    return [broken.law for broken in found]


@pytest.mark.parametrize(
    ("case", "person"),
    [
        (FILED, who(Role.DISPATCHER)),
        (replace(TAKEN, urged=1), who(Role.DISPATCHER, "zhou")),
        (replace(FILED, link_due=NOON), who(Role.DISPATCHER)),
        (replace(PAUSED, due=NOON - HOUR), who(Role.DISPATCHER)),  # its deadline stands
        (HANDLED, CREW),
        (APPLIED, LEADER),
        (CHECKED, who(Role.INSPECTOR, "chen")),
    ],
)
def test_the_consoles_boxes_hold_what_they_must(case: Case, person: Actor) -> None:
    assert at_a_desk(case, person) == []


@pytest.mark.parametrize(
    ("case", "person", "box"),
    [
        (FILED, who(Role.DISPATCHER), "filed"),
        (TAKEN, who(Role.DISPATCHER, "zhou"), "mine"),
        (CHECKED, who(Role.INSPECTOR, "chen"), "mine"),
        (APPLIED, LEADER, "applied"),
        (replace(FILED, urged=1), who(Role.DISPATCHER), "urged"),
        (replace(FILED, link_due=NOON), who(Role.DISPATCHER), "late"),
    ],
)
def test_a_box_that_hides_a_case_is_found_out(case: Case, person: Actor, box: str) -> None:
    assert "boxed" in at_a_desk(case, person, Screen(hides=box))


def test_a_count_that_is_not_the_number_of_cases_is_found_out() -> None:
    assert at_a_desk(FILED, who(Role.DISPATCHER), Screen(adds=1)) == ["counted"]


def test_a_client_that_knows_an_older_case_is_found_out() -> None:
    newer = replace(FILED, version=2)
    assert at_a_desk(newer, who(Role.DISPATCHER), known=FILED) == ["seen"]


def test_a_holder_whose_client_has_not_got_the_case_is_found_out() -> None:
    found = list(of_a_desk(CREW, {}, [HANDLED], NOON, Screen()))
    assert [broken.law for broken in found] == ["seen"]
