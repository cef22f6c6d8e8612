"""The stage: plays marks in time order, and the links between them as soon as may be.

The law that makes a replay exact: a mark is sent only when every earlier mark is answered, or was
sent before it on the same socket. So the log's clock, which marks alone move, never runs ahead of
a mark, and at any record's instant a case is open if and only if its record says so. Marks of one
instant, and all links without an instant, overlap freely, which fills the server's group commits.

One thread, one event loop; nothing here knows where plans come from.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import NamedTuple, Protocol

from casework.decider import Command, Refused
from casework.terms import Role, State, UnitId
from casework.wire import Ack
from drill.plan import Link, Pace, Plan, command_id, next_link
from drill.script import Mark

AHEAD = 64
"""Marks looked ahead: how long before its closing mark a case's work is begun."""
IN_FLIGHT = 256
"""Commands without an answer at a time, at most."""
BURST = 48
"""Links without an instant are held back until so many wait, or a mark waits for one of them: the
server writes them in one transaction, where one by one each would cost it a transaction."""


class Player(Protocol):
    """A signed-in session of one role."""

    def post(
        self,
        command: Command,
        *,
        stream: str = "",
        base_version: int = 0,
        role: Role,
        claimed: datetime | None = None,
        id: str = "",
    ) -> asyncio.Future[Ack]: ...


Casting = Callable[[Role, UnitId | None], Awaitable[Player]]
"""Finds, or signs in, the session that plays a role."""


class Standing(NamedTuple):
    """Where a case stood in the log when the play began."""

    state: State
    stream: str
    version: int


class Refusal(NamedTuple):
    """A link that the server refused."""

    plan: Plan
    link: int
    code: str
    reason: str


class _Life:
    """A plan under way. `released` is the order of the furthest mark in sight."""

    __slots__ = ("busy", "next", "over", "plan", "released", "stream", "version")

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.next = 0
        self.released = 0
        self.stream = ""
        self.version = 0
        self.busy = False
        self.over = False

    def may_go_on(self, link: Link) -> bool:
        return link.at is None and (link.pace is Pace.AFTER or self.next < self.released)


