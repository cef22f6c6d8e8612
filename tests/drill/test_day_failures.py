"""The same day, with a server that dies twice in the midst and a console that stops reading."""

import asyncio
import signal
import socket
import subprocess
import sys
from contextlib import AsyncExitStack
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from websockets.asyncio.client import ClientConnection

from backend_client.client import Connection
from backend_client.link import Link
from casework.decider import Actor, Grant
from casework.terms import Role, UserId
from drill.day_hands import Hands
from drill.day_people import begins
from tests.databases import log_url
from tests.drill.day_kit import drill_key, play, shenzhen

ROOT = Path(__file__).parents[2]
CASES = 120
ZONE = ZoneInfo("Asia/Shanghai")
DIES, STUCK, CUT = (9, 14), 10, 12
"""Hours of the day, local time."""
Sockets = dict[Link, list[ClientConnection]]


class Mortal:
    """`watchdesk serve` at one address, killed and started again."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self._arguments = (
            "serve",
            "--practice",
            "--pack=shenzhen",
            f"--database={log_url(folder)}",
            f"--blobs={folder / 'blobs'}",
            f"--drill-key={folder / 'key'}",
            f"--starts={begins(shenzhen()).isoformat()}",
            f"--port={self.port}",
        )
        self.starts = 0
        self.start()

    @property
    def address(self) -> str:
        return f"ws://127.0.0.1:{self.port}"

    def start(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "watchdesk", *self._arguments],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self._process.stdout is not None
        assert self._process.stdout.readline().startswith("ready: ")
        self.starts += 1

    def end(self, how: signal.Signals) -> None:
        self._process.send_signal(how)
        self._process.wait(timeout=30)
        assert self._process.stdout is not None
        self._process.stdout.close()

    def die_and_rise(self) -> None:
        self.end(signal.SIGKILL)
        self.start()


class Misfortune:
    """Hears of each round. The server dies while the next one is played: the kill is under way in
    a thread when its first commands go out."""

    def __init__(self, server: Mortal, stack: AsyncExitStack, sockets: Sockets) -> None:
        self._server, self._stack, self._sockets = server, stack, sockets
        self.desk: Connection
        self.hands: Hands
        self._dying: list[asyncio.Task[None]] = []

    async def told(self, at: datetime, hands: Hands) -> None:
        self.hands = hands
        here = at.astimezone(ZONE)
        if here.minute:
            return
        if here.hour in DIES:
            self._dying.append(asyncio.create_task(asyncio.to_thread(self._server.die_and_rise)))
        elif here.hour == STUCK:
            who = Actor(user=UserId("deaf"), grants=(Grant(role=Role.DISPATCHER),))
            self.desk = await self._stack.enter_async_context(hands.desk(who))
            self._sockets[self.desk.link][-1].transport.pause_reading()
        elif here.hour == CUT:
            self._sockets[self.desk.link][-1].transport.abort()
            await self._is_back()

    async def _is_back(self) -> None:
        """The second death meets a console that reads: one that does not may not notice it."""
        async for _ in self.desk.changes():
            if len(self._sockets[self.desk.link]) > 1:
                return

    async def caught_up(self) -> None:
        await asyncio.gather(*self._dying)
        async for _ in self.desk.changes():
            if self.desk.replica.number >= self.hands.eye.replica.number:
                return


@pytest.fixture
def sockets(monkeypatch: pytest.MonkeyPatch) -> Sockets:
    """The sockets of each link, the last one last."""
    found: Sockets = {}
    real = Link._connect

    async def connect(link: Link) -> ClientConnection:
        socket = await real(link)
        found.setdefault(link, []).append(socket)
        return socket

    monkeypatch.setattr(Link, "_connect", connect)
    return found


@pytest.mark.slow
def test_a_server_that_dies_and_a_console_that_does_not_read_leave_nothing_behind(
    tmp_path: Path, sockets: Sockets
) -> None:
    key = drill_key(tmp_path)
    server = Mortal(tmp_path)

    async def work() -> None:
        async with AsyncExitStack() as stack:
            fate = Misfortune(server, stack, sockets)
            outcome = await play(server.address, key, CASES, fate.told)
            assert (outcome.reported, len(outcome.cases)) == (CASES, CASES)
            assert (outcome.broken, outcome.strays) == ((), ())
            assert outcome.refused.keys() <= {"queue.empty", "case.held", "case.stale"}
            await asyncio.wait_for(fate.caught_up(), timeout=30)
            assert len(sockets[fate.desk.link]) > 2  # it was cut, beside the second death
            seen = {case.id: case.version for case in fate.desk.replica.cases.values()}
            assert seen.keys() == {case.id for case in outcome.cases}

    try:
        asyncio.run(work())
        assert server.starts == 1 + len(DIES)
    finally:
        server.end(signal.SIGTERM)
