"""At the units: dispatch, acceptance, passing down, feedback, returns (domain.md 2.4-2.7)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from msgspec.structs import replace

from casework import acts
from casework.acts import UnitClock
from casework.case import Assignment, Case, own_assignment, passed_down
from casework.decider import Context, Event, Refused
from casework.deciding.clocks import at_work, due_with, going_on, lead_due, rested, units_due
from casework.deciding.intake import NO_DEADLINE, Deadline, deadline
from casework.deciding.table import require_reason
from casework.links import SENT_BACK_TO
from casework.reporting import link_due
from casework.rulebook import DeadlineStart, ReasonedAct
from casework.rules import working_time
from casework.rules.centres import reaches
from casework.terms import AT_WORK, Application, AssignmentState, DeadlineBasis, State, UnitId

_MS = timedelta(milliseconds=1)


def dispatch(case: Case, command: acts.DispatchCase, context: Context) -> Sequence[Event]:
    """派遣. Raises: Refused: `case.unit_twice`, `case.unknown_unit`,
    `case.unit_of_other_centre`."""
    units = (command.lead, *command.joint)
    if len(set(units)) != len(units):
        raise Refused("case.unit_twice", case=case.id)
    for unit in units:
        known = context.rules.unit(unit)
        if known is None:
            raise Refused("case.unknown_unit", unit=unit)
        if not reaches(context.rules, case.centre, known):
            raise Refused("case.unit_of_other_centre", unit=unit)
    counted = _dispatch_deadline(case, command.lead, context)
    return [
        acts.CaseDispatched(
            state=State.DISPATCHED,
            link_due=units_due(case, State.DISPATCHED, counted.due, context),
            opinion=command.opinion,
            lead=command.lead,
            joint=command.joint,
            due=counted.due,
            due_basis=counted.basis,
            due_provisional=counted.provisional,
            calendar=context.rules.calendar.version,
        )
    ]


def _dispatch_deadline(case: Case, lead: UnitId, context: Context) -> Deadline:
    """Dispatch back to the same unit goes on with what its clock had left (domain.md 2.7), also
    where it had passed the work down."""
    previous = next((a for a in reversed(case.assignments) if a.lead), None)
    same = previous is not None and lead in (previous.unit, *previous.via)
    if previous is None or not same or case.due is None:
        if context.rules.deadline_start is DeadlineStart.ACCEPTED and case.target is None:
            return NO_DEADLINE  # another unit starts anew, when it accepts
        return deadline(case, case.limit, DeadlineStart.DISPATCHED, context)
    due = case.due
    if previous.left is not None and case.limit is not None:
        due = due_with(previous.left, case.limit.clock, context)
    return Deadline(due=due, basis=case.due_basis, provisional=case.due_provisional)


def hand_over(case: Case, command: acts.HandOver, context: Context) -> Sequence[Event]:
    """移交. Raises: Refused: `case.unknown_centre`, `case.same_centre` and those of reasons."""
    require_reason(ReasonedAct.HAND_OVER, command.reason, command.opinion, context)
    if context.rules.centre(command.to) is None:
        raise Refused("case.unknown_centre", centre=command.to)
    if command.to == case.centre:
        raise Refused("case.same_centre", centre=command.to)
    return [
        acts.CaseHandedOver(
            state=State.FILED,
            link_due=link_due(State.FILED, case, context),
            opinion=command.opinion,
            centre=case.centre,
            to=command.to,
            reason=command.reason,
        )
    ]


def _own(case: Case, context: Context) -> Assignment:
    own = own_assignment(case, context.actor)
    assert own is not None  # the table has seen it
    return own


def accept(case: Case, command: acts.AcceptWork, context: Context) -> Sequence[Event]:
    """接單. The case is 處置中 once its lead has accepted."""
    own = _own(case, context)
    state = State.HANDLING if own.lead else case.state
    start = _started_now(case, own, context)
    due = (
        units_due(case, state, lead_due(case, start.clocks), context) if own.lead else case.link_due
    )
    return [
        acts.WorkAccepted(
            state=state,
            link_due=due,
            opinion=command.opinion,
            unit=own.unit,
            clocks=start.clocks,
            due_basis=start.basis if own.lead else None,
            due_provisional=start.provisional,
        )
    ]


class _Start(NamedTuple):
    """A unit's clock that starts with what it does now, if one does."""

    clocks: tuple[UnitClock, ...] = ()
    basis: DeadlineBasis | None = None
    provisional: bool = False


