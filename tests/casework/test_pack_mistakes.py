"""Every mistake of a pack is named by file, place and code."""

import pytest

from tests.casework.pack_kit import (
    CITY,
    CLASSES,
    PACK,
    UNITS,
    city,
    district,
    feature,
    geojson,
    line,
    mistakes,
    pack,
    street,
)


@pytest.mark.parametrize(
    ("files", "place", "code"),
    [
        (city('city = "Smallville"\n', ""), "city", "pack.key_missing"),
        (city('"Smallville"', '""'), "city", "pack.value_wrong"),
        (city('"Smallville"', "1"), "city", "pack.value_wrong"),
        (city('"Smallville"', '"x'), "line 1", "pack.syntax"),
        (city("[calendar]", "colour = 1\n[calendar]"), "colour", "pack.key_unknown"),
        (city("[calendar]", "[calendar]\nmoon = 1"), "calendar.moon", "pack.key_unknown"),
        (city("weekend = [6, 7]", "weekend = [0]"), "calendar.weekend[0]", "pack.value_wrong"),
        (
            city("weekend = [6, 7]", "weekend = [1, 2, 3, 4, 5, 6, 7]"),
            "calendar.weekend",
            "pack.weekend_wrong",
        ),
        (city("Asia/Shanghai", "Asia/Atlantis"), "calendar.time_zone", "pack.time_zone_unknown"),
        (city("Asia/Shanghai", "../etc"), "calendar.time_zone", "pack.time_zone_unknown"),
        (city('"14:00"', '"11:00"'), "calendar.periods", "pack.periods_wrong"),
        (city('"14:00"', '"2 pm"'), "calendar.periods[1][0]", "pack.value_wrong"),
        (city("first_year = 2008", "first_year = 2009"), "calendar.first_year", "pack.years_wrong"),
        (
            city('state = "registered"', 'state = "lost"'),
            "link_limits[0].state",
            "pack.value_wrong",
        ),
        (
            city('state = "registered"', 'state = "closed"'),
            "link_limits[0].state",
            "pack.state_ended",
        ),
        (city("value = 0.25", "value = 0"), "link_limits[0].value", "pack.limit_wrong"),
        (city("value = 0.25", "value = 0.0001"), "link_limits[0].value", "pack.limit_wrong"),
        (city("value = 0.25", "value = nan"), "link_limits[0].value", "pack.limit_wrong"),
        (
            city("value = 0.25", 'value = 0.25\narea_kind = "countryside"'),
            "link_limits[0].area_kind",
            "pack.area_kind_unknown",
        ),
        (
            city("value = 0.25", 'value = 0.25\nurgency = "soon"'),
            "link_limits[0].urgency",
            "pack.value_wrong",
        ),
        (
            city(
                "[[reasons]]",
                '[[link_limits]]\nstate = "registered"\nvalue = 1\nclock = "work_day"\n[[reasons]]',
            ),
            "link_limits[1]",
            "pack.duplicate",
        ),
        (
            city('default_scheme = "a"', 'default_scheme = "b"'),
            "default_scheme",
            "pack.scheme_unknown",
        ),
        (city('basis = "assumed"', 'basis = "hearsay"'), "schemes[0].basis", "pack.basis_wrong"),
        (city("least = 10", "least = 7"), "passwords.least", "pack.value_wrong"),
        (city('id = "east"', 'id = "small"'), "centres[1]", "pack.duplicate"),
        (city('area = "d1"', 'area = "d9"'), "centres[1].area", "pack.area_unknown"),
        (city('area = "d1"', ""), "centres[1].area", "pack.duplicate"),
        (
            city(
                "[[reasons]]",
                '[[reasons]]\nact = "decline"\nid = "repeated"\ntext = "x"\n[[reasons]]',
            ),
            "reasons[1]",
            "pack.duplicate",
        ),
    ],
)
def test_a_mistake_of_the_city_file_is_named_by_key_path(
    files: dict[str, bytes], place: str, code: str
) -> None:
    assert ("city.toml", place, code) in mistakes(files)


