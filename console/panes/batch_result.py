"""How an act on a set went: how many are done, and each case that is not, with the reason."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from casework.terms import CaseId
from console.batch.running import Running, Standing, Told
from console.panes.batch_page import BatchPage
from console.picture import Picture
from console.refusals import refusal
from console.vocabulary import OFFERS
from console.wording import mark, tr
from widgets.key_button import KeyButton
from widgets.plain_label import PlainLabel, Tone
from widgets.theme import Theme

_ORDER = (Standing.REFUSED, Standing.WAITING, Standing.SENT, Standing.DONE)
_TONES: dict[Standing, Tone] = {Standing.REFUSED: "late", Standing.DONE: "done"}


class BatchResult(BatchPage):
    """Follows one running act until the person leaves; answers still come in afterwards."""

    undo_wanted = Signal()

    def __init__(self, picture: Picture, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(picture, theme, mark("How it went"), parent)
        self._running: Running | None = None
        self._advice = PlainLabel(tone="muted", wrap=True)
        self.undo = KeyButton("", "Ctrl+Z", theme, bind=False)
        self.leave.set_suggested(True)
        self.undo.clicked.connect(self.undo_wanted)
        self.table.activated_key.connect(self.left)
        picture.sites_changed.connect(self._soon.start)
        self._lay_out(self.undo, self._advice)

    def follow(self, running: Running) -> None:
        """Show how this act goes."""
        self._running = running
        running.changed.connect(self._soon.start)
        running.ended.connect(self.look_again)
        self.look_again()
        self.leave.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot()
    def look_again(self) -> None:
        """Count the answers anew."""
        running = self._running
        if running is None:
            return
        done = len(running.among(Standing.DONE))
        refused = len(running.among(Standing.REFUSED))
        waiting = len(running.told) - done - refused
        self._title.setText(tr(OFFERS[running.name]))
        said = [tr("{done} of {n} done", done=f"{done:,}", n=f"{len(running.told):,}")]
        if refused:
            said.append(tr("{n} not done", n=f"{refused:,}"))
        if waiting:
            said.append(tr("{n} wait for the server's answer", n=f"{waiting:,}"))
        self._count.setText(" · ".join(said))
        self._advice.setText(self._advise(refused, waiting))
        self._advice.setVisible(bool(self._advice.text()))
        self.undo.setVisible(running.name != "take_back" and done > 0 and not waiting)
        self.table.show_rows(
            self._rows.row(case, _ORDER.index(told.standing), *self._in_words(case, told))
            for case, told in running.told.items()
        )

    def _advise(self, refused: int, waiting: int) -> str:
        live = all(self._picture.is_live(site) for site in self._picture.sites)
        if waiting and not live:
            return tr(
                "The link is lost. What was sent is asked again by itself; nothing is done twice."
            )
        return tr("What was not done stays selected.") if refused else ""

    def _in_words(self, case: CaseId, told: Told) -> tuple[str, Tone]:
        words = {
            Standing.WAITING: tr("not sent yet"),
            Standing.SENT: tr("sent; waiting for the server's answer"),
            Standing.DONE: tr("done"),
        }
        detail = self._picture.staff.named(told.detail, case)
        said = words.get(told.standing) or refusal(told.code, **detail)
        return said, _TONES.get(told.standing, "muted")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape):
            self.left.emit()
        else:
            super().keyPressEvent(event)

    @Slot()
    def speak(self) -> None:
        """The language or the scale is another."""
        super().speak()
        self.undo.set_words(tr("Take all back"))
        self.leave.set_words(tr("Back to the queue"))
        self.look_again()
