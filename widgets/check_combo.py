"""A chooser of several entries: a combo box whose entries are ticked with Space or a click.

What is typed into the open list leaves the entries that hold it; Backspace takes it back.
"""

from collections.abc import Hashable, Sequence

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt, Signal
from PySide6.QtGui import (
    QInputMethodEvent,
    QKeyEvent,
    QResizeEvent,
    QStandardItem,
    QStandardItemModel,
)
from PySide6.QtWidgets import QComboBox, QListView, QWidget

from widgets.plain_label import one_line, plain_tooltip

_CHECKED, _OPEN = Qt.CheckState.Checked, Qt.CheckState.Unchecked
_VALUE = Qt.ItemDataRole.UserRole
_BETWEEN = ", "
_ELIDE = Qt.TextElideMode.ElideRight
_ROOM = 6
"""Pixels that a line edit keeps around its text."""


class CheckCombo(QComboBox):
    """Shows what is ticked, or `nothing` where nothing is. Down, Space or a letter opens it."""

    ticked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setEditable(True)
        line = self.lineEdit()
        assert line is not None  # it is editable
        line.setReadOnly(True)
        line.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        line.installEventFilter(self)
        self._line = line
        self._nothing = ""
        self._offered: tuple[tuple[Hashable, str], ...] = ()
        self._ticked: set[Hashable] = set()
        self._wanted = ""
        self._entries = QStandardItemModel(self)
        self.setModel(self._entries)
        self.list = QListView(self)
        self.list.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
        self.setView(self.list)
        self.list.installEventFilter(self)
        self.list.viewport().installEventFilter(self)
        self.setMaxVisibleItems(14)

    def offer(self, entries: Sequence[tuple[Hashable, str]], nothing: str) -> None:
        """Entries to tick, by value; what is ticked stays so."""
        self._nothing = nothing
        self._offered = tuple((value, one_line(text)) for value, text in entries)
        self._ticked &= {value for value, _ in self._offered}
        self._entries.clear()
        self._say()

    def values(self) -> list[Hashable]:
        """What is ticked, in the order of the entries."""
        return [value for value, _ in self._offered if value in self._ticked]

    def tick(self, values: Sequence[Hashable]) -> None:
        """Tick exactly these."""
        self._ticked = {value for value, _ in self._offered} & set(values)
        self._entries.clear()
        self._say()

    def showPopup(self) -> None:
        """The list is made when it is first opened: a page of people holds a dozen long ones."""
        if not self._entries.rowCount():
            for value, text in self._offered:
                item = QStandardItem(text)
                item.setData(value, _VALUE)
                item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
                item.setCheckState(_CHECKED if value in self._ticked else _OPEN)
                self._entries.appendRow(item)
            self._say()
        super().showPopup()
        self._filter("")

    def hidePopup(self) -> None:
        super().hidePopup()
        self._filter("")
        self._say()

    def _filter(self, wanted: str) -> None:
        """Only entries that hold the text, in any case, are seen; the first of them is marked."""
        self._wanted = wanted
        seen = []
        for row in range(self._entries.rowCount()):
            here = wanted.casefold() in self._entries.item(row).text().casefold()
            self.list.setRowHidden(row, not here)
            if here:
                seen.append(row)
        if wanted:
            self._line.setText(wanted)
            row = seen[0] if seen else -1
            self.list.setCurrentIndex(self._entries.index(row, 0))
        else:
            self._say()

    def _say(self) -> None:
        chosen = [text for value, text in self._offered if value in self._ticked]
        text = _BETWEEN.join(chosen) or self._nothing
        self.setCurrentIndex(-1)
        room = max(self._line.width() - _ROOM, 0)
        self._line.setText(self.fontMetrics().elidedText(text, _ELIDE, room) if room else text)
        self._line.setCursorPosition(0)
        self.setToolTip(plain_tooltip(text))
        self.setAccessibleDescription(text)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._say()

    def _flip(self, index: QModelIndex) -> None:
        item = self._entries.itemFromIndex(index) if index.isValid() else None
        if item is None:
            return
        self._ticked ^= {item.data(_VALUE)}
        item.setCheckState(_CHECKED if item.data(_VALUE) in self._ticked else _OPEN)
        self._say()
        self.ticked.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Down):
            self.showPopup()
        elif _is_written(event):
            self.showPopup()
            self._filter(event.text())
        else:
            event.ignore()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        view = self.view()
        kind = event.type()
        if watched is self._line and kind is QEvent.Type.MouseButtonRelease and self.isEnabled():
            self.showPopup()
            return True
        if watched is view.viewport() and kind is QEvent.Type.MouseButtonRelease:
            self._flip(view.currentIndex())
            return True
        if watched is view and isinstance(event, QKeyEvent) and kind is QEvent.Type.KeyPress:
            if self._pressed(event):
                return True
        elif watched is view and isinstance(event, QInputMethodEvent) and event.commitString():
            self._filter(self._wanted + event.commitString())
            return True
        return super().eventFilter(watched, event)

    def _pressed(self, event: QKeyEvent) -> bool:
        """A key of the open list; whether it is done with."""
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Space:
            self._flip(self.list.currentIndex())
        elif key == Qt.Key.Key_Backspace:
            self._filter(self._wanted[:-1])
        elif key == Qt.Key.Key_Escape and self._wanted:
            self._filter("")
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape):
            self.hidePopup()
        elif _is_written(event):
            self._filter(self._wanted + event.text())
        else:
            return False
        return True


def _is_written(event: QKeyEvent) -> bool:
    """A sign that somebody writes, without Ctrl or Alt."""
    control = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
    text = event.text()
    return (
        bool(text) and text.isprintable() and not text.isspace() and not event.modifiers() & control
    )
