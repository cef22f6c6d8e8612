"""`watchdesk import`: an earlier system's cases, from its files into the log."""

import csv
import io
import re
import tomllib
import zipfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casework.decider import Context, Facts, Refused
from casework.decisions import decide
from casework.old_cases import ImportCase
from casework.old_records import OldRecords, OldRow
from casework.own_words import kind_of, state_of
from casework.pack.files import PackError
from casework.pack.mapping import read_mapping
from casework.terms import Kind, LogId, Role, State, Urgency
from console.vocabulary import STATES
from tests.case_server.desk_kit import ADMINISTRATOR, RULES
from watchdesk import old_files, places, serve
from watchdesk.children import Child
from watchdesk.failure import DeskError
from watchdesk.imports import command_id, read_file

from .conftest import ROOT, Run

REAL = ROOT.parent / "shared" / "data" / "requests" / "boston311_2015_jan_sep.csv.gz"
NOW = datetime(2008, 6, 13, 1, tzinfo=UTC)
HEADER = "no,opened,closed,due,class,text,unit,area,lat,lon,state,who,phone,filed,filer,word"
WALL = datetime(2007, 3, 1, 10)  # noqa: DTZ001  a workbook's cell knows no zone
MAPPING = """
city = "T"
code = "4403"
time_zone = "Asia/Shanghai"
central_meridian = 114
time_formats = ["%Y-%m-%d %H:%M"]
placeholder_points = [[22.55, 114.15]]
[columns]
id = "no"
opened = "opened"
closed = "closed"
target = "due"
small_class = "class"
text = "text"
unit = "unit"
district = "area"
lat = "lat"
lon = "lon"
[history]
system = "A"
DATUM
[history.columns]
state = "state"
reporter = "who"
phone = "phone"
[[history.steps]]
act = "立案"
post = "值班长"
at = "filed"
person = "filer"
opinion = "word"
[history.states]
"open" = "dispatched"
"done" = "closed"
"void" = "cancelled"
"odd" = "verifying"
[history.classes]
"rubbish" = "incident:0102"
"broken" = "incident:9999"
[history.units]
"waterworks" = "water"
[history.areas]
"east" = "440301"
"""
GOOD = {
    "no": "CG1", "opened": "2007-03-01 10:00", "closed": "2007-03-02 10:00", "class": "rubbish",
    "unit": "waterworks", "area": "east", "state": "done",
}  # fmt: skip


def book(extra: str = 'scheme = ""') -> OldRecords:
    mapping = read_mapping(MAPPING.replace("DATUM", extra).encode())
    return OldRecords(mapping, RULES, system="A", now=NOW)


def line(**cells: str) -> dict[str, str]:
    return {**dict.fromkeys(HEADER.split(","), ""), **GOOD, **cells}


def table(*lines: dict[str, str]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, HEADER.split(","), lineterminator="\n")
    writer.writeheader()
    writer.writerows(lines)
    return text.getvalue()


def read(**cells: str) -> OldRow:
    return book().read(line(**cells), 2)


def codes(row: OldRow) -> list[str]:
    return [each.code for each in row.misfits]


def notes(row: OldRow) -> list[str]:
    return [each.code for each in row.notes]


def command(**cells: str) -> ImportCase:
    row = read(**cells)
    assert row.command is not None, row.misfits
    return row.command


# --- one line ----------------------------------------------------------------------------------


def test_a_line_becomes_a_command_with_the_wall_times_of_the_mappings_zone() -> None:
    made = command()
    assert (made.reference, made.state, made.code, made.unit, made.opened) == (
        "CG1",
        State.CLOSED,
        "0102",
        "water",
        datetime(2007, 3, 1, 2, tzinfo=UTC),
    )


def test_a_step_is_told_with_its_person_post_and_opinion() -> None:
    [step] = command(filed="2007-03-01 11:00", filer="李四", word="属实").steps
    assert (step.act, step.person, step.post, step.opinion) == ("立案", "李四", "值班长", "属实")


