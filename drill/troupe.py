"""The troupe: one signed-in session for each role, and one for each unit, on one practice log.

Every session holds the one grant it acts by and no other. Devices are named by role, so that a
command that was sent by an earlier run of the same play is known to the server as the same.
"""

import asyncio
import hashlib
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from types import TracebackType
from typing import NamedTuple

from backend_client.client import Connection, connect
from backend_client.credentials import drill_token
from backend_client.rule_shelf import RuleShelf
from casework.decider import Actor, Grant
from casework.terms import Role, UnitId, UserId

_LONGEST = 40


class Player(NamedTuple):
    """Somebody who acts in a practice log, under the name that colleagues read."""

    user: UserId
    name: str
    grants: tuple[Grant, ...]


class Troupe:
    """Sessions are opened when first needed and closed with the context."""

    def __init__(self, server: str, drill_key: bytes) -> None:
        self.server = server
        self._key = drill_key
        self._shelf = RuleShelf()
        self._stack = AsyncExitStack()
        self._sessions: dict[UserId, asyncio.Task[Connection]] = {}

    async def __aenter__(self) -> "Troupe":
        await self._stack.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._stack.__aexit__(kind, error, trace)

    async def session(self, role: Role, unit: UnitId | None = None) -> Connection:
        """The session of a role, or of one unit.

        Raises: Refused: the server takes no drill tokens, or not these.
        """
        return await self._session(bot(role, unit))

    async def named(self, player: Player) -> Connection:
        """The session of somebody who plays under a name of their own.

        Raises: Refused: as `session`.
        """
        device = f"drill/{player.user}"
        return await self._session(Actor(user=player.user, grants=player.grants, device=device))

    async def _session(self, who: Actor) -> Connection:
        if who.user not in self._sessions:
            self._sessions[who.user] = asyncio.ensure_future(self._sign_in(who))
        return await asyncio.shield(self._sessions[who.user])

    @asynccontextmanager
    async def watch(self) -> AsyncIterator[Connection]:
        """A session that acts in no role, but sees every case; the others see none.

        Raises: Refused: as `session`.
        """
        who = bot(Role.OBSERVER)
        token = drill_token(self._key, who.user, who.user, who.grants)
        async with connect(
            self.server, drill=token, device=who.device, shelf=self._shelf
        ) as connection:
            yield connection

    async def _sign_in(self, who: Actor) -> Connection:
        token = drill_token(self._key, who.user, who.user, who.grants)
        return await self._stack.enter_async_context(
            connect(
                self.server,
                drill=token,
                device=who.device,
                shelf=self._shelf,
                quiet=True,
            )
        )


def bot(role: Role, unit: UnitId | None = None) -> Actor:
    """The bot that plays a role, or one unit: its name, its one grant and its device."""
    name = f"bot.{role}"
    if unit is not None:
        name = f"bot.{re.sub(r'[^a-z0-9_-]', '.', unit)}"
        if len(name) > _LONGEST:
            name = f"bot.{hashlib.sha256(unit.encode()).hexdigest()[:16]}"
    return Actor(user=UserId(name), grants=(Grant(role=role, unit=unit),), device=f"drill/{name}")
