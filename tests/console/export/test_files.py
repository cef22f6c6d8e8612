"""Lists as files: typed cells, no formula from anybody's text, whole or not at all."""

import csv
import errno
import io
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.decider import Refused
from console.export.csv import neutral, plain, write_csv
from console.export.saving import file_name, save
from console.export.table import Column, Fact, Kind, Origin, Table, Value
from console.export.xlsx import LONGEST, writable, write_xlsx
from tests.console.export.reading import raw_parts, sheets

SHENZHEN = ZoneInfo("Asia/Shanghai")
AT = datetime(2008, 6, 13, 2, 41, 27, 999_000, tzinfo=UTC)
REAL = Origin(city="深圳市", by="陈静", at=AT)
PRACTICE = REAL._replace(practice="PRACTICE")
COLUMNS = (
    Column("Text", Kind.TEXT),
    Column("Number", Kind.NUMBER),
    Column("At", Kind.INSTANT),
    Column("Took", Kind.DURATION),
    Column("Late", Kind.BOOLEAN),
)
ROW: tuple[Value, ...] = ("井盖", 42, AT, timedelta(hours=30, minutes=5), True)
EVIL = st.one_of(
    st.text(),
    st.tuples(
        st.sampled_from(["=", "+", "-", "@", "\t=", "\r", "'", " =", "＝", "\n+"]), st.text()
    ).map("".join),
    st.sampled_from(
        ["=cmd|' /C calc'!A0", "http://x.example", "_x0041_", "mailto:a@b", "1e5", "{=1}", "TRUE"]
    ),
)


def table(*rows: tuple[Value, ...], facts: tuple[Fact, ...] = (), wanted: str = "") -> Table:
    return Table("To dispatch", COLUMNS, rows, SHENZHEN, wanted, facts)


def texts(*said: str) -> Table:
    return Table("Said", (Column("Said"),), tuple((each,) for each in said), SHENZHEN)


def lines(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


# --- workbooks --------------------------------------------------------------------------------


def test_a_cell_has_the_type_of_its_value_on_the_wall_clock_of_the_city() -> None:
    (cells,) = sheets(write_xlsx(table(ROW), REAL))
    text, number, at, took, late = (cells[f"{letter}7"] for letter in "ABCDE")
    assert (text.type, text.text, text.form) == ("s", "井盖", "@")
    assert (number.type, number.text) == ("", "42")
    wall = datetime(1899, 12, 30, tzinfo=UTC) + timedelta(days=float(at.text))
    assert abs(wall - datetime(2008, 6, 13, 10, 41, 27, tzinfo=UTC)) < timedelta(milliseconds=1)
    assert at.form == "yyyy-mm-dd hh:mm:ss"
    assert (round(float(took.text) * 24 * 60), took.form) == (30 * 60 + 5, "[h]:mm:ss")
    assert (late.type, late.text) == ("b", "1")


def test_the_head_says_what_by_whom_when_and_how_many() -> None:
    (cells,) = sheets(write_xlsx(table(ROW, wanted="井盖"), REAL))
    assert [cells[f"A{row}"].text for row in range(1, 6)] == [
        "To dispatch",
        "深圳市",
        "Exported 2008-06-13 10:41:27 by 陈静",
        "Only: 井盖",
        "1 rows",
    ]


def test_a_practice_list_says_so_in_both_forms_and_a_real_one_does_not() -> None:
    (cells,) = sheets(write_xlsx(table(ROW), PRACTICE))
    assert cells["A2"].text == "PRACTICE"
    assert [line[0] for line in lines(write_csv(table(ROW, ROW), PRACTICE))] == [
        "Log",
        "PRACTICE",
        "PRACTICE",
    ]
    assert b"PRACTICE" not in write_csv(table(ROW), REAL)


def test_the_header_stays_in_sight_and_filters() -> None:
    parts = raw_parts(write_xlsx(table(ROW, ROW), REAL))
    assert '<pane ySplit="6" topLeftCell="A7"' in parts
    assert '<autoFilter ref="A6:E8"/>' in parts


def test_the_facts_of_a_case_have_a_sheet_of_their_own_and_columns_in_a_csv() -> None:
    facts = (Fact("Case no.", "a-1"), Fact("Case due", AT, Kind.INSTANT))
    case, record = sheets(write_xlsx(table(ROW, facts=facts), REAL))
    assert [case[cell].text for cell in ("A6", "B6", "A7")] == ["Case no.", "a-1", "Case due"]
    assert case["B7"].form == "yyyy-mm-dd hh:mm:ss"
    assert [record[f"{letter}1"].text for letter in "ABCDE"] == [c.title for c in COLUMNS]
    header, row = lines(write_csv(table(ROW, facts=facts), REAL))
    assert header[:3] == ["Case no.", "Case due", "Text"]
    assert row[:3] == ["a-1", "2008-06-13 10:41:27", "井盖"]


def test_what_is_unknown_leaves_the_cell_empty() -> None:
    (cells,) = sheets(write_xlsx(table((None,) * 5), REAL))
    assert [name for name in cells if name.endswith("7")] == []
    assert lines(write_csv(table((None,) * 5), REAL))[1] == [""] * 5


@given(said=EVIL)
def test_no_text_becomes_a_formula_or_a_link_in_a_workbook(said: str) -> None:
    content = write_xlsx(texts(said), REAL._replace(by=said, city=said))
    parts = raw_parts(content)
    assert "<f>" not in parts
    assert "<f " not in parts
    assert "hyperlink" not in parts
    (cells,) = sheets(content)
    assert {cell.type for cell in cells.values()} == {"s"}


@given(said=st.lists(EVIL.filter(bool), min_size=1, max_size=5))
def test_a_workbook_read_back_holds_the_same_texts(said: list[str]) -> None:
    (cells,) = sheets(write_xlsx(texts(*said), REAL))
    read = [cells[f"A{row}"].text for row in range(7, 7 + len(said))]
    assert read == [writable(each) for each in said]


def test_a_text_longer_than_a_cell_ends_with_an_ellipsis() -> None:
    (cells,) = sheets(write_xlsx(texts("井" * 40_000), REAL))
    assert cells["A7"].text == "井" * (LONGEST - 1) + "…"


def test_a_negative_span_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="never negative"):
        write_xlsx(table(("", 1, AT, timedelta(seconds=-1), False)), REAL)


