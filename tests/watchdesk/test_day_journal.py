"""The journal of a day tells an act on a case that was not given from one on a case that was."""

import pytest
from msgspec.structs import replace

from casework import acts, claims
from casework.acts import Handling
from casework.applications import ApproveApplication
from casework.case import Assignment, Waiting
from casework.decider import Command, Event, Recorded
from casework.terms import Application, ClosingKind, Role, State, UserId
from drill.day_ways import WAYS, way_of
from tests.casework.case_kit import DISPATCHED, NINE, WATER, Life, context, person, recorded
from watchdesk.day_journal import not_given

NOTE = acts.NoteAdded(opinion="x")
TAKEN = claims.CaseClaimed(next=True)


def entry(event: Event, who: str, version: int = 2, role: Role = Role.DISPATCHER) -> Recorded:
    return recorded(event, context(person(who), role), version)


def astray(*entries: Recorded) -> list[str]:
    return [each.actor for each in not_given(entries)]


def test_who_took_the_case_next_may_work_on_it_and_nobody_else() -> None:
    assert astray(entry(TAKEN, "li"), entry(NOTE, "li"), entry(NOTE, "wang")) == ["wang"]


def test_who_chose_the_case_was_not_given_it() -> None:
    assert astray(entry(claims.CaseClaimed(), "li")) == ["li"]


def test_a_case_that_a_colleague_passed_on_was_given() -> None:
    passed = claims.CasePassedOn(to=UserId("wang"))
    assert astray(entry(TAKEN, "li"), entry(passed, "li"), entry(NOTE, "wang")) == []


def test_a_report_a_unit_and_an_inspector_need_nothing_given() -> None:
    others = (entry(NOTE, "a", role=Role.UNIT), entry(NOTE, "b", role=Role.INSPECTOR))
    assert astray(entry(NOTE, "li", version=1), *others) == []


@pytest.mark.parametrize(
    ("command", "way"),
    [
        (acts.CloseCase(), "close by the clock"),
        (acts.CloseCase(kind=ClosingKind.FORCED), "close forced"),
        (acts.FileCase(handling=Handling.SPECIAL), "file special"),
        (acts.CheckCase(passed=False), "check no"),
        (acts.ReopenCase(link=State.FILED, reason="x"), "reopen filed"),
    ],
)
def test_a_way_is_named_by_what_the_command_says(command: Command, way: str) -> None:
    assert way_of(command, None) == way
    assert way in WAYS


def test_the_way_of_a_word_and_of_a_return_is_that_of_the_case() -> None:
    case = Life().run(*DISPATCHED).now
    waiting = Waiting(kind=Application.RETURN, since=NINE)
    applied = Assignment(unit=WATER, lead=True, since=NINE, waiting=waiting)
    assert way_of(ApproveApplication(), replace(case, assignments=(applied,))) == "approve return"
    pending = replace(case, state=State.PENDING_CLOSE)
    assert way_of(acts.SendBack(reason="x"), pending) == "send back feedback"
    assert way_of(acts.SendBack(reason="x"), case) == ""
