"""A whole simulated day on a practice log: arrivals follow the day in virtual time, forty operators
get their cases by taking the next one, units and inspectors answer. docs/simulated-day.md.

Rounds of virtual time: in each, everybody whose turn it is acts once, through a session of the real
client. A log that moves by the records of its commands keeps the day's clock.

**Only by take-next.** An operator of the centre never looks for work: `TakeNext` gives it, an
application that waits for a leader included. What is done later on a case that has gone on to
somebody else (an order anew, a reminder, a withdrawal, a reopening) is done by an operator whom
`TakeNext` gave that case before; a case passed on by a colleague is worked too. What else an
operator touched is in `Hands.strays`: nothing. By nature not taken so:

- a report, which opens its case;
- a unit's work: `TakeNext` is for the centre's posts, a unit works through its own box;
- an inspector's orders, which are sent to them by name.

At eleven one of each post goes home with what they have in hand, and the account is disabled.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from random import Random

from msgspec.structs import replace

from backend_client.client import Connection
from casework.acts import ReportCase
from casework.case import Case, turns
from casework.claims import TakeNext
from casework.decider import Actor
from casework.life import ACTS
from casework.links import APPROVER
from casework.procedures.account import DisableAccount
from casework.procedures.log import SetPace
from casework.terms import CENTRE_ROLES, CaseId, Role, Source, UserId
from casework.wire import Ack
from drill.city import City
from drill.day_commands import Cast, Turn
from drill.day_field import FieldWork
from drill.day_hands import PHOTO_DIGEST, Asked, Hands
from drill.day_laws import Screen
from drill.day_outcome import Look, Outcome, look, reckon
from drill.day_people import OPERATORS, arrivals, begins, people
from drill.day_script import AFTERWARDS, CHASES, DECISIONS, Script
from drill.enrol import enrol
from drill.furnish import furnish
from drill.plan import Plan
from drill.troupe import Troupe

TRIED, REMEMBERED = 8, 400
"""Cases looked at for one act afterwards, of so many that an operator had last."""
BUSY_BEFORE = timedelta(hours=13)
"""Before the day's end: the boxes are full, desks are looked at, and then some go home."""
Told = Callable[[datetime, Hands], Awaitable[None]]
"""Hears of every round when it is over."""


async def unheard(_at: datetime, _hands: Hands) -> None:
    """Nobody hears of a round."""


