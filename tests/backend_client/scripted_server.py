"""A websocket server of a few lines that plays a script, so that a link can be tested alone."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from http import HTTPStatus

import msgspec
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from backend_client.notices import Notice
from backend_client.pace import Pace
from casework.wire import Hello, Message, encode, read_from_client

QUICK = Pace(heartbeat=0.1, seen=0.05, least_wait=0.005, most_wait=0.02)
"""Nothing here waits for a real second."""

Script = Callable[["Visitor"], Awaitable[None]]


class Visitor:
    """One accepted socket."""

    def __init__(self, socket: ServerConnection, hello: Hello) -> None:
        self.socket = socket
        self.hello = hello

    async def say(self, *messages: Message) -> None:
        for message in messages:
            await self.socket.send(encode(message), text=True)

    async def hear(self, kind: type[Message]) -> Message:
        """The next message of a kind; others are passed over."""
        while True:
            message = read_from_client(await self.socket.recv())
            if isinstance(message, kind):
                return message

    async def stay(self) -> None:
        """Say nothing until the client leaves."""
        async for _ in self.socket:
            pass

    def cut(self) -> None:
        """Break the connection without a word."""
        self.socket.transport.abort()


class ScriptedServer:
    """Plays one script a connection; the last one again and again."""

    def __init__(self, *scripts: Script) -> None:
        self.scripts = list(scripts)
        self.headers: list[str] = []
        self.hellos: list[Hello] = []
        self.refuses: dict[str, tuple[HTTPStatus, str]] = {}
        """First word of the Authorization header → status and code."""
        self.address = ""

    async def admit(self, connection: ServerConnection, request: Request) -> Response | None:
        assert "Origin" not in request.headers
        assert "Sec-WebSocket-Extensions" not in request.headers
        header = request.headers["Authorization"]
        self.headers.append(header)
        refusal = self.refuses.get(header.split()[0])
        if refusal is None:
            return None
        status, code = refusal
        return connection.respond(status, msgspec.json.encode({"code": code}).decode())

    async def handle(self, socket: ServerConnection) -> None:
        hello = read_from_client(await socket.recv())
        assert isinstance(hello, Hello)
        self.hellos.append(hello)
        script = self.scripts.pop(0) if len(self.scripts) > 1 else self.scripts[0]
        with suppress(ConnectionClosed):  # that the client leaves is no fault of the script
            await script(Visitor(socket, hello))


@asynccontextmanager
async def serving(*scripts: Script) -> AsyncIterator[ScriptedServer]:
    """A scripted server on a free port of this machine."""
    server = ScriptedServer(*scripts)
    async with serve(
        server.handle, "127.0.0.1", 0, process_request=server.admit, ping_interval=None
    ) as running:
        port = next(iter(running.sockets)).getsockname()[1]
        server.address = f"ws://127.0.0.1:{port}"
        yield server


class Listener:
    """Keeps what a link tells, and waits for what it has not told yet."""

    def __init__(self) -> None:
        self.notices: list[Notice] = []
        self._news = asyncio.Event()

    def __call__(self, notice: Notice) -> None:
        self.notices.append(notice)
        self._news.set()

    async def until(self, is_it: Callable[[Notice], bool]) -> Notice:
        """The first notice that is it, told already or later."""
        async with asyncio.timeout(10):
            while True:
                found = next((notice for notice in self.notices if is_it(notice)), None)
                if found is not None:
                    return found
                self._news.clear()
                await self._news.wait()
