"""`watchdesk day`: a whole day of scripted work on a server of its own, and what is left of it.

The exit code is 1 when a law of docs/simulated-day.md does not hold.
"""

import asyncio
import tempfile
import time
from argparse import Namespace
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from casework.decider import Recorded
from casework.terms import Role
from drill.city import City
from drill.day import Day
from drill.day_hands import Hands
from drill.day_outcome import Outcome
from drill.day_people import begins
from drill.troupe import Troupe
from watchdesk import places, serve
from watchdesk.children import Child
from watchdesk.day_journal import journal, not_given
from watchdesk.day_screen import Boxes

BROKEN = 1
"""Exit code when a case lies between chairs."""
PARTS: Mapping[Role, int] = {Role.ACCEPTOR: 16, Role.SHIFT_LEADER: 12, Role.DISPATCHER: 12}
"""How the posts share the people."""
SHOWN = 20
"""Broken laws told one by one."""


def run(options: Namespace) -> int:
    """Play the day and tell what became of it.

    Raises: DeskError, PackError, Refused, ConnectionError.
    """
    rules = places.pack(options.pack)
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="watchdesk-day-") as folder:
        key = places.made_drill_key(Path(folder) / "day.drill-key")
        database = options.database or f"sqlite:///{folder}/day.sqlite"
        with Child(
            "serve",
            "--practice",
            f"--pack={options.pack}",
            f"--database={database}",
            f"--blobs={folder}/blobs",
            f"--drill-key={key}",
            f"--starts={begins(rules).isoformat()}",
            "--port=0",
        ) as server:
            address = server.line(serve.READY)
            outcome = asyncio.run(_play(address, places.drill_key(key), City(rules), options))
        seconds = time.monotonic() - started
        astray = not_given(journal(database))
    _tell(outcome, seconds)
    _tell_astray(astray)
    return 0 if outcome.holds and not astray else BROKEN


async def _play(address: str, key: bytes, city: City, options: Namespace) -> Outcome:
    operators = shared_out(options.operators)
    zone = ZoneInfo(city.rules.calendar.time_zone)
    shares = _counted({role.value: many for role, many in operators.items()})
    print(f"{options.cases} cases, {sum(operators.values())} operators: {shares}")

    async def told(at: datetime, hands: Hands) -> None:
        if at.minute == 0:
            states = Counter(not case.ended for case in hands.cases())
            here = f"{at.astimezone(zone):%d %H:%M}"
            print(f"{here}  {states[True]} open, {states[False]} ended", flush=True)

    async with Troupe(address, key) as troupe:
        day = Day(troupe, key, city, operators)
        boxes = Boxes(city.rules)
        return await day.run(options.cases, timedelta(minutes=options.round), boxes, told)


def shared_out(people: int) -> dict[Role, int]:
    """So many people over the three posts, one each at least."""
    found = {role: max(1, people * part // sum(PARTS.values())) for role, part in PARTS.items()}
    found[Role.ACCEPTOR] += people - sum(found.values())
    return found


def _tell(outcome: Outcome, seconds: float) -> None:
    each = outcome.commands / seconds
    print(f"{outcome.reported} cases reported, {len(outcome.open)} open when the day is over")
    print(f"{outcome.commands} commands in {seconds:.0f} s ({each:.0f} a second)")
    print(f"Open: {_counted(Counter(case.state for case in outcome.open))}")
    print(f"Acts: {_counted(outcome.acts)}")
    print(f"Refused: {_counted(outcome.refused)}")
    print(f"Orders: {outcome.orders}, of which {outcome.named} name an inspector")
    print(f"Suspensions: {outcome.paused}, of which {outcome.resumed} ended by themselves")
    print(f"Desks looked at: {' at eleven, '.join(map(str, outcome.desks))} at the end")
    print(f"Ways: {_counted(outcome.ways)}")
    print(f"Acts that nobody did: {', '.join(outcome.unused) or 'none'}")
    print(f"Acts on cases that were not given: {len(outcome.strays)}")
    for stray in outcome.strays[:SHOWN]:
        print(f"  {stray.act}  {stray.case}  {stray.user}")
    print(f"Laws broken: {_counted(Counter(each.law for each in outcome.broken)) or 'none'}")
    for law, case, user, detail in outcome.broken[:SHOWN]:
        print(f"  {law}  {case}  {user}  {detail}")


def _tell_astray(astray: Sequence[Recorded]) -> None:
    print(f"In the journal, acts of operators on cases that were not given: {len(astray)}")
    for entry in astray[:SHOWN]:
        print(f"  {type(entry.event).__name__}  {entry.stream}  {entry.actor}")


def _counted(found: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {found[name]}" for name in sorted(found))
