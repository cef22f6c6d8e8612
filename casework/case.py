"""案卷: the folded case, its decisions and its transitions.

The folded `Case` holds no texts and no timeline (≤ 1 KB encoded): those are fetched when a case is
opened. `decide` is the only place where a case's rules live; the console asks `allowed`.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from casework import acts
from casework.acts import ACTS, SENT_BACK_TO, Act, Handling, Step
from casework.decider import Actor, Command, Context, Decider, Event, Grant, Need, Recorded, Refused
from casework.rulebook import CaseClass, Condition, DeadlineStart, Limit, RuleBook
from casework.rules import working_time
from casework.rules.audience import Scope, covers
from casework.terms import (
    ENDED,
    AreaId,
    AssignmentState,
    CaseId,
    DeadlineBasis,
    GridCode,
    Kind,
    LogId,
    Point,
    ReceiptNumber,
    Role,
    Source,
    State,
    UnitId,
    Urgency,
    UserId,
)


class Assignment(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """(case × unit): its own state; a returned one is kept, so that the record stays whole."""

    unit: UnitId
    lead: bool = False
    state: AssignmentState = AssignmentState.OPEN
    since: datetime
    until: datetime | None = None


class Case(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A case as folded from its events. Times are aware UTC."""

    id: CaseId
    version: int = 0
    step: int = 0
    """Version of the last event that moved the case; older commands are stale."""
    state: State
    kind: Kind
    scheme: str
    scheme_version: str
    code: str
    name: str
    condition: str = ""
    source: Source
    urgency: Urgency = Urgency.NORMAL
    point: Point | None = None
    district: AreaId | None = None
    street: AreaId | None = None
    grid: GridCode | None = None
    reference: str = ""
    reporters: int = 1
    opened_at: datetime
    link_since: datetime
    link_due: datetime | None = None
    target: datetime | None = None
    handling: Handling = Handling.GENERAL
    limit: Limit | None = None
    due: datetime | None = None
    due_basis: DeadlineBasis = DeadlineBasis.NONE
    due_provisional: bool = False
    handled_at: datetime | None = None
    ended_at: datetime | None = None
    assignments: tuple[Assignment, ...] = ()
    inspector: UserId | None = None
    confirmed: bool | None = None
    filed_by: UserId | None = None
    rework: int = 0
    returns: int = 0
    notes: int = 0

    @property
    def ended(self) -> bool:
        """No clock runs any more."""
        return self.state in ENDED

    @property
    def lead(self) -> UnitId | None:
        """The unit that answers for the case now, or did when it ended."""
        for assignment in self.assignments:
            if assignment.lead and assignment.state is not AssignmentState.RETURNED:
                return assignment.unit
        return None

    @property
    def scope(self) -> Scope:
        """What decides who may see the case."""
        current = tuple(
            a.unit for a in self.assignments if a.state is not AssignmentState.RETURNED
        )
        return Scope(district=self.district, street=self.street, units=current)

    @property
    def widest_scope(self) -> Scope:
        """As `scope`, with the units that once had the case."""
        every = tuple(a.unit for a in self.assignments)
        return Scope(district=self.district, street=self.street, units=every)


def case_id(log: LogId, at: datetime, order: int, time_zone: str) -> CaseId:
    """案卷號 of the `order`-th case of the local day (our own form, domain.md 4)."""
    day = at.astimezone(ZoneInfo(time_zone))
    return CaseId(f"{log}-{day:%Y%m%d}-{order:05}")


def receipt_number(case: CaseId, reporter: int) -> ReceiptNumber:
    """回執號: digits only, so that it can be read out on the phone."""
    _, day, order = case.rsplit("-", 2)
    return ReceiptNumber(f"{day}{order}{reporter}")


# --- who may do what ---------------------------------------------------------------------------


def _holds(grant: Grant, role: Role, case: Case) -> bool:
    return grant.role is role and covers(grant, case.scope)


