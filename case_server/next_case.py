"""領取下一件: the most urgent free case that waits for a role, found within the desk's transaction,
so that it is never the same for two.
"""

import heapq
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, or_, select

from case_server.clock import to_ms
from case_server.readside import visible
from case_server.tables import case_row
from casework.case import Case
from casework.claims import TakeNext
from casework.decider import Actor, Grant, case_stream
from casework.life import APPROVER, HOLDERS, waits_for
from casework.rules.audience import covers
from casework.terms import CaseId, Role, State

AT_ONCE = 64
"""Candidates in one query: more are asked for while all of them have gone to others."""


def waits(case: Case, role: Role, states: Sequence[State]) -> bool:
    """Whether it is this role's turn, in one of `states` (none: any). 待審批 is the approver's."""
    here = not states or case.state in states
    applied = case.application is not None and role is APPROVER
    return (here and HOLDERS.get(case.state) is role) or (applied and not states)


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
    """The stream of the case to take; None where nothing waits.

    Args:
        staged: a stream's fold as this transaction has it, or the last committed one.
    """
    grants = [grant for grant in actor.grants if grant.role is role]
    stale = now - timedelta(minutes=claim_minutes)
    for case_id in _candidates(connection, command, grants, role, stale):
        stream = case_stream(case_id)
        case = staged(stream)
        if not isinstance(case, Case) or not waits(case, role, command.states):
            continue
        free = case.claim is None or case.claim.is_stale(now, claim_minutes)
        if free and any(_reaches(grant, case) for grant in grants):
            return stream
    return None


def _reaches(grant: Grant, case: Case) -> bool:
    same = None in (grant.centre, case.centre) or grant.centre == case.centre
    return same and covers(grant, case.scope)


def _candidates(
    connection: Connection,
    command: TakeNext,
    grants: Sequence[Grant],
    role: Role,
    stale: datetime,
) -> Iterator[CaseId]:
    """Cases by urgency. Each turn is looked for by itself: most of what is open waits for units,
    and an index leads past it."""
    turns = [each for each in waits_for(role) if not command.states or each in command.states]
    of = tuple(grants)
    found = [_in_order(connection, _free(of, turn), stale) for turn in turns]
    if role is APPROVER and not command.states:
        found.append(_in_order(connection, _free(of, None), stale))
    for _rank, _clock, case_id in heapq.merge(*found):
        yield CaseId(case_id)


@lru_cache(maxsize=256)
def _free(grants: tuple[Grant, ...], turn: State | None) -> Select[Any]:
    """Free cases that such a person sees: of a state, or (None) those with an application."""
    waiting = case_row.c.applied if turn is None else case_row.c.state == turn.value
    free = or_(case_row.c.claimed_at.is_(None), case_row.c.claimed_at < bindparam("stale"))
    order = (case_row.c.rank, case_row.c.clock, case_row.c.case)
    return (
        select(*order)
        .where(and_(case_row.c.live, waiting, free, visible(grants)))
        .order_by(*order)
        .limit(bindparam("most"))
        .offset(bindparam("start"))
    )


def _in_order(
    connection: Connection, query: Select[Any], stale: datetime
) -> Iterator[tuple[int, int, str]]:
    start, found = 0, [(0, 0, "")] * AT_ONCE
    while len(found) == AT_ONCE:
        given = {"stale": to_ms(stale), "most": AT_ONCE, "start": start}
        rows = connection.execute(query, given)
        found = [(rank, clock, case_id) for rank, clock, case_id in rows]
        yield from found
        start += AT_ONCE
