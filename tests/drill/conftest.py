"""A desk in memory that decides by casework's own rules: what the stage plays to in tests."""

import asyncio
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import pytest

from casework.case import Case
from casework.catalogue import decider_of
from casework.decider import Actor, Command, Context, Facts, Grant, Recorded, Refused
from casework.rulebook import RuleBook
from casework.scheme import CaseClass, Scheme, WorkCalendar
from casework.terms import CaseId, Kind, LogId, Role, UnitId, UserId
from casework.territory import Unit
from casework.wire import Ack
from drill.stage import Standing

START = datetime(2015, 1, 1, 12, tzinfo=UTC)
UNITS = (UnitId("roads"), UnitId("lights"))

RULES = RuleBook(
    city="Testville",
    code="test",
    calendar=WorkCalendar(time_zone="America/New_York", first_year=2015, last_year=2015),
    default_scheme="records",
    schemes=(
        Scheme(
            id="records",
            version="1",
            name="Records",
            classes=(
                CaseClass(kind=Kind.INCIDENT, code="hole", name="Hole", big_code="r", big_name="R"),
            ),
        ),
    ),
    units=tuple(Unit(id=unit, name=unit) for unit in UNITS),
)


class Posted(NamedTuple):
    command: Command
    stream: str
    base: int
    claimed: datetime | None
    cmd: str
    answer: asyncio.Future[Ack]


class FakeDesk:
    """Sockets are lists that the desk reads in a random order, each in its own order; `crash`
    cuts all of them after so many commands."""

    def __init__(self, seed: int = 0) -> None:
        self.random = random.Random(seed)
        self.at = START
        self.cases: dict[CaseId, Case] = {}
        self.history: list[Recorded] = []
        self.done: dict[tuple[str, str], Ack] = {}
        self.sessions: list[FakeSession] = []
        self.crash: int | None = None
        self.commands = 0

    async def cast(self, role: Role, unit: UnitId | None) -> "FakeSession":
        await asyncio.sleep(0)
        session = FakeSession(self, role, unit)
        self.sessions.append(session)
        return session

    def wake(self) -> None:
        asyncio.get_running_loop().call_soon(self.work)

    def work(self) -> None:
        """Take one command from one of the sockets that have any."""
        waiting = [session for session in self.sessions if session.queue]
        if not waiting:
            return
        if self.crash is not None and self.commands >= self.crash:
            for session in waiting:
                for posted in session.queue:
                    posted.answer.set_exception(Refused("link.closed"))
                session.queue.clear()
            return
        self.commands += 1
        session = self.random.choice(waiting)
        posted = session.queue.pop(0)
        try:
            posted.answer.set_result(self.decide(session, posted))
        except Refused as refused:
            posted.answer.set_exception(refused)

    def decide(self, session: "FakeSession", posted: Posted) -> Ack:
        command, stream, base, claimed, cmd, _ = posted
        device = f"{session.role}-{session.unit}"
        if (device, cmd) in self.done:
            return self.done[device, cmd]
        if claimed is not None:
            self.at = max(self.at, claimed)
        decider = decider_of(command)
        grant = Grant(role=session.role, unit=session.unit)
        context = Context(
            at=self.at,
            log=LogId("p"),
            practice=True,
            actor=Actor(user=UserId(device), grants=(grant,)),
            role=session.role,
            rules=RULES,
            facts=Facts(order=len(self.cases) + 1),
        )
        id = CaseId(stream.removeprefix("case/") or decider.opens(command, context))
        case = self.cases.get(id)
        if case is not None and base < case.step:
            raise Refused("case.stale", case=id)
        for event in decider.decide(case, command, context):
            recorded = Recorded(
                log=context.log,
                number=len(self.history) + 1,
                at=self.at,
                claimed=claimed,
                stream=f"case/{id}",
                version=case.version + 1 if case else 1,
                actor=context.actor.user,
                role=session.role,
                event=event,
            )
            self.history.append(recorded)
            case = decider.evolve(case, recorded)
        assert case is not None
        self.cases[id] = case
        number = len(self.history)
        ack = Ack(id=cmd, log=context.log, number=number, stream=f"case/{id}", version=case.version)
        self.done[device, cmd] = ack
        return ack

    def standing(self) -> dict[str, Standing]:
        """What a snapshot holds: open cases, and those ended within the last day."""
        return {
            case.reference: Standing(case.state, f"case/{case.id}", case.version)
            for case in self.cases.values()
            if case.ended_at is None or case.ended_at > self.at - timedelta(hours=24)
        }


class FakeSession:
    def __init__(self, desk: FakeDesk, role: Role, unit: UnitId | None) -> None:
        self.desk, self.role, self.unit = desk, role, unit
        self.queue: list[Posted] = []

    def post(
        self,
        command: Command,
        *,
        stream: str = "",
        base_version: int = 0,
        role: Role,
        claimed: datetime | None = None,
        id: str = "",
    ) -> asyncio.Future[Ack]:
        assert role is self.role
        assert id
        future: asyncio.Future[Ack] = asyncio.get_running_loop().create_future()
        self.queue.append(Posted(command, stream, base_version, claimed, id, future))
        self.desk.wake()
        return future


@pytest.fixture
def new_desk() -> Callable[[int], FakeDesk]:
    return FakeDesk
