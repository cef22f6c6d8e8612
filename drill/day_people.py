"""Who works on a simulated day, when its cases come, and what became of it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from casework.case import Case
from casework.decider import Actor, Grant
from casework.holding import answers, next_instant
from casework.rulebook import RuleBook
from casework.terms import CaseId, Role, UserId
from drill.city import City
from drill.inspectors import inspectors
from drill.plan import Plan
from drill.troupe import Player

PEAK = 3_450
"""Cases a day in the report's peak month."""
OPERATORS: Mapping[Role, int] = {Role.ACCEPTOR: 16, Role.SHIFT_LEADER: 12, Role.DISPATCHER: 12}
INSPECTORS, UNIT_DESKS = 12, 24
BEGINS = datetime(2008, 6, 12)  # noqa: DTZ001  a wall time of the pack's own zone


class Outcome(Struct, frozen=True, kw_only=True):
    """What became of the day. `acts` and `refused` count by an act's name and a refusal's code."""

    at: datetime
    reported: int
    commands: int
    acts: Mapping[str, int]
    refused: Mapping[str, int]
    cases: tuple[Case, ...]
    players: tuple[Actor, ...]

    @property
    def open(self) -> tuple[Case, ...]:
        """The cases that go on tomorrow."""
        return tuple(case for case in self.cases if not case.ended)

    def unheld(self) -> list[CaseId]:
        """Open cases that none of the people has."""
        return [c.id for c in self.open if not any(answers(who, c) for who in self.players)]

    def timeless(self) -> list[CaseId]:
        """Open cases that wait for no instant."""
        return [case.id for case in self.open if next_instant(case) is None]


def begins(rules: RuleBook) -> datetime:
    """When the day's first round begins, aware UTC."""
    return BEGINS.replace(tzinfo=ZoneInfo(rules.calendar.time_zone)).astimezone(ZoneInfo("UTC"))


def arrivals(city: City, cases: int) -> list[Plan]:
    """So many reports of the day, in the city's own spread over its hours."""
    start, more = begins(city.rules), city
    found: list[Plan] = []
    while len(found) < cases:
        found += more.lives(start, start + timedelta(days=1))
        more = City(city.rules, more.seed + 1)
    kept = [found[order * len(found) // cases] for order in range(cases)]
    return sorted(kept, key=lambda plan: plan.links[0].at or start)


def people(rules: RuleBook, operators: Mapping[Role, int]) -> list[Player]:
    """Everybody of the day, by name and grants; a unit's desk may speak for several units."""
    found = [
        Player(UserId(f"day.{role}.{number:02}"), f"演练{role}{number}", (Grant(role=role),))
        for role, count in operators.items()
        for number in range(1, count + 1)
    ]
    found += _inspectors(rules)
    for desk in range(UNIT_DESKS):
        units = rules.units[desk::UNIT_DESKS]
        grants = tuple(Grant(role=Role.UNIT, unit=unit.id) for unit in units)
        if grants:
            found.append(Player(UserId(f"day.unit.{desk:02}"), f"演练单位{desk}", grants))
    return found


def _inspectors(rules: RuleBook) -> list[Player]:
    """Each has a beat and may be sent all over the city: twelve are few for a whole day. Where a
    city has no responsibility grids they have none either."""
    beats = [each.grants[0].grids for each in inspectors(rules, INSPECTORS)] or [()] * INSPECTORS
    return [
        Player(
            UserId(f"day.{Role.INSPECTOR}.{number:02}"),
            f"演练监督员{number}",
            (Grant(role=Role.INSPECTOR, grids=grids),),
        )
        for number, grids in enumerate(beats, 1)
    ]
