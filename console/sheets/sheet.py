"""A sheet before it is laid out on pages, and laid out so that no row is cut by a page's end.

Qt breaks a table between any two lines. So the sheet is laid out, the first row that a page's end
cuts is looked for, the table is parted before it, and so on until no row is cut. What belongs
together (a heading and its table, a head and its first row, a step and what was said at it) goes
to the next page together; what is taller than most of a page is cut.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from PySide6.QtCore import QSizeF
from PySide6.QtGui import QPagedPaintDevice, QTextDocument, QTextTable

from console.sheets.writing import PADDING_MM, Grid, Said, Writing

_LINE_MM = 0.2
_TALLEST = 0.6
"""Part of a page: a taller row is cut rather than leave the page before it empty."""


class _Title(NamedTuple):
    text: str


class _Heading(NamedTuple):
    text: str


class _Laid(NamedTuple):
    """A table as it lies in the document; `first` is the row of its part that it begins with,
    `heading` where the heading above it stands."""

    part: int
    first: int
    table: QTextTable
    heading: int | None


Cut = tuple[int, int]
"""Part of the sheet, and the row before which a page ends."""


class Sheet:
    """Grows from its top to its end."""

    def __init__(self, family: str) -> None:
        self._family = family
        self._parts: list[_Title | _Heading | Grid] = []

    def title(self, text: str) -> None:
        """The sheet's name, in the middle of its first line."""
        self._parts.append(_Title(text))

    def heading(self, text: str) -> None:
        """What follows; it stays with it on one page."""
        self._parts.append(_Heading(text))

    def table(
        self, widths: Sequence[float], rows: Sequence[Sequence[Said]], *, headed: bool = False
    ) -> None:
        """Rows of cells; `widths` are shares of the page's. `headed`: the first row stands again
        on every page."""
        self._parts.append(Grid(tuple(widths), tuple(map(tuple, rows)), headed))

    def space_to_write(self, label: str, height_mm: float) -> None:
        """An empty box with its name, for ink."""
        self._parts.append(Grid((1.0,), ((Said(label, label=True),),), room_mm=height_mm))

    def document(self) -> QTextDocument:
        """All of it, not laid out."""
        return self._written(())[0]

    def laid_out(self, device: QPagedPaintDevice, page: QSizeF) -> QTextDocument:
        """On pages of this size, in the device's units."""
        cuts: list[Cut] = []
        while True:
            document, tables = self._written(cuts)
            document.documentLayout().setPaintDevice(device)
            document.setPageSize(page)
            edge = (PADDING_MM + _LINE_MM) * device.logicalDpiY() / 25.4
            cut = self._first_cut(document, tables, page.height(), edge)
            if cut is None or cut in cuts:
                return document
            cuts.append(cut)

    def _written(self, cuts: Sequence[Cut]) -> tuple[QTextDocument, list[_Laid]]:
        writing, tables = Writing(self._family), []
        heading: int | None = None
        for number, part in enumerate(self._parts):
            anew = (number, 0) in cuts
            if isinstance(part, _Title):
                writing.title(part.text)
            elif isinstance(part, _Heading):
                heading = writing.heading(part.text, on_new_page=anew)
            else:
                starts = sorted(row for of, row in cuts if of == number and row)
                for first, grid in zip([0, *starts], part.parts(starts), strict=True):
                    table = writing.table(grid, on_new_page=anew or first > 0)
                    tables.append(_Laid(number, first, table, heading))
                    heading = None
        return writing.document, tables

    def _first_cut(
        self, document: QTextDocument, tables: Sequence[_Laid], tall: float, edge: float
    ) -> Cut | None:
        for laid in tables:
            grid = self._parts[laid.part]
            assert isinstance(grid, Grid)  # only grids are laid as tables
            again = int(grid.headed and laid.first > 0)
            for first, last in _groups(grid, laid.first, laid.table.rows() - again):
                top, _ = _reach(document, laid.table, first - laid.first + again)
                if laid.heading is not None and first == laid.first:
                    top = _top(document, laid.heading)
                _, end = _reach(document, laid.table, last - laid.first + again)
                if (top - edge) // tall != (end + edge) // tall and end - top < _TALLEST * tall:
                    return self._before(laid.part, first)
        return None

    def _before(self, part: int, row: int) -> Cut:
        """A table's first rows take the heading with them."""
        headed = row == 0 and part > 0 and isinstance(self._parts[part - 1], _Heading)
        return (part - 1, 0) if headed else (part, row)


def _groups(grid: Grid, first: int, count: int) -> Iterator[tuple[int, int]]:
    """First and last row of what stays together, of `count` rows from `first` on."""
    end = first + count
    starts = [first]
    for row in range(first + 1, end):
        beneath_head = row == 1 and grid.rows[0][0].label and grid.rows[0][-1].label
        if not grid.rows[row][0].follows and not beneath_head:
            starts.append(row)
    for start, following in zip(starts, [*starts[1:], end], strict=True):
        yield start, following - 1


def _top(document: QTextDocument, position: int) -> float:
    block = document.findBlock(position)
    return document.documentLayout().blockBoundingRect(block).top()


def _reach(document: QTextDocument, table: QTextTable, row: int) -> tuple[float, float]:
    """Where the text of a row begins and ends on the endless page."""
    layout = document.documentLayout()
    cells = [table.cellAt(row, column) for column in range(table.columns())]
    tops = [layout.blockBoundingRect(cell.firstCursorPosition().block()).top() for cell in cells]
    ends = [layout.blockBoundingRect(cell.lastCursorPosition().block()).bottom() for cell in cells]
    return min(tops), max(ends)
