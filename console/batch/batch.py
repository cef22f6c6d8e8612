"""An act on a set from its key to its result: preview, carrying out, what stays selected, undo."""

from PySide6.QtCore import QObject, Signal, Slot

from console.batch.offers import BatchOffer
from console.batch.plan import Plan
from console.batch.running import Running, Standing
from console.panes.batch_acts import BatchActsPane
from console.panes.batch_preview import BatchPreview
from console.panes.batch_result import BatchResult
from console.picture import Ask, Picture, Wish
from console.selection import Selection
from console.wording import tr
from widgets.theme import Theme

UNDO, UNDER_WAY = "take_back", "batch.under_way"


class Batch(QObject):
    """One act at a time: the next waits until every case of this one has its answer."""

    preview_shown = Signal()
    result_shown = Signal()
    left = Signal()
    """Back to the queue."""
    undo_wanted = Signal()
    all_done = Signal(str)
    """Name of an act that every case of its set has taken."""
    held = Signal(str)
    """The code of why neither another act on a set nor an undo can begin; empty: it can."""

    def __init__(
        self, picture: Picture, ask: Ask, selection: Selection, theme: Theme, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._picture, self._ask, self._selection = picture, ask, selection
        self.acts = BatchActsPane(picture, selection, theme)
        self.preview, self.result = BatchPreview(picture, theme), BatchResult(picture, theme)
        self._running: Running | None = None
        self.acts.chosen.connect(self._preview_act)
        self.preview.wanted.connect(self._carry_out)
        self.preview.left.connect(self._leave_preview)
        self.result.left.connect(self.left)
        self.result.undo_wanted.connect(self.undo_wanted)
        selection.marked.connect(self._set_changed)

    def speak(self) -> None:
        """The language is another."""
        for pane in (self.acts, self.preview, self.result):
            pane.speak()

    @Slot(object)
    def _preview_act(self, offer: BatchOffer) -> None:
        self.preview.begin(offer, self._selection.batch)
        self.preview_shown.emit()

    @Slot()
    def _leave_preview(self) -> None:
        self.preview.end()
        self.left.emit()

    @Slot()
    def _set_changed(self) -> None:
        """Other cases are selected: what was planned was for those before."""
        if self.preview.is_under_way:
            self._leave_preview()

    @Slot(object)
    def _carry_out(self, made: Plan) -> None:
        self.preview.end()
        self._run(made.offer.name, made.wishes)

    @Slot(object)
    def take_back(self, wishes: tuple[Wish, ...]) -> None:
        """Undo the last act on a set: its cases are the set again."""
        self._selection.mark(wish.case for wish in wishes if wish.case is not None)
        self._run(UNDO, wishes)

    def _run(self, name: str, wishes: tuple[Wish, ...]) -> None:
        self._running = running = Running(name, wishes, self._picture, self._ask, self)
        running.changed.connect(self._let_done_go)
        running.ended.connect(self._ended)
        self.acts.hold(tr("Waiting for the server's answer."))
        self.held.emit(UNDER_WAY)
        self.result.follow(running)
        self.result_shown.emit()
        running.start()

    @Slot()
    def _let_done_go(self) -> None:
        """Only what was not done stays selected; what was taken back stays too."""
        running = self._running
        if running is not None and running.name != UNDO:
            self._selection.mark(self._selection.marks - set(running.among(Standing.DONE)))

    @Slot()
    def _ended(self) -> None:
        self.acts.hold("")
        self.held.emit("")
        running = self._running
        if running is not None and len(running.among(Standing.DONE)) == len(running.told):
            self.all_done.emit(running.name)
        left = sorted(self._selection.marks)
        if left and self._selection.case not in left:
            self._selection.select(left[0])
