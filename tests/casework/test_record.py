"""A case's record: which link each step left, since when it had waited there, late or not."""

from datetime import timedelta

from casework import acts
from casework.decider import Actor, Command, Recorded
from casework.record import StepTaken, steps
from casework.terms import Role, State
from tests.casework.case_kit import (
    ACCEPTOR,
    CREWS,
    DISPATCHER,
    INSPECTOR,
    LAMPS,
    LEADER,
    NINE,
    WATER,
    Life,
    context,
    recorded,
    report,
)

HOUR = timedelta(hours=1)


def taken(*given: tuple[Actor, Command, int]) -> list[StepTaken]:
    """The record of a report at nine and these acts, each some minutes after the one before."""
    life, at = Life(), NINE
    journal: list[Recorded] = []
    for actor, command, minutes in ((ACCEPTOR, report(), 0), *given):
        at += timedelta(minutes=minutes)
        for event in life.act(actor, command, at=at):
            of = context(actor, at=at)
            journal.append(recorded(event, of, len(journal) + 1))
    return list(steps(journal))


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
