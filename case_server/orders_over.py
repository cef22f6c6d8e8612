"""Orders to inspectors that ended lately: a desk that has just been started has not seen it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, func, select

from case_server import journal, readside
from case_server.clock import to_ms
from case_server.tables import event
from casework.decider import Grant
from casework.orders_over import OrderOver, OrdersOverReply, orders_over
from casework.rules.audience import sees
from casework.terms import CaseId, LogId

_MAY_END_ONE = (
    "ReportVerified",
    "CaseChecked",
    "OrderWithdrawn",
    "VerificationOrdered",
    "CheckOrdered",
    "CaseClosed",
    "CaseCancelled",
    "StepTakenBack",
)
"""Kinds of events after which an order that was out is over."""


def reply(
    connection: Connection, log: LogId, grants: Sequence[Grant], since: datetime
) -> OrdersOverReply:
    """The orders that ended since then on cases that these grants cover."""
    found: list[OrderOver] = []
    streams = _touched(connection, log, _first_since(connection, log, since))
    cases = readside.cases(connection, [CaseId(each.partition("/")[2]) for each in streams])
    for stream in streams:
        case = cases.get(CaseId(stream.partition("/")[2]))
        if case is not None and sees(grants, case[0].scope):
            over = orders_over(journal.life(connection, log, stream))
            found += (each for each in over if each.at >= since)
    return OrdersOverReply(orders=tuple(sorted(found, key=lambda each: each.at)))


def _touched(connection: Connection, log: LogId, first: int) -> list[str]:
    kinds = event.c.type.in_(_MAY_END_ONE)
    query = select(event.c.stream).where(event.c.log == log, event.c.number >= first, kinds)
    return sorted(set(connection.execute(query).scalars()))


def _first_since(connection: Connection, log: LogId, since: datetime) -> int:
    """The number of the first event of that instant or later: times never go back in a log, so
    that halving finds it by the key alone."""
    of_log = event.c.log == log
    last = connection.execute(select(func.max(event.c.number)).where(of_log)).scalar() or 0
    low, high, wanted = 1, last + 1, to_ms(since)
    while low < high:
        middle = (low + high) // 2
        at = select(event.c.at).where(of_log, event.c.number == middle)
        is_later = (connection.execute(at).scalar() or 0) >= wanted
        low, high = (low, middle) if is_later else (middle + 1, high)
    return low
