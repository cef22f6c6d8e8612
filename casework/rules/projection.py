"""Plane coordinates in metres: 3° Gauss–Krüger zones and a city's own grid.

Gauss–Krüger is Krüger's series in the third flattening n, to n⁴, on the CGCS2000 ellipsoid
(domain.md 6; EPSG:4547 is the zone of 114° E): false easting 500 km, scale 1 on the central
meridian, no zone number before the easting. Within 3° of the meridian the series is exact to well
under 1 mm.

A city's own grid (深圳獨立坐標系 and its like) has no public parameters: it is fitted as a
four-parameter similarity to control points, and the residuals say how far to trust it.
"""

from collections.abc import Sequence
from math import (
    asinh,
    atan,
    atan2,
    atanh,
    cos,
    cosh,
    degrees,
    fsum,
    hypot,
    radians,
    sin,
    sinh,
    sqrt,
    tan,
)

from msgspec import Struct

DEFAULT_MERIDIAN = 114
FALSE_EASTING = 500_000.0
SEMI_MAJOR_AXIS = 6_378_137.0
FLATTENING = 1 / 298.257222101

_N = FLATTENING / (2 - FLATTENING)
_E = sqrt(FLATTENING * (2 - FLATTENING))
_RADIUS = SEMI_MAJOR_AXIS / (1 + _N) * (1 + _N**2 / 4 + _N**4 / 64)
"""Radius of the circle as long as a meridian."""
_TO_PLANE = (
    _N / 2 - 2 * _N**2 / 3 + 5 * _N**3 / 16 + 41 * _N**4 / 180,
    13 * _N**2 / 48 - 3 * _N**3 / 5 + 557 * _N**4 / 1440,
    61 * _N**3 / 240 - 103 * _N**4 / 140,
    49561 * _N**4 / 161280,
)
_TO_SPHERE = (
    _N / 2 - 2 * _N**2 / 3 + 37 * _N**3 / 96 - _N**4 / 360,
    _N**2 / 48 + _N**3 / 15 - 437 * _N**4 / 1440,
    17 * _N**3 / 480 - 37 * _N**4 / 840,
    4397 * _N**4 / 161280,
)
_TO_LATITUDE = (
    2 * _N - 2 * _N**2 / 3 - 2 * _N**3 + 116 * _N**4 / 45,
    7 * _N**2 / 3 - 8 * _N**3 / 5 - 227 * _N**4 / 45,
    56 * _N**3 / 15 - 136 * _N**4 / 35,
    4279 * _N**4 / 630,
)

Metres = tuple[float, float]
"""(east, north). Chinese papers write the northing first and call it x."""


def to_plane(lat: float, lon: float, meridian: float = DEFAULT_MERIDIAN) -> Metres:
    """(east, north) in metres of a WGS-84 or CGCS2000 position in degrees."""
    phi, away = radians(lat), radians(lon - meridian)
    tangent = tan(phi)
    skew = sinh(_E * atanh(_E * sin(phi)))
    conformal = tangent * hypot(1, skew) - skew * hypot(1, tangent)
    xi = atan2(conformal, cos(away))
    eta = asinh(sin(away) / hypot(conformal, cos(away)))
    up, along = _series(_TO_PLANE, xi, eta)
    return FALSE_EASTING + _RADIUS * (eta + along), _RADIUS * (xi + up)


def to_globe(east: float, north: float, meridian: float = DEFAULT_MERIDIAN) -> tuple[float, float]:
    """(lat, lon) in degrees of a position of the plane in metres."""
    xi, eta = north / _RADIUS, (east - FALSE_EASTING) / _RADIUS
    up, along = _series(_TO_SPHERE, xi, eta)
    xi, eta = xi - up, eta - along
    conformal = atan(sin(xi) / hypot(sinh(eta), cos(xi)))
    away = atan2(sinh(eta), cos(xi))
    widen = sum(term * sin(2 * j * conformal) for j, term in enumerate(_TO_LATITUDE, 1))
    return degrees(conformal + widen), meridian + degrees(away)


def _series(terms: Sequence[float], xi: float, eta: float) -> tuple[float, float]:
    up = along = 0.0
    for j, term in enumerate(terms, 1):
        up += term * sin(2 * j * xi) * cosh(2 * j * eta)
        along += term * cos(2 * j * xi) * sinh(2 * j * eta)
    return up, along


class ControlPointsError(ValueError):
    """Control points that fix no similarity: fewer than two distinct ones on either side."""

    code = "geo.unusable_control_points"


class Similarity(Struct, frozen=True, kw_only=True):
    """Four parameters from one plane to another: turn, scale, shift.

    east' = cosine·east − sine·north + east_shift; north' = sine·east + cosine·north + north_shift,
    where cosine and sine already hold the scale. Metres.
    """

    cosine: float
    sine: float
    east_shift: float
    north_shift: float

    @property
    def scale(self) -> float:
        """Length there of one metre here."""
        return hypot(self.cosine, self.sine)

    @property
    def rotation(self) -> float:
        """Turn in degrees, counter-clockwise."""
        return degrees(atan2(self.sine, self.cosine))

    def apply(self, east: float, north: float) -> Metres:
        """A position of the first plane, in the second."""
        return (
            self.cosine * east - self.sine * north + self.east_shift,
            self.sine * east + self.cosine * north + self.north_shift,
        )

    def invert(self, east: float, north: float) -> Metres:
        """A position of the second plane, in the first."""
        east, north = east - self.east_shift, north - self.north_shift
        square = self.cosine**2 + self.sine**2
        return (
            (self.cosine * east + self.sine * north) / square,
            (self.cosine * north - self.sine * east) / square,
        )


class Fit(Struct, frozen=True, kw_only=True):
    """A fitted local grid. `residuals` are (east, north) metres, given minus fitted, point by
    point; `rms` is the root of their mean squared length. Two points leave no residual at all."""

    similarity: Similarity
    residuals: tuple[Metres, ...]
    rms: float


def fit_local_grid(pairs: Sequence[tuple[Metres, Metres]]) -> Fit:
    """The similarity with the least squared residuals, from control points known in both planes.

    Raises: ControlPointsError: fewer than two distinct points on either side.
    """
    if any(len({pair[side] for pair in pairs}) <= 1 for side in (0, 1)):
        raise ControlPointsError("a local grid needs two distinct control points in each plane")
    here, there = _middle([pair[0] for pair in pairs]), _middle([pair[1] for pair in pairs])
    centred = [
        (x - here[0], y - here[1], east - there[0], north - there[1])
        for (x, y), (east, north) in pairs
    ]
    square = fsum(x * x + y * y for x, y, _, _ in centred)
    cosine = fsum(x * east + y * north for x, y, east, north in centred) / square
    sine = fsum(x * north - y * east for x, y, east, north in centred) / square
    if not cosine and not sine:
        raise ControlPointsError("the control points of the two planes have nothing in common")
    similarity = Similarity(
        cosine=cosine,
        sine=sine,
        east_shift=there[0] - cosine * here[0] + sine * here[1],
        north_shift=there[1] - sine * here[0] - cosine * here[1],
    )
    residuals = tuple(
        (east - fitted[0], north - fitted[1])
        for source, (east, north) in pairs
        for fitted in (similarity.apply(*source),)
    )
    rms = sqrt(fsum(e * e + n * n for e, n in residuals) / len(residuals))
    return Fit(similarity=similarity, residuals=residuals, rms=rms)


def _middle(points: Sequence[Metres]) -> Metres:
    return fsum(p[0] for p in points) / len(points), fsum(p[1] for p in points) / len(points)
