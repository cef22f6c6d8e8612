"""Who works on a simulated day, and when its cases come."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from casework.acts import ReportCase
from casework.decider import Grant
from casework.rulebook import RuleBook
from casework.terms import Role, UserId
from drill.city import City
from drill.components import Placed
from drill.inspectors import inspectors
from drill.plan import Plan
from drill.troupe import Player

PEAK = 3_450
"""Cases a day in the report's peak month."""
OPERATORS: Mapping[Role, int] = {Role.ACCEPTOR: 16, Role.SHIFT_LEADER: 12, Role.DISPATCHER: 12}
INSPECTORS, UNIT_DESKS = 12, 24
BEGINS = datetime(2008, 6, 12)  # noqa: DTZ001  a wall time of the pack's own zone


def begins(rules: RuleBook) -> datetime:
    """When the day's first round begins, aware UTC."""
    return BEGINS.replace(tzinfo=ZoneInfo(rules.calendar.time_zone)).astimezone(ZoneInfo("UTC"))


def arrivals(city: City, cases: int) -> tuple[list[Plan], list[Placed]]:
    """So many reports of the day, in the city's own spread over its hours, and the components that
    they name."""
    start, cities = begins(city.rules), [city]
    found = list(city.lives(start, start + timedelta(days=1)))
    while len(found) < cases:
        cities.append(City(city.rules, cities[-1].seed + 1))
        found += cities[-1].lives(start, start + timedelta(days=1))
    kept = [found[order * len(found) // cases] for order in range(cases)]
    plans = sorted(kept, key=lambda plan: plan.links[0].at or start)
    reports = (plan.links[0].command for plan in plans)
    wanted = {r.component for r in reports if isinstance(r, ReportCase) and r.component}
    every = (each for one in cities for some in one.components.values() for each in some)
    return plans, [each for each in every if each.id in wanted]


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
