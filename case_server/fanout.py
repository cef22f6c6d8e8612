"""Fan-out: each committed batch to the live sessions, and the way of the others back to them.

Sessions with the same reach form an audience and share one encoding; its live sessions all stand
at one number. A session that joins or does not take what it is sent is served apart, in bulk with
flow control, from remembered batches or from the journal, until it can be put among the live ones.
Never touches the desk. Source: docs/protocol.md, trust.md c.5-c.7.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime

from case_server.audiences import Chapter, Reach, Share, index_of, shares
from case_server.session import Session
from casework import wire
from casework.decider import Grant
from casework.terms import LogId

MEMORY = 1024
"""Events of the last batches kept at hand, so that sessions catch up without the database."""
STRIDE = 8
"""Batches that a session may be behind when it is put among the live ones."""

Read = Callable[[Sequence[Grant], int], Awaitable[tuple[int, list[bytes]]]]
"""(grants, first number missed) → (last number, frames): `catching_up.missed` in a thread."""


class Audience:
    """Sessions with the same reach. `announced` is where its live ones stand."""

    def __init__(self, announced: int) -> None:
        self.announced = announced
        self.members = 0
        self.live: set[Session] = set()


class Fanout:
    """Not safe for threads: everything happens in the hub's loop.

    Args:
        head, at: where the log stands.
        behind: called with a session that has to catch up again.
    """

    def __init__(
        self, log: LogId, head: int, at: datetime, read: Read, behind: Callable[[Session], None]
    ) -> None:
        self.head = head
        self._log = log
        self._at = at
        self._read = read
        self._behind = behind
        self._audiences: dict[Reach, Audience] = {}
        self._index: dict[str, list[Reach]] = {}
        self._memory: deque[Chapter] = deque()
        self._advanced = asyncio.Event()

    def enter(self, session: Session) -> None:
        """A session belongs to its audience from now on, though it is not live yet."""
        if session.reach not in self._audiences:
            self._audiences[session.reach] = Audience(self.head)
            self._index = index_of(self._audiences)
        self._audiences[session.reach].members += 1

    def leave(self, session: Session) -> None:
        """The session has ended."""
        audience = self._audiences[session.reach]
        audience.live.discard(session)
        audience.members -= 1
        if not audience.members:
            del self._audiences[session.reach]
            self._index = index_of(self._audiences)

    # --- live ----------------------------------------------------------------------------------

    def tell(self, chapter: Chapter) -> set[Session]:
        """Put a batch into the outboxes of those who may see something of it; returns them."""
        self.head, self._at = chapter.last, chapter.at
        self._remember(chapter)
        told: set[Session] = set()
        for held, share in shares(chapter, self._index).items():
            audience = self._audiences[held]
            frames = share.frames(self._log, audience.announced + 1, chapter)
            told |= self._give(audience, frames)
        self._advanced.set()
        self._advanced.clear()
        return told

    def announce(self) -> None:
        """Tell every audience of the numbers that held nothing it may see."""
        for audience in self._audiences.values():
            self._announce(audience)

    def _announce(self, audience: Audience) -> None:
        if audience.announced < self.head:
            first = audience.announced + 1
            message = wire.Events(log=self._log, first=first, last=self.head, at=self._at)
            for session in self._give(audience, [wire.encode(message)]):
                session.flush()

    def _give(self, audience: Audience, frames: list[bytes]) -> set[Session]:
        """Frames up to the head for an audience's live sessions, but for those that are slow."""
        told = set()
        for session in tuple(audience.live):
            if session.is_slow:
                audience.live.discard(session)
                session.announced = audience.announced
                self._behind(session)
            else:
                session.outbox += frames
                told.add(session)
        audience.announced = self.head
        return told

    def _remember(self, chapter: Chapter) -> None:
        self._memory.append(chapter)
        while chapter.last - self._memory[0].first >= MEMORY and len(self._memory) > 1:
            self._memory.popleft()

    # --- catching up ---------------------------------------------------------------------------

    async def catch_up(self, session: Session) -> None:
        """Bring a session from `session.announced` to the present, then make it live.

        Raises:
            ConnectionClosed: the socket is gone.
        """
        while True:
            await session.drained()
            while self.head < session.announced:  # its snapshot overtook the desk's message
                await self._advanced.wait()
            behind = self._since(session.announced)
            if behind is not None and len(behind) <= STRIDE:
                self._go_live(session, behind)
                return
            if behind is not None:
                number, frames = behind[-1].last, self._frames(session, behind)
            else:
                number, frames = await self._read(session.person.grants, session.announced + 1)
            await session.send(frames)
            session.announced = number

    def _since(self, number: int) -> list[Chapter] | None:
        """The batches after `number`, if they are all still remembered."""
        if number == self.head:
            return []
        behind = [chapter for chapter in self._memory if chapter.last > number]
        return behind if behind and behind[0].first == number + 1 else None

    def _frames(self, session: Session, behind: Iterable[Chapter]) -> list[bytes]:
        frames: list[bytes] = []
        alone = index_of([session.reach])
        for chapter in behind:
            share = shares(chapter, alone).get(session.reach) or Share()
            frames += share.frames(self._log, chapter.first, chapter)
        return frames

    def _go_live(self, session: Session, behind: Iterable[Chapter]) -> None:
        audience = self._audiences[session.reach]
        self._announce(audience)
        session.outbox += self._frames(session, behind)
        audience.live.add(session)
        session.flush()
