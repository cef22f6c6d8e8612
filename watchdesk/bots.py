"""`watchdesk city`: the practice city's bots on a running practice server."""

import asyncio
from argparse import Namespace

from backend_client.client import Connection
from casework.procedures.log import SetPace
from casework.terms import Role
from drill.city import City
from drill.enrol import Player, bots, enrol
from drill.live import Live
from drill.opening import morning, opening
from drill.replay import replay
from drill.troupe import Troupe
from watchdesk import children, identities, places

OPEN = "open: "
"""What the line begins with that tells how many cases are open when the day opens."""
SOURCE = "city"


def run(options: Namespace) -> int:
    """Tell the morning if the log is new, then live until stopped.

    Raises: DeskError, Refused, ConnectionError.
    """
    if options.with_parent:
        children.end_with_parent()
    asyncio.run(_live(options.server, places.drill_key(options.drill_key), options.speed))
    return 0


async def _live(server: str, key: bytes, speed: float) -> None:
    async with Troupe(server, key) as troupe:
        keeper = await troupe.session(Role.ADMINISTRATOR)
        city = City(keeper.rules)
        if keeper.now() < opening(city):
            found = await replay(
                troupe, list(morning(city)), SOURCE, refused=_pass_over, show=_pass_over
            )
            print(f"{OPEN}{found.open}", flush=True)
        else:
            print(f"{OPEN}going on", flush=True)
        await enrol(keeper, [*bots(keeper.rules), *map(Player._make, identities.people())])
        await _set_pace(keeper, speed)
        await Live(troupe, city).run()


async def _set_pace(keeper: Connection, speed: float) -> None:
    log = keeper.welcome.log
    await keeper.ask(SetPace(speed=speed), stream=f"log/{log}", role=Role.ADMINISTRATOR)


def _pass_over(_: object) -> None:
    """A refusal or a step of the morning: the log itself shows what became of it."""
