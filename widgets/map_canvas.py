"""The map as a widget: where it looks, what hands do to it, what is chosen on it.

There is no animation and no OpenGL (slower than this on machines without a graphics card).
"""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import replace
from typing import Protocol

from numpy.typing import ArrayLike
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, Signal, Slot
from PySide6.QtGui import (
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from widgets.map_frame import MapFrame
from widgets.map_layers import GridOf, MapLayer, paint_scale_bar
from widgets.map_marks import Mark
from widgets.map_pictures import MapPictures
from widgets.map_rings import Ring
from widgets.plain_label import plain_tooltip
from widgets.theme import Theme, Token

_REACH, _STEADY = 10, 4  # pixels: how near a click must be; how still a hand is in a click
_ZOOM_STEP, _PAN_STEP, _FIT_MARGIN = 1.25, 80, 24
_IN_SIGHT = 12
"""Pixels from an edge that a place must have to be in sight."""
_NOTCH = 120  # what Qt says for one notch of a wheel
_RING = 12
_PIN_HEAD, _PIN_TALL = 6, 18


class Overlay(Protocol):
    """Something drawn above the points, which knows what to say of a place under the pointer."""

    def paint(
        self, painter: QPainter, frame: MapFrame, ratio: float, rings: Sequence[Ring] = ()
    ) -> None:
        """Paint it; `ratio` is the device's pixels a pixel."""

    def hint(self, place: QPointF, frame: MapFrame) -> str:
        """Plain text for a place of the screen, "" where there is nothing to say."""


class MapCanvas(QWidget):
    """Layers, points and a selection; says which point was `picked` or where was `clicked`; the
    space bar clicks the middle, without picking.

    Coordinates are metres, x east and y north. A click on a point says both; a click on a
    cluster only goes closer.
    """

    picked = Signal(object)
    clicked = Signal(float, float)
    mark_picked = Signal(object)
    """Key of a mark that was clicked, or reached by the full stop; None when a click met none."""
    key_pressed = Signal(int)
    """A key (`Qt.Key`) that means nothing to the map itself."""
    looked = Signal()
    """The map looks elsewhere now, or from another distance."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._frame = MapFrame()
        self._shown = MapPictures(theme)
        self._selected: Hashable | None = None
        self._ringed: Hashable | None = None
        self._pin: tuple[float, float] | None = None
        self._overlays: list[Overlay] = []
        self._pressed: QPoint | None = None
        self._dragged = False
        self._home: QRectF | None = QRectF()
        """What a new size fits again: empty for all layers, None once a hand has moved."""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        theme.changed.connect(self._redraw)

    # --- what is shown ----------------------------------------------------------------

    def set_layers(self, layers: Sequence[MapLayer]) -> None:
        """Show these layers, the first undermost; key 0 returns to their extent."""
        self._shown.layers = tuple(layers)
        self._redraw()

    def set_grid(self, grid_of: GridOf | None, from_scale: float = 0.05) -> None:
        """Show grid lines from a scale (pixels per metre) on; None shows none.

        `grid_of` is given what is seen in metres; `top` is the southern edge.
        """
        self._shown.grid = (grid_of, from_scale) if grid_of else None
        self._redraw()

    def set_points(
        self, x: ArrayLike, y: ArrayLike, codes: ArrayLike, keys: Sequence[Hashable]
    ) -> None:
        """Show exactly these points (codes: `map_points`).

        Raises:
            ValueError: the arrays and the keys are not of one length.
        """
        self._shown.cloud.set(x, y, codes, keys)
        self._redraw_points()

    def update_points(
        self, x: ArrayLike, y: ArrayLike, codes: ArrayLike, keys: Sequence[Hashable]
    ) -> None:
        """Change or add these points.

        Raises:
            ValueError: the arrays and the keys are not of one length.
        """
        self._shown.cloud.update(x, y, codes, keys)
        self._redraw_points()

    def drop_points(self, keys: Sequence[Hashable]) -> None:
        self._shown.cloud.drop(keys)
        self._redraw_points()

    def select(self, key: Hashable | None) -> None:
        """Ring the point, or the cluster it is drawn in; the map does not move."""
        self._selected = key
        self.update()

    def set_pin(self, place: tuple[float, float] | None) -> None:
        """Stick a pin at a place in metres, or take it away; the map does not move."""
        self._pin = place
        self.update()

    def add_overlay(self, overlay: Overlay) -> None:
        """Draw this above the points from now on."""
        self._overlays.append(overlay)
        self.update()

    def set_marks(self, marks: Iterable[Mark]) -> None:
        """Show exactly these marks, where the map is close enough."""
        self._shown.marks.set(marks)
        self._redraw_marks()

    def show_marks_from(self, scale: float, labels: float) -> None:
        """Show marks, and their labels, from these scales (pixels per metre) on."""
        self._shown.marks.from_scale, self._shown.marks.labels_from = scale, labels
        self._redraw_marks()

    @property
    def shows_marks(self) -> bool:
        """Whether the map is close enough for marks."""
        return self._shown.marks.shows(self._frame)

    def ring_mark(self, key: Hashable | None) -> None:
        """Ring a mark, or none."""
        self._ringed = key
        self.update()

    def next_mark(self) -> None:
        """Pick the mark nearest to the middle, then by turns those around it; from too far away go
        as close as marks begin to show, with what is chosen in the middle."""
        if not self.shows_marks:
            self._come_near()
            return
        around = self._shown.marks.around(self._frame)
        keys = [mark.key for mark in around]
        if keys:
            at = keys.index(self._ringed) + 1 if self._ringed in keys else 0
            self.mark_picked.emit(keys[at % len(keys)])

    # --- where it looks ---------------------------------------------------------------

    @property
    def frame(self) -> MapFrame:
        return self._frame

    def fit(self, bounds: QRectF | None = None) -> None:
        """Show bounds in metres, or all layers."""
        wanted = self._shown.bounds() if bounds is None else bounds
        if not wanted.isEmpty():
            self._look(self._frame.fitted(wanted, self._theme.px(_FIT_MARGIN)))
        self._home = QRectF() if bounds is None else bounds

    def zoom(self, factor: float, around: QPointF | None = None) -> None:
        """Go closer by a factor around a place on the screen, by default the middle."""
        self._home = None
        self._look(self._frame.zoomed(factor, around or QRectF(self.rect()).center()))

    def _come_near(self) -> None:
        x, y = self._meant() or (self._frame.x, self._frame.y)
        self._home = None
        self._look(replace(self._frame, x=x, y=y, scale=self._shown.marks.from_scale))

    def _meant(self) -> tuple[float, float] | None:
        """The pin or else the chosen point, in metres."""
        chosen = self._shown.cloud.place_of(self._selected) if self._selected is not None else None
        return self._pin or chosen

    def _kept_in_sight(self) -> QPointF | None:
        """What the keys go closer to: what is meant, if it is in sight."""
        place = self._meant()
        on_screen = self._frame.to_screen(*place) if place is not None else None
        seen = on_screen is not None and QRectF(self.rect()).contains(on_screen)
        return on_screen if seen else None

    def pan(self, right: float, down: float) -> None:
        """Shift the picture by pixels."""
        self._home = None
        self._look(self._frame.moved(right, down))

    def show_place(self, x: float, y: float) -> None:
        """Go there, in metres, where it is out of sight or close to an edge; no nearer or farther
        away than now. Before the map is shown it stays at its home."""
        if not self.isVisible():
            return
        frame = self._frame.showing(x, y, self._theme.px(_IN_SIGHT))
        if frame is not self._frame:
            self._home = None
            self._look(frame)

    def _look(self, frame: MapFrame) -> None:
        self._frame = frame
        self.update()
        self.looked.emit()

    # --- hands ------------------------------------------------------------------------

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.zoom(_ZOOM_STEP ** (event.angleDelta().y() / _NOTCH), event.position())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed, self._dragged = event.position().toPoint(), False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None:
            return
        step = event.position().toPoint() - self._pressed
        if self._dragged or step.manhattanLength() > _STEADY:
            self._dragged = True
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self._pressed = event.position().toPoint()
            self.pan(step.x(), step.y())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        was_click = self._pressed is not None and not self._dragged
        self._pressed = None
        self.unsetCursor()
        if was_click:
            self._click(event.position())

    def _click(self, place: QPointF) -> None:
        if self._shown.cluster_at(place, self._frame) is not None:
            self.zoom(2.0, place)
            return
        x, y = self._frame.to_world(place)
        key = self._shown.cloud.nearest(x, y, self._theme.px(_REACH) / self._frame.scale)
        if key is not None:
            self.picked.emit(key)
        reach = self._theme.px(_REACH) / self._frame.scale
        mark = self._shown.marks.nearest(x, y, reach) if self.shows_marks else None
        self.clicked.emit(x, y)
        self.mark_picked.emit(mark.key if mark is not None and key is None else None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, step = Qt.Key, self._theme.px(_PAN_STEP)
        shifts = {
            key.Key_Left: (step, 0),
            key.Key_Right: (-step, 0),
            key.Key_Up: (0, step),
            key.Key_Down: (0, -step),
        }
        zooms = {
            key.Key_Plus: _ZOOM_STEP,
            key.Key_Equal: _ZOOM_STEP,
            key.Key_Minus: 1 / _ZOOM_STEP,
        }
        pressed = event.key()
        if pressed in shifts:
            self.pan(*shifts[key(pressed)])
        elif pressed in zooms:
            self.zoom(zooms[key(pressed)], self._kept_in_sight())
        elif pressed == key.Key_0:
            self.fit()
        elif pressed == key.Key_Space:
            self.clicked.emit(*self._frame.to_world(QRectF(self.rect()).center()))
        elif pressed == key.Key_Period:
            self.next_mark()
        else:
            self.key_pressed.emit(pressed)
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            place = QPointF(event.pos())
            said = next(filter(None, (o.hint(place, self._frame) for o in self._overlays)), "")
            QToolTip.showText(event.globalPos(), plain_tooltip(said), self)
            return True
        return super().event(event)

    # --- drawing ----------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._frame = replace(self._frame, width=self.width(), height=self.height())
        if self._home is not None:
            self.fit(self._home if not self._home.isEmpty() else None)
        self._redraw()
        self.looked.emit()

    @Slot()
    def _redraw(self) -> None:
        self._shown.forget_ground()
        self._shown.forget_marks()
        self._redraw_points()

    def _redraw_marks(self) -> None:
        self._shown.forget_marks()
        self.update()

    def _redraw_points(self) -> None:
        self._shown.forget_points()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._shown.paint(painter, self._frame, self.devicePixelRatioF())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for overlay in self._overlays:
            overlay.paint(painter, self._frame, self.devicePixelRatioF(), self._shown.rings)
        self._paint_ringed(painter)
        self._paint_selected(painter)
        self._paint_pin(painter)
        paint_scale_bar(painter, self._frame, self._theme)
        if self.hasFocus():
            self._paint_focus(painter)
        painter.end()

    def _paint_focus(self, painter: QPainter) -> None:
        """A frame, and the middle that the space bar means."""
        middle, arm = self.rect().center(), self._theme.px(_RING)
        painter.setPen(self._theme.color("accent"))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        for step in (QPoint(arm, 0), QPoint(0, arm)):
            painter.drawLine(middle - step, middle + step)

    def _paint_ringed(self, painter: QPainter) -> None:
        mark = self._shown.marks.get(self._ringed) if self.shows_marks else None
        if mark is None:
            return
        radius = self._theme.px(_RING)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(self._theme.color("accent"), self._theme.px(2), Qt.PenStyle.DashLine))
        painter.drawEllipse(self._frame.to_screen(mark.x, mark.y), radius, radius)

    def _paint_selected(self, painter: QPainter) -> None:
        if self._selected is None:
            return
        place = self._shown.cloud.place_of(self._selected)
        if place is None:
            return
        painter.setBrush(Qt.BrushStyle.NoBrush)
        middle, radius = self._frame.to_screen(*place), float(self._theme.px(_RING))
        cluster = self._shown.cluster_at(middle, self._frame)
        if cluster is not None:
            middle, radius = self._shown.ring_of(cluster, self._frame)
        strokes: tuple[tuple[Token, int], ...] = (("land", 5), ("accent", 2))
        for token, width in strokes:
            painter.setPen(QPen(self._theme.color(token), self._theme.px(width)))
            painter.drawEllipse(middle, radius, radius)
        if cluster is None:
            self._shown.paint_point(painter, middle, self._selected)

    def _paint_pin(self, painter: QPainter) -> None:
        if self._pin is None:
            return
        px, foot = self._theme.px, self._frame.to_screen(*self._pin)
        head = foot - QPointF(0, px(_PIN_TALL))
        strokes: tuple[tuple[Token, int], ...] = (("land", 5), ("accent", 2))
        for token, width in strokes:
            painter.setPen(QPen(self._theme.color(token), px(width)))
            painter.setBrush(self._theme.color("accent"))
            painter.drawLine(foot, head)
            painter.drawEllipse(head, px(_PIN_HEAD), px(_PIN_HEAD))
