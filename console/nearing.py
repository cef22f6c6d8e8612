"""An inspector's own desk tells them when an order to them is near its limit (限時提醒)."""

from PySide6.QtCore import QObject, Signal, Slot

from casework.case import Case
from casework.decider import Grant
from casework.terms import CaseId, Role
from console import orders
from console.clocks import span
from console.order_book import order_clock
from console.picture import Change, Picture
from console.wording import tr


class Nearing(QObject):
    """Follows the orders that name this person; each is told once."""

    told = Signal(str)
    """One sentence; empty when nothing is near any more."""

    def __init__(self, picture: Picture, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._picture = picture
        self._mine: dict[CaseId, Case] = {}
        self._near: set[CaseId] = set()
        picture.changed.connect(self._take)
        self._picture.second_hand.struck.connect(self.look)

    @Slot(object)
    def _take(self, change: Change) -> None:
        for gone in change.gone:
            self._mine.pop(gone, None)
        for case in change.upserted:
            self._mine.pop(case.id, None)
            if case.order is not None and self._is_mine(case):
                self._mine[case.id] = case
        self.look()

    @Slot()
    def look(self) -> None:
        """Say what has come near its limit, or that nothing is."""
        near = {id: case for id, case in self._mine.items() if self._is_near(case)}
        fresh, self._near = near.keys() - self._near, set(near)
        if fresh:
            self.told.emit(self._sentence(min(near.values(), key=_due)))
        elif not near:
            self.told.emit("")

    def speak(self) -> None:
        """The language is another."""
        if self._near:
            self.told.emit(self._sentence(min((self._mine[id] for id in self._near), key=_due)))

    def _is_mine(self, case: Case) -> bool:
        welcome = self._picture.site_of(case.id).welcome
        grants: tuple[Grant, ...] = welcome.grants if welcome is not None else ()
        holds = any(grant.role is Role.INSPECTOR for grant in grants)
        return holds and welcome is not None and case.inspector == welcome.user

    def _is_near(self, case: Case) -> bool:
        clock = order_clock(case, self._picture.soon_percent(case.id))
        return clock is not None and clock.standing(self._picture.seen_now(case.id)) == "soon"

    def _sentence(self, case: Case) -> str:
        assert case.order is not None  # of those only
        assert case.order.due is not None  # one without a limit is never near it
        left = int((case.order.due - self._picture.seen_now(case.id)).total_seconds())
        return tr(
            "{case}: the order to {kind} is due in {left}.",
            case=self._picture.number(case.id),
            kind=orders.kind(case),
            left=span(left),
        )


def _due(case: Case) -> tuple[str, CaseId]:
    due = case.order.due if case.order is not None else None
    return due.isoformat() if due is not None else "~", case.id
