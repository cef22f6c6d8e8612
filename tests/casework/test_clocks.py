"""Laws of the units' clocks: what rests keeps what it had left, whatever the times in between."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from casework import acts, applications
from casework.applications import ApplyFor
from casework.rulebook import ApplicationRule, LinkLimit, RuleBook
from casework.rules import working_time
from casework.scheme import Clock, Limit
from casework.terms import Application, State
from tests.casework.case_kit import (
    ACCEPTOR,
    CREWS,
    DISPATCHED,
    DISPATCHER,
    INSPECTOR,
    LEADER,
    RULES,
    WATER,
    Life,
    hours,
)

HOUR = timedelta(hours=1)
SPANS = st.lists(
    st.integers(1, 30 * 60).map(lambda n: timedelta(minutes=n)), min_size=8, max_size=8
)
CLOCKS = st.sampled_from(Clock)
FAILED = acts.CheckCase(passed=False)


def book(clock: Clock, milli: int = 24_000) -> RuleBook:
    """The kit's book with the one limit on this clock, and every application simple."""
    (scheme,) = RULES.schemes
    heap = replace(scheme.classes[0].conditions[0], general=Limit(milli=milli, clock=clock))
    classes = (replace(scheme.classes[0], conditions=(heap,)), *scheme.classes[1:])
    return replace(
        RULES,
        schemes=(replace(scheme, classes=classes),),
        applications=tuple(
            ApplicationRule(kind=kind, pauses=True)
            for kind in Application
            if kind is not Application.RETURN
        ),
    )


def left(life: Life, at: datetime) -> timedelta:
    """What the lead's clock has left at an instant, on its own clock."""
    case = life.now
    assert case.due is not None
    assert case.limit is not None
    return working_time.consumed(at, case.due, case.limit.clock, life.rules.calendar)


@given(clock=CLOCKS, spans=SPANS)
def test_rework_goes_on_with_what_was_left_at_the_feedback(
    clock: Clock, spans: list[timedelta]
) -> None:
    life = Life(book(clock)).run(*DISPATCHED)
    at = life.at + spans[0]
    life.act(CREWS[WATER], acts.FeedBack(), at=at)
    before = left(life, at)
    for actor, command, span in (
        (ACCEPTOR, acts.OrderCheck(), spans[1]),
        (INSPECTOR, FAILED, spans[2]),
    ):
        at += span
        life.act(actor, command, at=at)
    assert life.now.state is State.HANDLING
    assert left(life, at) == before


@given(clock=CLOCKS, spans=SPANS)
def test_a_clock_that_does_not_rest_while_checked_is_where_it_was(
    clock: Clock, spans: list[timedelta]
) -> None:
    life = Life(replace(book(clock), clock_rests_while_checked=False)).run(*DISPATCHED)
    due, at = life.now.due, life.at
    steps = ((CREWS[WATER], acts.FeedBack()), (ACCEPTOR, acts.OrderCheck()), (INSPECTOR, FAILED))
    for (actor, command), span in zip(steps, spans, strict=False):
        at += span
        life.act(actor, command, at=at)
    assert life.now.due == life.now.link_due == due


@given(clock=CLOCKS, spans=SPANS)
def test_a_return_to_the_same_unit_goes_on_with_what_was_left(
    clock: Clock, spans: list[timedelta]
) -> None:
    life = Life(book(clock)).run(*DISPATCHED)
    at = life.at + spans[0]
    life.act(CREWS[WATER], acts.SendBack(reason="not_ours"), at=at)
    before = left(life, at)
    at += spans[1]
    life.act(DISPATCHER, acts.DispatchCase(lead=WATER), at=at)
    assert left(life, at) == before


@given(clock=CLOCKS, spans=SPANS)
def test_a_suspension_takes_nothing_from_a_units_time(clock: Clock, spans: list[timedelta]) -> None:
    life = Life(book(clock)).run(*DISPATCHED)
    at = life.at + spans[0]
    asked = ApplyFor(kind=Application.SUSPENSION, reason="x", until=at + timedelta(days=90))
    life.act(CREWS[WATER], asked, at=at)
    before = left(life, at)
    for command, span in (
        (applications.ApproveApplication(), spans[1]),
        (applications.ResumeCase(), spans[2]),
    ):
        at += span
        life.act(LEADER, command, at=at)
    assert left(life, at) == before


@given(clock=CLOCKS, spans=SPANS)
def test_the_time_that_a_unit_has_is_its_limit_however_often_the_case_goes_away(
    clock: Clock, spans: list[timedelta]
) -> None:
    """Used at the unit, and left at last, are the limit together."""
    life = Life(book(clock)).run(*DISPATCHED)
    assert life.now.limit is not None
    calendar, at = life.rules.calendar, life.at
    whole, used = left(life, at), timedelta()
    for there, away in zip(spans[::2], spans[1::2], strict=True):
        used += working_time.consumed(at, at + there, clock, calendar)
        at += there
        life.act(CREWS[WATER], acts.FeedBack(), at=at)
        life.act(ACCEPTOR, acts.OrderCheck(), at=at + away / 2)
        at += away
        life.act(INSPECTOR, FAILED, at=at)
    assert used + left(life, at) == whole


@given(spans=SPANS, rests=st.booleans())
def test_on_time_is_whether_the_unit_kept_within_its_limit(
    spans: list[timedelta], rests: bool
) -> None:
    life = Life(replace(book(Clock.URGENT_HOUR), clock_rests_while_checked=rests))
    life.run(*DISPATCHED)
    dispatched = at = life.at
    used = timedelta()
    for there, away in ((spans[0], spans[1]), (spans[2], timedelta())):
        used += there
        at += there
        life.act(CREWS[WATER], acts.FeedBack(), at=at)
        handled = at
        life.act(ACCEPTOR, acts.OrderCheck(), at=at)
        at += away
        life.act(INSPECTOR, acts.CheckCase(passed=not away), at=at)
    life.act(LEADER, acts.CloseCase(), at=at)
    (*_, closed) = life.events
    assert isinstance(closed, acts.CaseClosed)
    spent = used if rests else handled - dispatched
    assert closed.on_time == (spent <= 24 * HOUR)


@given(minutes=st.integers(1, 59), away=SPANS)
def test_the_acceptors_clock_stands_while_orders_are_out(
    minutes: int, away: list[timedelta]
) -> None:
    life = Life().run(*DISPATCHED, (CREWS[WATER], acts.FeedBack()))
    assert life.now.link_due is not None
    at = life.at
    rest = life.now.link_due - at
    for span in away[:4]:
        at += timedelta(minutes=minutes)
        rest -= timedelta(minutes=minutes)
        life.act(ACCEPTOR, acts.OrderCheck(), at=at)
        at += span
        life.act(ACCEPTOR, acts.WithdrawOrder(), at=at)
        assert life.now.link_due == at + rest


@given(minutes=st.integers(1, 24 * 60), limit=st.integers(1, 48))
def test_the_time_to_accept_ends_at_the_deadline_at_the_latest(minutes: int, limit: int) -> None:
    accept = LinkLimit(state=State.DISPATCHED, limit=hours(limit))
    life = Life(replace(RULES, link_limits=(accept,))).run(*DISPATCHED)
    due, dispatched = life.now.due, life.at
    assert due is not None
    assert life.now.link_due == min(due, dispatched + limit * HOUR)
    life.act(CREWS[WATER], acts.AcceptWork(), at=dispatched + timedelta(minutes=minutes))
    assert life.now.link_due == due
