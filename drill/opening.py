"""How a practice day begins: mid-morning of a working day, with the open cases of days before.

They come into the log through the real door like everything else, each link with its instant, and
the log's clock follows them up to the opening.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from drill.city import City
from drill.plan import Link, Plan

DAY = datetime(2008, 6, 12, 9, 40)  # noqa: DTZ001  a wall time of the pack's own zone
"""A Thursday in the report's year, the morning before the great rain of 13 June."""
DAYS_BACK = 12
"""Older open cases are left out: there would be a handful."""
MORNING = timedelta(hours=1, minutes=40)
"""Cases closed within it before the opening are told too, so that the day has begun."""
LATELY, FINE, COARSE = timedelta(hours=3), timedelta(minutes=4), timedelta(hours=1)
"""Instants are cut to a grain, which is finer lately: links of one instant may overlap, and that
makes the telling quick."""


def opening(city: City) -> datetime:
    """When the practice day opens, aware UTC."""
    zone = ZoneInfo(city.rules.calendar.time_zone)
    return DAY.replace(tzinfo=zone).astimezone(ZoneInfo("UTC"))


def begins(city: City) -> datetime:
    """Where the log's clock starts: before the first case that is told."""
    return opening(city) - timedelta(days=DAYS_BACK, hours=1)


def morning(city: City, days: int = DAYS_BACK) -> Iterator[Plan]:
    """The cases open at the opening, and those closed that morning, each as far as it has come;
    those of the last `days`."""
    now = opening(city)
    for plan in city.lives(now - timedelta(days=days), now):
        ends = plan.links[-1].at
        if ends is not None and ends > now - MORNING:
            links = tuple(_cut(link, now) for link in plan.links if link.at and link.at <= now)
            yield replace(plan, links=links)


def _cut(link: Link, now: datetime) -> Link:
    assert link.at is not None  # the city gives every link an instant
    grain = FINE if now - link.at < LATELY else COARSE
    at = link.at - (link.at - now) % grain
    return replace(link, at=at, claimed=at)
