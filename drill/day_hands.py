"""The sessions of everybody who works on a simulated day: what is asked, and what came of it."""

import asyncio
import hashlib
from collections import Counter, defaultdict
from collections.abc import Awaitable, Iterable
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from datetime import datetime
from typing import NamedTuple

from backend_client.client import Connection, connect
from backend_client.credentials import drill_token
from backend_client.rule_shelf import RuleShelf
from casework.acts import TakeBack
from casework.case import Case
from casework.claims import TakeNext
from casework.decider import Actor, Command, Refused
from casework.photos import AttachPhoto
from casework.terms import CENTRE_ROLES, CaseId, Digest, Role, UserId
from casework.wire import Ack
from drill.day_ways import way_of
from drill.troupe import Troupe

PHOTO = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f64540"
    "0000000049454e44ae426082"
)
"""A picture of one point, for the acts that need one."""
PHOTO_DIGEST = Digest(hashlib.sha256(PHOTO).hexdigest())
_ORDERS = {"order_verification", "order_verification_anew", "order_check", "order_check_anew"}


class Asked(NamedTuple):
    """One act of somebody at an instant (aware UTC); with `undo` it is taken back at once."""

    who: Actor
    role: Role
    command: Command
    case: Case | None
    name: str
    at: datetime
    undo: bool = False


class Stray(NamedTuple):
    """An operator of the centre acted on a case that nobody had given them."""

    user: UserId
    case: CaseId
    act: str


class Hands:
    """Quiet sessions of the real client, one a person, and one that sees every case (`eye`).

    Use it in its own loop. A lost server is waited for: a command is asked until it is answered.
    """

    def __init__(self, troupe: Troupe, key: bytes) -> None:
        self._troupe, self._key = troupe, key
        self._sessions: dict[UserId, Connection] = {}
        self._shelf = RuleShelf()
        self._number = 0
        self._sent: list[CaseId] = []
        self.eye: Connection
        self.commands = 0
        self.done: Counter[str] = Counter()
        self.ways: Counter[str] = Counter()
        """In which ways the acts were done that can be done in several."""
        self.refused: Counter[str] = Counter()
        self.opened: set[CaseId] = set()
        self.had: dict[UserId, dict[CaseId, None]] = defaultdict(dict)
        """What `TakeNext` gave each operator, in that order."""
        self.strays: list[Stray] = []
        self.orders = self.named = 0
        """Orders that were sent and not taken back, and those that named an inspector."""

    async def sign_in(self, stack: AsyncExitStack, people: Iterable[Actor]) -> None:
        """Open everybody's session. Raises: Refused: what signing in refuses."""
        self.eye = await stack.enter_async_context(self._troupe.watch())
        for who in people:
            session = self.desk(who, quiet=True)
            self._sessions[who.user] = await stack.enter_async_context(session)

    def desk(self, who: Actor, *, quiet: bool = False) -> AbstractAsyncContextManager[Connection]:
        """A person's own session; unless `quiet` it is told of every case that they may see."""
        token = drill_token(self._key, who.user, who.user, who.grants)
        device = f"day/{who.user}" if quiet else f"desk/{who.user}"
        server, shelf = self._troupe.server, self._shelf
        return connect(server, drill=token, device=device, shelf=shelf, quiet=quiet)

    def cases(self) -> list[Case]:
        """Every case as it stands."""
        return list(self.eye.replica.cases.values())

    def open_cases(self) -> list[Case]:
        """Those that have not ended."""
        return [case for case in self.eye.replica.cases.values() if not case.ended]

    # --- asking ---------------------------------------------------------------------------------

    async def ask(self, asked: Asked) -> Ack | None:
        """Ask, and note what came of it; None where it was refused."""
        try:
            ack = await self._send(asked, asked.command)
            self._note(asked, ack)
            if asked.undo:
                back = asked._replace(case=None, name="take_back")
                ack = await self._send(back, TakeBack(), ack)
                self.done["take_back"] += 1
        except Refused as refused:
            self.refused[refused.code] += 1
            return None
        self._number = max(self._number, ack.number)
        return ack

    async def _send(self, asked: Asked, command: Command, after: Ack | None = None) -> Ack:
        session, case = self._sessions[asked.who.user], asked.case
        self.commands += 1
        if isinstance(command, AttachPhoto):
            await session.upload(PHOTO)
        stream = f"case/{case.id}" if case is not None else ""
        version = case.version if case is not None else 0
        if after is not None:
            stream, version = after.stream, after.version
        return await session.ask(
            command, role=asked.role, stream=stream, base_version=version, claimed=asked.at
        )

    def _note(self, asked: Asked, ack: Ack) -> None:
        self.done[asked.name] += 1
        if way := way_of(asked.command, asked.case):
            self.ways[way] += 1
        case = CaseId(ack.stream.partition("/")[2])
        if isinstance(asked.command, TakeNext):
            self.had[asked.who.user][case] = None
        elif asked.case is not None and asked.role in CENTRE_ROLES:
            self._watch_over(asked, asked.case)
        elif asked.name == "report":
            self.opened.add(case)
        if asked.name in _ORDERS and not asked.undo:
            self.orders += 1
            self._sent.append(case)

    def _watch_over(self, asked: Asked, case: Case) -> None:
        """A case comes to an operator by taking the next one, or from a colleague's hands."""
        passed_on = case.claim is not None and case.claim.user == asked.who.user
        if case.id not in self.had[asked.who.user] and not passed_on:
            self.strays.append(Stray(asked.who.user, case.id, asked.name))

    async def all(self, asked: Iterable[Awaitable[Ack | None]]) -> list[Ack | None]:
        """All at once, and then see what became of it."""
        answers = await asyncio.gather(*asked)
        while self.eye.replica.number < self._number:  # noqa: ASYNC110  the eye's own loop tells
            await asyncio.sleep(0.001)
        cases = self.eye.replica.cases
        self.named += sum(cases[case].inspector is not None for case in self._sent)
        self._sent.clear()
        return answers
