"""A live table in which several rows can be marked, by keys and by mouse."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QMouseEvent
from PySide6.QtWidgets import QWidget

from widgets.cell_delegate import CellDelegate
from widgets.live_table import LiveTable
from widgets.row_marks import STEPS, RowMarks
from widgets.table_view import LiveTableView
from widgets.theme import Theme

_SHIFT, _CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


class MarkingTableView(LiveTableView):
    """Space marks the row, Insert marks it and goes on, Shift marks what the cursor passes,
    Ctrl+A all that is shown, Esc none; Ctrl and Shift do the same with the mouse. A plain click
    on a row that is not marked lets all marks go.
    """

    let_go = Signal()
    """Esc, and no row is marked."""

    def __init__(
        self,
        table: LiveTable[Any, Any],
        theme: Theme,
        marks: RowMarks,
        *,
        painters: Mapping[str, CellDelegate] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(table, theme, painters=painters, parent=parent)
        self.marks = marks
        marks.changed.connect(self.viewport().update)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._mark(event):
            return
        super().keyPressEvent(event)
        if event.key() == Qt.Key.Key_Escape:
            self.let_go.emit()

    def _mark(self, event: QKeyEvent) -> bool:
        """Do what the key does to the marks; whether it was one of theirs."""
        here, key = self.selected_key(), Qt.Key(event.key())
        if event.matches(QKeySequence.StandardKey.SelectAll):
            self.marks.mark_all()
        elif key is Qt.Key.Key_Escape and self.marks.keys:
            self.marks.put(())
        elif key in (Qt.Key.Key_Space, Qt.Key.Key_Insert) and here is not None:
            self.marks.toggle(here)
            if key is Qt.Key.Key_Insert:
                self._step(Qt.Key.Key_Down)
        elif key in STEPS and event.modifiers() & _SHIFT:
            self._step(key)
            there = self.selected_key()
            if there is not None:
                self.marks.reach(here, there)
        else:
            if key in STEPS:
                self.marks.rest()
            return False
        return True

    def _step(self, key: Qt.Key) -> None:
        """Move the cursor as the key alone would."""
        plain = Qt.KeyboardModifier.NoModifier
        super().keyPressEvent(QKeyEvent(QEvent.Type.KeyPress, key, plain))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if event.button() is not Qt.MouseButton.LeftButton or not index.isValid():
            super().mousePressEvent(event)
            return
        here, there = self.selected_key(), self.table.key_at(index.row())
        if event.modifiers() & _CTRL:
            self.marks.toggle(there, beside=here)
            self.select_key(there)
        elif event.modifiers() & _SHIFT:
            self.marks.reach(here, there)
            self.select_key(there)
        else:
            if there not in self.marks.keys:
                self.marks.put(())
            self.marks.rest()
            super().mousePressEvent(event)
