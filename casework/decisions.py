"""Every rule of a case's life: which events a command earns, or why it is refused.

Who may act when stands in `casework.life.ACTS`; here is what each act does beyond that. The
deadline of domain.md 9 is counted by `casework.rules.working_time`.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from msgspec import Struct

from casework import acts, photos
from casework.acts import Handling
from casework.case import Case, evolve, may, own_assignment
from casework.decider import Command, Context, Decider, Event, Need, Refused
from casework.importing import import_case, numbered_at
from casework.life import ACTS, SENT_BACK_TO
from casework.old_cases import CaseImported, ImportCase
from casework.reporting import case_id, class_of, condition_of, link_due, report
from casework.rulebook import DeadlineStart, Limit, ReasonedAct
from casework.rules import working_time
from casework.terms import (
    AssignmentState,
    DeadlineBasis,
    State,
    UnitId,
)


def _require(case: Case, command: Command, context: Context) -> None:
    """Refuse an act that the table does not allow, with the nearest reason."""
    same = [act for act in ACTS if isinstance(command, act.command)]
    here = [act for act in same if case.state in act.states]
    if not here:
        raise Refused("case.wrong_state", case=case.id, state=case.state)
    if any(may(case, act, context.actor, context.role) for act in here):
        return
    if any(context.role in act.roles for act in here):
        raise Refused("case.not_yours", case=case.id, role=context.role)
    raise Refused("case.wrong_role", case=case.id, role=context.role)


class _Deadline(Struct, frozen=True, kw_only=True):
    due: datetime | None
    basis: DeadlineBasis
    provisional: bool = False


_NO_DEADLINE = _Deadline(due=None, basis=DeadlineBasis.NONE)


def _deadline(case: Case, limit: Limit | None, start: DeadlineStart, context: Context) -> _Deadline:
    """The case's own deadline as it stands after the act at `start`."""
    if case.target is not None:
        return _Deadline(due=case.target, basis=DeadlineBasis.RECORD)
    if start is not context.rules.deadline_start:
        if limit != case.limit:
            return _NO_DEADLINE  # filed anew with another limit: the dispatch counts it
        return _Deadline(due=case.due, basis=case.due_basis, provisional=case.due_provisional)
    if limit is None:
        return _NO_DEADLINE
    found = working_time.deadline(context.at, limit, context.rules.calendar)
    return _Deadline(due=found.at, basis=DeadlineBasis.RULE, provisional=found.provisional)


def _file(case: Case, command: acts.FileCase, context: Context) -> Sequence[Event]:
    of = class_of(case.kind, case.code, context.rules)
    condition = condition_of(of, command.condition or case.condition)
    limit = None
    if condition is not None:
        general = command.handling is Handling.GENERAL
        limit = condition.general if general else condition.extended
        if limit is None and not general:
            raise Refused("case.no_extended_limit", code=of.code)
    deadline = _deadline(case, limit, DeadlineStart.FILED, context)
    return [
        acts.CaseFiled(
            state=State.FILED,
            link_due=link_due(State.FILED, context),
            opinion=command.opinion,
            condition=condition.id if condition else "",
            handling=command.handling,
            limit=limit,
            due=deadline.due,
            due_basis=deadline.basis,
            due_provisional=deadline.provisional,
        )
    ]


def _unit_due(due: datetime | None, context: Context) -> datetime | None:
    """待處置 goes by the case's own deadline; a limit of the link stands in where it has none."""
    return due or link_due(State.DISPATCHED, context)


def _dispatch(case: Case, command: acts.DispatchCase, context: Context) -> Sequence[Event]:
    units = (command.lead, *command.joint)
    if len(set(units)) != len(units):
        raise Refused("case.unit_twice", case=case.id)
    for unit in units:
        if context.rules.unit(unit) is None:
            raise Refused("case.unknown_unit", unit=unit)
    previous = next((a.unit for a in reversed(case.assignments) if a.lead), None)
    if previous == command.lead and case.due is not None:
        # domain.md 2.7: dispatch back to the same unit does not start its clock anew
        deadline = _Deadline(due=case.due, basis=case.due_basis, provisional=case.due_provisional)
    else:
        deadline = _deadline(case, case.limit, DeadlineStart.DISPATCHED, context)
    return [
        acts.CaseDispatched(
            state=State.DISPATCHED,
            link_due=_unit_due(deadline.due, context),
            opinion=command.opinion,
            lead=command.lead,
            joint=command.joint,
            due=deadline.due,
            due_basis=deadline.basis,
            due_provisional=deadline.provisional,
            calendar=context.rules.calendar.version,
        )
    ]


