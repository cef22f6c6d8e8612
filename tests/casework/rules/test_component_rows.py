"""A site's list of components: its own columns, words and coordinates, each bad row by its code."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.pack.files import PackError
from casework.pack.records import BadRow
from casework.rules.component_rows import (
    ComponentMapping,
    ComponentRow,
    local_fit_rms,
    read_component_mapping,
    read_components,
)
from casework.rules.datum import from_wgs84
from casework.rules.projection import to_plane
from casework.terms import ComponentState, Datum, GridCode, UnitId, point

LAT, LON = 22.5431, 114.0579
ID = "4403030103000001"
UNITS = {"市水务集团": UnitId("water_group")}
FULL = """
[columns]
owner = "owner"
maintainer = "maintainer"
state = "state"
grid = "grid"
name = "name"
note = "note"
[states]
"ok" = "intact"
"""


def mapping(text: str = FULL) -> ComponentMapping:
    return read_component_mapping(text.encode(), "list.toml")


def read(*lines: str, of: ComponentMapping | None = None) -> list[ComponentRow | BadRow]:
    header = "id,lat,lon,name,owner,maintainer,grid,state,note"
    return list(read_components([f"{line}\n" for line in (header, *lines)], of or mapping(), UNITS))


def codes(*lines: str) -> list[tuple[int, str]]:
    return [(row.line, row.code) for row in read(*lines) if isinstance(row, BadRow)]


def test_a_row_is_an_entry_and_a_unit_s_name_is_the_unit() -> None:
    line = f"{ID},{LAT},{LON},井盖,市水务集团,某物业,440303001001002,破损,路口"
    assert read(line) == [
        ComponentRow(
            line=2,
            id=ID,
            point=point(LAT, LON),
            name="井盖",
            owner="water_group",
            maintainer="某物业",
            grid=GridCode("440303001001002"),
            state=ComponentState.DAMAGED,
            basis="records",
            note="路口",
        )
    ]


def test_a_column_that_the_mapping_leaves_out_says_nothing() -> None:
    (row,) = read(f"{ID},{LAT},{LON},井盖,x,y,1,破损,n", of=mapping("basis = 'assumed: a survey'"))
    assert row == ComponentRow(line=2, id=ID, point=point(LAT, LON), basis="assumed: a survey")


def test_an_empty_cell_of_a_named_column_takes_an_owner_away_but_no_state() -> None:
    (row,) = read(f"{ID},{LAT},{LON},,,,,,")
    assert isinstance(row, ComponentRow)
    assert (row.owner, row.note, row.name, row.state, row.grid) == ("", "", None, None, None)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (f",{LAT},{LON},,,,,,", "record.cell_empty"),
        (f"{ID},{LAT},{LON},,,,", "record.cells_wrong"),
        (f'{ID},"{LAT},{LON},,,,,,', "record.cells_wrong"),
        (f"{ID},north,{LON},,,,,,", "record.position_wrong"),
        (f"{ID},nan,{LON},,,,,,", "record.position_wrong"),
        (f"{ID},inf,{LON},,,,,,", "record.position_wrong"),
        (f"{ID},95,195,,,,,,", "record.position_wrong"),
        (f"{ID},{LON},{LAT},,,,,,", "place.swapped"),
        (f"{ID},{LAT},{LON},,,,,gone fishing,", "record.state_unknown"),
    ],
)
def test_a_row_that_cannot_be_used_is_refused_by_line_and_code(line: str, code: str) -> None:
    assert codes(line) == [(2, code)]


def test_the_second_row_of_an_id_is_refused() -> None:
    line = f"{ID},{LAT},{LON},,,,,,"
    assert codes(line, line) == [(3, "record.duplicate")]


def test_words_of_the_standard_and_of_the_site_are_states() -> None:
    rows = read(
        *(f"{n},{LAT},{LON},,,,,{word}," for n, word in enumerate(("ok", "廢棄", "removed")))
    )
    assert [row.state for row in rows if isinstance(row, ComponentRow)] == [
        ComponentState.INTACT,
        ComponentState.ABANDONED,
        ComponentState.REMOVED,
    ]


def test_a_list_without_the_named_columns_is_refused_whole() -> None:
    with pytest.raises(PackError) as wrong:
        list(read_components(["id,lat,lat\n"], mapping("[columns]\nowner = '权属'"), {}))
    assert {each.code for each in wrong.value.mistakes} == {
        "record.column_missing",
        "record.column_twice",
    }


@pytest.mark.parametrize("datum", list(Datum))
@given(lat=st.floats(22.4, 22.8), lon=st.floats(113.8, 114.6))
def test_any_datum_is_brought_to_wgs84(datum: Datum, lat: float, lon: float) -> None:
    given_lat, given_lon = from_wgs84(lat, lon, datum)
    (row,) = read(f"{ID},{given_lat!r},{given_lon!r},,,,,,", of=mapping(f"coordinates = '{datum}'"))
    assert isinstance(row, ComponentRow)
    expected = point(lat, lon)
    assert abs(row.point.lat - expected.lat) <= 2
    assert abs(row.point.lon - expected.lon) <= 2


def test_plane_metres_are_easting_in_lon_and_northing_in_lat() -> None:
    east, north = to_plane(LAT, LON, 114)
    (row,) = read(f"{ID},{north:.4f},{east:.4f},,,,,,", of=mapping("coordinates = 'plane'"))
    assert isinstance(row, ComponentRow)
    assert row.point == point(LAT, LON)


def local(*places: tuple[float, float]) -> str:
    """A city's own grid: the plane, shifted by a round number."""
    points = ""
    for lat, lon in places:
        east, north = to_plane(lat, lon, 114)
        points += "[[control_points]]\n"
        points += (
            f"east = {east - 400_000}\nnorth = {north - 2_400_000}\nlat = {lat}\nlon = {lon}\n"
        )
    return f"coordinates = 'local'\n{points}"


def test_a_city_s_own_grid_is_fitted_to_its_control_points() -> None:
    of = mapping(local((22.5, 113.9), (22.7, 114.2), (22.6, 114.0)))
    east, north = to_plane(LAT, LON, 114)
    (row,) = read(f"{ID},{north - 2_400_000:.4f},{east - 400_000:.4f},,,,,,", of=of)
    assert isinstance(row, ComponentRow)
    assert abs(row.point.lat - point(LAT, LON).lat) <= 2
    rms = local_fit_rms(of)
    assert rms is not None
    assert rms < 0.001


def test_one_control_point_fixes_nothing() -> None:
    with pytest.raises(PackError) as wrong:
        mapping(local((22.5, 113.9)))
    assert [each.code for each in wrong.value.mistakes] == ["geo.unusable_control_points"]


@given(st.lists(st.text(max_size=12), max_size=10))
def test_no_text_makes_the_reader_fail(cells: list[Any]) -> None:
    for row in read(",".join(cells)):
        assert isinstance(row, ComponentRow | BadRow)
