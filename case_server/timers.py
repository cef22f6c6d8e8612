"""When something falls due by itself (掛賬 ends): one row a stream, written with its state.

The desk wakes at the earliest and asks, in the role `system`, for what the stream's decider names.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, select

from case_server.clock import from_ms, to_ms
from case_server.statements import Statement
from case_server.tables import due_timer, upsert
from casework.terms import LogId

_MILLISECOND = timedelta(milliseconds=1)
_SET = Statement(lambda dialect: upsert(due_timer, dialect))
_CLEAR = Statement(
    lambda _dialect: delete(due_timer).where(
        due_timer.c.log == bindparam("of_log"), due_timer.c.stream == bindparam("of_stream")
    )
)


def write(connection: Connection, log: LogId, timers: Mapping[str, datetime | None]) -> None:
    """Set each stream's timer, or clear it (None)."""
    rows = [
        {"log": log, "stream": stream, "at": to_ms(at + _MILLISECOND)}
        for stream, at in timers.items()
        if at is not None
    ]
    gone = [{"of_log": log, "of_stream": s} for s, at in timers.items() if at is None]
    if rows:
        _SET.run(connection, rows)
    if gone:
        _CLEAR.run(connection, gone)


def earliest(connection: Connection, log: LogId) -> datetime | None:
    """When the next timer runs out, aware UTC."""
    found = connection.execute(
        select(func.min(due_timer.c.at)).where(due_timer.c.log == log)
    ).scalar()
    return None if found is None else from_ms(found)


def lapsed(connection: Connection, log: LogId, now: datetime, most: int) -> list[str]:
    """Streams whose timer has run out, the earliest first."""
    query: Any = (
        select(due_timer.c.stream)
        .where(due_timer.c.log == log, due_timer.c.at <= to_ms(now))
        .order_by(due_timer.c.at)
        .limit(most)
    )
    return [str(stream) for stream in connection.execute(query).scalars()]
