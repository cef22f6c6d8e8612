"""What both pages of an act on several cases share: a head, a table of the cases, the way out."""

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from console.panes.batch_rows import BatchRows, BatchTable
from console.picture import Picture
from widgets.key_button import KeyButton
from widgets.plain_label import PlainLabel
from widgets.theme import Theme

_SOON_MS = 100
"""Answers come in by hundreds: the page is counted anew that long after one at the earliest."""


class BatchPage(QFrame):
    """The act and how many cases on the left of its head, its keys on the right; `soon` looks
    again before long."""

    left = Signal()

    def __init__(
        self, picture: Picture, theme: Theme, last_column: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("pane", "true")
        self._picture, self._theme = picture, theme
        self._rows = BatchRows(picture)
        self._title = PlainLabel(size="heading")
        self._count = PlainLabel()
        self.table = BatchTable(theme, last_column)
        self.leave = KeyButton("", "Esc", theme, bind=False)
        self.leave.clicked.connect(self.left)
        self._soon = QTimer(self, singleShot=True, interval=_SOON_MS)
        self._soon.timeout.connect(self.look_again)

    def _lay_out(self, key: KeyButton, *above: QWidget) -> None:
        """The head with a key of the page's own, what stands above the table, and the table."""
        head = QHBoxLayout()
        head.addWidget(self._title)
        head.addWidget(self._count)
        head.addStretch(1)
        head.addWidget(key)
        head.addWidget(self.leave)
        self._box = QVBoxLayout(self)
        self._box.addLayout(head)
        for part in above:
            self._box.addWidget(part)
        self._box.addWidget(self.table, 1)
        self._theme.changed.connect(self.speak)
        self.speak()

    @Slot()
    def look_again(self) -> None:
        """What the page shows may be another by now."""

    @Slot()
    def speak(self) -> None:
        """The language or the scale is another."""
        px = self._theme.px
        self._box.setContentsMargins(px(14), px(10), px(14), px(10))
        self._box.setSpacing(px(8))
        self.table.speak()
