"""Writing a sheet: headings, facts and tables. Every text is plain: what looks like markup prints
as it is, and what the eye cannot see prints by its number.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import (
    QColor,
    QGuiApplication,
    QImage,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextFrameFormat,
    QTextImageFormat,
    QTextLength,
    QTextTable,
    QTextTableCellFormat,
    QTextTableFormat,
)

from console.sheets.paper import WIDE_MM, sheet_font
from widgets.plain_label import visible

INK, GREY, LINE, GROUND = (QColor(c) for c in ("#15202B", "#5A6875", "#9AA5B1", "#F1F3F5"))
LATE = QColor("#C3261F")
_TITLE, _HEADING, _BODY, _SMALL, _GAP = 17.0, 11.0, 9.0, 8.0, 1.0
PADDING_MM = 1.1
_TALLEST_PICTURE = 0.8


class Said(NamedTuple):
    """A text in a cell; `label` is a name of something, `late` marks what was late."""

    text: str
    label: bool = False
    late: bool = False
    across: int = 1
    """Columns that the cell takes."""
    follows: bool = False
    """Its row stays with the row above on one page."""
    picture: QImage | None = None
    """Stands in the text's place."""


class Grid(NamedTuple):
    """A table, or the part of one that goes on after a page's end; `widths` are shares of the
    page's. `headed`: the first row stands again on every page. `room_mm`: for ink, below a cell."""

    widths: tuple[float, ...]
    rows: tuple[tuple[Said, ...], ...]
    headed: bool = False
    room_mm: float = 0.0

    def parts(self, starts: Sequence[int]) -> list["Grid"]:
        """Itself in parts that begin with these rows."""
        cuts = [0, *starts, len(self.rows)]
        found = []
        for first, end in pairwise(cuts):
            head = self.rows[:1] if self.headed and first else ()
            found.append(self._replace(rows=(*head, *self.rows[first:end])))
        return found


class Writing:
    """A document that grows from its top to its end."""

    def __init__(self, family: str) -> None:
        self.document = QTextDocument()
        self.document.setDefaultFont(sheet_font(family, _BODY))
        self.document.setDocumentMargin(0)
        self._family = family
        self._cursor = QTextCursor(self.document)

    def title(self, text: str) -> None:
        """The sheet's name, in the middle of its first line."""
        middle = QTextBlockFormat()
        middle.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        middle.setBottomMargin(3 * _per_mm())
        self._cursor.setBlockFormat(middle)
        self._cursor.insertText(visible(text), self._form(_TITLE, INK, strong=True))

    def heading(self, text: str, *, on_new_page: bool = False) -> int:
        """What follows; where it stands in the document."""
        block = QTextBlockFormat()
        block.setTopMargin(1 * _per_mm())
        block.setBottomMargin(1.2 * _per_mm())
        self._below(block, on_new_page=on_new_page)
        self._cursor.insertText(visible(text), self._form(_HEADING, INK, strong=True))
        return self._cursor.block().position()

    def table(self, grid: Grid, *, on_new_page: bool = False) -> QTextTable:
        """Rows of cells."""
        self._below(QTextBlockFormat(), on_new_page=on_new_page)
        self._cursor.setBlockCharFormat(self._form(_GAP if on_new_page else _BODY, INK))
        form = _table_form(grid.widths, grid.headed)
        table = self._cursor.insertTable(len(grid.rows), len(grid.widths), form)
        for number, row in enumerate(grid.rows):
            column = 0
            for said in row:
                if said.across > 1:
                    table.mergeCells(number, column, 1, said.across)
                self._fill(table, number, column, said)
                column += said.across
        if grid.room_mm:
            cell = QTextTableCellFormat()
            cell.setPadding(PADDING_MM * _per_mm())
            cell.setBottomPadding(grid.room_mm * _per_mm())
            table.cellAt(0, 0).setFormat(cell)
        self._cursor.movePosition(QTextCursor.MoveOperation.End)
        return table

    def _below(self, block: QTextBlockFormat, *, on_new_page: bool) -> None:
        if on_new_page:
            block.setPageBreakPolicy(QTextFormat.PageBreakFlag.PageBreak_AlwaysBefore)
        self._cursor.movePosition(QTextCursor.MoveOperation.End)
        if self._cursor.block().text() or self.document.blockCount() == 1:
            self._cursor.insertBlock(block)
        else:
            self._cursor.setBlockFormat(block)

    def _fill(self, table: QTextTable, row: int, column: int, said: Said) -> None:
        cell = table.cellAt(row, column)
        form = QTextTableCellFormat()
        form.setPadding(PADDING_MM * _per_mm())
        if said.label:
            form.setBackground(GROUND)
        cell.setFormat(form)
        if said.picture is not None:
            self._draw(cell.firstCursorPosition(), said.picture, 1.0 / table.columns())
            return
        colour = LATE if said.late else GREY if said.label else INK
        size = _SMALL if said.label else _BODY
        cell.firstCursorPosition().insertText(
            visible(said.text), self._form(size, colour, strong=said.late)
        )

    def _draw(self, at: QTextCursor, picture: QImage, share: float) -> None:
        """As wide as its cell of the page's `share`, no taller than it is wide."""
        room = (WIDE_MM * share - 2 * PADDING_MM - 1) * _per_mm()
        tallest = room * _TALLEST_PICTURE
        width = min(room, tallest * picture.width() / max(picture.height(), 1))
        form = QTextImageFormat()
        form.setName(f"picture:{picture.cacheKey()}")
        form.setWidth(width)
        form.setHeight(width * picture.height() / max(picture.width(), 1))
        self.document.addResource(
            QTextDocument.ResourceType.ImageResource.value, form.name(), picture
        )
        at.insertImage(form)

    def _form(self, size: float, colour: QColor, *, strong: bool = False) -> QTextCharFormat:
        form = QTextCharFormat()
        form.setFont(sheet_font(self._family, size, strong=strong))
        form.setForeground(colour)
        return form


def _per_mm() -> float:
    """Units of a text layout a millimetre: Qt scales them from the screen's to the paper's."""
    return QGuiApplication.primaryScreen().logicalDotsPerInchY() / 25.4


def _table_form(widths: Sequence[float], headed: bool) -> QTextTableFormat:
    form = QTextTableFormat()
    form.setBorderCollapse(True)
    form.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
    form.setBorder(1)
    form.setBorderBrush(LINE)
    form.setBottomMargin(3 * _per_mm())
    form.setCellPadding(0)
    form.setCellSpacing(0)
    form.setHeaderRowCount(int(headed))
    form.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
    whole = sum(widths)
    form.setColumnWidthConstraints(
        [QTextLength(QTextLength.Type.PercentageLength, 100 * each / whole) for each in widths]
    )
    return form
