"""How long until another console sees a change: from the moment one session sends its command to
the moment the change is in another session's hands, folded, over two sockets and a commit.

The limit is a frame's way there and back on one socket, with nothing done at the other end.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from itertools import cycle, islice

from backend_client import Connection
from benchmarks import limits, practice
from benchmarks.consoles import consoles
from benchmarks.figure import Figure, Goal, Run, percentile
from benchmarks.served import Served, served
from casework.acts import AddNote, ReportCase
from casework.pack import encode_rules
from casework.terms import Role

SAMPLES = 300
BUSY = 50
"""Cases that others change each second."""
KNOWN = 200
"""Cases that are changed in turn."""
PAUSE = 0.02
PATIENCE = 10.0
"""Seconds after which a change is taken as never told: an error, not a figure."""
SHARE = 0.99
GOAL = Goal(most=200)


def measure(run: Run) -> Iterator[Figure]:
    """A quiet desk, then a busy one."""
    samples = run.size(SAMPLES, 20)
    rules = encode_rules(practice.rules())
    with served(run.folder, f"sqlite:///{run.folder}/news.db", rules) as at:
        for name, rate in (("at rest", 0), (f"while {BUSY} cases/s change", BUSY)):
            values, bare = asyncio.run(_rounds(run, at, samples, rate))
            yield Figure(
                name=f"another console sees a change, p99, {name}",
                unit="ms",
                values=values,
                limit="bare websocket echo, p99",
                limits=bare,
                goal=GOAL,
                notes={"samples": str(samples)},
            )


async def _rounds(
    run: Run, at: Served, samples: int, rate: int
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    values, bare = [], []
    posts = [(role, None) for role in (Role.ACCEPTOR, Role.OBSERVER, Role.INSPECTOR)]
    async with limits.echoing() as echo, consoles(at, *posts) as sessions:
        acting, watching, others = (sessions[post] for post in posts)
        for _ in range(run.rounds):
            bare.append(await limits.echo_milliseconds(echo, samples, SHARE))
            async with _busy(others, rate):
                values.append(await _delay(acting, watching, samples))
    return tuple(values), tuple(bare)


async def _delay(acting: Connection, watching: Connection, samples: int) -> float:
    """Milliseconds from the command to the other's change, of `samples` reports."""
    seen: dict[str, asyncio.Future[float]] = {}

    async def watch() -> None:
        async for change in watching.changes():
            now = time.perf_counter()
            for case in change.upserted:
                if case.reference in seen and not seen[case.reference].done():
                    seen[case.reference].set_result(now)

    watcher = asyncio.ensure_future(watch())
    await asyncio.sleep(0)
    taken = []
    for report in islice(_reports(f"news-{time.monotonic_ns()}"), samples):
        arrived = seen[report.reference] = asyncio.get_running_loop().create_future()
        begun = time.perf_counter()
        answer = acting.post(report, role=Role.ACCEPTOR)
        taken.append((await asyncio.wait_for(arrived, PATIENCE) - begun) * 1000)
        await answer
        await asyncio.sleep(PAUSE)
    watcher.cancel()
    with suppress(asyncio.CancelledError):
        await watcher
    return percentile(taken, SHARE)


def _reports(mark: str) -> Iterator[ReportCase]:
    for number, plan in enumerate(practice.main_line()):
        first = plan.links[0].command
        assert isinstance(first, ReportCase)
        yield ReportCase(
            kind=first.kind,
            code=first.code,
            condition=first.condition,
            source=first.source,
            point=first.point,
            reference=f"{mark}-{number}",
            personal=first.personal,
        )


@asynccontextmanager
async def _busy(other: Connection, rate: int) -> AsyncIterator[None]:
    """Somebody else changes `rate` cases a second meanwhile."""
    if not rate:
        yield
        return
    known = [
        await other.ask(report, role=Role.INSPECTOR)
        for report in islice(_reports(f"busy-{time.monotonic_ns()}"), KNOWN)
    ]

    async def work() -> None:
        for ack in cycle(known):
            due = time.perf_counter() + 1 / rate
            await other.ask(AddNote(opinion="处理中"), stream=ack.stream, role=Role.INSPECTOR)
            await asyncio.sleep(max(0, due - time.perf_counter()))

    working = asyncio.ensure_future(work())
    yield
    working.cancel()
    with suppress(asyncio.CancelledError):
        await working
