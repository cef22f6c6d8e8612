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
from casework.terms import Role, State, UnitId
from drill.plan import Link, Pace, Plan

PASS = Link(role=Role.ACCEPTOR, command=PassForFiling(), leads_to=State.PREFILED)
FILE = Link(role=Role.SHIFT_LEADER, command=FileCase(), leads_to=State.FILED)
ORDER = Link(role=Role.ACCEPTOR, command=OrderCheck(), leads_to=State.CHECKING, pace=Pace.BEFORE)
CHECK = Link(
    role=Role.INSPECTOR,
    command=CheckCase(passed=True),
    leads_to=State.PENDING_CLOSE,
    pace=Pace.BEFORE,
)


def recorded_life(
    report: ReportCase, lead: UnitId, opened: datetime, closed: datetime | None, line: int
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
        close = Link(
            role=Role.SHIFT_LEADER,
            command=CloseCase(),
            leads_to=State.CLOSED,
            at=max(opened, closed),
            claimed=closed,
        )
        links += [handled, ORDER, CHECK, close]
    return Plan(reference=report.reference, line=line, links=tuple(links))
