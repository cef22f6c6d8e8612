"""(case × unit): how the assignments of a case change together."""

from collections.abc import Callable, Iterable
from datetime import datetime

from msgspec.structs import replace

from casework.acts import UnitClock
from casework.case import Assignment, Case
from casework.terms import AT_WORK, AssignmentState, UnitId


def where(
    case: Case, unit: UnitId | None, change: Callable[[Assignment], Assignment]
) -> tuple[Assignment, ...]:
    """The assignments, the one under way of `unit` (None: each of them) changed."""
    return tuple(
        change(a) if a.state in AT_WORK and unit in (None, a.unit) else a for a in case.assignments
    )


def settled(
    case: Case, unit: UnitId, state: AssignmentState, at: datetime
) -> tuple[Assignment, ...]:
    """The unit's assignment put in an end state; an application that waited falls away."""
    return where(case, unit, lambda a: replace(a, state=state, until=at, waiting=None))


def all_returned(case: Case, at: datetime) -> tuple[Assignment, ...]:
    """A lead's return ends the round: the joint units' work, open or done, goes back with it, so
    that a later rework opens nothing of this round."""
    returned = AssignmentState.RETURNED
    return tuple(
        replace(a, state=returned, until=a.until or at, waiting=None) for a in case.assignments
    )


def redone(case: Case, at: datetime) -> tuple[Assignment, ...]:
    """返工 goes to the same units, which have accepted it once."""
    return tuple(
        replace(a, state=AssignmentState.HANDLING, since=at, until=None)
        if a.state is AssignmentState.DONE
        else a
        for a in case.assignments
    )


def decided(case: Case, unit: UnitId | None) -> tuple[Assignment, ...]:
    """The unit's application, or (None) all of them, waits no longer."""
    return where(case, unit, lambda a: replace(a, waiting=None))


def clocked(
    assignments: Iterable[Assignment], clocks: tuple[UnitClock, ...]
) -> tuple[Assignment, ...]:
    """These units' clocks as an event says that they run, or stand, from now on."""
    moved = {clock.unit: clock for clock in clocks}
    return tuple(
        replace(a, due=moved[a.unit].due, left=moved[a.unit].left) if a.unit in moved else a
        for a in assignments
    )
