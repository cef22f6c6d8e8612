"""A small rule book, its people, and a case to act on: what the rule tests are written with."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from casework import acts
from casework.case import Case
from casework.decider import (
    Actor,
    Blob,
    Command,
    Context,
    Event,
    Facts,
    Grant,
    Place,
    Recorded,
    Refused,
)
from casework.decisions import decide
from casework.folding import evolve, undone
from casework.rulebook import LinkLimit, ReasonCode, ReasonedAct, RuleBook
from casework.scheme import CaseClass, Clock, Condition, Limit, Scheme, WorkCalendar
from casework.terms import (
    AreaId,
    CaseId,
    CentreId,
    Digest,
    Kind,
    LogId,
    Media,
    Role,
    Source,
    State,
    UnitId,
    UserId,
)
from casework.territory import Area, AreaLevel, Centre, ResponsibilityGrid, Unit

LOG = LogId("city")
NINE = datetime(2008, 6, 13, 1, tzinfo=UTC)
"""09:00 on a Friday in Shenzhen."""
CITY_CENTRE, EAST_CENTRE = CentreId("440300"), CentreId("440301")
EAST, WEST, HARBOUR = AreaId("440301"), AreaId("440302"), AreaId("440301001")
WATER, LAMPS, TREES, ROADS = (
    UnitId(f"{name}_team@440301001") for name in ("water", "lamps", "trees", "roads")
)
UNITS = (WATER, LAMPS, TREES, ROADS)


def hours(value: int) -> Limit:
    """A limit on the clock that never stops."""
    return Limit(milli=value * 1000, clock=Clock.URGENT_HOUR)


LINKS = {
    State.REGISTERED: 1,
    State.VERIFYING: 2,
    State.PREFILED: 3,
    State.FILED: 4,
    State.FEEDBACK: 5,
    State.CHECKING: 6,
    State.PENDING_CLOSE: 7,
}
"""Hours that a case may wait in each link."""

RULES = RuleBook(
    city="试验城",
    code="440300",
    calendar=WorkCalendar(time_zone="Asia/Shanghai", first_year=2004, last_year=2026),
    default_scheme="shenzhen-a",
    schemes=(
        Scheme(
            id="shenzhen-a",
            version="2008",
            name="甲",
            classes=(
                CaseClass(
                    kind=Kind.INCIDENT,
                    code="0102",
                    name="暴露垃圾占道堆放杂物",
                    big_code="01",
                    big_name="市容环境",
                    conditions=(
                        Condition(id="heap", text="成堆", general=hours(24), extended=hours(72)),
                        Condition(id="scattered", text="零散", general=hours(48)),
                    ),
                ),
                CaseClass(
                    kind=Kind.COMPONENT, code="2101", name="视情况", big_code="21", big_name="其他"
                ),
            ),
        ),
    ),
    units=tuple(Unit(id=unit, name=unit) for unit in UNITS),
    areas=(
        Area(id=EAST, name="东区", level=AreaLevel.DISTRICT),
        Area(id=WEST, name="西区", level=AreaLevel.DISTRICT),
        Area(id=HARBOUR, name="港湾", level=AreaLevel.STREET, parent=EAST),
    ),
    centres=(
        Centre(id=CITY_CENTRE, name="市中心"),
        Centre(id=EAST_CENTRE, name="东区中心", area=EAST),
    ),
    responsibility_grids=(
        ResponsibilityGrid(id="g1", name="一号", street=HARBOUR, cells=("440301001",)),
    ),
    link_limits=tuple(LinkLimit(state=s, limit=hours(value)) for s, value in LINKS.items()),
    reasons=(
        ReasonCode(id="not_ours", act=ReasonedAct.SEND_BACK, text="不属本单位"),
        ReasonCode(id="repeated", act=ReasonedAct.CANCEL, text="重复"),
    ),
)


def grant(role: Role, unit: UnitId | None = None, *areas: AreaId) -> Grant:
    """One grant, for the whole log unless areas are named."""
    return Grant(role=role, unit=unit, areas=areas)


def person(user: str, *grants: Grant) -> Actor:
    """Somebody who signed in."""
    return Actor(user=UserId(user), grants=grants)


ACCEPTOR = person("acceptor", grant(Role.ACCEPTOR))
LEADER = person("leader", grant(Role.SHIFT_LEADER))
DISPATCHER = person("dispatcher", grant(Role.DISPATCHER))
INSPECTOR = person("inspector", grant(Role.INSPECTOR))
ADMINISTRATOR = person("administrator", grant(Role.ADMINISTRATOR))
CREWS = {unit: person(unit, grant(Role.UNIT, unit)) for unit in UNITS}


def report(**changes: Any) -> acts.ReportCase:
    """A citizen's report in the east."""
    given = acts.ReportCase(
        kind=Kind.INCIDENT, code="0102", source=Source.PUBLIC, district=EAST, street=HARBOUR
    )
    return replace(given, **changes)


