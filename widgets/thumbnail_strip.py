"""A row of small pictures: walked with the arrows, opened with Enter or a click, files dropped on.

Each has its own state, told by shape and words beside the picture, never by colour alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QDragEnterEvent,
    QDropEvent,
    QFocusEvent,
    QFontMetrics,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from widgets.plain_label import one_line, plain_tooltip
from widgets.shapes import draw_state
from widgets.theme import MEASURES, Theme

_SIDE, _WORDS, _GAP = 72, 17, 6
_WHOLE, _LEAST_SIDE = 3, 44
"""So many are whole at a time, smaller in a narrow place, but not smaller than a face."""
_MORE = 16

_OWN_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)

Standing = Literal["ready", "loading", "sending", "failed"]


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """One picture: `share` of it is sent, 0 to 1; `tooltip` says the whole of it."""

    key: str
    words: str
    image: QImage | None = None
    standing: Standing = "ready"
    share: float = 0.0
    tooltip: str = ""


class ThumbnailStrip(QWidget):
    """Scrolls sideways by itself, so that the chosen one is always whole."""

    opened = Signal(str)
    """The key of the picture that was opened."""
    dropped = Signal(object)
    """Paths of local files, a tuple."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._items: tuple[Thumbnail, ...] = ()
        self._chosen = 0
        self._left = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAcceptDrops(True)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self._restyle)

    @property
    def items(self) -> tuple[Thumbnail, ...]:
        """What is shown, from left to right."""
        return self._items

    def show_items(self, items: Sequence[Thumbnail]) -> None:
        """Show these; the chosen one stays chosen where it is still there."""
        chosen = self._items[self._chosen].key if self._chosen < len(self._items) else ""
        self._items = tuple(items)
        keys = [item.key for item in self._items]
        self._chosen = keys.index(chosen) if chosen in keys else 0
        self._reveal()

    def sizeHint(self) -> QSize:
        px = self._theme.px
        return QSize(px(_SIDE) * _WHOLE, self._side() + px(_WORDS) + 4)

    def _side(self) -> int:
        """The side of one picture, so that those in sight are whole."""
        px = self._theme.px
        fitting = (self.width() - 2 - px(_GAP) * (_WHOLE - 1)) // _WHOLE
        return min(max(fitting, px(_LEAST_SIDE)), px(_SIDE))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.setFixedHeight(self.sizeHint().height())
        self._reveal()

    # --- painting -------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setFont(self._theme.font(MEASURES.label))
        for number, item in enumerate(self._items):
            box = self._box(number)
            if box.intersects(self.rect()):
                self._paint(painter, item, box, chosen=number == self._chosen)
        if self._left:
            self._paint_more(painter, "‹", 0)
        if len(self._items) * self._step() - self._left > self.width() + self._theme.px(_GAP):
            self._paint_more(painter, "›", self.width() - self._theme.px(_MORE))
        painter.end()

    def _paint_more(self, painter: QPainter, sign: str, left: int) -> None:
        """There are more on this side."""
        edge = QRect(left, 1, self._theme.px(_MORE), self._side())
        painter.fillRect(edge, self._theme.color("raised", 0.85))
        painter.setPen(self._theme.color("text"))
        painter.drawText(edge, Qt.AlignmentFlag.AlignCenter, sign)

    def _paint(self, painter: QPainter, item: Thumbnail, box: QRect, *, chosen: bool) -> None:
        theme, side = self._theme, self._side()
        frame = QRect(box.left(), box.top(), box.width(), side)
        painter.fillRect(frame, theme.color("raised"))
        if item.image is not None and not item.image.isNull():
            size = item.image.size().scaled(frame.size(), Qt.AspectRatioMode.KeepAspectRatio)
            place = QRect(QPoint(), size)
            place.moveCenter(frame.center())
            painter.setOpacity(1.0 if item.standing == "ready" else 0.45)
            painter.drawImage(place, item.image)
            painter.setOpacity(1.0)
        if item.standing == "sending":
            self._paint_bar(painter, frame, item.share)
        elif item.standing == "loading":
            painter.setPen(theme.color("muted"))
            painter.drawText(frame, Qt.AlignmentFlag.AlignCenter, "…")
        elif item.standing == "failed":
            mark = QRectF(frame.center().x() - 8, frame.center().y() - 8, 16, 16)
            draw_state(painter, "late", mark, theme.color("late"))
        focused = chosen and self.hasFocus()
        painter.setPen(QPen(theme.color("accent" if focused else "line"), 2 if focused else 1))
        painter.drawRect(frame.adjusted(0, 0, -1, -1))
        painter.setPen(theme.color("late" if item.standing == "failed" else "muted"))
        words = QRect(box.left(), frame.bottom() + 2, box.width(), theme.px(_WORDS))
        elided = QFontMetrics(painter.font()).elidedText(
            one_line(item.words), Qt.TextElideMode.ElideRight, words.width()
        )
        painter.drawText(words, Qt.AlignmentFlag.AlignCenter, elided)

    def _paint_bar(self, painter: QPainter, frame: QRect, share: float) -> None:
        high = self._theme.px(6)
        bar = QRect(frame.left() + 4, frame.bottom() - high - 4, frame.width() - 8, high)
        painter.fillRect(bar, self._theme.color("line"))
        bar.setWidth(round(bar.width() * min(max(share, 0.0), 1.0)))
        painter.fillRect(bar, self._theme.color("accent"))

    def _box(self, number: int) -> QRect:
        left, side = number * self._step() - self._left, self._side()
        return QRect(left + 1, 1, side, side + self._theme.px(_WORDS))

    def _step(self) -> int:
        """From one picture to the next."""
        return self._side() + self._theme.px(_GAP)

    # --- choosing -------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """Enter opens the chosen picture here, whatever it does in the pane around."""
        is_own = isinstance(event, QKeyEvent) and Qt.Key(event.key()) in _OWN_KEYS
        if is_own and self._items and event.type() is QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        last = len(self._items) - 1
        key = Qt.Key(event.key())
        moves = {
            Qt.Key.Key_Left: self._chosen - 1,
            Qt.Key.Key_Right: self._chosen + 1,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
        }
        if key in moves and last >= 0:
            self._chosen = min(max(moves[key], 0), last)
            self._reveal()
        elif key in _OWN_KEYS and last >= 0:
            self.opened.emit(self._items[self._chosen].key)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        number = self._at(event.position().toPoint())
        if number is not None and event.button() is Qt.MouseButton.LeftButton:
            self._chosen = number
            self._reveal()
            self.opened.emit(self._items[number].key)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        number = self._at(event.position().toPoint())
        self.setToolTip(plain_tooltip(self._items[number].tooltip) if number is not None else "")

    def wheelEvent(self, event: QWheelEvent) -> None:
        turn = event.angleDelta()
        whole = len(self._items) * self._step()
        most = max(whole - self.width(), 0)
        if not most:
            event.ignore()
            return
        self._left = min(max(self._left - (turn.x() or turn.y()), 0), most)
        self.update()

    def _at(self, place: QPoint) -> int | None:
        for number in range(len(self._items)):
            if self._box(number).contains(place):
                return number
        return None

    def _reveal(self) -> None:
        step = self._step()
        fitting = max((self.width() + self._theme.px(_GAP)) // step, 1)
        first = max(min(self._left // step, self._chosen), self._chosen + 1 - fitting, 0)
        self._left = first * step
        if self._chosen < len(self._items):
            chosen = self._items[self._chosen]
            self.setAccessibleDescription(one_line(chosen.tooltip or chosen.words))
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    # --- dropping -------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = tuple(url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile())
        if paths:
            event.acceptProposedAction()
            self.dropped.emit(paths)

    @Slot()
    def _restyle(self) -> None:
        self.updateGeometry()
        self._reveal()
