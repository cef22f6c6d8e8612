"""A case server on loopback and guests with raw sockets, who keep every byte they are sent."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from typing import TypeVar

from websockets.asyncio.client import ClientConnection, connect

from backend_client.credentials import drill_token
from case_server.server import Settings, serving
from case_server.session import Limits
from casework.decider import Actor, Command, Grant
from casework.pack import encode_rules
from casework.queries import Query
from casework.terms import CaseId, Role
from casework.wire import (
    PROTOCOL,
    Ack,
    Ask,
    Bye,
    Events,
    Fetch,
    Hello,
    Message,
    Nack,
    Passwords,
    Reply,
    Resume,
    Snapshot,
    Welcome,
    encode,
    read_case,
    read_from_server,
)
from tests.case_server.desk_kit import BIRTH, LOG, RULES
from tests.databases import log_url

KEY = b"the drill key of a practice log"
Kind = TypeVar("Kind", bound=Message)
_ids = count(1)


def settings(folder: Path, limits: Limits | None = None, **changes: object) -> Settings:
    """A practice log in `folder`, on a free port."""
    key = folder / "drill.key"
    key.write_bytes(KEY)
    fields: dict[str, object] = {
        "database": log_url(folder),
        "blobs": str(folder / "blobs"),
        "port": 0,
        "practice": True,
        "rules_bytes": encode_rules(RULES),
        "log": LOG,
        "drill_key_file": str(key),
        "starts": BIRTH,
        "limits": limits or Limits(),
    }
    return Settings(**{**fields, **changes})  # type: ignore[arg-type]  # a test's own fields


def in_time(work: Callable[[], Awaitable[None]], seconds: float = 60) -> None:
    """Run a test's coroutine in a loop of its own, but not for ever."""

    async def limited() -> None:
        async with asyncio.timeout(seconds):
            await work()

    asyncio.run(limited())


def drill(actor: Actor) -> dict[str, str]:
    """The handshake header of a drill person."""
    return {"Authorization": f"Drill {drill_token(KEY, actor.user, actor.user, actor.grants)}"}


class Guest:
    """A client that folds nothing: it only notes what came."""

    def __init__(self, socket: ClientConnection, device: str) -> None:
        self.socket = socket
        self.device = device
        self.frames: list[str] = []

    async def say(self, message: Message) -> None:
        await self.socket.send(encode(message).decode())

    async def hello(self, resume: Resume | None = None, protocol: int = PROTOCOL) -> Welcome:
        await self.say(Hello(protocol=protocol, device=self.device, resume=resume))
        return await self.until(Welcome)

    async def next(self) -> Message:
        """The next frame, noted and read."""
        frame = await self.socket.recv()
        assert isinstance(frame, str)
        self.frames.append(frame)
        return read_from_server(frame)

    async def until(self, kind: type[Kind], good: Callable[[Kind], bool] = lambda _: True) -> Kind:
        """The next message of this kind that is good."""
        while True:
            message = await self.next()
            if isinstance(message, kind) and good(message):
                return message

    async def snapshot(self) -> set[CaseId]:
        """Every part of the snapshot."""
        seen: set[CaseId] = set()
        while True:
            part = await self.until(Snapshot)
            seen |= {read_case(raw).id for raw in part.cases}
            if part.part == part.parts:
                return seen

    async def told(self, number: int) -> list[Events]:
        """Everything up to this number."""
        events = []
        while True:
            message = await self.until(Events)
            events.append(message)
            if message.last >= number:
                return events

    async def ask(
        self,
        role: Role,
        command: Command,
        stream: str = "",
        version: int = 0,
        passwords: Passwords | None = None,
        id: str = "",
    ) -> Ack | Nack:
        """Give a command and wait for its answer."""
        asked = id or f"guest-command-{next(_ids):06}"
        await self.say(
            Ask(
                id=asked,
                role=role,
                command=command,
                stream=stream,
                base_version=version,
                passwords=passwords,
            )
        )
        while True:
            message = await self.next()
            if isinstance(message, Ack | Nack) and message.id == asked:
                return message

    async def accepted(
        self,
        role: Role,
        command: Command,
        stream: str = "",
        version: int = 0,
        passwords: Passwords | None = None,
    ) -> Ack:
        answer = await self.ask(role, command, stream, version, passwords)
        assert isinstance(answer, Ack), answer
        return answer

    async def accepted_often(self, role: Role, command: Command, stream: str, times: int) -> Ack:
        """Give an additive command many times, without waiting between; the last answer."""
        ids = [f"guest-command-{next(_ids):06}" for _ in range(times)]

        async def give() -> None:
            for asked in ids:
                await self.say(Ask(id=asked, role=role, command=command, stream=stream))

        giving = asyncio.create_task(give())
        answer = await self.until(Ack, lambda ack: ack.id == ids[-1])
        await giving
        return answer

    async def fetch(self, query: Query) -> Reply:
        ref = next(_ids)
        await self.say(Fetch(ref=ref, query=query))
        return await self.until(Reply, lambda reply: reply.ref == ref)

    async def bye(self) -> Bye:
        """The server's last word; nothing may follow it but the close."""
        bye = await self.until(Bye)
        await self.socket.wait_closed()
        return bye


@asynccontextmanager
async def guest(address: str, actor: Actor, **options: object) -> AsyncIterator[Guest]:
    """A drill person's socket, before its Hello."""
    async with connect(
        address,
        additional_headers=drill(actor),
        compression=None,
        max_size=None,
        **options,  # type: ignore[arg-type]  # a test's own options
    ) as socket:
        yield Guest(socket, actor.device or "device")


@asynccontextmanager
async def server(folder: Path, limits: Limits | None = None) -> AsyncIterator[str]:
    """A practice server; the value is its address."""
    async with serving(settings(folder, limits)) as address:
        yield address


def everything(*grants: Grant) -> tuple[Grant, ...]:
    """Grants of somebody who may do all that the field knows, without a unit."""
    roles: Iterable[Role] = (
        Role.ACCEPTOR,
        Role.SHIFT_LEADER,
        Role.DISPATCHER,
        Role.INSPECTOR,
        Role.ADMINISTRATOR,
    )
    return (*(Grant(role=role) for role in roles), *grants)
