"""導入: what a case of an earlier system must be so that the log can hold it.

The dry run of `watchdesk import` asks the same function as the server's desk, so that what it
lists is what would be refused; only whether the case is here already is for the server to say.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from msgspec.structs import replace

from casework.decider import Context, Event, Refused
from casework.old_cases import CaseImported, ImportCase, OldStep
from casework.reporting import case_id, class_of, link_due, own_grid, receipt_number
from casework.rulebook import RuleBook
from casework.rules import working_time
from casework.terms import ENDED, AreaId, DeadlineBasis, Role, State

GOES_ON = (
    State.REGISTERED,
    State.PREFILED,
    State.FILED,
    State.DISPATCHED,
    State.FEEDBACK,
    State.PENDING_CLOSE,
)
"""Links that an imported case may go on from. 核實中 and 核查中 wait for an inspector whom only
the earlier system knows: such a case comes in at the link before."""
_WITH_UNIT = frozenset({State.DISPATCHED, State.FEEDBACK, State.PENDING_CLOSE})


def numbered_at(command: ImportCase) -> datetime:
    """The instant whose local day the new number names: the old opening's.

    So a number says when the case began, as everywhere; an import of any size leaves the present
    day's numbers to the present day.
    """
    return command.opened


def import_case(command: ImportCase, context: Context) -> Sequence[Event]:
    """The event that takes a case over.

    Raises:
        Refused: `case.wrong_role` for anybody but an administrator, `import.already_here`,
            `import.state`, `import.needs_end`, `import.has_end`, `import.needs_unit`,
            `import.old_class_open`, `import.future`, `case.target_beyond_time`,
            `case.unknown_class`, `case.unknown_unit`, `case.unknown_area`, `grid.bad_code`, or a
            `place.*` doubt about where it is.
    """
    if context.role is not Role.ADMINISTRATOR:
        raise Refused("case.wrong_role", role=context.role)
    here = context.facts.imported
    if here is not None:
        raise Refused("import.already_here", reference=command.reference, case=here)
    _require_state(command, context.rules)
    _require_times(command, context.at)
    _require_known(command, context.rules)
    if context.facts.place.doubt:
        raise Refused(context.facts.place.doubt)
    return [_imported(command, context)]


def _imported(command: ImportCase, context: Context) -> CaseImported:
    rules = context.rules
    scheme, version, name = command.scheme, command.scheme_version, command.name
    if not scheme:
        scheme, version = rules.scheme.id, rules.scheme.version
        name = class_of(command.kind, command.code, rules).name
    place = context.facts.place
    zone = rules.calendar.time_zone
    new = case_id(context.log, numbered_at(command), context.facts.order, zone)
    imported = CaseImported(
        state=command.state,
        case=new,
        receipt=receipt_number(new, 1),
        system=command.system,
        reference=command.reference,
        kind=command.kind,
        scheme=scheme,
        scheme_version=version,
        code=command.code,
        name=name,
        source=command.source,
        urgency=command.urgency,
        point=command.point,
        district=place.district or command.district or _above(command.street, rules),
        street=place.street or command.street,
        grid=place.grid or own_grid(command.grid),
        opened=command.opened.astimezone(UTC),
        handled=_utc(command.handled),
        ended=_utc(command.ended),
        unit=command.unit,
        unit_name=command.unit_name,
        due=_utc(command.due),
        due_basis=DeadlineBasis.RECORD if command.due else DeadlineBasis.NONE,
        on_time=command.on_time,
        steps=tuple(_steps(command.steps)),
        seal=context.facts.seal,
    )
    return replace(imported, link_due=_link_due(command, imported, context))


def _link_due(command: ImportCase, imported: CaseImported, context: Context) -> datetime | None:
    """A live case's link begins anew with the import; 待處置 goes by the old deadline."""
    if command.state in ENDED:
        return None
    if command.state is State.DISPATCHED and command.due is not None:
        return command.due.astimezone(UTC)
    return link_due(command.state, imported, context)


def _utc(at: datetime | None) -> datetime | None:
    return None if at is None else at.astimezone(UTC)


def _steps(steps: Iterable[OldStep]) -> Iterable[OldStep]:
    """In the order of time; steps of one instant stay as they came."""
    from_utc = (
        OldStep(
            at=step.at.astimezone(UTC),
            act=step.act,
            person=step.person,
            post=step.post,
            unit=step.unit,
            opinion=step.opinion,
        )
        for step in steps
    )
    return sorted(from_utc, key=lambda step: step.at)


def _above(street: AreaId | None, rules: RuleBook) -> AreaId | None:
    area = rules.area(street) if street is not None else None
    return area.parent if area is not None else None


# --- what is required --------------------------------------------------------------------------


def _require_state(command: ImportCase, rules: RuleBook) -> None:
    state = command.state
    if state in ENDED:
        if command.ended is None:
            raise Refused("import.needs_end", state=state)
        return
    if state not in GOES_ON:
        raise Refused("import.state", state=state)
    if command.ended is not None:
        raise Refused("import.has_end", state=state)
    if state in _WITH_UNIT and command.unit is None:
        raise Refused("import.needs_unit", state=state)
    if command.scheme and command.scheme != rules.scheme.id:
        raise Refused("import.old_class_open", code=command.code)


def _require_times(command: ImportCase, now: datetime) -> None:
    """What happened, happened before now and within computed time; a deadline may lie ahead."""
    happened = (command.opened, command.handled, command.ended, *(s.at for s in command.steps))
    for at in (*happened, command.due):
        if at is not None and not working_time.EARLIEST <= at <= working_time.FURTHEST:
            raise Refused("case.target_beyond_time")
    for at in happened:
        if at is not None and at > now:
            raise Refused("import.future", at=at.isoformat())


def _require_known(command: ImportCase, rules: RuleBook) -> None:
    if not command.scheme or command.scheme == rules.scheme.id:
        class_of(command.kind, command.code, rules)
    if command.unit is not None and rules.unit(command.unit) is None:
        raise Refused("case.unknown_unit", unit=command.unit)
    for area in (command.district, command.street):
        if area is not None and rules.area(area) is None:
            raise Refused("case.unknown_area", area=area)
    own_grid(command.grid)
