"""A burst of changes in a long queue: 1,000 rows of 10,000 at once in the live table, with
its view on it. Of them 75 % change where they are, 20 % move, 5 % are new: the mix of a live day.

The limit sorts a plain list of the same keys once.
"""

import time
from collections.abc import Iterator
from datetime import timedelta
from random import Random
from statistics import median

from msgspec.structs import replace

from benchmarks import practice, screen
from benchmarks.figure import Figure, Goal, Run, in_turns, milliseconds
from casework.case import Case
from casework.counting import urgency_key
from casework.terms import CaseId
from widgets.due_delegate import Due, DueDelegate
from widgets.live_table import Column, LiveTable
from widgets.table_view import LiveTableView

ROWS, CHANGED = 10_000, 1_000
MOVED, NEW = 0.20, 0.05
GOAL = Goal(most=15)
# annotated, not subscripted when called: a frozen generic with slots cannot be (Python 3.11)
_CLOCK: Column[Case] = Column("clock", lambda case: case.id, sort=urgency_key, painter="due")
_NUMBER: Column[Case] = Column("number", lambda case: case.id, sort=lambda case: case.id)
_CLASS: Column[Case] = Column("class", lambda case: case.name)
_PLACE: Column[Case] = Column("place", lambda case: case.street or "")
_SOURCE: Column[Case] = Column("source", lambda case: case.source)
_UNIT: Column[Case] = Column("unit", lambda case: case.lead or "", width=0)
COLUMNS = (_CLOCK, _NUMBER, _CLASS, _PLACE, _SOURCE, _UNIT)


def measure(run: Run) -> Iterator[Figure]:
    """Applying the burst, from the call until the view knows."""
    app = screen.application()
    size, changed = run.size(ROWS, ROWS // 10), run.size(CHANGED, CHANGED // 10)
    new = int(changed * NEW)
    cases = list(practice.open_cases(size + new).states.values())
    cases, coming = cases[:-new], cases[-new:]
    table: LiveTable[Case, CaseId] = LiveTable(COLUMNS, lambda case: case.id)
    look = screen.theme(app)
    due: DueDelegate[None] = DueDelegate(look, _due, lambda: None)
    view = LiveTableView(table, look, painters={"due": due})
    view.resize(*screen.SIZE)
    view.show()
    table.upsert(cases)
    app.processEvents()
    dice = Random(3)

    def burst() -> float:
        """Median ms of some bursts, painting apart."""
        taken = []
        for _ in range(run.size(9, 2)):
            rows = [_changed(dice, case) for case in dice.sample(cases, changed - new)]
            rows += coming
            begun = time.perf_counter()
            table.upsert(rows)
            taken.append((time.perf_counter() - begun) * 1000)
            app.processEvents()
            table.drop(case.id for case in coming)
            app.processEvents()
        return median(taken)

    keys = [urgency_key(case) for case in cases]
    values, bare = in_turns(run, burst, lambda: milliseconds(lambda: sorted(keys), 9))
    view.close()
    yield Figure(
        name=f"queue applies {changed:,} changed rows of {len(cases):,}",
        unit="ms",
        values=values,
        limit="sorted() of the keys",
        limits=bare,
        goal=GOAL,
        notes={"move": f"{MOVED:.0%}", "are new": f"{NEW:.0%}"},
    )


def _changed(dice: Random, case: Case) -> Case:
    """Another version of the case; some have another clock."""
    moved = dice.random() < MOVED and case.link_due is not None
    due = case.link_due
    if moved and due is not None:
        due += timedelta(minutes=dice.randint(-600, 600))
    return replace(case, version=case.version + 1, link_due=due)


def _due(case: Case, _: object) -> Due:
    return Due("in_time", 60, 0.5, case.id[-4:])
