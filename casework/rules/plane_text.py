"""Plane coordinates as people write them: two numbers of metres in a Gauss–Krüger zone.

Chinese papers write the northing first and call it x. An easting may carry its zone's number in
front (38 506 000): zones 25 … 45 are 3° wide, 13 … 23 are 6° wide. Without it the city's own zone
is meant.
"""

import re
from collections.abc import Iterator

from casework.rules.projection import FALSE_EASTING, to_globe
from casework.terms import Point, point

_METRES = r"[xy]?\s*(\d{5,8}(?:\.\d+)?)\s*(?:m|米)?"
_PAIR = re.compile(rf"\s*{_METRES}\s+{_METRES}\s*")
_ZONE = 1_000_000
_WIDEST = 350_000
"""Metres from the central meridian: 3° and a half at the latitude of the south of China."""
_NORTHMOST = 6_300_000
_THREE_DEGREES = range(25, 46)
_SIX_DEGREES = range(13, 24)


def read_metres(plain: str, meridian: int) -> Iterator[tuple[float, float, int, Point]]:
    """(north, east, central meridian, WGS-84 point) of two plane figures, in either order."""
    found = _PAIR.fullmatch(plain)
    if found is None:
        return
    one, other = float(found[1]), float(found[2])
    for north, east in ((one, other), (other, one)):
        zone, within = divmod(east, _ZONE)
        centre = _meridian(int(zone), meridian)
        if centre is None or not 0 < north <= _NORTHMOST:
            continue
        if abs(within - FALSE_EASTING) <= _WIDEST:
            yield north, east, centre, point(*to_globe(within, north, centre))


def _meridian(zone: int, own: int) -> int | None:
    if zone == 0:
        return own
    if zone in _THREE_DEGREES:
        return 3 * zone
    return 6 * zone - 3 if zone in _SIX_DEGREES else None
