"""A simulated day on a server of the test's own."""

import asyncio
import os
from datetime import timedelta
from pathlib import Path

import resources
from case_server.server import Settings, serving
from casework.pack import encode_rules, read_pack
from casework.rulebook import RuleBook
from casework.terms import Role
from drill.city import City
from drill.day import Day, Told, unheard
from drill.day_outcome import Outcome
from drill.day_people import begins
from drill.troupe import Troupe
from watchdesk.day_screen import Boxes

OPERATORS = {Role.ACCEPTOR: 4, Role.SHIFT_LEADER: 4, Role.DISPATCHER: 4}


def shenzhen() -> RuleBook:
    folder = resources.root() / "cities" / "shenzhen"
    return read_pack({entry.name: entry.read_bytes() for entry in folder.iterdir()})


def drill_key(folder: Path) -> bytes:
    """A fresh key in a file of the folder, readable by its owner only."""
    file = folder / "key"
    file.write_bytes(os.urandom(32))
    file.chmod(0o600)
    return file.read_bytes()


async def play(address: str, key: bytes, cases: int, told: Told = unheard) -> Outcome:
    """A day of twelve operators, in rounds of ten minutes."""
    rules = shenzhen()
    boxes = Boxes(rules)
    async with Troupe(address, key) as troupe:
        day = Day(troupe, key, City(rules), OPERATORS)
        return await day.run(cases, timedelta(minutes=10), boxes, told)


def played(folder: Path, url: str, cases: int) -> Outcome:
    rules, key = shenzhen(), drill_key(folder)
    settings = Settings(
        database=url,
        blobs=str(folder / "blobs"),
        port=0,
        practice=True,
        rules_bytes=encode_rules(rules),
        drill_key_file=str(folder / "key"),
        starts=begins(rules),
    )

    async def serve_and_play() -> Outcome:
        async with serving(settings) as address:
            return await play(address, key, cases)

    return asyncio.run(serve_and_play())
