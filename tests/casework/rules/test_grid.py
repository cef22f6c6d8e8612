"""Computed unit grid cells and their codes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.rules.geo import Box
from casework.rules.grid import (
    GridError,
    GridParts,
    UnitGrid,
    cell_outline,
    cells_in,
    grid_cell,
    parse_grid_code,
    unit_grid,
    unit_grids,
)
from casework.rules.projection import to_globe, to_plane
from casework.terms import AreaId, GridCode, Point, point
from casework.territory import Area, AreaLevel

SOUTH, WEST, NORTH, EAST = 22.53, 114.05, 22.60, 114.13


def street(name: str, south: float, west: float, north: float, east: float) -> Area:
    corners = ((south, west), (south, east), (north, east), (north, west), (south, west))
    return Area(
        id=AreaId(name),
        name=name,
        level=AreaLevel.STREET,
        rings=(tuple(point(*corner) for corner in corners),),
    )


STREET = street("440303001", SOUTH, WEST, NORTH, EAST)
GRIDS = unit_grids([STREET])
GRID = GRIDS[STREET.id]
INSIDE = st.builds(point, st.floats(SOUTH, NORTH), st.floats(WEST, EAST))


def at(column: float, row: float, grid: UnitGrid = GRID) -> Point:
    """The point so many cells east and south of the lattice's corner."""
    return point(*to_globe(grid.west + 100 * column, grid.north - 100 * row, grid.meridian))


@pytest.mark.parametrize(
    ("column", "row", "code"),
    [
        (0.5, 0.5, "440303001001001"),
        (1.5, 0.5, "440303001001002"),
        (0.5, 1.5, "440303001001031"),
        (29.5, 29.5, "440303001001900"),
        (30.5, 0.5, "440303001002001"),
        (0.5, 30.5, "440303001004001"),
    ],
)
def test_parts_and_orders_count_row_by_row_from_the_north_west(
    column: float, row: float, code: str
) -> None:
    assert (GRID.columns, GRID.across) == (85, 3)
    assert grid_cell(GRID, at(column, row)) == code


def test_lattice_hangs_on_full_hundreds_outside_the_street() -> None:
    corners = [to_plane(*corner.degrees, 114) for corner in STREET.rings[0]]
    assert (GRID.west % 100, GRID.north % 100) == (0, 0)
    assert 100 <= min(east for east, _ in corners) - GRID.west <= 200
    assert 100 <= GRID.north - max(north for _, north in corners) <= 200


@given(INSIDE)
def test_every_point_of_the_street_has_a_cell_that_holds_it(place: Point) -> None:
    code = grid_cell(GRID, place)
    assert code is not None
    outline = cell_outline(code, GRIDS)
    assert outline is not None
    plane = [to_plane(*corner.degrees, 114) for corner in outline]
    east, north = to_plane(*place.degrees, 114)
    # A stored corner is rounded to 1e-7 degree, half a centimetre.
    assert plane[0][0] - 0.01 <= east <= plane[2][0] + 0.01
    assert plane[2][1] - 0.01 <= north <= plane[0][1] + 0.01


def test_edge_that_bends_below_its_corners_still_has_cells() -> None:
    south, west = to_globe(485_000, 2_490_000.5)
    grid = unit_grid(street("440303001", south, west, south + 0.05, 228 - west))
    assert grid is not None
    assert to_plane(south, 114)[1] < 2_490_000
    assert grid_cell(grid, point(south, 114)) is not None


@given(INSIDE)
def test_middle_of_a_cell_gives_its_code_again(place: Point) -> None:
    code = grid_cell(GRID, place)
    assert code is not None
    outline = cell_outline(code, GRIDS)
    assert outline is not None
    middle = Point(sum(p.lat for p in outline) // 4, sum(p.lon for p in outline) // 4)
    assert grid_cell(GRID, middle) == code


def box(south: float, west: float, north: float, east: float) -> Box:
    low, high = point(south, west), point(north, east)
    return Box(low.lat, low.lon, high.lat, high.lon)


def test_two_cells_never_share_a_code() -> None:
    whole = box(SOUTH - 1, WEST - 1, NORTH + 1, EAST + 1)
    codes = [code for code, _ in cells_in(GRID, whole)]
    assert len(codes) == len(set(codes)) == GRID.columns * GRID.rows
    assert max(int(parse_grid_code(code).order) for code in codes) <= 900


def test_drawing_gives_the_cells_of_the_box_with_their_outlines() -> None:
    middle = at(40.5, 20.5)
    drawn = dict(cells_in(GRID, Box(middle.lat, middle.lon, middle.lat, middle.lon)))
    code = grid_cell(GRID, middle)
    assert code is not None
    assert drawn == {code: cell_outline(code, GRIDS)}
    assert list(cells_in(GRID, box(23, 113, 23.1, 113.1))) == []


def test_point_outside_the_lattice_has_no_cell() -> None:
    assert grid_cell(GRID, at(-0.5, 0.5)) is None
    assert grid_cell(GRID, at(0.5, GRID.rows + 0.5)) is None


@pytest.mark.parametrize("name", ["back-bay", "440303", "44030300１"])
def test_area_without_a_nine_digit_code_has_no_grid(name: str) -> None:
    assert unit_grid(street(name, SOUTH, WEST, NORTH, EAST)) is None


def test_street_of_more_than_999_parts_is_refused() -> None:
    with pytest.raises(GridError) as refused:
        unit_grid(street("440303001", 22.0, 113.5, 23.0, 114.5))
    assert refused.value.code == "grid.too_many_parts"


def test_code_is_read_by_its_digits() -> None:
    assert parse_grid_code("440303001002031") == GridParts(
        AreaId("440303"), AreaId("440303001"), "002", "031"
    )
    assert parse_grid_code("44030300100231").order == "31"


@pytest.mark.parametrize(
    "text", ["", "4403030010020", "4403030010020311", "44030300100203x", "４40303001002031"]
)
def test_text_that_is_no_grid_code_is_refused(text: str) -> None:
    with pytest.raises(GridError) as refused:
        parse_grid_code(text)
    assert refused.value.code == "grid.bad_code"


@pytest.mark.parametrize(
    "code",
    [
        "44030300100101",  # a 14-digit code is a site's own
        "440303001001000",
        "440303001001901",
        "440303001000001",
        "440303001999001",
        "440303001003026",  # the third part is 25 cells wide
        "440304001001001",
    ],
)
def test_code_outside_every_lattice_has_no_outline(code: str) -> None:
    assert cell_outline(GridCode(code), GRIDS) is None