class Stage:
    """Plays one script once.

    While it plays, `answered` counts commands, `taken` marks, and `at` is the last mark's instant.
    """

    def __init__(
        self,
        cast: Casting,
        source: str,
        *,
        refused: Callable[[Refusal], None],
        until: Callable[[datetime], Awaitable[None]] | None = None,
    ) -> None:
        """`source` enters every command's id; `until` waits for a mark's instant to come."""
        self._cast = cast
        self._source = source
        self._refused = refused
        self._until = until
        self._lives: dict[str, _Life] = {}
        self._sent: dict[int, deque[datetime]] = {}
        self._in_flight = 0
        self._held: dict[_Life, Link] = {}
        self._moved = asyncio.Event()
        self._failure: BaseException | None = None
        self._posting: set[asyncio.Task[None]] = set()
        self._players: dict[tuple[Role, UnitId | None], Player] = {}
        self.answered = 0
        self.taken = 0
        self.at: datetime | None = None

    async def play(
        self, script: Iterable[Mark], past: datetime | None, standing: Mapping[str, Standing]
    ) -> None:
        """Take every mark, going on where the log stands.

        Args:
            past: marks before it are done (the log's clock); None when nothing is.
            standing: the log's cases by reference, all open ones among them.

        Raises:
            OSError: the connection was lost; play again to go on.
        """
        for mark in self._in_sight(script, past, standing):
            life = self._lives.get(mark.plan.reference)
            if life is None or life.over or life.next > mark.link:
                continue
            if self._until is not None:
                await self._until(mark.at)
            await self._take(life, mark)
            self.at = mark.at
            self.taken += 1
        while self._in_flight or self._posting or self._held:
            await self._change()
        self._raise()

    # --- what is in sight ----------------------------------------------------------------------

    def _in_sight(
        self, script: Iterable[Mark], past: datetime | None, standing: Mapping[str, Standing]
    ) -> Iterator[Mark]:
        """The marks still to take, each some marks after its case was told of it."""
        window: deque[Mark] = deque()
        for mark in script:
            self._sight(mark, past, standing)
            if past is None or mark.at >= past:
                window.append(mark)
            if len(window) > AHEAD:
                yield window.popleft()
        yield from window

    def _sight(self, mark: Mark, past: datetime | None, standing: Mapping[str, Standing]) -> None:
        reference = mark.plan.reference
        life = self._lives.get(reference)
        if mark.link == 0:
            life = self._enter(mark, past, standing.get(reference))
        if life is not None and not life.over:
            if past is None or mark.at >= past:
                life.released = mark.link
            self._go_on(life)

    def _enter(self, mark: Mark, past: datetime | None, found: Standing | None) -> _Life | None:
        """The life of a plan whose report came in sight; None when nothing of it is left to do."""
        life = _Life(mark.plan)
        if found is not None:
            order = next_link(mark.plan, found.state)
            if order is None:
                self._refused(Refusal(mark.plan, 1, "drill.by_hand", found.state))
                return None
            life.next = order
            life.stream, life.version = found.stream, found.version
        elif past is not None and mark.at < past:
            return None
        if life.next == len(mark.plan.links):
            return None
        self._lives[mark.plan.reference] = life
        return life

    # --- taking links --------------------------------------------------------------------------

    async def _take(self, life: _Life, mark: Mark) -> None:
        """Send a mark when the law allows it; the answer comes later."""
        link = life.plan.links[mark.link]
        player = await self._player(link)
        while not life.over and (
            life.next < mark.link or self._in_flight >= IN_FLIGHT or self._too_early(player, mark)
        ):
            if life in self._held:
                self._let_go()
            await self._change()
        self._raise()
        if not life.over:
            self._sent.setdefault(id(player), deque()).append(mark.at)
            self._post(life, link, player)

    def _too_early(self, player: Player, mark: Mark) -> bool:
        return any(
            sent[0] < mark.at for own, sent in self._sent.items() if sent and own != id(player)
        )

    def _go_on(self, life: _Life) -> None:
        if life.busy or life.over or life.next >= len(life.plan.links):
            return
        link = life.plan.links[life.next]
        if not life.may_go_on(link):
            return
        life.busy = True
        self._held[life] = link
        if len(self._held) >= BURST:
            self._let_go()

    def _let_go(self) -> None:
        """Send all links that are held back."""
        held, self._held = self._held, {}
        for life, link in held.items():
            player = self._players.get((link.role, link.unit))
            if player is not None:
                self._post(life, link, player)
                continue
            task = asyncio.ensure_future(self._sign_in_and_post(life, link))
            self._posting.add(task)
            task.add_done_callback(self._posting.discard)

    async def _sign_in_and_post(self, life: _Life, link: Link) -> None:
        try:
            self._post(life, link, await self._player(link))
        except (OSError, Refused) as error:
            self._failure = error
            self._moved.set()

    async def _player(self, link: Link) -> Player:
        key = (link.role, link.unit)
        player = self._players.get(key)
        if player is None:
            player = self._players[key] = await self._cast(*key)
        return player

    def _post(self, life: _Life, link: Link, player: Player) -> None:
        life.busy = True
        self._in_flight += 1
        answer = player.post(
            link.command,
            stream=life.stream,
            base_version=life.version,
            role=link.role,
            claimed=link.claimed,
            id=command_id(self._source, life.plan.reference, life.next),
        )
        answer.add_done_callback(partial(self._answered, life, link, player))

    def _answered(
        self, life: _Life, link: Link, player: Player, answer: asyncio.Future[Ack]
    ) -> None:
        self._in_flight -= 1
        self.answered += 1
        life.busy = False
        if link.at is not None:
            self._sent[id(player)].popleft()
        self._moved.set()
        if answer.cancelled():
            self._failure = ConnectionError("the connection was closed")
            return
        error = answer.exception()
        if isinstance(error, Refused) and error.code != "link.closed":
            self._end(life)
            self._refused(Refusal(life.plan, life.next, error.code, str(error)))
        elif error is not None:
            self._failure = ConnectionError("the connection was closed")
        else:
            self._advance(life, answer.result())

    def _advance(self, life: _Life, ack: Ack) -> None:
        life.stream, life.version = ack.stream, ack.version
        life.next += 1
        if life.next == len(life.plan.links):
            self._end(life)
        else:
            self._go_on(life)

    def _end(self, life: _Life) -> None:
        life.over = True
        del self._lives[life.plan.reference]

    # --- waiting -------------------------------------------------------------------------------

    async def _change(self) -> None:
        """Wait until an answer came.

        Raises: OSError: the connection was lost.
        """
        self._raise()
        if not self._in_flight and not self._posting:
            self._let_go()  # nobody else will move anything
        await self._moved.wait()
        self._moved.clear()

    def _raise(self) -> None:
        if self._failure is not None:
            raise self._failure
