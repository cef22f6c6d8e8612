"""`watchdesk user` on a stopped log and on a running server: people, lists, one-time passwords."""

import asyncio
import getpass
import io
import stat
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from case_server.server import Settings, serving
from tests.case_server.desk_kit import open_office
from watchdesk.__main__ import main

LIST = """\
user,name,roles,post,job_number,phone
li,李四,受理员; shift_leader,值班长,0712,13800002190
wu,吴五,dispatcher@440301,,,
crew,水务,unit:water,,,
"""


@pytest.fixture
def database(tmp_path: Path) -> str:
    """URL of a real log without anybody."""
    url = f"sqlite:///{tmp_path}/log.db"
    with open_office(url, practice=False):
        pass
    return url


class Told:
    """What one command came to."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err


@pytest.fixture
def user(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> "Run":
    return Run(capsys, monkeypatch)


class Run:
    """Runs `watchdesk user`."""

    def __init__(self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self._capsys, self._monkeypatch = capsys, monkeypatch

    def __call__(self, *arguments: str, given: str = "") -> Told:
        self._monkeypatch.setattr("sys.stdin", io.StringIO(given))
        code = main(["user", *arguments])
        return Told(code, *self._capsys.readouterr())


def listed(folder: Path, text: str = LIST) -> str:
    (folder / "people.csv").write_text(text, "utf-8")
    return str(folder / "people.csv")


# --- lists --------------------------------------------------------------------------------------


def test_a_list_is_imported_once_and_its_passwords_are_their_owners(
    user: Run, database: str, tmp_path: Path
) -> None:
    slips = tmp_path / "slips.txt"
    given = ("import", listed(tmp_path), "--database", database, "--passwords", str(slips))
    first = user(*given)
    assert (first.code, first.out) == (
        0,
        "3 added, 0 changed, 0 as listed already, 0 lines refused\n",
    )
    assert stat.S_IMODE(slips.stat().st_mode) == 0o600
    lines = [line.split("\t") for line in slips.read_text("utf-8").splitlines()]
    assert [(who, name) for who, name, _ in lines] == [
        ("li", "李四"),
        ("wu", "吴五"),
        ("crew", "水务"),
    ]
    assert not any(once in first.out + first.err for *_, once in lines)
    assert user(*given).out == "0 added, 0 changed, 3 as listed already, 0 lines refused\n"


def test_a_dry_run_says_what_it_would_do_and_does_nothing(
    user: Run, database: str, tmp_path: Path
) -> None:
    text = f"{LIST}xu,徐,mayor,,,\nyu,于,dispatcher@1,,,\n"
    dry = user("import", listed(tmp_path, text), "--database", database, "--dry-run")
    assert dry.code == 1
    assert "line 2: li: would be added" in dry.out
    assert "3 would be added" in dry.out
    assert "line 5, column roles: xu: This is no role" in dry.err
    assert dry.err.rstrip().endswith("(area=1) [account.unknown_area]")
    assert user("list", "--database", database).out == ""


def test_the_good_lines_of_a_list_are_taken_and_the_bad_ones_named(
    user: Run, database: str, tmp_path: Path
) -> None:
    text = f"{LIST}xu,徐,mayor,,,\n"
    slips = str(tmp_path / "slips.txt")
    told = user("import", listed(tmp_path, text), "--database", database, "--passwords", slips)
    assert (told.code, told.out) == (
        1,
        "3 added, 0 changed, 0 as listed already, 1 lines refused\n",
    )


def test_what_is_listed_is_a_list_again(user: Run, database: str, tmp_path: Path) -> None:
    slips = str(tmp_path / "slips.txt")
    user("import", listed(tmp_path), "--database", database, "--passwords", slips)
    written = user("list", "--csv", "--database", database).out
    again = user("import", listed(tmp_path, written), "--database", database, "--dry-run")
    assert (
        again.out == "0 would be added, 0 would be changed, 3 as listed already, 0 lines refused\n"
    )


def test_passwords_are_never_written_where_a_log_may_keep_them(
    user: Run, database: str, tmp_path: Path
) -> None:
    told = user("import", listed(tmp_path), "--database", database)
    assert told.code == 2
    assert told.err.rstrip().endswith("[password.nowhere]")
    assert user("list", "--database", database).out == ""


# --- one person ----------------------------------------------------------------------------------


def test_a_person_is_added_changed_disabled_and_let_in_again(user: Run, database: str) -> None:
    there = ("--database", database)
    added = user("add", "li", "--name", "李", "--role", "acceptor", "--area", "440301",
                 "--password-stdin", *there, given="long enough\n")  # fmt: skip
    assert added.out == "li (李) may sign in: acceptor@440301\n"
    assert "own" in user("show", "li", *there).out
    assert user("grant", "li", "--role", "dispatcher; observer", *there).code == 0
    assert "dispatcher; observer" in user("show", "li", *there).out
    assert user("disable", "li", *there).out == "li may not sign in any more\n"
    assert user("disable", "li", *there).err.rstrip().endswith("[account.is_disabled]")
    assert "disabled" in user("list", *there).out
    assert user("enable", "li", *there).out == "li may sign in again\n"


def test_a_reset_writes_a_password_that_must_be_changed(
    user: Run, database: str, tmp_path: Path
) -> None:
    there = ("--database", database)
    user("add", "li", "--name", "李", "--role", "acceptor", "--password-stdin", *there,
         given="long enough\n")  # fmt: skip
    slips = tmp_path / "slip.txt"
    assert user("reset", "li", "--passwords", str(slips), *there).code == 0
    assert slips.read_text("utf-8").startswith("li\t")
    assert "to be changed" in user("show", "li", *there).out


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (
            ("add", "li", "--name", "李", "--role", "mayor", "--password-stdin"),
            "grant.unknown_role",
        ),
        (
            ("add", "Li", "--name", "李", "--role", "acceptor", "--password-stdin"),
            "account.malformed",
        ),
        (("add", "li", "--name", "李", "--role", "unit", "--password-stdin"), "account.unit_grant"),
        (("show", "nobody"), "account.not_found"),
        (("disable", "nobody"), "account.not_found"),
        (("list", "--server", "ws://127.0.0.1:1"), "accounts.where"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(
    user: Run, database: str, arguments: tuple[str, ...], code: str
) -> None:
    told = user(*arguments, "--database", database, given="long enough\n")
    assert told.code == 2
    assert told.err.rstrip().endswith(f"[{code}]")
    assert told.err.count("\n") == 1


def test_an_empty_line_on_stdin_is_no_password(user: Run, database: str) -> None:
    given = ("add", "li", "--name", "李", "--role", "acceptor", "--password-stdin")
    assert "[password.missing]" in user(*given, "--database", database, given="\n").err


def test_a_whole_list_is_never_given_one_password(user: Run, database: str, tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("user,name,roles\nli,李,acceptor\n", "utf-8")
    given = ("import", str(tmp_path / "people.csv"), "--password-stdin", "--database", database)
    with pytest.raises(SystemExit):
        user(*given, given="long enough\n")


def test_roles_tells_how_roles_are_written_and_what_there_is(user: Run, database: str) -> None:
    told = user("roles", "--database", database).out
    assert "派遣员" in told
    assert "440301" in told
    assert "system" not in told
    assert "  water " in told


# --- a running server ----------------------------------------------------------------------------


@contextmanager
def running(database: str) -> Iterator[str]:
    """A server in a thread of its own; the value is its address. Used by other tests, too."""
    ready, over = threading.Event(), asyncio.Event()
    told: list[str] = []
    loops: list[asyncio.AbstractEventLoop] = []

    async def serve() -> None:
        async with serving(Settings(database=database, port=0)) as address:
            loops.append(asyncio.get_running_loop())
            told.append(address)
            ready.set()
            await over.wait()

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    assert ready.wait(30)
    try:
        yield told[0]
    finally:
        loops[0].call_soon_threadsafe(over.set)
        thread.join()


def test_the_same_is_done_on_a_running_server_by_an_administrator(
    user: Run, database: str, tmp_path: Path
) -> None:
    there = ("--database", database)
    user("add", "chief", "--name", "主任", "--role", "administrator", "--password-stdin", *there,
         given="long enough\n")  # fmt: skip
    secret, slips = tmp_path / "secret", tmp_path / "slips.txt"
    secret.write_text("long enough\n", "utf-8")
    with running(database) as address:
        online = ("--server", address, "--user", "chief", "--password-file", str(secret))
        told = user("import", listed(tmp_path), "--passwords", str(slips), *online)
        assert told.out.startswith("3 added")
        assert "wu" in user("list", *online).out
        assert "watchdesk user" in user("show", "chief", *online).out
        own = user("disable", "chief", *online)
        assert own.err.rstrip().endswith("[account.yourself]")
        user("reset", "chief", "--passwords", str(slips), *online)
        secret.write_text(slips.read_text("utf-8").split()[-1], "utf-8")
        assert user("list", *online).err.rstrip().endswith("[password.must_change]")
        assert "[accounts.who]" in user("list", "--server", address).err
    assert user("list", *there).out.count("\n") == 4


def test_the_only_officer_of_a_unit_is_disabled_after_one_more_word_only(
    user: Run, database: str, tmp_path: Path
) -> None:
    """A script has no terminal to be asked at: it says --yes."""
    slips = ("--passwords", str(tmp_path / "slips.txt"))
    assert user("import", listed(tmp_path), "--database", database, *slips).code == 0
    told = user("disable", "crew", "--database", database)
    assert told.code == 2
    assert "crew: the only enabled officer of " in told.err
    assert "0 open cases" in told.err
    assert told.err.rstrip().endswith("[account.units_left]")
    assert "disabled" not in user("show", "crew", "--database", database).out
    assert user("disable", "crew", "--yes", "--database", database).code == 0
    assert user("disable", "li", "--database", database).code == 0


def test_where_nobody_can_be_asked_for_the_password_the_file_is_named(
    user: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def blind(_prompt: str) -> str:
        warnings.warn("Can not control echo on the terminal.", getpass.GetPassWarning, stacklevel=1)
        return ""

    monkeypatch.setattr(getpass, "getpass", blind)
    told = user("list", "--server", "ws://127.0.0.1:1", "--user", "chief")
    assert told.code == 2
    assert told.err.rstrip().endswith("give --password-file. [password.no_terminal]")


def test_a_unit_s_only_officer_gets_other_posts_after_one_more_word_only(
    user: Run, database: str, tmp_path: Path
) -> None:
    slips = ("--passwords", str(tmp_path / "slips.txt"))
    assert user("import", listed(tmp_path), "--database", database, *slips).code == 0
    grant = ("grant", "crew", "--role", "observer", "--database", database)
    told = user(*grant)
    assert told.code == 2
    assert "crew: the only enabled officer of " in told.err
    assert told.err.rstrip().endswith("[account.units_left]")
    assert "unit:" in user("show", "crew", "--database", database).out
    assert user(*grant, "--yes").code == 0
    assert "observer" in user("show", "crew", "--database", database).out