def _own_assignment(case: Case, actor: Actor) -> Assignment | None:
    units = {grant.unit for grant in actor.grants if grant.role is Role.UNIT}
    for assignment in case.assignments:
        if assignment.unit in units and assignment.state is AssignmentState.OPEN:
            return assignment
    return None


def _may(case: Case, act: Act, actor: Actor, role: Role) -> bool:
    if role not in act.roles or not any(_holds(grant, role, case) for grant in actor.grants):
        return False
    if act.command in (acts.VerifyReport, acts.CheckCase):
        return case.inspector in (None, actor.user)
    if role is Role.UNIT and act.to:
        return _own_assignment(case, actor) is not None
    return True


def allowed(case: Case, actor: Actor) -> tuple[tuple[Act, Role], ...]:
    """The acts this person may do on this case now, each with the role it would be done in."""
    found = []
    for act in ACTS:
        if case.state not in act.states:
            continue
        role = next((role for role in act.roles if _may(case, act, actor, role)), None)
        if role is not None:
            found.append((act, role))
    return tuple(found)


def _require(case: Case, command: Command, context: Context) -> None:
    """Refuse an act that the table does not allow, with the nearest reason."""
    same = [act for act in ACTS if isinstance(command, act.command)]
    here = [act for act in same if case.state in act.states]
    if not here:
        raise Refused("case.wrong_state", case=case.id, state=case.state)
    if any(_may(case, act, context.actor, context.role) for act in here):
        return
    if any(context.role in act.roles for act in here):
        raise Refused("case.not_yours", case=case.id, role=context.role)
    raise Refused("case.wrong_role", case=case.id, role=context.role)


# --- deciding ----------------------------------------------------------------------------------


def _link_due(state: State, context: Context) -> datetime | None:
    limit = context.rules.link_limit(state)
    if limit is None:
        return None
    return working_time.deadline(context.at, limit, context.rules.calendar).at


def _class_of(kind: Kind, code: str, rules: RuleBook) -> CaseClass:
    found = rules.case_class(kind, code)
    if found is None:
        raise Refused("case.unknown_class", kind=kind, code=code)
    return found


def _condition_of(of: CaseClass, wanted: str) -> Condition | None:
    if not wanted:
        return of.conditions[0] if of.conditions else None
    for condition in of.conditions:
        if condition.id == wanted:
            return condition
    raise Refused("case.unknown_condition", code=of.code, condition=wanted)


def _report(command: acts.ReportCase, context: Context) -> Sequence[Event]:
    if not any(
        grant.role is context.role and context.role in (Role.ACCEPTOR, Role.INSPECTOR)
        for grant in context.actor.grants
    ):
        raise Refused("case.wrong_role", role=context.role)
    of = _class_of(command.kind, command.code, context.rules)
    _condition_of(of, command.condition)
    place = context.facts.place
    if place.doubt:
        raise Refused(place.doubt)
    if command.target is not None and not context.practice:
        raise Refused("case.target_needs_practice")
    scheme = context.rules.scheme
    new = case_id(
        context.log, context.at, context.facts.order, context.rules.calendar.time_zone
    )
    return [
        acts.CaseReported(
            state=State.REGISTERED,
            link_due=_link_due(State.REGISTERED, context),
            case=new,
            receipt=receipt_number(new, 1),
            kind=command.kind,
            scheme=scheme.id,
            scheme_version=scheme.version,
            code=of.code,
            name=of.name,
            condition=command.condition,
            source=command.source,
            point=command.point,
            district=place.district or command.district,
            street=place.street or command.street,
            grid=place.grid,
            urgency=command.urgency,
            reference=command.reference,
            seal=context.facts.seal,
            target=command.target,
        )
    ]


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
        return _Deadline(due=case.due, basis=case.due_basis, provisional=case.due_provisional)
    if limit is None:
        return _NO_DEADLINE
    found = working_time.deadline(context.at, limit, context.rules.calendar)
    return _Deadline(due=found.at, basis=DeadlineBasis.RULE, provisional=found.provisional)


