"""Many points on a map: kept as arrays, drawn by numpy into one image, clustered by a grid.

Shapes go by state as everywhere: a triangle late, a diamond soon, a dot in time. Late ones are
written last and are the largest.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from widgets.map_frame import MapFrame
from widgets.shapes import State, draw_state

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Codes = NDArray[np.uint8]
Mask = NDArray[np.bool_]

IN_TIME, SOON, LATE, OTHER = range(4)
CODES = 4
CODE_STATES: dict[int, State] = {IN_TIME: "in_time", SOON: "soon", LATE: "late", OTHER: "in_time"}
DRAWING_ORDER = (OTHER, IN_TIME, SOON, LATE)
_SIZES = {IN_TIME: 6, SOON: 10, LATE: 12, OTHER: 5}  # pixels at 100 %
_OPAQUE = 255


class PointCloud:
    """The points by key: `x`, `y` in metres, `code` 0 in time, 1 soon, 2 late, 3 other."""

    def __init__(self) -> None:
        self.x: Floats = np.empty(0)
        self.y: Floats = np.empty(0)
        self.code: Codes = np.empty(0, np.uint8)
        self.keys: list[Hashable] = []
        self._at: dict[Hashable, int] = {}

    def __len__(self) -> int:
        return len(self.keys)

    def set(self, x: ArrayLike, y: ArrayLike, code: ArrayLike, keys: Sequence[Hashable]) -> None:
        """Take over new points.

        Raises:
            ValueError: the arrays and the keys are not of one length.
        """
        self.x, self.y, self.code = _columns(x, y, code, len(keys))
        self.keys = list(keys)
        self._at = {key: number for number, key in enumerate(self.keys)}

    def update(self, x: ArrayLike, y: ArrayLike, code: ArrayLike, keys: Sequence[Hashable]) -> None:
        """Change the points of these keys and add those that are new.

        Raises:
            ValueError: the arrays and the keys are not of one length.
        """
        xs, ys, codes = _columns(x, y, code, len(keys))
        known = np.fromiter((key in self._at for key in keys), bool, len(keys))
        at = np.fromiter((self._at.get(key, 0) for key in keys), np.int64, len(keys))
        self.x[at[known]], self.y[at[known]] = xs[known], ys[known]
        self.code[at[known]] = codes[known]
        if known.all():
            return
        new = ~known
        merged = {key: n for n, key in enumerate(keys) if new[n]}
        picks = np.fromiter(merged.values(), np.int64, len(merged))
        self.set(
            np.concatenate((self.x, xs[picks])),
            np.concatenate((self.y, ys[picks])),
            np.concatenate((self.code, codes[picks])),
            [*self.keys, *merged],
        )

    def drop(self, keys: Iterable[Hashable]) -> None:
        gone = {self._at[key] for key in keys if key in self._at}
        if not gone:
            return
        stay = np.ones(len(self), bool)
        stay[list(gone)] = False
        kept = [key for number, key in enumerate(self.keys) if number not in gone]
        self.set(self.x[stay], self.y[stay], self.code[stay], kept)

    def place_of(self, key: Hashable) -> tuple[float, float] | None:
        """Return where the point is, in metres, or None."""
        at = self._at.get(key)
        return None if at is None else (float(self.x[at]), float(self.y[at]))

    def code_of(self, key: Hashable) -> int:
        """Return the point's code, OTHER for a key that it has not."""
        at = self._at.get(key)
        return OTHER if at is None else int(self.code[at])

    def nearest(self, x: float, y: float, reach: float) -> Hashable | None:
        """Return the key of the point nearest to the place within `reach` metres, or None."""
        near = np.nonzero((np.abs(self.x - x) <= reach) & (np.abs(self.y - y) <= reach))[0]
        if not len(near):
            return None
        distance = np.hypot(self.x[near] - x, self.y[near] - y)
        best = int(np.argmin(distance))
        return self.keys[int(near[best])] if distance[best] <= reach else None


