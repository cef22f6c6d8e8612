"""A case server in a process of its own, as it runs in a centre; `python -m benchmarks.served`.

With `--profile desk` or `hub` it prints the hot spots of that thread when it is stopped.
"""

import argparse
import asyncio
import cProfile
import pstats
import secrets
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from benchmarks.practice import LOG, START
from case_server import desk, server

TOP = 20
THREADS = ("desk", "hub", "client")


class Served(NamedTuple):
    """Where a running server is found, and the key that signs practice people in."""

    address: str
    key: bytes


@contextmanager
def served(
    folder: Path,
    database: str,
    rules_bytes: bytes,
    *,
    starts: datetime = START,
    profile: str = "",
) -> Iterator[Served]:
    """A practice server on `database`; a new log begins with these rules at `starts`."""
    key, key_file, rules_file = secrets.token_bytes(32), folder / "drill.key", folder / "rules.json"
    key_file.write_bytes(key)
    rules_file.write_bytes(rules_bytes)
    command = [sys.executable, "-m", "benchmarks.served", database, str(key_file), str(rules_file)]
    command += [starts.isoformat(), "--profile", profile]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        address = process.stdout.readline().strip()
        if not address:
            raise RuntimeError("the measured server did not start; see its words above")
        yield Served(address, key)
    finally:
        process.send_signal(signal.SIGTERM)
        print(process.stdout.read(), end="")
        process.wait()
        process.stdout.close()


def hot_spots(work: Callable[[], object], what: str) -> None:
    """Do `work` and print where its time went."""
    profile = cProfile.Profile()
    try:
        profile.runcall(work)
    finally:
        print(f"--- hot spots of the {what}")
        pstats.Stats(profile).sort_stats("tottime").print_stats(TOP)


def main() -> None:
    parser = argparse.ArgumentParser()
    for name in ("database", "key", "rules", "starts"):
        parser.add_argument(name)
    parser.add_argument("--profile", choices=("", *THREADS), default="")
    given = parser.parse_args()
    settings = server.Settings(
        database=given.database,
        blobs=given.key + ".blobs",
        port=0,
        practice=True,
        rules_bytes=Path(given.rules).read_bytes(),
        log=LOG,
        drill_key_file=given.key,
        starts=datetime.fromisoformat(given.starts),
    )

    def run() -> None:
        asyncio.run(server.run(settings, lambda address: print(address, flush=True)))

    if given.profile == "desk":
        _profile_desk()
    if given.profile == "hub":
        hot_spots(run, "hub's thread")
    else:
        run()


def _profile_desk() -> None:
    """A profile sees one thread: begin it where the desk's thread begins."""
    whole = desk.Desk._run  # noqa: SLF001  the thread's own function

    def profiled(self: desk.Desk) -> None:
        hot_spots(lambda: whole(self), "desk's thread")

    desk.Desk._run = profiled  # type: ignore[method-assign]  # noqa: SLF001  as above


if __name__ == "__main__":
    main()
