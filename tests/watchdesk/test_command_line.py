import os
import subprocess
import sys
from pathlib import Path

import pytest

from casework.procedures.log import FASTEST
from casework.terms import UnitId, UserId
from casework.territory import Unit
from tests import refusals
from watchdesk import identities
from watchdesk.children import Child
from watchdesk.failure import DeskError, sentence_of
from watchdesk.options import parser
from watchdesk.serve import READY
from watchdesk.version_option import installed

from .conftest import ROOT, Run, environment

COMMANDS = ("demo", "serve", "console", "replay", "pack build", "pack check", "user add",
            "user import", "user list", "user show", "user grant", "user disable", "user enable",
            "user reset", "user roles", "db create", "db upgrade", "doctor", "gallery",
            "city")  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_with_an_example(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        parser().parse_args([*command.split(), "--help"])
    assert ended.value.code == 0
    assert f"example:\n  watchdesk {command}" in capsys.readouterr().out


def test_help_imports_nothing_but_the_options() -> None:
    code = (
        "import sys; from watchdesk.__main__ import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: print(*(m for m in sys.modules))"
    )
    said = subprocess.run(
        [sys.executable, "-c", code], env=environment(), capture_output=True, text=True, check=True
    )
    modules = said.stdout.splitlines()[-1].split()
    ours = {name for name in modules if name.startswith("watchdesk.")}
    assert {name.removeprefix("watchdesk.") for name in ours if not name.endswith("option")} == {
        "__main__", "failure", "options", "component_options", "day_options", "gallery_options",
        "user_options",
    }  # fmt: skip
    assert not {"msgspec", "casework", "asyncio", "importlib.metadata", "socket"} & set(modules)


def work(*arguments: str) -> float:
    """Seconds of processor that an interpreter takes for this, so that neighbours do not count."""
    process = subprocess.Popen(
        [sys.executable, *arguments], env=environment(), stdout=subprocess.DEVNULL
    )
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return used.ru_utime + used.ru_stime


def test_help_is_quick() -> None:
    """It costs no more than three times what reading the command line costs any program."""
    reading = min(work("-c", "import argparse, runpy") for _ in range(5))
    assert min(work("-m", "watchdesk", "--help") for _ in range(5)) < 3 * reading


def test_the_version_is_told(watchdesk: Run) -> None:
    assert watchdesk("--version").stdout.strip() == installed()


@pytest.mark.parametrize(
    ("module", "unwanted"),
    [
        ("watchdesk.desk", ("sqlalchemy", "case_server", "drill")),
        ("watchdesk.serve", ("PySide6", "drill", "backend_client")),
        ("watchdesk.options", ("msgspec", "PySide6", "sqlalchemy")),
    ],
)
def test_a_command_imports_only_what_it_needs(module: str, unwanted: tuple[str, ...]) -> None:
    code = f"import sys, {module}; print([n for n in {unwanted!r} if n in sys.modules])"
    said = subprocess.run(
        [sys.executable, "-c", code], env=environment(), capture_output=True, text=True, check=True
    )
    assert said.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("pack", "check", "atlantis"), "pack.not_found"),
        (("replay", "none.csv", "--mapping", "generic"), "records.not_found"),
        (("replay", ".", "--mapping", "generic", "--speed", "fast"), "replay.speed"),
        (("serve", "--database", "mysql://x"), "database.url"),
        (("serve", "--practice", "--pack", "shenzhen", "--starts", "noon"), "server.starts"),
        (("serve", "--port=0"), "log.rules_missing"),
        (("serve", "--practice", "--drill-key", "/dev/null/drill.key"), "server.drill_key"),
        (("serve", "--host", "0.0.0.0", "--pack", "shenzhen"), "server.loopback_only"),
        (("console", "--drill-key", "none", "--seconds", "1"), "server.drill_key"),
        (("demo", "--as", "mayor"), "console.post"),
        (("console", "--screenshot", "/dev/null/pictures"), "file.unusable"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_with_its_code(
    watchdesk: Run, arguments: tuple[str, ...], code: str
) -> None:
    done = watchdesk(*arguments)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert done.stderr.rstrip().endswith(f"[{code}]")


@pytest.mark.parametrize("speed", ["-3", "nan", "100001", "fast"])
def test_a_speed_that_no_clock_can_run_at_is_said(
    speed: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        parser().parse_args(["demo", f"--speed={speed}"])
    assert f"'{speed}' is no speed; give 0 to {FASTEST}" in capsys.readouterr().err


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there always is a screen")
def test_a_desk_without_a_display_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    done = subprocess.run(
        [sys.executable, "-m", "watchdesk", "console"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.rstrip().endswith("[console.no_display]")
    refusals.printed(done.stderr)


@pytest.mark.parametrize("port", ["65536", "-1", "http"])
def test_a_port_that_none_can_be_is_said(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parser().parse_args(["serve", f"--port={port}"])
    assert f"'{port}' is no port; give 0 to 65535" in capsys.readouterr().err


def test_a_pack_that_is_wrong_leaves_no_key_behind(watchdesk: Run, tmp_path: Path) -> None:
    assert watchdesk("serve", "--practice", "--pack=atlantis", "--database=sqlite:///a.db").stderr
    assert list(tmp_path.iterdir()) == []


def test_a_person_is_added_once_a_log_is_there_and_no_second_of_that_name(
    watchdesk: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = f"--database=sqlite:///{tmp_path}/a.sqlite"
    add = (
        "user",
        "add",
        "li",
        "--name",
        "李四",
        "--role",
        "acceptor",
        "--password-stdin",
        database,
    )
    assert watchdesk("db", "upgrade", database).stdout.startswith("schema ")
    assert watchdesk(*add, given="long enough\n").stderr.rstrip().endswith("[log.not_open]")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    with Child("serve", "--pack=shenzhen", "--port=0", database) as server:
        server.line(READY)
    assert "李四" in watchdesk(*add, given="long enough\n").stdout
    assert watchdesk(*add, given="long enough\n").stderr.rstrip().endswith("[account.exists]")
    change = ("user", "reset", "--password-stdin", database)
    assert "new password" in watchdesk(*change, "li", given="another long one\n").stdout
    absent = watchdesk(*change, "wu", given="another long one\n")
    assert absent.stderr.rstrip().endswith("[account.not_found]")


def test_a_log_is_born_before_anybody_serves_it_and_only_once(
    watchdesk: Run, tmp_path: Path
) -> None:
    database = f"--database=sqlite:///{tmp_path}/new.sqlite"
    create = ("db", "create", "--pack=shenzhen", "--log=city", database)
    assert watchdesk(*create).stdout.startswith("the log city is there")
    assert watchdesk(*create).stderr.rstrip().endswith("[log.exists]")
    chief = ("user", "add", "chief", "--name", "主任", "--role", "administrator")
    assert (
        "may sign in"
        in watchdesk(*chief, "--password-stdin", database, given="a long one\n").stdout
    )


def test_a_fault_of_the_program_keeps_its_trace() -> None:
    assert sentence_of(ZeroDivisionError()) is None
    assert sentence_of(DeskError("a.b", "No.")) == "No. [a.b]"


def test_a_unit_may_be_named_as_a_post() -> None:
    name, grants = identities.grants_of("unit:greening")
    assert (name, grants[0].unit) == ("责任单位 greening", "greening")


def test_the_record_of_a_practice_names_a_unit_s_officer_by_the_unit() -> None:
    team = Unit(id=UnitId("street_team@440304001"), name="园岭街道执法队")
    names = {user: name for user, name, _ in identities.people([team])}
    assert names[UserId("practice.unit.street_team.440304001")] == team.name
    assert names[UserId("practice.duty")] == "值守"


def test_officers_of_two_units_with_long_names_are_two() -> None:
    long = "street_disposal_centre@44030300"
    units = [Unit(id=UnitId(f"{long}{number}"), name=f"{number}") for number in range(9)]
    users = [user for user, *_ in identities.people(units)]
    assert len(set(users)) == len(identities.POSTS) + len(units)
    assert all(len(user) <= 40 for user in users)


def test_the_doctor_sees_a_database_that_is_none(watchdesk: Run, tmp_path: Path) -> None:
    (tmp_path / "bad.sqlite").write_text("not a database at all, only words")
    done = watchdesk("doctor", "--database", f"sqlite:///{tmp_path}/bad.sqlite")
    assert done.returncode == 1
    assert "fail  database:" in done.stdout


def test_a_built_pack_reads_back_without_a_mistake(watchdesk: Run, tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_text(
        "id,opened,closed,target,class,group,title,text,unit,department,district,address,lat,lon,"
        "source,closure\n"
        "1,2015-01-01 10:00:00,,,Hole,Roads,,,Road office,,North,,42.1,-71.1,phone,\n"
    )
    built = watchdesk("pack", "build", "r.csv", "--mapping", "generic", "--out", "city")
    assert "1 classes, 1 units" in built.stdout
    assert "What was assumed:" in built.stdout
    checked = watchdesk("pack", "check", "city")
    assert checked.returncode == 0
    assert "classes: 1 records" in checked.stdout


def test_every_mistake_of_a_pack_is_told_on_a_line_of_its_own(
    watchdesk: Run, tmp_path: Path
) -> None:
    (tmp_path / "city").mkdir()
    (tmp_path / "city" / "city.toml").write_text("city = 3\n")
    done = watchdesk("pack", "check", "city")
    assert done.returncode == 2
    assert "units.csv: the pack needs this file [pack.file_missing]" in done.stderr
    assert all(line.endswith("]") for line in done.stderr.splitlines())


def test_output_that_nobody_reads_is_no_fault_of_the_program(tmp_path: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-m", "watchdesk", "doctor", f"--database=sqlite:///{tmp_path}/x"]
    done = subprocess.run(
        command, cwd=ROOT, env=environment(), stdout=write, stderr=subprocess.PIPE, check=False
    )
    os.close(write)
    assert (done.returncode, done.stderr) == (141, b"")
