"""Where inspectors on duty last said that they were: one row each, replaced, and no event.

Positions are data about people at work. The last one is all that proposing needs; off duty none
stays, and none stays longer than the rule book's `position_hours` (docs/adr/0007).
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, select

from case_server.clock import from_ms, to_ms
from case_server.statements import Statement
from case_server.tables import position, upsert
from casework.decider import Position
from casework.terms import LogId, Point, UserId

_SET = Statement(lambda dialect: upsert(position, dialect))
_CLEAR = Statement(
    lambda _dialect: delete(position).where(
        position.c.log == bindparam("of_log"), position.c.user == bindparam("of_user")
    )
)


def read(connection: Connection, log: LogId, since: datetime | None) -> dict[UserId, Position]:
    """The positions told since then (aware UTC); None: all there are."""
    query = select(position).where(position.c.log == log)
    if since is not None:
        query = query.where(position.c.at >= to_ms(since))
    return {
        UserId(row.user): Position(
            point=Point(row.lat, row.lon), at=from_ms(row.at), accuracy_m=row.accuracy_m
        )
        for row in connection.execute(query)
    }


def write(
    connection: Connection, log: LogId, moved: Mapping[UserId, Position | None], since: datetime
) -> None:
    """Replace each one's position, or clear it (None), and forget all told before `since`."""
    rows = [
        {
            "log": log,
            "user": user,
            "lat": of.point.lat,
            "lon": of.point.lon,
            "accuracy_m": of.accuracy_m,
            "at": to_ms(of.at),
        }
        for user, of in moved.items()
        if of is not None
    ]
    gone = [{"of_log": log, "of_user": user} for user, of in moved.items() if of is None]
    if rows:
        _SET.run(connection, rows)
    if gone:
        _CLEAR.run(connection, gone)
    connection.execute(delete(position).where(position.c.log == log, position.c.at < to_ms(since)))
