"""Whom an order to verify or to check (核實、核查) is best given to, with the reasons.

An order goes to somebody of the case's own area who is on duty, free and at home in the beat, and
the nearest of those. Others of the area are ranked too, since anybody of them may be named by hand;
but who is off duty, or has this very order already, is not proposed. Nothing here is random, so
that two desks propose the same person.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from math import cos, hypot, inf, radians

from msgspec import Struct

from casework.decider import Grant
from casework.rulebook import Orders
from casework.rules.audience import Scope, covers
from casework.rules.geo import EARTH_RADIUS
from casework.terms import Point, UserId


class Reason(StrEnum):
    """Why somebody stands where they stand; the console has the words."""

    OWN_GRID = "own_grid"  # 本責任網格
    FREE = "free"
    BUSY = "busy"
    ON_DUTY = "on_duty"  # 在崗
    OFF_DUTY = "off_duty"
    NEAR = "near"
    FAR = "far"
    NO_POSITION = "no_position"
    HAS_ORDER = "has_order"  # 指令在身: another order on the same case would change nothing


class Candidate(Struct, frozen=True, kw_only=True):
    """An enabled inspector. `grants` are those in the role; `point` was told at `at`, aware UTC."""

    user: UserId
    name: str
    grants: tuple[Grant, ...]
    on_duty: bool = False
    point: Point | None = None
    at: datetime | None = None
    open_orders: int = 0


class Target(Struct, frozen=True, kw_only=True):
    """Where an order is to be done. `grid` is the responsibility grid's id, empty where none is;
    `holder` has the case's order already."""

    scope: Scope
    point: Point | None = None
    grid: str = ""
    holder: UserId | None = None


class Proposal(Struct, frozen=True, kw_only=True):
    """One inspector who may be sent. `proposed`: also without being asked for by name. `metres` is
    as the crow flies; None without a position."""

    user: UserId
    name: str
    reasons: tuple[Reason, ...]
    metres: int | None
    open_orders: int
    proposed: bool


def metres_between(one: Point, other: Point) -> float:
    """Metres on a plane that touches the earth halfway; within 0.1 % across a city."""
    lat1, lon1 = map(radians, one.degrees)
    lat2, lon2 = map(radians, other.degrees)
    return EARTH_RADIUS * hypot(lat2 - lat1, (lon2 - lon1) * cos((lat1 + lat2) / 2))


def is_fresh(at: datetime | None, now: datetime, settings: Orders) -> bool:
    """Whether a position told at `at` still says where somebody is."""
    return at is not None and now - at <= timedelta(minutes=settings.position_minutes)


def propose(
    target: Target, candidates: Iterable[Candidate], settings: Orders, now: datetime
) -> tuple[Proposal, ...]:
    """Everybody who may be sent, best first.

    Who is proposed before who is not, and on duty before off. Free before busy (`settings.most`
    open orders), and of the busy those with fewest orders first, so that where nobody is free the
    orders are shared out. Then the own responsibility grid, then nearer (an unknown or stale
    position, or one beyond `settings.metres`, last), then fewer open orders, then by name.
    """
    able = [each for each in candidates if any(covers(g, target.scope) for g in each.grants)]
    return tuple(
        _proposal(each, target, settings, now) for each in _sorted(able, target, settings, now)
    )


def first_proposed(found: Iterable[Proposal]) -> Proposal | None:
    """Who gets an order that names nobody; None: it is open to all of the area."""
    return next((each for each in found if each.proposed), None)


def _is_proposed(each: Candidate, target: Target) -> bool:
    return each.on_duty and each.user != target.holder


def _sorted(
    able: list[Candidate], target: Target, settings: Orders, now: datetime
) -> list[Candidate]:
    def rank(each: Candidate) -> tuple[bool, bool, int, bool, float, int, str, str]:
        metres = _metres(each, target, settings, now)
        within = metres if metres is not None and metres <= settings.metres else inf
        return (
            not _is_proposed(each, target),
            not each.on_duty,
            each.open_orders if each.open_orders >= settings.most else 0,
            not _at_home(each, target),
            within,
            each.open_orders,
            each.name,
            each.user,
        )

    return sorted(able, key=rank)


def _at_home(each: Candidate, target: Target) -> bool:
    return bool(target.grid) and any(target.grid in grant.grids for grant in each.grants)


def _metres(each: Candidate, target: Target, settings: Orders, now: datetime) -> int | None:
    if each.point is None or target.point is None or not is_fresh(each.at, now, settings):
        return None
    return round(metres_between(each.point, target.point))


def _proposal(each: Candidate, target: Target, settings: Orders, now: datetime) -> Proposal:
    metres = _metres(each, target, settings, now)
    near = Reason.NO_POSITION
    if metres is not None:
        near = Reason.NEAR if metres <= settings.metres else Reason.FAR
    home = (Reason.OWN_GRID,) if _at_home(each, target) else ()
    holds = (Reason.HAS_ORDER,) if each.user == target.holder else ()
    return Proposal(
        user=each.user,
        name=each.name,
        reasons=(
            *holds,
            *home,
            Reason.ON_DUTY if each.on_duty else Reason.OFF_DUTY,
            Reason.FREE if each.open_orders < settings.most else Reason.BUSY,
            near,
        ),
        metres=metres,
        open_orders=each.open_orders,
        proposed=_is_proposed(each, target),
    )
