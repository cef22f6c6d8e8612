"""`watchdesk components import`: every row is counted, and the same list again changes nothing."""

import csv
from pathlib import Path

import pytest

import resources
from case_server import journal
from case_server.database import open_database
from casework.pack import digest, encode_rules
from casework.rules.component_rows import read_component_mapping
from casework.terms import LogId
from tests.case_server.desk_kit import BIRTH
from watchdesk.__main__ import main
from watchdesk.components import _quiet, read_text
from watchdesk.failure import DeskError
from watchdesk.places import pack

HEADER = "id,lat,lon,name,owner,maintainer,grid,state,note"
GOOD = "4403030103000001,22.5431,114.1179,,市水务集团,,,完好,"
LAMP = "4403030118000001,22.5432,114.1179,,深圳供电局,,,完好,"


@pytest.fixture
def database(tmp_path: Path) -> str:
    """A practice log of Shenzhen, its server stopped."""
    url, rules = f"sqlite:///{tmp_path}/log.db", pack("shenzhen")
    opened = open_database(url)
    journal.create_log(
        opened.writer,
        log=LogId("t"),
        practice=True,
        rules=rules,
        rules_bytes=encode_rules(rules),
        digest=digest(rules),
        at=BIRTH,
    )
    opened.close()
    return url


def bring(folder: Path, database: str, *rows: str, encoding: str = "utf-8") -> int:
    file = folder / "parts.csv"
    file.write_bytes("\n".join((HEADER, *rows, "")).encode(encoding))
    return main(["components", "import", str(file), "--database", database])


def last_lines(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().out


def test_rows_are_registered_changed_and_left_alone(
    tmp_path: Path, database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert bring(tmp_path, database, GOOD, LAMP) == 0
    assert "2 read = 2 registered + 0 changed + 0 unchanged + 0 refused" in last_lines(capsys)
    assert bring(tmp_path, database, GOOD, LAMP) == 0
    assert "2 read = 0 registered + 0 changed + 2 unchanged + 0 refused" in last_lines(capsys)
    assert bring(tmp_path, database, GOOD.replace("完好", "丢失"), LAMP) == 0
    assert "2 read = 0 registered + 1 changed + 1 unchanged + 0 refused" in last_lines(capsys)


def test_each_refusal_is_listed_with_line_code_and_sentence(
    tmp_path: Path, database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = ("=1+1,22.5,114.1,,,,,,", "4403030103000002,0,0,,,,,,", "x,north,1,,,,,,")
    assert bring(tmp_path, database, GOOD, *bad) == 1
    said = last_lines(capsys)
    assert "4 read = 1 registered + 0 changed + 0 unchanged + 3 refused" in said
    assert "line 4, 4403030103000002: The position is empty (0, 0). [place.zero]" in said
    with (tmp_path / "parts.csv.refused.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.reader(lines))
    assert [(line, id, code) for line, id, code, _ in rows[1:]] == [
        ("3", "'=1+1", "component.bad_id"),
        ("4", "4403030103000002", "place.zero"),
        ("5", "", "record.position_wrong"),
    ]


def test_a_list_may_be_in_gb18030(
    tmp_path: Path, database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert bring(tmp_path, database, GOOD, encoding="gb18030") == 0
    assert "1 registered" in last_lines(capsys)
    assert bring(tmp_path, database, GOOD) == 0
    assert "1 unchanged" in last_lines(capsys)


def test_a_file_in_neither_encoding_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_bytes(b"id\n\xff\xff\xff")
    with pytest.raises(DeskError) as wrong:
        read_text(file)
    assert wrong.value.code == "records.unreadable"


def test_without_a_name_or_a_database_nobody_signs_in(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "x.csv").write_text(HEADER)
    assert main(["components", "import", str(tmp_path / "x.csv")]) == 2
    assert "[components.who]" in capsys.readouterr().err


def test_the_shipped_mappings_can_be_read() -> None:
    folder = resources.root() / "registers"
    names = {file.name for file in folder.iterdir()}
    assert names == {"generic.toml", "gbt47678.toml"}
    for name in names:
        read_component_mapping((folder / name).read_bytes(), name)


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", "\tb"])
def test_a_foreign_text_is_no_formula(text: str) -> None:
    assert _quiet(text) == f"'{text}"
    assert _quiet(f"a{text}") == f"a{text}"
