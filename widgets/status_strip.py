"""The top bar: where am I, am I connected, who is on duty, what is the time.

Every word is set by the caller. The age of the data always stands beside the lamp, connected or
not, for a calm screen with old data is the worst lie of a console.
"""

from typing import Literal

from PySide6.QtCore import QRect, QRectF, QSize, Slot
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from widgets.plain_label import PlainLabel, one_line
from widgets.shapes import State, draw_state
from widgets.theme import MEASURES, Theme, Token

Link = Literal["connected", "stale", "offline"]

_LAMPS: dict[Link, tuple[State, Token]] = {
    "connected": ("in_time", "done"),
    "stale": ("soon", "soon"),
    "offline": ("late", "late"),
}
_HEIGHT, _LAMP, _GAP = 44, 9, 24


class ConnectionLamp(QWidget):
    """A shape, a word and the age of the data."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._link: Link = "offline"
        self._words = PlainLabel(parent=self)
        self._box = QHBoxLayout(self)
        self._box.addWidget(self._words)
        theme.changed.connect(self._restyle)
        self._restyle()

    def show_link(self, link: Link, word: str, age: str = "") -> None:
        self._link = link
        self._words.setText(" · ".join(filter(None, (word, age))))
        self._words.set_tone("text" if link == "connected" else _TONES[link])
        self.setAccessibleName(self._words.text())
        self.update()

    @Slot()
    def _restyle(self) -> None:
        self._box.setContentsMargins(self._theme.px(_LAMP + 7), 0, 0, 0)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        state, token = _LAMPS[self._link]
        size = self._theme.px(_LAMP)
        painter = QPainter(self)
        box = QRectF(0, (self.height() - size) / 2 + 1, size, size)
        draw_state(painter, state, box, self._theme.color(token))
        painter.end()


_TONES: dict[Link, Literal["soon", "late"]] = {"stale": "soon", "offline": "late"}


class PracticeMark(QWidget):
    """A filled plate that says, all the time, that nothing here is real; hidden if empty."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._text = ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.hide()

    def show_text(self, text: str) -> None:
        self._text = one_line(text)
        self.setAccessibleName(self._text)
        self.setVisible(bool(self._text))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        px = self._theme.px
        wide = QFontMetrics(self._theme.font(bold=True)).horizontalAdvance(self._text)
        return QSize(wide + 2 * px(10), px(24))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(self._theme.color("accent"))
        painter.setPen(self._theme.color("accent"))
        painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), 4, 4)
        painter.setFont(self._theme.font(bold=True))
        painter.setPen(self._theme.color("on_accent"))
        painter.drawText(self.rect(), 0x84, self._text)
        painter.end()


class StatusStrip(QWidget):
    """Product, place, a slot for the command bar, practice mark, lamp, people, clock."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._product = PlainLabel(size="heading")
        self._place = PlainLabel(tone="muted")
        self.practice = PracticeMark(theme)
        self.lamp = ConnectionLamp(theme)
        self._people = PlainLabel(tone="muted")
        self._clock = PlainLabel(size="strong")
        self._box = QHBoxLayout(self)
        left: tuple[QWidget, ...] = (self._product, self._place, self.practice)
        right: tuple[QWidget, ...] = (self.lamp, self._people, self._clock)
        for part in left:
            self._box.addWidget(part)
        self._box.addStretch(1)
        self._box.addStretch(1)
        for part in right:
            self._box.addWidget(part)
        theme.changed.connect(self._restyle)
        self._restyle()

    @property
    def middle_ends(self) -> tuple[QWidget, QWidget]:
        """What stands left and right of the middle."""
        return (self._place if self.practice.isHidden() else self.practice), self.lamp

    def middle(self) -> QRect:
        """Where nothing stands that must be seen all the time."""
        left, right = self.middle_ends
        gap = self._theme.px(_GAP) // 2
        start, end = left.geometry().right() + gap, right.x() - gap
        return QRect(start, 0, max(end - start, 0), self.height())

    def set_titles(self, product: str, place: str) -> None:
        self._product.setText(product)
        self._place.setText(place)

    def set_people(self, people: str) -> None:
        """Set who is on duty and under which role this seat works."""
        self._people.setText(people)

    def set_clock(self, clock: str) -> None:
        self._clock.setText(clock)

    def set_centre(self, widget: QWidget) -> None:
        """Put a widget, the command bar, into the middle of the strip."""
        self._box.insertWidget(4, widget, 2)

    @Slot()
    def _restyle(self) -> None:
        px = self._theme.px
        self.setFixedHeight(px(_HEIGHT))
        self._box.setContentsMargins(px(MEASURES.padding + 2), 0, px(MEASURES.padding + 2), 0)
        self._box.setSpacing(px(_GAP))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.color("pane"))
        line = self._theme.color("line")
        painter.fillRect(0, self.height() - 1, self.width(), 1, line)
        painter.end()
