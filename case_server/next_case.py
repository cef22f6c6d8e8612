"""領取下一件: the most urgent free case that waits for a role, found within the desk's transaction,
so that it is never the same for two.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, or_, select

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
    states = [
        each.value for each in waits_for(role) if not command.states or each in command.states
    ]
    turn: ColumnElement[bool] = case_row.c.state.in_(states)
    if role is APPROVER and not command.states:
        turn = or_(turn, case_row.c.applied)
    free = or_(case_row.c.claimed_at.is_(None), case_row.c.claimed_at < to_ms(stale))
    order = (case_row.c.rank, case_row.c.clock, case_row.c.case)
    query = (
        select(case_row.c.case)
        .where(and_(case_row.c.live, turn, free, visible(grants)))
        .order_by(*order)
        .limit(AT_ONCE)
    )
    start = 0
    while found := connection.execute(query.offset(start)).scalars().all():
        yield from map(CaseId, found)
        start += AT_ONCE
