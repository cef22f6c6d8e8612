"""受理: what it takes to open a case, and the look-ups in the rule book that later acts share."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from casework import acts
from casework.decider import Context, Event, Place, Refused, Registered
from casework.rulebook import RuleBook
from casework.rules import working_time
from casework.rules.centres import first_centre
from casework.rules.grid import GridError, parse_grid_code
from casework.scheme import CaseClass, Condition, Limit
from casework.terms import (
    AreaId,
    CaseId,
    ClosingKind,
    GridCode,
    Kind,
    LogId,
    ReceiptNumber,
    Role,
    State,
    Urgency,
)

FIRST_REPORTER = 1
"""Who opened the case; later reporters of the same matter count on from here."""
_SPOKEN = 4
"""Digits a person says in one breath."""


def case_id(log: LogId, at: datetime, order: int, time_zone: str) -> CaseId:
    """案卷號 of the `order`-th case of the local day (our own form, domain.md 4)."""
    day = at.astimezone(ZoneInfo(time_zone))
    return CaseId(f"{log}-{day:%Y%m%d}-{order:05}")


def receipt_number(case: CaseId, reporter: int) -> ReceiptNumber:
    """回執號: digits only, so that it can be read out on the phone."""
    _, day, order = case.rsplit("-", 2)
    return ReceiptNumber(f"{day}{order}{reporter}")


def spoken(receipt: ReceiptNumber) -> str:
    """A receipt number in groups of four digits, as it is read out on the phone."""
    return " ".join(receipt[at : at + _SPOKEN] for at in range(0, len(receipt), _SPOKEN))


class Waiting(Protocol):
    """What a link's limit may depend on: a case, or the event that opens one."""

    @property
    def urgency(self) -> Urgency: ...
    @property
    def district(self) -> AreaId | None: ...
    @property
    def street(self) -> AreaId | None: ...


def link_limit(state: State, of: Waiting, rules: RuleBook) -> Limit | None:
    """環節時限 of a state for what waits there; None where the city sets none."""
    return rules.link_limit(state, of.urgency, rules.area_kind(of.district, of.street))


def link_due(state: State, of: Waiting, context: Context) -> datetime | None:
    """When the clock of a link that is entered now runs out; None where the city sets no limit."""
    limit = link_limit(state, of, context.rules)
    if limit is None:
        return None
    return working_time.deadline(context.at, limit, context.rules.calendar).at


def class_of(kind: Kind, code: str, rules: RuleBook) -> CaseClass:
    """小類. Raises: Refused: `case.unknown_class`."""
    found = rules.case_class(kind, code)
    if found is None:
        raise Refused("case.unknown_class", kind=kind, code=code)
    return found


def condition_of(of: CaseClass, wanted: str) -> Condition | None:
    """立案條件: the one wanted, else the first. Raises: Refused: `case.unknown_condition`."""
    if not wanted:
        return of.conditions[0] if of.conditions else None
    for condition in of.conditions:
        if condition.id == wanted:
            return condition
    raise Refused("case.unknown_condition", code=of.code, condition=wanted)


def _target(command: acts.ReportCase, context: Context) -> datetime | None:
    """A record's own deadline, in UTC."""
    if command.target is None:
        return None
    if not context.practice:
        raise Refused("case.target_needs_practice")
    if not working_time.EARLIEST <= command.target <= working_time.FURTHEST:
        raise Refused("case.target_beyond_time")
    return command.target.astimezone(UTC)


def _require_areas(command: acts.ReportCase, rules: RuleBook) -> None:
    """An area that the rule book does not know would hide the case from every area's people."""
    for area in (command.district, command.street):
        if area is not None and rules.area(area) is None:
            raise Refused("case.unknown_area", area=area)


def own_grid(code: GridCode | None) -> GridCode | None:
    """A site's own grid code, if it is one. Raises: Refused: `grid.bad_code`."""
    if code is None:
        return None
    try:
        parse_grid_code(code)
    except GridError as error:
        raise Refused(error.code, grid=code) from error
    return code


def _component(command: acts.ReportCase, of: CaseClass, context: Context) -> Registered | None:
    """The component that the report names; it must be of the report's own class.

    Raises: Refused: `component.not_found`, `component.other_class`.
    """
    if command.component is None:
        return None
    found = context.facts.component
    if found is None:
        raise Refused("component.not_found", id=command.component)
    own = (found.scheme, found.code)
    if command.kind is not Kind.COMPONENT or own != (context.rules.scheme.id, of.code):
        raise Refused("component.other_class", id=found.id, code=of.code)
    return found


def _grid(command: acts.ReportCase, component: Registered | None, place: Place) -> GridCode | None:
    """單元網格: the register's own where the component tells the place, else the computed cell,
    else the code that the report brings."""
    own = own_grid(command.grid)
    if component is not None and command.point is None:
        return component.grid or place.grid or own
    return place.grid or own


def report(command: acts.ReportCase, context: Context) -> Sequence[Event]:
    """受理登記: the event that opens a case, and for 自行處理 the one that closes it at once.

    Raises: Refused: `case.wrong_role`, `case.unknown_class`, `case.unknown_condition`,
        `case.unknown_area`, `case.target_needs_practice`, `case.target_beyond_time`,
        `grid.bad_code`, or a `place.*` doubt about where it is.
    """
    opened = _reported(command, context)
    if not command.handled:
        return [opened]
    if context.role is not Role.INSPECTOR:
        raise Refused("case.wrong_role", role=context.role)
    return [opened, acts.CaseClosed(state=State.CLOSED, kind=ClosingKind.SELF_HANDLED)]


def _reported(command: acts.ReportCase, context: Context) -> acts.CaseReported:
    if not any(
        grant.role is context.role and context.role in (Role.ACCEPTOR, Role.INSPECTOR)
        for grant in context.actor.grants
    ):
        raise Refused("case.wrong_role", role=context.role)
    of = class_of(command.kind, command.code, context.rules)
    condition_of(of, command.condition)
    _require_areas(command, context.rules)
    place = context.facts.place
    if place.doubt:
        raise Refused(place.doubt)
    component = _component(command, of, context)
    target = _target(command, context)
    scheme = context.rules.scheme
    new = case_id(context.log, context.at, context.facts.order, context.rules.calendar.time_zone)
    opened = acts.CaseReported(
        state=State.REGISTERED,
        case=new,
        receipt=receipt_number(new, FIRST_REPORTER),
        kind=command.kind,
        scheme=scheme.id,
        scheme_version=scheme.version,
        code=of.code,
        name=of.name,
        condition=command.condition,
        source=command.source,
        point=command.point or (component.point if component else None),
        district=place.district or command.district or (component.district if component else None),
        street=place.street or command.street or (component.street if component else None),
        grid=_grid(command, component, place),
        urgency=command.urgency,
        reference=command.reference,
        seal=context.facts.seal,
        target=target,
        component=command.component,
        component_unit=component.unit if component else None,
        wants_reply=command.wants_reply,
        centre=first_centre(context.rules, context.actor.grants, context.role),
    )
    return replace(opened, link_due=link_due(State.REGISTERED, opened, context))
