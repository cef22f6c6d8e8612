"""領取下一件: the most urgent free case that waits for a role, found within the desk's transaction,
so that it is never the same for two.
"""

import heapq
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, and_, bindparam, or_, select, true

from case_server.clock import to_ms
from case_server.readside import visible
from case_server.tables import case_row
from casework.case import Case, turns
from casework.claims import TakeNext
from casework.counting import urgency_key
from casework.decider import Actor, Grant, case_stream
from casework.holding import came_back
from casework.links import APPROVER, ORDERED, ORDERER, waits_for
from casework.rules.audience import covers
from casework.terms import AT_THE_UNITS, CaseId, Role, State, UserId

AT_ONCE = 64
"""Candidates in one query: more are asked for while all of them have gone to others."""


def waits(case: Case, role: Role, states: Sequence[State], at: datetime) -> bool:
    """Whether it is this role's turn, in one of `states` (none: any). Of an application (待審批) it
    is the approver's."""
    return (not states or case.state in states) and role in turns(case, at)


def find_next(
    connection: Connection,
    command: TakeNext,
    actor: Actor,
    role: Role,
    *,
    now: datetime,
    claim_minutes: int,
    staged: Callable[[str], Any],
) -> str | None:
    """The stream of the case to take, what came back to this person first; None where nothing
    waits.

    Args:
        staged: a stream's fold as this transaction has it, or the last committed one.
    """
    grants = [grant for grant in actor.grants if grant.role is role]
    stale = now - timedelta(minutes=claim_minutes)
    own = (case_stream(case_id) for case_id in _in_hand(connection, actor.user))
    back = [case for stream in own if _is_back(case := staged(stream), actor, role, command, now)]
    if back:
        return case_stream(min(back, key=urgency_key).id)
    for case_id in _candidates(connection, command, grants, role, (now, stale)):
        stream = case_stream(case_id)
        case = staged(stream)
        if not isinstance(case, Case) or not waits(case, role, command.states, now):
            continue
        free = case.claim is None or case.claim.is_stale(now, claim_minutes)
        if free and any(_reaches(grant, case) for grant in grants):
            return stream
    return None


def _in_hand(connection: Connection, user: UserId) -> Iterator[CaseId]:
    """我的: what this person has claimed."""
    mine = select(case_row.c.case).where(case_row.c.live, case_row.c.claimed_by == user)
    yield from map(CaseId, connection.execute(mine).scalars())


def _is_back(case: Any, actor: Actor, role: Role, command: TakeNext, now: datetime) -> bool:
    """What came back to who asks goes before what is free."""
    return (
        isinstance(case, Case)
        and waits(case, role, command.states, now)
        and came_back(case, actor.user, role, now)
        and any(_reaches(grant, case) for grant in actor.grants if grant.role is role)
    )


def _reaches(grant: Grant, case: Case) -> bool:
    same = None in (grant.centre, case.centre) or grant.centre == case.centre
    return same and covers(grant, case.scope)


class _Turn(NamedTuple):
    """Cases of one state, and of those only the late ones; without a state, applications."""

    state: State | None
    late: bool = False


def _turns(role: Role, states: Sequence[State]) -> list[_Turn]:
    """What of the open cases may be a role's turn, in one of `states` (none: any)."""
    found = [_Turn(state) for state in waits_for(role)]
    if role is ORDERER:
        found += [_Turn(state, late=True) for state in ORDERED]
    if states:
        found = [turn for turn in found if turn.state in states]
    applied = not states or not AT_THE_UNITS.isdisjoint(states)
    return [*found, _Turn(None)] if role is APPROVER and applied else found


def _candidates(
    connection: Connection,
    command: TakeNext,
    grants: Sequence[Grant],
    role: Role,
    times: tuple[datetime, datetime],
) -> Iterator[CaseId]:
    """Cases by urgency. Each turn is looked for by itself: most of what is open waits for units,
    and an index leads past it. `times`: now, and since when a claim is stale."""
    found = [
        _in_order(connection, _free(tuple(grants), turn), *times)
        for turn in _turns(role, command.states)
    ]
    for _rank, _clock, case_id in heapq.merge(*found):
        yield CaseId(case_id)


@lru_cache(maxsize=256)
def _free(grants: tuple[Grant, ...], turn: _Turn) -> Select[Any]:
    """Free cases of a turn that such a person sees."""
    waiting = case_row.c.applied if turn.state is None else case_row.c.state == turn.state.value
    free = or_(case_row.c.claimed_at.is_(None), case_row.c.claimed_at < bindparam("stale"))
    late = case_row.c.clock <= bindparam("now") if turn.late else true()
    order = (case_row.c.rank, case_row.c.clock, case_row.c.case)
    return (
        select(*order)
        .where(and_(case_row.c.live, waiting, late, free, visible(grants)))
        .order_by(*order)
        .limit(bindparam("most"))
        .offset(bindparam("start"))
    )


def _in_order(
    connection: Connection, query: Select[Any], now: datetime, stale: datetime
) -> Iterator[tuple[int, int, str]]:
    start, found = 0, [(0, 0, "")] * AT_ONCE
    while len(found) == AT_ONCE:
        given = {"now": to_ms(now), "stale": to_ms(stale), "most": AT_ONCE, "start": start}
        found = [
            (rank, clock, case_id) for rank, clock, case_id in connection.execute(query, given)
        ]
        yield from found
        start += AT_ONCE
