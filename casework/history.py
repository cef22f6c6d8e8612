"""案卷經過 as shown: a step of a case's record as the row that goes over the wire.

Names come from whoever knows the people: the server its accounts, the gallery its invented ones.
"""

from datetime import timedelta

from casework import acts, claims
from casework.applications import ApplicationRefused, AppliedFor, Approved
from casework.decider import Event
from casework.record import StepTaken
from casework.replies import HistoryRow
from casework.terms import Application, UserId


def history_row(
    step: StepTaken,
    *,
    name: str,
    inspector: str,
    unit: str,
    centre: str = "",
    colleague: str = "",
) -> HistoryRow:
    """A step with the names of who took it, of the inspector whom its order went to and of the
    `colleague` whom it names, "" for nobody, and the unit and centre for which it was taken."""
    entry, happened = step.entry, step.entry.event
    return HistoryRow(
        number=entry.number,
        at=entry.at,
        claimed=entry.claimed,
        type=type(happened).__name__,
        state=happened.state if isinstance(happened, acts.Step) else None,
        actor=entry.actor,
        name=name,
        role=entry.role,
        opinion=getattr(happened, "opinion", ""),
        reason=getattr(happened, "reason", ""),
        units=_units(happened),
        used_seconds=int(step.used.total_seconds()),
        late=step.late_by > timedelta(),
        left=step.left,
        received=step.received,
        due=step.due,
        late_seconds=int(step.late_by.total_seconds()),
        passed=getattr(happened, "passed", getattr(happened, "confirmed", None)),
        unit=unit,
        centre=centre,
        inspector=inspector,
        application=_application(happened),
        until=getattr(happened, "until", None),
        colleague=colleague,
        centres=_centres(happened),
        closing=happened.kind if isinstance(happened, acts.CaseClosed) else None,
        leader=happened.leader if isinstance(happened, claims.CaseUrged | Approved) else "",
        back=isinstance(happened, acts.WorkPassed) and happened.back,
    )


def colleague_of(happened: Event) -> UserId | None:
    """Who was given the case, or had it until it was taken over."""
    match happened:
        case claims.CasePassedOn(to=user) | claims.ClaimTakenOver(held_by=user):
            return user
    return None


def _application(happened: object) -> Application | None:
    """What was asked, where the kind of event does not say it already."""
    return happened.kind if isinstance(happened, AppliedFor | ApplicationRefused) else None


def _centres(happened: object) -> tuple[str, ...]:
    if not isinstance(happened, acts.CaseHandedOver):
        return ()
    return tuple(filter(None, (happened.centre, happened.to)))


def _units(happened: object) -> tuple[str, ...]:
    match happened:
        case acts.WorkPassed(unit=unit, to=below):
            return (unit, below)
        case acts.CaseDispatched(lead=lead, joint=joint):
            return (lead, *joint)
        case acts.UnitFedBack(unit=unit):
            return (unit,)
        case acts.CaseSentBack(unit=unit) if unit is not None:
            return (unit,)
        case _:
            return ()
