"""The field: the practice city's named inspectors at work, on duty and going about.

Each has a session of their own, signed in when first needed.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

from casework.acts import MarkDelivered, MarkRead
from casework.decider import Command, Refused
from casework.procedures.patrol import GoOnDuty, ReportPosition
from casework.rulebook import RuleBook
from casework.terms import Role, UserId
from drill.inspectors import Walks, inspectors
from drill.troupe import Player, Troupe

REPORTS_EVERY = timedelta(minutes=10)
"""Ours, in log time: how often somebody tells where they are."""
UNDELIVERED, LONG = 0.07, timedelta(minutes=22)
"""Ours: the share of orders that no device has for a while, and how long that is."""
LEAST_SECONDS = 20.0
"""…, but by our own clock no oftener than this, however fast the city's clock runs."""
At = Callable[[datetime, Callable[[], None]], None]
"""Puts something on the city's agenda."""


def confirmations(dice: Random) -> list[tuple[timedelta, Command]]:
    """When after its sending an order is delivered, and when it is read, in log time."""
    delivered = timedelta(seconds=dice.uniform(3, 60))
    if dice.random() < UNDELIVERED:
        delivered += LONG
    read = delivered + timedelta(minutes=dice.uniform(0.5, 6))
    return [(delivered, MarkDelivered()), (read, MarkRead())]


class Field:
    """Named inspectors of one city."""

    def __init__(self, troupe: Troupe, rules: RuleBook, seed: int) -> None:
        self._troupe = troupe
        self._seed = seed
        self.people: dict[UserId, Player] = {each.user: each for each in inspectors(rules)}
        self._walks = Walks(rules, self.people.values())
        self._walking: set[asyncio.Task[None]] = set()
        self._told: dict[UserId, float] = {}
        self.reported = 0

    def begin(self, now: datetime, at: At) -> None:
        """Everybody goes on duty within the first minutes, and about from then on."""
        for user in self.people:
            dice = Random(f"{self._seed} walk {user}")
            self._plan(user, now + timedelta(seconds=dice.uniform(0, 20)), dice, at)

    def _plan(self, user: UserId, when: datetime, dice: Random, at: At) -> None:
        def go() -> None:
            now = asyncio.get_running_loop().time()
            if now - self._told.get(user, -LEAST_SECONDS) >= LEAST_SECONDS:
                self._told[user] = now
                task = asyncio.ensure_future(self._report(user, dice))
                self._walking.add(task)
                task.add_done_callback(self._walking.discard)
            self._plan(user, when + REPORTS_EVERY * dice.uniform(0.8, 1.2), dice, at)

        at(when, go)

    async def _report(self, user: UserId, dice: Random) -> None:
        """One report of a position: the first one goes on duty. Refusals are normal: somebody was
        on duty already when the city was started again."""
        first = user not in self._walks.at
        there = self._walks.onwards(user, dice)
        if there is None:
            return
        session = await self._troupe.named(self.people[user])
        command = GoOnDuty(point=there) if first else ReportPosition(point=there)
        try:
            await session.ask(command, role=Role.INSPECTOR)
            self.reported += 1
        except Refused:
            pass
