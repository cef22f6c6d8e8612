"""Somebody's records: a mapping is checked, rows are read or refused, a pack follows from them."""

import gzip
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from time import process_time

import pytest

from casework.pack import read_pack
from casework.pack.building import build_pack
from casework.pack.files import PackError
from casework.pack.mapping import Mapping, read_mapping
from casework.pack.records import BadRow, Record, parse_record, read_records
from casework.pack.writing import write_pack
from casework.rulebook import RuleBook
from casework.scheme import Clock, Limit, WorkCalendar
from casework.terms import Source, point

ROOT = Path(__file__).parents[2]
MAPPINGS = ROOT / "resources/mappings"
BOSTON = ROOT.parent / "shared/data/requests/boston311_2015_jan_sep.csv.gz"

MAPPING = """\
city = "Boston"
code = "boston"
time_zone = "America/New_York"
central_meridian = -72
time_formats = ["iso", "%m/%d/%Y %H:%M"]
placeholder_points = [[42.3594, -71.0587]]
fewest_targets = 2

[columns]
id = "id"
opened = "opened"
target = "target"
closed = "closed"
small_class = "class"
big_class = "group"
unit = "unit"
department = "department"
district = "district"
text = "text"
lat = "lat"
lon = "lon"
source = "source"

[sources]
"Call" = "phone"
"""
HEADER = "id,opened,target,closed,class,group,unit,department,district,text,lat,lon,source"
ROW = {
    "id": "7",
    "opened": "2015-01-01 00:20:09",
    "target": "",
    "closed": "",
    "class": "Pothole",
    "group": "Roads",
    "unit": "Crew 1",
    "department": "Works",
    "district": "Back Bay",
    "text": " a <b>hole</b> ",
    "lat": "42.35",
    "lon": "-71.06",
    "source": "Call",
}
CALENDAR = WorkCalendar(time_zone="America/New_York", first_year=2015, last_year=2015)


def mapping(old: str = "", new: str = "") -> Mapping:
    return read_mapping(MAPPING.replace(old, new).encode())


def read(**cells: str) -> Record | BadRow:
    return parse_record(mapping(), ROW | cells, 2)


def kept(**cells: str) -> Record:
    record = read(**cells)
    assert isinstance(record, Record)
    return record


@pytest.mark.parametrize(
    ("old", "new", "place", "code"),
    [
        ('city = "Boston"\n', "", "city", "pack.key_missing"),
        ('code = "boston"', 'code = "BOS TON"', "code", "pack.value_wrong"),
        ('id = "id"\n', "", "columns.id", "pack.key_missing"),
        ('id = "id"', 'id = "id"\ncolour = "x"', "columns.colour", "pack.key_unknown"),
        ('lon = "lon"\n', "", "columns.lat", "mapping.half_position"),
        ('"phone"', '"pigeon"', "sources.Call", "pack.value_wrong"),
        ('"iso"', '"yesterday"', "time_formats[0]", "mapping.time_format"),
        ("New_York", "Gotham", "time_zone", "pack.time_zone_unknown"),
        ("[columns]", "[columns", "line 9", "pack.syntax"),
        ("fewest_targets = 2", "fewest_targets = 0", "fewest_targets", "pack.value_wrong"),
    ],
)
def test_a_mistake_of_a_mapping_is_named_by_key_path(
    old: str, new: str, place: str, code: str
) -> None:
    assert old in MAPPING
    with pytest.raises(PackError) as caught:
        mapping(old, new)
    found = [(each.file, each.place, each.code) for each in caught.value.mistakes]
    assert ("mapping.toml", place, code) in found


@pytest.mark.parametrize("path", sorted(MAPPINGS.glob("*.toml")), ids=lambda path: path.stem)
def test_the_shipped_mappings_are_sound(path: Path) -> None:
    assert read_mapping(path.read_bytes(), path.name).columns.small_class


