"""Signs: people on the map, above the points. A head over shoulders, so that nobody takes one for a
case or a component; the look tells how somebody can be reached.

Filled is at work on something, hollow is free, hollow and broken with a stroke through it has not
been heard of for too long. No look is told by its colour alone.
"""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from math import hypot
from typing import Literal, get_args

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPen, QPixmap

from widgets.map_frame import MapFrame
from widgets.map_layers import paint_outlined
from widgets.map_marks import paint_labels
from widgets.map_rings import Ring, beside
from widgets.plain_label import one_line
from widgets.theme import MEASURES, Theme, Token

Look = Literal["open", "busy", "lost"]
LOOKS: tuple[Look, ...] = get_args(Look)
LOOK_TOKENS: dict[Look, Token] = {"open": "done", "busy": "accent", "lost": "soon"}
_FAR_SIDE, _SIDE, _LINE, _RING, _REACH = 10, 15, 1.6, 13, 11  # pixels at 100 %
_MARGIN = 200
_TIE = (5.0, 3.0)


@dataclass(frozen=True, slots=True)
class Sign:
    """Somebody at a place in metres. `label` stands beside it from near by, `hint` under the
    pointer."""

    key: Hashable
    x: float
    y: float
    look: Look = "open"
    label: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Tie:
    """A line from the sign of a key to a place in metres."""

    key: Hashable
    x: float
    y: float


def sign_path(box: QRectF) -> QPainterPath:
    """Return a head over shoulders inside the square `box`."""
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.WindingFill)
    side, middle = box.width(), box.center().x()
    path.addEllipse(QPointF(middle, box.top() + side * 0.27), side * 0.25, side * 0.25)
    body = QRectF(box.left() + side * 0.06, box.top() + side * 0.56, side * 0.88, side * 0.88)
    path.moveTo(body.left(), body.center().y())
    path.arcTo(body, 180, -180)
    path.closeSubpath()
    return path


def draw_sign(painter: QPainter, look: Look, box: QRectF, theme: Theme) -> None:
    """Draw one sign inside the square `box`, with a halo in the colour of the land."""
    colour, land = theme.color(LOOK_TOKENS[look]), theme.color("land")
    path = sign_path(box)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    width = _LINE * theme.scale / 100
    halo = QPen(land, 3 * width)
    halo.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.strokePath(path, halo)
    painter.fillPath(path, colour if look == "busy" else land)
    pen = QPen(colour, width)
    if look == "lost":
        pen.setDashPattern([1.6, 1.2])
    painter.strokePath(path, pen)
    if look == "lost":
        painter.setPen(QPen(colour, width))
        painter.drawLine(box.bottomLeft(), box.topRight())


