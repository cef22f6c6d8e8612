"""Tiles: one number for a place, so that one index serves a box on the map in either database.

A tile is 0.002 degree wide and high, some 220 m; its number is its row from the south, then its
column from the west, so that the tiles of one row in a box are one run of numbers.
"""

from collections.abc import Iterator

from casework.rules.geo import Box
from casework.terms import E7, Point

SIDE = 20_000
"""Of a tile, in 1e-7 degree."""
_SOUTH, _WEST = -90 * E7, -180 * E7
_COLUMNS = 2**18


def tile(at: Point) -> int:
    """Number of the tile that holds a position."""
    return _row(at.lat) * _COLUMNS + _column(at.lon)


def runs(box: Box) -> Iterator[tuple[int, int]]:
    """First and last number of each row of tiles that a box touches."""
    west, east = _column(box.west), _column(box.east)
    for row in range(_row(box.south), _row(box.north) + 1):
        yield row * _COLUMNS + west, row * _COLUMNS + east


def rows_of(box: Box) -> int:
    """How many rows of tiles a box touches."""
    return _row(box.north) - _row(box.south) + 1


def _row(lat: int) -> int:
    return (lat - _SOUTH) // SIDE


def _column(lon: int) -> int:
    return (lon - _WEST) // SIDE