def context(
    actor: Actor,
    role: Role | None = None,
    *,
    at: datetime = NINE,
    rules: RuleBook = RULES,
    practice: bool = False,
    place: Place | None = None,
    **facts: Any,
) -> Context:
    """What a decision may know; the role is the person's first unless named."""
    return Context(
        at=at,
        log=LOG,
        practice=practice,
        actor=actor,
        role=role or actor.grants[0].role,
        rules=rules,
        facts=Facts(order=7, seal="", place=place or Place(), blobs=(SENT,), **facts),
    )


def recorded(event: Event, of: Context, version: int, stream: str = "case/-") -> Recorded:
    """The event as a journal would hand it to the fold."""
    return Recorded(
        log=of.log,
        number=version,
        at=of.at,
        stream=stream,
        version=version,
        actor=of.actor.user,
        role=of.role,
        event=event,
    )


class Life:
    """A case under way, decided and folded; `at` is the instant of its last act."""

    def __init__(self, rules: RuleBook = RULES, *, practice: bool = False) -> None:
        self.rules = rules
        self.practice = practice
        self.at = NINE - timedelta(hours=1)
        self.case: Case | None = None
        self.events: list[Event] = []
        self.history: list[Recorded] = []

    @property
    def now(self) -> Case:
        """The case, which has begun."""
        assert self.case is not None
        return self.case

    def decide(
        self,
        actor: Actor,
        command: Command,
        role: Role | None = None,
        *,
        at: datetime | None = None,
        **facts: Any,
    ) -> Sequence[Event]:
        """What the command would earn, without doing it; an hour later unless told. Facts are what
        a server would find; of the steps before it knows by itself."""
        when = at or self.at + timedelta(hours=1)
        if isinstance(command, acts.TakeBack):
            facts["before"], facts["last_step"] = undone(self.history)
        of = context(actor, role, at=when, rules=self.rules, practice=self.practice, **facts)
        return decide(self.case, command, of)

    def refusal(
        self,
        actor: Actor,
        command: Command,
        role: Role | None = None,
        *,
        at: datetime | None = None,
        **facts: Any,
    ) -> str:
        """The code with which the command is refused."""
        with pytest.raises(Refused) as refused:
            self.decide(actor, command, role, at=at, **facts)
        return refused.value.code

    def act(
        self,
        actor: Actor,
        command: Command,
        role: Role | None = None,
        *,
        at: datetime | None = None,
        **facts: Any,
    ) -> Sequence[Event]:
        """Do it: what it earned is folded."""
        events = self.decide(actor, command, role, at=at, **facts)
        self.at = at or self.at + timedelta(hours=1)
        of = context(actor, role, at=self.at, rules=self.rules)
        for event in events:
            version = 1 if self.case is None else self.case.version + 1
            self.history.append(recorded(event, of, version))
            self.case = evolve(self.case, self.history[-1])
            self.events.append(event)
        return events

    def run(self, *steps: tuple[Actor, Command]) -> "Life":
        """Do them all, an hour apart."""
        for actor, command in steps:
            self.act(actor, command)
        return self


REPORTED: tuple[tuple[Actor, Command], ...] = ((ACCEPTOR, report()),)
PREFILED = (*REPORTED, (ACCEPTOR, acts.PassForFiling()))
FILED = (*PREFILED, (LEADER, acts.FileCase()))
DISPATCHED = (*FILED, (DISPATCHER, acts.DispatchCase(lead=WATER)))
JOINT = (*FILED, (DISPATCHER, acts.DispatchCase(lead=WATER, joint=(LAMPS,))))
FEEDBACK = (*DISPATCHED, (CREWS[WATER], acts.FeedBack()))
CHECKING = (*FEEDBACK, (ACCEPTOR, acts.OrderCheck()))
PENDING = (*CHECKING, (INSPECTOR, acts.CheckCase(passed=True)))
CLOSED = (*PENDING, (LEADER, acts.CloseCase()))
SENT = Blob(digest=Digest("5e" * 32), size=90_000, media=Media.JPEG)
"""A picture that was sent in whole."""
CASE = CaseId("city-20080613-00007")