def _started_now(case: Case, own: Assignment, context: Context) -> _Start:
    """Where the limit runs from the acceptance, the first that the unit does of it."""
    starts = context.rules.deadline_start is DeadlineStart.ACCEPTED
    if not starts or case.target is not None or own.due is not None or case.limit is None:
        return _Start()
    found = working_time.deadline(context.at, case.limit, context.rules.calendar)
    clocks = (UnitClock(unit=own.unit, due=found.at),)
    return _Start(clocks, DeadlineBasis.RULE, found.provisional)


def pass_down(case: Case, command: acts.PassDown, context: Context) -> Sequence[Event]:
    """下派. Raises: Refused: `case.unknown_unit`, `case.not_below`, `case.unit_twice`."""
    own = _own(case, context)
    below = context.rules.unit(command.to)
    if below is None:
        raise Refused("case.unknown_unit", unit=command.to)
    if below.parent != own.unit:
        raise Refused("case.not_below", unit=command.to, of=own.unit)
    if any(a.unit == command.to for a in case.assignments if a.state is not RETURNED):
        raise Refused("case.unit_twice", case=case.id)
    state = State.DISPATCHED if own.lead else case.state
    due = units_due(case, state, case.due, context) if own.lead else case.link_due
    return [
        acts.WorkPassed(
            state=state, link_due=due, opinion=command.opinion, unit=own.unit, to=command.to
        )
    ]


def pull_back(case: Case, command: acts.PullBack, context: Context) -> Sequence[Event]:
    """收回下派: the unit above works on it again; the clock runs on as it is."""
    below = passed_down(case, context.actor)
    assert below is not None  # the table has seen it
    return [
        acts.WorkPassed(
            state=case.state,
            link_due=case.link_due,
            opinion=command.opinion,
            unit=below.unit,
            to=below.via[-1],
            back=True,
        )
    ]


RETURNED = AssignmentState.RETURNED


def left_by(
    case: Case, unit: UnitId, context: Context, *, returned: bool = False
) -> tuple[State, datetime | None]:
    """Where a case stands, until when, once `unit` is done with it: the others may be at work.
    A joint unit that goes changes nothing while the lead is at work."""
    others = [a for a in at_work(case) if a.unit != unit]
    if not others:
        return State.FEEDBACK, link_due(State.FEEDBACK, case, context)
    if returned or any(a.lead for a in others):
        return case.state, case.link_due
    if case.state is State.DISPATCHED and any(a.state is AssignmentState.HANDLING for a in others):
        return State.HANDLING, units_due(case, State.HANDLING, case.due, context)
    return case.state, case.link_due


def feed_back(case: Case, command: acts.FeedBack, context: Context) -> Sequence[Event]:
    """反饋 by a unit for its own assignment; an application that waits falls away, so that a clock
    that stood for it goes on. Who had not accepted does so by feeding back."""
    own = _own(case, context)
    state, due = left_by(case, own.unit, context)
    start = _started_now(case, own, context)
    clocks = _done_with(case, own, start, context)
    if own.lead and clocks and state is not State.FEEDBACK:
        due = _moved_on(case, state, due, lead_due(case, clocks))
    return [
        acts.UnitFedBack(
            state=state,
            link_due=due,
            opinion=command.opinion,
            unit=own.unit,
            clocks=clocks,
            due_basis=start.basis if own.lead else None,
            due_provisional=start.provisional,
        )
    ]