def test_a_row_becomes_a_record_in_utc() -> None:
    assert kept(target="01/02/2015 08:30", closed="2015-01-01T06:00:00Z") == Record(
        line=2,
        id="7",
        opened=datetime(2015, 1, 1, 5, 20, 9, tzinfo=UTC),
        target=datetime(2015, 1, 2, 13, 30, tzinfo=UTC),
        closed=datetime(2015, 1, 1, 6, tzinfo=UTC),
        small_class="Pothole",
        big_class="Roads",
        unit="Crew 1",
        department="Works",
        district="Back Bay",
        text="a <b>hole</b>",
        point=point(42.35, -71.06),
        source=Source.PHONE,
    )


def test_a_time_that_comes_twice_is_the_first_and_marked() -> None:
    record = kept(opened="2015-11-01 01:30:00")
    assert record.opened == datetime(2015, 11, 1, 5, 30, tzinfo=UTC)
    assert record.marks == ("opened_fold",)


def test_a_time_that_never_was_is_shifted_and_marked() -> None:
    record = kept(target="2015-03-08 02:30:00")
    assert record.target == datetime(2015, 3, 8, 7, 30, tzinfo=UTC)
    assert record.marks == ("target_gap",)


def test_a_record_that_closed_before_it_opened_keeps_the_claimed_time() -> None:
    record = kept(closed="2015-01-01 00:20:00")
    assert record.closed == datetime(2015, 1, 1, 5, 20, tzinfo=UTC)
    assert record.marks == ("closed_before_opened",)


@pytest.mark.parametrize(("lat", "lon"), [("42.3594", "-71.0587"), ("", "")])
def test_a_placeholder_is_no_place(lat: str, lon: str) -> None:
    assert kept(lat=lat, lon=lon).point is None


def test_a_channel_that_is_not_named_is_other() -> None:
    assert kept(source="Telepathy").source is Source.OTHER


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"id": " "}, "record.cell_empty"),
        ({"class": ""}, "record.cell_empty"),
        ({"opened": ""}, "record.cell_empty"),
        ({"opened": "yesterday"}, "record.time_wrong"),
        ({"closed": "2015-02-30 00:00:00"}, "record.time_wrong"),
        ({"target": "0001-01-01T00:00:00+14:00"}, "record.time_wrong"),
        ({"lat": "north"}, "record.position_wrong"),
        ({"lat": "nan"}, "record.position_wrong"),
        ({"lat": "-71.06", "lon": "423.5"}, "record.position_wrong"),
        ({"lon": ""}, "record.position_wrong"),
    ],
)
def test_a_bad_row_is_refused_with_its_line_and_reason(cells: dict[str, str], code: str) -> None:
    refused = parse_record(mapping(), ROW | cells, 41)
    assert isinstance(refused, BadRow)
    assert (refused.line, refused.code) == (41, code)
    assert refused.sentence


def test_each_row_is_a_record_or_a_refusal() -> None:
    good = ",".join(ROW.values())
    lines = [
        HEADER,
        good,
        "",
        good.replace("7,", '8,"', 1).replace("00:20:09", '00:20:09"').replace("Works", '"Wo\nrks"'),
        good,
        "9,too,short",
        '10,"open quote',
    ]
    found = list(read_records("\n".join(lines).splitlines(keepends=True), mapping()))
    seen = [(each.line, each.id if isinstance(each, Record) else each.code) for each in found]
    assert seen == [
        (2, "7"),
        (4, "8"),
        (6, "record.duplicate"),
        (7, "record.cells_wrong"),
        (8, "record.syntax"),
    ]


def test_records_without_the_named_columns_are_not_begun() -> None:
    with pytest.raises(PackError) as caught:
        list(read_records(["id,opened,id\n"], mapping()))
    codes = Counter(each.code for each in caught.value.mistakes)
    assert codes == {"record.column_missing": 11, "record.column_twice": 1}


def row(number: int, **cells: str) -> Record:
    return kept(id=str(number), **cells)


def built() -> tuple[RuleBook, tuple[str, ...]]:
    records = [
        row(1, target="2015-01-01 04:20:09"),
        row(2, target="2015-01-01 06:20:09", unit="Crew 2"),
        row(3, target="2015-01-01 05:20:09", unit="Crew 2", district="Roxbury"),
        row(4, **{"class": "pothole!"}, target="2015-01-01 05:20:09", lat="", lon=""),
        row(5, **{"class": "路灯"}, group="", unit="", district="", department=""),
    ]
    return build_pack(records, mapping(), CALENDAR)


