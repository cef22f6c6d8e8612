"""案卷: the folded case, who may do what with it, and its transitions.

The folded `Case` holds no texts and no timeline (≤ 1 KB encoded): those are fetched when a case is
opened. `evolve` holds no rules (`casework.decisions` does); the console asks `allowed`.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from casework import acts
from casework.acts import Handling, Step
from casework.decider import Actor, Event, Grant, Recorded
from casework.life import ACTS, Act
from casework.old_cases import CaseImported
from casework.photos import PhotoAttached
from casework.rulebook import Limit
from casework.rules.audience import Scope, covers
from casework.terms import (
    ENDED,
    AreaId,
    AssignmentState,
    CaseId,
    ComponentId,
    DeadlineBasis,
    GridCode,
    Kind,
    Point,
    Role,
    Source,
    State,
    UnitId,
    Urgency,
    UserId,
)


class Assignment(Struct, frozen=True, kw_only=True, array_like=True):
    """(case × unit): its own state. A unit has one, which a new dispatch to it begins anew; a
    returned one is kept, so that it shows who had the case."""

    unit: UnitId
    lead: bool = False
    state: AssignmentState = AssignmentState.OPEN
    since: datetime
    until: datetime | None = None


class Case(Struct, frozen=True, kw_only=True, array_like=True):
    """A case as folded from its events. Times are aware UTC.

    Encoded as a list without names, a third smaller: a new field goes to the end, with a default.
    """

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
    component: ComponentId | None = None
    component_unit: UnitId | None = None
    """Who answers for the component by the register, as of the report."""
    wants_reply: bool = False
    photos: int = 0
    imported_at: datetime | None = None
    """When it was taken over from an earlier system; None for a case that began here."""

    @property
    def imported(self) -> bool:
        """Taken over from an earlier system, by whose word it opened when it did."""
        return self.imported_at is not None

    @property
    def is_history(self) -> bool:
        """Ended before this log ever heard of it: nobody's work here, only looked up."""
        at, ended = self.imported_at, self.ended_at
        return at is not None and ended is not None and ended <= at

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
        current = tuple(a.unit for a in self.assignments if a.state is not AssignmentState.RETURNED)
        return Scope(district=self.district, street=self.street, units=current)

    @property
    def widest_scope(self) -> Scope:
        """As `scope`, with the units that once had the case."""
        every = tuple(a.unit for a in self.assignments)
        return Scope(district=self.district, street=self.street, units=every)


# --- who may do what ---------------------------------------------------------------------------


def _holds(grant: Grant, role: Role, case: Case) -> bool:
    return grant.role is role and covers(grant, case.scope)


def own_assignment(case: Case, actor: Actor) -> Assignment | None:
    """The open assignment of a unit that this person speaks for."""
    units = {grant.unit for grant in actor.grants if grant.role is Role.UNIT}
    for assignment in case.assignments:
        if assignment.unit in units and assignment.state is AssignmentState.OPEN:
            return assignment
    return None


def may(case: Case, act: Act, actor: Actor, role: Role) -> bool:
    """Whether this person may do `act` in `role`, the case's state apart."""
    if role not in act.roles or not any(_holds(grant, role, case) for grant in actor.grants):
        return False
    if act.command in (acts.VerifyReport, acts.CheckCase):
        return case.inspector in (None, actor.user)
    if role is Role.UNIT and act.to:
        return own_assignment(case, actor) is not None
    return True


def allowed(case: Case, actor: Actor) -> tuple[tuple[Act, Role], ...]:
    """The acts this person may do on this case now, each with the role it would be done in."""
    found = []
    for act in ACTS:
        if case.state not in act.states:
            continue
        role = next((role for role in act.roles if may(case, act, actor, role)), None)
        if role is not None:
            found.append((act, role))
    return tuple(found)


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
        component=event.component,
        component_unit=event.component_unit,
        due_basis=DeadlineBasis.RECORD if event.target else DeadlineBasis.NONE,
        wants_reply=event.wants_reply,
    )


def _imported(event: CaseImported, recorded: Recorded) -> Case:
    """As it stood in the earlier system: a unit that had it is at work, or done with it."""
    at_work = event.state is State.DISPATCHED
    unit = Assignment(
        unit=event.unit or UnitId(""),
        lead=True,
        state=AssignmentState.OPEN if at_work else AssignmentState.DONE,
        since=recorded.at if at_work else event.opened,
        until=None if at_work else event.handled or event.ended or event.opened,
    )
    return Case(
        id=event.case,
        state=event.state,
        kind=event.kind,
        scheme=event.scheme,
        scheme_version=event.scheme_version,
        code=event.code,
        name=event.name,
        source=event.source,
        urgency=event.urgency,
        point=event.point,
        district=event.district,
        street=event.street,
        grid=event.grid,
        reference=event.reference,
        opened_at=event.opened,
        link_since=recorded.at,
        target=event.due,
        due=event.due,
        due_basis=event.due_basis,
        handled_at=event.handled,
        ended_at=event.ended,
        assignments=(unit,) if event.unit is not None else (),
        imported_at=recorded.at,
    )


def _settle(
    case: Case, unit: UnitId, state: AssignmentState, at: datetime
) -> tuple[Assignment, ...]:
    """Assignments with the open one of `unit` put in `state`."""
    return tuple(
        replace(a, state=state, until=at)
        if a.state is AssignmentState.OPEN and a.unit == unit
        else a
        for a in case.assignments
    )


