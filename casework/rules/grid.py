"""單元網格: unit grid cells of 100 m, computed where a city brings none of its own.

The form of the code is the standard's: district 6 + street 3 + community 3 + order 3 (domain.md 4).
**The cells and the community parts are invented**: true cells follow streets and walls, true
communities have surveyed borders. Here a lattice of Gauss–Krüger metres hangs on the north-western
corner of the street's bounding box, snapped outwards to full hundreds with one cell to spare (an
edge straight on the globe bends by some metres in the plane); parts are blocks of 30 × 30 cells, so
that no order exceeds 900. Parts and orders count from 1, row by row from the north-west (a block
keeps 30 columns also where the street ends within it). A site replaces all of it.
"""

from collections.abc import Iterable, Iterator
from math import ceil, floor
from typing import NamedTuple

from msgspec import Struct

from casework.rules.geo import Box
from casework.rules.projection import DEFAULT_MERIDIAN, to_globe, to_plane
from casework.terms import AreaId, GridCode, Point, point
from casework.territory import Area, AreaLevel

CELL = 100
"""Side of a cell in metres (萬米單元網格)."""
SIDE = 30
"""Cells along the side of a community part."""
MOST_PARTS = 999
_STREET = 9
_COMMUNITY = 12
_LENGTHS = (14, 15)

Outline = tuple[Point, Point, Point, Point]
"""Corners of a cell: north-west, north-east, south-east, south-west."""


class GridError(ValueError):
    """A code that is none, or a street too large for its codes.

    `code` is `grid.bad_code` or `grid.too_many_parts`.
    """

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


class GridParts(NamedTuple):
    """A unit grid code taken apart; each part is text with its leading zeros."""

    district: AreaId
    street: AreaId
    community: str
    order: str


class UnitGrid(Struct, frozen=True, kw_only=True):
    """The lattice of one street: its north-western corner in metres, and its size in cells."""

    street: AreaId
    meridian: int
    west: int
    north: int
    columns: int
    rows: int

    @property
    def across(self) -> int:
        """Community parts side by side."""
        return -(-self.columns // SIDE)


def unit_grid(street: Area, meridian: int = DEFAULT_MERIDIAN) -> UnitGrid | None:
    """The lattice of a street, made once; None where it has no outline or no 9-digit code.

    Raises: GridError: `grid.too_many_parts` when the street needs more than 999 parts.
    """
    if street.level is not AreaLevel.STREET or not street.rings or not _numeric(street.id, _STREET):
        return None
    plane = [to_plane(*corner.degrees, meridian) for ring in street.rings for corner in ring]
    west, east = min(p[0] for p in plane) - CELL, max(p[0] for p in plane) + CELL
    south, north = min(p[1] for p in plane) - CELL, max(p[1] for p in plane) + CELL
    west, north = floor(west / CELL) * CELL, ceil(north / CELL) * CELL
    grid = UnitGrid(
        street=street.id,
        meridian=meridian,
        west=west,
        north=north,
        columns=floor((east - west) / CELL) + 1,
        rows=floor((north - south) / CELL) + 1,
    )
    parts = grid.across * -(-grid.rows // SIDE)
    if parts > MOST_PARTS:
        raise GridError(
            "grid.too_many_parts",
            f"street {street.id} needs {parts} community parts; a code holds {MOST_PARTS}",
        )
    return grid


def unit_grids(areas: Iterable[Area], meridian: int = DEFAULT_MERIDIAN) -> dict[AreaId, UnitGrid]:
    """The lattices of all streets that can have one.

    Raises: GridError: `grid.too_many_parts` when a street needs more than 999 parts.
    """
    grids = (unit_grid(area, meridian) for area in areas)
    return {grid.street: grid for grid in grids if grid is not None}


def grid_cell(grid: UnitGrid, at: Point) -> GridCode | None:
    """Code of the cell with that point; None outside the lattice of the street.

    Whether the point lies in the street itself is asked of `geo.locate`.
    """
    column, row = _cell(grid, at)
    if 0 <= column < grid.columns and 0 <= row < grid.rows:
        return _code(grid, column, row)
    return None


def cell_outline(code: GridCode, grids: dict[AreaId, UnitGrid]) -> Outline | None:
    """Corners of a computed cell; None when no lattice has it (a site's own or a 14-digit code).

    Raises: GridError: `grid.bad_code`.
    """
    parts = parse_grid_code(code)
    grid = grids.get(parts.street)
    if grid is None or len(code) != _LENGTHS[1]:
        return None
    block_row, block_column = divmod(int(parts.community) - 1, grid.across)
    in_row, in_column = divmod(int(parts.order) - 1, SIDE)
    column, row = block_column * SIDE + in_column, block_row * SIDE + in_row
    if not (0 <= column < grid.columns and 0 <= row < grid.rows and 0 <= in_row < SIDE):
        return None
    north, south = (_corners(grid, column, column + 1, line) for line in (row, row + 1))
    return north[0], north[1], south[1], south[0]


def cells_in(grid: UnitGrid, box: Box) -> Iterator[tuple[GridCode, Outline]]:
    """The cells that a box on the map may touch, row by row, for drawing."""
    corners = [
        _cell(grid, Point(lat, lon))
        for lat in (box.south, box.north)
        for lon in (box.west, box.east)
    ]
    first = max(0, min(column for column, _ in corners))
    last = min(grid.columns - 1, max(column for column, _ in corners))
    top = max(0, min(row for _, row in corners))
    bottom = min(grid.rows - 1, max(row for _, row in corners))
    if first > last or top > bottom:
        return
    north = _corners(grid, first, last + 1, top)
    for row in range(top, bottom + 1):
        south = _corners(grid, first, last + 1, row + 1)
        for column in range(first, last + 1):
            i = column - first
            yield _code(grid, column, row), (north[i], north[i + 1], south[i + 1], south[i])
        north = south


def parse_grid_code(text: str) -> GridParts:
    """A code of 15 digits (6 + 3 + 3 + 3), or of 14 (6 + 3 + 3 + 2) in 2008-line data.

    Raises: GridError: `grid.bad_code`.
    """
    if not any(_numeric(text, length) for length in _LENGTHS):
        raise GridError("grid.bad_code", "a unit grid code has 15 digits, in old data 14")
    return GridParts(
        AreaId(text[:6]),
        AreaId(text[:_STREET]),
        text[_STREET:_COMMUNITY],
        text[_COMMUNITY:],
    )


def _numeric(text: str, length: int) -> bool:
    return len(text) == length and text.isascii() and text.isdigit()


def _cell(grid: UnitGrid, at: Point) -> tuple[int, int]:
    east, north = to_plane(*at.degrees, grid.meridian)
    return floor((east - grid.west) / CELL), floor((grid.north - north) / CELL)


def _code(grid: UnitGrid, column: int, row: int) -> GridCode:
    part = row // SIDE * grid.across + column // SIDE + 1
    order = row % SIDE * SIDE + column % SIDE + 1
    return GridCode(f"{grid.street}{part:03}{order:03}")


def _corners(grid: UnitGrid, first: int, last: int, row: int) -> list[Point]:
    north = grid.north - row * CELL
    return [
        point(*to_globe(grid.west + column * CELL, north, grid.meridian))
        for column in range(first, last + 1)
    ]
