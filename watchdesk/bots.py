"""`watchdesk city`: the practice city's bots on a running practice server."""

import asyncio
from argparse import Namespace
from collections.abc import Iterable

from backend_client.client import Connection
from casework.acts import ReportCase
from casework.procedures.log import SetPace
from casework.terms import ComponentId, Role
from drill.city import City
from drill.enrol import bots, enrol
from drill.furnish import furnish
from drill.inspectors import inspectors
from drill.live import Live
from drill.opening import morning, opening
from drill.plan import Plan
from drill.replay import replay
from drill.snapshots import latest, snapshots
from drill.troupe import Player, Troupe
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
        every = [each for some in city.components.values() for each in some]
        if keeper.now() < opening(city):
            plans = list(morning(city))
            named = _named(plans)
            await furnish(keeper, (each for each in every if each.id in named), breath=0)
            found = await replay(troupe, plans, SOURCE, refused=_pass_over, show=_pass_over)
            print(f"{OPEN}{found.open}", flush=True)
        else:
            print(f"{OPEN}going on", flush=True)
        others = map(Player._make, identities.people(keeper.rules.units))
        people = [*bots(keeper.rules), *inspectors(keeper.rules), *others]
        await enrol(keeper, people)
        await _set_pace(keeper, speed)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(furnish(keeper, every))
            tasks.create_task(Live(troupe, city).run())
            tasks.create_task(_photograph(troupe, city))


async def _photograph(troupe: Troupe, city: City) -> None:
    """The latest reports get photos; one that has some is left alone when the city goes on."""
    async with troupe.watch() as watch:
        cases = latest(watch.replica.cases.values(), city.seed)
    await snapshots(await troupe.session(Role.INSPECTOR), cases)


def _named(plans: Iterable[Plan]) -> set[ComponentId]:
    """The components that reports of the morning name: the log must know them before."""
    reports = [plan.links[0].command for plan in plans]
    return {r.component for r in reports if isinstance(r, ReportCase) and r.component}


async def _set_pace(keeper: Connection, speed: float) -> None:
    log = keeper.welcome.log
    await keeper.ask(SetPace(speed=speed), stream=f"log/{log}", role=Role.ADMINISTRATOR)


def _pass_over(_: object) -> None:
    """A refusal or a step of the morning: the log itself shows what became of it."""
