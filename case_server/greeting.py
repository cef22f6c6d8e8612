"""The first words of a session and the last: Hello, Welcome, Bye. Source: docs/protocol.md."""

import asyncio

from websockets.asyncio.server import ServerConnection
from websockets.exceptions import ConnectionClosed

from case_server.desk import Desk
from case_server.frames import MalformedError, read_frame
from case_server.users import Person
from casework import wire

CLOSE_WITHIN = 5.0
"""Seconds that a Bye and the closing handshake may take."""
SPOKEN = (wire.PROTOCOL, wire.PROTOCOL - 1)


class Dismissed(Exception):  # noqa: N818  an end of a session, not an error of the server
    """The session ends with these words."""

    def __init__(self, code: str, detail: str = "", retry_after: float = 0.0) -> None:
        super().__init__(code)
        self.bye = wire.Bye(code=code, detail=detail, retry_after=retry_after)


async def dismiss(socket: ServerConnection, bye: wire.Bye) -> None:
    """Say why, and close; cut the socket of a client that does not take even that."""
    try:
        async with asyncio.timeout(CLOSE_WITHIN):
            await socket.send(wire.encode(bye), text=True)
            await socket.close()
    except TimeoutError:
        socket.transport.abort()
    except ConnectionClosed:
        pass


async def hear_hello(socket: ServerConnection, within: float) -> wire.Hello:
    """The client's first frame.

    Raises:
        Dismissed: none came in time (seconds), it was none, or it speaks another protocol.
    """
    try:
        async with asyncio.timeout(within):
            hello = read_frame(await socket.recv())
    except TimeoutError:
        raise Dismissed("hello.missing", "No Hello came in time.") from None
    except MalformedError as malformed:
        raise Dismissed("frame.malformed", str(malformed)) from None
    if not isinstance(hello, wire.Hello):
        raise Dismissed("hello.missing", "The first frame must be Hello.")
    if hello.protocol not in SPOKEN:
        raise Dismissed("upgrade", f"This server speaks protocol {wire.PROTOCOL}.")
    return hello


def may_resume(desk: Desk, resume: wire.Resume | None, within: int) -> bool:
    """Whether at most `within` events lead on from where the client stands."""
    if resume is None or (resume.log, resume.epoch) != (desk.log.id, desk.epoch):
        return False
    return 0 <= desk.head - resume.number <= within


def welcome(desk: Desk, person: Person, token: str, *, resumes: bool) -> wire.Welcome:
    """The server's first frame: which log this is, where it stands, who the client is to it."""
    return wire.Welcome(
        protocol=wire.PROTOCOL,
        log=desk.log.id,
        epoch=desk.epoch,
        head=desk.head,
        practice=desk.log.practice,
        city=desk.rules.city,
        time_zone=desk.rules.calendar.time_zone,
        at=desk.clock.now(),
        milli_speed=desk.clock.milli_speed,
        user=person.user,
        name=person.name,
        grants=person.grants,
        rules_version=desk.log.rules_version,
        rules_digest=desk.log.rules_digest,
        token=token,
        resumes=resumes,
        ended_hours=desk.rules.queues.ended_hours,
        must_change=person.must_change,
    )