def test_classes_units_and_districts_are_those_of_the_records() -> None:
    rules, _ = built()
    (scheme,) = rules.schemes
    assert [(each.code, each.name, each.big_name) for each in scheme.classes] == [
        ("pothole", "Pothole", "Roads"),
        ("pothole_2", "pothole!", "Roads"),
        ("n_2", "路灯", "路灯"),
    ]
    assert [(each.id, each.trade) for each in rules.units] == [
        ("crew_1", "Works"),
        ("crew_2", "Works"),
    ]
    assert [(area.id, area.rings) for area in rules.areas] == [("back_bay", ()), ("roxbury", ())]
    assert rules.placeholder_points == (point(42.3594, -71.0587),)
    assert rules.calendar == CALENDAR


def test_a_limit_is_the_median_of_enough_targets_and_marked() -> None:
    rules, _ = built()
    pothole, rare, lamp = rules.schemes[0].classes
    assert pothole.conditions[0].general == Limit(milli=5000, clock=Clock.URGENT_HOUR)
    assert pothole.conditions[0].basis == "implied: median of 3 targets"
    assert rare.conditions == lamp.conditions == ()


def test_the_unit_with_most_records_of_a_class_answers_for_it() -> None:
    rules, _ = built()
    assert [(each.code, each.lead, each.basis) for each in rules.responsibilities] == [
        ("pothole", "crew_2", "implied: 2 of 3 records"),
        ("pothole_2", "crew_1", "implied: 1 of 1 records"),
    ]


def test_the_language_tells_whether_names_are_english() -> None:
    german, _ = build_pack([row(1)], mapping("[columns]", 'language = "de"\n[columns]'), CALENDAR)
    english, _ = build_pack([row(1)], mapping(), CALENDAR)
    assert german.units[0].name_en == ""
    assert english.units[0].name_en == "Crew 1"


def test_what_was_assumed_is_told_and_kept() -> None:
    rules, report = built()
    assert rules.notices == report
    assert report[0].startswith("Made from 5 records")
    assert "1 records have no position." in report


def test_a_built_pack_reads_back() -> None:
    rules, _ = built()
    assert read_pack(write_pack(rules)) == rules


@pytest.fixture(scope="module")
def boston() -> tuple[list[Record | BadRow], float]:
    if not BOSTON.exists():
        pytest.skip("the records beside the checkout are absent")
    names = read_mapping((MAPPINGS / "boston311.toml").read_bytes())
    begun = process_time()
    with gzip.open(BOSTON, "rt", encoding="utf-8", newline="") as lines:
        found = list(read_records(lines, names))
    return found, process_time() - begun


def test_every_record_of_boston_is_read(boston: tuple[list[Record | BadRow], float]) -> None:
    found, _ = boston
    records = [each for each in found if isinstance(each, Record)]
    assert (len(records), len(found) - len(records)) == (93_963, 0)
    assert sum(each.closed is not None for each in records) == 79_706
    assert sum(each.target is None for each in records) == 21_645
    assert sum(each.point is None for each in records) == 13_425
    assert Counter(mark for each in records for mark in each.marks) == {"closed_before_opened": 176}


def test_boston_makes_a_pack_of_its_own(boston: tuple[list[Record | BadRow], float]) -> None:
    names = read_mapping((MAPPINGS / "boston311.toml").read_bytes())
    records = [each for each in boston[0] if isinstance(each, Record)]
    rules, report = build_pack(records, names, CALENDAR)
    assert len(rules.schemes[0].classes) == 157
    assert len(rules.units) == 147
    assert len(rules.areas) == 23
    assert {each.code for each in rules.responsibilities} == {
        each.code for each in rules.schemes[0].classes
    }
    assert report == rules.notices
    assert read_pack(write_pack(rules)) == rules


def test_a_sites_own_grid_code_comes_with_the_record() -> None:
    with_grid = mapping('source = "source"', 'source = "source"\ngrid = "cell"')
    record = parse_record(with_grid, ROW | {"cell": "44030300100201"}, 2)
    assert isinstance(record, Record)
    assert record.grid == "44030300100201"
