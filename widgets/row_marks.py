"""Several rows marked by their keys: a set that outlives every move of the rows.

The cursor is one thing and the marks are another: one may walk through marked rows and read each.
A mark stays with its key while rows move or leave, until the person takes it away.
"""

from collections.abc import Hashable, Iterable
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal

from widgets.live_table import LiveTable

STEPS = frozenset(
    {
        Qt.Key.Key_Up,
        Qt.Key.Key_Down,
        Qt.Key.Key_PageUp,
        Qt.Key.Key_PageDown,
        Qt.Key.Key_Home,
        Qt.Key.Key_End,
    }
)
"""Keys that walk through rows; with Shift they mark what they pass."""


class RowMarks(QObject):
    """The marked keys of one table, and how keys and clicks change them."""

    changed = Signal(object)
    """`frozenset` of the keys."""

    def __init__(self, table: LiveTable[Any, Any], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._table = table
        self._keys: frozenset[Hashable] = frozenset()
        self._anchor: Hashable | None = None
        self._before: frozenset[Hashable] = frozenset()

    @property
    def keys(self) -> frozenset[Hashable]:
        """Those marked; some may have left the table."""
        return self._keys

    def put(self, keys: Iterable[Hashable]) -> None:
        """Mark exactly these."""
        wanted = frozenset(keys)
        if wanted != self._keys:
            self._anchor = None
            self._become(wanted)

    def toggle(self, key: Hashable, beside: Hashable | None = None) -> None:
        """Mark a row or take its mark away; the first mark takes the row `beside` with it."""
        first = {beside} - {None, key} if not self._keys else set()
        self._anchor, self._before = key, self._keys ^ {key} | first
        self._become(self._before)

    def reach(self, start: Hashable | None, to: Hashable) -> None:
        """Mark all from where the reach began to `to`; it begins at `start` after anything else."""
        if self._anchor is None or self._table.row_of(self._anchor) < 0:
            self._anchor = to if start is None else start
            self._before = self._keys
        ends = sorted((self._table.row_of(self._anchor), self._table.row_of(to)))
        rows = range(max(ends[0], 0), ends[1] + 1)
        here = {self._table.key_at(row) for row in rows if not self._table.is_gone(row)}
        self._become(self._before | here)

    def mark_all(self) -> None:
        """Every row that is shown, beside what is marked already."""
        rows = range(self._table.rowCount())
        here = {self._table.key_at(row) for row in rows if not self._table.is_gone(row)}
        self._anchor = None
        self._become(self._keys | here)

    def rest(self) -> None:
        """The cursor goes its own way: the next reach begins anew."""
        self._anchor = None

    def _become(self, keys: frozenset[Hashable]) -> None:
        if keys != self._keys:
            self._keys = keys
            self.changed.emit(keys)
