"""The site file: what every seat of a centre has in common, and what this one is called.

    seat = "坐席 07"                    # shown in the record; default: the machine's name
    ca_file = "/etc/watchdesk/ca.pem"   # certificates of the servers are signed by this authority …
    ca_alone = true                     # … and by no other one
    language = "zh_CN"                  # until the person chooses
    palette = "night"

    [[servers]]
    url = "wss://centre.example:8765"
    user = ""                           # sign-in name that the card begins with

The machine's file and the person's own are read; a key of the person's own goes before.
"""

import os
import socket
from pathlib import Path
from typing import Annotated, Literal

from msgspec import Meta, Struct
from msgspec.structs import asdict

from backend_client.credentials import Trust, checked_address, trusted
from casework.decider import Refused
from casework.pack.files import Mistakes, read_toml
from watchdesk.failure import DeskError

MACHINE = Path("/etc/watchdesk/site.toml")
Seat = Annotated[str, Meta(min_length=1, max_length=80, pattern=r"^[^\x00-\x1f\x7f]+$")]


class SiteServer(Struct, frozen=True, kw_only=True):
    """`[[servers]]`."""

    url: str
    user: str = ""


class SiteFile(Struct, frozen=True, kw_only=True):
    """The whole file."""

    seat: Seat = ""
    ca_file: str = ""
    ca_alone: bool = True
    language: Literal["", "en", "zh_CN", "zh_HK"] = ""
    palette: Literal["", "day", "night", "safe"] = ""
    servers: tuple[SiteServer, ...] = ()

    @property
    def trust(self) -> Trust:
        """Whose certificates the servers may show."""
        return Trust(ca_file=self.ca_file, alone=self.ca_alone)

    @property
    def seat_name(self) -> str:
        """What the record calls this workstation."""
        return self.seat or socket.gethostname()[:80]


def default_files() -> tuple[Path, ...]:
    """The machine's file and the person's own, those that are there."""
    own = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    return tuple(file for file in (MACHINE, own / "watchdesk" / "site.toml") if file.is_file())


def read_site(given: str | None) -> SiteFile:
    """The site as the named file says, or else the default files, the later before the earlier.

    Raises:
        DeskError: `site.malformed`, each mistake with its file and key.
        OSError: a file cannot be read.
    """
    found = [read_file(file) for file in ([Path(given)] if given else default_files())]
    merged: dict[str, object] = {}
    for each in found:
        blank = SiteFile()
        merged |= {k: v for k, v in asdict(each).items() if v != getattr(blank, k)}
    return SiteFile(**merged)  # type: ignore[arg-type]  # fields of the same struct


def read_file(file: Path) -> SiteFile:
    """One file. Raises: DeskError: `site.malformed`; OSError."""
    mistakes = Mistakes()
    site = read_toml(str(file), file.read_bytes(), SiteFile, mistakes)
    if site is not None:
        _look(str(file), site, mistakes)
    if mistakes.found:
        said = "; ".join(
            f"{mistake.file}, {mistake.place}: {mistake.sentence}" for mistake in mistakes.found
        )
        raise DeskError("site.malformed", f"{said}.")
    assert site is not None  # its absence is a mistake
    return site


def _look(file: str, site: SiteFile, mistakes: Mistakes) -> None:
    """What the types cannot say: addresses, and an authority that can be read."""
    for number, server in enumerate(site.servers):
        try:
            checked_address(server.url)
        except Refused as refused:
            said = {
                "server.address": f"{server.url!r} is not ws:// or wss:// with a host",
                "server.not_encrypted": f"{server.url!r} is another machine; use wss://",
            }
            mistakes.add(file, f"servers[{number}].url", refused.code, said[refused.code])
    try:
        trusted(site.trust)
    except Refused as refused:
        sentence = f"{site.ca_file!r} cannot be used: {refused.detail['problem']}"
        mistakes.add(file, "ca_file", refused.code, sentence)
