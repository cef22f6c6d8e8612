"""The practice city at work: citizens, inspectors, operators and units as bots, in log time.

Bots look at the case before they act and do only what it still needs; what a person has done is
theirs. Of the centre's work they leave a share to people, for a while. All waits are in the log's
own time, so the speed dial holds for everything. Refusals are normal: somebody was quicker.
"""

import asyncio
import heapq
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from random import Random

from backend_client import Connection
from casework.acts import (
    AcceptWork,
    CheckCase,
    CloseCase,
    DispatchCase,
    FeedBack,
    FileCase,
    OrderCheck,
    OrderVerification,
    PassForFiling,
    ReportCase,
    VerifyReport,
)
from casework.case import Case
from casework.decider import Command, Refused
from casework.photos import AttachPhoto, PhotoKind
from casework.rules import classification
from casework.terms import AT_WORK, CaseId, Role, Source, State, UnitId
from drill.city import City
from drill.field import Field, confirmations
from drill.lives import FAILED, MINUTES, REDONE, VERIFIED, wait, words
from drill.placeholder import placeholder
from drill.plan import Plan
from drill.troupe import Troupe

LEFT_TO_PEOPLE = 0.35
"""Share of the centre's links that bots leave alone at first."""
PATIENCE = timedelta(minutes=25)
"""Log time after which a bot takes what was left to people and nobody took."""
PHOTOGRAPHED = 0.5
"""Share of the inspectors' reports and of the units' feedbacks that come with a photo: ours."""
PHOTOGRAPHS: dict[type[Command], PhotoKind] = {
    ReportCase: PhotoKind.BEFORE,
    VerifyReport: PhotoKind.BEFORE,
    FeedBack: PhotoKind.AFTER,
}
TICK = 0.1
"""Seconds between two looks at the log's clock."""
BACKLOG = timedelta(hours=9)
"""Mean log time in which a unit gets round to work that is over its time already."""
_FAR = timedelta(days=3650)
_Due = tuple[datetime, int, Callable[[], None]]


