"""Landmarks that a typed text may mean, and their order."""

from hypothesis import given
from hypothesis import strategies as st

from casework.rules.gazetteer import MOST, district_of, find_places
from casework.terms import AreaId, point
from casework.territory import Landmark, LandmarkKind
from tests.casework.rules.place_kit import LEFT, LOCATOR, RIGHT, RIGHT_STREET


def landmark(name: str, *aliases: str, lon: float = 114.04, name_en: str = "") -> Landmark:
    return Landmark(
        name=name,
        name_en=name_en,
        aliases=aliases,
        point=point(22.55, lon),
        kind=LandmarkKind.PARK,
    )


MARKET = landmark("东门步行街", "东门老街", name_en="Dongmen Street")
GATE = landmark("东门", lon=114.12)
OTHER = landmark("老东门市场", lon=114.12)
ROAD = Landmark(name="东大街", kind=LandmarkKind.ROAD, street=RIGHT_STREET)
PLACES = (OTHER, MARKET, ROAD, GATE)


def find(text: str, district: AreaId | None = None) -> list[str]:
    return [each.name for each in find_places(text, PLACES, LOCATOR, district)]


def test_a_whole_name_comes_before_a_beginning_and_a_beginning_before_a_part() -> None:
    assert find("东门") == ["东门", "东门步行街", "老东门市场"]


def test_other_names_and_english_are_found_whatever_the_case() -> None:
    assert find("东门老街") == ["东门步行街", "东门"]
    assert find("DONGMEN") == ["东门步行街"]


def test_a_name_within_a_longer_address_is_found() -> None:
    assert "东大街" in find("东大街 12 号对面")


def test_among_equals_the_callers_own_district_comes_first() -> None:
    one, other = landmark("公园一", lon=114.04), landmark("公园二", lon=114.12)
    places = (one, other)
    assert find_places("公园", places, LOCATOR, LEFT) == (one, other)
    assert find_places("公园", places, LOCATOR, RIGHT) == (other, one)


def test_a_place_without_a_point_lies_in_the_district_of_its_street() -> None:
    assert district_of(ROAD, LOCATOR) == RIGHT


def test_nothing_typed_finds_nothing() -> None:
    assert find("  ") == []


@given(st.text(max_size=20))
def test_never_more_than_the_list_holds_and_none_twice(text: str) -> None:
    many = [landmark(f"东{n}") for n in range(40)]
    found = find_places(text, many, LOCATOR)
    assert len(found) <= MOST
    assert len({each.name for each in found}) == len(found)
