"""How a case changes: `evolve` folds one event into it and holds no rules (`casework.decisions`
does). An unknown event changes nothing but the version.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import msgspec
from msgspec.structs import replace

from casework import acts, applications, claims
from casework.acts import ClocksMoved, Step, UnitClock
from casework.assignments import all_returned, clocked, decided, redone, settled, where
from casework.case import Assignment, Case, Claim, Order, Waiting
from casework.decider import Event, Recorded
from casework.links import LINKS
from casework.old_cases import CaseImported
from casework.opening import imported, opened
from casework.photos import PhotoAttached
from casework.terms import (
    BEFORE_DISPATCH,
    Application,
    AssignmentState,
    State,
    UnitId,
)

Changes = dict[str, Any]
_READ = msgspec.json.Decoder(Case)


# --- what each event changes ----------------------------------------------------------------------


def _ordered(
    _case: Case, event: acts.VerificationOrdered | acts.CheckOrdered, recorded: Recorded
) -> Changes:
    order = Order(sent_at=recorded.at, due=event.link_due, left=event.left)
    return {"inspector": event.inspector, "order": order}


def _order_over(_case: Case, _event: Event, _recorded: Recorded) -> Changes:
    return {"inspector": None, "order": None}


def _delivered(case: Case, _event: acts.OrderDelivered, recorded: Recorded) -> Changes:
    return {} if case.order is None else {"order": replace(case.order, delivered_at=recorded.at)}


def _read(case: Case, _event: acts.OrderRead, recorded: Recorded) -> Changes:
    if case.order is None:
        return {}
    delivered = case.order.delivered_at or recorded.at
    return {"order": replace(case.order, delivered_at=delivered, read_at=recorded.at)}


def _verified(_case: Case, event: acts.ReportVerified, _recorded: Recorded) -> Changes:
    return {"confirmed": event.confirmed, "inspector": None, "order": None}


def _filed(_case: Case, event: acts.CaseFiled, recorded: Recorded) -> Changes:
    return {
        "condition": event.condition,
        "handling": event.handling,
        "limit": event.limit,
        "due": event.due,
        "due_basis": event.due_basis,
        "due_provisional": event.due_provisional,
        "filed_by": recorded.actor,
    }


def _dispatched(case: Case, event: acts.CaseDispatched, recorded: Recorded) -> Changes:
    units = (event.lead, *event.joint)
    shirked = sum(a.gave_back and a.unit in units for a in case.assignments)
    # of an earlier round only who had the case is kept: no clock of it goes on any more
    before = tuple(
        replace(a, due=None, left=None, via=()) for a in case.assignments if a.unit not in units
    )
    added = tuple(
        Assignment(unit=unit, lead=unit == event.lead, since=recorded.at, due=event.due)
        for unit in units
    )
    return {
        "assignments": before + added,
        "due": event.due,
        "due_basis": event.due_basis,
        "due_provisional": event.due_provisional,
        "shirked": case.shirked + shirked,
    }


def _handed_over(_case: Case, event: acts.CaseHandedOver, recorded: Recorded) -> Changes:
    return {"centre": event.to, "link_since": recorded.at, "claim": None}


def _accepted(case: Case, event: acts.WorkAccepted, _recorded: Recorded) -> Changes:
    handling = AssignmentState.HANDLING
    accepted = where(case, event.unit, lambda a: replace(a, state=handling))
    return {"assignments": accepted} | _started(event)


def _started(event: acts.ClockStarted) -> Changes:
    if event.due_basis is None:
        return {}
    return {"due_basis": event.due_basis, "due_provisional": event.due_provisional}


def _passed(case: Case, event: acts.WorkPassed, recorded: Recorded) -> Changes:
    """Down: the unit above stays in the chain. Up again: it works on what it had accepted."""

    def moved(a: Assignment) -> Assignment:
        via = a.via[:-1] if event.back else (*a.via, a.unit)
        state = AssignmentState.HANDLING if event.back else AssignmentState.OPEN
        return replace(a, unit=event.to, via=via, state=state, since=recorded.at, waiting=None)

    kept = tuple(a for a in case.assignments if a.unit != event.to)
    return {"assignments": where(replace(case, assignments=kept), event.unit, moved)}


def _fed_back(case: Case, event: acts.UnitFedBack, recorded: Recorded) -> Changes:
    return {
        "assignments": settled(case, event.unit, AssignmentState.DONE, recorded.at),
        "handled_at": recorded.at if event.state is State.FEEDBACK else None,
    } | _started(event)


def _withdrawn(case: Case, _event: acts.DispatchWithdrawn, recorded: Recorded) -> Changes:
    return {"assignments": all_returned(case, recorded.at), "resumes_at": None}


def _checked(case: Case, event: acts.CaseChecked, recorded: Recorded) -> Changes:
    over: Changes = {"inspector": None, "order": None}
    if event.passed:
        return over
    return over | {
        "assignments": redone(case, recorded.at),
        "rework": case.rework + 1,
        "handled_at": None,
    }


def _unit_left(case: Case, unit: UnitId, state: State, at: datetime) -> Changes:
    """A unit gave its part back; the lead's return ends the round."""
    if state is State.FILED:
        return {"assignments": all_returned(case, at)}
    left = settled(case, unit, AssignmentState.RETURNED, at)
    changes: Changes = {"assignments": left}
    if state is State.FEEDBACK:
        # nobody else is at work: it was handled when the last of the others fed back
        done = (a.until for a in left if a.state is AssignmentState.DONE)
        changes["handled_at"] = max(filter(None, done), default=at)
    return changes


