"""Marks: fixed things on the map, such as covers and lamps, seen from near by only.

Small, hollow and muted, so that the points above them stay the loud ones. The family tells the
outline, the condition what is done to it: a stroke through it, a broken line, a cross. No mark is
told by its colour.
"""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from math import cos, hypot, pi, sin
from typing import Literal, get_args

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPainterPath, QPen, QPolygonF

from widgets.map_frame import MapFrame
from widgets.map_layers import paint_outlined
from widgets.plain_label import one_line
from widgets.theme import MEASURES, Theme, Token

Condition = Literal["whole", "damaged", "missing", "given_up"]
CONDITIONS: tuple[Condition, ...] = get_args(Condition)
FAMILIES = 7
"""Outlines: circle, square, triangle down, pentagon, hexagon, cross, half circle."""
_SIDE, _CLOSE_SIDE, _GAP, _LINE = 8, 12, 4, 1.3  # pixels at 100 %
_CORNERS = {3: 5, 4: 6}
_CROSS, _HALF = 5, 6


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing at a place in metres. `label` stands beside it where the map is close enough."""

    key: Hashable
    x: float
    y: float
    family: int = 0
    condition: Condition = "whole"
    label: str = ""


@dataclass(slots=True)
class Marks:
    """All marks at hand, and from which scale (pixels per metre) they and their labels show."""

    marks: tuple[Mark, ...] = ()
    from_scale: float = 1.0
    labels_from: float = 5.0
    _by_key: dict[Hashable, Mark] = field(default_factory=dict)

    def set(self, marks: Iterable[Mark]) -> None:
        self.marks = tuple(marks)
        self._by_key = {mark.key: mark for mark in self.marks}

    def shows(self, frame: MapFrame) -> bool:
        """Whether the map is close enough for marks."""
        return frame.scale >= self.from_scale

    def get(self, key: Hashable) -> Mark | None:
        """Return the mark of that key."""
        return self._by_key.get(key)

    def nearest(self, x: float, y: float, reach: float) -> Mark | None:
        """Return the mark nearest to a place within `reach` metres, or None."""
        near = [m for m in self.marks if abs(m.x - x) <= reach and abs(m.y - y) <= reach]
        best = min(near, key=lambda mark: hypot(mark.x - x, mark.y - y), default=None)
        return best if best is not None and hypot(best.x - x, best.y - y) <= reach else None

    def around(self, frame: MapFrame) -> list[Mark]:
        """Return the marks in sight, the nearest to the middle first."""
        seen = frame.bounds()
        found = [mark for mark in self.marks if seen.contains(mark.x, mark.y)]
        return sorted(found, key=lambda mark: hypot(mark.x - frame.x, mark.y - frame.y))


def mark_path(family: int, box: QRectF) -> QPainterPath:
    """Return the outline of a family inside the square `box`."""
    path, kind = QPainterPath(), family % FAMILIES
    middle, half = box.center(), box.width() / 2
    if kind == 0:
        path.addEllipse(box)
    elif kind == 1:
        path.addRect(box.adjusted(0.5, 0.5, -0.5, -0.5))
    elif kind == 2:  # noqa: PLR2004 the third outline
        path.addPolygon(
            QPolygonF([box.topLeft(), box.topRight(), QPointF(middle.x(), box.bottom())])
        )
        path.closeSubpath()
    elif kind == _CROSS:
        path.moveTo(middle.x(), box.top())
        path.lineTo(middle.x(), box.bottom())
        path.moveTo(box.left(), middle.y())
        path.lineTo(box.right(), middle.y())
    elif kind == _HALF:
        path.moveTo(box.left(), middle.y() + half / 2)
        path.arcTo(box.translated(0, half / 2), 180, -180)
        path.closeSubpath()
    else:
        corners = _CORNERS[kind]
        turns = (2 * pi * n / corners - pi / 2 for n in range(corners))
        path.addPolygon(
            QPolygonF(
                [QPointF(middle.x() + half * cos(t), middle.y() + half * sin(t)) for t in turns]
            )
        )
        path.closeSubpath()
    return path


def draw_mark(
    painter: QPainter, family: int, condition: Condition, box: QRectF, theme: Theme
) -> None:
    """Draw one mark inside the square `box`."""
    token: Token = "muted" if condition == "whole" else "text"
    pen = QPen(theme.color(token), _LINE * theme.scale / 100)
    if condition == "missing":
        pen.setDashPattern([1.6, 1.6])
    path = mark_path(family, box)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(pen)
    painter.setBrush(theme.color("land"))
    painter.drawPath(path)
    pen.setStyle(Qt.PenStyle.SolidLine)
    painter.setPen(pen)
    wide = box.adjusted(-2, -2, 2, 2)
    if condition in ("damaged", "given_up"):
        painter.drawLine(wide.bottomLeft(), wide.topRight())
    if condition == "given_up":
        painter.drawLine(wide.topLeft(), wide.bottomRight())


def paint_marks(painter: QPainter, marks: Marks, frame: MapFrame, theme: Theme) -> None:
    """Paint the marks in sight, then their labels where these find room."""
    close = frame.scale >= marks.labels_from
    side = theme.px(_CLOSE_SIDE if close else _SIDE)
    taken: list[QRectF] = []
    shown = marks.around(frame)
    for mark in shown:
        box = QRectF(0, 0, side, side)
        box.moveCenter(frame.to_screen(mark.x, mark.y))
        draw_mark(painter, mark.family, mark.condition, box, theme)
        taken.append(box)
    if close:
        boxes = [(mark.label, box) for mark, box in zip(shown, taken, strict=True)]
        paint_labels(painter, boxes, taken, theme)


def paint_labels(
    painter: QPainter,
    boxes: Iterable[tuple[str, QRectF]],
    taken: list[QRectF],
    theme: Theme,
    token: Token = "muted",
) -> None:
    """A label stands right of its box, or left of it, or, where all is `taken`, not at all."""
    metrics = QFontMetricsF(theme.font(MEASURES.label))
    for label, box in boxes:
        text = one_line(label)
        if not text:
            continue
        room = QRectF(0, 0, metrics.horizontalAdvance(text), metrics.height())
        room.moveCenter(box.center())
        gap = theme.px(_GAP)
        for left in (box.right() + gap, box.left() - gap - room.width()):
            room.moveLeft(left)
            if not any(room.intersects(other) for other in taken):
                taken.append(QRectF(room))
                start = QPointF(room.left(), room.top() + metrics.ascent())
                paint_outlined(painter, start, text, theme, token)
                break
