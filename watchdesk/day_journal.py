"""The journal of a simulated day, read when it is over: nobody worked but by what was given them.

The scripted operators watch themselves too; this looks at what the log holds, whoever wrote it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from sqlalchemy import select

from case_server.database import open_database
from case_server.tables import event
from casework.claims import CaseClaimed, CasePassedOn
from casework.decider import Recorded
from casework.envelope import read_envelope, recorded
from casework.terms import CENTRE_ROLES, UserId


def journal(url: str) -> Iterator[Recorded]:
    """Every event of the log, whose server has stopped."""
    database = open_database(url)
    try:
        with database.read() as connection:
            written = connection.execute(select(event.c.written).order_by(event.c.number))
            for (line,) in written:
                yield recorded(read_envelope(bytes(line)))
    finally:
        database.close()


def not_given(entries: Iterable[Recorded]) -> list[Recorded]:
    """Acts of an operator on a case that neither take-next nor a colleague had given them; the
    report that opens a case is nobody's yet."""
    given: dict[str, set[UserId]] = defaultdict(set)
    found = []
    for entry in entries:
        if isinstance(entry.event, CaseClaimed) and entry.event.next:
            given[entry.stream].add(entry.actor)
        elif _is_work(entry) and entry.actor not in given[entry.stream]:
            found.append(entry)
        if isinstance(entry.event, CasePassedOn):
            given[entry.stream].add(entry.event.to)
    return found


def _is_work(entry: Recorded) -> bool:
    """An act of the centre on a case that is there already."""
    return entry.role in CENTRE_ROLES and entry.version > 1
