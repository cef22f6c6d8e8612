"""Who may act and when, checking, closing and reasons: one test a rule, one a code."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from casework import acts
from casework.decider import Command
from casework.rulebook import LinkLimit
from casework.terms import (
    AssignmentState,
    ClosingKind,
    Kind,
    State,
)
from tests.casework.case_kit import (
    ACCEPTOR,
    CHECKING,
    CLOSED,
    CREWS,
    DISPATCHED,
    DISPATCHER,
    FEEDBACK,
    FILED,
    INSPECTOR,
    JOINT,
    LAMPS,
    LEADER,
    LINKS,
    PENDING,
    PREFILED,
    REPORTED,
    RULES,
    WATER,
    Life,
    hours,
    report,
)

HOUR = timedelta(hours=1)
RETURNED = acts.SendBack(reason="not_ours")


# --- who, when ------------------------------------------------------------------------------------


def test_a_case_that_is_not_there_is_not_found() -> None:
    assert Life().refusal(ACCEPTOR, acts.PassForFiling()) == "case.not_found"


def test_an_act_out_of_its_state_is_refused() -> None:
    assert Life().run(*REPORTED).refusal(LEADER, acts.FileCase()) == "case.wrong_state"


def test_an_act_in_another_post_is_refused() -> None:
    assert Life().run(*PREFILED).refusal(ACCEPTOR, acts.FileCase()) == "case.wrong_role"


def test_another_unit_cannot_feed_back() -> None:
    life = Life().run(*DISPATCHED)
    assert life.refusal(CREWS[LAMPS], acts.FeedBack()) == "case.not_yours"


def test_a_unit_feeds_back_once() -> None:
    life = Life().run(*JOINT, (CREWS[WATER], acts.FeedBack()))
    assert life.refusal(CREWS[WATER], acts.FeedBack()) == "case.not_yours"


def test_a_check_that_names_an_inspector_is_that_inspectors_alone() -> None:
    life = Life().run(*FEEDBACK, (ACCEPTOR, acts.OrderCheck(inspector=DISPATCHER.user)))
    assert life.refusal(INSPECTOR, acts.CheckCase(passed=True)) == "case.not_yours"


# --- checking and closing -------------------------------------------------------------------------


def test_a_failed_check_sends_the_work_back_to_the_same_units() -> None:
    life = Life().run(*JOINT, (CREWS[LAMPS], RETURNED), (CREWS[WATER], acts.FeedBack()))
    life.run(*CHECKING[-1:], (INSPECTOR, acts.CheckCase(passed=False)))
    case = life.now
    assert (case.state, case.rework, case.handled_at) == (State.HANDLING, 1, None)
    assert case.link_due == case.due
    assert [a.state for a in case.assignments] == [
        AssignmentState.HANDLING,
        AssignmentState.RETURNED,
    ]


def test_sending_back_from_feedback_is_rework_too() -> None:
    case = Life().run(*FEEDBACK, (ACCEPTOR, RETURNED)).now
    assert (case.state, case.rework, case.returns, case.handled_at) == (
        State.HANDLING,
        1,
        1,
        None,
    )


@pytest.mark.parametrize(
    ("before", "actor", "to"),
    [
        (PREFILED, LEADER, State.REGISTERED),
        (FILED, DISPATCHER, State.PREFILED),
        (DISPATCHED, CREWS[WATER], State.FILED),
        (FEEDBACK, ACCEPTOR, State.HANDLING),
        (PENDING, LEADER, State.FEEDBACK),
    ],
)
def test_a_case_goes_back_to_the_link_before(
    before: tuple[tuple[object, Command], ...], actor: object, to: State
) -> None:
    life = Life().run(*before)  # type: ignore[arg-type]  # the kit's own lines
    (event,) = life.act(actor, RETURNED)  # type: ignore[arg-type]
    assert isinstance(event, acts.CaseSentBack)
    assert (life.now.state, event.reason) == (to, "not_ours")


@pytest.mark.parametrize(("late", "on_time"), [(23 * HOUR, True), (25 * HOUR, False)])
def test_a_case_is_on_time_when_it_was_handled_within_its_deadline(
    late: timedelta, on_time: bool
) -> None:
    life = Life().run(*DISPATCHED)
    life.act(CREWS[WATER], acts.FeedBack(), at=life.at + late)
    life.run(*PENDING[-2:])
    (event,) = life.act(LEADER, acts.CloseCase(opinion="结案"))
    kind = ClosingKind.NORMAL if on_time else ClosingKind.LATE
    assert event == acts.CaseClosed(state=State.CLOSED, opinion="结案", on_time=on_time, kind=kind)


def test_a_case_without_a_deadline_is_neither_on_time_nor_late() -> None:
    unlimited = ((ACCEPTOR, report(kind=Kind.COMPONENT, code="2101")), *PENDING[1:])
    (event,) = Life().run(*unlimited).decide(LEADER, acts.CloseCase())
    assert event == acts.CaseClosed(state=State.CLOSED, on_time=None)


def test_a_city_may_want_two_people_to_file_and_to_close() -> None:
    strict = replace(RULES, same_person_may_file_and_close=False)
    life = Life(strict).run(*PENDING)
    other = replace(LEADER, user="relief")
    assert life.refusal(LEADER, acts.CloseCase()) == "case.filer_may_not_close"
    assert life.decide(other, acts.CloseCase())
    assert Life().run(*PENDING).decide(LEADER, acts.CloseCase())


# --- reasons --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (acts.SendBack(reason="unheard_of"), "case.unknown_reason"),
        (acts.SendBack(reason="repeated"), "case.unknown_reason"),  # a reason to cancel
        (acts.SendBack(reason=""), "case.reason_missing"),
        (acts.SendBack(reason="", opinion="说来话长"), "case.reason_missing"),
        (acts.DeclineCase(reason=""), "case.reason_missing"),
        (acts.DeclineCase(reason=" ", opinion="\n"), "case.reason_missing"),
    ],
)
def test_a_return_and_an_end_need_a_reason_of_the_rule_book(command: Command, code: str) -> None:
    assert Life().run(*PREFILED).refusal(LEADER, command) == code


def test_a_city_without_a_list_of_reasons_takes_a_written_one() -> None:
    life = Life(replace(RULES, reasons=())).run(*PREFILED)
    assert life.decide(LEADER, acts.SendBack(reason="", opinion="地点不清"))
    assert life.decide(LEADER, acts.SendBack(reason="地点不清"))
    assert life.refusal(LEADER, acts.SendBack(reason="")) == "case.reason_missing"


def test_a_cancelled_case_ends_with_its_reason() -> None:
    life = Life().run(*REPORTED)
    (event,) = life.act(ACCEPTOR, acts.CancelCase(reason="repeated"))
    assert event == acts.CaseCancelled(state=State.CANCELLED, reason="repeated")
    assert (life.now.ended_at, life.now.link_due) == (life.at, None)


# --- link limits ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "state"),
    [
        (REPORTED, State.REGISTERED),
        (PREFILED, State.PREFILED),
        (FILED, State.FILED),
        (FEEDBACK, State.FEEDBACK),
        (CHECKING, State.CHECKING),
        (PENDING, State.PENDING_CLOSE),
    ],
)
def test_each_link_has_the_limit_that_the_rule_book_sets(
    line: tuple[tuple[object, Command], ...], state: State
) -> None:
    life = Life().run(*line)  # type: ignore[arg-type]  # the kit's own lines
    assert (life.now.state, life.now.link_due) == (state, life.at + LINKS[state] * HOUR)
    free = Life(replace(RULES, link_limits=())).run(*line)  # type: ignore[arg-type]
    assert free.now.link_due is None


def test_the_limit_of_the_dispatched_is_the_time_to_accept() -> None:
    limit = LinkLimit(state=State.DISPATCHED, limit=hours(2))
    life = Life(replace(RULES, link_limits=(limit,))).run(*DISPATCHED)
    dispatched, due = life.at, life.now.due
    assert life.now.link_due == dispatched + 2 * HOUR
    life.act(CREWS[WATER], acts.AcceptWork())
    assert (life.now.state, life.now.link_due) == (State.HANDLING, due)


def test_a_link_limit_at_the_units_stands_in_for_a_missing_deadline_only() -> None:
    limit = LinkLimit(state=State.HANDLING, limit=hours(9))
    rules = replace(RULES, link_limits=(*RULES.link_limits, limit))
    unlimited = ((ACCEPTOR, report(kind=Kind.COMPONENT, code="2101")), *DISPATCHED[1:])
    without, limited = Life(rules).run(*unlimited), Life(rules).run(*DISPATCHED)
    for life in (without, limited):
        life.act(CREWS[WATER], acts.AcceptWork())
    assert (without.now.due, without.now.link_due) == (None, without.at + 9 * HOUR)
    assert limited.now.link_due == limited.now.due
    without.run(*FEEDBACK[-1:], *CHECKING[-1:], (INSPECTOR, acts.CheckCase(passed=False)))
    assert without.now.link_due == without.at + 9 * HOUR


# --- beside the line ------------------------------------------------------------------------------


def test_a_note_and_a_look_at_the_reporter_move_nothing() -> None:
    life = Life().run(*CLOSED)
    before = life.now
    life.act(DISPATCHER, acts.AddNote(opinion="已回复"))
    life.act(ACCEPTOR, acts.ShowContact())
    version = before.version + 2
    assert life.now == replace(before, version=version, notes=1)
    assert life.events[-2:] == [acts.NoteAdded(opinion="已回复"), acts.ContactShown()]
