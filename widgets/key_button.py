"""A button that shows what it does and the key that does it.

The suggested variant carries the accent: it is what Enter will do. A button that cannot be
pressed says why in its tooltip.
"""

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Slot
from PySide6.QtGui import (
    QEnterEvent,
    QFontMetrics,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPen,
    QShortcutEvent,
)
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from widgets.painted_line import paint_words
from widgets.plain_label import one_line, plain_tooltip
from widgets.theme import MEASURES, Theme, Token

_HEIGHT, _TALL, _SIDE, _BETWEEN, _CAP_HEIGHT, _CAP_SIDE = 30, 46, 12, 10, 20, 7
_CLOSE_HEIGHT, _CLOSE_SIDE, _CLOSE_BETWEEN, _CLOSE_CAP = 24, 8, 6, 18
_NARROWEST = 120
_POLICY = QSizePolicy.Policy


class KeyButton(QPushButton):
    """Text, optionally a figure and a second line, and a key cap on the right.

    `key` is a portable key name ("F8", "Ctrl+K"); with `bind` it presses the button; with `fills`
    the button is as wide as its place; with `close` it is as small as can be pressed.
    """

    def __init__(
        self,
        text: str,
        key: str,
        theme: Theme,
        *,
        suggested: bool = False,
        bind: bool = True,
        fills: bool = False,
        close: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._suggested, self._fills = suggested, fills
        self._close, self._chosen = close, False
        self._side, self._between = (_CLOSE_SIDE, _CLOSE_BETWEEN) if close else (_SIDE, _BETWEEN)
        self._detail = self._figure = ""
        self._figure_tone: Token = "muted"
        # as on the keyboard and in every hint: only here Qt would translate it
        self._cap = QKeySequence(key).toString(QKeySequence.SequenceFormat.PortableText)
        if bind and key:
            self.setShortcut(QKeySequence(key))
        self.set_words(text)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        theme.changed.connect(self._restyle)

    def set_words(
        self, text: str, detail: str = "", figure: str = "", figure_tone: Token = "muted"
    ) -> None:
        """Set the act, the reason under it, and a short figure beside it."""
        self._words, self._detail = one_line(text), one_line(detail)
        self._figure, self._figure_tone = one_line(figure), figure_tone
        self.setAccessibleName(" ".join(filter(None, (self._words, self._figure, self._cap))))
        self.setAccessibleDescription(self._detail)
        self._restyle()

    def set_suggested(self, suggested: bool) -> None:
        self._suggested = suggested
        self.update()

    def set_chosen(self, chosen: bool) -> None:
        """Show it as the one of several that counts now."""
        self._chosen = chosen
        self.update()

    def set_reason(self, reason: str) -> None:
        """Disable the button and say why; an empty reason enables it."""
        self.setEnabled(not reason)
        self.setToolTip(plain_tooltip(reason))

    @Slot()
    def _restyle(self) -> None:
        self.setSizePolicy(
            _POLICY.Expanding if self._detail or self._fills else _POLICY.Maximum,
            _POLICY.Fixed,
        )
        self.updateGeometry()
        self.update()

    def event(self, event: QEvent) -> bool:
        """The key presses at once. Qt would sink the button for 100 ms first, and a button that is
        laid out anew meanwhile, because something came in, would forget that it was pressed."""
        if isinstance(event, QShortcutEvent) and not event.isAmbiguous():
            self.click()
            return True
        return super().event(event)

    def sizeHint(self) -> QSize:
        px, metrics = self._theme.px, QFontMetrics(self._theme.font(bold=self._suggested))
        wide = metrics.horizontalAdvance(self._words) + 2 * px(self._side) + 2
        if self._figure:
            wide += metrics.horizontalAdvance(self._figure) + px(self._between)
        if self._cap:
            wide += px(self._between) + self._cap_width()
        return QSize(wide, px(_TALL if self._detail else self._low))

    def minimumSizeHint(self) -> QSize:
        whole = self.sizeHint()
        return QSize(min(whole.width(), self._theme.px(_NARROWEST)), whole.height())

    @property
    def _low(self) -> int:
        return _CLOSE_HEIGHT if self._close else _HEIGHT

    def _cap_width(self) -> int:
        metrics = QFontMetrics(self._theme.font(MEASURES.label))
        return metrics.horizontalAdvance(self._cap) + 2 * self._theme.px(_CAP_SIDE)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter)
        side = self._theme.px(self._side)
        room = self.rect().adjusted(side, 0, -side, 0)
        if self._cap:
            self._paint_cap(painter, room)
            room.setRight(room.right() - self._cap_width() - self._theme.px(self._between))
        self._paint_words(painter, room)
        painter.end()

    def _paint_ground(self, painter: QPainter) -> None:
        theme = self._theme
        is_marked = self._suggested or self._chosen
        ground: Token = "selected" if is_marked and self.isEnabled() else "raised"
        is_lit = self.isEnabled() and (self.underMouse() or self.isDown())
        edge: Token = "accent" if self.hasFocus() or is_marked or is_lit else "line"
        painter.setBrush(theme.color(ground))
        painter.setPen(QPen(theme.color(edge if self.isEnabled() else "line"), 1.0))
        inside = self.rect().adjusted(0, 0, -1, -1)
        painter.drawRoundedRect(inside, theme.px(5), theme.px(5))
        if self.hasFocus():
            inner = inside.adjusted(2, 2, -2, -2)
            painter.setPen(QPen(theme.color("accent"), 1.0))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(inner, theme.px(4), theme.px(4))

    def _paint_cap(self, painter: QPainter, room: QRect) -> None:
        theme = self._theme
        wide, tall = self._cap_width(), theme.px(_CLOSE_CAP if self._close else _CAP_HEIGHT)
        cap = QRect(room.right() - wide + 1, room.center().y() - tall // 2 + 1, wide, tall)
        painter.setBrush(theme.color("pane"))
        painter.setPen(theme.color("line"))
        painter.drawRoundedRect(cap, theme.px(4), theme.px(4))
        painter.setFont(theme.font(MEASURES.label))
        painter.setPen(theme.color("text" if self.isEnabled() else "muted"))
        painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, self._cap)

    def _paint_words(self, painter: QPainter, room: QRect) -> None:
        theme = self._theme
        upper = QRect(room)
        if self._detail:
            upper = room.adjusted(0, theme.px(4), 0, -room.height() // 2 + theme.px(1))
            lower = room.adjusted(0, room.height() // 2, 0, -theme.px(4))
            paint_words(painter, lower, self._detail, theme, "muted", base=MEASURES.label)
        tone: Token = "text" if self.isEnabled() else "muted"
        words = QRect(upper)
        if self._figure:  # the act's name gives way, the figure stays whole
            metrics = QFontMetrics(theme.font(bold=self._suggested))
            kept = metrics.horizontalAdvance(self._figure) + theme.px(self._between)
            words.setWidth(max(words.width() - kept, 0))
        used = paint_words(painter, words, self._words, theme, tone, bold=self._suggested)
        if self._figure:
            upper.setLeft(upper.left() + used + theme.px(self._between))
            paint_words(
                painter, upper, self._figure, theme, self._figure_tone, bold=self._suggested
            )
