"""How an act on a set went: how many are done, and each case that is not, with the reason."""

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from casework.terms import CaseId
from console.batch.running import Running, Standing, Told
from console.panes.batch_rows import BatchRows, BatchTable
from console.picture import Picture
from console.refusals import refusal
from console.vocabulary import OFFERS
from console.wording import mark, tr
from widgets.key_button import KeyButton
from widgets.plain_label import PlainLabel, Tone
from widgets.theme import Theme

_SOON_MS = 100
_ORDER = (Standing.REFUSED, Standing.WAITING, Standing.SENT, Standing.DONE)
_TONES: dict[Standing, Tone] = {Standing.REFUSED: "late", Standing.DONE: "done"}


class BatchResult(QFrame):
    """Follows one running act until the person leaves; answers still come in afterwards."""

    undo_wanted = Signal()
    left = Signal()

    def __init__(self, picture: Picture, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("pane", "true")
        self._picture, self._theme = picture, theme
        self._rows = BatchRows(picture)
        self._running: Running | None = None
        self._title = PlainLabel(size="heading")
        self._count = PlainLabel()
        self._advice = PlainLabel(tone="muted", wrap=True)
        self.table = BatchTable(theme, mark("How it went"))
        self.undo = KeyButton("", "Ctrl+Z", theme, bind=False)
        self.leave = KeyButton("", "Esc", theme, bind=False, suggested=True)
        self.undo.clicked.connect(self.undo_wanted)
        self.leave.clicked.connect(self.left)
        self.table.activated_key.connect(self.left)
        head = QHBoxLayout()
        for part in (self._title, self._count):
            head.addWidget(part)
        head.addStretch(1)
        for key in (self.undo, self.leave):
            head.addWidget(key)
        self._box = QVBoxLayout(self)
        self._box.addLayout(head)
        self._box.addWidget(self._advice)
        self._box.addWidget(self.table, 1)
        self._soon = QTimer(self, singleShot=True, interval=_SOON_MS)
        self._soon.timeout.connect(self.look_again)
        picture.sites_changed.connect(self._soon.start)
        theme.changed.connect(self.speak)
        self.speak()

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
        px = self._theme.px
        self._box.setContentsMargins(px(14), px(10), px(14), px(10))
        self._box.setSpacing(px(8))
        self.table.speak()
        self.undo.set_words(tr("Take all back"))
        self.leave.set_words(tr("Back to the queue"))
        self.look_again()
