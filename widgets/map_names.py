"""Where the names on the map stand: beside the clusters whose figures they would hide.

Places are found anew only when the map looks elsewhere or a cluster has moved onto a name, so that
no name jumps about while counts change, and an idle map costs nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import product

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFont, QFontMetricsF, QPainter

from widgets.map_frame import MapFrame
from widgets.map_layers import MapLabel, paint_haloed
from widgets.plain_label import one_line
from widgets.theme import MEASURES, Theme

Boxes = NDArray[np.float64]
"""`(n, 4)`: left, top, right, bottom in pixels."""

_SHIFT, _FARTHEST = 4, 7
"""Pixels of a step, and how many of them a name may give way."""
_SPREAD = 4.0
"""Square pixels that a cluster may creep onto a name before places are found anew."""
_REACH = range(-_FARTHEST, _FARTHEST + 1)
_STEPS = np.array(
    sorted(product(_REACH, _REACH), key=lambda by: (abs(by[0]) + abs(by[1]), by)), float
)
"""The nearest first: of two places that cover as little it is taken."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A name and the room that it takes."""

    text: str
    room: QRectF


@dataclass(slots=True)
class NamePlaces:
    """The places of the names in one look of the map."""

    _for: tuple[MapFrame, tuple[MapLabel, ...], QFont] | None = None
    _placed: tuple[Placed, ...] = ()
    _covered: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))

    def find(
        self, names: Sequence[MapLabel], frame: MapFrame, theme: Theme, taken: Iterable[QRectF]
    ) -> tuple[Placed, ...]:
        """Where each name stands; one that has no room beside the others is left out.

        A name gives way to what is `taken` as far as a place near by is free.
        """
        font, boxes = theme.font(MEASURES.label), _boxes(taken)
        wanted = frame, tuple(names), font
        if self._for == wanted:
            covered = _covered_by(_boxes(each.room for each in self._placed), boxes)
            if bool(np.all(covered <= self._covered + _SPREAD)):
                return self._placed
        self._for = wanted
        self._placed = tuple(_places(names, frame, font, boxes, theme.px(_SHIFT)))
        self._covered = _covered_by(_boxes(each.room for each in self._placed), boxes)
        return self._placed


def paint_names(painter: QPainter, placed: Iterable[Placed], theme: Theme) -> None:
    """Paint names, muted, with a halo in the colour of the land."""
    ascent = QFontMetricsF(theme.font(MEASURES.label)).ascent()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for each in placed:
        start = QPointF(each.room.left(), each.room.top() + ascent)
        paint_haloed(painter, start, each.text, theme, "muted")


def _places(
    names: Iterable[MapLabel], frame: MapFrame, font: QFont, taken: Boxes, step: float
) -> Iterable[Placed]:
    metrics, named = QFontMetricsF(font), np.empty((0, 4))
    whole = QRectF(0, 0, frame.width, frame.height)
    for name in names:
        text = one_line(name.text)
        room = QRectF(0, 0, metrics.horizontalAdvance(text), metrics.height())
        room.moveCenter(frame.to_screen(name.x, name.y))
        if not room.intersects(whole):
            continue
        tries = _boxes((room,)) + np.tile(_STEPS * step, 2)
        tries = tries[_covered_by(tries, named) == 0]
        if len(tries):
            best = tries[int(np.argmin(_covered_by(tries, taken)))]
            named = np.vstack((named, best))
            yield Placed(text, QRectF(QPointF(best[0], best[1]), QPointF(best[2], best[3])))


def _boxes(rooms: Iterable[QRectF]) -> Boxes:
    found = [(room.left(), room.top(), room.right(), room.bottom()) for room in rooms]
    return np.array(found, float).reshape(-1, 4)


def _covered_by(rooms: Boxes, taken: Boxes) -> NDArray[np.float64]:
    """How many square pixels of each room lie under what is taken."""
    low = np.maximum(rooms[:, None, :2], taken[None, :, :2])
    high = np.minimum(rooms[:, None, 2:], taken[None, :, 2:])
    shared: NDArray[np.float64] = np.prod(np.clip(high - low, 0, None), axis=2).sum(axis=1)
    return shared
