"""What a session that joins or fell behind must be told, read from the database in one snapshot.

Runs in a reader's thread. A session that fell behind gets the cases that were touched meanwhile
as they are now, not the events: which of those it may know is decided by the present fold alone.
"""

from collections.abc import Sequence
from datetime import datetime

from case_server import readside
from case_server.audiences import Missed, missed_frames, snapshot_frames
from case_server.database import Database
from casework.decider import Grant, case_stream
from casework.rules.audience import sees
from casework.terms import CaseId, LogId

_AT_ONCE = 500
"""Ids in one query."""
_CASE = case_stream(CaseId(""))


def snapshot(
    database: Database, log: LogId, grants: Sequence[Grant], ended_since: datetime
) -> tuple[int, list[bytes]]:
    """(number, Snapshot frames) of the visible cases, most urgent first."""
    with database.read() as connection:
        number = readside.head(connection)
        cases = [body for _, body in readside.live_cases(connection, grants, ended_since)]
    return number, snapshot_frames(log, number, cases)


def missed(
    database: Database, log: LogId, grants: Sequence[Grant], first: int, at: datetime
) -> tuple[int, list[bytes]]:
    """(number, Events frames) that lead from `first` to the journal's present number."""
    seen: list[bytes] = []
    gone: list[CaseId] = []
    with database.read() as connection:
        last = readside.head(connection)
        streams = readside.touched(connection, first, last)
        ids = [CaseId(s.removeprefix(_CASE)) for s in streams if s.startswith(_CASE)]
        for start in range(0, len(ids), _AT_ONCE):
            for case, body in readside.cases(connection, ids[start : start + _AT_ONCE]).values():
                if case.is_history:
                    continue  # no desk was ever told of it
                if sees(grants, case.scope):
                    seen.append(body)
                elif sees(grants, case.widest_scope):
                    gone.append(case.id)
    return last, missed_frames(log, Missed(first, last, at, seen, gone))
