"""Read rows: what queues, counts and maps ask for, written in the transaction of the events."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection

from case_server.clock import to_ms
from case_server.statements import Statement
from case_server.tables import NO_CLOCK, case_blob, case_row, case_unit, stream_state, upsert
from casework.case import Case
from casework.counting import counting, rank
from casework.decider import Recorded
from casework.terms import AssignmentState, CaseId, LogId

_WRITE_STATE = Statement(lambda dialect: upsert(stream_state, dialect))
_WRITE_CASE = Statement(lambda dialect: upsert(case_row, dialect))
_WRITE_UNIT = Statement(lambda dialect: upsert(case_unit, dialect))
_WRITE_BLOB = Statement(lambda dialect: upsert(case_blob, dialect))


class Change(NamedTuple):
    """An event, with the case's folds around it when its stream is a case's."""

    number: int
    written: bytes
    stream: str
    before: Case | None
    after: Case | None


def write_states(connection: Connection, log: LogId, states: Mapping[str, Any]) -> None:
    """One row a stream: its fold after the transaction."""
    _WRITE_STATE.run(
        connection,
        [
            {
                "log": log,
                "stream": stream,
                "version": state.version,
                "body": msgspec.json.encode(state),
            }
            for stream, state in states.items()
        ],
    )


def write_cases(connection: Connection, log: LogId, changes: Sequence[Change]) -> None:
    """One row a case, and one for each unit that holds it."""
    last: dict[CaseId, Case] = {}
    moved: dict[CaseId, Case] = {}
    for change in changes:
        if change.after is None:
            continue
        last[change.after.id] = change.after
        if change.before is None or change.before.assignments != change.after.assignments:
            moved[change.after.id] = change.after
    if last:
        _WRITE_CASE.run(connection, [_case_values(log, case) for case in last.values()])
    units = [row for case in moved.values() for row in _unit_values(case)]
    if units:
        _WRITE_UNIT.run(connection, units)


def write_blobs(connection: Connection, log: LogId, happened: Iterable[Recorded]) -> None:
    """One row a blob and case: the events that name any."""
    found = {
        (digest, entry.stream.removeprefix("case/"))
        for entry in happened
        for digest in entry.event.blobs
    }
    if found:
        rows = [{"log": log, "digest": digest, "case": case} for digest, case in found]
        _WRITE_BLOB.run(connection, rows)


def _case_values(log: LogId, case: Case) -> dict[str, object]:
    clock = counting(case)
    return {
        "log": log,
        "case": case.id,
        "state": case.state.value,
        "live": not case.ended,
        "rank": rank(case),
        "clock": NO_CLOCK if clock is None else to_ms(clock.due),
        "due": None if case.due is None else to_ms(case.due),
        "opened_at": to_ms(case.opened_at),
        "ended_at": None if case.ended_at is None else to_ms(case.ended_at),
        "kind": case.kind.value,
        "code": case.code,
        "district": case.district,
        "street": case.street,
        "lead": case.lead,
        "reference": case.reference,
        "lat": None if case.point is None else case.point.lat,
        "lon": None if case.point is None else case.point.lon,
        "history": case.is_history,
        "claimed_by": None if case.claim is None else case.claim.user,
        "claimed_at": None if case.claim is None else to_ms(case.claim.since),
        "applied": case.application is not None,
    }


def _unit_values(case: Case) -> Iterable[dict[str, object]]:
    live: dict[str, bool] = {}
    for assignment in case.assignments:
        here = assignment.state is not AssignmentState.RETURNED
        for unit in (assignment.unit, *assignment.via):
            live[unit] = live.get(unit, False) or here
    return [{"case": case.id, "unit": unit, "live": here} for unit, here in live.items()]
