"""One signed-in socket: what it has been told, what it has not yet taken, how fast it may ask.

Live frames are written at once and without waiting, many in one write; a session that does not
take them is put aside by the hub and told later what became of the range it missed. Bulk (a
snapshot, a rule book) goes out with flow control. Source: docs/protocol.md, trust.md c.7.
"""

import asyncio
from collections.abc import Iterable
from time import monotonic

from msgspec import Struct
from websockets.asyncio.server import ServerConnection
from websockets.protocol import OPEN

from case_server.audiences import Reach, reach
from case_server.bucket import Bucket
from case_server.credentials import Secret
from case_server.submission import Submission
from case_server.users import Person
from casework import wire
from casework.decider import Actor, Command
from casework.terms import Role


class Limits(Struct, frozen=True, kw_only=True):
    """What one session may cost. Bytes and seconds."""

    sockets_per_address: int = 20
    rate: float = 20.0
    """Commands and questions a second, …"""
    burst: int = 100
    """… and how many at once after a pause. Drill accounts are exempt from both."""
    unanswered: int = 4096
    """Commands without an answer, above which nothing more is read from the socket."""
    unsent_pause: int = 256 * 1024
    """Unsent bytes above which live events wait for the session to catch up."""
    unsent_cut: int = 1024 * 1024
    """Unsent bytes above which the socket is cut."""
    unsent_age: float = 10.0
    """Age of the oldest unsent byte at which the socket is cut."""
    resume_within: int = 50_000
    """Events behind which a client is sent a snapshot instead."""
    heartbeat: float = 5.0
    quiet: float = 0.1
    """How long numbers without anything to see may wait before they are announced."""
    hello: float = 5.0
    retry_after: float = 1.0
    """What a `Bye` of a stopping server advises."""


class Session:
    """Not safe for threads: everything happens in the hub's loop."""

    def __init__(
        self, socket: ServerConnection, person: Person, device: str, limits: Limits
    ) -> None:
        self.socket = socket
        self.person = person
        self.actor = Actor(user=person.user, grants=person.grants, device=device)
        self.reach: Reach = reach(person.grants)
        self._keeper = any(grant.role is Role.ADMINISTRATOR for grant in person.grants)
        self.announced = 0
        """Last number that the client was told of while it is not live."""
        self.unanswered = 0
        self.over = False
        """The server has ended it: what comes is not heard, and nothing more is told."""
        self.renewed = False
        """The given password was changed: the person is to come in anew."""
        self.secretly = asyncio.Lock()
        """One password at a time is hashed for a session."""
        self._room = asyncio.Event()
        self.outbox: list[bytes] = []
        self._limits = limits
        self._bucket = Bucket(limits.rate, limits.burst, monotonic())
        self._written = 0
        self._bulk = 0
        self._mark: tuple[int, float] | None = None

    def may_ask(self, command: Command | None = None) -> bool:
        """Count one command, or question, against the session's rate; an administrator's import is
        held back by what waits unanswered instead."""
        if self.person.drill or (self._keeper and command is not None and type(command).bulk):
            return True
        return self._bucket.take(monotonic())

    def submission(self, ask: wire.Ask, secret: Secret | None = None) -> Submission:
        """A command of this person, with what they were let in by."""
        passwords = None if self.person.drill else self.person.passwords
        return Submission(ask, self.actor, self, secret, passwords)

    def asked(self) -> None:
        """A command went to the desk."""
        self.unanswered += 1
        if self.unanswered >= self._limits.unanswered:
            self._room.clear()

    async def room(self) -> None:
        """Wait until fewer commands are without an answer, if there are too many."""
        if self.unanswered >= self._limits.unanswered:
            await self._room.wait()

    def answered(self, frame: bytes) -> None:
        """Put the answer to a command in the outbox."""
        self.outbox.append(frame)
        self.unanswered -= 1
        self._room.set()

    def tell(self, message: wire.Message) -> None:
        """Send one message without waiting."""
        self.outbox.append(wire.encode(message))
        self.flush()

    def flush(self) -> None:
        """Write the outbox in one go; cut the socket when too much lies there unsent."""
        frames, self.outbox = self.outbox, []
        protocol = self.socket.protocol
        if protocol.state is not OPEN or self.over:
            return
        for frame in frames:
            protocol.send_text(frame)
        data = b"".join(protocol.data_to_send())
        self._count(len(data))
        self.socket.transport.write(data)
        if self.unsent > self._limits.unsent_cut + self._bulk:
            self.socket.transport.abort()

    async def send(self, frames: Iterable[bytes]) -> None:
        """Send bulk with flow control, frame by frame.

        Raises:
            ConnectionClosed: the socket is gone.
        """
        for frame in frames:
            if self.over:
                return
            self._bulk += len(frame)
            self._count(len(frame))
            try:
                await self.socket.send(frame, text=True)
            finally:
                self._bulk -= len(frame)

    async def drained(self) -> None:
        """Wait until the socket takes more."""
        await self.socket.drain()

    @property
    def unsent(self) -> int:
        """Bytes that the operating system has not taken yet."""
        return self.socket.transport.get_write_buffer_size()

    @property
    def is_slow(self) -> bool:
        """Too much lies unsent to add live events to it."""
        return self.unsent > self._limits.unsent_pause

    def _count(self, size: int) -> None:
        self._written += size
        if self._mark is None:
            self._mark = (self._written, monotonic())

    def cut_if_stuck(self) -> None:
        """Cut the socket when bytes wait for longer than `unsent_age`; to be called each second."""
        now = monotonic()
        if self._mark is not None and self._written - self.unsent >= self._mark[0]:
            self._mark = (self._written, now) if self.unsent else None
        if self._mark is not None and now - self._mark[1] > self._limits.unsent_age:
            self.socket.transport.abort()
