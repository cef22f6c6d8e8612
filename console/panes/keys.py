"""`?`: every key of the desk on one page, by what one does with it; below them what is assumed in
the city's data, as its rule book says it."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QShortcut
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from console.key_sections import COLUMNS, Section
from console.wording import tr
from widgets.key_button import KeyButton
from widgets.plain_label import PlainLabel
from widgets.scrolled import scrolled
from widgets.theme import Theme

_LINE, _ABOVE_TITLE = 21, 8
_SPARE = 36
"""Pixels at 100 %: the page's own edges."""


class KeysPane(QFrame):
    """Reads, never asks."""

    closed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("pane", "true")
        self._theme = theme
        self._title = PlainLabel(size="heading")
        self._close = KeyButton("", "Esc", theme, bind=False)
        self._close.clicked.connect(self.closed)
        self._head = QHBoxLayout()
        self._head.addWidget(self._title)
        self._head.addStretch(1)
        self._head.addWidget(self._close)
        self._across = QHBoxLayout()
        self._words: list[tuple[PlainLabel, str]] = []
        self._titles: list[PlainLabel] = []
        self._grids = [self._column(sections) for sections in COLUMNS]
        for grid in self._grids:
            self._across.addLayout(grid, 1)
        self._assumed = PlainLabel(size="heading")
        self._notices = PlainLabel(wrap=True, tone="muted")
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(self._across)
        column.addWidget(self._assumed)
        column.addWidget(self._notices)
        column.addStretch(1)
        self._box = QVBoxLayout(self)
        self._box.addLayout(self._head)
        self._page = page
        self._scrolled = scrolled(page)
        self._box.addWidget(self._scrolled, 1)
        leave = QShortcut(Qt.Key.Key_Escape, self)
        leave.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        leave.activated.connect(self.closed)
        theme.changed.connect(self.speak)
        self.show_notices(())
        self.speak()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What does not fit is scrolled by keys too."""
        bar = self._scrolled.verticalScrollBar()
        steps = {
            Qt.Key.Key_Up: -self._theme.px(_LINE),
            Qt.Key.Key_Down: self._theme.px(_LINE),
            Qt.Key.Key_PageUp: -bar.pageStep(),
            Qt.Key.Key_PageDown: bar.pageStep(),
            Qt.Key.Key_Home: -bar.maximum(),
            Qt.Key.Key_End: bar.maximum(),
        }
        step = steps.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            bar.setValue(bar.value() + step)

    @property
    def tall(self) -> int:
        """Pixels in which every key is in sight."""
        return (
            self._head.sizeHint().height()
            + self._across.heightForWidth(self._page.width())
            + (self._theme.px(_SPARE))
        )

    def show_notices(self, notices: Sequence[str]) -> None:
        """What the rule book says of its own assumptions; nothing, if it says nothing."""
        self._assumed.setVisible(bool(notices))
        self._notices.setText("\n".join(notices))

    def _column(self, sections: Sequence[Section]) -> QGridLayout:
        """Sections one below the other."""
        grid = QGridLayout()
        grid.setColumnStretch(1, 1)
        for section in sections:
            title = PlainLabel(tone="muted", size="label")
            grid.addWidget(title, grid.rowCount(), 0, 1, 2)
            self._words.append((title, section.title))
            self._titles.append(title)
            for key, english in section.keys:
                cap, words = PlainLabel(key, tone="accent"), PlainLabel(wrap=True)
                cap.setMinimumWidth(cap.sizeHint().width())
                row = grid.rowCount()
                grid.addWidget(cap, row, 0, Qt.AlignmentFlag.AlignTop)
                grid.addWidget(words, row, 1, Qt.AlignmentFlag.AlignTop)
                self._words.append((words, english))
        grid.setRowStretch(grid.rowCount(), 1)  # what is left stays below
        return grid

    @Slot()
    def speak(self) -> None:
        """The language or the scale is another."""
        px = self._theme.px
        self._box.setContentsMargins(px(14), px(10), px(14), px(10))
        self._across.setSpacing(px(16))
        for grid in self._grids:
            grid.setHorizontalSpacing(px(10))
            grid.setVerticalSpacing(0)
        for title in self._titles:
            title.setContentsMargins(0, px(_ABOVE_TITLE), 0, px(2))
        self._title.setText(tr("Keys"))
        self._assumed.setText(tr("What is assumed in this city's data"))
        self._close.set_words(tr("Back"))
        for label, english in self._words:
            label.setText(tr(english))
