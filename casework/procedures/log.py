"""The life of a log itself: its birth, the rule book it adopts, and a practice log's clock.

A log is born real or practice in its first event, for ever. Only a practice log has a pace: how
fast its virtual clock runs, or that the records of a replay move it.
"""

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from casework.decider import Command, Context, Decider, Event, Recorded, Refused
from casework.terms import LogId, Role


class SetPace(Command, frozen=True, kw_only=True):
    """Set a practice clock's speed (virtual seconds per second), or let records move it."""

    speed: float = 1.0
    by_record: bool = False


class LogOpened(Event, frozen=True, kw_only=True):
    log: LogId
    practice: bool
    city: str
    city_code: str
    time_zone: str


class RulesAdopted(Event, frozen=True, kw_only=True):
    version: int
    digest: str


class PaceSet(Event, frozen=True, kw_only=True):
    """`milli_speed` is in thousandths: events hold no floats."""

    milli_speed: int
    by_record: bool = False


class Log(Struct, frozen=True, kw_only=True):
    """A log as folded from its own stream."""

    id: LogId
    version: int = 0
    practice: bool
    rules_version: int = 0
    rules_digest: str = ""
    milli_speed: int = 1000
    by_record: bool = False


FASTEST = 100_000
"""Virtual seconds per second a practice clock may run at."""


PACERS = (Role.SHIFT_LEADER, Role.ADMINISTRATOR)
"""Who may set a practice clock: whoever leads the practice."""


def decide(log: Log | None, command: Command, context: Context) -> Sequence[Event]:
    """The events of a log's own life. Its birth and its first rule book are the server's doing.

    Raises:
        Refused: `log.not_open`, `log.leaders_only`, `log.real_time` when a real log's clock is to
            be paced, `log.speed` when the speed is not within 0 … `FASTEST`.
    """
    if log is None:
        raise Refused("log.not_open")
    match command:
        case SetPace(speed=speed, by_record=by_record):
            if context.role not in PACERS:
                raise Refused("log.leaders_only", role=context.role)
            if not log.practice:
                raise Refused("log.real_time", log=log.id)
            if not 0 <= speed <= FASTEST:
                raise Refused("log.speed", fastest=str(FASTEST))
            return [PaceSet(milli_speed=round(speed * 1000), by_record=by_record)]
        case _:
            raise TypeError(command)


def evolve(log: Log | None, recorded: Recorded) -> Log | None:
    """The log after `recorded`."""
    match recorded.event:
        case LogOpened(log=name, practice=practice):
            return Log(id=name, version=recorded.version, practice=practice)
        case RulesAdopted(version=version, digest=digest) if log is not None:
            log = replace(log, rules_version=version, rules_digest=digest)
        case PaceSet(milli_speed=milli_speed, by_record=by_record) if log is not None:
            log = replace(log, milli_speed=milli_speed, by_record=by_record)
    return None if log is None else replace(log, version=recorded.version)


def _opens(_command: Command, context: Context) -> str:
    return str(context.log)


def _needs(_command: Command) -> frozenset[str]:
    return frozenset()


DECIDER = Decider(
    prefix="log",
    state=Log,
    commands=(SetPace,),
    events=(LogOpened, RulesAdopted, PaceSet),
    decide=decide,
    evolve=evolve,
    opens=_opens,
    needs=_needs,
)