def test_a_reporter_lies_beside_the_event() -> None:
    personal = command(who="王五", phone="13800002190", text="积水").personal
    assert personal is not None
    assert (personal.name, personal.phone, personal.text) == ("王五", "13800002190", "积水")


def own_words() -> list[tuple[State, str]]:
    """Every state by its code, as the glossary says it and as the console writes it in each
    language."""
    glossary = (ROOT / "docs/glossary.md").read_text("utf-8")
    rows = [re.split(r" *\| *", line)[1:-1] for line in glossary.splitlines()]
    told = [
        (state, word)
        for state in State
        for zh, hk, code, english, *_ in (row for row in rows if row[2:3] == [f"`{state}`"])
        for word in [*re.findall(r"[^ ()]+", f"{zh} {hk}"), english]
    ]
    assert {state for state, _ in told} == set(State)
    catalogues = [
        tomllib.loads((ROOT / f"resources/translations/{language}.toml").read_text("utf-8"))
        for language in ("zh_CN", "zh_HK")
    ]
    shown = [
        (state, word)
        for state, english in STATES.items()
        for word in (english, *(each[english] for each in catalogues))
    ]
    return sorted({*((state, state.value) for state in State), *told, *shown})


@pytest.mark.parametrize(("state", "word"), own_words())
def test_our_own_words_for_a_state_need_no_mapping(state: State, word: str) -> None:
    assert state_of(word) is state


@pytest.mark.parametrize("word", ["待处置", "待處置", "dispatched", "To handle", "to handle"])
def test_a_line_may_say_its_state_in_our_own_words(word: str) -> None:
    assert command(state=word, closed="").state is State.DISPATCHED


def test_what_the_mapping_says_of_a_word_goes_before_our_own() -> None:
    mapped = MAPPING.replace("DATUM", "").replace('"odd" =', '"closed" = "cancelled"\n"odd" =')
    records = OldRecords(read_mapping(mapped.encode()), RULES, system="A", now=NOW)
    found = records.read(line(state="closed"), 2).command
    assert found is not None
    assert found.state is State.CANCELLED


def with_columns(**cells: str) -> OldRow:
    """A line with a column of its own for each of these."""
    columns = "\n".join(f'{name} = "{name}"' for name in cells)
    mapped = MAPPING.replace("DATUM", "").replace(
        "[history.columns]", f"[history.columns]\n{columns}"
    )
    records = OldRecords(read_mapping(mapped.encode()), RULES, system="A", now=NOW)
    return records.read({**line(), **cells}, 2)


def test_our_own_words_for_kind_and_urgency_need_no_mapping() -> None:
    found = with_columns(kind="部件", urgency="特急").command
    assert found is not None
    assert found.urgency is Urgency.CRITICAL
    assert kind_of("部件") is Kind.COMPONENT


@pytest.mark.parametrize("field", ["kind", "urgency", "on_time"])
def test_a_word_that_nobody_knows_is_left_out_with_a_note(field: str) -> None:
    row = with_columns(**{field: "quite"})
    assert (codes(row), notes(row)) == ([], [f"note.unknown_{field}"])


def test_without_a_state_the_end_tells_it() -> None:
    assert command(state="").state is State.CLOSED


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"no": ""}, "record.cell_empty"),
        ({"no": "x" * 41}, "import.malformed"),
        ({"no": "a\x00b"}, "import.malformed"),
        ({"opened": ""}, "record.cell_empty"),
        ({"opened": "yesterday"}, "record.time_wrong"),
        ({"opened": "9" * 400}, "record.time_wrong"),
        ({"opened": "1066-10-14 09:00"}, "case.target_beyond_time"),
        ({"closed": "2099-01-01 00:00"}, "import.future"),
        ({"closed": ""}, "import.needs_end"),
        ({"class": "windfall"}, "import.unknown_class"),
        ({"class": "broken"}, "import.unknown_class"),
        ({"area": "atlantis"}, "import.unknown_area"),
        ({"state": "lost"}, "import.unknown_state"),
        ({"state": "open"}, "import.has_end"),
        ({"state": "open", "closed": "", "unit": "nobody"}, "import.needs_unit"),
        ({"state": "odd", "closed": ""}, "import.state"),
        ({"text": "水" * 100_000}, "import.too_large"),
    ],
)
def test_a_line_that_will_not_fit_says_why(cells: dict[str, str], code: str) -> None:
    assert codes(read(**cells)) == [code]


