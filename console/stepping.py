"""From one case to the next: the most urgent free one, the one after an own act, the last act
taken back."""

from PySide6.QtCore import QObject, Signal, Slot

from casework.acts import MarkDelivered, MarkRead, ReportCase, TakeBack
from casework.claims import TakeNext
from casework.life import HOLDERS, TAKE_NEXT
from casework.terms import CENTRE_ROLES, CaseId
from console.panes.queue import QueuePane
from console.picture import Ask, Change, Picture, Wish
from console.selection import Selection

_QUIET = ReportCase | TakeBack | MarkDelivered | MarkRead
"""After these the same case stays open."""


class Stepping(QObject):
    """Moves the selection when an answer says so; asks, and never decides."""

    taken = Signal(object)
    """`CaseId` that was taken from the queue and is to be opened."""
    nothing_to_undo = Signal()

    def __init__(
        self, picture: Picture, ask: Ask, selection: Selection, queue: QueuePane, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._picture, self._ask = picture, ask
        self._selection, self._queue = selection, queue
        self._stepping: CaseId | None = None
        picture.granted.connect(self._granted)
        picture.taken.connect(self._taken)
        picture.changed.connect(self._changed)
        queue.next_wanted.connect(self.take_next)

    @Slot()
    def take_next(self) -> None:
        """Ask for the most urgent free case: of the open box's link, if that is this person's."""
        welcome = self._picture.sites[0].welcome
        held = [grant.role for grant in welcome.grants] if welcome is not None else []
        own = [role for role in held if role in CENTRE_ROLES]
        if not own:
            return
        state = self._queue.box_state
        if state is not None and HOLDERS.get(state) in own:
            self._ask(Wish(TAKE_NEXT.name, None, HOLDERS[state], TakeNext(states=(state,))))
        else:
            self._ask(Wish(TAKE_NEXT.name, None, own[0], TakeNext()))

    @Slot()
    def undo(self) -> None:
        """Take this desk's last act back, whatever case is open now, and open its case again."""
        last = self._picture.last_act
        if last is None or last.case is None or last.role not in CENTRE_ROLES:
            self.nothing_to_undo.emit()
            return
        self._stepping = None
        self._selection.select(last.case)
        self._ask(Wish("take_back", last.case, last.role, TakeBack()))

    @Slot(object)
    def _taken(self, case: CaseId) -> None:
        self._stepping = None
        self.taken.emit(case)

    @Slot(object)
    def _granted(self, wish: Wish) -> None:
        if isinstance(wish.command, _QUIET) or wish.case is None:
            return
        if wish.case == self._selection.case:
            self._stepping = wish.case
            self._queue.step_on(wish.case)

    @Slot(object)
    def _changed(self, change: Change) -> None:
        stepping = self._stepping
        if stepping is None:
            return
        if stepping != self._selection.case:
            self._stepping = None
        elif stepping in change.gone or any(case.id == stepping for case in change.upserted):
            self._stepping = None
            self._queue.step_on(stepping)