def _sent_back(case: Case, event: acts.CaseSentBack, recorded: Recorded) -> Changes:
    changes: Changes = {"returns": case.returns + 1}
    if event.rework:
        changes["rework"] = case.rework + 1
        changes["handled_at"] = None
        changes["assignments"] = redone(case, recorded.at)
    elif event.unit is not None:
        given = where(case, event.unit, lambda a: replace(a, gave_back=True))
        given_back = replace(case, assignments=given)
        changes |= _unit_left(given_back, event.unit, event.state, recorded.at)
    return changes


def _ended(case: Case, _event: Step, recorded: Recorded) -> Changes:
    """An application that waited falls away: a case that is reopened has none."""
    return {
        "assignments": decided(case, None),
        "ended_at": recorded.at,
        "inspector": None,
        "order": None,
        "resumes_at": None,
    }


def _closed(case: Case, event: acts.CaseClosed, recorded: Recorded) -> Changes:
    return _ended(case, event, recorded) | {"closing": event.kind}


def _opened_again(case: Case, event: acts.CaseReopened, recorded: Recorded) -> Changes:
    changes: Changes = {
        "ended_at": None,
        "first_ended_at": case.first_ended_at or case.ended_at,
        "first_closing": case.closing if case.first_ended_at is None else case.first_closing,
        "closing": None,
    }
    if event.state is State.HANDLING:
        changes["assignments"] = redone(case, recorded.at)
        changes["handled_at"] = None
    elif event.state in BEFORE_DISPATCH:
        changes["assignments"] = all_returned(case, recorded.at)
        changes["handled_at"] = None
    return changes


# --- applications ---------------------------------------------------------------------------------


def _applied(case: Case, event: applications.AppliedFor, recorded: Recorded) -> Changes:
    waiting = Waiting(
        kind=event.kind, since=recorded.at, until=event.until, decide_by=event.decide_by
    )
    return {"assignments": where(case, event.unit, lambda a: replace(a, waiting=waiting))}


def _approved(kind: Application) -> Callable[[Case, Any, Recorded], Changes]:
    def change(case: Case, event: Any, recorded: Recorded) -> Changes:
        changes: Changes = {
            "approved": tuple(case.times_approved(each) + (each is kind) for each in Application),
            "assignments": decided(case, event.unit),
            "claim": None,
        }
        match event:
            case applications.SuspensionApproved(until=until):
                changes["resumes_at"] = until
            case applications.ReturnApproved(unit=unit, state=state):
                changes |= _unit_left(case, unit, state, recorded.at)
                changes["returns"] = case.returns + 1
            case applications.HandlingApproved(handling=handling, limit=limit):
                changes |= {"handling": handling, "limit": limit}
        return changes

    return change


def _refused(case: Case, event: applications.ApplicationRefused, _recorded: Recorded) -> Changes:
    """推諉 is counted: the return of a unit that does answer."""
    shirked = case.shirked + (event.kind is Application.RETURN)
    return {"assignments": decided(case, event.unit), "claim": None, "shirked": shirked}


def _resumed(case: Case, event: applications.CaseResumed, recorded: Recorded) -> Changes:
    """Joint units' applications begin to wait now: nobody could decide them before."""
    by = {word.unit: word.decide_by for word in event.words}

    def waits_anew(a: Assignment) -> Assignment:
        if a.waiting is None or a.unit not in by:
            return a
        waiting = replace(a.waiting, since=recorded.at, decide_by=by[a.unit])
        return replace(a, waiting=waiting)

    return {"resumes_at": None, "assignments": where(case, None, waits_anew)}


# --- beside the line ------------------------------------------------------------------------------


def _held_by_actor(_case: Case, _event: Event, recorded: Recorded) -> Changes:
    return {"claim": Claim(user=recorded.actor, since=recorded.at)}


def _free(_case: Case, _event: Event, _recorded: Recorded) -> Changes:
    return {"claim": None}


def _passed_on(_case: Case, event: claims.CasePassedOn, recorded: Recorded) -> Changes:
    return {"claim": Claim(user=event.to, since=recorded.at, given=True)}


def _reminded(case: Case, _event: Event, _recorded: Recorded) -> Changes:
    return {"reminders": case.reminders + 1}


def _urged(case: Case, _event: Event, _recorded: Recorded) -> Changes:
    return {"urged": case.urged + 1}


