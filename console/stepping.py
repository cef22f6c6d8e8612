"""From one case to the next: the most urgent free one, the one after an own act, the last act
taken back."""

from PySide6.QtCore import QObject, Signal, Slot

from casework.acts import MarkDelivered, MarkRead, ReportCase, TakeBack
from casework.claims import TakeNext
from casework.decider import Actor
from casework.holding import next_post
from casework.life import TAKE_NEXT, undoable
from casework.links import APPROVER, DECIDED_IN, HOLDERS, ORDERED, ORDERER
from casework.terms import CENTRE_ROLES, CaseId, Role, State
from console.panes.queue import QueuePane
from console.picture import Ask, Change, Picture, Wish
from console.refusals import refusal
from console.selection import Selection

_QUIET = ReportCase | TakeBack | MarkDelivered | MarkRead
"""After these the same case stays open; after an act on a set, too."""


class Stepping(QObject):
    """Moves the selection when an answer says so; asks, and never decides."""

    taken = Signal(object)
    """`CaseId` that was taken from the queue and is to be opened."""
    undo_refused = Signal(str)
    """In words why nothing is taken back."""
    several_to_undo = Signal(object)
    """`tuple[Wish, ...]` that takes the last act on a set back."""

    def __init__(
        self, picture: Picture, ask: Ask, selection: Selection, queue: QueuePane, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._picture, self._ask = picture, ask
        self._selection, self._queue = selection, queue
        self._stepping: CaseId | None = None
        self._held = ""
        picture.granted.connect(self._granted)
        picture.taken.connect(self._taken)
        picture.changed.connect(self._changed)
        queue.next_wanted.connect(self.take_next)

    @Slot()
    def take_next(self) -> None:
        """Ask for the most urgent free case: of the open box's link, if that is this person's; in
        the boxes of orders that are out, of those that are late; else of all that waits for them
        in any of their posts."""
        actor = self._picture.sites[0].actor
        held = [grant.role for grant in actor.grants] if actor is not None else []
        own = [role for role in held if role in CENTRE_ROLES]
        if actor is None or not own:
            return
        state = self._queue.box_state
        if state is not None and HOLDERS.get(state) in own:
            self._take(HOLDERS[state], state)
        elif ORDERER in own and state in ORDERED:
            self._take(ORDERER, state)
        elif APPROVER in own and (self._queue.box_key == "applied" or state in DECIDED_IN):
            self._take(APPROVER, *DECIDED_IN)
        else:
            self._take(self._post(actor) or own[0])

    def _take(self, role: Role, *states: State) -> None:
        self._ask(Wish(TAKE_NEXT.name, None, role, TakeNext(states=states)))

    def _post(self, actor: Actor) -> Role | None:
        """The post in which the most urgent case waits for who holds several."""
        site = self._picture.sites[0]
        minutes = site.rules.queues.claim_minutes if site.rules is not None else 0
        return next_post(site.cases.values(), actor, self._picture.now(), minutes)

    @Slot()
    def undo(self) -> None:
        """Take this desk's last act back, whatever case is open now, and open its case again; an
        act on a set with all its cases."""
        last = [w for w in self._picture.last_act if w.case and w.role in CENTRE_ROLES]
        if self._held:
            self.undo_refused.emit(refusal(self._held))
        elif not last:
            self.undo_refused.emit(refusal("undo.nothing"))
        elif not undoable(last[0].command, last[0].role):
            self.undo_refused.emit(refusal("undo.not_this"))
        else:
            wishes = tuple(Wish("take_back", w.case, w.role, TakeBack()) for w in last)
            self._stepping = None
            if len(wishes) > 1:
                self.several_to_undo.emit(wishes)
            else:
                self._selection.select(wishes[0].case)
                self._ask(wishes[0])

    @Slot(str)
    def hold_undo(self, code: str) -> None:
        """Nothing is taken back for now, and why; an empty code lets it be."""
        self._held = code

    @Slot(object)
    def _taken(self, case: CaseId) -> None:
        self._stepping = None
        self.taken.emit(case)

    @Slot(object)
    def _granted(self, wish: Wish) -> None:
        if isinstance(wish.command, _QUIET) or wish.case is None or wish.batch:
            return
        if wish.case == self._selection.case and self._picture.case(wish.case) is not None:
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
