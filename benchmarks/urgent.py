"""The most urgent open cases as the server looks them up: for the shift leader, who sees all, for a
dispatcher of some districts, and for one unit.

The limit reads as many rows by their keys, which somebody has told it.
"""

import contextlib
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial

from benchmarks import limits, practice
from benchmarks.figure import Figure, Goal, Run, in_turns, milliseconds
from benchmarks.filling import filled
from benchmarks.practice import Told
from case_server import readside
from case_server.database import Database
from casework.decider import Grant
from casework.terms import AreaId, Role, UnitId

PAGE = 50
DISTRICTS = 2
GOAL = Goal(most=10)


def measure(run: Run) -> Iterator[Figure]:
    """SQLite, then PostgreSQL where it is installed."""
    count = run.size(50_000, 2_000)
    told = practice.open_cases(count)
    path = f"{run.folder}/urgent.db"
    with filled(f"sqlite:///{path}", told) as database:
        bare = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        with contextlib.closing(bare):
            look = partial(_look_sqlite, bare, _keys(told))
            yield from _figures(run, database, told, look, "SQLite")
    if run.postgres is None:
        return
    url = run.postgres.new_database()
    with filled(url, told) as database, limits.bare_postgres(url) as connection:

        def ask() -> None:
            query = "SELECT body FROM stream_state WHERE log = %s AND stream = ANY(%s)"
            connection.execute(query, (practice.LOG, _keys(told))).fetchall()

        yield from _figures(run, database, told, ask, "PostgreSQL")


def _keys(told: Told) -> list[str]:
    return list(told.states)[-PAGE:]


def _look_sqlite(connection: sqlite3.Connection, keys: list[str]) -> None:
    marks = ", ".join("?" * len(keys))
    query = f"SELECT body FROM stream_state WHERE log = ? AND stream IN ({marks})"
    connection.execute(query, (practice.LOG, *keys)).fetchall()


def _figures(
    run: Run, database: Database, told: Told, bare: Callable[[], None], kind: str
) -> Iterator[Figure]:
    times = run.size(50, 5)
    for who, grant in audiences(told).items():

        def ask(grant: Grant = grant) -> None:
            with database.read() as connection:
                assert readside.urgent(connection, (grant,), PAGE)

        values, bares = in_turns(
            run, partial(milliseconds, ask, times), partial(milliseconds, bare, times)
        )
        yield Figure(
            name=f"{PAGE} most urgent of {len(told.states):,}: {who}, {kind}",
            unit="ms",
            values=values,
            limit=f"bare SELECT of {PAGE} keys",
            limits=bares,
            goal=GOAL,
        )


def audiences(told: Told) -> dict[str, Grant]:
    """Who asks: the districts and the unit are those with most open cases."""
    districts: Counter[AreaId] = Counter()
    units: Counter[UnitId] = Counter()
    for case in told.states.values():
        districts.update([case.district] if case.district else [])
        units.update(case.scope.units)
    areas = tuple(area for area, _ in districts.most_common(DISTRICTS))
    return {
        "shift leader": Grant(role=Role.SHIFT_LEADER),
        f"dispatcher of {DISTRICTS} districts": Grant(role=Role.DISPATCHER, areas=areas),
        "unit": Grant(role=Role.UNIT, unit=units.most_common(1)[0][0]),
    }