def _urge_lifted(_case: Case, _event: Event, _recorded: Recorded) -> Changes:
    return {"urged": 0}


def _noted(case: Case, _event: acts.NoteAdded, _recorded: Recorded) -> Changes:
    return {"notes": case.notes + 1}


def _photo(case: Case, _event: PhotoAttached, _recorded: Recorded) -> Changes:
    return {"photos": case.photos + 1}


_EFFECTS: dict[type[Event], Callable[[Case, Any, Recorded], Changes]] = {
    acts.EnquiryAnswered: _ended,
    acts.VerificationOrdered: _ordered,
    acts.ReportVerified: _verified,
    acts.CaseFiled: _filed,
    acts.CaseDeclined: _ended,
    acts.CaseDispatched: _dispatched,
    acts.CaseHandedOver: _handed_over,
    acts.WorkAccepted: _accepted,
    acts.WorkPassed: _passed,
    acts.UnitFedBack: _fed_back,
    acts.DispatchWithdrawn: _withdrawn,
    acts.CheckOrdered: _ordered,
    acts.OrderDelivered: _delivered,
    acts.OrderRead: _read,
    acts.OrderWithdrawn: _order_over,
    acts.CaseChecked: _checked,
    acts.CaseClosed: _closed,
    acts.CaseReopened: _opened_again,
    acts.CaseSentBack: _sent_back,
    acts.CaseCancelled: _ended,
    acts.NoteAdded: _noted,
    PhotoAttached: _photo,
    applications.AppliedFor: _applied,
    applications.ExtensionApproved: _approved(Application.EXTENSION),
    applications.SuspensionApproved: _approved(Application.SUSPENSION),
    applications.ReturnApproved: _approved(Application.RETURN),
    applications.HandlingApproved: _approved(Application.HANDLING),
    applications.ApplicationRefused: _refused,
    applications.CaseResumed: _resumed,
    claims.CaseClaimed: _held_by_actor,
    claims.ClaimReleased: _free,
    claims.ClaimTakenOver: _held_by_actor,
    claims.CasePassedOn: _passed_on,
    claims.UnitsReminded: _reminded,
    claims.CaseUrged: _urged,
    claims.UrgeLifted: _urge_lifted,
}
"""What an event changes beside the fields that every step changes."""


def evolve(case: Case | None, recorded: Recorded) -> Case | None:
    """The case after `recorded`; an unknown event changes nothing but the version."""
    event = recorded.event
    if isinstance(event, acts.CaseReported):
        case = opened(event, recorded)
    elif isinstance(event, CaseImported):
        case = imported(event, recorded)
    if case is None:
        return None
    if isinstance(event, acts.StepTakenBack):
        return _restored(case, event, recorded)
    change = _EFFECTS.get(type(event))
    effect = change(case, event, recorded) if change else {}
    if isinstance(event, ClocksMoved) and event.clocks:
        effect |= _clock_effects(case, effect, event.clocks)
    if isinstance(event, Step):
        effect = _step_effects(case, event, recorded) | effect
    return replace(case, version=recorded.version, **effect)


def _step_effects(case: Case, event: Step, recorded: Recorded) -> Changes:
    moved = event.state is not case.state
    return {
        "step": recorded.version,
        "state": event.state,
        "link_since": recorded.at if moved else case.link_since,
        "link_due": event.link_due,
        "claim": _claim_after(case, event, recorded),
    }


def _claim_after(case: Case, event: Step, recorded: Recorded) -> Claim | None:
    """A claim lasts within its link, and the holder's own acts keep it fresh."""
    claim = case.claim
    if claim is None or not any(case.state in each and event.state in each for each in LINKS):
        return None
    own = claim.user == recorded.actor
    return replace(claim, since=recorded.at, given=False) if own else claim


def _clock_effects(case: Case, effect: Changes, clocks: tuple[UnitClock, ...]) -> Changes:
    """The units' clocks as moved; the case's own deadline is its lead's."""
    assignments = clocked(effect.get("assignments", case.assignments), clocks)
    lead = case.lead
    due = next((clock.due for clock in clocks if clock.unit == lead), None)
    return {"assignments": assignments, "due": due or case.due}


def _restored(case: Case, event: acts.StepTakenBack, recorded: Recorded) -> Case:
    before = _READ.decode(event.restored)
    return replace(before, version=recorded.version, step=recorded.version)


def undone(life: Sequence[Recorded]) -> tuple[Case | None, Recorded | None]:
    """A case without its last step, later notes and claims kept, and that step: what taking an
    act back needs. (None, None) where nothing but the report has happened."""
    steps = [entry for entry in life if isinstance(entry.event, Step)]
    if len(steps) < 2:  # noqa: PLR2004  the report itself is not taken back
        return None, None
    case: Case | None = None
    for entry in life:
        if entry is not steps[-1]:
            case = evolve(case, entry)
    return case, steps[-1]