def _moved_on(
    case: Case, state: State, due: datetime | None, moved: datetime | None
) -> datetime | None:
    """The link's clock once the case's own has started, or gone on, under the units that are still
    at work: a time to accept that ends sooner stands."""
    if state is State.DISPATCHED and due != case.due:
        return min(filter(None, (due, moved)), default=None)
    return moved or due


def _done_with(
    case: Case, own: Assignment, start: _Start, context: Context
) -> tuple[UnitClock, ...]:
    """The clock of who is done: it rests while the work is checked, where the city says so."""
    clocks = start.clocks or going_on(case, [own], context)
    if not context.rules.clock_rests_while_checked:
        return clocks
    if start.clocks and case.limit is not None:
        whole = working_time.amount(case.limit, context.rules.calendar) // _MS
        return tuple(replace(clock, left=whole) for clock in clocks)
    return tuple(replace(c, left=own.left) for c in clocks) or rested(case, [own], context)


def send_back(case: Case, command: acts.SendBack, context: Context) -> Sequence[Event]:
    """回退. Raises: Refused: `case.cannot_send_back_there`, `case.return_by_application` and those
    of reasons."""
    require_reason(ReasonedAct.SEND_BACK, command.reason, command.opinion, context)
    _, ways = SENT_BACK_TO[case.state]
    to = command.to or ways[0]
    if to not in ways:
        raise Refused("case.cannot_send_back_there", to=to)
    if case.state in (State.DISPATCHED, State.HANDLING):
        return _returned(case, command, context)
    rework = to is State.HANDLING
    clocks = reworked(case, context) if rework else ()
    due = (
        units_due(case, to, lead_due(case, clocks), context)
        if rework
        else link_due(to, case, context)
    )
    return [
        acts.CaseSentBack(
            state=to,
            link_due=due,
            opinion=command.opinion,
            reason=command.reason,
            rework=rework,
            clocks=clocks,
        )
    ]


def reworked(case: Case, context: Context) -> tuple[UnitClock, ...]:
    """返工 goes to the same units, whose clocks go on."""
    done = (a for a in case.assignments if a.state is AssignmentState.DONE)
    return going_on(case, done, context)


def _returned(case: Case, command: acts.SendBack, context: Context) -> Sequence[Event]:
    own = _own(case, context)
    if own.via:
        return [_passed_up(case, own, command, context)]
    if context.rules.application(Application.RETURN) is not None:
        raise Refused("case.return_by_application", case=case.id)
    if own.lead:
        state, due = State.FILED, link_due(State.FILED, case, context)
    else:
        state, due = left_by(case, own.unit, context, returned=True)
    return [
        acts.CaseSentBack(
            state=state,
            link_due=due,
            opinion=command.opinion,
            reason=command.reason,
            unit=own.unit,
            clocks=rested(case, at_work(case) if own.lead else [own], context),
        )
    ]


def _passed_up(case: Case, own: Assignment, command: acts.SendBack, context: Context) -> Event:
    """What was passed down goes back to the unit above, not to the centre."""
    return acts.WorkPassed(
        state=case.state,
        link_due=case.link_due,
        opinion=command.opinion,
        unit=own.unit,
        to=own.via[-1],
        back=True,
        reason=command.reason,
    )


def withdraw(case: Case, command: acts.WithdrawDispatch, context: Context) -> Sequence[Event]:
    """撤回派遣: the round ends; the units' clocks stand where they are."""
    require_reason(ReasonedAct.WITHDRAW, command.reason, command.opinion, context)
    units = [a for a in case.assignments if a.state in AT_WORK]
    return [
        acts.DispatchWithdrawn(
            state=State.FILED,
            link_due=link_due(State.FILED, case, context),
            opinion=command.opinion,
            reason=command.reason,
            clocks=rested(case, units, context),
        )
    ]
