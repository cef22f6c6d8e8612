"""A case as it begins: reported here, or taken over from an earlier system."""

from casework.acts import CaseReported
from casework.case import Assignment, Case
from casework.decider import Recorded
from casework.old_cases import CaseImported
from casework.terms import AssignmentState, DeadlineBasis, State, UnitId


def opened(event: CaseReported, recorded: Recorded) -> Case:
    """受理登記: at its first link."""
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
        centre=event.centre,
    )


def imported(event: CaseImported, recorded: Recorded) -> Case:
    """As it stood in the earlier system: a unit that had it is at work, or done with it."""
    at_work = event.state is State.DISPATCHED
    unit = Assignment(
        unit=event.unit or UnitId(""),
        lead=True,
        state=AssignmentState.OPEN if at_work else AssignmentState.DONE,
        since=recorded.at if at_work else event.opened,
        until=None if at_work else event.handled or event.ended or event.opened,
        due=event.due,
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