# --- comma-separated --------------------------------------------------------------------------


@given(said=st.lists(EVIL, max_size=5))
def test_a_csv_read_back_holds_the_same_texts(said: list[str]) -> None:
    header, *rows = lines(write_csv(texts(*said), REAL))
    assert header == ["Said"]
    read = [plain(row[0]) if row else "" for row in rows]
    assert read == [each.encode("utf-8", "replace").decode() for each in said]


@given(said=EVIL)
def test_no_field_begins_as_a_formula(said: str) -> None:
    field = neutral(said)
    assert not field.strip().startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))
    assert not field.startswith(("\t", "\r", "\n", "\0"))
    assert plain(field) == said


def test_a_csv_is_utf_8_with_its_mark_and_rfc_4180_lines() -> None:
    said = 'eins, "zwei"\nÄ'
    content = write_csv(texts(said), REAL)
    assert content == '\ufeffSaid\r\n"eins, ""zwei""\nÄ"\r\n'.encode()


def test_typed_fields_are_written_for_a_machine() -> None:
    assert lines(write_csv(table(ROW), REAL))[1] == [
        "井盖",
        "42",
        "2008-06-13 10:41:27",
        "30:05:00",
        "TRUE",
    ]


def test_a_number_below_zero_stays_a_number() -> None:
    assert lines(write_csv(table(("", -3, None, None, None)), REAL))[1][1] == "-3"


# --- to the disk ------------------------------------------------------------------------------


def code_of(file: Path) -> str:
    with pytest.raises(Refused) as refused:
        save(file, b"new")
    return refused.value.code


def test_a_file_is_there_whole_and_nothing_beside_it(tmp_path: Path) -> None:
    save(tmp_path / "a.csv", b"old")
    save(tmp_path / "a.csv", b"new")
    assert {f.name: f.read_bytes() for f in tmp_path.iterdir()} == {"a.csv": b"new"}


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    assert code_of(tmp_path / "gone" / "a.csv") == "export.no_folder"
    assert code_of(tmp_path / "file" / "a.csv") == "export.no_folder"


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.EACCES, "export.no_right"),
        (errno.EROFS, "export.no_right"),
        (errno.ENOSPC, "export.disk_full"),
        (errno.EIO, "export.failed"),
    ],
)
def test_what_the_disk_says_has_its_code_and_the_old_file_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, code: str
) -> None:
    def broken(_fd: int) -> None:
        raise OSError(number, os.strerror(number))

    file = tmp_path / "a.csv"
    file.write_bytes(b"old")
    monkeypatch.setattr(os, "fsync", broken)
    assert code_of(file) == code
    assert {f.name: f.read_bytes() for f in tmp_path.iterdir()} == {"a.csv": b"old"}


def test_a_file_that_another_program_holds_open_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def held(_self: Path, _target: Path) -> None:
        raise PermissionError(errno.EACCES, "in use")

    monkeypatch.setattr(Path, "replace", held)
    assert code_of(tmp_path / "a.csv") == "export.open_elsewhere"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("Closed, 24 h", "Closed, 24 h"),
        ("../../etc/passwd", "etc-passwd"),
        ('a<b>:"c"|?*\n', "a-b---c"),
        ("…" * 300, "…" * 120),
        (" . ", "watchdesk"),
    ],
)
def test_a_file_name_is_taken_by_every_system(words: str, name: str) -> None:
    assert file_name(words) == name
