"""Reports begun and left for another call: each with its time and a key to go on with it."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from console.names import Names
from console.refusals import refusal
from console.report_drafts import BegunReport
from console.wording import tr
from widgets.key_button import KeyButton
from widgets.plain_label import PlainLabel
from widgets.theme import Theme

MOST = 6


class BegunList(QWidget):
    """`resumed` names the draft to go on with."""

    resumed = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._names: tuple[str, ...] = ()
        self._title = PlainLabel(size="strong")
        self.buttons = [
            KeyButton("", f"Ctrl+Alt+{number}", theme, bind=False) for number in range(1, MOST + 1)
        ]
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, theme.px(8), 0, 0)
        layout.setSpacing(theme.px(6))
        layout.addWidget(self._title)
        for place, button in enumerate(self.buttons):
            layout.addWidget(button)
            button.clicked.connect(partial(self._resume, place))
            shortcut = QShortcut(QKeySequence(f"Ctrl+Alt+{place + 1}"), self)
            shortcut.activated.connect(button.click)
        self.hide()

    def show_begun(self, begun: Sequence[tuple[str, BegunReport]], names: Names) -> None:
        """These wait, the oldest first; the newest are left out when there are too many."""
        self._names = tuple(name for name, _ in begun[:MOST])
        self._title.setText(tr("Reports begun: {n}", n=len(begun)))
        for place, button in enumerate(self.buttons):
            button.setVisible(place < len(self._names))
            if place < len(self._names):
                report = begun[place][1]
                button.set_words(self._heading(report, names), _standing(report) or " ")
        self.setVisible(bool(begun))

    def _heading(self, report: BegunReport, names: Names) -> str:
        return f"{names.local(report.began):%H:%M}  {report.state.heading}"

    @Slot()
    def _resume(self, place: int) -> None:
        if place < len(self._names):
            self.resumed.emit(self._names[place])


def _standing(report: BegunReport) -> str:
    if report.refused:
        return refusal(report.refused, **report.detail)
    if report.asked:
        return tr("Sent, but no answer came: look whether the case exists.")
    return ""