def _left_by(case: Case, unit: UnitId, context: Context) -> tuple[State, datetime | None]:
    """Where a case stands, until when, once `unit` is done with it: the others may be at work."""
    if any(a.state is AssignmentState.OPEN and a.unit != unit for a in case.assignments):
        return State.DISPATCHED, case.link_due
    return State.FEEDBACK, link_due(State.FEEDBACK, context)


def _feed_back(case: Case, command: acts.FeedBack, context: Context) -> Sequence[Event]:
    own = own_assignment(case, context.actor)
    assert own is not None  # `_require` has seen it
    state, due = _left_by(case, own.unit, context)
    return [acts.UnitFedBack(state=state, link_due=due, opinion=command.opinion, unit=own.unit)]


def _send_back(case: Case, command: acts.SendBack, context: Context) -> Sequence[Event]:
    _require_reason(ReasonedAct.SEND_BACK, command, context)
    _, to = SENT_BACK_TO[case.state]
    due = _unit_due(case.due, context) if to is State.DISPATCHED else link_due(to, context)
    unit = None
    if case.state is State.DISPATCHED:
        own = own_assignment(case, context.actor)
        assert own is not None  # `_require` has seen it
        unit = own.unit
        if not own.lead:
            to, due = _left_by(case, unit, context)
    return [
        acts.CaseSentBack(
            state=to,
            link_due=due,
            opinion=command.opinion,
            reason=command.reason,
            unit=unit,
            rework=case.state is State.FEEDBACK,
        )
    ]


def _require_reason(
    act: ReasonedAct,
    command: acts.SendBack | acts.DeclineCase | acts.CancelCase,
    context: Context,
) -> None:
    known = context.rules.reasons_for(act)
    written = bool(command.opinion.strip()) and not known
    if not command.reason.strip() and not written:
        raise Refused("case.reason_missing")
    if known and command.reason not in known:
        raise Refused("case.unknown_reason", reason=command.reason)


def _close(case: Case, command: acts.CloseCase, context: Context) -> Sequence[Event]:
    if case.filed_by == context.actor.user and not context.rules.same_person_may_file_and_close:
        raise Refused("case.filer_may_not_close", case=case.id)
    on_time = None
    if case.due is not None and case.handled_at is not None:
        on_time = case.handled_at <= case.due
    return [acts.CaseClosed(state=State.CLOSED, opinion=command.opinion, on_time=on_time)]


def _check(case: Case, command: acts.CheckCase, context: Context) -> Sequence[Event]:
    state = State.PENDING_CLOSE if command.passed else State.DISPATCHED
    due = link_due(state, context) if command.passed else _unit_due(case.due, context)
    return [
        acts.CaseChecked(state=state, link_due=due, opinion=command.opinion, passed=command.passed)
    ]


class _Plain(NamedTuple):
    """An act whose only rule is the table: the event it makes and where that leads."""

    event: type[acts.Step]
    state: State
    carries: tuple[str, ...] = ()
    """Fields that the command hands to the event as they are."""


_PLAIN: dict[type[Command], _Plain] = {
    acts.OrderVerification: _Plain(acts.VerificationOrdered, State.VERIFYING, ("inspector",)),
    acts.VerifyReport: _Plain(acts.ReportVerified, State.REGISTERED, ("confirmed",)),
    acts.PassForFiling: _Plain(acts.ReportPassed, State.PREFILED),
    acts.OrderCheck: _Plain(acts.CheckOrdered, State.CHECKING, ("inspector",)),
}


def _plain(case: Case, command: Any, context: Context) -> Sequence[Event]:
    to = _PLAIN[type(command)]
    carried = {name: getattr(command, name) for name in to.carries}
    due = link_due(to.state, context)
    return [to.event(state=to.state, link_due=due, opinion=command.opinion, **carried)]


