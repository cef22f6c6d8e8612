"""Under the map: how the open cases of each district stand. A click looks at one district."""

from collections.abc import Sequence
from typing import NamedTuple
from zoneinfo import ZoneInfo

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from console.clocks import Standing
from console.export.table import Column, Kind, Table, Value
from console.wording import tr
from widgets.painted_line import RIGHT, paint_words
from widgets.theme import MEASURES, Theme, Token

_HEAD, _ROW, _BAR, _COUNT = 30, 24, 6, 52
_BAR_LEAST = 40
_TOKENS: tuple[tuple[Standing, Token], ...] = (
    ("late", "late"),
    ("soon", "soon"),
    ("in_time", "line"),
    ("none", "line"),
)


class District(NamedTuple):
    """One row: the district's name and its open cases by standing."""

    name: str
    counts: dict[Standing, int]

    @property
    def total(self) -> int:
        """All open cases, those without a clock included."""
        return sum(self.counts.values())


class DistrictsPanel(QWidget):
    """Bars of one scale, so that lengths compare; the figures are late and all."""

    chosen = Signal(str)
    """Name of the district that was clicked."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._rows: tuple[District, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        theme.changed.connect(self._restyle)

    def show_districts(self, rows: Sequence[District]) -> None:
        """Show these rows in this order."""
        if tuple(rows) == self._rows:
            return
        grows = len(rows) != len(self._rows)
        self._rows = tuple(rows)
        said = (f"{row.name} {row.counts.get('late', 0)} / {row.total}" for row in rows)
        self.setAccessibleName("\n".join(said))
        self.setToolTip(tr("A click filters the queue by the district."))
        if grows:
            self.updateGeometry()
        self.update()

    def table(self, zone: ZoneInfo) -> Table:
        """The districts with their open cases, for a file of the city's time zone."""
        counted = (tr("Late"), tr("Due soon"), tr("In time"), tr("No clock"))
        columns = (
            Column(tr("District"), width=24),
            *(Column(title, Kind.NUMBER, 12) for title in counted),
            Column(tr("Open cases"), Kind.NUMBER, 12),
        )
        rows: tuple[tuple[Value, ...], ...] = tuple(
            (row.name, *(row.counts.get(each, 0) for each, _ in _TOKENS), row.total)
            for row in self._rows
        )
        return Table(tr("Open cases by district"), columns, rows, zone)

    @property
    def has_rows(self) -> bool:
        """Whether there is a district to tell of."""
        return bool(self._rows)

    def sizeHint(self) -> QSize:
        px = self._theme.px
        return QSize(px(240), px(_HEAD + _ROW * len(self._rows) + 8))

    @Slot()
    def _restyle(self) -> None:
        self.updateGeometry()
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        row = (int(event.position().y()) - self._theme.px(_HEAD)) // self._theme.px(_ROW)
        if 0 <= row < len(self._rows):
            self.chosen.emit(self._rows[row].name)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, px, small = self._theme, self._theme.px, MEASURES.label
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("pane"))
        painter.fillRect(0, 0, self.width(), 1, theme.color("line"))
        side = px(MEASURES.padding)
        inside = self.rect().adjusted(side, 0, -side, 0)
        names = self._name_width()
        head = QRect(inside.left(), px(2), inside.width(), px(_HEAD))
        paint_words(painter, head, tr("Open cases by district"), theme, "muted", base=small)
        count = px(_COUNT)
        late = head.adjusted(0, 0, -count, 0)
        paint_words(painter, late, tr("late"), theme, "muted", base=small, side=RIGHT)
        paint_words(painter, head, tr("all"), theme, "muted", base=small, side=RIGHT)
        most = max((row.total for row in self._rows), default=0)
        for number, row in enumerate(self._rows):
            room = QRect(inside.left(), px(_HEAD + _ROW * number), inside.width(), px(_ROW))
            self._paint_row(painter, room, row, names, most)
        painter.end()

    def _name_width(self) -> int:
        metrics = QFontMetrics(self._theme.font(MEASURES.label))
        return max((metrics.horizontalAdvance(row.name) for row in self._rows), default=0)

    def _paint_row(
        self, painter: QPainter, room: QRect, row: District, names: int, most: int
    ) -> None:
        theme, px, small = self._theme, self._theme.px, MEASURES.label
        count = px(_COUNT)
        paint_words(painter, room, row.name, theme, "text", base=small)
        late = row.counts.get("late", 0)
        beside = room.adjusted(0, 0, -count, 0)
        paint_words(painter, beside, f"{late:,}", theme, "muted", base=small, side=RIGHT)
        paint_words(painter, room, f"{row.total:,}", theme, "text", base=small, side=RIGHT)
        left = room.left() + names + px(12)
        bar = QRectF(left, room.center().y() - px(_BAR) / 2 + 1, 0, px(_BAR))
        whole = room.right() - 2 * count - left
        if whole < px(_BAR_LEAST) or not most:
            return
        for standing, token in _TOKENS:
            bar.setWidth(whole * row.counts.get(standing, 0) / most)
            painter.fillRect(bar, self._theme.color(token))
            bar.moveLeft(bar.right())
