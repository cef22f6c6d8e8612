"""巡查: an inspector on duty, and where. Each keeps the own patrol, `patrol/{user}`; nobody else's.

Positions are data about a person at work: they are kept while on duty only and thinned, and only
the centre roles of the inspector's own areas are told of them.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated

from msgspec import Meta, Struct
from msgspec.structs import replace

from casework.decider import Command, Context, Decider, Event, Need, Recorded, Refused
from casework.rules.proposal import metres_between
from casework.terms import Point, Role, UserId

Accuracy = Annotated[int, Meta(ge=0, le=100_000)]
"""Metres around the point in which a device says that it is."""


class GoOnDuty(Command, frozen=True, kw_only=True):
    """上崗, with a position where the device has one."""

    point: Point | None = None


class ReportPosition(Command, frozen=True, kw_only=True):
    """報位置."""

    point: Point
    accuracy_m: Accuracy = 0


class GoOffDuty(Command, frozen=True, kw_only=True):
    """離崗."""


class WentOnDuty(Event, frozen=True, kw_only=True):
    point: Point | None = None


class PositionReported(Event, frozen=True, kw_only=True):
    point: Point
    accuracy_m: int = 0


class WentOffDuty(Event, frozen=True, kw_only=True):
    pass


class Patrol(Struct, frozen=True, kw_only=True):
    """A patrol as folded. Times are aware UTC; `since` is None off duty, when no
    position stays."""

    user: UserId
    version: int = 0
    since: datetime | None = None
    point: Point | None = None
    at: datetime | None = None
    accuracy_m: int = 0


def decide(patrol: Patrol | None, command: Command, context: Context) -> Sequence[Event]:
    """The events that `command` earns.

    Raises:
        Refused: `patrol.inspectors_only`, `patrol.not_yours`, `patrol.on_duty` (already),
            `patrol.off_duty` (not yet), `patrol.too_soon` (a position within the rule book's
            seconds and metres of the last), or a `place.*` doubt about the point.
    """
    if context.role is not Role.INSPECTOR:
        raise Refused("patrol.inspectors_only", role=context.role)
    if patrol is not None and patrol.user != context.actor.user:
        raise Refused("patrol.not_yours")
    on_duty = patrol is not None and patrol.since is not None
    if isinstance(command, GoOnDuty):
        if on_duty:
            raise Refused("patrol.on_duty")
        _require_place(context)
        return [WentOnDuty(point=command.point)]
    if patrol is None or not on_duty:
        raise Refused("patrol.off_duty")
    match command:
        case ReportPosition(point=point, accuracy_m=accuracy):
            _require_place(context)
            _require_news(patrol, point, context)
            return [PositionReported(point=point, accuracy_m=accuracy)]
        case GoOffDuty():
            return [WentOffDuty()]
        case _:
            raise TypeError(command)


def _require_place(context: Context) -> None:
    if context.facts.place.doubt:
        raise Refused(context.facts.place.doubt)


def _require_news(patrol: Patrol, point: Point, context: Context) -> None:
    if patrol.point is None or patrol.at is None:
        return
    settings = context.rules.orders
    soon = context.at - patrol.at < timedelta(seconds=settings.position_seconds)
    if soon and metres_between(patrol.point, point) < settings.position_metres:
        raise Refused("patrol.too_soon", seconds=str(settings.position_seconds))


def evolve(patrol: Patrol | None, recorded: Recorded) -> Patrol | None:
    """The patrol after `recorded`."""
    match recorded.event:
        case WentOnDuty(point=point):
            at = None if point is None else recorded.at
            patrol = Patrol(user=recorded.actor, since=recorded.at, point=point, at=at)
        case PositionReported(point=point, accuracy_m=accuracy) if patrol is not None:
            patrol = replace(patrol, point=point, at=recorded.at, accuracy_m=accuracy)
        case WentOffDuty():
            patrol = Patrol(user=recorded.actor)
    return None if patrol is None else replace(patrol, version=recorded.version)


def _opens(_command: Command, context: Context) -> str:
    return str(context.actor.user)


def _needs(command: Command) -> frozenset[str]:
    return frozenset() if isinstance(command, GoOffDuty) else frozenset({Need.PLACE})


DECIDER = Decider(
    prefix="patrol",
    state=Patrol,
    commands=(GoOnDuty, ReportPosition, GoOffDuty),
    events=(WentOnDuty, PositionReported, WentOffDuty),
    decide=decide,
    evolve=evolve,
    opens=_opens,
    needs=_needs,
)
