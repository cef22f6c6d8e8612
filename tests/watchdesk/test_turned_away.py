"""What a command cannot do is said in one sentence with its code, before anything is begun."""

import asyncio
from pathlib import Path

import pytest

from backend_client.credentials import Credentials, drill_token
from case_server.server import Settings, serving
from casework.decider import Grant, Refused
from casework.pack import encode_rules
from casework.terms import Role
from drill.replay import Reckoning
from tests.case_server.desk_kit import RULES
from watchdesk import demo, replay
from watchdesk.__main__ import main
from watchdesk.children import Child
from watchdesk.failure import DeskError
from watchdesk.register_doors import socket_door

from .conftest import ROOT
from .test_replay import HEADER


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ("import old.csv --mapping nowhere --dry-run --pack shenzhen", "mapping.not_found"),
        ("import old.csv --mapping generic --dry-run --pack shenzhen", "import.no_system"),
        ("import old.csv --mapping teamax", "import.who"),
        ("pack build old.csv --mapping generic --out here", "records.none"),
    ],
)
def test_what_is_missing_is_named(
    arguments: str,
    code: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "old.csv").write_text(",".join(HEADER))
    assert main(arguments.split()) == 2
    assert capsys.readouterr().err.rstrip().endswith(f"[{code}]")


def test_a_demo_whose_files_cannot_be_removed_says_which(tmp_path: Path) -> None:
    (tmp_path / demo.KEPT[0]).mkdir()
    with pytest.raises(DeskError, match=demo.KEPT[0]) as wrong:
        demo._forget(tmp_path)
    assert wrong.value.code == "demo.in_use"


@pytest.fixture
def ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Child:
    """A server that could not begin."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.chdir(tmp_path)
    with Child("serve", "--pack=atlantis", "--database=sqlite:///a.db") as child:
        with pytest.raises(DeskError) as wrong:
            child.line("ready: ")
        assert wrong.value.code == "child.ended"
    return child


def test_a_server_of_ones_own_that_ended_is_not_waited_for(ended: Child) -> None:
    async def forever() -> Reckoning:
        await asyncio.Event().wait()
        raise AssertionError

    with pytest.raises(DeskError) as wrong:
        asyncio.run(replay._while_runs(ended, forever()))
    assert wrong.value.code == "replay.server_ended"


def test_only_an_administrator_brings_components_in(tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_bytes(b"k" * 32)
    settings = Settings(
        database=f"sqlite:///{tmp_path}/log.db",
        port=0,
        practice=True,
        rules_bytes=encode_rules(RULES),
        drill_key_file=str(key),
    )

    async def knock(role: Role) -> None:
        async with serving(settings) as address:
            token = drill_token(key.read_bytes(), "li", "李", [Grant(role=role)])
            async with socket_door(address, Credentials(drill=token)):
                pass

    asyncio.run(knock(Role.ADMINISTRATOR))
    with pytest.raises(Refused) as wrong:
        asyncio.run(knock(Role.ACCEPTOR))
    assert wrong.value.code == "component.administrators_only"