class SignOverlay:
    """All signs at hand, drawn into a picture that a drag only shifts. Signs show from `shows_from`
    pixels per metre on, farther away they would hide the counts of clusters; names from
    `labels_from` on."""

    def __init__(self, theme: Theme, shows_from: float = 0.006, labels_from: float = 0.025) -> None:
        self._theme = theme
        self.shows_from, self.labels_from = shows_from, labels_from
        self.signs: tuple[Sign, ...] = ()
        self.tie: Tie | None = None
        self._by_key: dict[Hashable, Sign] = {}
        self._rings: Sequence[Ring] = ()
        self._drawn: tuple[QPixmap, MapFrame] | None = None
        self._standing: tuple[tuple[float, float, Sign], ...] = ()
        """Where each that was drawn stands, in metres."""

    def show(self, signs: Iterable[Sign], tie: Tie | None = None) -> bool:
        """Show exactly these; return whether anything is another now."""
        wanted = tuple(signs)
        if (wanted, tie) == (self.signs, self.tie):
            return False
        self.signs, self.tie = wanted, tie
        self._by_key = {sign.key: sign for sign in wanted}
        self.forget()
        return True

    def forget(self) -> None:
        """Colours or sizes are others: draw anew."""
        self._drawn = None

    def paint(
        self, painter: QPainter, frame: MapFrame, ratio: float, rings: Sequence[Ring] = ()
    ) -> None:
        """Paint the signs beside the rings whose figures they would hide, then the tied one with
        its line, uppermost."""
        if not self.signs:
            return
        if rings is not self._rings:
            self._rings = rings
            self.forget()
        if frame.scale < self.shows_from:
            self._paint_tie(painter, frame)
            return
        if self._drawn is None or _offset(self._drawn[1], frame) is None:
            grown = frame.grown(_MARGIN)
            self._drawn = self._draw(grown, ratio), grown
        painter.drawPixmap(_offset(self._drawn[1], frame) or QPointF(), self._drawn[0])
        self._paint_tie(painter, frame)

    def hint(self, place: QPointF, frame: MapFrame) -> str:
        """What is known of who stands nearest to a place of the screen, "" where nobody does."""
        if frame.scale < self.shows_from:
            return ""
        near = [(_away(x, y, place, frame), sign) for x, y, sign in self._standing]
        away, sign = min(near, key=lambda one: one[0], default=(0.0, None))
        return sign.hint if sign is not None and away <= self._theme.px(_REACH) else ""

    def _side(self, frame: MapFrame) -> int:
        return self._theme.px(_SIDE if frame.scale >= self.labels_from else _FAR_SIDE)

    def _draw(self, frame: MapFrame, ratio: float) -> QPixmap:
        pixmap = QPixmap(round(frame.width * ratio), round(frame.height * ratio))
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(QColor(Qt.GlobalColor.transparent))
        painter = QPainter(pixmap)
        seen, side = frame.bounds(), self._side(frame)
        pad = side / 4
        stamps = {look: self._stamp(look, side, pad, ratio) for look in LOOKS}
        boxes = []
        shown = [sign for sign in self.signs if seen.contains(sign.x, sign.y)]
        places = beside(
            [frame.to_screen(sign.x, sign.y) for sign in shown], self._rings, frame, side / 2
        )
        for sign, place in zip(shown, places, strict=True):
            box = QRectF(0, 0, side, side)
            box.moveCenter(place)
            painter.drawPixmap(box.topLeft() - QPointF(pad, pad), stamps[sign.look])
            boxes.append((sign.label, box))
        self._standing = tuple(
            (*frame.to_world(place), sign) for sign, place in zip(shown, places, strict=True)
        )
        if frame.scale >= self.labels_from:
            taken = [box for _, box in boxes] + [ring.box(frame) for ring in self._rings]
            paint_labels(painter, boxes, taken, self._theme, "text")
        painter.end()
        return pixmap

    def _stamp(self, look: Look, side: float, pad: float, ratio: float) -> QPixmap:
        """One sign with its halo, drawn once for all of its look."""
        whole = round((side + 2 * pad) * ratio)
        pixmap = QPixmap(whole, whole)
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(QColor(Qt.GlobalColor.transparent))
        painter = QPainter(pixmap)
        draw_sign(painter, look, QRectF(pad, pad, side, side), self._theme)
        painter.end()
        return pixmap

    def _paint_tie(self, painter: QPainter, frame: MapFrame) -> None:
        sign = self._by_key.get(self.tie.key) if self.tie is not None else None
        if sign is None or self.tie is None:
            return
        px, ring = self._theme.px, float(self._theme.px(_RING))
        end = frame.to_screen(self.tie.x, self.tie.y)
        (start,) = beside([frame.to_screen(sign.x, sign.y)], self._rings, frame, ring)
        strokes: tuple[tuple[Token, int], ...] = (("land", 5), ("accent", 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        far = hypot(end.x() - start.x(), end.y() - start.y())
        for token, width in strokes:
            pen = QPen(self._theme.color(token), px(width))
            painter.setPen(pen)
            painter.drawEllipse(start, ring, ring)
            if token == "accent":
                pen.setDashPattern(_TIE)
                painter.setPen(pen)
            if far > ring:
                painter.save()
                painter.setClipPath(self._outside(frame))
                painter.drawLine(start + (end - start) * (ring / far), end)
                painter.restore()
        side = self._theme.px(_SIDE)
        box = QRectF(0, 0, side, side)
        box.moveCenter(start)
        draw_sign(painter, sign.look, box, self._theme)
        self._paint_name(painter, start, one_line(sign.label), frame)

    def _outside(self, frame: MapFrame) -> QPainterPath:
        """All of the picture but the rings: a line passes under them."""
        path = QPainterPath()
        path.addRect(0, 0, frame.width, frame.height)
        inside = QPainterPath()
        inside.setFillRule(Qt.FillRule.WindingFill)
        for ring in self._rings:
            inside.addEllipse(ring.box(frame))
        return path.subtracted(inside)

    def _paint_name(self, painter: QPainter, at: QPointF, name: str, frame: MapFrame) -> None:
        """Right of the ring, left of it, below or above: within the picture, where it hides the
        least of the figures."""
        metrics = QFontMetricsF(self._theme.font(MEASURES.label))
        edge, reach = self._theme.px(4), self._theme.px(_RING)
        wide, tall = metrics.horizontalAdvance(name), metrics.height()
        gap, middle = reach + edge, at.x() - wide / 2
        inside = QRectF(0, 0, frame.width, frame.height).adjusted(edge, edge, -edge, -edge)
        middle = max(min(middle, inside.right() - wide), inside.left())
        corners = (
            QPointF(at.x() + gap, at.y() - tall / 2),
            QPointF(at.x() - gap - wide, at.y() - tall / 2),
            QPointF(middle, at.y() + gap),
            QPointF(middle, at.y() - gap - tall),
        )
        rooms = [QRectF(corner.x(), corner.y(), wide, tall) for corner in corners]
        rooms = [room for room in rooms if inside.contains(room)] or rooms[2:3]
        held = [ring.box(frame) for ring in self._rings]
        best = min(rooms, key=lambda room: sum(_shared(room, box) for box in held))
        start = QPointF(best.left(), best.top() + metrics.ascent())
        paint_outlined(painter, start, name, self._theme, "accent")


def _shared(room: QRectF, box: QRectF) -> float:
    both = room.intersected(box)
    return max(both.width(), 0) * max(both.height(), 0)


def _away(x: float, y: float, place: QPointF, frame: MapFrame) -> float:
    here = frame.to_screen(x, y) - place
    return hypot(here.x(), here.y())


def _offset(drawn: MapFrame, frame: MapFrame) -> QPointF | None:
    """Where a picture drawn for a larger frame lies in this one; None when it does not cover it."""
    if drawn.scale != frame.scale:
        return None
    corner = drawn.to_world(QPointF(0, 0))
    at = frame.to_screen(*corner)
    covers = (
        at.x() <= 0
        and at.y() <= 0
        and at.x() + drawn.width >= frame.width
        and at.y() + drawn.height >= frame.height
    )
    return at if covers else None
