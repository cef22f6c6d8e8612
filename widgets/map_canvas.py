"""The map: polygons as paths, points as one image, both kept a little larger than the screen.

A drag then only shifts two pictures; they are drawn anew when the margin is used up, the scale
changes or the points do. There is no animation and no OpenGL (slower than this on machines
without a graphics card).
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace

from numpy.typing import ArrayLike
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from widgets.map_clusters import paint_clusters
from widgets.map_frame import MapFrame
from widgets.map_layers import (
    GridOf,
    MapLayer,
    paint_grid,
    paint_haloed,
    paint_layers,
    paint_names,
    paint_scale_bar,
)
from widgets.map_points import (
    IN_TIME,
    LATE,
    OTHER,
    SOON,
    Cluster,
    PointCloud,
    Visible,
    clusters_of,
    points_image,
    visible_points,
)
from widgets.plain_label import one_line
from widgets.theme import Theme, Token

CLUSTER_CELL = 24  # pixels
_CLUSTER_ABOVE = 1_500  # points on the screen that are still legible one by one
_CLUSTER_LEAST = 4
_MARGIN = 200
_REACH, _STEADY = 10, 4  # pixels: how near a click must be; how still a hand is in a click
_ZOOM_STEP, _PAN_STEP, _FIT_MARGIN = 1.25, 80, 24
_NOTCH = 120
CODE_TOKENS: dict[int, Token] = {
    IN_TIME: "in_time",
    SOON: "soon",
    LATE: "late",
    OTHER: "border",
}


@dataclass(slots=True)
class _Picture:
    """A layer drawn for a frame; `offset` says how far it is shifted for another frame."""

    pixmap: QPixmap
    frame: MapFrame

    def offset(self, now: MapFrame) -> QPointF | None:
        """Return where to draw it, None if it does not cover the screen at this scale."""
        if now.scale != self.frame.scale:
            return None
        right = (self.frame.x - now.x) * now.scale + (now.width - self.frame.width) / 2
        down = (now.y - self.frame.y) * now.scale + (now.height - self.frame.height) / 2
        spare_x, spare_y = self.frame.width - now.width, self.frame.height - now.height
        covers = -spare_x <= right <= 0 and -spare_y <= down <= 0
        return QPointF(round(right), round(down)) if covers else None


class MapCanvas(QWidget):
    """Layers, points and a selection; says which point was `picked` or where was `clicked`.

    Coordinates are metres, x east and y north. `clicked` also comes with every pick.
    """

    picked = Signal(object)
    clicked = Signal(float, float)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._frame = MapFrame()
        self._home = QRectF()
        self._layers: tuple[MapLayer, ...] = ()
        self._hidden: set[str] = set()
        self._grid: tuple[GridOf, float] | None = None
        self._cloud = PointCloud()
        self._clusters: list[Cluster] = []
        self._selected: Hashable | None = None
        self._link: tuple[tuple[float, float], tuple[float, float], str] | None = None
        self._ground: _Picture | None = None
        self._points: _Picture | None = None
        self._pressed: QPoint | None = None
        self._dragged = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        theme.changed.connect(self._restyle)

    # --- what is shown ----------------------------------------------------------------

    def set_layers(self, layers: Sequence[MapLayer]) -> None:
        """Show these layers, the first undermost; their extent is what key 0 returns to."""
        self._layers = tuple(layers)
        bounds = QRectF()
        for layer in layers:
            for path in layer.paths:
                bounds = bounds.united(path.boundingRect())
        self._home = bounds
        self._drop_ground()

    def show_layer(self, name: str, shown: bool) -> None:
        if shown:
            self._hidden.discard(name)
        else:
            self._hidden.add(name)
        self._drop_ground()

    def set_grid(self, grid_of: GridOf | None, from_scale: float = 0.05) -> None:
        """Show grid lines from a scale (pixels per metre) on; None shows none."""
        self._grid = (grid_of, from_scale) if grid_of else None
        self._drop_ground()

    def set_points(
        self, x: ArrayLike, y: ArrayLike, codes: ArrayLike, keys: Sequence[Hashable]
    ) -> None:
        """Show exactly these points (codes: `map_points`)."""
        self._cloud.set(x, y, codes, keys)
        self._drop_points()

    def update_points(
        self, x: ArrayLike, y: ArrayLike, codes: ArrayLike, keys: Sequence[Hashable]
    ) -> None:
        """Change or add these points."""
        self._cloud.update(x, y, codes, keys)
        self._drop_points()

    def drop_points(self, keys: Sequence[Hashable]) -> None:
        self._cloud.drop(keys)
        self._drop_points()

    def select(self, key: Hashable | None) -> None:
        """Ring the point; the map does not move."""
        self._selected = key
        self.update()

    def show_link(self, start: tuple[float, float], end: tuple[float, float], text: str) -> None:
        """Draw an accent line between two places with a text at its end."""
        self._link = (start, end, one_line(text))
        self.update()

    def hide_link(self) -> None:
        self._link = None
        self.update()

    # --- where it looks ---------------------------------------------------------------

    @property
    def frame(self) -> MapFrame:
        return self._frame

    def fit(self, bounds: QRectF | None = None) -> None:
        """Show bounds in metres, or all layers."""
        wanted = self._home if bounds is None else bounds
        if not wanted.isEmpty():
            self._look(self._frame.fitted(wanted, self._theme.px(_FIT_MARGIN)))

    def zoom(self, factor: float, around: QPointF | None = None) -> None:
        """Go closer by a factor around a place on the screen, by default the middle."""
        self._look(self._frame.zoomed(factor, around or QRectF(self.rect()).center()))

    def pan(self, right: float, down: float) -> None:
        """Shift the picture by pixels."""
        self._look(self._frame.moved(right, down))

    def centre_on(self, x: float, y: float) -> None:
        self._look(replace(self._frame, x=x, y=y))

    def _look(self, frame: MapFrame) -> None:
        self._frame = frame
        self.update()

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
        x, y = self._frame.to_world(place)
        cluster = self._cluster_at(place)
        if cluster is not None:
            self.zoom(2.0, place)
            return
        key = self._cloud.nearest(x, y, self._theme.px(_REACH) / self._frame.scale)
        if key is not None:
            self.picked.emit(key)
        self.clicked.emit(x, y)

    def _cluster_at(self, place: QPointF) -> Cluster | None:
        if self._points is None or (shift := self._points.offset(self._frame)) is None:
            return None
        inside, reach = place - shift, self._theme.px(CLUSTER_CELL) / 2
        for cluster in self._clusters:
            if abs(cluster.x - inside.x()) <= reach and abs(cluster.y - inside.y()) <= reach:
                return cluster
        return None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, step = Qt.Key, self._theme.px(_PAN_STEP)
        shifts = {
            key.Key_Left: (step, 0),
            key.Key_Right: (-step, 0),
            key.Key_Up: (0, step),
            key.Key_Down: (0, -step),
        }
        pressed = Qt.Key(event.key())
        if pressed in shifts:
            self.pan(*shifts[pressed])
        elif pressed in (key.Key_Plus, key.Key_Equal):
            self.zoom(_ZOOM_STEP)
        elif pressed == key.Key_Minus:
            self.zoom(1 / _ZOOM_STEP)
        elif pressed == key.Key_0:
            self.fit()
        else:
            super().keyPressEvent(event)

    # --- drawing ----------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_first = event.oldSize().isEmpty()
        self._frame = replace(self._frame, width=self.width(), height=self.height())
        if is_first:
            self.fit()
        self._drop_ground()
        self._drop_points()

    @Slot()
    def _restyle(self) -> None:
        self._drop_ground()
        self._drop_points()

    def _drop_ground(self) -> None:
        self._ground = None
        self.update()

    def _drop_points(self) -> None:
        self._points = None
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._ground is None or self._ground.offset(self._frame) is None:
            self._ground = self._draw_ground(self._frame.grown(_MARGIN))
        if self._points is None or self._points.offset(self._frame) is None:
            self._points = self._draw_points(self._frame.grown(_MARGIN))
        for picture in (self._ground, self._points):
            painter.drawPixmap(picture.offset(self._frame) or QPointF(), picture.pixmap)
        self._paint_link(painter)
        self._paint_selected(painter)
        paint_scale_bar(painter, self._frame, self._theme)
        if self.hasFocus():
            painter.setPen(self._theme.color("accent"))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()

    def _blank(self, frame: MapFrame, colour: QColor) -> QPixmap:
        ratio = self.devicePixelRatioF()
        pixmap = QPixmap(round(frame.width * ratio), round(frame.height * ratio))
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(colour)
        return pixmap

    def _draw_ground(self, frame: MapFrame) -> _Picture:
        pixmap = self._blank(frame, self._theme.color("water"))
        painter = QPainter(pixmap)
        shown = [layer for layer in self._layers if layer.name not in self._hidden]
        paint_layers(painter, shown, frame, self._theme)
        if self._grid is not None and frame.scale >= self._grid[1]:
            paint_grid(painter, self._grid[0](frame.bounds()), frame, self._theme)
        names = [name for layer in shown if frame.scale >= layer.names_from for name in layer.names]
        paint_names(painter, names, frame, self._theme)
        painter.end()
        return _Picture(pixmap, frame)

    def _draw_points(self, frame: MapFrame) -> _Picture:
        ratio, theme = self.devicePixelRatioF(), self._theme
        pixmap = self._blank(frame, QColor(0, 0, 0, 0))
        points = visible_points(self._cloud, frame, ratio)
        self._clusters = []
        if len(points.x) > _CLUSTER_ABOVE:
            points, self._clusters = self._cluster(points, frame, ratio)
        colours = {code: theme.color(token) for code, token in CODE_TOKENS.items()}
        painter = QPainter(pixmap)
        size = pixmap.size()
        scale = theme.scale / 100 * ratio
        image, pad = points_image(points, size.width(), size.height(), colours, scale)
        image.setDevicePixelRatio(ratio)
        painter.drawImage(QPointF(-pad / ratio, -pad / ratio), image)
        paint_clusters(painter, self._clusters, theme)
        painter.end()
        return _Picture(pixmap, frame)

    def _cluster(
        self, points: Visible, frame: MapFrame, ratio: float
    ) -> tuple[Visible, list[Cluster]]:
        """Return the points that stay single, and the clusters in pixels of the picture."""
        cell = self._theme.px(CLUSTER_CELL) * ratio
        origin = frame.to_screen(0.0, 0.0) * ratio
        clusters, single = clusters_of(
            points, (origin.x() % cell, origin.y() % cell), cell, _CLUSTER_LEAST
        )
        alone = Visible(points.x[single], points.y[single], points.code[single])
        return alone, [
            Cluster(cluster.x / ratio, cluster.y / ratio, cluster.counts) for cluster in clusters
        ]

    def _paint_selected(self, painter: QPainter) -> None:
        place = self._cloud.place_of(self._selected) if self._selected is not None else None
        if place is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        radius = self._theme.px(12)
        strokes: tuple[tuple[Token, int], ...] = (("land", 5), ("accent", 2))
        for token, width in strokes:
            painter.setPen(QPen(self._theme.color(token), self._theme.px(width)))
            painter.drawEllipse(self._frame.to_screen(*place), radius, radius)

    def _paint_link(self, painter: QPainter) -> None:
        if self._link is None:
            return
        start, end, text = self._link
        first, last = self._frame.to_screen(*start), self._frame.to_screen(*end)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._theme.color("accent"), self._theme.px(2)))
        painter.drawLine(first, last)
        paint_haloed(
            painter, last + QPointF(self._theme.px(6), self._theme.px(4)), text, self._theme
        )
