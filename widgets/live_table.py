"""The one table model of the product: a live list that keeps its own order.

Rows are frozen structs and columns are functions, so the model knows nothing of what it shows.
Order is kept here by bisection instead of by a proxy (a proxy asks Python for each comparison:
first sort of 100,000 rows 7.9 s against 31 ms). Each call is one batch: it tells the views the
exact rows that came, went and moved, and one range that changed; a selected row therefore stays
selected by its key.

While the table is *held* nothing moves under the operator: rows change in place, new rows wait
at the end, dropped rows stay, marked as gone. `release` puts everything in its place.
"""

from bisect import bisect_left
from collections.abc import Callable, Hashable, Iterable, Sequence, Set
from itertools import count, pairwise
from operator import itemgetter
from typing import Any, Generic, TypeVar

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)

from widgets.columns import Backwards, Column, RowT, alignment_of
from widgets.plain_label import one_line, plain_tooltip

__all__ = ["Column", "Index", "LiveTable"]

Index = QModelIndex | QPersistentModelIndex
KeyT = TypeVar("KeyT", bound=Hashable)
Role = Qt.ItemDataRole


# An order is (rank, value, key): rank 0 has a value, 1 has none, 2 waits at the end while held.
Order = tuple[int, Any, Any]
_KNOWN, _UNKNOWN, _WAITING, _LEAVING = range(4)
_SMALL = 800  # rows: below it the few milliseconds do not matter, and neighbours arrive in one step
_FEW = 13  # a whole re-sort costs about as much as moving each thirteenth row (1k to 50k rows)
_NOWHERE = QModelIndex()
_FIRST = itemgetter(0)


def _runs(rows: Sequence[int]) -> list[tuple[int, int]]:
    """Return ascending row numbers as inclusive runs (first, last)."""
    if not rows:
        return []
    cuts = [place for place, (one, two) in enumerate(pairwise(rows), 1) if two != one + 1]
    return [
        (rows[start], rows[end - 1])
        for start, end in zip([0, *cuts], [*cuts, len(rows)], strict=True)
    ]


