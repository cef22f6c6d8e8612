"""Clocks that rest and go on: the unit's own, and the acceptor's while an order is out.

A unit's clock rests while the case is away from it and goes on with what was left; another unit
starts anew (domain.md 2.7). A deadline that a record carries never moves.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from casework.acts import UnitClock
from casework.case import Assignment, Case
from casework.decider import Context
from casework.reporting import link_due, link_limit
from casework.rules import working_time
from casework.scheme import Clock
from casework.terms import AT_WORK, DeadlineBasis, State

_MS = timedelta(milliseconds=1)


def left_at(due: datetime, clock: Clock, context: Context) -> int:
    """Milliseconds on a limit's own clock until `due`; negative once it has passed."""
    return working_time.consumed(context.at, due, clock, context.rules.calendar) // _MS


def due_with(left: int, clock: Clock, context: Context) -> datetime:
    """When a clock that goes on now with `left` milliseconds ends, in UTC."""
    return working_time.due(context.at, left * _MS, clock, context.rules.calendar).at


def _moves(case: Case, assignment: Assignment) -> bool:
    return (
        case.limit is not None
        and assignment.due is not None
        and case.due_basis is DeadlineBasis.RULE
    )


def rested(
    case: Case, assignments: Iterable[Assignment], context: Context
) -> tuple[UnitClock, ...]:
    """The clocks of these assignments, standing from now on; those that stand are left out."""
    return tuple(
        UnitClock(unit=a.unit, due=a.due, left=left_at(a.due, case.limit.clock, context))
        for a in assignments
        if _moves(case, a) and a.left is None
        if a.due is not None and case.limit is not None
    )


def going_on(
    case: Case, assignments: Iterable[Assignment], context: Context
) -> tuple[UnitClock, ...]:
    """The clocks of these assignments that stand, going on from now with what was left."""
    return tuple(
        UnitClock(unit=a.unit, due=due_with(a.left, case.limit.clock, context))
        for a in assignments
        if a.left is not None and case.limit is not None
    )


def at_work(case: Case) -> list[Assignment]:
    """The assignments under way."""
    return [a for a in case.assignments if a.state in AT_WORK]


def units_due(case: Case, state: State, due: datetime | None, context: Context) -> datetime | None:
    """The clock of a link at the units. 待處置 ends with the time to accept, if the city sets one,
    or with the case's own deadline where that is sooner; 處置中 with the deadline, for which a
    limit of the link stands in."""
    limited = link_due(state, case, context)
    if state is State.DISPATCHED:
        return min(filter(None, (due, limited)), default=None)
    return due or limited


def lead_due(case: Case, clocks: tuple[UnitClock, ...]) -> datetime | None:
    """The case's own deadline once these clocks have moved."""
    lead = case.lead_assignment
    moved = [clock.due for clock in clocks if lead is not None and clock.unit == lead.unit]
    return moved[0] if moved else case.due


def acceptors_left(case: Case, context: Context) -> int | None:
    """What the acceptor's link has left while an order goes out: its clock stands (domain.md
    2.7). An order that replaces another keeps what the first one found."""
    if case.order is not None:
        return case.order.left
    limit = link_limit(case.state, case, context.rules)
    if limit is None or case.link_due is None:
        return None
    return left_at(case.link_due, limit.clock, context)


def acceptors_due(case: Case, state: State, context: Context) -> datetime | None:
    """The acceptor's clock when the order is over: it goes on with what was left."""
    limit = link_limit(state, case, context.rules)
    if case.order is None or case.order.left is None or limit is None:
        return link_due(state, case, context)
    return due_with(case.order.left, limit.clock, context)
