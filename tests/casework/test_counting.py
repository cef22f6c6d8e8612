"""Which of a case's clocks counts now, and in what order cases come."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from msgspec.structs import replace

from casework import acts
from casework.applications import ApplyFor, ApproveApplication, ResumeCase
from casework.counting import Counted, counting, urgency_key
from casework.decider import Actor, Command
from casework.holding import next_instant
from casework.rulebook import ApplicationRule
from casework.terms import Application, CaseId, Kind, State, Urgency
from tests.casework.case_kit import (
    ACCEPTOR,
    CHECKING,
    CLOSED,
    CREWS,
    DISPATCHED,
    DISPATCHER,
    FEEDBACK,
    FILED,
    JOINT,
    LAMPS,
    LEADER,
    NINE,
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
Line = Sequence[tuple[Actor, Command]]
BOOK = replace(
    RULES,
    applications=tuple(
        ApplicationRule(kind=kind, pauses=kind is not Application.HANDLING, limit=hours(1))
        for kind in Application
    ),
)
RETURN = ApplyFor(kind=Application.RETURN, reason="not_ours")
END = NINE + timedelta(days=20)
SUSPENSION = ApplyFor(kind=Application.SUSPENSION, reason="rain", until=END)


def counted(life: Life) -> tuple[Counted, timedelta] | None:
    """What counts, and how long it has yet."""
    clock = counting(life.now)
    return None if clock is None else (clock.of, clock.due - life.at)


@pytest.mark.parametrize(
    ("line", "limit"), [(REPORTED, 1), (PREFILED, 3), (FILED, 4), (FEEDBACK, 5), (PENDING, 7)]
)
def test_each_link_counts_its_own_limit(line: Line, limit: int) -> None:
    assert counted(Life(BOOK).run(*line)) == (Counted.LINK, limit * HOUR)


def test_at_the_units_their_deadline_counts() -> None:
    assert counted(Life(BOOK).run(*DISPATCHED)) == (Counted.LINK, 24 * HOUR)


def test_while_an_order_is_out_its_limit_counts() -> None:
    assert counted(Life(BOOK).run(*CHECKING)) == (Counted.ORDER, 6 * HOUR)


def test_while_an_application_stops_the_units_clock_the_word_on_it_counts() -> None:
    life = Life(BOOK).run(*DISPATCHED, (CREWS[WATER], RETURN))
    assert counted(life) == (Counted.WORD, HOUR)
    late = replace(BOOK, applications=(replace(BOOK.applications[2], limit=hours(90)),))
    assert counted(Life(late).run(*DISPATCHED, (CREWS[WATER], RETURN))) == (Counted.WORD, 90 * HOUR)


def test_where_the_units_clock_runs_on_the_nearer_of_both_counts() -> None:
    slow = replace(BOOK, applications=(ApplicationRule(kind=Application.RETURN, limit=hours(90)),))
    life = Life(slow).run(*DISPATCHED, (CREWS[WATER], RETURN))
    assert counted(life) == (Counted.LINK, 23 * HOUR)


def test_a_joint_units_application_leaves_the_leads_clock_running() -> None:
    slow = replace(BOOK, applications=(replace(BOOK.applications[2], limit=hours(90)),))
    life = Life(slow).run(*JOINT, (CREWS[LAMPS], RETURN))
    assert counted(life) == (Counted.LINK, 23 * HOUR)


def test_a_suspended_case_counts_to_the_end_of_its_pause() -> None:
    life = Life(BOOK).run(*DISPATCHED, (CREWS[WATER], SUSPENSION), (LEADER, ApproveApplication()))
    assert counted(life) == (Counted.PAUSE, END - life.at)


def test_the_word_that_nobody_could_give_in_a_suspension_has_its_whole_time_after_it() -> None:
    life = Life(BOOK).run(
        *JOINT,
        (CREWS[LAMPS], RETURN),
        (CREWS[WATER], SUSPENSION),
        (LEADER, ApproveApplication(unit=WATER)),
        (LEADER, ResumeCase()),
    )
    assert counted(life) == (Counted.WORD, HOUR)


def test_a_clock_that_stands_for_an_application_stands_on_after_a_suspension() -> None:
    life = Life(BOOK).run(
        *JOINT,
        (CREWS[LAMPS], RETURN),
        (CREWS[WATER], SUSPENSION),
        (LEADER, ApproveApplication(unit=WATER)),
        (LEADER, ResumeCase()),
    )
    standing = {a.unit: a.left is not None for a in life.now.assignments}
    assert standing == {WATER: False, LAMPS: True}


def test_a_deadline_that_stands_does_not_count_while_the_case_is_away_from_its_units() -> None:
    bare = replace(BOOK, link_limits=())
    assert counted(Life(bare).run(*FEEDBACK)) is None
    back = (*DISPATCHED, (CREWS[WATER], acts.SendBack(reason="not_ours")))
    direct = replace(bare, applications=())
    assert counted(Life(direct).run(*back)) is None


def test_a_records_deadline_counts_until_the_case_is_handled() -> None:
    life = Life(replace(BOOK, link_limits=()), practice=True)
    life.act(ACCEPTOR, report(target=NINE + 9 * HOUR))
    assert counted(life) == (Counted.LINK, NINE + 9 * HOUR - life.at)
    life.run(*FEEDBACK[1:])
    assert counted(life) is None


def test_nothing_counts_when_a_case_has_ended_or_has_no_limit() -> None:
    assert counting(Life(BOOK).run(*CLOSED).now) is None
    unlimited = Life(replace(BOOK, link_limits=()))
    unlimited.act(ACCEPTOR, report(kind=Kind.COMPONENT, code="2101"))
    assert (counting(unlimited.now), next_instant(unlimited.now)) == (None, None)


def test_urgency_sorts_before_time_and_time_by_the_clock_that_counts() -> None:
    waiting = Life(BOOK).run(*DISPATCHED, (CREWS[WATER], RETURN)).now
    running = replace(Life(BOOK).run(*DISPATCHED).now, id=CaseId("city-20080613-00008"))
    later = replace(running, id=CaseId("city-20080613-00009"), urgency=Urgency.URGENT, link_due=END)
    first = replace(later, id=CaseId("city-20080613-00010"), urgency=Urgency.CRITICAL)
    cases = sorted((running, later, waiting, first), key=urgency_key)
    assert cases == [first, later, waiting, running]


def test_what_has_no_clock_comes_last_of_its_urgency() -> None:
    bare = replace(Life(BOOK).run(*REPORTED).now, link_due=None, state=State.HANDLING)
    timed = replace(bare, link_due=END, state=State.FILED)
    assert sorted((bare, timed), key=urgency_key) == [timed, bare]


def test_dispatch_to_another_unit_starts_anew_and_to_the_same_goes_on() -> None:
    back = (*DISPATCHED, (CREWS[WATER], acts.SendBack(reason="not_ours")))
    direct = replace(BOOK, applications=())
    same = Life(direct).run(*back, (DISPATCHER, acts.DispatchCase(lead=WATER)))
    other = Life(direct).run(*back, (DISPATCHER, acts.DispatchCase(lead=LAMPS)))
    assert (counted(same), counted(other)) == (
        (Counted.LINK, 23 * HOUR),
        (Counted.LINK, 24 * HOUR),
    )
