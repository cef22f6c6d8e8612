"""Where a point lies and whether it can be true."""

import json
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.rules.geo import Box, area_index, bounds, distance, locate, suspicious
from casework.terms import AreaId, Point, point
from casework.territory import Area, AreaLevel

RECORDS = Path(__file__).parents[4] / "shared" / "data" / "geo"
DISTRICT, STREET = AreaLevel.DISTRICT, AreaLevel.STREET


def ring(*corners: tuple[int, int]) -> tuple[Point, ...]:
    return tuple(Point(lat, lon) for lat, lon in (*corners, corners[0]))


def square(south: int, west: int, side: int) -> tuple[Point, ...]:
    north, east = south + side, west + side
    return ring((south, west), (south, east), (north, east), (north, west))


def area(name: str, level: AreaLevel, *rings: tuple[Point, ...], parent: str = "") -> Area:
    return Area(id=AreaId(name), name=name, level=level, rings=rings, parent=AreaId(parent) or None)


TOWN = area_index(
    [
        area("west", DISTRICT, square(100, 1000, 100)),
        area("east", DISTRICT, square(100, 1100, 100), square(120, 1120, 20)),
        area("w1", STREET, square(100, 1000, 50), parent="west"),
        area("e1", STREET, square(100, 1000, 200), parent="east"),
        area("paper", STREET, parent="west"),
    ]
)


@pytest.mark.parametrize(
    ("at", "found"),
    [
        (Point(120, 1020), ("west", "w1")),
        (Point(180, 1080), ("west", None)),
        (Point(180, 1180), ("east", "e1")),
        (Point(130, 1130), ("east", "e1")),
        (Point(300, 1000), (None, None)),
    ],
)
def test_point_lies_in_one_district_and_at_most_one_street_of_it(
    at: Point, found: tuple[str | None, str | None]
) -> None:
    assert locate(TOWN, at) == found


def test_hole_is_not_inside() -> None:
    holed = area_index([area("d", DISTRICT, square(100, 100, 100), square(120, 120, 20))])
    assert locate(holed, Point(130, 130)) == (None, None)
    assert locate(holed, Point(150, 150)) == ("d", None)


def by_definition(rings: Sequence[Sequence[Point]], at: Point) -> bool:
    """Even-odd over every edge in fractions, without boxes or bands."""
    crossings = 0
    for outline in rings:
        for one, other in pairwise(outline):
            if (one.lat > at.lat) != (other.lat > at.lat):
                share = (at.lat - one.lat) / (other.lat - one.lat)
                crossings += at.lon < one.lon + share * (other.lon - one.lon)
    return crossings % 2 == 1


CORNERS = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=3, max_size=60)
HALF_POINTS = st.builds(
    lambda lat, lon: Point(4 * lat + 2, 4 * lon + 1), st.integers(-1, 41), st.integers(-1, 41)
)


@given(CORNERS, HALF_POINTS)
def test_bands_answer_as_the_definition_does(corners: list[tuple[int, int]], at: Point) -> None:
    outline = ring(*((4 * lat, 4 * lon) for lat, lon in corners))
    found = locate(area_index([area("d", DISTRICT, outline)]), at)
    assert found == ("d" if by_definition([outline], at) else None, None)


@given(
    st.lists(st.integers(1, 9), min_size=2, max_size=30),
    st.integers(0, 20),
    st.integers(0, 9),
)
def test_neighbours_never_share_a_point_and_never_leave_one_out(
    border: list[int], lat: int, lon: int
) -> None:
    top = len(border) - 1
    line = [(i, east) for i, east in enumerate(border)]
    west = ring(*line, (top, 0), (0, 0))
    east = ring(*line, (top, 10), (0, 10))
    at = Point(lat % top, lon)
    index = area_index([area("west", DISTRICT, west), area("east", DISTRICT, east)])
    assert [shape.holds(at) for shape in index.districts].count(True) == 1


def test_street_names_its_district_where_districts_have_no_outline() -> None:
    index = area_index([area("d", DISTRICT), area("s", STREET, square(0, 0, 10), parent="d")])
    assert locate(index, Point(5, 5)) == ("d", "s")


@pytest.mark.parametrize(
    ("at", "code"),
    [
        (Point(0, 0), "place.zero"),
        (Point(150, 1010), "place.placeholder"),
        (Point(150, 1011), None),
        (Point(1011, 150), "place.swapped"),
        (Point(500, 500), "place.outside"),
        (point(114.06, 22.54), "place.impossible"),
    ],
)
def test_position_that_cannot_be_true_is_named(at: Point, code: str | None) -> None:
    assert suspicious(at, TOWN, [Point(150, 1010)]) == code


def test_city_without_outlines_doubts_only_what_no_city_can_have() -> None:
    nowhere = area_index([])
    assert suspicious(point(42.36, -71.06), nowhere) is None
    assert suspicious(point(-171.06, 42.36), nowhere) == "place.impossible"


def test_degree_of_a_great_circle_is_111_kilometres() -> None:
    assert distance(point(0, 0), point(0, 1)) == pytest.approx(111_195, abs=1)
    assert distance(point(60, 10), point(60, 11)) == pytest.approx(55_597, abs=5)


@given(*[st.builds(point, st.floats(-90, 90), st.floats(-180, 180)) for _ in range(3)])
def test_distance_is_a_metric(a: Point, b: Point, c: Point) -> None:
    assert distance(a, a) == 0
    assert distance(a, b) == distance(b, a)
    assert distance(a, c) <= distance(a, b) + distance(b, c) + 1e-3


def test_bounds_hold_every_ring() -> None:
    assert bounds([square(3, 5, 2), square(10, 1, 1)]) == Box(3, 1, 11, 7)


def test_centre_of_each_real_district_lies_in_it() -> None:
    path = RECORDS / "shenzhen_districts_wgs84.json"
    if not path.exists():
        pytest.skip("the records beside the checkout are absent")
    features = json.loads(path.read_text("utf-8"))["features"]
    areas = []
    for feature in features:
        rings = feature["geometry"]["coordinates"]
        if feature["geometry"]["type"] == "MultiPolygon":
            rings = [each for polygon in rings for each in polygon]
        outline = [tuple(point(lat, lon) for lon, lat in each) for each in rings]
        areas.append(area(feature["properties"]["qh"], DISTRICT, *outline))
    index = area_index(areas)
    for feature in features:
        of = feature["properties"]
        assert locate(index, point(of["centroid_y"], of["centroid_x"])) == (of["qh"], None)
