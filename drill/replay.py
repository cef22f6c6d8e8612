"""The replay of real records through the real door, and the reckoning at its end.

The log's clock follows the records (`SetPace(by_record=True)`): a report and a close carry the
record's instant and move it. What the log holds afterwards is asked of the server, not counted
here. Stopped at any instant, a replay goes on from where the log's clock stands.
"""

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from backend_client.client import Connection
from casework.decider import Refused
from casework.procedures.log import SetPace
from casework.queries import TallyQuery
from casework.replies import TallyReply
from casework.terms import ENDED, Role
from drill import script
from drill.plan import Plan
from drill.stage import Refusal, Stage, Standing
from drill.troupe import Troupe

BEFORE = timedelta(hours=1)
"""The clock of a log made for a replay starts so long before the first record: it runs freely
until the first session has stopped it."""


class Progress(NamedTuple):
    """Where a replay stands. `at` is the log's clock, aware UTC."""

    marks: int
    all_marks: int
    commands: int
    at: datetime


class Reckoning(NamedTuple):
    """What the server holds in the end."""

    recorded: int
    closed: int
    open: int


async def replay(
    troupe: Troupe,
    plans: Sequence[Plan],
    source: str,
    *,
    refused: Callable[[Refusal], None],
    show: Callable[[Progress], None],
    speed: float | None = None,
) -> Reckoning:
    """Play the plans (in the order of their reports) and reckon.

    Args:
        source: name of the mapping: with a record's number it makes the ids of commands.
        speed: record seconds a second; None as fast as the server takes them.

    Raises:
        Refused: `replay.other_log` when the log holds something else, `replay.clock_ahead`, or
            what signing in refuses: a real log takes no drill key.
        ConnectionError: the session was ended.
    """
    keeper = await troupe.session(Role.ADMINISTRATOR)
    await _pace_by_record(keeper)
    async with troupe.watch() as watch:
        past, standing = await _where_it_stands(watch, plans)
    pace = _Speed(speed).wait if speed else None
    stage = Stage(troupe.session, source, refused=refused, until=pace)
    total = sum(link.at is not None for plan in plans for link in plan.links)
    done = 0 if past is None else sum(mark.at < past for mark in script.marks(plans))
    showing = asyncio.ensure_future(_show(stage, show, done, total))
    try:
        await stage.play(script.marks(plans), past, standing)
    finally:
        showing.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await showing
    if stage.at is not None:
        show(Progress(total, total, stage.answered, stage.at))
    async with troupe.watch() as watch:
        return await reckon(watch)


async def reckon(connection: Connection) -> Reckoning:
    """The server's own count of the cases that an observer sees."""
    tally = await connection.fetch(TallyQuery())
    assert isinstance(tally, TallyReply)
    ended = sum(count for state, count in tally.states.items() if state in ENDED)
    recorded = sum(tally.states.values())
    return Reckoning(recorded=recorded, closed=ended, open=recorded - ended)


async def _pace_by_record(keeper: Connection) -> None:
    if keeper.welcome.milli_speed:
        log = keeper.welcome.log
        await keeper.ask(SetPace(by_record=True), stream=f"log/{log}", role=Role.ADMINISTRATOR)


async def _where_it_stands(
    watch: Connection, plans: Sequence[Plan]
) -> tuple[datetime | None, dict[str, Standing]]:
    """Up to which instant the log holds the plans, and its cases by their references."""
    at = watch.now()
    if (await reckon(watch)).recorded == 0:
        first = plans[0].links[0].at if plans else None
        if first is not None and at > first:
            raise Refused("replay.clock_ahead", clock=at.isoformat(), first=first.isoformat())
        return None, {}
    cases = watch.replica.cases.values()
    standing = {
        case.reference: Standing(case.state, f"case/{case.id}", case.version) for case in cases
    }
    if standing and not standing.keys() & {plan.reference for plan in plans}:
        raise Refused("replay.other_log", log=watch.welcome.log)
    # somebody may have let the clock run on in between: the last mark taken is what counts
    return max((case.ended_at or case.opened_at for case in cases), default=at), standing


class _Speed:
    """Lets record time pass at a speed; what comes late is not waited for."""

    def __init__(self, speed: float) -> None:
        self._speed = speed
        self._start: tuple[datetime, float] | None = None

    async def wait(self, at: datetime) -> None:
        now = asyncio.get_running_loop().time()
        first, begun = self._start or (at, now)
        self._start = (first, begun)
        ahead = begun + (at - first).total_seconds() / self._speed - now
        if ahead > 0:
            await asyncio.sleep(ahead)


async def _show(stage: Stage, show: Callable[[Progress], None], done: int, total: int) -> None:
    while True:
        await asyncio.sleep(0.5)
        if stage.at is not None:
            show(Progress(done + stage.taken, total, stage.answered, stage.at))