@pytest.mark.parametrize(
    ("lat", "lon", "note"),
    [
        ("0", "0", "note.place.zero"),
        ("22.55", "114.15", "note.place.placeholder"),
        ("114.12", "22.52", "note.place.swapped"),
        ("30", "100", "note.place.outside"),
        ("north", "east", "note.no_position"),
        ("1e400", "1", "note.no_position"),
        ("nan", "1", "note.no_position"),
        ("1e17", "1e17", "note.no_position"),
    ],
)
def test_a_position_that_is_none_is_left_out_with_a_note(lat: str, lon: str, note: str) -> None:
    row = read(lat=lat, lon=lon)
    assert row.command is not None
    assert (row.command.point, notes(row)) == (None, [note])


def test_a_position_is_converted_from_the_datum_of_the_mapping() -> None:
    found = book('datum = "gcj02"').read(line(lat="22.5472", lon="114.1249"), 2)
    assert found.command is not None
    assert found.command.point is not None
    lat, lon = found.command.point.degrees
    assert (round(lat, 3), round(lon, 3)) == (22.55, 114.12)


def test_metres_of_the_plane_are_converted_by_their_meridian() -> None:
    found = book("meridian = 114").read(line(lat="2494500", lon="512800"), 2)
    assert found.command is not None
    assert found.command.point is not None
    assert [round(each, 2) for each in found.command.point.degrees] == [22.55, 114.12]


def test_a_class_nobody_maps_is_kept_where_the_mapping_names_the_old_scheme() -> None:
    row = book('scheme = "old"').read(line(**{"class": "旧类"}), 2)
    assert row.command is not None
    assert (row.command.scheme, row.command.kind, row.command.name) == (
        "old",
        Kind.INCIDENT,
        "旧类",
    )


def test_a_unit_that_is_gone_is_kept_as_text() -> None:
    row = read(unit="旧局")
    assert row.command is not None
    assert (row.command.unit, row.command.unit_name, notes(row)) == (
        None,
        "旧局",
        ["note.unknown_unit"],
    )


def test_a_wall_time_that_came_twice_is_noted() -> None:
    assert notes(read(opened="1988-09-11 01:30")) == ["note.opened_fold"]


def test_control_characters_are_no_text() -> None:
    personal = command(text="a\x00b\x1b[31mc").personal
    assert personal is not None
    assert personal.text == "ab[31mc"


def test_a_number_on_two_lines_is_refused_the_second_time() -> None:
    records = book()
    first, second = records.read(line(), 2), records.read(line(), 3)
    assert (codes(first), codes(second)) == ([], ["record.duplicate"])


def test_values_that_the_mapping_must_name_are_counted() -> None:
    records = book()
    for number in range(3):
        records.read(line(no=str(number), **{"class": "windfall"}), number)
    assert records.unknown == {("class", "windfall"): 3}


# --- dry run and real run ----------------------------------------------------------------------

WORDS = st.one_of(st.sampled_from(["", "0", "=1+1", "2007-03-01 10:00", "done", "open", "odd"]),
                  st.text(max_size=60))  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(cells=st.dictionaries(st.sampled_from(HEADER.split(",")), WORDS, max_size=6))
