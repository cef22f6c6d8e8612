"""Drafts on the workstation: whose they are, how long they stay, what a crash leaves."""

import os
import signal
import sqlite3
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from backend_client.drafts import Drafts, Owner

CHEN, WANG = Owner("wss://a", "chen"), Owner("wss://a", "wang")
TYPIST = """
import sys
from pathlib import Path
from backend_client.drafts import Drafts, Owner
drafts = Drafts(Path(sys.argv[1]))
text = ""
while True:
    text += "字"
    drafts.keep(Owner("wss://a", "chen"), "report", "1", text.encode())
    print(len(text), flush=True)
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "drafts.sqlite"


def bodies(drafts: Drafts, owner: Owner = CHEN, kind: str = "report") -> list[bytes]:
    return [draft.body for draft in drafts.all(owner, kind)]


def test_a_draft_is_kept_as_it_was_last_typed(file: Path) -> None:
    drafts = Drafts(file)
    for body in (b"a", b"ab"):
        drafts.keep(CHEN, "report", "1", body)
    drafts.close()
    assert bodies(Drafts(file)) == [b"ab"]


def test_a_draft_belongs_to_one_person_at_one_server_for_one_purpose(file: Path) -> None:
    drafts = Drafts(file)
    drafts.keep(CHEN, "report", "1", b"a")
    assert bodies(drafts, WANG) == bodies(drafts, Owner("wss://b", "chen")) == []
    assert bodies(drafts, kind="opinion") == []


def test_a_dropped_draft_leaves_no_byte_in_the_file(file: Path) -> None:
    drafts = Drafts(file)
    drafts.keep(CHEN, "report", "1", b"13800002190")
    drafts.drop(CHEN, "report", "1")
    drafts.close()
    assert bodies(Drafts(file)) == []
    assert b"13800002190" not in file.read_bytes()


def test_only_its_owner_may_read_the_file(file: Path) -> None:
    Drafts(file).close()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_draft_that_nobody_touches_expires(file: Path) -> None:
    drafts = Drafts(file)
    drafts.keep(CHEN, "report", "old", b"a")
    drafts.keep(CHEN, "report", "new", b"b")
    before = int((datetime.now(UTC) - timedelta(days=3, minutes=1)).timestamp())
    with sqlite3.connect(file) as disk:
        disk.execute("UPDATE draft SET kept_at = ? WHERE name = 'old'", (before,))
    disk.close()
    drafts.expire(3)
    assert bodies(drafts) == [b"b"]


def test_a_process_killed_in_the_middle_of_typing_loses_no_keystroke(file: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", TYPIST, str(file)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    ) as typist:
        assert typist.stdout is not None
        told = 0
        while told < 30:
            told = int(typist.stdout.readline())
        os.kill(typist.pid, signal.SIGKILL)
        told = max([told, *map(int, typist.stdout.read().split())])
    (body,) = bodies(Drafts(file))
    assert len(body.decode()) in (told, told + 1), "what was told as kept is kept"


@pytest.mark.logs("drafts.not_kept")
def test_a_file_that_is_no_database_is_put_aside_and_typing_goes_on(file: Path) -> None:
    file.parent.mkdir()
    file.write_bytes(b"this is no database, but somebody's letter" * 50)
    drafts = Drafts(file)
    drafts.keep(CHEN, "report", "1", b"a")
    assert (bodies(drafts), drafts.is_kept) == ([b"a"], True)
    assert file.with_suffix(".broken").read_bytes().startswith(b"this is no database")


@pytest.mark.logs("drafts.not_kept")
def test_a_disk_that_refuses_is_told_and_typing_goes_on(tmp_path: Path) -> None:
    (tmp_path / "wall").write_bytes(b"")
    drafts = Drafts(tmp_path / "wall" / "drafts.sqlite")
    drafts.keep(CHEN, "report", "1", b"a")
    assert (bodies(drafts), drafts.is_kept) == ([b"a"], False)


def test_without_a_file_drafts_live_as_long_as_the_process() -> None:
    drafts = Drafts()
    drafts.keep(CHEN, "report", "1", b"a")
    assert (bodies(drafts), drafts.is_kept) == ([b"a"], False)
