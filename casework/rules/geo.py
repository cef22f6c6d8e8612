"""Places: in which area a point lies, how far two points are apart, whether a point can be true.

All positions are WGS-84 in integers of 1e-7 degree, so that the answers are exact: areas that
share a boundary never both claim a point of it, and never both refuse it.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from math import asin, ceil, cos, degrees, radians, sin, sqrt
from typing import NamedTuple

from msgspec import Struct

from casework.terms import E7, AreaId, Point
from casework.territory import Area, AreaLevel

EARTH_RADIUS = 6_371_008.8
"""Mean radius in metres (IUGG)."""
_EDGES_PER_BAND = 4
_Edge = tuple[int, int, int, int]


class Box(Struct, frozen=True, array_like=True):
    """A span of latitude and longitude in integers of 1e-7 degree, edges included."""

    south: int
    west: int
    north: int
    east: int

    def holds(self, point: Point) -> bool:
        """Whether the point lies in the box."""
        return self.south <= point.lat <= self.north and self.west <= point.lon <= self.east


class Shape(NamedTuple):
    """Outline of one area made for asking. `bands` are equal slices from south to north with the
    edges that touch them, so that a point meets only the few edges of its own slice."""

    id: AreaId
    parent: AreaId | None
    box: Box
    bands: tuple[tuple[_Edge, ...], ...]

    def holds(self, point: Point) -> bool:
        """Even-odd: whether a ray to the east crosses the outline an odd number of times."""
        if not self.box.holds(point):
            return False
        lat, lon = point.lat, point.lon
        inside = False
        for lat1, lon1, lat2, lon2 in self.bands[_band(lat, self.box, len(self.bands))]:
            # Edges run north, half-open: a vertex belongs to one of its two edges.
            if lat1 <= lat < lat2:
                side = (lon2 - lon1) * (lat - lat1) - (lon - lon1) * (lat2 - lat1)
                inside ^= side > 0
        return inside


class AreaIndex(NamedTuple):
    """The outlines of a rule book. Areas without an outline are left out."""

    districts: tuple[Shape, ...]
    streets: tuple[Shape, ...]

    @property
    def known(self) -> bool:
        """Whether there is any outline at all; without one nothing can be located."""
        return bool(self.districts or self.streets)


def area_index(areas: Iterable[Area]) -> AreaIndex:
    """Made once for a rule book."""
    districts: list[Shape] = []
    streets: list[Shape] = []
    for area in areas:
        if area.rings:
            into = districts if area.level is AreaLevel.DISTRICT else streets
            into.append(_shape(area))
    return AreaIndex(tuple(districts), tuple(streets))


def locate(index: AreaIndex, point: Point) -> tuple[AreaId | None, AreaId | None]:
    """(district, street) of a point; None for what no outline covers.

    A street counts only inside its own district; where districts have no outline, the street
    names its district.
    """
    district = next((shape.id for shape in index.districts if shape.holds(point)), None)
    for street in index.streets:
        if (district is None or street.parent == district) and street.holds(point):
            return district or street.parent, street.id
    return district, None


def suspicious(point: Point, index: AreaIndex, placeholders: Sequence[Point] = ()) -> str | None:
    """Why a position cannot be taken as a place, or None.

    `place.zero` (0, 0); `place.placeholder` one that the records use for «unknown»;
    `place.impossible` beyond a pole or the date line; `place.swapped` true with latitude and
    longitude exchanged; `place.outside` in no area. The last two need outlines.
    """
    lat, lon = point.degrees
    if point == Point(0, 0):
        return "place.zero"
    if point in placeholders:
        return "place.placeholder"
    if any(locate(index, point)):
        return None
    if any(locate(index, Point(point.lon, point.lat))):
        return "place.swapped"
    if abs(lat) > 90 or abs(lon) > 180:  # noqa: PLR2004 the ends of the earth
        return "place.impossible"
    return "place.outside" if index.known else None


def distance(one: Point, other: Point) -> float:
    """Metres between two points on the sphere; within 0.6 % of the ellipsoid's."""
    lat1, lon1, lat2, lon2 = map(radians, one.degrees + other.degrees)
    half = sin((lat2 - lat1) / 2) ** 2
    half += cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_RADIUS * asin(min(1.0, sqrt(half)))


def box_around(at: Point, metres: float) -> Box:
    """The box that holds every point within `metres` of one, away from poles and date line."""
    north = ceil(degrees(metres / EARTH_RADIUS) * E7)
    east = ceil(north / max(cos(radians(at.degrees[0])), 1e-6))
    return Box(at.lat - north, at.lon - east, at.lat + north, at.lon + east)


def bounds(rings: Iterable[Iterable[Point]]) -> Box:
    """The smallest box around all rings.

    Raises: ValueError: there is no point at all.
    """
    points = [point for ring in rings for point in ring]
    lats, lons = [point.lat for point in points], [point.lon for point in points]
    return Box(min(lats), min(lons), max(lats), max(lons))


def middle(points: Sequence[Point]) -> Point:
    """The middle of a small figure's corners.

    Raises: ZeroDivisionError: there is no point at all.
    """
    count = len(points)
    return Point(
        round(sum(point.lat for point in points) / count),
        round(sum(point.lon for point in points) / count),
    )


def _shape(area: Area) -> Shape:
    box = bounds(area.rings)
    edges = [edge for ring in area.rings for edge in _edges(ring)]
    count = max(1, len(edges) // _EDGES_PER_BAND)
    bands: list[list[_Edge]] = [[] for _ in range(count)]
    for edge in edges:
        for band in range(_band(edge[0], box, count), _band(edge[2], box, count) + 1):
            bands[band].append(edge)
    return Shape(area.id, area.parent, box, tuple(map(tuple, bands)))


def _edges(ring: Sequence[Point]) -> Iterator[_Edge]:
    """Edges from south to north; level ones cross no ray."""
    for one, other in pairwise(ring):
        if one.lat != other.lat:
            low, high = (one, other) if one.lat < other.lat else (other, one)
            yield low.lat, low.lon, high.lat, high.lon


def _band(lat: int, box: Box, count: int) -> int:
    return (lat - box.south) * count // (box.north - box.south + 1)