def test_what_the_dry_run_lets_pass_the_desk_takes(cells: dict[str, str]) -> None:
    records = book()
    row = records.read(line(**cells), 2)
    assert (row.command is None) == bool(row.misfits)
    if row.command is None:
        return
    sent = msgspec.json.decode(msgspec.json.encode(row.command), type=ImportCase)
    place = records.locator.place(sent.point)
    at_the_desk = Context(
        at=NOW, log=LogId("t"), practice=False, actor=ADMINISTRATOR, role=Role.ADMINISTRATOR,
        rules=RULES, facts=Facts(order=1, place=place),
    )  # fmt: skip
    try:
        decide(None, sent, at_the_desk)
    except Refused as refused:  # pragma: no cover
        pytest.fail(f"{refused}")


def test_the_id_of_a_command_is_the_same_in_every_run_and_another_for_other_words() -> None:
    assert command_id(command()) == command_id(command())
    assert command_id(command()) != command_id(command(text="x"))


# --- files -------------------------------------------------------------------------------------


def workbook(file: Path, *lines: Sequence[object]) -> Path:
    made = xlsxwriter.Workbook(str(file), {"strings_to_formulas": False})
    sheet = made.add_worksheet()
    day = made.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    for row, cells in enumerate(lines):
        for column, value in enumerate(cells):
            if isinstance(value, datetime):
                sheet.write_datetime(row, column, value, day)
            else:
                sheet.write(row, column, value)
    made.close()
    return file


def test_a_workbook_is_read_as_its_csv(tmp_path: Path) -> None:
    cells = [line()[name] for name in HEADER.split(",")]
    cells[1:3] = [WALL, WALL + timedelta(days=1)]  # type: ignore[list-item]
    cells[5] = "=1+1"
    cells[12] = 13800002190.0  # type: ignore[call-overload]
    [row] = read_file(workbook(tmp_path / "a.xlsx", HEADER.split(","), cells), book())
    assert row.command == command(text="=1+1", phone="13800002190")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_csv_is_read_in_the_encodings_of_spreadsheets(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(table(line(text="积水没过路沿")).encode(encoding))
    [row] = read_file(file, book())
    assert row.command == command(text="积水没过路沿")


def test_ragged_and_unreadable_lines_are_refused_one_by_one(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    good = table(line()).split("\n")
    huge = good[1].replace("CG1", "CG2") + "x" * 1_048_576
    file.write_text("\n".join([good[0], good[1], "a,b", huge, good[1].replace("CG1", "CG3")]))
    assert [codes(row) for row in read_file(file, book())] == [
        [],
        ["record.cells_wrong"],
        ["record.syntax"],
        [],
    ]


@pytest.mark.parametrize(
    ("header", "code"),
    [
        (HEADER.replace("class,", ""), "record.column_missing"),
        (HEADER.replace("filer", "class"), "record.column_twice"),
    ],
)
def test_a_header_that_does_not_hold_stops_before_the_first_line(
    tmp_path: Path, header: str, code: str
) -> None:
    file = tmp_path / "a.csv"
    file.write_text(header + "\n")
    with pytest.raises(PackError) as wrong:
        read_file(file, book())
    assert code in {each.code for each in wrong.value.mistakes}


def spoilt(file: Path, corner: bytes) -> Path:
    """A workbook whose sheet says of its cell A1 that it lies elsewhere."""
    workbook(file, ["no"])
    with zipfile.ZipFile(file) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = parts[sheet].replace(b'r="A1"', corner).replace(b'row r="1"', b'row r="1048576"')
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as book:
        for name, data in parts.items():
            book.writestr(name, data)
    return file


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda file: spoilt(file, b'r="XFD1048576"'), "records.too_large"),
        (lambda file: file.write_bytes(b"PK\x03\x04 no workbook") and file, "records.unreadable"),
        (lambda file: file, "records.unreadable"),
    ],
    ids=["a far corner", "no workbook", "no file"],
)
def test_a_hostile_workbook_is_refused(
    tmp_path: Path, make: Callable[[Path], Path], code: str
) -> None:
    with pytest.raises(DeskError) as error:
        list(old_files.rows(make(tmp_path / "a.xlsx")))
    assert error.value.code == code


