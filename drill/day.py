"""A whole simulated day on a practice log: arrivals follow the day in virtual time, operators get
their cases by taking the next one, units and inspectors answer.

Rounds of virtual time: in each, everybody whose turn it is acts once, through a session of the real
client. A log that moves by the records of its commands keeps the day's clock.
"""

import asyncio
import hashlib
from collections import Counter, defaultdict
from collections.abc import Awaitable, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from random import Random

from msgspec.structs import replace

from backend_client.client import Connection, connect
from backend_client.credentials import drill_token
from backend_client.rule_shelf import RuleShelf
from casework.acts import ReportCase, TakeBack
from casework.case import Case
from casework.claims import TakeNext
from casework.decider import Actor, Command, Refused
from casework.life import ACTS, APPROVER, HOLDERS
from casework.photos import AttachPhoto
from casework.procedures.log import SetPace
from casework.procedures.patrol import GoOnDuty, ReportPosition
from casework.terms import AT_WORK, CENTRE_ROLES, CaseId, Digest, Role, Source, State, UserId
from casework.wire import Ack
from drill.city import City
from drill.day_people import OPERATORS, Outcome, arrivals, begins, people
from drill.day_script import BY_HAND, Script, Turn
from drill.enrol import enrol
from drill.inspectors import Walks
from drill.plan import Plan
from drill.troupe import Troupe

TRIED = 8
"""Cases of a box looked at for one act by hand."""
POSITIONS_EVERY = timedelta(minutes=20)  # ours: how often an inspector says where
PHOTO = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f64540"
    "0000000049454e44ae426082"
)
"""A picture of one point, for the acts that need one."""