@pytest.mark.parametrize(
    ("file", "text", "code"),
    [
        ("classes.csv", "a,incident,01,市容环境,,0105", "pack.cells_wrong"),
        ("classes.csv", "a,incident,01,市容环境,,0104,again,,assumed", "pack.duplicate"),
        ("classes.csv", "a,incident,01,市容环境,,0105,,,assumed", "pack.cell_empty"),
        ("classes.csv", "a,incident,01,市容环境,,一,x,,assumed", "pack.code_wrong"),
        ("classes.csv", "a,accident,01,市容环境,,0105,x,,assumed", "pack.choice_wrong"),
        ("classes.csv", "b,incident,01,市容环境,,0105,x,,assumed", "pack.scheme_unknown"),
        ("classes.csv", "a,incident,01,市容环境,,0105,x,,sure", "pack.basis_wrong"),
        ("classes.csv", 'a,incident,"01', "pack.syntax"),
        ("conditions.csv", "a,incident,0999,1,x,,,,,,,,assumed", "pack.class_unknown"),
        ("conditions.csv", "a,incident,0104,2,x,,,,,,,,assumed", "pack.duplicate"),
        ("conditions.csv", "a,incident,0104,3,x,,0,work_hour,,,,,assumed", "pack.limit_wrong"),
        ("conditions.csv", "a,incident,0104,3,x,,-1,work_hour,,,,,assumed", "pack.limit_wrong"),
        ("conditions.csv", "a,incident,0104,3,x,,inf,work_hour,,,,,assumed", "pack.limit_wrong"),
        ("conditions.csv", "a,incident,0104,3,x,,two,work_hour,,,,,assumed", "pack.limit_wrong"),
        ("conditions.csv", "a,incident,0104,3,x,,2,sundial,,,,,assumed", "pack.choice_wrong"),
        ("conditions.csv", "a,incident,0104,3,x,,2,,,,,,assumed", "pack.choice_wrong"),
        ("conditions.csv", "a,incident,0104,3,x,,,work_hour,,,,,assumed", "pack.limit_wrong"),
        ("units.csv", "lighting,again,,,city,,assumed", "pack.duplicate"),
        ("units.csv", "Lighting!,x,,,city,,assumed", "pack.code_wrong"),
        ("units.csv", "street_team@s2,x,,,area,s2,assumed", "pack.area_unknown"),
        ("units.csv", "police@s1,x,,,city,,assumed", "pack.unit_area"),
        ("units.csv", "police,x,,,area,s1,assumed", "pack.unit_area"),
        ("units.csv", "police,x,,,county,,assumed", "pack.choice_wrong"),
        ("responsibility.csv", "incident,0999,lighting,,,assumed", "pack.class_unknown"),
        ("responsibility.csv", "incident,0118,nobody,,,assumed", "pack.unit_unknown"),
        ("responsibility.csv", "incident,0118,,nobody,,assumed", "pack.unit_unknown"),
        ("responsibility.csv", "incident,0104,lighting,,,assumed", "pack.duplicate"),
        ("responsibility_grids.csv", "g1,x,s1,440303001003,assumed", "pack.duplicate"),
        ("responsibility_grids.csv", "g2,x,s1,440303001001,assumed", "pack.duplicate"),
        ("responsibility_grids.csv", "g2,x,s1,4403030010,assumed", "pack.cell_wrong"),
        ("responsibility_grids.csv", "g2,x,s1,,assumed", "pack.cell_empty"),
        ("responsibility_grids.csv", "g2,,s1,440303001003,assumed", "pack.cell_empty"),
        ("responsibility_grids.csv", "g2,x,s2,440303001003,assumed", "pack.area_unknown"),
        ("responsibility_grids.csv", "g2,x,d1,440303001003,assumed", "pack.area_unknown"),
        ("responsibility_grids.csv", "g2,x,s1,440303001003,sure", "pack.basis_wrong"),
        ("calendar.csv", "2008-02-30,holiday,,", "pack.date_wrong"),
        ("calendar.csv", "2009-01-01,holiday,,", "pack.date_outside"),
        ("calendar.csv", "2008-02-02,holiday,,", "pack.duplicate"),
        ("calendar.csv", "2008-05-01,feast,,", "pack.choice_wrong"),
        ("places.csv", "东门,,,0,0.1,market,,assumed", "pack.duplicate"),
        ("places.csv", "西门,,,,,market,,assumed", "pack.place_nowhere"),
        ("places.csv", "西门,,,91,0,market,,assumed", "pack.position_wrong"),
        ("places.csv", "西门,,,nan,0,market,,assumed", "pack.position_wrong"),
        ("places.csv", "西门,,,0.1,,market,,assumed", "pack.position_wrong"),
        ("places.csv", "西门,,,,,market,d1,assumed", "pack.area_unknown"),
        ("places.csv", "西门,,,0,0,moon,,assumed", "pack.choice_wrong"),
        ("phrases.csv", "file,seen,再,", "pack.duplicate"),
        ("phrases.csv", ",b,再,", "pack.cell_empty"),
        ("phrases.csv", "File!,b,再,", "pack.code_wrong"),
        ("phrases.csv", "file,b,,", "pack.cell_empty"),
    ],
)
def test_a_mistake_of_a_table_is_named_by_line(file: str, text: str, code: str) -> None:
    place = f"line {PACK[file].count(chr(10)) + 1}"
    assert (file, place, code) in mistakes(line(file, text))


def test_a_beat_stays_within_its_street() -> None:
    one = geojson(street(), street(id="440303001"))
    files = line("responsibility_grids.csv", "g2,x,440303001,440303002001,assumed")
    files["streets.geojson"] = one.encode()
    assert ("responsibility_grids.csv", "line 3", "pack.cell_outside") in mistakes(files)


def test_a_line_is_counted_where_it_begins() -> None:
    text = CLASSES.replace("路灯", '"路\n\n灯"') + "a,incident,01,市容环境,,0105,,,assumed\n"
    assert mistakes(pack(classes__csv=text)) == [("classes.csv", "line 6", "pack.cell_empty")]


