"""Records of a city as plans: what each row says, and nothing more.

A record tells when a case was opened and closed, of what class, where and whose. Of the links in
between it says nothing: they are taken without a claimed instant, registration to dispatch right
after the report, feedback to check shortly before the close. A record that closes before it opens
is closed at its opening instant, and the close claims the record's own earlier time.
"""

from datetime import datetime

from casework.acts import (
    CheckCase,
    CloseCase,
    DispatchCase,
    FeedBack,
    FileCase,
    OrderCheck,
    PassForFiling,
    ReportCase,
)
from casework.decider import Personal
from casework.pack.records import BadRow, Record
from casework.rulebook import RuleBook
from casework.terms import GridCode, Role, State, UnitId
from drill.plan import Link, Pace, Plan

LONGEST_OPINION = 2000
"""Characters (`casework.acts.Opinion`); a longer closing remark is cut."""
PASS = Link(role=Role.ACCEPTOR, command=PassForFiling(), leads_to=State.PREFILED)
FILE = Link(role=Role.SHIFT_LEADER, command=FileCase(), leads_to=State.FILED)
ORDER = Link(role=Role.ACCEPTOR, command=OrderCheck(), leads_to=State.CHECKING, pace=Pace.BEFORE)
CHECK = Link(
    role=Role.INSPECTOR,
    command=CheckCase(passed=True),
    leads_to=State.PENDING_CLOSE,
    pace=Pace.BEFORE,
)


class Names:
    """A built pack's classes, units and districts by the names that its records call them."""

    def __init__(self, rules: RuleBook) -> None:
        self.classes = {of.name: (of.kind, of.code) for of in rules.scheme.classes}
        self.units = {unit.name: unit.id for unit in rules.units}
        self.districts = {area.name: area.id for area in rules.areas}
        self.leads = {(each.kind, each.code): each.lead for each in rules.responsibilities}


def plan_of(record: Record, names: Names) -> Plan | BadRow:
    """A record's plan, or why it cannot have one.

    A record without a unit goes to the one that answers for its class.
    """
    kind, code = names.classes[record.small_class]
    lead = names.units.get(record.unit) or names.leads.get((kind, code))
    if lead is None:
        sentence = f"neither the record nor its class {record.small_class!r} names a unit"
        return BadRow(line=record.line, code="record.no_unit", sentence=sentence)
    report = ReportCase(
        kind=kind,
        code=code,
        source=record.source,
        point=record.point,
        district=names.districts.get(record.district),
        grid=GridCode(record.grid) if record.grid else None,
        reference=record.id,
        personal=Personal(
            address=record.address, text="\n".join(filter(None, (record.title, record.text)))
        ),
        target=record.target,
    )
    close = CloseCase(opinion=record.closure[:LONGEST_OPINION])
    return recorded_life(
        report, UnitId(lead), record.opened, record.closed, line=record.line, close=close
    )


def recorded_life(
    report: ReportCase,
    lead: UnitId,
    opened: datetime,
    closed: datetime | None,
    *,
    line: int,
    close: CloseCase = CloseCase(),  # noqa: B008  frozen
) -> Plan:
    """The plan of one record, whose number `report.reference` is. Instants are aware UTC; `closed`
    is None for a case that its records leave with the unit."""
    links = [
        Link(
            role=Role.ACCEPTOR,
            command=report,
            leads_to=State.REGISTERED,
            at=opened,
            claimed=opened,
        ),
        PASS,
        FILE,
        Link(role=Role.DISPATCHER, command=DispatchCase(lead=lead), leads_to=State.DISPATCHED),
    ]
    if closed is not None:
        handled = Link(
            role=Role.UNIT,
            unit=lead,
            command=FeedBack(),
            leads_to=State.FEEDBACK,
            pace=Pace.BEFORE,
        )
        closing = Link(
            role=Role.SHIFT_LEADER,
            command=close,
            leads_to=State.CLOSED,
            at=max(opened, closed),
            claimed=closed,
        )
        links += [handled, ORDER, CHECK, closing]
    return Plan(reference=report.reference, line=line, links=tuple(links))
