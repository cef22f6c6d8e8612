"""Where the map looks: metres on the ground to pixels on the screen and back."""

from dataclasses import dataclass, replace

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QTransform

FARTHEST, CLOSEST = 1e-4, 20.0  # pixels per metre: 10 km a pixel, 5 cm a pixel


@dataclass(frozen=True, slots=True)
class MapFrame:
    """The middle of the picture (`x` east, `y` north, in metres) and pixels per metre."""

    x: float = 0.0
    y: float = 0.0
    scale: float = 0.01
    width: int = 1
    height: int = 1

    def to_screen(self, x: float, y: float) -> QPointF:
        return QPointF(
            (x - self.x) * self.scale + self.width / 2, (self.y - y) * self.scale + self.height / 2
        )

    def to_world(self, place: QPointF) -> tuple[float, float]:
        return (
            (place.x() - self.width / 2) / self.scale + self.x,
            self.y - (place.y() - self.height / 2) / self.scale,
        )

    def transform(self) -> QTransform:
        """Return the transform of world paths (north up) into pixels."""
        middle = QPointF(self.width / 2, self.height / 2)
        return QTransform(
            self.scale,
            0,
            0,
            -self.scale,
            middle.x() - self.x * self.scale,
            middle.y() + self.y * self.scale,
        )

    def bounds(self) -> QRectF:
        """Return what is seen, in metres; `top` is the southern edge (y grows northwards)."""
        wide, tall = self.width / self.scale, self.height / self.scale
        return QRectF(self.x - wide / 2, self.y - tall / 2, wide, tall)

    def moved(self, right: float, down: float) -> "MapFrame":
        """Return the frame after the picture was dragged by pixels."""
        return replace(self, x=self.x - right / self.scale, y=self.y + down / self.scale)

    def showing(self, x: float, y: float, margin: int) -> "MapFrame":
        """Return a frame of the same scale in which the place is no nearer than `margin` pixels to
        an edge: this one if it does, else the one with the place in its middle."""
        at = self.to_screen(x, y)
        across = margin <= at.x() <= self.width - margin
        down = margin <= at.y() <= self.height - margin
        return self if across and down else replace(self, x=x, y=y)

    def zoomed(self, factor: float, around: QPointF) -> "MapFrame":
        """Return the frame closer by `factor`; the ground under `around` stays there."""
        x, y = self.to_world(around)
        scale = min(max(self.scale * factor, FARTHEST), CLOSEST)
        right, down = around.x() - self.width / 2, around.y() - self.height / 2
        return replace(self, x=x - right / scale, y=y + down / scale, scale=scale)

    def fitted(self, bounds: QRectF, margin: int) -> "MapFrame":
        """Return the frame that shows `bounds` (metres) with a margin in pixels."""
        wide = max(self.width - 2 * margin, 1) / max(bounds.width(), 1.0)
        tall = max(self.height - 2 * margin, 1) / max(bounds.height(), 1.0)
        scale = min(max(min(wide, tall), FARTHEST), CLOSEST)
        return replace(self, x=bounds.center().x(), y=bounds.center().y(), scale=scale)

    def grown(self, margin: int) -> "MapFrame":
        """Return the same look with `margin` more pixels on every side."""
        return replace(self, width=self.width + 2 * margin, height=self.height + 2 * margin)