def test_the_shipped_mapping_can_be_read() -> None:
    assert places.mapping("teamax").history.system == "teamax"


# --- the command line --------------------------------------------------------------------------


@pytest.fixture
def here(tmp_path: Path) -> Path:
    (tmp_path / "m.toml").write_text(
        MAPPING.replace("DATUM", 'scheme = "old"').replace("0102", "0199"), "utf-8"
    )
    lines = [line(no=f"CG{n}", area="", unit="", **{"class": f"旧类{n}"}) for n in range(30)]
    lines[7]["opened"] = "=HYPERLINK(1)"
    (tmp_path / "old.csv").write_text(table(*lines), "utf-8")
    return tmp_path


def test_a_dry_run_by_a_pack_lists_what_will_not_fit(watchdesk: Run, here: Path) -> None:
    done = watchdesk("import", "old.csv", "--mapping", "m.toml", "--dry-run", "--pack", "shenzhen",
                     "--report", "refused.csv")  # fmt: skip
    assert done.stdout.splitlines()[-1] == "dry run: 30 lines read = 29 fit + 1 refused"
    assert done.returncode == 1
    report = list(csv.reader((here / "refused.csv").read_text("utf-8").splitlines()))
    assert report[1][:5] == ["refused", "9", "CG7", "opened", "record.time_wrong"]


@pytest.mark.slow
def test_a_second_run_finds_everything_here_already(
    watchdesk: Run, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(here)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    with Child("serve", "--database=sqlite:///o.sqlite", "--practice", "--pack=shenzhen",
               "--port=0", "--drill-key=k") as server:  # fmt: skip
        address = server.line(serve.READY)
        command = ("import", "old.csv", "--mapping", "m.toml", "--server", address)
        first = watchdesk(*command, "--drill-key", "k")
        second = watchdesk(*command, "--drill-key", "k")
    assert [run.stdout.splitlines()[-2:] for run in (first, second)] == [
        [
            "30 lines read = 29 imported + 0 already here + 1 refused",
            "the server holds 29 cases of 'A': 0 before + 29 imported",
        ],
        [
            "30 lines read = 0 imported + 29 already here + 1 refused",
            "the server holds 29 cases of 'A': 29 before + 0 imported",
        ],
    ]


@pytest.mark.slow
@pytest.mark.skipif(not REAL.is_file(), reason="no records beside the checkout")
def test_real_records_are_taken_over(
    watchdesk: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    boston = (ROOT / "resources" / "mappings" / "boston311.toml").read_text("utf-8")
    (tmp_path / "b.toml").write_text(
        f'{boston}\n[history]\nsystem = "311"\nscheme = "311"\nopen_state = "closed"\n', "utf-8"
    )
    lines = []
    for number, cells in old_files.rows(REAL):
        if number == 1:
            closed, area = cells.index("CLOSED_DT"), cells.index("neighborhood")
        elif not cells[closed]:
            continue
        else:
            cells[area] = ""
        lines.append(cells)
        if len(lines) > 2000:
            break
    with (tmp_path / "r.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(lines)
    with Child("serve", "--database=sqlite:///o.sqlite", "--practice", "--pack=shenzhen",
               "--port=0", "--drill-key=k") as server:  # fmt: skip
        done = watchdesk("import", "r.csv", "--mapping", "b.toml", "--drill-key", "k",
                         "--server", server.line(serve.READY))  # fmt: skip
    assert done.stdout.splitlines()[-2:] == [
        "2000 lines read = 2000 imported + 0 already here + 0 refused",
        "the server holds 2000 cases of '311': 0 before + 2000 imported",
    ]
