"""A city pack: what it says is read, and every mistake is named by its place."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from casework.pack import FILES, PackError, read_pack
from casework.pack.writing import write_pack
from casework.rulebook import (
    ApplicationRule,
    Centre,
    Clock,
    Condition,
    DeadlineStart,
    Intake,
    Limit,
    LinkLimit,
    Orders,
    ReasonedAct,
    Register,
    RuleBook,
)
from casework.terms import Application, AreaId, CentreId, Datum, Point, State, point

CITY = """\
city = "Smallville"
code = "small"
default_scheme = "a"

[calendar]
time_zone = "Asia/Shanghai"
periods = [["08:00", "12:00"], ["14:00", "18:00"]]
weekend = [6, 7]
first_year = 2008
last_year = 2008

[passwords]
least = 10
refused = ["Smallville"]

[[schemes]]
id = "a"
version = "1"
name = "A"
basis = "assumed"

[[centres]]
id = "small"
name = "市中心"
name_en = "City centre"

[[centres]]
id = "east"
name = "东中心"
area = "d1"

[[link_limits]]
state = "registered"
value = 0.25
clock = "urgent_hour"

[[reasons]]
act = "decline"
id = "repeated"
text = "重复"
"""
CITY_CENTRE = """\
[[centres]]
id = "small"
name = "市中心"
name_en = "City centre"
"""
CLASSES = """\
scheme,kind,big_code,big_name,big_name_en,code,name,name_en,basis
a,incident,01,市容环境,,0104,道路不洁,Dirty road,report
a,component,01,公用设施,,0118,路灯,,assumed
"""
CONDITIONS = """\
scheme,kind,code,id,text,text_en,general,general_clock,extended,extended_clock,closing,basis
a,incident,0104,1,脏,,2.5,urgent_hour,3,work_day,,report: 2 h
a,incident,0104,2,很脏,,,,,,,assumed
"""
UNITS = """\
id,name,name_en,trade,level,area,basis
lighting,灯光中心,,市政,city,,assumed
street_team@s1,东执法队,,执法,area,s1,assumed
"""
RESPONSIBILITY = """\
kind,code,lead,joint,note,basis
incident,0104,street_team,lighting,,assumed
component,0118,lighting,,,assumed
"""
CALENDAR = """\
date,kind,name,source
2008-02-06,holiday,春节,notice
2008-02-02,make_up,春节,notice
"""
PLACES = """\
name,name_en,aliases,lat,lon,kind,street,basis
东门,East Gate,老东门; 东城门,0.05,0.05,market,,assumed
东大街,,,,,road,s1,assumed
"""
PHRASES = """\
acts,id,text,text_en
report,seen,现场可见,Seen
cancel cancel_any,void,误登记,
"""
GRIDS = """\
id,name,street,cells,basis
g1,东一,s1,440303001001 440303001002001,invented
"""
SQUARE = [[[0, 0], [0.1, 0], [0.1, 0.1], [0, 0.1], [0, 0]]]


def geojson(*features: object) -> str:
    return json.dumps({"type": "FeatureCollection", "features": features})


def feature(geometry: object = None, **properties: object) -> dict[str, object]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def polygon(coordinates: object) -> dict[str, object]:
    return {"type": "Polygon", "coordinates": coordinates}


def district(coordinates: object = SQUARE, **more: object) -> dict[str, object]:
    return feature(polygon(coordinates), **{"id": "d1", "name": "D", "basis": "assumed"} | more)


def street(**more: object) -> dict[str, object]:
    words: dict[str, object] = {"id": "s1", "name": "S", "parent": "d1", "basis": "invented"}
    return feature(polygon(SQUARE), **words | more)


PACK = {
    "city.toml": CITY,
    "classes.csv": CLASSES,
    "conditions.csv": CONDITIONS,
    "units.csv": UNITS,
    "responsibility.csv": RESPONSIBILITY,
    "calendar.csv": CALENDAR,
    "districts.geojson": geojson(district()),
    "streets.geojson": geojson(street()),
    "places.csv": PLACES,
    "phrases.csv": PHRASES,
    "responsibility_grids.csv": GRIDS,
}


def pack(**changed: str) -> dict[str, bytes]:
    """The small pack with some files replaced; `__` stands for the dot in a name."""
    files = PACK | {name.replace("__", "."): text for name, text in changed.items()}
    return {name: text.encode() for name, text in files.items()}


def test_the_city_file_says_how_orders_are_watched_and_proposed() -> None:
    keys = "[orders]\ndeliver_seconds = 30\nmost = 2\nposition_metres = 20\n"
    rules = read_pack(pack(city__toml=CITY + keys))
    assert rules.orders == Orders(deliver_seconds=30, most=2, position_metres=20)
    assert read_pack(write_pack(rules)).orders == rules.orders


def test_the_city_file_says_how_the_register_is_shown() -> None:
    keys = "[register]\nmap_cm_per_pixel = 50\nlabel_cm_per_pixel = 10\nnear_metres = 80\n"
    rules = read_pack(pack(city__toml=CITY + "\n" + keys))
    assert rules.register == Register(map_cm_per_pixel=50, label_cm_per_pixel=10, near_metres=80)
    assert read_pack(write_pack(rules)).register == rules.register


def mistakes(files: dict[str, bytes]) -> list[tuple[str, str, str]]:
    with pytest.raises(PackError) as caught:
        read_pack(files)
    for each in caught.value.mistakes:
        assert each.sentence
        assert each.code in str(each)
    return [(each.file, each.place, each.code) for each in caught.value.mistakes]


def test_a_pack_is_read_whole() -> None:
    rules = read_pack(pack())
    (scheme,) = rules.schemes
    assert [each.code for each in scheme.classes] == ["0104", "0118"]
    assert scheme.classes[0].conditions == (
        Condition(
            id="1",
            text="脏",
            general=Limit(milli=2500, clock=Clock.URGENT_HOUR),
            extended=Limit(milli=3000, clock=Clock.WORK_DAY),
            basis="report: 2 h",
        ),
        Condition(id="2", text="很脏"),
    )
    assert rules.calendar.periods == ((480, 720), (840, 1080))
    assert [str(day) for day in rules.calendar.holidays] == ["2008-02-06"]
    assert [str(day) for day in rules.calendar.make_up_days] == ["2008-02-02"]
    quarter = Limit(milli=250, clock=Clock.URGENT_HOUR)
    assert rules.link_limits == (LinkLimit(state=State.REGISTERED, limit=quarter),)
    assert [area.id for area in rules.areas] == ["d1", "s1"]
    assert rules.centres == (
        Centre(id=CentreId("small"), name="市中心", name_en="City centre"),
        Centre(id=CentreId("east"), name="东中心", area=AreaId("d1")),
    )
    assert (rules.passwords.least, rules.passwords.refused) == (10, ("Smallville",))
    assert rules.centre(CentreId("east")) == rules.centres[1]
    assert rules.centre(CentreId("west")) is None
    assert rules.areas[0].rings[0][1] == Point(0, 1_000_000)
    (beat,) = rules.responsibility_grids
    assert (beat.id, beat.cells) == ("g1", ("440303001001", "440303001002001"))
    assert rules.responsibility_grid("g1") == beat
    assert rules.deadline_start is DeadlineStart.DISPATCHED
    assert [(each.lead, each.joint) for each in rules.responsibilities] == [
        ("street_team", ("lighting",)),
        ("lighting", ()),
    ]


def test_the_gazetteer_is_read_with_its_other_names() -> None:
    gate, road = read_pack(pack()).places
    assert (gate.aliases, gate.point, gate.street) == (
        ("老东门", "东城门"),
        point(0.05, 0.05),
        None,
    )
    assert (road.point, road.street) == (None, "s1")


def test_phrases_are_found_by_their_acts_those_of_the_first_act_first() -> None:
    rules = read_pack(pack())
    assert [each.id for each in rules.phrases_for(["cancel_any", "report"])] == ["void", "seen"]
    assert [each.id for each in rules.phrases_for(["cancel", "cancel_any"])] == ["void"]
    assert rules.phrases_for(["file"]) == ()


def test_the_system_of_typed_figures_is_a_setting() -> None:
    assert read_pack(pack()).intake.typed_datum is Datum.WGS84
    told = pack(city__toml=CITY.replace("[calendar]", '[intake]\ntyped_datum = "bd09"\n[calendar]'))
    assert read_pack(told).intake.typed_datum is Datum.BD09


def test_three_files_are_enough() -> None:
    small = {name: data for name, data in pack().items() if name in FILES[:3]}
    small["units.csv"] = UNITS.replace(
        "street_team@s1,东执法队,,执法,area,s1,assumed\n", ""
    ).encode()
    small["city.toml"] = CITY.replace('area = "d1"\n', "").replace(CITY_CENTRE, "").encode()
    rules = read_pack(small)
    assert not rules.areas
    assert not rules.responsibilities


def test_a_byte_order_mark_and_windows_lines_do_not_matter() -> None:
    files = pack()
    files["units.csv"] = b"\xef\xbb\xbf" + UNITS.replace("\n", "\r\n").encode()
    assert read_pack(files) == read_pack(pack())


def city(old: str, new: str) -> dict[str, bytes]:
    assert old in CITY
    return pack(city__toml=CITY.replace(old, new))


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


def line(file: str, text: str) -> dict[str, bytes]:
    """The small pack with one more line at the end of a table."""
    return pack(**{file.replace(".", "__"): PACK[file] + text + "\n"})


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
        ("conditions.csv", "a,incident,0999,1,x,,,,,,,assumed", "pack.class_unknown"),
        ("conditions.csv", "a,incident,0104,2,x,,,,,,,assumed", "pack.duplicate"),
        ("conditions.csv", "a,incident,0104,3,x,,0,work_hour,,,,assumed", "pack.limit_wrong"),
        ("conditions.csv", "a,incident,0104,3,x,,-1,work_hour,,,,assumed", "pack.limit_wrong"),
        ("conditions.csv", "a,incident,0104,3,x,,inf,work_hour,,,,assumed", "pack.limit_wrong"),
        ("conditions.csv", "a,incident,0104,3,x,,two,work_hour,,,,assumed", "pack.limit_wrong"),
        ("conditions.csv", "a,incident,0104,3,x,,2,sundial,,,,assumed", "pack.choice_wrong"),
        ("conditions.csv", "a,incident,0104,3,x,,2,,,,,assumed", "pack.choice_wrong"),
        ("conditions.csv", "a,incident,0104,3,x,,,work_hour,,,,assumed", "pack.limit_wrong"),
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


def test_rings_turn_as_geojson_asks_however_they_came() -> None:
    hole = [[0.02, 0.02], [0.04, 0.02], [0.04, 0.04], [0.02, 0.02]]
    outer = SQUARE[0]
    right = read_pack(pack(districts__geojson=geojson(district([outer, hole[::-1]]))))
    wrong = read_pack(pack(districts__geojson=geojson(district([outer[::-1], hole]))))
    assert right == wrong
    written = json.loads(write_pack(wrong)["districts.geojson"])
    assert written["features"][0]["geometry"]["coordinates"] == [[outer, hole[::-1]]]


HOSTILE = [
    b"1e999",
    b"-1",
    b"9" * 5000,
    b"null",
    b"[[",
    b"{}",
    b"\x00",
    b'"',
    b"true",
    b"2008-01-01",
    b"-0.0",
]

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=12).map(str.strip)
named = words.filter(bool)


@given(name=named, text=named, note=words, milli=st.integers(1, 100_000_000))
def test_what_is_written_reads_back(name: str, text: str, note: str, milli: int) -> None:
    rules = changed(read_pack(pack()), name, text, note, milli)
    assert read_pack(write_pack(rules)) == rules


def changed(rules: RuleBook, name: str, text: str, note: str, milli: int) -> RuleBook:
    limit = Limit(milli=milli, clock=Clock.NATURAL_DAY)
    (scheme,) = rules.schemes
    first = replace(scheme.classes[0], name=name, name_en=note)
    condition = replace(first.conditions[0], text=text, extended=limit)
    first = replace(first, conditions=(condition,))
    return replace(
        rules,
        city=name,
        notices=(text,),
        schemes=(replace(scheme, name=text, classes=(first, scheme.classes[1])),),
        units=tuple(replace(unit, trade=note) for unit in rules.units),
        centres=tuple(replace(centre, name=name, name_en=note) for centre in rules.centres),
        link_limits=(LinkLimit(state=State.CHECKING, limit=limit),),
        reasons=(replace(rules.reasons[0], text=text, text_en=note),),
        areas=tuple(replace(area, name=name) for area in rules.areas),
        places=(replace(rules.places[0], name=name, name_en=note, point=Point(milli, -milli)),),
        intake=Intake(typed_datum=Datum.GCJ02, draft_days=9, address_days=0),
        phrases=(replace(rules.phrases[0], text=name, text_en=note),),
        responsibility_grids=tuple(replace(grid, name=name) for grid in rules.responsibility_grids),
    )


@given(st.data())
def test_whatever_the_bytes_a_pack_is_read_or_refused(data: st.DataObject) -> None:
    files = pack()
    name = data.draw(st.sampled_from(sorted(files)))
    start = data.draw(st.integers(0, len(files[name])))
    gone = data.draw(st.integers(0, 40))
    put = data.draw(st.one_of(st.binary(max_size=8), st.sampled_from(HOSTILE)))
    files[name] = files[name][:start] + put + files[name][start + gone :]
    try:
        rules = read_pack(files)
    except PackError:
        return
    assert read_pack(write_pack(rules)) == rules


# --- acts of a whole day --------------------------------------------------------------------------

APPLICATIONS = """
clock_rests_while_checked = false

