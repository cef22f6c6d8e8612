"""Looking at a simulated day from every desk, and what became of it when it is over."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from msgspec import Struct

from backend_client.client import Connection
from casework.applications import CaseResumed
from casework.case import Case, turns
from casework.claims import TakeNext
from casework.decider import Actor
from casework.holding import answers
from casework.life import ACTS
from casework.queries import AccountsQuery, CaseQuery
from casework.replies import AccountsReply, CaseDetail
from casework.terms import CENTRE_ROLES, Application, CaseId, Role
from drill.day_hands import Asked, Hands, Stray
from drill.day_laws import Broken, Screen, decides, of_a_desk, of_the_log
from drill.day_ways import WAYS


class Outcome(Struct, frozen=True, kw_only=True):
    """What became of the day. `acts` and `refused` count by an act's name and a refusal's code."""

    at: datetime
    reported: int
    commands: int
    acts: Mapping[str, int]
    ways: Mapping[str, int]
    """How often each way of an act that has several was gone."""
    refused: Mapping[str, int]
    cases: tuple[Case, ...]
    people: tuple[Actor, ...]
    """Everybody whose account is enabled when the day is over."""
    desks: tuple[int, ...]
    """How many had something to do each time that all desks were looked at."""
    orders: int
    named: int
    """Orders sent, and those of them that named an inspector."""
    paused: int
    resumed: int
    """Suspensions approved, and those that the server's own timer ended."""
    strays: tuple[Stray, ...]
    broken: tuple[Broken, ...]

    @property
    def open(self) -> tuple[Case, ...]:
        """The cases that go on tomorrow."""
        return tuple(case for case in self.cases if not case.ended)

    @property
    def unused(self) -> list[str]:
        """Acts of the table that nobody did, and ways of them that nobody went."""
        acts = {act.name for act in ACTS} - self.acts.keys()
        return [*sorted(acts), *sorted(WAYS - self.ways.keys())]

    @property
    def holds(self) -> bool:
        """Every law holds, every act was used, and nobody worked but by what was given to them."""
        return not (self.broken or self.unused or self.strays)


class Look(NamedTuple):
    """Every desk that had something to do at an instant, looked at."""

    desks: int
    people: tuple[Actor, ...]
    broken: list[Broken]


async def look(hands: Hands, keeper: Connection, at: datetime, screen: Screen) -> Look:
    """Hold the laws against the log and against every desk.

    Raises: Refused: a question that the server does not answer.
    """
    cases = {case.id: case for case in hands.cases()}
    people = await _enabled(keeper)
    broken = [Broken("recorded", case) for case in hands.opened - cases.keys()]
    broken += of_the_log(cases.values(), people, at, keeper.rules.queues.claim_minutes)
    desks = [who for who in people if _has_work(who, cases.values())]
    for who in desks:
        async with hands.desk(who) as desk:
            broken += of_a_desk(who, desk.replica.cases, cases.values(), at, screen)
    return Look(len(desks), people, broken)


async def reckon(hands: Hands, keeper: Connection, at: datetime, looks: Sequence[Look]) -> Outcome:
    """Give out what is still free, and say what became of it all; the last of `looks` is today's
    end.

    Raises: Refused: a question that the server does not answer.
    """
    cases, people = tuple(hands.cases()), looks[-1].people
    minutes = keeper.rules.queues.claim_minutes
    never_given = await _never_given(hands, people, at, minutes)
    return Outcome(
        at=at,
        reported=len(hands.opened),
        commands=hands.commands,
        acts=dict(hands.done),
        ways=dict(hands.ways),
        refused=dict(hands.refused),
        cases=cases,
        people=people,
        desks=tuple(each.desks for each in looks),
        orders=hands.orders,
        named=hands.named,
        paused=sum(case.times_approved(Application.SUSPENSION) for case in cases),
        resumed=await _resumed(hands, cases),
        strays=tuple(hands.strays),
        broken=(*(one for each in looks for one in each.broken), *never_given),
    )


async def _enabled(keeper: Connection) -> tuple[Actor, ...]:
    """Who is enabled, as the server has the accounts; a bot has none."""
    reply = await keeper.fetch(AccountsQuery())
    assert isinstance(reply, AccountsReply)  # to its own question
    rows = (row for row in reply.accounts if row.enabled)
    return tuple(Actor(user=row.user, grants=row.grants) for row in rows)


def _has_work(who: Actor, cases: Iterable[Case]) -> bool:
    return any(not case.ended and (answers(who, case) or decides(who, case)) for case in cases)


async def _resumed(hands: Hands, cases: Iterable[Case]) -> int:
    """Suspensions that ended by the server's timer, counted in the records of the cases."""
    ended = 0
    for case in cases:
        if not case.times_approved(Application.SUSPENSION):
            continue
        reply = await hands.eye.fetch(CaseQuery(case=case.id))
        assert isinstance(reply, CaseDetail)  # to its own question
        by_itself = (row for row in reply.history if row.role is Role.SYSTEM)
        ended += sum(row.type == CaseResumed.__name__ for row in by_itself)
    return ended


async def _never_given(
    hands: Hands, people: Iterable[Actor], at: datetime, claim_minutes: int
) -> list[Broken]:
    """Free cases that wait for a post of the centre and that taking the next one does not give,
    however often its people ask."""
    waiting: dict[Role, set[CaseId]] = {role: set() for role in CENTRE_ROLES}
    for case in hands.cases():
        if case.claim is None or case.claim.is_stale(at, claim_minutes):
            for role in CENTRE_ROLES & set(turns(case, at)):
                waiting[role].add(case.id)
    found = []
    for role, wanted in waiting.items():
        who = next(who for who in people if any(grant.role is role for grant in who.grants))
        given: set[CaseId] = set()
        while ack := await hands.ask(Asked(who, role, TakeNext(), None, "take_next", at)):
            given.add(CaseId(ack.stream.partition("/")[2]))
        found += [Broken("given", case, who.user) for case in sorted(wanted - given)]
    return found