class Live:
    """One city on one log, until it is cancelled."""

    def __init__(self, troupe: Troupe, city: City) -> None:
        self._troupe = troupe
        self._city = city
        self.field = Field(troupe, city.rules, city.seed)
        self._agenda: list[_Due] = []
        self._numbers = count()
        self._planned: dict[CaseId, int] = {}
        self._acting: set[asyncio.Task[None]] = set()
        self.acted = 0
        self.refused = 0

    async def run(self) -> None:
        """Live. Raises: Refused: a session could not sign in."""
        async with self._troupe.watch() as self._watch:
            now = self._watch.now()
            self._arrivals = self._city.lives(now, now + _FAR)
            self._expect_next()
            self.field.begin(now, self._at)
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._look())
                tasks.create_task(self._keep_time())

    async def _look(self) -> None:
        """Plan the next link of every case that changes."""
        async for change in self._watch.changes():
            for case in change.upserted:
                self._plan(case)
            for gone in change.gone:
                self._planned.pop(gone, None)

    async def _keep_time(self) -> None:
        while True:
            now = self._watch.now()
            while self._agenda and self._agenda[0][0] <= now:
                heapq.heappop(self._agenda)[2]()
            await asyncio.sleep(TICK)

    def _at(self, at: datetime, act: Callable[[], None]) -> None:
        heapq.heappush(self._agenda, (at, next(self._numbers), act))

    # --- citizens and inspectors report -----------------------------------------------------------

    def _expect_next(self) -> None:
        plan = next(self._arrivals, None)
        if plan is not None and plan.links[0].at is not None:
            self._at(plan.links[0].at, lambda: self._arrive(plan))

    def _arrive(self, plan: Plan) -> None:
        link = plan.links[0]
        self._do(link.role, None, link.command, None)
        self._expect_next()

    # --- everybody else waits for a case ----------------------------------------------------------

    def _plan(self, case: Case) -> None:
        if case.ended:
            self._planned.pop(case.id, None)
        elif self._planned.get(case.id) != case.step:
            self._planned[case.id] = case.step
            for at, unit in self._when(case):
                self._at(at, self._turn(case.id, case.step, unit))
            self._confirm(case)

    def _confirm(self, case: Case) -> None:
        """The named inspector's device has the order, and the inspector opens it."""
        if case.order is None or case.inspector not in self.field.people:
            return
        for after, command in confirmations(self._dice(case, "confirm")):
            self._at(case.order.sent_at + after, self._say(case.id, case.step, command))

    def _say(self, id: CaseId, step: int, command: Command) -> Callable[[], None]:
        def say() -> None:
            case = self._watch.replica.cases.get(id)
            if case is not None and case.step == step:
                self._do(Role.INSPECTOR, None, command, case)

        return say

    def _turn(self, case: CaseId, step: int, unit: UnitId | None) -> Callable[[], None]:
        return lambda: self._act(case, step, unit)

    def _dice(self, case: Case, what: str) -> Random:
        return Random(f"{self._city.seed} {what} {case.id} {case.step}")

    def _when(self, case: Case) -> list[tuple[datetime, UnitId | None]]:
        """When a bot will look at a case again, and for which unit."""
        dice = self._dice(case, "wait")
        at_work = [a for a in case.assignments if a.state in AT_WORK]
        if case.state is State.DISPATCHED and any(a.lead for a in at_work):
            return [(case.link_since + wait(dice, case.state), case.lead)]
        if case.state in MINUTES and not at_work:
            at = case.link_since + wait(dice, case.state)
            if case.state is not State.CHECKING and dice.random() < LEFT_TO_PEOPLE:
                at += PATIENCE
            return [(at, None)]
        return [(self._unit_is_done(case, dice), a.unit) for a in at_work]

    def _unit_is_done(self, case: Case, dice: Random) -> datetime:
        now = self._watch.now()
        if case.limit is None:
            return case.link_since + timedelta(hours=dice.uniform(2, 48))
        group = self._city.group_of(case.lead, case.district)
        takes = self._city.handled_after(dice, group, case.link_since, case.limit)
        if case.link_since + takes > now:
            return case.link_since + takes
        return now + BACKLOG * dice.expovariate(1)

    # --- acting -----------------------------------------------------------------------------------

    def _act(self, id: CaseId, step: int, unit: UnitId | None) -> None:
        case = self._watch.replica.cases.get(id)
        if case is None or case.step != step:
            return  # somebody was quicker; the change has planned the next link
        found = self._next(case, unit)
        if found is not None:
            role, command = found
            self._do(role, unit, command, case)

    def _next(self, case: Case, unit: UnitId | None) -> tuple[Role, Command] | None:
        """What the case needs now; None when that is for people (視情況定, a named inspector)."""
        dice = self._dice(case, "act")
        found: tuple[Role, Command]
        match case.state:
            case State.REGISTERED:
                found = Role.ACCEPTOR, self._registered(case, dice)
            case State.PREFILED:
                found = Role.SHIFT_LEADER, FileCase(opinion=words(dice, FileCase))
            case State.DISPATCHED | State.HANDLING if unit is not None:
                found = Role.UNIT, _at_the_unit(case, unit, dice)
            case State.FEEDBACK:
                found = Role.ACCEPTOR, OrderCheck()
            case State.PENDING_CLOSE:
                found = Role.SHIFT_LEADER, CloseCase(opinion=words(dice, CloseCase))
            case State.VERIFYING | State.CHECKING if self._is_ours(case):
                found = Role.INSPECTOR, _on_the_spot(case, dice)
            case State.FILED:
                return self._dispatch(case, dice)
            case _:
                return None
        return found

    def _is_ours(self, case: Case) -> bool:
        """An order to nobody by name, or to one of the city's own inspectors."""
        return case.inspector is None or case.inspector in self.field.people

    def _registered(self, case: Case, dice: Random) -> Command:
        own = case.source is Source.INSPECTOR
        if not own and case.confirmed is None and dice.random() < VERIFIED:
            return OrderVerification()
        return PassForFiling()

    def _dispatch(self, case: Case, dice: Random) -> tuple[Role, Command] | None:
        found = classification.responsible(
            self._city.rules,
            case.kind,
            case.code,
            case.district,
            case.street,
            component=case.component_unit,
        )
        if found.lead is None:
            return None
        opinion = words(dice, DispatchCase)
        return Role.DISPATCHER, DispatchCase(lead=found.lead, joint=found.joint, opinion=opinion)

    def _do(self, role: Role, unit: UnitId | None, command: Command, case: Case | None) -> None:
        task = asyncio.ensure_future(self._ask(role, unit, command, case))
        self._acting.add(task)
        task.add_done_callback(self._acting.discard)

    async def _session(self, role: Role, unit: UnitId | None, case: Case | None) -> Connection:
        """Who acts: the inspector whom the order names, else the bot of the role."""
        ordered = self.field.people.get(case.inspector) if case and case.inspector else None
        if role is Role.INSPECTOR and ordered is not None:
            return await self._troupe.named(ordered)
        return await self._troupe.session(role, unit)

    async def _ask(
        self, role: Role, unit: UnitId | None, command: Command, case: Case | None
    ) -> None:
        try:
            session = await self._session(role, unit, case)
            ack = await session.ask(
                command,
                role=role,
                stream="" if case is None else f"case/{case.id}",
                base_version=0 if case is None else case.version,
            )
            self.acted += 1
            kind = PHOTOGRAPHS.get(type(command))
            if kind is not None and photographs(self._city.seed, ack.stream, kind, role):
                await add_photo(session, role, ack.stream, kind)
        except Refused:
            self.refused += 1


def _at_the_unit(case: Case, unit: UnitId, dice: Random) -> Command:
    if case.state is State.DISPATCHED and unit == case.lead:
        return AcceptWork()
    return FeedBack(opinion=words(dice, FeedBack))


def photographs(seed: object, stream: str, kind: PhotoKind, role: Role) -> bool:
    """Whether this act comes with a photo; operators have no camera."""
    dice = Random(f"{seed} photo {stream} {kind}")
    return role in (Role.INSPECTOR, Role.UNIT) and dice.random() < PHOTOGRAPHED


async def add_photo(session: Connection, role: Role, stream: str, kind: PhotoKind) -> None:
    """Draw a placeholder, send it in and add it. Raises: Refused."""
    whole, small = placeholder(stream, kind)
    thumbnail = await session.upload(small)
    digest = await session.upload(whole)
    photo = AttachPhoto(kind=kind, digest=digest, thumbnail=thumbnail)
    await session.ask(photo, role=role, stream=stream)


def _on_the_spot(case: Case, dice: Random) -> Command:
    if case.state is State.VERIFYING:
        return VerifyReport(confirmed=True, opinion=words(dice, VerifyReport))
    if case.rework == 0 and dice.random() < REDONE:
        return CheckCase(passed=False, opinion=dice.choice(FAILED))
    return CheckCase(passed=True, opinion=words(dice, CheckCase))
