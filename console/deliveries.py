"""The inspector's own desk confirms an order by itself: delivered when it is here, read when its
case is opened. The centre sees both, and sees when either is missing.
"""

from PySide6.QtCore import QObject, Slot

from casework.acts import MarkDelivered, MarkRead
from casework.case import Case
from casework.decider import Command
from casework.terms import CaseId, Role
from console.picture import Ask, Change, Picture, Wish
from console.selection import Selection

DELIVERED, READ = "mark_delivered", "mark_read"
"""Wishes that nobody presses: the desk does not step on after them."""


class Deliveries(QObject):
    """Asks once an order, in the inspector's role, for orders that name this person."""

    def __init__(
        self, picture: Picture, selection: Selection, ask: Ask, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._picture, self._selection, self._ask = picture, selection, ask
        self._asked: set[tuple[str, CaseId, int]] = set()
        picture.changed.connect(self._changed)
        picture.sites_changed.connect(self._look_at_all)
        selection.moved.connect(self._opened)

    @Slot(object)
    def _changed(self, change: Change) -> None:
        for case in change.upserted:
            self._look_at(case)

    @Slot()
    def _look_at_all(self) -> None:
        """A link is live again: what could not be confirmed meanwhile is confirmed now."""
        for case in self._picture.cases():
            self._look_at(case)

    @Slot(object)
    def _opened(self, id: CaseId | None) -> None:
        case = self._picture.case(id)
        if case is not None:
            self._look_at(case)

    def _look_at(self, case: Case) -> None:
        if case.order is None or not self._is_mine(case):
            return
        if case.id == self._selection.case and case.order.read_at is None:
            self._confirm(READ, case, MarkRead())
        elif case.order.delivered_at is None:
            self._confirm(DELIVERED, case, MarkDelivered())

    def _is_mine(self, case: Case) -> bool:
        site = self._picture.site_of(case.id)
        welcome = site.welcome
        return (
            welcome is not None
            and self._picture.is_live(site)
            and case.inspector == welcome.user
            and any(grant.role is Role.INSPECTOR for grant in welcome.grants)
        )

    def _confirm(self, name: str, case: Case, command: Command) -> None:
        key = (name, case.id, case.step)
        if key not in self._asked:
            self._asked.add(key)
            self._ask(Wish(name, case.id, Role.INSPECTOR, command))