def _taken_back(case: Case, at: datetime) -> tuple[Assignment, ...]:
    """A lead's return ends the round: the joint units' work, open or done, goes back with it, so
    that a later rework opens nothing of this round."""
    return tuple(
        replace(a, state=AssignmentState.RETURNED, until=a.until or at) for a in case.assignments
    )


def _reopened(case: Case, at: datetime) -> tuple[Assignment, ...]:
    """返工 goes to the same units."""
    return tuple(
        replace(a, state=AssignmentState.OPEN, since=at, until=None)
        if a.state is AssignmentState.DONE
        else a
        for a in case.assignments
    )


def _inspector_named(
    _case: Case, event: acts.VerificationOrdered | acts.CheckOrdered, _recorded: Recorded
) -> dict[str, Any]:
    return {"inspector": event.inspector}


def _verified(_case: Case, event: acts.ReportVerified, _recorded: Recorded) -> dict[str, Any]:
    return {"confirmed": event.confirmed, "inspector": None}


def _filed(_case: Case, event: acts.CaseFiled, recorded: Recorded) -> dict[str, Any]:
    return {
        "condition": event.condition,
        "handling": event.handling,
        "limit": event.limit,
        "due": event.due,
        "due_basis": event.due_basis,
        "due_provisional": event.due_provisional,
        "filed_by": recorded.actor,
    }


def _dispatched(case: Case, event: acts.CaseDispatched, recorded: Recorded) -> dict[str, Any]:
    units = (event.lead, *event.joint)
    before = tuple(a for a in case.assignments if a.unit not in units)
    added = tuple(
        Assignment(unit=unit, lead=unit == event.lead, since=recorded.at) for unit in units
    )
    return {
        "assignments": before + added,
        "due": event.due,
        "due_basis": event.due_basis,
        "due_provisional": event.due_provisional,
    }


def _fed_back(case: Case, event: acts.UnitFedBack, recorded: Recorded) -> dict[str, Any]:
    return {
        "assignments": _settle(case, event.unit, AssignmentState.DONE, recorded.at),
        "handled_at": recorded.at if event.state is State.FEEDBACK else None,
    }


def _checked(case: Case, event: acts.CaseChecked, recorded: Recorded) -> dict[str, Any]:
    if event.passed:
        return {}
    return {
        "assignments": _reopened(case, recorded.at),
        "rework": case.rework + 1,
        "handled_at": None,
        "inspector": None,
    }


def _sent_back(case: Case, event: acts.CaseSentBack, recorded: Recorded) -> dict[str, Any]:
    at = recorded.at
    changes: dict[str, Any] = {"returns": case.returns + 1}
    if event.rework:
        changes["rework"] = case.rework + 1
        changes["handled_at"] = None
        changes["assignments"] = _reopened(case, at)
    elif event.state is State.FILED:
        changes["assignments"] = _taken_back(case, at)
    elif event.unit is not None:
        left = _settle(case, event.unit, AssignmentState.RETURNED, at)
        changes["assignments"] = left
        if event.state is State.FEEDBACK:
            # nobody else is at work: it was handled when the last of the others fed back
            done = (a.until for a in left if a.state is AssignmentState.DONE)
            changes["handled_at"] = max(filter(None, done), default=at)
    return changes


def _ended(_case: Case, _event: Step, recorded: Recorded) -> dict[str, Any]:
    return {"ended_at": recorded.at}


_EFFECTS: dict[type[Event], Callable[[Case, Any, Recorded], dict[str, Any]]] = {
    acts.VerificationOrdered: _inspector_named,
    acts.ReportVerified: _verified,
    acts.CaseFiled: _filed,
    acts.CaseDispatched: _dispatched,
    acts.UnitFedBack: _fed_back,
    acts.CheckOrdered: _inspector_named,
    acts.CaseChecked: _checked,
    acts.CaseClosed: _ended,
    acts.CaseDeclined: _ended,
    acts.CaseCancelled: _ended,
    acts.CaseSentBack: _sent_back,
}
"""What an event changes beside the fields that every step changes."""


def evolve(case: Case | None, recorded: Recorded) -> Case | None:
    """The case after `recorded`; an unknown event changes nothing but the version."""
    event = recorded.event
    if isinstance(event, acts.CaseReported):
        case = _opened(event, recorded)
    elif isinstance(event, CaseImported):
        case = _imported(event, recorded)
    if case is None:
        return None
    if not isinstance(event, Step):
        notes = case.notes + isinstance(event, acts.NoteAdded)
        photos = case.photos + isinstance(event, PhotoAttached)
        return replace(case, version=recorded.version, notes=notes, photos=photos)
    change = _EFFECTS.get(type(event))
    effect = change(case, event, recorded) if change else {}
    moved = event.state is not case.state
    return replace(
        case,
        version=recorded.version,
        step=recorded.version,
        state=event.state,
        link_since=recorded.at if moved else case.link_since,
        link_due=event.link_due,
        **effect,
    )


def urgency_key(case: Case) -> tuple[int, datetime, CaseId]:
    """Sort key, most urgent first: 特急, 緊急, 一般; then the present link's clock; then the id.

    A case without a clock (視情況定) sorts after all that have one.
    """
    rank = {Urgency.CRITICAL: 0, Urgency.URGENT: 1, Urgency.NORMAL: 2}[case.urgency]
    due = case.link_due or case.due or datetime.max.replace(tzinfo=UTC)
    return rank, due, case.id
