"""Invented components brought into a practice log, without holding up the people at work there."""

import asyncio
from collections.abc import Iterable
from itertools import islice

from backend_client.client import Connection
from casework.decider import Refused
from casework.queries import ComponentQuery
from casework.replies import ComponentsReply
from casework.rules.register import component_stream
from casework.terms import Role
from drill.components import Placed

AT_ONCE = 48
"""Commands on their way together: below one transaction of the server."""
BREATH = 0.05
"""Seconds between two such lots, in which the server serves the others."""


async def furnish(keeper: Connection, placed: Iterable[Placed], breath: float = BREATH) -> int:
    """Register those that are not there yet; how many were new. `keeper` holds the
    administrator's role.

    Raises: Refused: the log says no for another reason than that a component exists.
    """
    new, waiting = 0, iter(placed)
    while some := list(islice(waiting, AT_ONCE)):
        reply = await keeper.fetch(ComponentQuery(ids=tuple(each.id for each in some)))
        assert isinstance(reply, ComponentsReply)  # to its own question
        known = {each.id for each in reply.components}
        asked = [
            keeper.post(each.command, stream=component_stream(each.id), role=Role.ADMINISTRATOR)
            for each in some
            if each.id not in known
        ]
        for answer in await asyncio.gather(*asked, return_exceptions=True):
            if isinstance(answer, Refused) and answer.code == "component.exists":
                continue
            if isinstance(answer, BaseException):
                raise answer
            new += 1
        if asked:
            await asyncio.sleep(breath)
    return new
