"""The site file: servers, authority and seat from one place; every mistake with file and key."""

from pathlib import Path

import pytest

from backend_client.credentials import Trust
from console.app import Server
from watchdesk import desk, site_file
from watchdesk.failure import DeskError
from watchdesk.options import SERVER, parser
from watchdesk.site_file import SiteFile, SiteServer, read_site

from .conftest import Run
from .test_encrypted import certificate

__all__ = ["certificate"]
WHOLE = """\
seat = "坐席 07"
language = "zh_CN"
palette = "night"

[[servers]]
url = "wss://centre.example:8765"
user = "zhang"

[[servers]]
url = "ws://127.0.0.1:8765"
"""


@pytest.fixture(autouse=True)
def _no_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither this machine's file nor this person's."""
    monkeypatch.setattr(site_file, "MACHINE", tmp_path / "etc" / "site.toml")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "own"))


def written(file: Path, text: str) -> str:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")
    return str(file)


def test_a_site_is_read_whole(tmp_path: Path) -> None:
    assert read_site(written(tmp_path / "s.toml", WHOLE)) == SiteFile(
        seat="坐席 07",
        language="zh_CN",
        palette="night",
        servers=(
            SiteServer(url="wss://centre.example:8765", user="zhang"),
            SiteServer(url="ws://127.0.0.1:8765"),
        ),
    )


def test_a_seat_without_a_name_is_called_as_its_machine() -> None:
    assert SiteFile().seat_name


def test_the_persons_own_file_goes_before_the_machines(tmp_path: Path) -> None:
    assert read_site(None) == SiteFile()
    written(tmp_path / "etc" / "site.toml", WHOLE)
    written(tmp_path / "own" / "watchdesk" / "site.toml", 'palette = "safe"\n')
    site = read_site(None)
    assert (site.seat, site.palette, len(site.servers)) == ("坐席 07", "safe", 2)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("seat = 7", "seat"),
        ('seat = ""', "seat"),
        ('seat = "a\\nb"', "seat"),
        ('colour = "red"', "colour"),
        ('palette = "pink"', "palette"),
        ('language = "fr"', "language"),
        ('ca_file = "/nowhere.pem"', "ca_file"),
        ('[[servers]]\nuser = "x"', "servers[0].url"),
        ('[[servers]]\nurl = "http://x"', "servers[0].url"),
        ('[[servers]]\nurl = "ws://centre.example"', "servers[0].url"),
        ("[[servers", "line 1"),
    ],
)
def test_a_mistake_is_named_by_file_and_key(tmp_path: Path, text: str, place: str) -> None:
    file = written(tmp_path / "s.toml", text)
    with pytest.raises(DeskError) as error:
        read_site(file)
    assert error.value.code == "site.malformed"
    assert str(error.value).startswith(f"{file}, {place}")


def servers(*arguments: str, site: SiteFile) -> tuple[Server, ...]:
    return desk._servers(parser().parse_args(["console", *arguments]), site)


def test_the_command_line_goes_before_the_site_and_the_site_before_this_machine() -> None:
    site = SiteFile(servers=(SiteServer(url="wss://centre.example", user="zhang"),))
    assert servers(site=site) == (Server("wss://centre.example", None, "zhang"),)
    assert servers("--user", "li", site=site)[0].user == "li"
    assert servers("--server", "wss://other.example", site=site)[0].address == "wss://other.example"
    assert servers(site=SiteFile())[0].address == SERVER


def test_an_authority_is_believed_alone_or_beside_the_others(
    tmp_path: Path, certificate: Path
) -> None:
    for alone in (True, False):
        text = f'ca_file = "{certificate}"\nca_alone = {str(alone).lower()}\n'
        site = read_site(written(tmp_path / "s.toml", text))
        assert site.trust == Trust(str(certificate), alone)
        assert servers(site=site)[0].trust == site.trust


def test_the_doctor_looks_at_the_site_file(watchdesk: Run, tmp_path: Path) -> None:
    good = written(tmp_path / "s.toml", 'seat = "坐席 07"\n[[servers]]\nurl = "ws://127.0.0.1:9"\n')
    told = watchdesk("doctor", "--site", good).stdout
    assert f"ok    site file {good}: seat 坐席 07" in told
    assert "warn  ws://127.0.0.1:9 does not answer" in told
    bad = written(tmp_path / "bad.toml", "seat = 7\n")
    told = watchdesk("doctor", "--site", bad).stdout
    assert f"fail  site file: {bad}, seat: " in told
    told = watchdesk("doctor", "--site", str(tmp_path / "none.toml")).stdout
    assert "fail  site file" in told
