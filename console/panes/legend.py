"""The map's legend: each shape with its word and its count."""

from PySide6.QtCore import QRectF, QSize, Slot
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from console.wording import tr
from widgets.shapes import STATE_TOKENS, State, draw_state
from widgets.theme import MEASURES, Theme

Entry = tuple[State | None, str]
_SHAPE, _GAP, _BETWEEN = 10, 6, 16


class Legend(QWidget):
    """A line under the map; what does not fit stands in one more."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._entries: tuple[Entry, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self._restyle)
        self.hide()  # until there is something to count

    def show_counts(self, *, late: int, soon: int, in_time: int, unplaced: int) -> None:
        """Show how many open cases stand how; those without a position are counted too."""
        entries: list[Entry] = [
            ("late", tr("late {n}", n=f"{late:,}")),
            ("soon", tr("due soon {n}", n=f"{soon:,}")),
            ("in_time", tr("in time {n}", n=f"{in_time:,}")),
        ]
        if unplaced:
            entries.append((None, tr("without a position {n}", n=f"{unplaced:,}")))
        self.show()
        if tuple(entries) != self._entries:
            self._entries = tuple(entries)
            self.setAccessibleName(" · ".join(words for _, words in entries))
            self._restyle()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(200), self._theme.px(MEASURES.row) * len(self.lines()))

    def lines(self) -> list[list[Entry]]:
        """What stands in each line at the present width; at least one line."""
        px, metrics = self._theme.px, QFontMetrics(self._theme.font(MEASURES.label))
        found: list[list[Entry]] = [[]]
        left = first = px(MEASURES.padding)
        for state, words in self._entries:
            shape = px(_SHAPE) + px(_GAP) if state is not None else 0
            wide = shape + metrics.horizontalAdvance(words)
            if found[-1] and left + wide > self.width() - first:
                found.append([])
                left = first
            found[-1].append((state, words))
            left += wide + px(_BETWEEN)
        return found

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != self.width():
            self.updateGeometry()

    @Slot()
    def _restyle(self) -> None:
        self.updateGeometry()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, px = self._theme, self._theme.px
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("raised"))
        painter.fillRect(0, 0, self.width(), 1, theme.color("line"))
        painter.setFont(theme.font(MEASURES.label))
        for number, entries in enumerate(self.lines()):
            self._paint_line(painter, entries, number * px(MEASURES.row))
        painter.end()

    def _paint_line(self, painter: QPainter, entries: list[Entry], top: int) -> None:
        theme, px = self._theme, self._theme.px
        metrics, left, high = painter.fontMetrics(), px(MEASURES.padding), px(MEASURES.row)
        for state, words in entries:
            if state is not None:
                size = px(_SHAPE)
                box = QRectF(left, top + (high - size) / 2 + 1, size, size)
                draw_state(painter, state, box, theme.color(STATE_TOKENS[state]))
                left += size + px(_GAP)
            painter.setPen(theme.color("text" if state is not None else "muted"))
            wide = metrics.horizontalAdvance(words)
            painter.drawText(left, top, wide + 2, high, 0x81, words)
            left += wide + px(_BETWEEN)
