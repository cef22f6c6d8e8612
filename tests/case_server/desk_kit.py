"""A small city, its people, and a desk that answers in step: what server tests are written with."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from queue import SimpleQueue

from case_server import journal
from case_server.database import Database, open_database
from case_server.desk import Batch, Desk, Submission
from casework import acts
from casework.decider import Actor, Command, Grant, Personal
from casework.pack import digest, encode_rules
from casework.rulebook import ApplicationRule, LinkLimit, RuleBook
from casework.scheme import CaseClass, Clock, Condition, Limit, Scheme, WorkCalendar
from casework.terms import (
    Application,
    AreaId,
    Kind,
    LogId,
    Role,
    Source,
    State,
    UnitId,
    UserId,
    point,
)
from casework.territory import Area, AreaLevel, Unit
from casework.wire import Ack, Ask, Nack
from tests import refusals

BIRTH = datetime(2008, 6, 13, 1, tzinfo=UTC)
LOG = LogId("t")
WATER = UnitId("water")
LAMPS = UnitId("lamps")
EAST = AreaId("440301")
WEST = AreaId("440302")


def hours(value: int) -> Limit:
    """A limit on the clock that never stops."""
    return Limit(milli=value * 1000, clock=Clock.URGENT_HOUR)


def square(west: float, south: float) -> tuple[tuple[float, float], ...]:
    """Corners of a tenth of a degree, closed."""
    east, north = west + 0.1, south + 0.1
    return ((south, west), (south, east), (north, east), (north, west), (south, west))


def area(name: AreaId, west: float) -> Area:
    """A square district."""
    ring = tuple(point(lat, lon) for lat, lon in square(west, 22.5))
    return Area(id=name, name=name, level=AreaLevel.DISTRICT, rings=(ring,))


RULES = RuleBook(
    city="Testing",
    code="4403",
    calendar=WorkCalendar(time_zone="Asia/Shanghai", first_year=2004, last_year=2026),
    default_scheme="a",
    schemes=(
        Scheme(
            id="a",
            version="2008",
            name="a",
            classes=(
                CaseClass(
                    kind=Kind.INCIDENT,
                    code="0102",
                    name="暴露垃圾",
                    big_code="01",
                    big_name="市容环境",
                    conditions=(Condition(id="heap", text="成堆", general=hours(2)),),
                ),
                CaseClass(
                    kind=Kind.COMPONENT,
                    code="0103",
                    name="雨水井盖",
                    big_code="01",
                    big_name="公用",
                ),
                CaseClass(
                    kind=Kind.COMPONENT, code="0118", name="路灯", big_code="01", big_name="公用"
                ),
            ),
        ),
    ),
    units=(Unit(id=WATER, name="水务"), Unit(id=LAMPS, name="灯光")),
    areas=(area(EAST, 114.1), area(WEST, 113.9)),
    applications=(ApplicationRule(kind=Application.SUSPENSION),),
    link_limits=(
        LinkLimit(state=State.REGISTERED, limit=hours(1)),
        LinkLimit(state=State.VERIFYING, limit=hours(2)),
        LinkLimit(state=State.FILED, limit=hours(1)),
    ),
)


def person(role: Role, *, unit: UnitId | None = None, areas: tuple[AreaId, ...] = ()) -> Actor:
    """Somebody with one role at one machine."""
    user = UserId(f"{role}{f'-{unit}' if unit else ''}")
    return Actor(user=user, grants=(Grant(role=role, unit=unit, areas=areas),), device=user)


ACCEPTOR = person(Role.ACCEPTOR)
LEADER = person(Role.SHIFT_LEADER)
DISPATCHER = person(Role.DISPATCHER)
INSPECTOR = person(Role.INSPECTOR)
ADMINISTRATOR = person(Role.ADMINISTRATOR)
WATER_CREW = person(Role.UNIT, unit=WATER)
LAMP_CREW = person(Role.UNIT, unit=LAMPS)


def report(text: str = "", **changes: object) -> acts.ReportCase:
    """A citizen's report in the east."""
    fields: dict[str, object] = {
        "kind": Kind.INCIDENT,
        "code": "0102",
        "source": Source.PUBLIC,
        "district": EAST,
        "personal": Personal(name="张三", phone="13800002190", text=text) if text else None,
    }
    return acts.ReportCase(**{**fields, **changes})  # type: ignore[arg-type]  # a test's own fields


MAIN_LINE: tuple[tuple[Actor, Command], ...] = (
    (ACCEPTOR, acts.PassForFiling()),
    (LEADER, acts.FileCase()),
    (DISPATCHER, acts.DispatchCase(lead=WATER)),
    (WATER_CREW, acts.FeedBack(opinion="清理完毕")),
    (ACCEPTOR, acts.OrderCheck()),
    (INSPECTOR, acts.CheckCase(passed=True)),
    (LEADER, acts.CloseCase()),
)


class Office:
    """A desk whose answers are waited for one by one."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.batches: SimpleQueue[Batch] = SimpleQueue()
        self.desk = Desk(database, self.batches.put)
        self.desk.start()
        self._ids = 0
        self._first = self.desk.head

    def ask(
        self,
        actor: Actor,
        command: Command,
        stream: str = "",
        *,
        version: int = 0,
        id: str = "",
        claimed: datetime | None = None,
    ) -> Ack | Nack:
        """Give a command and wait for its answer."""
        return self.ask_all([(actor, command, stream, version, id, claimed)])[0]

    def ask_all(
        self, asks: Sequence[tuple[Actor, Command, str, int, str, datetime | None]]
    ) -> list[Ack | Nack]:
        """Give several at once; answers in the order of the asks."""
        for actor, command, stream, version, id, claimed in asks:
            self._ids += 1
            ask = Ask(
                id=id or f"command-{self._first}-{self._ids:06}",
                stream=stream,
                base_version=version,
                role=actor.grants[0].role,
                command=command,
                claimed=claimed,
            )
            self.desk.submit(Submission(ask, actor))
        answers: list[Ack | Nack] = []
        while len(answers) < len(asks):
            answers += [answer for _, answer in self.batches.get(timeout=30).answers]
        for answer in answers:
            refusals.note("case_server", answer.code if isinstance(answer, Nack) else "")
        return answers

    def accepted(self, actor: Actor, command: Command, stream: str = "", version: int = 0) -> Ack:
        """Give a command that must be accepted."""
        answer = self.ask(actor, command, stream, version=version)
        assert isinstance(answer, Ack), answer
        return answer

    def live_through(self, steps: int = len(MAIN_LINE), **report_changes: object) -> Ack:
        """A case taken `steps` links down the main line."""
        ack = self.accepted(ACCEPTOR, report("积水约40厘米", **report_changes))
        for actor, command in MAIN_LINE[:steps]:
            ack = self.accepted(actor, command, ack.stream, ack.version)
        return ack


@contextmanager
def open_office(url: str, *, practice: bool = True) -> Iterator[Office]:
    """A log, born if need be, and its desk."""
    database = open_database(url)
    try:
        if journal.existing_log(database.writer) is None:
            journal.create_log(
                database.writer,
                log=LOG,
                practice=practice,
                rules=RULES,
                rules_bytes=encode_rules(RULES),
                digest=digest(RULES),
                at=BIRTH,
            )
        office = Office(database)
        try:
            yield office
        finally:
            office.desk.stop()
    finally:
        database.close()
