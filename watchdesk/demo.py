"""`watchdesk demo`: server, practice city and desk in one.

The server and the bots run in processes of their own and end with this one.
"""

import shutil
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from drill.city import City
from drill.opening import begins
from watchdesk import bots, desk, identities, places, serve
from watchdesk.children import Child
from watchdesk.failure import DeskError

SPEED, SPEED_UNSEEN = 1.0, 20.0
"""City seconds a second, with a screen and without."""
SECONDS = 30.0
"""How long a desk without a screen looks at the city."""
PICTURES = "out"
KEPT = ("demo.sqlite", "demo.sqlite-wal", "demo.sqlite-shm", "demo.drill-key", "demo.drafts")
UNITS = ("greening", "traffic_police", "street_team@440304001")
"""Units that may be chosen in the desk; any other by `--as unit:ID`."""


def run(options: Namespace) -> int:
    """Run the demo until the window is closed.

    Raises: DeskError, PackError.
    """
    identities.grants_of(options.post)
    screen = desk.has_screen()
    if not screen:
        print("No display here: the desk runs off-screen and photographs itself.", flush=True)
        desk.without_screen()
    if options.speed is None:
        options.speed = SPEED if screen else SPEED_UNSEEN
    data = Path(options.data)
    if options.fresh:
        _forget(data)
    with _city(options, data) as (address, key):
        return _open(options, address, key, screen=screen)


@contextmanager
def _city(options: Namespace, data: Path) -> Iterator[tuple[str, Path]]:
    """A server and a living city; their address and drill key."""
    rules = places.pack(options.pack)
    key = data / "demo.drill-key"
    with Child(
        "serve",
        "--practice",
        f"--pack={options.pack}",
        f"--database=sqlite:///{data / 'demo.sqlite'}",
        f"--drill-key={key}",
        f"--starts={begins(City(rules)).isoformat()}",
        "--port=0",
    ) as server:
        address = server.line(serve.READY)
        print(f"Server ready at {address}; the morning's cases come in …", flush=True)
        with Child(
            "city", f"--server={address}", f"--drill-key={key}", f"--speed={options.speed}"
        ) as city:
            print(f"The city lives; open cases: {city.line(bots.OPEN)}.", flush=True)
            print(f"Another desk: {_another(address, key)}", flush=True)
            yield address, key


def _another(address: str, key: Path) -> str:
    return f"watchdesk console --server {address} --drill-key {key} --as dispatcher"


def _open(options: Namespace, address: str, key_file: Path, *, screen: bool) -> int:
    from console.app import Options, PracticeIdentity, Server, run_console  # the demo's Qt

    key = places.drill_key(key_file)
    posts = identities.identities(key, options.post, UNITS)
    pictures = desk.pictures_folder(options.screenshot or (None if screen else PICTURES))
    outcome = run_console(
        Options(
            servers=(Server(address, posts[0][1]),),
            identities=tuple(PracticeIdentity(name, who) for name, who in posts),
            language=options.language or "",
            palette=options.palette or "",
            screenshot_dir=pictures,
            drafts_file=key_file.with_suffix(".drafts") if pictures is None else None,
            seconds=options.seconds or (SECONDS if pictures else 0.0),
        )
    )
    return desk.account(outcome)


def _forget(data: Path) -> None:
    """Begin anew: only the demo's own files are removed.

    Raises: DeskError: `demo.in_use` when another demo has them.
    """
    shutil.rmtree(data / "demo.sqlite.blobs", ignore_errors=True)
    for name in KEPT:
        try:
            (data / name).unlink(missing_ok=True)
        except OSError as error:
            sentence = f"{data / name} cannot be removed: {error.strerror}."
            raise DeskError("demo.in_use", sentence) from error