class Day:
    """One day on one log. Use it in its own loop."""

    def __init__(self, troupe: Troupe, key: bytes, city: City, operators: Mapping[Role, int]):
        self._troupe, self._city = troupe, city
        self._players = people(city.rules, operators)
        self.actors = [Actor(user=each.user, grants=each.grants) for each in self._players]
        self._of = {r: [a for a in self.actors if a.grants[0].role is r] for r in Role}
        self._cast = Cast(city.rules, {r: tuple(a.user for a in of) for r, of in self._of.items()})
        self._cast.photo = PHOTO_DIGEST
        self._script = Script(self._cast)
        self._hands = Hands(troupe, key)
        self._field = FieldWork(city.rules, self._players, self._script)
        self._minutes = city.rules.queues.claim_minutes
        self.at = begins(city.rules)

    async def run(
        self, cases: int, step: timedelta, screen: Screen, told: Told = unheard
    ) -> Outcome:
        """Play the day in rounds of `step` and reckon; `screen` says what a desk shows.

        Raises: Refused: what signing in refuses, or an account.
        """
        keeper = await self._troupe.session(Role.ADMINISTRATOR)
        await enrol(keeper, self._players)
        (coming, components), end = arrivals(self._city, cases), self.at + timedelta(days=1)
        await furnish(keeper, components, breath=0)
        pace = SetPace(by_record=True)
        await keeper.ask(pace, stream=f"log/{keeper.welcome.log}", role=Role.ADMINISTRATOR)
        async with AsyncExitStack() as stack:
            await self._hands.sign_in(stack, self.actors)
            await self._hands.all(map(self._hands.ask, self._field.go_on_duty(self.at)))
            looks: list[Look] = []
            while self.at < end:
                self.at += step
                due = [plan for plan in coming if (plan.links[0].at or self.at) <= self.at]
                coming = coming[len(due) :]
                await self._round(due)
                if not looks and self.at >= end - BUSY_BEFORE:
                    looks.append(await look(self._hands, keeper, self.at, screen))
                    await self._send_home(keeper)
                await told(self.at, self._hands)
            looks.append(await look(self._hands, keeper, self.at, screen))
            return await reckon(self._hands, keeper, self.at, looks)

    async def _send_home(self, keeper: Connection) -> None:
        """One of each post leaves in the middle of work, and the account is disabled: what they
        have in hand and what is ordered to them must come to others."""
        for role in (*OPERATORS, Role.INSPECTOR):
            if len(self._of[role]) == 1:
                continue
            who = self._of[role].pop()
            self._cast.gone.add(who.user)
            stream = f"account/{who.user}"
            await keeper.ask(DisableAccount(), stream=stream, role=Role.ADMINISTRATOR)

    # --- a round --------------------------------------------------------------------------------

    async def _round(self, due: Sequence[Plan]) -> None:
        hands, ask = self._hands, self._hands.ask
        await hands.all(map(ask, [*self._field.walk(self.at), *map(self._report, due)]))
        await hands.all(map(ask, self._field.work(hands.open_cases(), self.at)))
        await hands.all(map(ask, self._afterwards()))
        turns_now, pressed = self._at_the_desks()
        answers = await hands.all(map(ask, pressed))
        turns_now += [
            Turn(hands.eye.replica.cases[_case_of(ack)], asked.who, asked.role, self.at)
            for asked, ack in zip(pressed, answers, strict=True)
            if ack is not None
        ]
        await hands.all(map(ask, filter(None, map(self._decided, turns_now))))

    def _report(self, plan: Plan) -> Asked:
        command = plan.links[0].command
        assert isinstance(command, ReportCase)  # every life begins with one
        own = command.source is Source.INSPECTOR
        self._script.cases += 1
        if own and self._script.cases % 40 == 0:
            command = replace(command, handled=True)
        role = Role.INSPECTOR if own else Role.ACCEPTOR
        who = self._of[role][self._script.cases % len(self._of[role])]
        return Asked(who, role, command, None, "report", self.at)

    def _afterwards(self) -> Iterable[Asked]:
        """Acts on cases that an operator had and that wait for others now."""
        cases, touched = self._hands.eye.replica.cases, set[CaseId]()
        for act in ACTS:
            if act.name not in AFTERWARDS or not self._script.has_share(act.name):
                continue
            dice = Random(f"{self.at} {act.name}")
            role = next(role for role in act.roles if role in CENTRE_ROLES)
            who = dice.choice(self._of[role])
            had = [cases[id] for id in list(self._hands.had[who.user])[-REMEMBERED:] if id in cases]
            here = [case for case in had if case.state in act.states and case.id not in touched]
            for case in dice.sample(here, min(TRIED, len(here))):
                if self._held(case, who) and act.name != "take_over":
                    continue
                turn = Turn(case, who, role, self.at)
                found = self._script.choose(turn, frozenset({act.name}))
                if found is not None:
                    touched.add(case.id)
                    yield Asked(who, role, found[1], case, act.name, self.at)
                    break

    def _held(self, case: Case, by_others_than: Actor) -> bool:
        return case.claim is not None and case.claim.user != by_others_than.user

    def _at_the_desks(self) -> tuple[list[Turn], list[Asked]]:
        """What each operator has in hand and may act on, and who takes the next. Whose box is
        empty does not ask; one more than there are cases does, and is told so."""
        mine, free = self._in_hand()
        turns_now: list[Turn] = []
        pressed: list[Asked] = []
        for role in OPERATORS:
            idle = []
            for who in self._of[role]:
                held = mine.get((who.user, role))
                if held is not None:
                    turns_now.append(Turn(held, who, role, self.at))
                else:
                    idle.append(who)
            Random(f"{self.at} {role}").shuffle(idle)
            asking = idle[: free[role] + 1 if free[role] else 0]
            pressed += [Asked(who, role, TakeNext(), None, "take_next", self.at) for who in asking]
        return turns_now, pressed

    def _in_hand(self) -> tuple[dict[tuple[UserId, Role], Case], dict[Role, int]]:
        """What each person has claimed (我的) and may act on, the one that waits longest, and how
        many free cases wait for each post."""
        mine: dict[tuple[UserId, Role], Case] = {}
        free = dict.fromkeys(CENTRE_ROLES, 0)
        waiting = [
            (case, role)
            for case in self._hands.open_cases()
            for role in turns(case, self.at)
            if role in CENTRE_ROLES
        ]
        for case, role in sorted(waiting, key=lambda each: each[0].link_since):
            if case.claim is not None and not case.claim.is_stale(self.at, self._minutes):
                mine.setdefault((case.claim.user, role), case)
            else:
                free[role] += 1
        return mine, free

    def _decided(self, turn: Turn) -> Asked | None:
        among: frozenset[str] | None = None
        if turn.case.application is not None and turn.role is APPROVER:
            among = DECISIONS
        elif turn.case.order is not None:
            among = CHASES
        found = self._script.choose(turn, among)
        if found is None:
            return None
        act, command = found
        undo = act.undoable and self._script.wants_undo()
        return Asked(turn.actor, turn.role, command, turn.case, act.name, self.at, undo)


def _case_of(ack: Ack) -> CaseId:
    return CaseId(ack.stream.partition("/")[2])
