"""The two still pictures of the map: ground and points, each a little larger than the screen.

A drag then only shifts them; they are drawn anew when the margin is used up, the scale changes or
what they show does.
"""

from collections.abc import Hashable
from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap

from widgets.map_clusters import apart, cluster_box, paint_clusters
from widgets.map_frame import MapFrame
from widgets.map_layers import (
    GridOf,
    MapLabel,
    MapLayer,
    paint_grid,
    paint_layers,
)
from widgets.map_marks import Marks, paint_marks
from widgets.map_names import NamePlaces, Placed, paint_names
from widgets.map_points import (
    CODE_STATES,
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
from widgets.map_rings import Ring
from widgets.shapes import draw_state
from widgets.theme import Theme, Token

CLUSTER_CELL = 56  # pixels; at 40 the rings of a whole city are a carpet that nobody reads
_CLUSTER_ABOVE = 1_500  # points on a large map that are still legible one by one
_ROOM = 18
"""Side of the square that each of them needs at least."""
_CLUSTER_LEAST = 4
_MARGIN, _AROUND, _ALONE = 200, 3, 10
CODE_TOKENS: dict[int, Token] = {
    IN_TIME: "in_time",
    SOON: "soon",
    LATE: "late",
    OTHER: "muted",
}


@dataclass(slots=True)
class Picture:
    """Something drawn for a frame; `offset` says how far to shift it for another frame."""

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


@dataclass(slots=True)
class MapPictures:
    """What the map shows, and the pictures of it; `forget_…` after a change."""

    theme: Theme
    layers: tuple[MapLayer, ...] = ()
    grid: tuple[GridOf, float] | None = None
    cloud: PointCloud = field(default_factory=PointCloud)
    marks: Marks = field(default_factory=Marks)
    rings: tuple[Ring, ...] = ()
    """Where figures stand, which nothing may hide."""
    _clusters: list[Cluster] = field(default_factory=list)
    _places: NamePlaces = field(default_factory=NamePlaces)
    _named: tuple[tuple[Placed, ...], float, QPixmap] | None = None
    _ground: Picture | None = None
    _points: Picture | None = None
    _marks: Picture | None = None

    def forget_ground(self) -> None:
        self._ground = self._named = None

    def forget_marks(self) -> None:
        self._marks = None

    def forget_points(self) -> None:
        self._points = None

    def paint(self, painter: QPainter, frame: MapFrame, ratio: float) -> None:
        """Paint ground and points; `ratio` is the device's pixels a pixel."""
        if self._ground is None or self._ground.offset(frame) is None:
            self._ground = self._draw_ground(frame.grown(_MARGIN), ratio)
        if self._points is None or self._points.offset(frame) is None:
            self._points = self._draw_points(frame.grown(_MARGIN), ratio)
        pictures = [self._ground, self._points]
        if self.marks.marks and self.marks.shows(frame):
            if self._marks is None or self._marks.offset(frame) is None:
                self._marks = self._draw_marks(frame.grown(_MARGIN), ratio)
            pictures.insert(1, self._marks)
        for picture in pictures:
            painter.drawPixmap(picture.offset(frame) or QPointF(), picture.pixmap)

    def bounds(self) -> QRectF:
        """Return the extent of all layers in metres."""
        bounds = QRectF()
        for layer in self.layers:
            for path in layer.paths:
                bounds = bounds.united(path.boundingRect())
        return bounds

    def cluster_at(self, place: QPointF, frame: MapFrame) -> Cluster | None:
        """Return the cluster drawn at a place of the screen."""
        if self._points is None or (shift := self._points.offset(frame)) is None:
            return None
        inside = place - shift
        return next(
            (one for one in self._clusters if cluster_box(one, self.theme).contains(inside)), None
        )

    def ring_of(self, cluster: Cluster, frame: MapFrame) -> tuple[QPointF, float]:
        """Return middle and radius, in pixels of the screen, of a ring around a cluster."""
        shift = (self._points.offset(frame) if self._points is not None else None) or QPointF()
        box = cluster_box(cluster, self.theme)
        return box.center() + shift, box.width() / 2 + self.theme.px(_AROUND)

    def paint_point(self, painter: QPainter, middle: QPointF, key: Hashable) -> None:
        """Paint one point by itself, also where it is hidden in a cluster near by."""
        code = self.cloud.code_of(key)
        side = self.theme.px(_ALONE)
        box = QRectF(0, 0, side, side)
        box.moveCenter(middle)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.theme.color("land"))
        painter.drawEllipse(middle, side, side)
        draw_state(painter, CODE_STATES[code], box, self.theme.color(CODE_TOKENS[code]))

    def _names(self, frame: MapFrame) -> list[MapLabel]:
        return [
            name for layer in self.layers if frame.scale >= layer.names_from for name in layer.names
        ]

    def _draw_ground(self, frame: MapFrame, ratio: float) -> Picture:
        pixmap = _blank(frame, ratio, self.theme.color("water"))
        painter = QPainter(pixmap)
        paint_layers(painter, self.layers, frame, self.theme)
        if self.grid is not None and frame.scale >= self.grid[1]:
            lines = self.grid[0](frame.bounds())
            paint_grid(painter, lines, frame, self.theme)
            named = NamePlaces().find(lines.labels, frame, self.theme, ())
            paint_names(painter, named, self.theme)
        painter.end()
        return Picture(pixmap, frame)

    def _draw_marks(self, frame: MapFrame, ratio: float) -> Picture:
        pixmap = _blank(frame, ratio, QColor(Qt.GlobalColor.transparent))
        painter = QPainter(pixmap)
        paint_marks(painter, self.marks, frame, self.theme)
        painter.end()
        return Picture(pixmap, frame)

    def _draw_names(self, placed: tuple[Placed, ...], frame: MapFrame, ratio: float) -> QPixmap:
        """The names by themselves: their halos are dear, and counts change more often."""
        if self._named is None or self._named[0] is not placed or self._named[1] != ratio:
            pixmap = _blank(frame, ratio, QColor(Qt.GlobalColor.transparent))
            painter = QPainter(pixmap)
            paint_names(painter, placed, self.theme)
            painter.end()
            self._named = placed, ratio, pixmap
        return self._named[2]

    def _draw_points(self, frame: MapFrame, ratio: float) -> Picture:
        theme = self.theme
        pixmap = _blank(frame, ratio, QColor(Qt.GlobalColor.transparent))
        points = visible_points(self.cloud, frame, ratio)
        self._clusters = []
        if len(points.x) > self._legible(frame):
            points, self._clusters = self._cluster(points, frame, ratio)
        colours = {code: theme.color(token) for code, token in CODE_TOKENS.items()}
        scale = theme.scale / 100 * ratio
        image, pad = points_image(points, pixmap.width(), pixmap.height(), colours, scale)
        image.setDevicePixelRatio(ratio)
        painter = QPainter(pixmap)
        painter.drawImage(QPointF(-pad / ratio, -pad / ratio), image)
        taken = [cluster_box(cluster, theme) for cluster in self._clusters]
        self.rings = tuple(
            Ring(*frame.to_world(box.center()), round(box.width() / 2)) for box in taken
        )
        placed = self._places.find(self._names(frame), frame, theme, taken)
        painter.drawPixmap(QPointF(), self._draw_names(placed, frame, ratio))
        paint_clusters(painter, self._clusters, theme)  # last: no name hides a figure
        painter.end()
        return Picture(pixmap, frame)

    def _legible(self, frame: MapFrame) -> float:
        """How many points can be told apart in what is seen of a picture's frame."""
        seen = (frame.width - 2 * _MARGIN) * (frame.height - 2 * _MARGIN)
        return min(_CLUSTER_ABOVE, seen / self.theme.px(_ROOM) ** 2)

    def _cluster(
        self, points: Visible, frame: MapFrame, ratio: float
    ) -> tuple[Visible, list[Cluster]]:
        """Return the points that stay single, and the clusters in pixels of the picture."""
        cell = self.theme.px(CLUSTER_CELL) * ratio
        origin = frame.to_screen(0.0, 0.0) * ratio
        clusters, single = clusters_of(
            points, (origin.x() % cell, origin.y() % cell), cell, _CLUSTER_LEAST
        )
        alone = Visible(points.x[single], points.y[single], points.code[single])
        found = [Cluster(each.x / ratio, each.y / ratio, each.counts) for each in clusters]
        return alone, apart(found, self.theme)


def _blank(frame: MapFrame, ratio: float, colour: QColor) -> QPixmap:
    pixmap = QPixmap(round(frame.width * ratio), round(frame.height * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(colour)
    return pixmap
