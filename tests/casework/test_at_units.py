"""Dispatch, work and return: what each act earns, and why it is refused."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from casework import acts
from casework.acts import Handling
from casework.rulebook import DeadlineStart
from casework.terms import (
    AT_WORK,
    AssignmentState,
    DeadlineBasis,
    State,
    UnitId,
)
from tests.casework.case_kit import (
    CHECKING,
    CREWS,
    DISPATCHED,
    DISPATCHER,
    FILED,
    INSPECTOR,
    JOINT,
    LAMPS,
    LEADER,
    LINKS,
    RULES,
    TREES,
    WATER,
    Life,
    hours,
)

HOUR = timedelta(hours=1)
RETURNED = acts.SendBack(reason="not_ours")


def test_the_deadline_runs_from_the_dispatch() -> None:
    life = Life().run(*DISPATCHED)
    case = life.now
    assert (case.due, case.link_due) == (life.at + 24 * HOUR, life.at + 24 * HOUR)
    assert case.due_basis is DeadlineBasis.RULE


def test_a_city_may_let_the_deadline_run_from_the_filing() -> None:
    life = Life(replace(RULES, deadline_start=DeadlineStart.FILED)).run(*FILED)
    filed = life.at
    life.act(DISPATCHER, acts.DispatchCase(lead=WATER))
    assert life.now.due == filed + 24 * HOUR


def test_a_deadline_past_the_known_calendar_is_provisional() -> None:
    book = replace(RULES, calendar=replace(RULES.calendar, last_year=2007))
    days = replace(hours(24), clock="work_day")
    (scheme,) = book.schemes
    heap = replace(scheme.classes[0].conditions[0], general=days)
    classes = (replace(scheme.classes[0], conditions=(heap,)),)
    life = Life(replace(book, schemes=(replace(scheme, classes=classes),))).run(*DISPATCHED)
    assert life.now.due_provisional


def test_a_dispatch_to_an_unknown_unit_is_refused() -> None:
    life = Life().run(*FILED)
    strange = acts.DispatchCase(lead=WATER, joint=(UnitId("nobody"),))
    assert life.refusal(DISPATCHER, strange) == "case.unknown_unit"


def test_a_dispatch_names_each_unit_once() -> None:
    life = Life().run(*FILED)
    assert life.refusal(DISPATCHER, acts.DispatchCase(lead=WATER, joint=(WATER,))) == (
        "case.unit_twice"
    )


def test_a_case_waits_for_its_last_unit() -> None:
    life = Life().run(*JOINT)
    dispatched, due = life.at, life.now.link_due
    life.act(CREWS[WATER], acts.FeedBack())
    waiting = life.now
    assert (waiting.state, waiting.handled_at) == (State.DISPATCHED, None)
    assert (waiting.link_since, waiting.link_due) == (dispatched, due)
    life.act(CREWS[LAMPS], acts.FeedBack())
    assert (life.now.state, life.now.handled_at) == (State.FEEDBACK, life.at)


def test_a_joint_units_return_leaves_the_case_with_the_others() -> None:
    life = Life().run(*JOINT)
    before = life.now
    life.act(CREWS[LAMPS], RETURNED)
    case = life.now
    assert (case.state, case.link_due, case.link_since) == (
        State.DISPATCHED,
        before.link_due,
        before.link_since,
    )
    assert [a.state for a in case.assignments] == [AssignmentState.OPEN, AssignmentState.RETURNED]


def test_a_joint_units_return_after_all_others_are_done_goes_to_the_check() -> None:
    life = Life().run(*JOINT, (CREWS[WATER], acts.FeedBack()))
    handled = life.at
    life.act(CREWS[LAMPS], RETURNED)
    assert (life.now.state, life.now.handled_at) == (State.FEEDBACK, handled)
    assert life.now.link_due == life.at + LINKS[State.FEEDBACK] * HOUR


def test_the_leads_return_takes_the_joint_units_work_back_with_it() -> None:
    life = Life().run(*JOINT, (CREWS[LAMPS], acts.FeedBack()), (CREWS[WATER], RETURNED))
    case = life.now
    assert (case.state, case.lead, case.returns) == (State.FILED, None, 1)
    assert {a.state for a in case.assignments} == {AssignmentState.RETURNED}


def test_rework_opens_nothing_of_an_earlier_round() -> None:
    life = Life().run(*JOINT, (CREWS[LAMPS], acts.FeedBack()), (CREWS[WATER], RETURNED))
    life.run(
        (DISPATCHER, acts.DispatchCase(lead=TREES)),
        (CREWS[TREES], acts.FeedBack()),
        *CHECKING[-1:],
        (INSPECTOR, acts.CheckCase(passed=False)),
    )
    assert [a.unit for a in life.now.assignments if a.state in AT_WORK] == [TREES]


def test_a_unit_has_one_assignment_however_often_it_gets_the_case() -> None:
    life = Life().run(*JOINT)
    for lead, joint in ((LAMPS, WATER), (WATER, LAMPS), (LAMPS, WATER)):
        life.act(CREWS[life.now.lead or WATER], RETURNED)
        life.act(DISPATCHER, acts.DispatchCase(lead=lead, joint=(joint,)))
    assert [(a.unit, a.lead) for a in life.now.assignments] == [(LAMPS, True), (WATER, False)]


def test_dispatch_back_to_the_same_unit_goes_on_with_what_its_clock_had_left() -> None:
    life = Life().run(*DISPATCHED)
    due = life.now.due
    assert due is not None
    life.act(CREWS[WATER], RETURNED)
    life.act(DISPATCHER, acts.DispatchCase(lead=WATER), at=life.at + 5 * HOUR)
    assert life.now.due == due + 5 * HOUR


def test_dispatch_to_another_unit_starts_the_clock_anew() -> None:
    life = Life().run(*DISPATCHED)
    life.run((CREWS[WATER], RETURNED), (DISPATCHER, acts.DispatchCase(lead=LAMPS)))
    assert life.now.due == life.at + 24 * HOUR


@pytest.mark.parametrize(("handling", "anew"), [("general", False), ("extended", True)])
def test_filing_anew_counts_anew_only_with_another_limit(handling: str, anew: bool) -> None:
    life = Life().run(*DISPATCHED)
    due = life.now.due
    assert due is not None
    life.act(CREWS[WATER], RETURNED)
    away_since = life.at
    life.act(DISPATCHER, RETURNED)
    life.act(LEADER, acts.FileCase(handling=Handling(handling)))
    life.act(DISPATCHER, acts.DispatchCase(lead=WATER))
    assert life.now.due == (life.at + 72 * HOUR if anew else due + (life.at - away_since))
