"""One large picture: fitted, closer with + and −, moved with the mouse or the arrows."""

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt, Signal, Slot
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from widgets.theme import Theme

STEP = 1.25
CLOSEST = 8.0
"""Times the fitted size."""
_PAN = 60


class PictureCanvas(QWidget):
    """Asks for the next picture with the arrows."""

    stepped = Signal(int)
    """-1 or 1."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._image: QImage | None = None
        self._closer = 1.0
        self._shift = QPointF()
        self._held: QPointF | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(120, 80)
        theme.changed.connect(self._restyle)

    @property
    def closer(self) -> float:
        """How many times larger than fitted."""
        return self._closer

    @property
    def image(self) -> QImage | None:
        """What is shown."""
        return self._image

    def show_image(self, image: QImage | None, *, same: bool = False) -> None:
        """Show a picture; with `same` it is the one before in more detail, and nothing moves."""
        self._image = image
        if not same:
            self._closer, self._shift = 1.0, QPointF()
        self.update()

    def zoom(self, times: float) -> None:
        """Closer or farther; never smaller than fitted."""
        before = self._closer
        self._closer = min(max(before * times, 1.0), CLOSEST)
        self._shift *= self._closer / before
        self._hold()

    def fit(self) -> None:
        """The whole of it."""
        self._closer, self._shift = 1.0, QPointF()
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, pan = Qt.Key(event.key()), self._theme.px(_PAN)
        shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        up = {Qt.Key.Key_Up: pan, Qt.Key.Key_Down: -pan}
        along = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if key in up or (key in along and shifted):
            self._shift += QPointF(-along.get(key, 0) * pan, up.get(key, 0))
            self._hold()
        elif key in along:
            self.stepped.emit(along[key])
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom(STEP)
        elif key in (Qt.Key.Key_Minus, Qt.Key.Key_Underscore):
            self.zoom(1 / STEP)
        elif key is Qt.Key.Key_0:
            self.fit()
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.angleDelta().y():
            self.zoom(STEP if event.angleDelta().y() > 0 else 1 / STEP)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self._held = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._held is not None:
            self._shift += event.position() - self._held
            self._held = event.position()
            self._hold()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._held = None

    def _fitted(self) -> QSizeF:
        """Never larger than it is, before somebody draws it closer."""
        if self._image is None or self._image.isNull():
            return QSizeF()
        size, room = QSizeF(self._image.size()), QSizeF(self.size())
        small = size.width() <= room.width() and size.height() <= room.height()
        return size if small else size.scaled(room, Qt.AspectRatioMode.KeepAspectRatio)

    def _hold(self) -> None:
        """The picture never leaves its place."""
        size = self._fitted() * self._closer
        across = max((size.width() - self.width()) / 2, 0.0)
        up = max((size.height() - self.height()) / 2, 0.0)
        self._shift = QPointF(
            min(max(self._shift.x(), -across), across), min(max(self._shift.y(), -up), up)
        )
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.color("raised"))
        if self._image is not None and not self._image.isNull():
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            place = QRectF(QPointF(), self._fitted() * self._closer)
            place.moveCenter(QRectF(self.rect()).center() + self._shift)
            painter.drawImage(place, self._image)
        if self.hasFocus():
            painter.setPen(self._theme.color("accent"))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()

    @Slot()
    def _restyle(self) -> None:
        self._hold()
