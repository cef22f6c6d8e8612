"""Which cases of earlier systems are here, and as what: one row for each old number.

Uniqueness of (system, old number) is the table's own key, beside the rule that asks before.
"""

from sqlalchemy import Connection, bindparam, func, insert, select

from case_server.statements import Statement
from case_server.tables import case_row, imported_case
from casework.terms import CaseId, LogId

_FIND = Statement(
    lambda _dialect: select(imported_case.c.case).where(
        imported_case.c.log == bindparam("of_log"),
        imported_case.c.system == bindparam("of_system"),
        imported_case.c.reference == bindparam("of_reference"),
    )
)
_KEEP = Statement(lambda _dialect: insert(imported_case))

OldNumber = tuple[str, str]
"""(system, old number)."""


def imported_as(connection: Connection, log: LogId, number: OldNumber) -> CaseId | None:
    """The case that an old number was taken over as."""
    values = {"of_log": log, "of_system": number[0], "of_reference": number[1]}
    found = _FIND.run(connection, values).scalar()
    return None if found is None else CaseId(str(found))


def keep(connection: Connection, log: LogId, imported: dict[OldNumber, CaseId]) -> None:
    """Note what a transaction took over."""
    rows = [
        {"log": log, "system": system, "reference": reference, "case": case}
        for (system, reference), case in imported.items()
    ]
    _KEEP.run(connection, rows)


def reckoned(connection: Connection, log: LogId, system: str) -> tuple[int, int]:
    """How many cases of this system are here, and how many of them are open."""
    here = (
        select(func.count())
        .select_from(imported_case)
        .where(imported_case.c.log == log, imported_case.c.system == system)
    )
    live = here.join(case_row, case_row.c.case == imported_case.c.case).where(case_row.c.live)
    return int(connection.execute(here).scalar_one()), int(connection.execute(live).scalar_one())
