"""Writing a sheet: headings, facts and tables. Every text is plain: what looks like markup prints
as it is, and what the eye cannot see prints by its number.
"""

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import (
    QColor,
    QGuiApplication,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFrameFormat,
    QTextLength,
    QTextTable,
    QTextTableCellFormat,
    QTextTableFormat,
)

from console.sheets.paper import sheet_font
from widgets.plain_label import visible

INK, GREY, LINE, GROUND = (QColor(c) for c in ("#15202B", "#5A6875", "#9AA5B1", "#F1F3F5"))
LATE = QColor("#C3261F")
_TITLE, _HEADING, _BODY, _SMALL = 17.0, 11.0, 9.0, 8.0
_PADDING_MM = 1.1


class Said(NamedTuple):
    """A text in a cell; `label` is a name of something, `late` marks what was late."""

    text: str
    label: bool = False
    late: bool = False
    across: int = 1
    """Columns that the cell takes."""


class Sheet:
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

    def heading(self, text: str) -> None:
        """What follows; it stays with it on one page."""
        block = QTextBlockFormat()
        block.setTopMargin(1 * _per_mm())
        block.setBottomMargin(1.2 * _per_mm())
        self._below(block)
        self._cursor.insertText(visible(text), self._form(_HEADING, INK, strong=True))

    def table(
        self, widths: Sequence[float], rows: Sequence[Sequence[Said]], *, headed: bool = False
    ) -> None:
        """Rows of cells; `widths` are shares of the page's. `headed`: the first row stands again
        on every page."""
        self._below(QTextBlockFormat())
        table = self._cursor.insertTable(len(rows), len(widths), _table_form(widths, headed))
        for number, row in enumerate(rows):
            column = 0
            for said in row:
                if said.across > 1:
                    table.mergeCells(number, column, 1, said.across)
                self._fill(table, number, column, said)
                column += said.across
        self._cursor.movePosition(QTextCursor.MoveOperation.End)

    def space_to_write(self, label: str, height_mm: float) -> None:
        """An empty box with its name, for ink."""
        self.table((1.0,), ((Said(label, label=True),),))
        table = self.document.rootFrame().childFrames()[-1]
        if isinstance(table, QTextTable):
            form = QTextTableCellFormat()
            form.setPadding(_PADDING_MM * _per_mm())
            form.setBottomPadding(height_mm * _per_mm())
            table.cellAt(0, 0).setFormat(form)

    def _below(self, block: QTextBlockFormat) -> None:
        self._cursor.movePosition(QTextCursor.MoveOperation.End)
        if self._cursor.block().text() or self.document.blockCount() == 1:
            self._cursor.insertBlock(block)
        else:
            self._cursor.setBlockFormat(block)

    def _fill(self, table: QTextTable, row: int, column: int, said: Said) -> None:
        cell = table.cellAt(row, column)
        form = QTextTableCellFormat()
        form.setPadding(_PADDING_MM * _per_mm())
        if said.label:
            form.setBackground(GROUND)
        cell.setFormat(form)
        colour = LATE if said.late else GREY if said.label else INK
        size = _SMALL if said.label else _BODY
        cell.firstCursorPosition().insertText(
            visible(said.text), self._form(size, colour, strong=said.late)
        )

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