def _file(case: Case, command: acts.FileCase, context: Context) -> Sequence[Event]:
    of = _class_of(case.kind, case.code, context.rules)
    condition = _condition_of(of, command.condition or case.condition)
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
            link_due=_link_due(State.FILED, context),
            opinion=command.opinion,
            condition=condition.id if condition else "",
            handling=command.handling,
            limit=limit,
            due=deadline.due,
            due_basis=deadline.basis,
            due_provisional=deadline.provisional,
        )
    ]


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
        deadline = _Deadline(
            due=case.due, basis=case.due_basis, provisional=case.due_provisional
        )
    else:
        deadline = _deadline(case, case.limit, DeadlineStart.DISPATCHED, context)
    return [
        acts.CaseDispatched(
            state=State.DISPATCHED,
            link_due=deadline.due,
            opinion=command.opinion,
            lead=command.lead,
            joint=command.joint,
            due=deadline.due,
            due_basis=deadline.basis,
            due_provisional=deadline.provisional,
            calendar=context.rules.calendar.version,
        )
    ]


def _feed_back(case: Case, command: acts.FeedBack, context: Context) -> Sequence[Event]:
    own = _own_assignment(case, context.actor)
    assert own is not None  # `_require` has seen it
    waiting = [
        a for a in case.assignments if a.state is AssignmentState.OPEN and a.unit != own.unit
    ]
    state = State.DISPATCHED if waiting else State.FEEDBACK
    due = case.link_due if waiting else _link_due(State.FEEDBACK, context)
    return [
        acts.UnitFedBack(state=state, link_due=due, opinion=command.opinion, unit=own.unit)
    ]


def _send_back(case: Case, command: acts.SendBack, context: Context) -> Sequence[Event]:
    _, to = SENT_BACK_TO[case.state]
    _require_reason(command, context)
    unit = None
    if case.state is State.DISPATCHED:
        own = _own_assignment(case, context.actor)
        assert own is not None  # `_require` has seen it
        unit = own.unit
        if not own.lead:
            to = State.DISPATCHED
    rework = case.state is State.FEEDBACK
    due = case.due if to is State.DISPATCHED else _link_due(to, context)
    return [
        acts.CaseSentBack(
            state=to,
            link_due=due,
            opinion=command.opinion,
            reason=command.reason,
            unit=unit,
            rework=rework,
        )
    ]


def _require_reason(
    command: acts.SendBack | acts.DeclineCase | acts.CancelCase, context: Context
) -> None:
    known = context.rules.reasons_for(type(command).__name__)
    if known and command.reason not in known:
        raise Refused("case.unknown_reason", reason=command.reason)
    if not command.reason and not command.opinion.strip():
        raise Refused("case.reason_missing")


def _close(case: Case, command: acts.CloseCase, context: Context) -> Sequence[Event]:
    if case.filed_by == context.actor.user and not context.rules.same_person_may_file_and_close:
        raise Refused("case.filer_may_not_close", case=case.id)
    on_time = None
    if case.due is not None and case.handled_at is not None:
        on_time = case.handled_at <= case.due
    return [acts.CaseClosed(state=State.CLOSED, opinion=command.opinion, on_time=on_time)]


def _check(case: Case, command: acts.CheckCase, context: Context) -> Sequence[Event]:
    state = State.PENDING_CLOSE if command.passed else State.DISPATCHED
    due = _link_due(state, context) if command.passed else case.due
    return [
        acts.CaseChecked(
            state=state, link_due=due, opinion=command.opinion, passed=command.passed
        )
    ]


