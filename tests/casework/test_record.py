"""A case's record: which link each step left, since when it had waited there, late or not."""

from datetime import timedelta

from msgspec.structs import replace

from casework import acts
from casework.applications import (
    ApplyFor,
    ApproveApplication,
    RefuseApplication,
    ResumeCase,
)
from casework.decider import Actor, Command
from casework.record import StepTaken, steps
from casework.rulebook import ApplicationRule, RuleBook
from casework.terms import Application, Role, State
from tests.casework.case_kit import (
    ACCEPTOR,
    CREWS,
    DISPATCHER,
    INSPECTOR,
    LAMPS,
    LEADER,
    NINE,
    RULES,
    WATER,
    Life,
    hours,
    report,
)

HOUR = timedelta(hours=1)


def taken(*given: tuple[Actor, Command, int], rules: RuleBook = RULES) -> list[StepTaken]:
    """The record of a report at nine and these acts, each some minutes after the one before."""
    life, at = Life(rules), NINE
    for actor, command, minutes in ((ACCEPTOR, report(), 0), *given):
        at += timedelta(minutes=minutes)
        life.act(actor, command, at=at)
    return list(steps(life.history))


def minutes(step: StepTaken) -> tuple[float, float]:
    """What a step used, and by how much it was late."""
    return step.used.total_seconds() / 60, step.late_by.total_seconds() / 60


TO_THE_UNITS: tuple[tuple[Actor, Command, int], ...] = (
    (ACCEPTOR, acts.PassForFiling(), 10),
    (LEADER, acts.FileCase(), 20),
    (DISPATCHER, acts.DispatchCase(lead=WATER, joint=(LAMPS,)), 5 * 60),
)


def test_the_report_itself_left_no_link() -> None:
    (first,) = taken()
    assert (first.left, first.received, first.used, first.late_by) == (
        None,
        None,
        timedelta(),
        timedelta(),
    )


def test_each_step_says_which_link_it_left_and_how_long_the_case_had_waited_there() -> None:
    assert [(step.left, step.used) for step in taken(*TO_THE_UNITS)[1:]] == [
        (State.REGISTERED, timedelta(minutes=10)),
        (State.PREFILED, timedelta(minutes=20)),
        (State.FILED, 5 * HOUR),
    ]


def test_a_step_after_the_link_ran_out_is_late_by_the_difference() -> None:
    dispatch = taken(*TO_THE_UNITS)[-1]
    assert dispatch.due == dispatch.received + 4 * HOUR if dispatch.received else False
    assert dispatch.late_by == HOUR


def test_a_step_in_time_is_not_late() -> None:
    assert taken(*TO_THE_UNITS)[1].late_by == timedelta()


def test_a_note_moves_nothing_and_uses_no_time_of_the_link() -> None:
    note, passed = taken(
        (ACCEPTOR, acts.AddNote(opinion="x"), 4), (ACCEPTOR, acts.PassForFiling(), 6)
    )[1:]
    assert (note.left, note.used) == (None, timedelta())
    assert passed.used == timedelta(minutes=10)


def test_each_unit_has_its_work_since_the_dispatch_whoever_feeds_back_first() -> None:
    _, second = taken(
        *TO_THE_UNITS,
        (CREWS[LAMPS], acts.FeedBack(), 30),
        (CREWS[WATER], acts.FeedBack(), 30),
    )[-2:]
    assert (second.left, second.used) == (State.DISPATCHED, HOUR)


def test_reworked_units_have_their_work_since_the_rework() -> None:
    record = taken(
        *TO_THE_UNITS[:2],
        (DISPATCHER, acts.DispatchCase(lead=WATER), 10),
        (CREWS[WATER], acts.FeedBack(), 60),
        (ACCEPTOR, acts.OrderCheck(), 10),
        (INSPECTOR, acts.CheckCase(passed=False), 10),
        (CREWS[WATER], acts.FeedBack(), 15),
    )
    assert record[-1].used == timedelta(minutes=15)
    assert record[-1].entry.role is Role.UNIT


# --- while the clock stood ------------------------------------------------------------------------