class LiveTable(QAbstractTableModel, Generic[RowT, KeyT]):
    """Rows by key, sorted by one column, ties by key; see the module for `hold`."""

    def __init__(
        self,
        columns: Sequence[Column[RowT]],
        key: Callable[[RowT], KeyT],
        *,
        is_unread: Callable[[RowT], bool] | None = None,
        is_pending: Callable[[RowT], bool] | None = None,
        is_marked: Callable[[RowT], bool] | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self._key = key
        self._is_unread = is_unread
        self._is_pending = is_pending
        self._is_marked = is_marked
        self._rows: list[RowT] = []
        self._orders: list[Order] = []
        self._order_of: dict[KeyT, Order] = {}
        self._sorted_by, self._descending = 0, False
        self._holders: set[str] = set()
        self._out_of_place: set[KeyT] = set()
        self._gone: set[KeyT] = set()
        self._arrivals = count()

    # --- what views ask ---------------------------------------------------------------

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Role.DisplayRole) -> object:
        if not index.isValid():
            return None
        column, row = self.columns[index.column()], self._rows[index.row()]
        match role:
            case Role.DisplayRole:
                return one_line(column.display(row))
            case Role.ToolTipRole:
                return plain_tooltip((column.tooltip or column.display)(row))
            case Role.TextAlignmentRole:
                return alignment_of(column)
            case _:
                return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole
    ) -> object:
        if orientation == Qt.Orientation.Vertical or not 0 <= section < len(self.columns):
            return None
        if role == Role.DisplayRole:
            return self.columns[section].title
        return alignment_of(self.columns[section]) if role == Role.TextAlignmentRole else None

    # --- rows by number and by key ----------------------------------------------------

    def row_at(self, number: int) -> RowT:
        return self._rows[number]

    def key_at(self, number: int) -> KeyT:
        return self._key(self._rows[number])

    def keys_shown(self) -> list[KeyT]:
        """Return the keys in the order shown."""
        return [self._key(row) for row in self._rows]

    def row_of(self, key: KeyT) -> int:
        """Return the number of the key's row, -1 if the table has none."""
        order = self._order_of.get(key)
        return -1 if order is None else bisect_left(self._orders, order)

    def is_unread(self, number: int) -> bool:
        return self._is_unread is not None and self._is_unread(self._rows[number])

    def is_pending(self, number: int) -> bool:
        return self._is_pending is not None and self._is_pending(self._rows[number])

    def is_marked(self, number: int) -> bool:
        """Whether the row is one of several that the person has chosen."""
        return self._is_marked is not None and self._is_marked(self._rows[number])

    def is_gone(self, number: int) -> bool:
        """Whether the row was dropped while the table was held, and is still shown."""
        return bool(self._gone) and self.key_at(number) in self._gone

    def count_here(self) -> int:
        """Return how many rows there are, without those that are only shown as gone."""
        return len(self._rows) - len(self._gone)

    # --- changes ----------------------------------------------------------------------

    def upsert(self, rows: Iterable[RowT]) -> None:
        """Add rows and replace those with the same key; the last of equal keys counts."""
        latest = {self._key(row): row for row in rows}
        self._gone.difference_update(latest)
        new = [item for item in latest.items() if item[0] not in self._order_of]
        changed = [
            (key, at, row)
            for key, row in latest.items()
            if (at := self.row_of(key)) >= 0 and self._rows[at] != row
        ]
        moved = self._change_in_place(changed)
        self._place(new, moved)
        self._tell_changed([key for key, _, _ in changed])

    def drop(self, keys: Iterable[KeyT]) -> None:
        """Remove the rows of these keys; keys that the table has not are passed over."""
        leaving = {key for key in keys if key in self._order_of}
        if self._holders:
            self._gone |= leaving
            self._tell_changed(leaving)
            return
        runs = _runs(sorted(self.row_of(key) for key in leaving))
        if self._is_much(len(runs)):
            self._sort_anew(leaving)
            runs = [(len(self._rows) - len(leaving), len(self._rows) - 1)]
        for first, last in reversed(runs):
            self.beginRemoveRows(_NOWHERE, first, last)
            for order in self._orders[first : last + 1]:
                del self._order_of[order[2]]
            del self._rows[first : last + 1], self._orders[first : last + 1]
            self.endRemoveRows()

    def replace(self, rows: Iterable[RowT]) -> None:
        """Make the table hold exactly these rows; rows of kept keys keep their selection."""
        wanted = list(rows)
        stay = {self._key(row) for row in wanted}
        self.drop([key for key in self._order_of if key not in stay])
        self.upsert(wanted)

    def show_instead(self, rows: Iterable[RowT]) -> None:
        """Show other rows: being the operator's own act, no hold keeps the rows before."""
        self._holders.clear()
        self._settle()
        self.replace(rows)

    def hold(self, holder: str = "") -> None:
        """Keep every row where it is until each holder has released the table."""
        self._holders.add(holder)

    def release(self, holder: str = "") -> None:
        """Let go; after the last holder, rows that changed their place move there."""
        if holder not in self._holders:
            return
        self._holders.discard(holder)
        if not self._holders:
            self._settle()

    @property
    def is_held(self) -> bool:
        return bool(self._holders)

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; being the operator's own act it moves rows of a held table too."""
        if not 0 <= column < len(self.columns):
            return
        self._sorted_by = column
        self._descending = order == Qt.SortOrder.DescendingOrder
        self._out_of_place = set(self._order_of)
        self._sort_anew()

    # --- how order is kept ------------------------------------------------------------

    def _order(self, key: KeyT, row: RowT) -> Order:
        column = self.columns[self._sorted_by]
        value = column.sort(row) if column.sort else column.display(row)
        if value is None:
            return (_UNKNOWN, 0, key)
        return (_KNOWN, Backwards(value) if self._descending else value, key)

    def _is_much(self, changes: int) -> bool:
        """Whether so many structural changes are cheaper done by one re-sort."""
        return changes * _FEW > max(len(self._rows), _SMALL)

    def _change_in_place(self, changed: Iterable[tuple[KeyT, int, RowT]]) -> list[KeyT]:
        """Write the rows where they stand and return the keys whose order is now another."""
        moved = []
        for key, at, row in changed:
            self._rows[at] = row
            if self._order(key, row) != self._orders[at]:
                moved.append(key)
        return moved

    def _place(self, new: Sequence[tuple[KeyT, RowT]], moved: Sequence[KeyT]) -> None:
        if self._holders:
            self._out_of_place.update(moved, (key for key, _ in new))
            self._append(new)
        elif self._is_much(len(new) + len(moved)):
            self._append(new)
            self._out_of_place.update(moved, (key for key, _ in new))
            self._sort_anew()
        else:
            for key in moved:
                self._move(key)
            self._insert(sorted(((self._order(*item), item[1]) for item in new), key=_FIRST))

    def _settle(self) -> None:
        gone, self._gone = self._gone, set()
        self.drop(gone)
        waiting = [key for key in self._out_of_place if key in self._order_of]
        if self._is_much(len(waiting)):
            self._sort_anew()
        else:
            for key in waiting:
                self._move(key)
        self._out_of_place.clear()

    def _append(self, new: Sequence[tuple[KeyT, RowT]]) -> None:
        if not new:
            return
        end = len(self._rows)
        self.beginInsertRows(_NOWHERE, end, end + len(new) - 1)
        for key, row in new:
            order = (_WAITING, next(self._arrivals), key)
            self._rows.append(row)
            self._orders.append(order)
            self._order_of[key] = order
        self.endInsertRows()

    def _insert(self, new: Sequence[tuple[Order, RowT]]) -> None:
        """Insert rows given in their order, neighbours in one step, from the end backwards."""
        places = [bisect_left(self._orders, order) for order, _ in new]
        end = len(new)
        while end:
            start = bisect_left(places, places[end - 1])
            at, run = places[start], new[start:end]
            self.beginInsertRows(_NOWHERE, at, at + len(run) - 1)
            self._orders[at:at] = [order for order, _ in run]
            self._rows[at:at] = [row for _, row in run]
            self._order_of.update((order[2], order) for order, _ in run)
            self.endInsertRows()
            end = start

    def _move(self, key: KeyT) -> None:
        at = bisect_left(self._orders, self._order_of[key])
        row = self._rows[at]
        order = self._order(key, row)
        before = bisect_left(self._orders, order)
        stays = before in (at, at + 1)
        to = before if before <= at else before - 1
        if not stays:
            self.beginMoveRows(_NOWHERE, at, at, _NOWHERE, before)
        del self._orders[at], self._rows[at]
        self._orders.insert(to, order)
        self._rows.insert(to, row)
        self._order_of[key] = order
        if not stays:
            self.endMoveRows()

    def _sort_anew(self, leaving: Set[KeyT] = frozenset()) -> None:
        """Sort all rows in one step, those that leave at the end; indexes follow their keys."""
        self.layoutAboutToBeChanged.emit()
        held = self.persistentIndexList()
        keys = [self._orders[index.row()][2] for index in held]
        pairs = [
            (self._order_now(stored, row, leaving), row)
            for stored, row in zip(self._orders, self._rows, strict=True)
        ]
        pairs.sort(key=_FIRST)
        self._orders = [order for order, _ in pairs]
        self._rows = [row for _, row in pairs]
        self._order_of = {order[2]: order for order in self._orders}
        self._out_of_place.clear()
        kept = [
            self.index(self.row_of(key), index.column())
            for key, index in zip(keys, held, strict=True)
        ]
        self.changePersistentIndexList(held, kept)
        self.layoutChanged.emit()

    def _order_now(self, stored: Order, row: RowT, leaving: Set[KeyT]) -> Order:
        key = stored[2]
        if key in leaving:
            return (_LEAVING, 0, key)
        return self._order(key, row) if key in self._out_of_place else stored

    def _tell_changed(self, keys: Iterable[KeyT]) -> None:
        orders = [self._order_of[key] for key in keys]
        if orders:
            first = bisect_left(self._orders, min(orders))
            last = bisect_left(self._orders, max(orders))
            self.dataChanged.emit(self.index(first, 0), self.index(last, len(self.columns) - 1))