class Day:
    """The people's sessions and the eye that sees every case. Use it in its own loop."""

    def __init__(self, troupe: Troupe, key: bytes, city: City, operators: Mapping[Role, int]):
        self._troupe, self._key, self._city = troupe, key, city
        self._players = people(city.rules, operators)
        self._actors = [Actor(user=each.user, grants=each.grants) for each in self._players]
        self._of = {r: [a for a in self._actors if a.grants[0].role is r] for r in Role}
        peers = {role: tuple(a.user for a in found) for role, found in self._of.items()}
        self._script = Script(city.rules, peers)
        self._script.photo = Digest(hashlib.sha256(PHOTO).hexdigest())
        self._sessions: dict[UserId, Connection] = {}
        self._refused: Counter[str] = Counter()
        self._done: Counter[str] = Counter()
        self._commands, self._number = 0, 0
        self._walks = Walks(city.rules, self._players)
        self._told: dict[UserId, datetime] = {}
        self._patience: dict[tuple[CaseId, int, str], datetime] = {}
        self.at = begins(city.rules)

    async def run(self, cases: int, step: timedelta) -> Outcome:
        """Play the day in rounds of `step` and reckon.

        Raises: Refused: what signing in refuses, or an account.
        """
        keeper = await self._troupe.session(Role.ADMINISTRATOR)
        await enrol(keeper, self._players)
        pace = SetPace(by_record=True)
        await keeper.ask(pace, stream=f"log/{keeper.welcome.log}", role=Role.ADMINISTRATOR)
        async with self._troupe.watch() as self._eye, AsyncExitStack() as stack:
            await self._sign_in(stack)
            coming, end = arrivals(self._city, cases), self.at + timedelta(days=1)
            while self.at < end:
                self.at += step
                due = [plan for plan in coming if (plan.links[0].at or self.at) <= self.at]
                coming = coming[len(due) :]
                await self._round(due)
            found = tuple(self._eye.replica.cases.values())
        return Outcome(
            at=self.at,
            reported=self._script.cases,
            commands=self._commands,
            acts=dict(self._done),
            refused=dict(self._refused),
            cases=found,
            players=tuple(self._actors),
        )

    async def _sign_in(self, stack: AsyncExitStack) -> None:
        shelf = RuleShelf()
        for who in self._actors:
            token = drill_token(self._key, who.user, who.user, who.grants)
            self._sessions[who.user] = await stack.enter_async_context(
                connect(
                    self._troupe.server,
                    drill=token,
                    device=f"day/{who.user}",
                    shelf=shelf,
                    quiet=True,
                )
            )
        for who in self._of[Role.INSPECTOR]:
            there = self._walks.onwards(who.user, Random(who.user))
            await self._sessions[who.user].ask(GoOnDuty(point=there), role=Role.INSPECTOR)

    # --- a round --------------------------------------------------------------------------------

    async def _round(self, due: Sequence[Plan]) -> None:
        await self._all(self._walk())
        await self._all(self._report(plan) for plan in due)
        cases = list(self._eye.replica.cases.values())
        await self._all(self._in_the_field(cases))
        await self._all(self._by_hand())
        taken = await self._take()
        await self._all(self._operate(taken))

    async def _report(self, plan: Plan) -> Ack | None:
        command = plan.links[0].command
        assert isinstance(command, ReportCase)  # every life begins with one
        own = command.source is Source.INSPECTOR
        self._script.cases += 1
        if own and self._script.cases % 40 == 0:
            command = replace(command, handled=True)
        role = Role.INSPECTOR if own else Role.ACCEPTOR
        who = self._of[role][self._script.cases % len(self._of[role])]
        return await self._ask(who, role, command, None, "report")

    def _walk(self) -> Iterable[Awaitable[Ack | None]]:
        """Inspectors say where they are, before their positions are stale."""
        for who in self._of[Role.INSPECTOR]:
            if self.at - self._told.setdefault(who.user, self.at) < POSITIONS_EVERY:
                continue
            self._told[who.user] = self.at
            there = self._walks.onwards(who.user, Random(f"{self.at} {who.user}"))
            if there is not None:
                yield self._ask(who, Role.INSPECTOR, ReportPosition(point=there), None, "position")

    def _in_the_field(self, cases: Iterable[Case]) -> Iterable[Awaitable[Ack | None]]:
        desks = {g.unit: who for who in self._of[Role.UNIT] for g in who.grants}
        for case in cases:
            if case.state in (State.VERIFYING, State.CHECKING):
                here = [a for a in self._of[Role.INSPECTOR] if case.inspector in (None, a.user)]
                stage = "spot" if case.order is None or case.order.read_at else "way"
                if here and self._ready(case, stage, (1, 9) if stage == "way" else (8, 35)):
                    yield self._do(Turn(case, here[0], Role.INSPECTOR, self.at))
            elif case.state in (State.DISPATCHED, State.HANDLING):
                for a in case.assignments:
                    wait = (2, 25) if a.state == "open" else (15, 900)
                    free = a.state in AT_WORK and a.waiting is None
                    if free and self._ready(case, a.unit, wait):
                        yield self._do(Turn(case, desks[a.unit], Role.UNIT, self.at))
                        break

    def _ready(self, case: Case, what: str, minutes: tuple[int, int]) -> bool:
        """Whether the time has come that this one takes, drawn once for a step of a case."""
        key = (case.id, case.step, what)
        if key not in self._patience:
            wait = Random(f"{key}").uniform(*minutes)
            self._patience[key] = self.at + timedelta(minutes=wait)
        return self._patience[key] <= self.at

    def _by_hand(self) -> Iterable[Awaitable[Ack | None]]:
        """Acts on cases that wait for others, found in their boxes."""
        by_state: dict[State, list[Case]] = defaultdict(list)
        for case in self._eye.replica.cases.values():
            by_state[case.state].append(case)
        touched: set[CaseId] = set()
        for act in ACTS:
            if act.name not in BY_HAND or act.name in ("approve", "refuse", "take_back"):
                continue
            here = [case for state in act.states for case in by_state[state]]
            dice = Random(f"{self.at} {act.name}")
            role = next(role for role in act.roles if role in CENTRE_ROLES)
            who = dice.choice(self._of[role])
            for case in dice.sample(here, min(TRIED, len(here))):
                held = case.claim is not None and case.claim.user != who.user
                if case.id in touched or (held and act.name != "take_over"):
                    continue
                turn = Turn(case, who, role, self.at)
                found = self._script.choose(turn, frozenset({act.name}))
                if found is not None:
                    touched.add(case.id)
                    yield self._ask(who, role, found[1], case, act.name)
                    break

    async def _take(self) -> list[Turn]:
        """What each operator has in hand and may act on; whoever has nothing takes the next."""
        mine = self._mine()
        turns, free = [], []
        for role in OPERATORS:
            for who in self._of[role]:
                held = mine.get(who.user)
                if held is not None and role in _turn_of(held):
                    turns.append(Turn(held, who, role, self.at))
                else:
                    free.append((who, role))
        acks = await self._all(
            self._ask(who, role, TakeNext(), None, "take_next") for who, role in free
        )
        for (who, role), ack in zip(free, acks, strict=True):
            if ack is not None:
                case = self._eye.replica.cases[CaseId(ack.stream.partition("/")[2])]
                turns.append(Turn(case, who, role, self.at))
        return turns

    def _mine(self) -> dict[UserId, Case]:
        """One case that each person has claimed and that waits for the centre (我的)."""
        mine: dict[UserId, Case] = {}
        for case in self._eye.replica.cases.values():
            if case.claim is not None and _turn_of(case):
                mine.setdefault(case.claim.user, case)
        return mine

    def _operate(self, turns: Iterable[Turn]) -> Iterable[Awaitable[Ack | None]]:
        for turn in turns:
            decides = turn.case.application is not None and turn.role is APPROVER
            yield self._do(turn, frozenset({"approve", "refuse"}) if decides else None)

    # --- asking ---------------------------------------------------------------------------------

    def _do(self, turn: Turn, among: frozenset[str] | None = None) -> Awaitable[Ack | None]:
        found = self._script.choose(turn, among)
        if found is None:
            return _nothing()
        act, command = found
        undo = act.undoable and self._wants_undo(turn)
        return self._ask(turn.actor, turn.role, command, turn.case, act.name, undo=undo)

    def _wants_undo(self, turn: Turn) -> bool:
        wanted = self._script.asked["take_back"] < 1 + self._script.cases // 60
        if wanted and turn.role in CENTRE_ROLES:
            self._script.asked["take_back"] += 1
            return True
        return False

    async def _ask(
        self,
        who: Actor,
        role: Role,
        command: Command,
        case: Case | None,
        name: str,
        *,
        undo: bool = False,
    ) -> Ack | None:
        session = self._sessions[who.user]
        self._commands += 1
        try:
            if isinstance(command, AttachPhoto):
                await session.upload(PHOTO)
            ack = await session.ask(
                command,
                role=role,
                stream="" if case is None else f"case/{case.id}",
                base_version=0 if case is None else case.version,
                claimed=self.at,
            )
            self._done[name] += 1
            if undo:
                self._commands += 1
                ack = await session.ask(
                    TakeBack(),
                    role=role,
                    stream=ack.stream,
                    base_version=ack.version,
                    claimed=self.at,
                )
                self._done["take_back"] += 1
        except Refused as refused:
            self._refused[refused.code] += 1
            return None
        self._number = max(self._number, ack.number)
        return ack

    async def _all(self, asked: Iterable[Awaitable[Ack | None]]) -> list[Ack | None]:
        """All at once, and then see what became of it."""
        answers = await asyncio.gather(*asked)
        while self._eye.replica.number < self._number:  # noqa: ASYNC110  the eye's own loop tells
            await asyncio.sleep(0.001)
        return answers


def _turn_of(case: Case) -> tuple[Role, ...]:
    """Whose turn a case is: that of its link's post, and the approver's."""
    holder = HOLDERS.get(case.state)
    turns = [role for role in (holder,) if role in CENTRE_ROLES and role is not None]
    return (*turns, *((APPROVER,) if case.application is not None else ()))


async def _nothing() -> None:
    return None
