"""What lies under the points: land, borders, washes, grid lines, names, and the scale bar."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import product

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QPainter, QPainterPath, QPen

from widgets.map_frame import MapFrame
from widgets.theme import MEASURES, Theme, Token


@dataclass(frozen=True, slots=True)
class MapLabel:
    """A name at a place in metres."""

    x: float
    y: float
    text: str


@dataclass(frozen=True, slots=True, eq=False)
class MapLayer:
    """Polygons in metres (y north) of one look, with their names.

    A `wash` colours the area lightly and hatches it, as for a warning. Names show from
    `names_from` pixels per metre on.
    """

    name: str
    paths: tuple[QPainterPath, ...]
    fill: Token | None = "land"
    line: Token | None = "border"
    wash: Token | None = None
    names: tuple[MapLabel, ...] = ()
    names_from: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class GridLines:
    """Line segments `(n, 4)` as x, y, x, y in metres, and labels."""

    segments: NDArray[np.float64] = field(default_factory=lambda: np.empty((0, 4)))
    labels: tuple[MapLabel, ...] = ()


GridOf = Callable[[QRectF], GridLines]


def paint_layers(
    painter: QPainter, layers: Iterable[MapLayer], frame: MapFrame, theme: Theme
) -> None:
    """Paint the polygons of all layers, the first undermost."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    seen = frame.bounds()
    transform = frame.transform()
    for layer in layers:
        painter.setPen(QPen(theme.color(layer.line), 1) if layer.line else Qt.PenStyle.NoPen)
        for path in layer.paths:
            if not path.boundingRect().intersects(seen):
                continue
            outline = transform.map(path)
            painter.setBrush(theme.color(layer.fill) if layer.fill else Qt.BrushStyle.NoBrush)
            painter.drawPath(outline)
            if layer.wash:
                painter.fillPath(outline, theme.color(layer.wash, 0.10))
                hatch = QBrush(theme.color(layer.wash, 0.30), Qt.BrushStyle.BDiagPattern)
                painter.fillPath(outline, hatch)


def paint_grid(painter: QPainter, grid: GridLines, frame: MapFrame, theme: Theme) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(QPen(theme.color("border"), 1, Qt.PenStyle.DotLine))
    painter.drawLines(
        [
            QLineF(frame.to_screen(x1, y1), frame.to_screen(x2, y2))
            for x1, y1, x2, y2 in grid.segments.tolist()
        ]
    )


def paint_haloed(
    painter: QPainter, start: QPointF, text: str, theme: Theme, token: Token = "accent"
) -> None:
    """Paint a text from its base line on, readable over anything by its halo."""
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.WindingFill)  # strokes of one glyph overlap
    path.addText(start, theme.font(MEASURES.label, bold=token == "accent"), text)
    halo = QPen(theme.color("land"), theme.px(4))
    halo.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.strokePath(path, halo)
    painter.fillPath(path, theme.color(token))


def paint_outlined(
    painter: QPainter, start: QPointF, text: str, theme: Theme, token: Token
) -> None:
    """As `paint_haloed`, from glyphs that Qt keeps: some ten times as fast, for many labels."""
    painter.setFont(theme.font(MEASURES.label))
    painter.setPen(theme.color("land"))
    reach = theme.px(2)
    for right, down in product((-reach, 0, reach), repeat=2):
        if right or down:
            painter.drawText(start + QPointF(right, down), text)
    painter.setPen(theme.color(token))
    painter.drawText(start, text)


def round_length(longest: float) -> float:
    """Return the largest of 1, 2 or 5 times a power of ten that is not over `longest`."""
    power = 10.0 ** np.floor(np.log10(longest))
    return float(max(step * power for step in (1, 2, 5) if step * power <= longest * (1 + 1e-9)))


def paint_scale_bar(painter: QPainter, frame: MapFrame, theme: Theme) -> None:
    metres = round_length(theme.px(120) / frame.scale)
    kilometre = 1_000
    text = f"{metres / kilometre:g} km" if metres >= kilometre else f"{metres:g} m"
    wide = metres * frame.scale
    left, bottom = theme.px(16), frame.height - theme.px(14)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(QPen(theme.color("muted"), max(1, theme.px(1))))
    tick = theme.px(5)
    painter.drawPolyline(
        [
            QPointF(left, bottom - tick),
            QPointF(left, bottom),
            QPointF(left + wide, bottom),
            QPointF(left + wide, bottom - tick),
        ]
    )
    painter.setFont(theme.font(11))
    painter.drawText(QPointF(left + theme.px(5), bottom - theme.px(5)), text)
