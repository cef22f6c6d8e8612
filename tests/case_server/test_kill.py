"""Whatever was acknowledged is in the journal, once, however often the server dies."""

import asyncio
import random
import signal
import socket
import subprocess
import sys
import tempfile
from collections import Counter
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import select

from backend_client import Connection, connect, drill_token
from case_server.database import open_database
from case_server.tables import command_result, event
from casework.decider import Actor
from casework.envelope import leaf, read_envelope
from casework.wire import Ack
from tests.case_server.desk_kit import ACCEPTOR, MAIN_LINE, report
from tests.databases import log_url

ROOT = Path(__file__).resolve().parents[2]
KILLS = 20
HANDS = 24
"""Cases worked on at once."""


@dataclass
class Doomed:
    """A server process that is killed and started again at the same address."""

    folder: Path
    url: str
    flags: tuple[str, ...] = ()
    port: int = 0
    process: subprocess.Popen[str] | None = None
    starts: int = 0
    key: bytes = field(default=b"k" * 32)

    def __post_init__(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        (self.folder / "drill.key").write_bytes(self.key)
        (self.folder / "drill.key").chmod(0o600)

    @property
    def address(self) -> str:
        return f"ws://127.0.0.1:{self.port}"

    def start(self) -> None:
        command = [sys.executable, "-m", "tests.case_server.killable", self.url, str(self.port)]
        self.process = subprocess.Popen(
            [*command, str(self.folder / "drill.key"), *self.flags],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        assert self.process.stdout.readline().startswith("ws://")
        self.starts += 1

    def end(self, how: signal.Signals) -> None:
        assert self.process is not None
        self.process.send_signal(how)
        self.process.wait(timeout=30)
        assert self.process.stdout is not None
        self.process.stdout.close()


async def sessions(stack: AsyncExitStack, doomed: Doomed) -> dict[str, Connection]:
    """One session a role, each holding only that role."""
    people = {actor.user: actor for actor, _ in ((ACCEPTOR, None), *MAIN_LINE)}
    return {
        user: await stack.enter_async_context(
            connect(
                doomed.address,
                drill=drill_token(doomed.key, user, user, actor.grants),
                device=user,
            )
        )
        for user, actor in people.items()
    }


async def work(
    desks: dict[str, Connection], acked: list[tuple[Actor, str, Ack]], heard: asyncio.Queue[None]
) -> None:
    """Take case after case down the main line, and note what was acknowledged."""
    try:
        await work_on(desks, acked, heard)
    finally:
        heard.put_nowait(None)  # whoever waits for an acknowledgement looks up


async def work_on(
    desks: dict[str, Connection], acked: list[tuple[Actor, str, Ack]], heard: asyncio.Queue[None]
) -> None:
    while True:
        id = f"{len(acked):08}-{random.getrandbits(64):016x}"
        ack = await desks[ACCEPTOR.user].ask(report(), role=ACCEPTOR.grants[0].role, id=id)
        acked.append((ACCEPTOR, id, ack))
        heard.put_nowait(None)
        for actor, command in MAIN_LINE:
            id = f"{len(acked):08}-{random.getrandbits(64):016x}"
            ack = await desks[actor.user].ask(
                command,
                role=actor.grants[0].role,
                stream=ack.stream,
                base_version=ack.version,
                id=id,
            )
            acked.append((actor, id, ack))
            heard.put_nowait(None)


async def endure(
    doomed: Doomed, kills: int, seed: int
) -> tuple[list[tuple[Actor, str, Ack]], list[BaseException]]:
    """Work through `kills` sudden deaths at random instants, or until somebody is told nonsense.

    What was acknowledged meanwhile, and what ended a hand before it was told to stop.
    """
    dice = random.Random(seed)
    acked: list[tuple[Actor, str, Ack]] = []
    doomed.start()
    async with AsyncExitStack() as stack:
        desks = await sessions(stack, doomed)
        heard: asyncio.Queue[None] = asyncio.Queue()
        hands = [asyncio.create_task(work(desks, acked, heard)) for _ in range(HANDS)]
        try:
            for _ in range(kills):
                # the instant: after a random number of further acknowledgements
                for _ in range(dice.randint(1, 120)):
                    await asyncio.wait_for(heard.get(), timeout=15)
                if any(hand.done() for hand in hands):
                    break
                await asyncio.to_thread(doomed.end, signal.SIGKILL)
                await asyncio.to_thread(doomed.start)
        except TimeoutError:
            pass  # nobody is answered any more: the caller counts the starts
        finally:
            for hand in hands:
                hand.cancel()
            ends = await asyncio.gather(*hands, return_exceptions=True)
    await asyncio.to_thread(doomed.end, signal.SIGTERM)
    broken = [end for end in ends if end and not isinstance(end, asyncio.CancelledError)]
    return acked, broken


def lost(url: str, acked: list[tuple[Actor, str, Ack]]) -> list[str]:
    """Acknowledged commands that the journal does not hold exactly once where the ack says."""
    database = open_database(url)
    try:
        with database.read() as connection:
            rows = list(
                connection.execute(
                    select(event.c.number, event.c.written, event.c.leaf).order_by(event.c.number)
                )
            )
            results = {
                (row.device, row.id): row.number
                for row in connection.execute(select(command_result))
            }
    finally:
        database.close()
    assert [row.number for row in rows] == list(range(1, len(rows) + 1)), "the journal has a gap"
    assert all(leaf(bytes(row.written)) == bytes(row.leaf) for row in rows)
    envelopes = [read_envelope(bytes(row.written)) for row in rows]
    assert all(
        after.prev == bytes(row.leaf).hex()
        for (row, _), (_, after) in pairwise(zip(rows, envelopes, strict=True))
    )
    times = Counter((envelope.device, envelope.cmd) for envelope in envelopes)
    at = {(envelope.device, envelope.cmd): envelope.number for envelope in envelopes}
    return [
        id
        for actor, id, ack in acked
        if (times[actor.device, id], at.get((actor.device, id)), results.get((actor.device, id)))
        != (1, ack.number, ack.number)
    ]


@pytest.mark.slow
def test_no_acknowledged_command_is_lost_or_doubled_by_kill_9(database_url: str) -> None:
    kills = KILLS if database_url.startswith("sqlite") else KILLS // 2
    with tempfile.TemporaryDirectory() as folder:
        doomed = Doomed(Path(folder), database_url)
        acked, broken = asyncio.run(endure(doomed, kills, seed=20080613))
    assert broken == []
    assert doomed.starts == kills + 1
    assert len(acked) > kills
    assert lost(database_url, acked) == []


@pytest.mark.slow
def test_the_same_test_sees_an_answer_that_comes_before_the_commit(tmp_path: Path) -> None:
    url = log_url(tmp_path, "broken")
    doomed = Doomed(tmp_path, url, flags=("--ack-first",))
    acked, _ = asyncio.run(endure(doomed, KILLS, seed=1))
    assert lost(url, acked) != []
