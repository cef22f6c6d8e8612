"""How many commands a second the desk makes durable, counted where it matters: at the client,
when it has the acknowledgement.

A real server process, real sockets, one listening session a role and a unit, each with its own
grant; every case goes down the whole main line, many cases at a time.
"""

import asyncio
import time
from collections.abc import Iterator
from functools import partial
from itertools import islice

from backend_client import Connection
from benchmarks import limits, practice
from benchmarks.consoles import consoles
from benchmarks.figure import Figure, Goal, Run, in_turns
from benchmarks.served import Served, hot_spots, served
from casework.pack import encode_rules
from casework.wire import Ack
from drill.plan import Link, Plan

HANDS = 256
"""Cases under way at a time; each has one command without an answer."""
UNITS = 12
"""Units that take part, each a session."""
GOAL = Goal(share=0.08)
_WARM = 0.15
"""Part of the cases that goes before the clock starts."""


class _Count:
    """Acknowledgements, and when counting began and ended."""

    def __init__(self, skip: int) -> None:
        self._skip = skip
        self._seen = 0
        self._begun = self._ended = 0.0

    def add(self) -> None:
        self._seen += 1
        if self._seen == self._skip:
            self._begun = time.perf_counter()
        self._ended = time.perf_counter()

    @property
    def rate(self) -> float:
        return (self._seen - self._skip) / (self._ended - self._begun)


def measure(run: Run) -> Iterator[Figure]:
    """SQLite, then PostgreSQL where it is installed."""
    rows = limits.rows()
    plans = _plans(run.size(1500, 60))
    seconds = 2.0 if not run.quick else 0.2
    values, bare = in_turns(
        run,
        lambda: _rate(run, f"sqlite:///{run.folder}/desk-{time.monotonic_ns()}.db", plans),
        lambda: limits.sqlite_loop(run, rows, seconds),
    )
    name, limit = "durable commands, SQLite", "bare sqlite3 loop"
    yield _figure(name, limit, values, bare, len(plans))
    if run.postgres is None:
        return
    server = run.postgres
    values, bare = in_turns(
        run,
        lambda: _rate(run, server.new_database(), plans),
        lambda: limits.postgres_loop(server.new_database(), rows, seconds),
    )
    name, limit = "durable commands, PostgreSQL", "bare psycopg loop, unnest"
    yield _figure(name, limit, values, bare, len(plans))


def _figure(
    name: str, limit: str, values: tuple[float, ...], bare: tuple[float, ...], cases: int
) -> Figure:
    notes = {"cases": str(cases), "at a time": str(HANDS), "batch": str(limits.BATCH)}
    return Figure(
        name=name, unit="/s", values=values, limit=limit, limits=bare, goal=GOAL, notes=notes
    )


def _plans(count: int) -> list[Plan]:
    """Lives whose units are few, so that sessions are too."""
    units: set[object] = set()
    chosen: list[Plan] = []
    for plan in practice.main_line():
        own = {link.unit for link in plan.links if link.unit}
        if len(units | own) <= UNITS:
            units |= own
            chosen.append(plan)
        if len(chosen) == count:
            return chosen
    raise AssertionError("the practice city never ends")


def _rate(run: Run, database: str, plans: list[Plan]) -> float:
    rules = encode_rules(practice.rules())
    with served(run.folder, database, rules, profile=run.profile) as at:
        work = partial(asyncio.run, work_through(at, plans))
        if run.profile != "client":
            return work()
        rates: list[float] = []
        hot_spots(lambda: rates.append(work()), "client")
        return rates[0]


async def work_through(at: Served, plans: list[Plan]) -> float:
    """Acknowledged commands a second, once warm."""
    waiting = iter(plans)
    commands = sum(len(plan.links) for plan in plans)
    counted = _Count(int(commands * _WARM))
    posts = {(link.role, link.unit) for plan in plans for link in plan.links}
    async with consoles(at, *posts) as sessions:

        async def hand() -> None:
            for plan in waiting:
                ack: Ack | None = None
                for link in plan.links:
                    ack = await _act(sessions[link.role, link.unit], link, ack)
                    counted.add()

        await asyncio.gather(*(hand() for _ in islice(plans, HANDS)))
    return counted.rate


async def _act(session: Connection, link: Link, before: Ack | None) -> Ack:
    return await session.ask(
        link.command,
        role=link.role,
        stream=before.stream if before else "",
        base_version=before.version if before else 0,
    )