def _simple(case: Case, command: Command, context: Context) -> Sequence[Event]:
    """The acts whose only rule is the table."""

    def step(state: State) -> dict[str, Any]:
        return {
            "state": state,
            "link_due": _link_due(state, context),
            "opinion": getattr(command, "opinion", ""),
        }

    match command:
        case acts.OrderVerification(inspector=inspector):
            return [acts.VerificationOrdered(**step(State.VERIFYING), inspector=inspector)]
        case acts.VerifyReport(confirmed=confirmed):
            return [acts.ReportVerified(**step(State.REGISTERED), confirmed=confirmed)]
        case acts.PassForFiling():
            return [acts.ReportPassed(**step(State.PREFILED))]
        case acts.OrderCheck(inspector=inspector):
            return [acts.CheckOrdered(**step(State.CHECKING), inspector=inspector)]
        case acts.DeclineCase(reason=reason):
            _require_reason(command, context)
            return [acts.CaseDeclined(**step(State.NOT_FILED), reason=reason)]
        case acts.CancelCase(reason=reason):
            _require_reason(command, context)
            return [acts.CaseCancelled(**step(State.CANCELLED), reason=reason)]
        case acts.AddNote(opinion=opinion):
            return [acts.NoteAdded(opinion=opinion)]
        case acts.ShowContact():
            return [acts.ContactShown()]
        case _:
            raise TypeError(command)


_OWN_RULES: dict[type[Command], Any] = {
    acts.FileCase: _file,
    acts.DispatchCase: _dispatch,
    acts.FeedBack: _feed_back,
    acts.SendBack: _send_back,
    acts.CheckCase: _check,
    acts.CloseCase: _close,
}


def decide(case: Case | None, command: Command, context: Context) -> Sequence[Event]:
    """The events that `command` earns.

    Raises:
        Refused: `case.wrong_state`, `case.wrong_role`, `case.not_yours`, `case.unknown_class`,
            `case.unknown_condition`, `case.no_extended_limit`, `case.unknown_unit`,
            `case.unit_twice`, `case.unknown_reason`, `case.reason_missing`,
            `case.filer_may_not_close`, `case.target_needs_practice`, `case.not_found`, or a
            `place.*` doubt about where it is.
    """
    if isinstance(command, acts.ReportCase):
        return _report(command, context)
    if case is None:
        raise Refused("case.not_found")
    _require(case, command, context)
    return _OWN_RULES.get(type(command), _simple)(case, command, context)  # type: ignore[no-any-return]  # the table's values take (case, their own command, context)


# --- evolving ----------------------------------------------------------------------------------


def _opened(event: acts.CaseReported, recorded: Recorded) -> Case:
    return Case(
        id=event.case,
        state=event.state,
        kind=event.kind,
        scheme=event.scheme,
        scheme_version=event.scheme_version,
        code=event.code,
        name=event.name,
        condition=event.condition,
        source=event.source,
        urgency=event.urgency,
        point=event.point,
        district=event.district,
        street=event.street,
        grid=event.grid,
        reference=event.reference,
        opened_at=recorded.at,
        link_since=recorded.at,
        target=event.target,
        due=event.target,
        due_basis=DeadlineBasis.RECORD if event.target else DeadlineBasis.NONE,
    )


def _settle(
    case: Case, unit: UnitId | None, state: AssignmentState, at: datetime
) -> tuple[Assignment, ...]:
    """Assignments with the open one of `unit` (of all units, if None) put in `state`."""
    return tuple(
        replace(a, state=state, until=at)
        if a.state is AssignmentState.OPEN and unit in (None, a.unit)
        else a
        for a in case.assignments
    )


def _reopened(case: Case, at: datetime) -> tuple[Assignment, ...]:
    """返工 goes to the same units."""
    return tuple(
        replace(a, state=AssignmentState.OPEN, since=at, until=None)
        if a.state is AssignmentState.DONE
        else a
        for a in case.assignments
    )


