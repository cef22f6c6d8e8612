"""The header of a live table: quiet words, aligned with their cells, and one arrow for the sort."""

from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPolygonF
from PySide6.QtWidgets import QHeaderView, QWidget

from widgets.cell_delegate import padded
from widgets.live_table import LiveTable
from widgets.plain_label import one_line
from widgets.theme import MEASURES, Theme

_HEIGHT, _ARROW = 28, 7
_MIDDLE = Qt.AlignmentFlag.AlignVCenter


class TableHeader(QHeaderView):
    """Paints titles itself: a style sheet can neither align the arrow nor the first column."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._theme = theme
        self.setSectionsClickable(True)
        self.setSectionsMovable(True)
        self.setSortIndicatorShown(True)
        self.setMinimumSectionSize(theme.px(32))

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self._theme.px(_HEIGHT))

    def paintSection(self, painter: QPainter, room: QRect, section: int) -> None:
        table = self.model()
        if not isinstance(table, LiveTable):
            return
        theme, column = self._theme, table.columns[section]
        painter.save()
        painter.fillRect(room, theme.color("raised"))
        inside = padded(room, section, theme)
        is_sorted = self.sortIndicatorSection() == section
        font = theme.font(MEASURES.label, bold=is_sorted)
        arrow = theme.px(_ARROW + 4) if is_sorted else 0
        text = QFontMetrics(font).elidedText(
            one_line(column.title), Qt.TextElideMode.ElideRight, inside.width() - arrow
        )
        wide = QFontMetrics(font).horizontalAdvance(text)
        left = inside.left() if column.align == "left" else inside.right() - wide - arrow + 1
        painter.setFont(font)
        painter.setPen(theme.color("text" if is_sorted else "muted"))
        words = QRect(left, room.top(), wide + 1, room.height())
        painter.drawText(words, Qt.AlignmentFlag.AlignLeft | _MIDDLE, text)
        if is_sorted:
            middle = QPointF(left + wide + theme.px(4 + _ARROW / 2), room.center().y() + 1)
            self._paint_arrow(painter, middle)
        painter.restore()

    def _paint_arrow(self, painter: QPainter, middle: QPointF) -> None:
        half = self._theme.px(_ARROW) / 2
        up = self.sortIndicatorOrder() == Qt.SortOrder.AscendingOrder
        tip, foot = (-half / 2, half / 2) if up else (half / 2, -half / 2)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("text"))
        painter.drawPolygon(
            QPolygonF(
                [
                    middle + QPointF(0, tip),
                    middle + QPointF(half, foot),
                    middle + QPointF(-half, foot),
                ]
            )
        )
