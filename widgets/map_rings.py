"""Room for the figures of clusters: what would hide one stands beside it."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF

from widgets.map_frame import MapFrame

_ROUNDS = 4
"""Who gives way to one ring may come upon the next."""


class Ring(NamedTuple):
    """A cluster on the map: its middle in metres, its radius in pixels."""

    x: float
    y: float
    radius: float

    def box(self, frame: MapFrame) -> QRectF:
        """The room that it takes on the screen."""
        middle, side = frame.to_screen(self.x, self.y), 2 * self.radius
        return QRectF(middle.x() - self.radius, middle.y() - self.radius, side, side)


def beside(
    places: Sequence[QPointF], rings: Sequence[Ring], frame: MapFrame, reach: float
) -> list[QPointF]:
    """The places on the screen, each moved straight out of a ring so far that what reaches
    `reach` pixels around it leaves the ring free; none is lost, however crowded it is."""
    if not places or not rings:
        return list(places)
    middles = [frame.to_screen(ring.x, ring.y) for ring in rings]
    at, held = _pairs(places), _pairs(middles)
    radius = np.array([ring.radius + reach for ring in rings])
    for _ in range(_ROUNDS):
        away = at[:, None] - held[None]
        far = np.hypot(away[..., 0], away[..., 1])
        worst = np.argmax(radius[None] - far, axis=1)
        each = np.arange(len(at))
        lacks = radius[worst] - far[each, worst]
        inside = lacks > 0
        if not inside.any():
            break
        way = away[each, worst]
        way[far[each, worst] == 0] = (0.0, -1.0)
        way /= np.maximum(np.hypot(way[:, 0], way[:, 1]), 1e-9)[:, None]
        at[inside] += way[inside] * (lacks[inside, None] + 0.5)
    return [QPointF(x, y) for x, y in at]


def _pairs(places: Sequence[QPointF]) -> NDArray[np.float64]:
    return np.array([(place.x(), place.y()) for place in places], float)