def _after(case: Case, event: Event, recorded: Recorded) -> dict[str, Any]:
    """Fields that change beside those every step changes."""
    at = recorded.at
    match event:
        case acts.VerificationOrdered() | acts.CheckOrdered():
            return {"inspector": event.inspector}
        case acts.ReportVerified():
            return {"confirmed": event.confirmed, "inspector": None}
        case acts.CaseFiled():
            return {
                "condition": event.condition,
                "handling": event.handling,
                "limit": event.limit,
                "due": event.due,
                "due_basis": event.due_basis,
                "due_provisional": event.due_provisional,
                "filed_by": recorded.actor,
            }
        case acts.CaseDispatched():
            added = tuple(
                Assignment(unit=unit, lead=unit == event.lead, since=at)
                for unit in (event.lead, *event.joint)
            )
            return {
                "assignments": case.assignments + added,
                "due": event.due,
                "due_basis": event.due_basis,
                "due_provisional": event.due_provisional,
            }
        case acts.UnitFedBack():
            done = _settle(case, event.unit, AssignmentState.DONE, at)
            return {
                "assignments": done,
                "handled_at": at if event.state is State.FEEDBACK else None,
            }
        case acts.CaseChecked(passed=False):
            return {
                "assignments": _reopened(case, at),
                "rework": case.rework + 1,
                "handled_at": None,
                "inspector": None,
            }
        case acts.CaseSentBack():
            return _sent_back(case, event, at)
        case acts.CaseClosed() | acts.CaseDeclined() | acts.CaseCancelled():
            return {"ended_at": at}
        case _:
            return {}


def _sent_back(case: Case, event: acts.CaseSentBack, at: datetime) -> dict[str, Any]:
    changes: dict[str, Any] = {"returns": case.returns + 1}
    if event.rework:
        changes["rework"] = case.rework + 1
        changes["handled_at"] = None
        changes["assignments"] = _reopened(case, at)
    elif event.unit is not None:
        # a lead's return takes the joint units' open work back with it
        unit = event.unit if event.state is State.DISPATCHED else None
        changes["assignments"] = _settle(case, unit, AssignmentState.RETURNED, at)
    return changes


def evolve(case: Case | None, recorded: Recorded) -> Case | None:
    """The case after `recorded`; an unknown event changes nothing but the version."""
    event = recorded.event
    if isinstance(event, acts.CaseReported):
        case = _opened(event, recorded)
    if case is None:
        return None
    if not isinstance(event, Step):
        notes = case.notes + isinstance(event, acts.NoteAdded)
        return replace(case, version=recorded.version, notes=notes)
    return replace(
        case,
        version=recorded.version,
        step=recorded.version,
        state=event.state,
        link_since=recorded.at,
        link_due=event.link_due,
        **_after(case, event, recorded),
    )


def _opens(command: Command, context: Context) -> str:
    if not isinstance(command, acts.ReportCase):
        raise Refused("case.not_found")
    zone = context.rules.calendar.time_zone
    return case_id(context.log, context.at, context.facts.order, zone)


def _needs(command: Command) -> frozenset[str]:
    if isinstance(command, acts.ReportCase):
        return frozenset({Need.ORDER, Need.PLACE})
    return frozenset()


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
)

DECIDER = Decider(
    prefix="case",
    state=Case,
    commands=tuple(dict.fromkeys(act.command for act in ACTS)),
    events=_EVENTS,
    decide=decide,
    evolve=evolve,
    opens=_opens,
    needs=_needs,
)

EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)


def urgency_key(case: Case) -> tuple[int, datetime, CaseId]:
    """Sort key, most urgent first: 特急, 緊急, 一般; then the present link's clock; then the id.

    A case without a clock (視情況定) sorts after all that have one.
    """
    rank = {Urgency.CRITICAL: 0, Urgency.URGENT: 1, Urgency.NORMAL: 2}[case.urgency]
    due = case.link_due or case.due or datetime.max.replace(tzinfo=UTC)
    return rank, due, case.id


def encode(case: Case) -> bytes:
    """A case as stored in its state row."""
    return msgspec.json.encode(case)
