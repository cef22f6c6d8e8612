"""What this desk knows of inspectors: all it may see, and those proposed for one case.

The server ranks; the desk asks again now and then, since people move without a case changing.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from casework.enquiries import InspectorRow, InspectorsQuery, InspectorsReply
from casework.rules.proposal import Reason
from casework.terms import CaseId, Role, UserId
from console.picture import Change, Opened, Picture, Replied
from console.wording import mark, tr

AGAIN_MS = 15_000
MOST = 12
EVERYBODY = 2_000
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
    Reason.HAS_ORDER: mark("has this order"),
}


class Presence(StrEnum):
    """How an inspector can be reached; the first can be sent best."""

    FREE = "free"  # 空閒: on duty, without an order
    ON_ORDER = "on_order"  # on duty, with orders
    SILENT = "silent"  # on duty, but has not said for too long where
    OFF = "off"  # 離崗


PRESENCES: dict[Presence, str] = {
    Presence.FREE: mark("free"),
    Presence.ON_ORDER: mark("on an order"),
    Presence.SILENT: mark("silent too long"),
    Presence.OFF: mark("off duty"),
}


def presence(row: InspectorRow) -> Presence:
    """How an inspector can be reached; that nobody knows where comes before being busy."""
    if row.on_duty_since is None:
        return Presence.OFF
    if row.stale or row.point is None:
        return Presence.SILENT
    return Presence.ON_ORDER if row.open_orders else Presence.FREE


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
        self._asked: set[tuple[int, int]] = set()
        """Questions for everybody that are not answered yet; each answer counts."""
        self.rows: dict[UserId, InspectorRow] = {}
        self._told: dict[UserId, str] = {}
        self._missed: set[UserId] = set()
        self._watchers: set[int] = set()
        self._all_known = False
        self._again = QTimer(self, interval=AGAIN_MS)
        self._again.timeout.connect(self.refresh)
        picture.replied.connect(self._replied)
        picture.sites_changed.connect(self._sites_changed)
        picture.opened.connect(self._learn)
        picture.changed.connect(self._look_for_names)
        self._asked_as: object = None
        self._sites_changed()

    @property
    def may_know(self) -> bool:
        """Whether this person holds a role of the centre."""
        welcome = self._picture.sites[0].welcome
        return welcome is not None and any(g.role in CENTRE for g in welcome.grants)

    def name(self, user: UserId | None, case: CaseId | None = None) -> str:
        """An inspector's name; the sign-in name of somebody this desk does not know."""
        if user is None:
            return ""
        row, welcome = self.rows.get(user), self._picture.sites[0].welcome
        if row is not None:
            return row.name
        if welcome is not None and welcome.user == user:
            return welcome.name
        told = self._told.get(user)
        return told or (self._picture.staff.name(user, case) if case is not None else user)

    def watch(self, watcher: object) -> None:
        """Keep `rows` up to date as long as this one shows them."""
        self._watchers.add(id(watcher))
        if not self._again.isActive():
            self._again.start()
            self.refresh()

    def look_away(self, watcher: object) -> None:
        """This one shows them no more."""
        self._watchers.discard(id(watcher))
        if not self._watchers:
            self._again.stop()

    @Slot()
    def refresh(self) -> None:
        """Ask for everybody this person may know of."""
        if self.may_know:
            asked = self._picture.question(InspectorsQuery(limit=EVERYBODY))
            self._asked |= {asked} if asked is not None else set()

    def rank(self, case: CaseId, most: int = MOST) -> None:
        """Ask who may be sent to a case, the best `most`; `ranked` brings them."""
        asked = self._picture.question(InspectorsQuery(case=case, limit=most), case)
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
            self.rows, self._missed, self._all_known = {}, set(), False
            self._asked.clear()
            self.refresh()

    @Slot(object)
    def _learn(self, opened: Opened) -> None:
        """An opened case's record names the inspector, also to who may not ask for inspectors."""
        case = opened.detail.case if opened.detail is not None else None
        if case is None or case.inspector is None or opened.detail is None:
            return
        named = [row.inspector for row in opened.detail.history if row.inspector]
        if named and self._told.get(case.inspector) != named[-1]:
            self._told[case.inspector] = named[-1]
            self.changed.emit()

    @Slot(object)
    def _look_for_names(self, change: Change) -> None:
        """An order names somebody who is new here: ask for everybody, once for each such."""
        named = {case.inspector for case in change.upserted if case.inspector is not None}
        new = named - self.rows.keys() - self._missed
        if new and self._all_known:
            self._missed |= new
            self.refresh()

    @Slot(object)
    def _replied(self, reply: Replied) -> None:
        body = reply.body
        found = body.inspectors if isinstance(body, InspectorsReply) else None
        case = self._cases.pop(reply.ref, None)
        if case is not None:
            self.ranked.emit(Ranked(case, found))
        elif reply.ref in self._asked and found is not None:
            self._asked.discard(reply.ref)
            self.rows = {row.user: row for row in found}
            self._all_known = True
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