[queues]
claim_minutes = 5
undo_seconds = 0

[[applications]]
kind = "extension"
most = 2
limit = 0.5
clock = "urgent_hour"
before_due = true
percent = 50

[[applications]]
kind = "suspension"
most_days = 30
pauses = true
"""


def with_applications(text: str = APPLICATIONS) -> str:
    """The small city, with what its first lines say besides put before the tables."""
    head, tables = text.split("\n[queues]\n")
    return head + "\n" + CITY + "\n[queues]\n" + tables


def test_a_city_says_how_its_applications_go() -> None:
    rules = read_pack(pack(city__toml=with_applications()))
    half = Limit(milli=500, clock=Clock.URGENT_HOUR)
    assert rules.applications == (
        ApplicationRule(
            kind=Application.EXTENSION, most=2, limit=half, before_due=True, percent=50
        ),
        ApplicationRule(kind=Application.SUSPENSION, most_days=30, pauses=True),
    )
    assert (rules.queues.claim_minutes, rules.queues.undo_seconds) == (5, 0)
    assert not rules.clock_rests_while_checked
    assert read_pack(write_pack(rules)) == rules


def test_a_city_that_says_nothing_of_applications_knows_none() -> None:
    rules = read_pack(pack())
    assert rules.applications == ()
    assert (rules.queues.claim_minutes, rules.queues.undo_seconds) == (15, 60)
    assert rules.clock_rests_while_checked


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ("limit = 0.5\n", "", ("city.toml", "applications[0].limit", "pack.limit_wrong")),
        (
            'clock = "urgent_hour"\nbefore',
            "before",
            ("city.toml", "applications[0].limit", "pack.limit_wrong"),
        ),
        ("limit = 0.5", "limit = -1", ("city.toml", "applications[0].limit", "pack.limit_wrong")),
        ('"suspension"', '"extension"', ("city.toml", "applications[1]", "pack.duplicate")),
    ],
)
def test_a_wrong_application_is_named_by_its_place(
    before: str, after: str, found: tuple[str, str, str]
) -> None:
    text = with_applications(APPLICATIONS.replace(before, after))
    assert found in mistakes(pack(city__toml=text))


def with_parent(parent: str) -> str:
    lines = UNITS.splitlines()
    cells = ("parent", "", parent)
    rows = (line.rsplit(",", 1) for line in lines)
    return "\n".join(f"{row},{cell},{last}" for (row, last), cell in zip(rows, cells, strict=True))


def test_a_unit_may_stand_below_another() -> None:
    rules = read_pack(pack(units__csv=with_parent("lighting")))
    assert [unit.parent for unit in rules.units] == [None, "lighting"]
    assert read_pack(write_pack(rules)).units == rules.units


def test_a_list_of_units_from_before_has_no_parents() -> None:
    assert {unit.parent for unit in read_pack(pack()).units} == {None}


@pytest.mark.parametrize("parent", ["nobody", "street_team@s1"])
def test_a_unit_stands_below_another_that_the_list_knows(parent: str) -> None:
    found = mistakes(pack(units__csv=with_parent(parent)))
    assert found == [("units.csv", "line 3", "pack.unit_parent")]


@pytest.mark.parametrize("act", ReasonedAct)
def test_every_act_that_needs_a_reason_may_list_its_reasons(act: ReasonedAct) -> None:
    more = f'\n[[reasons]]\nact = "{act}"\nid = "because"\ntext = "因为"\n'
    rules = read_pack(pack(city__toml=CITY + more))
    assert "because" in rules.reasons_for(act)
    assert read_pack(write_pack(rules)).reasons == rules.reasons
