"""What the map draws under the cases: outlines, names and the computed grid of a rule book."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainterPath

from casework.rulebook import RuleBook
from casework.rules import grid
from casework.rules.geo import Box
from casework.rules.projection import to_globe, to_plane
from casework.terms import AreaId, point
from casework.territory import Area, AreaLevel
from console.names import Names
from widgets.map_layers import GridLines, MapLabel, MapLayer

STREET_NAMES_FROM = 0.02
MOST_CELLS = 6_000
INVENTED = "≈"
"""Before the name of an area whose outline is invented."""


class Ground:
    """The outlines of a rule book in metres of its own Gauss–Krüger zone."""

    def __init__(self, rules: RuleBook) -> None:
        self.meridian = rules.central_meridian
        self._areas = [area for area in rules.areas if area.rings]
        self._grids: dict[AreaId, grid.UnitGrid] | None = None
        self.outlined = bool(self._areas)

    def place(self, lat: float, lon: float) -> tuple[float, float]:
        """(east, north) in metres of a WGS-84 position in degrees."""
        east, north = to_plane(lat, lon, self.meridian)
        return east, north

    def layers(self, names: Names) -> list[MapLayer]:
        """Streets under districts, each with its name in its middle."""
        return [
            self._layer("streets", AreaLevel.STREET, names, STREET_NAMES_FROM),
            self._layer("districts", AreaLevel.DISTRICT, names, 0.0),
        ]

    def _layer(self, name: str, level: AreaLevel, names: Names, names_from: float) -> MapLayer:
        areas = [area for area in self._areas if area.level is level]
        paths = [self._path(area) for area in areas]
        labels = tuple(
            MapLabel(*_heart(path), text)
            for area, path in zip(areas, paths, strict=True)
            if (text := _label(area, names))
        )
        streets = level is AreaLevel.STREET
        return MapLayer(
            name=name,
            paths=tuple(paths),
            fill="land" if streets else None,
            line="line" if streets else "border",
            names=labels,
            names_from=names_from,
        )

    def _path(self, area: Area) -> QPainterPath:
        path = QPainterPath()
        path.setFillRule(Qt.FillRule.OddEvenFill)
        for ring in area.rings:
            corners = [QPointF(*self.place(*corner.degrees)) for corner in ring]
            path.moveTo(corners[0])
            for corner in corners[1:]:
                path.lineTo(corner)
            path.closeSubpath()
        return path

    def grid_lines(self, seen: QRectF) -> GridLines:
        """The 100 m cells of all streets in sight; none while too many are."""
        if seen.width() * seen.height() > MOST_CELLS * grid.CELL**2:
            return GridLines()
        if self._grids is None:
            self._grids = grid.unit_grids(self._areas, self.meridian)
        south, west = to_globe(seen.left(), seen.top(), self.meridian)
        north, east = to_globe(seen.right(), seen.bottom(), self.meridian)
        low, high = point(south, west), point(north, east)
        box = Box(low.lat, low.lon, high.lat, high.lon)
        sides = [
            (*self.place(*one.degrees), *self.place(*other.degrees))
            for lattice in self._grids.values()
            for _, (nw, ne, _se, sw) in grid.cells_in(lattice, box)
            for one, other in ((nw, ne), (nw, sw))
        ]
        return GridLines(np.array(sides, float)) if sides else GridLines()


def _label(area: Area, names: Names) -> str:
    """An area's name; one whose outline is ours, and no city's, says so."""
    name = names.area(area.id)
    return f"{INVENTED} {name}" if area.invented and name else name


def _heart(path: QPainterPath) -> tuple[float, float]:
    """The centre of gravity of the largest outline: where a reader looks for the name."""
    rings = [
        np.array([(at.x(), at.y()) for at in ring.toList()]) for ring in path.toSubpathPolygons()
    ]
    parts = [_weighed(ring) for ring in rings]
    _, x, y = max(parts, key=lambda part: part[0])
    return x, y


def _weighed(ring: NDArray[np.float64]) -> tuple[float, float, float]:
    """Area and centre of gravity of a closed outline (shoelace formula), near its own corner."""
    x, y = (ring - ring[0]).T
    cross = x[:-1] * y[1:] - x[1:] * y[:-1]
    twice = cross.sum() or 1.0
    middle_x = ((x[:-1] + x[1:]) * cross).sum() / (3 * twice)
    middle_y = ((y[:-1] + y[1:]) * cross).sum() / (3 * twice)
    return abs(float(twice)), float(ring[0, 0] + middle_x), float(ring[0, 1] + middle_y)