def _decline(case: Case, command: acts.DeclineCase, context: Context) -> Sequence[Event]:
    _require_reason(ReasonedAct.DECLINE, command, context)
    return [
        acts.CaseDeclined(state=State.NOT_FILED, opinion=command.opinion, reason=command.reason)
    ]


def _cancel(case: Case, command: acts.CancelCase, context: Context) -> Sequence[Event]:
    _require_reason(ReasonedAct.CANCEL, command, context)
    return [
        acts.CaseCancelled(state=State.CANCELLED, opinion=command.opinion, reason=command.reason)
    ]


def _note(case: Case, command: acts.AddNote, context: Context) -> Sequence[Event]:
    return [acts.NoteAdded(opinion=command.opinion)]


def _show_contact(case: Case, command: acts.ShowContact, context: Context) -> Sequence[Event]:
    return [acts.ContactShown()]


def _attach(case: Case, command: photos.AttachPhoto, context: Context) -> Sequence[Event]:
    return photos.attach(case.id, case.photos, command, context)


_RULES: dict[type[Command], Callable[[Case, Any, Context], Sequence[Event]]] = {
    **dict.fromkeys(_PLAIN, _plain),
    acts.FileCase: _file,
    acts.DeclineCase: _decline,
    acts.DispatchCase: _dispatch,
    acts.FeedBack: _feed_back,
    acts.SendBack: _send_back,
    acts.CheckCase: _check,
    acts.CloseCase: _close,
    acts.CancelCase: _cancel,
    acts.AddNote: _note,
    acts.ShowContact: _show_contact,
    photos.AttachPhoto: _attach,
}


def decide(case: Case | None, command: Command, context: Context) -> Sequence[Event]:
    """The events that `command` earns.

    Raises:
        Refused: `case.wrong_state`, `case.wrong_role`, `case.not_yours`, `case.unknown_class`,
            `case.unknown_condition`, `case.no_extended_limit`, `case.unknown_unit`,
            `case.unit_twice`, `case.unknown_reason`, `case.reason_missing`,
            `case.filer_may_not_close`, `case.target_needs_practice`, `case.target_beyond_time`,
            `case.unknown_area`, `case.not_found`, `grid.bad_code`, a `place.*` doubt about where it
            is, `component.not_found`, `component.other_class`, `photo.*` (`casework.photos`), or
            what `importing.import_case` refuses.
    """
    if isinstance(command, acts.ReportCase):
        return report(command, context)
    if isinstance(command, ImportCase):
        return import_case(command, context)
    if case is None:
        raise Refused("case.not_found")
    _require(case, command, context)
    return _RULES[type(command)](case, command, context)


def _opens(command: Command, context: Context) -> str:
    if not isinstance(command, acts.ReportCase | ImportCase):
        raise Refused("case.not_found")
    at = numbered_at(command) if isinstance(command, ImportCase) else context.at
    zone = context.rules.calendar.time_zone
    return case_id(context.log, at, context.facts.order, zone)


def _needs(command: Command) -> frozenset[str]:
    if isinstance(command, acts.ReportCase):
        named = {Need.COMPONENT} if command.component is not None else set()
        return frozenset({Need.ORDER, Need.PLACE, *named})
    if isinstance(command, ImportCase):
        return frozenset({Need.ORDER, Need.PLACE, Need.IMPORTED})
    return frozenset({Need.BLOBS}) if isinstance(command, photos.AttachPhoto) else frozenset()


_EVENTS: tuple[type[Event], ...] = (
    acts.CaseReported,
    acts.VerificationOrdered,
    acts.ReportVerified,
    acts.ReportPassed,
    acts.CaseFiled,
    acts.CaseDeclined,
    acts.CaseDispatched,
    acts.UnitFedBack,
    acts.CheckOrdered,
    acts.CaseChecked,
    acts.CaseClosed,
    acts.CaseSentBack,
    acts.CaseCancelled,
    acts.NoteAdded,
    acts.ContactShown,
    photos.PhotoAttached,
    CaseImported,
)

DECIDER = Decider(
    prefix="case",
    state=Case,
    commands=(*dict.fromkeys(act.command for act in ACTS), ImportCase),
    events=_EVENTS,
    decide=decide,
    evolve=evolve,
    opens=_opens,
    needs=_needs,
)
