"""A chooser of several entries: a combo box whose entries are ticked with Space or a click."""

from collections.abc import Hashable, Sequence

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QComboBox, QWidget

from widgets.plain_label import one_line, plain_tooltip

_CHECKED, _OPEN = Qt.CheckState.Checked, Qt.CheckState.Unchecked
_VALUE = Qt.ItemDataRole.UserRole
_BETWEEN = ", "
_ELIDE = Qt.TextElideMode.ElideRight
_ROOM = 6
"""Pixels that a line edit keeps around its text."""


class CheckCombo(QComboBox):
    """Shows what is ticked, or `nothing` where nothing is. Closed, Down or Space opens it."""

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
        self._entries = QStandardItemModel(self)
        self.setModel(self._entries)
        self.view().installEventFilter(self)
        self.view().viewport().installEventFilter(self)
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
            if event.key() == Qt.Key.Key_Space:
                self._flip(view.currentIndex())
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape):
                self.hidePopup()
                self._say()
                return True
        return super().eventFilter(watched, event)