@pytest.mark.parametrize(
    ("header", "codes"),
    [
        ("kind,code,lead,joint,note", {"pack.column_missing"}),
        ("kind,code,lead,joint,note,basis,colour", {"pack.column_unknown"}),
        ("kind,code,lead,joint,note,basis,note", {"pack.column_twice"}),
        ("kind,code,lead,joint,notes,basis", {"pack.column_missing", "pack.column_unknown"}),
        ("", {"pack.column_missing"}),
    ],
)
def test_the_columns_of_a_table_are_exactly_its_own(header: str, codes: set[str]) -> None:
    found = mistakes(pack(responsibility__csv=header))
    assert {code for _, _, code in found} == codes
    assert {(file, place) for file, place, _ in found} == {("responsibility.csv", "line 1")}


@pytest.mark.parametrize(
    ("each", "code"),
    [
        (district([[[0, 0], [0.1, 0], [0, 0]]]), "pack.ring_short"),
        (district([[[0, 0], [0.1, 0], [0.1, 0.1], [0, 0.1]]]), "pack.ring_open"),
        (district([[[0, 0], [0.1, 0], [0.2, 0], [0, 0]]]), "pack.ring_flat"),
        (district([[[22, 114], [23, 114], [23, 115], [22, 114]]]), "pack.position_wrong"),
        (district([[[0, 0], "x", [0.1, 0.1], [0, 0]]]), "pack.position_wrong"),
        (district(7), "pack.geometry_wrong"),
        (feature({"type": "Point"}, id="d2", name="D", basis="assumed"), "pack.geometry_kind"),
        (feature("x", id="d2", name="D", basis="assumed"), "pack.geometry_kind"),
        (district(colour="red"), "pack.key_unknown"),
        (district(name=""), "pack.key_missing"),
        (district(name=4), "pack.value_wrong"),
        (district(invented="yes"), "pack.value_wrong"),
        (district(basis="hearsay"), "pack.basis_wrong"),
        (district(id="D 1"), "pack.code_wrong"),
        (district(), "pack.duplicate"),
        ({"type": "Feature"}, "pack.not_geojson"),
        (7, "pack.not_geojson"),
        (district(id="d2", kind="sea"), "pack.value_wrong"),
    ],
)
def test_a_mistake_of_an_outline_is_named_by_feature(each: object, code: str) -> None:
    files = pack(districts__geojson=geojson(district(), each))
    assert ("districts.geojson", "feature 2", code) in mistakes(files)


def test_a_street_lies_in_a_district_that_there_is() -> None:
    files = pack(streets__geojson=geojson(street(), street(id="s2", parent="d9")))
    assert ("streets.geojson", "feature 2", "pack.area_unknown") in mistakes(files)


@pytest.mark.parametrize(
    ("text", "place", "code"),
    [
        ('{"type":\n "x",}', "line 2", "pack.syntax"),
        ("[NaN]", "", "pack.syntax"),
        ("[" * 100_000, "", "pack.syntax"),
        ("[]", "", "pack.not_geojson"),
        ('{"features": 1}', "", "pack.not_geojson"),
    ],
)
def test_a_file_that_is_no_geojson_is_named(text: str, place: str, code: str) -> None:
    assert ("streets.geojson", place, code) in mistakes(pack(streets__geojson=text))


def test_a_team_that_answers_stands_in_every_street() -> None:
    two = pack(streets__geojson=geojson(street(), street(id="s2")))
    assert mistakes(two) == [("responsibility.csv", "line 2", "pack.team_missing")]


def test_missing_and_unknown_files_are_named() -> None:
    files = pack() | {"notes.txt": b""}
    del files["units.csv"], files["responsibility.csv"]
    assert mistakes(files) == [
        ("units.csv", "", "pack.file_missing"),
        ("notes.txt", "", "pack.file_unknown"),
    ]


def test_a_file_that_is_not_utf8_is_named_by_line() -> None:
    files = pack() | {
        "calendar.csv": "date,kind,name,source\n2008-02-06,holiday,春节,\n".encode("gbk")
    }
    assert mistakes(files) == [("calendar.csv", "line 2", "pack.not_utf8")]


def test_a_file_beyond_all_measure_is_not_read() -> None:
    files = pack() | {"streets.geojson": b" " * (16 * 1024 * 1024 + 1)}
    assert ("streets.geojson", "", "pack.file_too_large") in mistakes(files)


def test_all_mistakes_are_told_at_once() -> None:
    files = pack(
        city__toml=CITY.replace("value = 0.25", 'value = "x"') + "colour = 1\n",
        units__csv=UNITS + "a b,,,,city,,assumed\n",
        districts__geojson=geojson(district(name=""), district([[]])),
    )
    assert set(mistakes(files)) >= {
        ("city.toml", "link_limits[0].value", "pack.value_wrong"),
        ("city.toml", "reasons[0].colour", "pack.key_unknown"),
        ("units.csv", "line 4", "pack.code_wrong"),
        ("units.csv", "line 4", "pack.cell_empty"),
        ("districts.geojson", "feature 1", "pack.key_missing"),
        ("districts.geojson", "feature 2", "pack.ring_short"),
    }
