"""Sessions as consoles have them: each holds one role or unit, hears all that it may see and folds
it. (The troupe of a replay does not listen; a desk at work does.)"""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from backend_client import Connection, connect, drill_token
from benchmarks.served import Served
from casework.terms import Role, UnitId
from drill.troupe import bot

Post = tuple[Role, UnitId | None]


@asynccontextmanager
async def consoles(at: Served, *posts: Post) -> AsyncIterator[dict[Post, Connection]]:
    """One listening session for each post, all of them joined."""
    async with AsyncExitStack() as stack:
        found = {}
        for role, unit in posts:
            who = bot(role, unit)
            token = drill_token(at.key, who.user, who.user, who.grants)
            found[role, unit] = await stack.enter_async_context(
                connect(at.address, drill=token, device=who.device)
            )
        yield found
