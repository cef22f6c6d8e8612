"""What this desk knows of inspectors: all it may see, and those proposed for one case.

The server ranks; the desk asks again now and then, since people move without a case changing.
"""

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from casework.enquiries import InspectorRow, InspectorsQuery, InspectorsReply
from casework.rules.proposal import Reason
from casework.terms import CaseId, Role, UserId
from console.picture import Picture, Replied
from console.wording import mark, tr

AGAIN_MS = 15_000
MOST = 12
CENTRE = (Role.ACCEPTOR, Role.SHIFT_LEADER, Role.DISPATCHER)
REASONS: dict[Reason, str] = {
    Reason.OWN_GRID: mark("own grid"),
    Reason.FREE: mark("free"),
    Reason.BUSY: mark("busy"),
    Reason.ON_DUTY: mark("on duty"),
    Reason.OFF_DUTY: mark("off duty"),
    Reason.NEAR: mark("near"),
    Reason.FAR: mark("far away"),
    Reason.NO_POSITION: mark("position unknown"),
}


class Ranked(NamedTuple):
    """Whom the server proposes for a case, best first; None when it could not say."""

    case: CaseId
    found: tuple[InspectorRow, ...] | None


class Inspectors(QObject):
    """Asks only for whom the centre's roles may know of."""

    changed = Signal()
    """Somebody went on duty, moved, or has other orders."""
    ranked = Signal(object)
    """`Ranked`."""

    def __init__(self, picture: Picture, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._picture = picture
        self._cases: dict[tuple[int, int], CaseId] = {}
        self._all: tuple[int, int] | None = None
        self.rows: dict[UserId, InspectorRow] = {}
        self._again = QTimer(self, interval=AGAIN_MS)
        self._again.timeout.connect(self.refresh)
        picture.replied.connect(self._replied)
        picture.sites_changed.connect(self._sites_changed)
        self._asked_as: object = None

    @property
    def may_know(self) -> bool:
        """Whether this person holds a role of the centre."""
        welcome = self._picture.sites[0].welcome
        return welcome is not None and any(g.role in CENTRE for g in welcome.grants)

    def name(self, user: UserId | None) -> str:
        """An inspector's name; the sign-in name of somebody this desk does not know."""
        row = self.rows.get(user) if user is not None else None
        return row.name if row is not None else user or ""

    def watch(self) -> None:
        """Keep `rows` up to date from now on: somebody shows them."""
        self._again.start()
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Ask for everybody this person may know of."""
        if self.may_know:
            self._all = self._picture.question(InspectorsQuery())

    def rank(self, case: CaseId) -> None:
        """Ask who may be sent to a case; `ranked` brings them."""
        asked = self._picture.question(InspectorsQuery(case=case, limit=MOST), case)
        if asked is None:
            self.ranked.emit(Ranked(case, None))
        else:
            self._cases[asked] = case

    @Slot()
    def _sites_changed(self) -> None:
        """Somebody signed in: ask at once."""
        site = self._picture.sites[0]
        who = (site.welcome and site.welcome.user, self._picture.is_live(site))
        if who != self._asked_as:
            self._asked_as = who
            self.rows = {}
            if self._again.isActive():
                self.refresh()

    @Slot(object)
    def _replied(self, reply: Replied) -> None:
        body = reply.body
        found = body.inspectors if isinstance(body, InspectorsReply) else None
        case = self._cases.pop(reply.ref, None)
        if case is not None:
            self.ranked.emit(Ranked(case, found))
        elif reply.ref == self._all and found is not None:
            self.rows = {row.user: row for row in found}
            self.changed.emit()


def reasons(row: InspectorRow) -> str:
    """Why somebody is proposed, in words."""
    return " · ".join(tr(REASONS[reason]) for reason in _telling(row.reasons))


def _telling(found: Sequence[Reason]) -> list[Reason]:
    """The distance says already whether somebody is near."""
    return [reason for reason in found if reason is not Reason.NEAR]


_EXPECTED = (Reason.NEAR, Reason.FREE, Reason.ON_DUTY)


def figures(row: InspectorRow) -> str:
    """How far away, what is not as one would expect, and how much is on the way to them."""
    told = [tr(REASONS[reason]) for reason in row.reasons if reason not in _EXPECTED]
    busy = tr("orders {n}", n=row.open_orders) if row.open_orders else ""
    return " · ".join(filter(None, (distance(row.metres), *told, busy)))


def distance(metres: int | None) -> str:
    """Metres below a kilometre, else kilometres; nothing for an unknown distance."""
    if metres is None:
        return ""
    return f"{metres} m" if metres < 1000 else f"{metres / 1000:.1f} km"  # noqa: PLR2004
