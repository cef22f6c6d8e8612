"""A line that offers candidates below it while somebody types: ↑ ↓ walk them, Enter takes one.

The list floats over what lies below, so that nothing moves. Enter without a marked candidate goes
on to the next field, and so does Tab; Esc puts the list away and leaves what was typed.
"""

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QEvent, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QWidget

from widgets.plain_label import one_line, plain_tooltip
from widgets.theme import Theme

_MOST_ROWS = 8
_BETWEEN = " · "
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_VALUE = Qt.ItemDataRole.UserRole


class Candidate(NamedTuple):
    """One row: its words, what else is to be known, and what taking it means. A doubted one is
    shown in the tone of a warning."""

    text: str
    detail: str
    value: object
    is_doubted: bool = False


class CandidateField(QLineEdit):
    """`typed` says what a person wrote; whoever knows answers with `offer`."""

    typed = Signal(str)
    taken = Signal(object)
    """The value of the candidate that was taken."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.goes_on = True
        """Enter goes on to the next field; without it, who listens to `taken` says where to."""
        self.list = QListWidget(self)
        self.list.setProperty("floating", "true")
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setUniformItemSizes(True)
        self.list.hide()
        self.list.itemClicked.connect(self._take_item)
        self.textEdited.connect(self.typed)

    def offer(self, candidates: Sequence[Candidate], *, mark_first: bool) -> None:
        """Show these below; with `mark_first` Enter takes the first of them at once."""
        self.list.clear()
        for each in candidates:
            item = QListWidgetItem(one_line(_BETWEEN.join(filter(None, (each.text, each.detail)))))
            item.setData(_VALUE, each.value)
            item.setToolTip(plain_tooltip(f"{each.text}\n{each.detail}"))
            if each.is_doubted:
                item.setForeground(self._theme.color("late"))
            self.list.addItem(item)
        self.list.setCurrentRow(0 if mark_first and candidates else -1)
        self._float()

    @property
    def is_offering(self) -> bool:
        """Whether candidates stand below."""
        return not self.list.isHidden()

    def put_away(self) -> None:
        """Take the list away; what was typed stays."""
        self.list.hide()

    def _float(self) -> None:
        if not self.list.count() or not self.hasFocus():
            self.list.hide()
            return
        window = self.window()
        if self.list.parent() is not window:
            self.list.setParent(window)
        rows = min(self.list.count(), _MOST_ROWS)
        tall = self.list.sizeHintForRow(0) * rows + 2 * self.list.frameWidth() + 4
        below = self.mapTo(window, QPoint(0, self.height() + 1))
        if below.y() + tall > window.height():
            below.setY(max(below.y() - self.height() - tall - 2, 0))
        wide = max(self.width(), self.list.sizeHintForColumn(0) + 2 * self.list.frameWidth() + 4)
        wide = min(wide, window.width() - below.x() - 4)
        self.list.setGeometry(below.x(), below.y(), wide, tall)
        self.list.show()
        self.list.raise_()

    @Slot(QListWidgetItem)
    def _take_item(self, item: QListWidgetItem) -> None:
        self.put_away()
        self.taken.emit(item.data(_VALUE))

    def _take_marked(self) -> bool:
        item = self.list.currentItem() if self.is_offering else None
        if item is None:
            return False
        self._take_item(item)
        return True

    def event(self, event: QEvent) -> bool:
        """Enter belongs to this line before it belongs to the page, and so does Esc while the list
        is open; Tab takes as Enter does."""
        if isinstance(event, QKeyEvent):
            if event.type() is QEvent.Type.ShortcutOverride and self._is_own(event):
                event.accept()
                return True
            tab = event.type() is QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Tab
            if tab and self.is_offering:
                self._take_marked()
        return super().event(event)

    def _is_own(self, event: QKeyEvent) -> bool:
        if event.key() == Qt.Key.Key_Escape:
            return self.is_offering
        return event.key() in _ENTER and not event.modifiers()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
        if step and self.is_offering:
            last = self.list.count() - 1
            self.list.setCurrentRow(min(max(self.list.currentRow() + step, 0), last))
        elif step:
            self.typed.emit(self.text())
        elif event.key() == Qt.Key.Key_Escape and self.is_offering:
            self.put_away()
        elif event.key() in _ENTER and not event.modifiers():
            self._take_marked()
            if self.goes_on:
                self.focusNextChild()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.put_away()
