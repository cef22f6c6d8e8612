"""Keys in as few rows as the width allows: in columns if that costs no row, else close together."""

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget

_MOST_COLUMNS = 4
_TRY, _COARSEST = 4, 2
"""Rows are tried to break every so many pixels, down to a part of the room."""


def rows_of(wide: Sequence[int], room: int, gap: int) -> list[list[int]]:
    """The width of each key, row by row, of keys that need `wide` in `room` pixels: so
    that each is whole, if one alone can be."""
    if not wide:
        return []
    grids = (_grid(wide, columns) for columns in range(_MOST_COLUMNS, 0, -1))
    grid = next((each for each in grids if _fits(each[0], room, gap)), None)
    close = _evened(wide, room, gap)
    if grid is not None and len(grid) <= len(close):
        return [[*_filled(grid[0], room, gap)][: len(row)] for row in grid]
    return [list(_filled(row, room, gap)) for row in close]


def _grid(wide: Sequence[int], most: int) -> list[list[int]]:
    """Rows of one set of columns, each as wide as its widest key."""
    down = -(-len(wide) // most)
    across = -(-len(wide) // down)
    columns = [max(wide[at::across]) for at in range(across)]
    return [columns[: len(wide) - start] for start in range(0, len(wide), across)]


def _fits(row: Sequence[int], room: int, gap: int) -> bool:
    return sum(row) + gap * (len(row) - 1) <= room


def _close(wide: Sequence[int], room: int, gap: int) -> list[list[int]]:
    """One after the other, a new row where the last is full."""
    rows: list[list[int]] = [[]]
    for each in wide:
        if rows[-1] and not _fits([*rows[-1], each], room, gap):
            rows.append([])
        rows[-1].append(min(each, room))
    return rows


def _evened(wide: Sequence[int], room: int, gap: int) -> list[list[int]]:
    """As few rows as can be, so broken that no row has to be stretched much more than others."""
    fewest = len(_close(wide, room, gap))
    tries = (_close(wide, most, gap) for most in range(room, room // _COARSEST, -_TRY))
    return min(
        (each for each in tries if len(each) == fewest),
        key=lambda rows: max(room / (sum(row) + gap * (len(row) - 1)) for row in rows),
    )


def _filled(row: Sequence[int], room: int, gap: int) -> Iterator[int]:
    """The row's widths with what is left of the room shared out."""
    spare = max(room - sum(row) - gap * (len(row) - 1), 0)
    for number, each in enumerate(row):
        yield each + spare // len(row) + (number < spare % len(row))


class KeyFlow(QLayout):
    """Lays keys out so. Whoever adds a key gives it a size hint in which it is whole."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)
        self.invalidate()

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        if not 0 <= index < len(self._items):
            return None
        self.invalidate()
        return self._items.pop(index)

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation.Horizontal

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return sum(room.height() for room in self._places(QRect(0, 0, width, 0))[:1])

    def sizeHint(self) -> QSize:
        hints = [item.sizeHint() for item in self._shown()]
        return QSize(
            max((hint.width() for hint in hints), default=0),
            max((hint.height() for hint in hints), default=0),
        )

    def minimumSize(self) -> QSize:
        return QSize(0, self.sizeHint().height())

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        for item, place in zip(self._shown(), self._places(rect)[1:], strict=True):
            item.setGeometry(place)

    def _shown(self) -> list[QLayoutItem]:
        return [item for item in self._items if not item.isEmpty()]

    def _places(self, rect: QRect) -> list[QRect]:
        """The whole, and each key's own."""
        items = iter(self._shown())
        wide = [item.sizeHint().width() for item in self._shown()]
        gap, top, places = self.spacing(), rect.top(), []
        for row in rows_of(wide, rect.width(), gap):
            left, tall = rect.left(), 0
            for width in row:
                height = next(items).sizeHint().height()
                places.append(QRect(left, top, width, height))
                left, tall = left + width + gap, max(tall, height)
            top += tall + gap
        return [
            QRect(rect.left(), rect.top(), rect.width(), max(top - gap - rect.top(), 0)),
            *places,
        ]
