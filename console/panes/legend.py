"""The map's legend: each shape with its word and its count."""

from PySide6.QtCore import QRectF, QSize, Slot
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from console.wording import tr
from widgets.shapes import STATE_TOKENS, State, draw_state
from widgets.theme import MEASURES, Theme

_SHAPE, _GAP, _BETWEEN = 10, 6, 16


class Legend(QWidget):
    """One line under the map."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._entries: tuple[tuple[State | None, str], ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self._restyle)
        self.hide()  # until there is something to count

    def show_counts(self, *, late: int, soon: int, in_time: int, unplaced: int) -> None:
        """Show how many open cases stand how; those without a position are counted too."""
        entries: list[tuple[State | None, str]] = [
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
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(200), self._theme.px(MEASURES.row))

    @Slot()
    def _restyle(self) -> None:
        self.updateGeometry()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, px = self._theme, self._theme.px
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("raised"))
        painter.fillRect(0, 0, self.width(), 1, theme.color("line"))
        font = theme.font(MEASURES.label)
        painter.setFont(font)
        metrics, left = QFontMetrics(font), px(MEASURES.padding)
        for state, words in self._entries:
            if state is not None:
                size = px(_SHAPE)
                box = QRectF(left, (self.height() - size) / 2 + 1, size, size)
                draw_state(painter, state, box, theme.color(STATE_TOKENS[state]))
                left += size + px(_GAP)
            painter.setPen(theme.color("text" if state is not None else "muted"))
            wide = metrics.horizontalAdvance(words)
            painter.drawText(left, 0, wide + 2, self.height(), 0x81, words)
            left += wide + px(_BETWEEN)
        painter.end()