def _columns(
    x: ArrayLike, y: ArrayLike, code: ArrayLike, count: int
) -> tuple[Floats, Floats, Codes]:
    xs, ys = np.array(x, np.float64), np.array(y, np.float64)
    codes = np.array(code, np.uint8)
    if not len(xs) == len(ys) == len(codes) == count:
        raise ValueError("x, y, code and keys must be of one length")
    return xs, ys, codes


@dataclass(frozen=True, slots=True)
class Cluster:
    """Points of one grid cell: where their middle is in pixels, and how many by code."""

    x: float
    y: float
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.counts)


@dataclass(frozen=True, slots=True)
class Visible:
    """The points inside a frame, in pixels."""

    x: Floats
    y: Floats
    code: Codes


def visible_points(cloud: PointCloud, frame: MapFrame, ratio: float) -> Visible:
    """Return the points inside the frame, in device pixels (`ratio` of them a pixel)."""
    scale = frame.scale * ratio
    x = (cloud.x - frame.x) * scale + frame.width * ratio / 2
    y = (frame.y - cloud.y) * scale + frame.height * ratio / 2
    inside: Mask = (x >= 0) & (x < frame.width * ratio) & (y >= 0) & (y < frame.height * ratio)
    return Visible(x[inside], y[inside], cloud.code[inside])


def clusters_of(
    points: Visible, origin: tuple[float, float], cell: float, least: int
) -> tuple[list[Cluster], Mask]:
    """Return the clusters of cells with at least `least` points, and which points stay single.

    `origin` is where the grid starts, in pixels; bound to the ground, clusters do not shimmer
    while the map is dragged.
    """
    across = np.floor((points.x - origin[0]) / cell).astype(np.int64)
    down = np.floor((points.y - origin[1]) / cell).astype(np.int64)
    _, place, count = np.unique(across * 2**24 + down, return_inverse=True, return_counts=True)
    crowded = count >= least
    middle_x = np.bincount(place, points.x) / np.maximum(count, 1)
    middle_y = np.bincount(place, points.y) / np.maximum(count, 1)
    split = np.bincount(place * CODES + points.code, minlength=len(count) * CODES)
    split = split.reshape(-1, CODES)
    clusters = [
        Cluster(float(middle_x[n]), float(middle_y[n]), tuple(split[n].tolist()))
        for n in np.nonzero(crowded)[0]
    ]
    return clusters, ~crowded[place]


def points_image(
    points: Visible, width: int, height: int, colours: Mapping[int, QColor], scale: float
) -> tuple[QImage, int]:
    """Return an image of the points and how many pixels it reaches beyond each side."""
    pad = round(max(_SIZES.values()) * scale) + 2
    wide, tall = width + 2 * pad, height + 2 * pad
    buffer = np.zeros((tall, wide), np.uint32)
    for code in DRAWING_ORDER:
        chosen = points.code == code
        x = points.x[chosen].astype(np.int64) + pad
        y = points.y[chosen].astype(np.int64) + pad
        _stamp(buffer, np.unique(y * wide + x), _sprite(code, colours[code], scale))
    image = QImage(buffer.data, wide, tall, wide * 4, QImage.Format.Format_ARGB32_Premultiplied)
    return image.copy(), pad


def _stamp(buffer: NDArray[np.uint32], places: Ints, sprite: NDArray[np.uint32]) -> None:
    """Write the sprite around each place: soft edges first, so that cores stay whole."""
    flat = buffer.reshape(-1)
    wide, half = buffer.shape[1], sprite.shape[0] // 2
    alpha = sprite >> 24
    for part in ((alpha > 0) & (alpha < _OPAQUE), alpha == _OPAQUE):
        for row, column in zip(*np.nonzero(part), strict=True):
            flat[places + ((int(row) - half) * wide + int(column) - half)] = sprite[row, column]


def _sprite(code: int, colour: QColor, scale: float) -> NDArray[np.uint32]:
    size = max(3, round(_SIZES[code] * scale))
    side = size + 2 + (size + 1) % 2
    image = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    box = QRectF(0, 0, size, size)
    box.moveCenter(QPointF(side / 2, side / 2))
    draw_state(painter, CODE_STATES[code], box, colour)
    painter.end()
    return np.frombuffer(image.constBits(), np.uint32).reshape(side, side).copy()
