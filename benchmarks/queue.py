"""A burst of changes in a long queue: 1,000 rows of 10,000 at once in the console's own table, with
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
from casework.case import Case, urgency_key
from casework.terms import CaseId
from console.panes.queue import Row, columns
from widgets.due_delegate import Due, DueDelegate
from widgets.live_table import LiveTable
from widgets.table_view import LiveTableView

ROWS, CHANGED = 10_000, 1_000
MOVED, NEW = 0.20, 0.05
GOAL = Goal(most=15)


def measure(run: Run) -> Iterator[Figure]:
    """Applying the burst, from the call until the view knows."""
    app = screen.application()
    size, changed = run.size(ROWS, ROWS // 10), run.size(CHANGED, CHANGED // 10)
    new = int(changed * NEW)
    cases = list(practice.open_cases(size + new).states.values())
    cases, coming = cases[:-new], cases[-new:]
    table: LiveTable[Row, CaseId] = LiveTable(columns(), lambda row: row.case.id)
    look = screen.theme(app)
    due: DueDelegate[None] = DueDelegate(look, _due, lambda: None)
    view = LiveTableView(table, look, painters={"due": due})
    view.resize(*screen.SIZE)
    view.show()
    table.upsert(map(_row, cases))
    app.processEvents()
    dice = Random(3)

    def burst() -> float:
        """Median ms of some bursts, painting apart."""
        taken = []
        for _ in range(run.size(9, 2)):
            rows = [_row(_changed(dice, case)) for case in dice.sample(cases, changed - new)]
            rows += map(_row, coming)
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


def _row(case: Case) -> Row:
    return Row(
        case=case,
        number=case.id,
        name=case.name,
        place=case.street or "",
        source=case.source,
        holder=case.lead or "",
        deadline="",
        deadline_reason="",
        unread=False,
        pending=False,
    )


def _changed(dice: Random, case: Case) -> Case:
    """Another version of the case; some have another clock."""
    moved = dice.random() < MOVED and case.link_due is not None
    due = case.link_due
    if moved and due is not None:
        due += timedelta(minutes=dice.randint(-600, 600))
    return replace(case, version=case.version + 1, link_due=due)


def _due(row: Row, _: object) -> Due:
    return Due("in_time", 60, 0.5, row.number[-4:])
