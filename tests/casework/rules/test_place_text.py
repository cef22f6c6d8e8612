"""What a typed text may say of a place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.rules.datum import from_wgs84
from casework.rules.geo import distance
from casework.rules.place_text import ReadAs, Reading, read_place
from casework.rules.projection import to_plane
from casework.terms import Datum, Point, point
from tests.casework.rules.place_kit import (
    EAST,
    LEFT,
    LEFT_STREET,
    LOCATOR,
    NORTH,
    PLACEHOLDER,
    RIGHT_STREET,
    SOUTH,
    WEST,
)

HERE = point(22.54, 114.06)
INSIDE = st.tuples(st.floats(SOUTH + 0.01, NORTH - 0.01), st.floats(WEST + 0.01, EAST - 0.01))


def read(text: str, typed: Datum = Datum.WGS84) -> tuple[Reading, ...]:
    return read_place(text, LOCATOR, typed)


def first(text: str, typed: Datum = Datum.WGS84) -> Reading:
    return read(text, typed)[0]


@pytest.mark.parametrize(
    "text",
    [
        "22.54, 114.06",
        "114.06 22.54",
        "22.54，114.06",
        "２２．５４　１１４．０６",
        "N22.54 E114.06",
        "22.54N114.06E",
        "E114.06,N22.54",
        "北纬22.54度 东经114.06度",
        "東經114.06° 北緯22.54°",
        "22°32′24″N 114°3′36″E",
        "22°32'24\" 114°3'36\"",
        "22度32分24秒，114度3分36秒",
        "22°32.4′ 114°3.6′",
        "lat 22.54 lon 114.06",
        "经度:114.06 纬度:22.54",
        "(22.54, 114.06)",
    ],
)
def test_degrees_are_read_in_either_order_and_with_any_marks(text: str) -> None:
    reading = first(text)
    assert reading.as_ is ReadAs.DEGREES
    assert (reading.first, reading.second) == pytest.approx((22.54, 114.06))
    assert reading.point is not None
    assert distance(reading.point, HERE) < 0.1
    assert (reading.place.district, reading.place.street) == (LEFT, LEFT_STREET)
    assert reading.is_sound


@pytest.mark.parametrize(
    ("text", "datum"),
    [
        ("wgs84 22.54 114.06", Datum.WGS84),
        ("GPS 22.54 114.06", Datum.WGS84),
        ("22.54 114.06 CGCS2000", Datum.CGCS2000),
        ("国家2000 22.54 114.06", Datum.CGCS2000),
        ("GCJ-02 22.54, 114.06", Datum.GCJ02),
        ("高德坐标 114.06，22.54", Datum.GCJ02),
        ("bd09: 22.54, 114.06", Datum.BD09),
        ("百度 22.54, 114.06", Datum.BD09),
    ],
)
def test_a_word_for_the_system_leaves_one_reading(text: str, datum: Datum) -> None:
    (reading,) = read(text)
    assert (reading.datum, reading.is_sound) == (datum, True)


@pytest.mark.parametrize("typed", [Datum.WGS84, Datum.GCJ02, Datum.BD09])
def test_without_a_word_every_system_is_offered_the_citys_own_first(typed: Datum) -> None:
    readings = read("22.54 114.06", typed)
    assert readings[0].datum is typed
    assert {each.datum for each in readings} == {Datum.WGS84, Datum.GCJ02, Datum.BD09}


@given(INSIDE, st.sampled_from(Datum))
def test_what_is_typed_in_a_system_is_stored_where_it_lies(
    here: tuple[float, float], datum: Datum
) -> None:
    lat, lon = from_wgs84(*here, datum)
    reading = first(f"{datum} {lat:.7f} {lon:.7f}")
    assert reading.point is not None
    assert distance(reading.point, point(*here)) < 0.05


@given(INSIDE, st.booleans())
def test_plane_metres_are_read_in_either_order(here: tuple[float, float], turned: bool) -> None:
    east, north = to_plane(*here)
    text = f"{east:.2f} {north:.2f}" if turned else f"x={north:.2f} y={east:.2f}"
    (reading,) = read(text)
    assert (reading.as_, reading.meridian) == (ReadAs.METRES, 114)
    assert reading.point is not None
    assert distance(reading.point, point(*here)) < 0.05


@pytest.mark.parametrize(
    ("east", "meridian"), [("38506000", 114), ("506000", 114), ("37506000", 111), ("20200000", 117)]
)
def test_a_zone_before_the_easting_names_its_meridian(east: str, meridian: int) -> None:
    assert first(f"2493000, {east}").meridian == meridian


def test_a_shifted_system_has_no_plane() -> None:
    assert read("gcj02 2493000 506000") == ()


def test_the_code_of_a_computed_cell_is_its_middle() -> None:
    cell = LOCATOR.place(HERE).grid
    assert cell is not None
    reading = first(cell)
    assert (reading.as_, reading.place.grid, reading.is_sound) == (ReadAs.CELL, cell, True)
    assert reading.point is not None
    assert distance(reading.point, HERE) < 71


def test_a_sites_own_code_is_taken_without_a_point() -> None:
    reading = first("440304 001 002 01")
    assert (reading.code, reading.place.grid, reading.point) == (
        "44030400100201",
        "44030400100201",
        None,
    )
    assert reading.place.street == LEFT_STREET


@pytest.mark.parametrize("code", ["440303001", "440303001002"])
def test_a_street_or_community_code_names_the_street(code: str) -> None:
    reading = first(code)
    assert (reading.as_, reading.place.street) == (ReadAs.AREA, RIGHT_STREET)


@pytest.mark.parametrize(
    ("text", "doubt"),
    [
        ("0,0", "place.zero"),
        ("gcj02 0 0", "place.zero"),
        ("22.55 114.05", "place.placeholder"),
        ("gcj02 22.55 114.05", "place.placeholder"),
        ("39.9 116.4", "place.outside"),
        ("2493000 806000", "place.outside"),
        ("99 190", "place.impossible"),
        ("440399001", "place.unknown_code"),
        ("440399001001001", "place.unknown_code"),
    ],
)
def test_what_cannot_be_a_place_says_why(text: str, doubt: str) -> None:
    assert [each.place.doubt for each in read(text)] == [doubt]


def test_exchanged_marks_are_doubted_and_the_exchange_is_offered() -> None:
    offered, doubted = read("wgs84 北纬114.06 东经22.54")
    assert (offered.exchanged, offered.is_sound, offered.point) == (True, True, HERE)
    assert doubted.place.doubt == "place.swapped"


def test_a_place_that_is_typed_as_the_placeholder_of_another_system_is_none() -> None:
    lat, lon = from_wgs84(*PLACEHOLDER.degrees, Datum.GCJ02)
    assert not first(f"gcj02 {lat:.7f} {lon:.7f}").is_sound


@pytest.mark.parametrize(
    "text",
    [
        "",
        "前进二路123号",
        "百度国际大厦",
        "深南大道 10000 号",
        "E栋 12",
        "N22.5 N114.0",
        "22°75′ 114°3′",
        "13800138000",
        "2008-06-13",
        "9" * 500,
    ],
)
def test_an_address_is_words(text: str) -> None:
    assert read(text) == ()


@given(st.text(max_size=200))
def test_whatever_is_typed_no_sound_reading_lies_outside(text: str) -> None:
    for reading in read(text):
        if reading.is_sound:
            assert reading.place.district is not None


@given(st.text(alphabet="0123456789 .,-NSEW°′″度分秒北东bd09gcj", max_size=60))
def test_every_reading_lands_where_its_own_point_lies(text: str) -> None:
    for reading in read(text):
        if reading.is_sound and isinstance(reading.point, Point):
            assert LOCATOR.place(reading.point) == reading.place
