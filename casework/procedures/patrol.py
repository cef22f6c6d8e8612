"""巡查: an inspector on duty, and where. Each keeps the own patrol, `patrol/{user}`; nobody else's.

Positions are data about a person at work: they are no events (docs/adr/0007). The last one is kept
beside the journal while on duty, and only the centre roles of the inspector's own areas are told of
it. Events of earlier programs that hold a point are still read; no fold keeps the point.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated

from msgspec import Meta, Struct
from msgspec.structs import replace

from casework.decider import Command, Context, Decider, Event, Need, Position, Recorded, Refused
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
    """`point`: of earlier programs only."""

    point: Point | None = None


class PositionReported(Event, frozen=True, kw_only=True):
    """Of earlier programs only."""

    point: Point
    accuracy_m: int = 0


class WentOffDuty(Event, frozen=True, kw_only=True):
    pass


class Patrol(Struct, frozen=True, kw_only=True):
    """A patrol as folded: on duty since (aware UTC), None off duty."""

    user: UserId
    version: int = 0
    since: datetime | None = None


def decide(patrol: Patrol | None, command: Command, context: Context) -> Sequence[Event]:
    """The events that `command` earns: a position earns none.

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
        return [WentOnDuty()]
    if patrol is None or not on_duty:
        raise Refused("patrol.off_duty")
    match command:
        case ReportPosition(point=point):
            _require_place(context)
            _require_news(point, context)
            return []
        case GoOffDuty():
            return [WentOffDuty()]
        case _:
            raise TypeError(command)


def _require_place(context: Context) -> None:
    if context.facts.place.doubt:
        raise Refused(context.facts.place.doubt)


def _require_news(point: Point, context: Context) -> None:
    last, settings = context.facts.position, context.rules.orders
    if last is None:
        return
    soon = context.at - last.at < timedelta(seconds=settings.position_seconds)
    if soon and metres_between(last.point, point) < settings.position_metres:
        raise Refused("patrol.too_soon", seconds=str(settings.position_seconds))


def evolve(patrol: Patrol | None, recorded: Recorded) -> Patrol | None:
    """The patrol after `recorded`."""
    match recorded.event:
        case WentOnDuty():
            patrol = Patrol(user=recorded.actor, since=recorded.at)
        case WentOffDuty():
            patrol = Patrol(user=recorded.actor)
    return None if patrol is None else replace(patrol, version=recorded.version)


def position_of(command: Command, at: datetime) -> Position | None:
    """Where the sender of a command says to be at that instant (aware UTC); None: not told."""
    match command:
        case GoOnDuty(point=Point() as point):
            return Position(point=point, at=at)
        case ReportPosition(point=point, accuracy_m=accuracy):
            return Position(point=point, at=at, accuracy_m=accuracy)
    return None


def _opens(_command: Command, context: Context) -> str:
    return str(context.actor.user)


def _needs(command: Command) -> frozenset[str]:
    if isinstance(command, GoOffDuty):
        return frozenset()
    return frozenset({Need.PLACE, Need.POSITION})


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
