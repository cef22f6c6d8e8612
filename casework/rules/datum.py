"""Coordinate systems on the globe (domain.md 6): everything is stored in WGS-84.

CGCS2000 is taken as WGS-84: their ellipsoids differ by 0.1 mm at the pole and the frames by less
than a metre (the continent has moved since 2000), which no fix of a handset notices. GCJ-02 is the
shifted system of Chinese web maps; inside its box a position moves by some hundred metres. BD-09
is one provider's shift of GCJ-02, by about a kilometre more. Never convert twice: a position
carries the name of its system until it is converted.
"""

from collections.abc import Callable
from math import atan2, cos, hypot, pi, radians, sin, sqrt

from casework.terms import Datum

_AXIS = 6_378_245.0
_ECCENTRICITY_SQUARED = 0.00669342162296594323
_SOUTH, _NORTH, _WEST, _EAST = 0.8293, 55.8271, 72.004, 137.8347
_LAT0, _LON0 = 35.0, 105.0
_SETTLED = 1e-10
"""Degrees: 0.01 mm."""
_ROUNDS = 10


def to_wgs84(lat: float, lon: float, datum: Datum) -> tuple[float, float]:
    """(lat, lon) in WGS-84 degrees of a position given in `datum`."""
    match datum:
        case Datum.GCJ02:
            return from_gcj02(lat, lon)
        case Datum.BD09:
            return from_gcj02(*from_bd09(lat, lon))
        case _:
            return lat, lon


def from_wgs84(lat: float, lon: float, datum: Datum) -> tuple[float, float]:
    """(lat, lon) in `datum` of a position given in WGS-84 degrees."""
    match datum:
        case Datum.GCJ02:
            return to_gcj02(lat, lon)
        case Datum.BD09:
            return to_bd09(*to_gcj02(lat, lon))
        case _:
            return lat, lon


def to_gcj02(lat: float, lon: float) -> tuple[float, float]:
    """WGS-84 → GCJ-02, degrees; unchanged outside the system's box around China."""
    if not _shifted(lat, lon):
        return lat, lon
    north, east = _shift(lat, lon)
    return lat + north, lon + east


def from_gcj02(lat: float, lon: float) -> tuple[float, float]:
    """GCJ-02 → WGS-84, degrees, within 1 mm; unchanged outside the system's box."""
    if not _shifted(lat, lon):
        return lat, lon
    return _taken_off(_shift, lat, lon)


def to_bd09(lat: float, lon: float) -> tuple[float, float]:
    """GCJ-02 → BD-09, degrees; unchanged outside the system's box around China."""
    if not _shifted(lat, lon):
        return lat, lon
    north, east = _swing(lat, lon)
    return lat + north, lon + east


def from_bd09(lat: float, lon: float) -> tuple[float, float]:
    """BD-09 → GCJ-02, degrees, within 1 mm; unchanged outside the system's box."""
    if not _shifted(lat, lon):
        return lat, lon
    return _taken_off(_swing, lat, lon)


def _taken_off(
    shift: Callable[[float, float], tuple[float, float]], lat: float, lon: float
) -> tuple[float, float]:
    """Where a position stood before `shift`, which has no closed inverse: it is taken off at the
    last guess until the guess settles."""
    guess = lat, lon
    for _ in range(_ROUNDS):
        north, east = shift(*guess)
        last, guess = guess, (lat - north, lon - east)
        if max(abs(guess[0] - last[0]), abs(guess[1] - last[1])) < _SETTLED:
            break
    return guess


def _shifted(lat: float, lon: float) -> bool:
    return _SOUTH <= lat <= _NORTH and _WEST <= lon <= _EAST


def _shift(lat: float, lon: float) -> tuple[float, float]:
    """Degrees (north, east) by which GCJ-02 lies off at a WGS-84 position."""
    x, y = lon - _LON0, lat - _LAT0
    ripple = (20 * sin(6 * x * pi) + 20 * sin(2 * x * pi)) * 2 / 3
    bend = 0.1 * sqrt(abs(x))
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 2 * bend + ripple
    north += _waves(y, (20, 1), (40, 1 / 3), (160, 1 / 12), (320, 1 / 30))
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + bend + ripple
    east += _waves(x, (20, 1), (40, 1 / 3), (150, 1 / 12), (300, 1 / 30))
    flat = 1 - _ECCENTRICITY_SQUARED * sin(radians(lat)) ** 2
    meridian = _AXIS * (1 - _ECCENTRICITY_SQUARED) / flat**1.5
    parallel = _AXIS / sqrt(flat) * cos(radians(lat))
    return north * 180 / (meridian * pi), east * 180 / (parallel * pi)


def _waves(at: float, *waves: tuple[float, float]) -> float:
    return sum(height * sin(at * pi * often) for height, often in waves) * 2 / 3


def _swing(lat: float, lon: float) -> tuple[float, float]:
    """Degrees (north, east) by which BD-09 lies off at a GCJ-02 position."""
    wave = pi * 3000 / 180
    reach = hypot(lat, lon) + 0.00002 * sin(lat * wave)
    turn = atan2(lat, lon) + 0.000003 * cos(lon * wave)
    return reach * sin(turn) + 0.006 - lat, reach * cos(turn) + 0.0065 - lon