PAUSING = replace(
    RULES,
    applications=tuple(
        ApplicationRule(kind=kind, pauses=True, limit=hours(1)) for kind in Application
    ),
)
AT_WATER: tuple[tuple[Actor, Command, int], ...] = (
    *TO_THE_UNITS[:2],
    (DISPATCHER, acts.DispatchCase(lead=WATER), 10),
    (CREWS[WATER], acts.AcceptWork(), 5),
)
LATER = ApplyFor(kind=Application.EXTENSION, reason="rain")
PUT_OFF = ApplyFor(kind=Application.SUSPENSION, reason="rain", until=NINE + timedelta(days=20))
DAY = 24 * 60


def test_a_unit_has_not_used_the_time_of_a_suspension() -> None:
    record = taken(
        *AT_WATER,
        (CREWS[WATER], PUT_OFF, 10),
        (LEADER, ApproveApplication(), 7),
        (LEADER, ResumeCase(), 9 * DAY),
        (CREWS[WATER], acts.FeedBack(), 20),
        rules=PAUSING,
    )
    assert minutes(record[-1]) == (5 + 10 + 20, 0)


def test_a_unit_has_not_used_the_time_that_its_application_waited() -> None:
    record = taken(
        *AT_WATER,
        (CREWS[WATER], LATER, 10),
        (LEADER, RefuseApplication(reason="x"), 45),
        (CREWS[WATER], acts.FeedBack(), 20),
        rules=PAUSING,
    )
    assert minutes(record[-1]) == (5 + 10 + 20, 0)


def test_where_the_clock_runs_on_the_wait_for_a_word_is_the_units_own() -> None:
    running = replace(PAUSING, applications=(ApplicationRule(kind=Application.EXTENSION),))
    record = taken(
        *AT_WATER,
        (CREWS[WATER], LATER, 10),
        (LEADER, RefuseApplication(reason="x"), 45),
        (CREWS[WATER], acts.FeedBack(), 20),
        rules=running,
    )
    assert minutes(record[-1]) == (5 + 10 + 45 + 20, 0)


def test_the_word_on_an_application_has_the_time_of_the_decision() -> None:
    record = taken(
        *AT_WATER,
        (CREWS[WATER], LATER, 10),
        (LEADER, ApproveApplication(), 75),
        rules=PAUSING,
    )
    assert minutes(record[-1]) == (75, 15)


def test_who_feeds_back_while_its_clock_stands_is_late_by_what_it_stood_at() -> None:
    record = taken(
        *AT_WATER,
        (CREWS[WATER], LATER, 25 * 60),
        (CREWS[WATER], acts.FeedBack(), 3 * DAY),
        rules=PAUSING,
    )
    assert minutes(record[-1]) == (5 + 25 * 60, 65)


def test_a_suspension_that_was_taken_back_never_stopped_a_clock() -> None:
    record = taken(
        *AT_WATER,
        (CREWS[WATER], PUT_OFF, 10),
        (LEADER, ApproveApplication(), 7),
        (LEADER, acts.TakeBack(), 1),
        (LEADER, RefuseApplication(reason="x"), 2),
        (CREWS[WATER], acts.FeedBack(), 20),
        rules=PAUSING,
    )
    assert minutes(record[-1]) == (5 + 10 + 20, 0)


def test_the_acceptor_has_not_used_the_time_that_an_order_was_out() -> None:
    sent, checked, passed = taken(
        (ACCEPTOR, acts.OrderVerification(), 20),
        (INSPECTOR, acts.VerifyReport(confirmed=True), 90),
        (ACCEPTOR, acts.PassForFiling(), 15),
    )[1:]
    assert [step.used for step in (sent, passed)] == [timedelta(minutes=m) for m in (20, 15)]
    assert (checked.left, minutes(checked)) == (State.VERIFYING, (90, 0))


def test_an_inspector_has_an_order_since_it_was_sent_to_him_and_not_to_another() -> None:
    *_, anew, answered = taken(
        (ACCEPTOR, acts.OrderVerification(), 20),
        (ACCEPTOR, acts.OrderVerification(inspector=INSPECTOR.user), 130),
        (INSPECTOR, acts.VerifyReport(confirmed=True), 30),
    )
    assert (minutes(anew), minutes(answered)) == ((130, 10), (30, 0))
