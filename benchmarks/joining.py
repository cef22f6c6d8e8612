"""How long a console waits for its first whole picture: from the handshake until every visible case
is folded. The limit carries as many bytes over a bare websocket."""

import asyncio
import time
from collections.abc import Iterator

import msgspec

from backend_client import connect, drill_token
from benchmarks import limits, practice
from benchmarks.figure import Figure, Run
from benchmarks.filling import filled, last_instant
from benchmarks.served import Served, served
from case_server.audiences import PART
from casework.pack import encode_rules
from casework.terms import Role
from drill.troupe import bot

SIZES = (3_000, 10_000)


def measure(run: Run) -> Iterator[Figure]:
    """An ordinary day's open cases, and a bad day's."""
    for size in SIZES:
        told = practice.open_cases(run.size(size, size // 20))
        weight = sum(len(msgspec.json.encode(case)) for case in told.states.values())
        url = f"sqlite:///{run.folder}/joining-{size}.db"
        with filled(url, told):
            pass  # a server will open it
        rules = encode_rules(practice.rules())
        with served(run.folder, url, rules, starts=last_instant(told)) as at:
            values, bare = asyncio.run(_rounds(run, at, len(told.states), weight))
        yield Figure(
            name=f"join with {len(told.states):,} open cases",
            unit="ms",
            values=values,
            limit=f"bare websocket, {weight / 1e6:.1f} MB",
            limits=bare,
        )


async def _rounds(
    run: Run, at: Served, cases: int, weight: int
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    values, bare = [], []
    async with limits.echoing() as echo:
        for number in range(run.rounds):
            bare.append(await limits.transfer_milliseconds(echo, weight, PART))
            values.append(await _join(at, cases, number))
    return tuple(values), tuple(bare)


async def _join(at: Served, cases: int, number: int) -> float:
    who = bot(Role.OBSERVER)
    token = drill_token(at.key, who.user, who.user, who.grants)
    begun = time.perf_counter()
    async with connect(at.address, drill=token, device=f"join-{number}") as connection:
        taken = (time.perf_counter() - begun) * 1000
        assert len(connection.replica.picture().upserted) == cases
    return taken
