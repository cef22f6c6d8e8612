"""Live counts of the boxes: kept with each change, never counted anew.

States are a counter; late and due soon are two sorted lists of instants, so that time passing
costs two bisections however many cases are open.
"""

from bisect import bisect_left, bisect_right, insort
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import NamedTuple

from casework.case import Case
from casework.terms import CaseId, State
from console.clocks import Clock, link_clock


class Counts(NamedTuple):
    """What the boxes show at one instant."""

    states: dict[State, int]
    soon: int
    late: int
    marks: dict[str, int]
    """Cases with each mark (我的, 待審批, 督辦)."""


class Tally:
    """Counts over the cases it was told of; `soon_percent` is that of a case's own log, `marks`
    says what else a case counts as."""

    def __init__(
        self,
        soon_percent: Callable[[CaseId], int],
        marks: Callable[[Case], tuple[str, ...]] = lambda _case: (),
    ) -> None:
        self._soon_percent = soon_percent
        self._marks_of = marks
        self._marks: Counter[str] = Counter()
        self._known: dict[CaseId, tuple[State, Clock | None, tuple[str, ...]]] = {}
        self._states: Counter[State] = Counter()
        self._soon_at: list[datetime] = []
        self._due: list[datetime] = []

    def upsert(self, cases: Iterable[Case]) -> None:
        """Take these cases as they are now."""
        for case in cases:
            self._forget(case.id)
            clock = link_clock(case, self._soon_percent(case.id))
            marks = self._marks_of(case)
            self._known[case.id] = (case.state, clock, marks)
            self._marks.update(marks)
            self._states[case.state] += 1
            if clock is not None:
                insort(self._soon_at, clock.soon_at)
                insort(self._due, clock.due)

    def drop(self, cases: Iterable[CaseId]) -> None:
        """Forget these cases."""
        for case in cases:
            self._forget(case)

    def counts(self, now: datetime) -> Counts:
        """How many stand in each state, are due soon, are late at `now`."""
        late = bisect_right(self._due, now)
        soon = bisect_right(self._soon_at, now) - late
        return Counts(dict(self._states), soon, late, dict(self._marks))

    def _forget(self, case: CaseId) -> None:
        known = self._known.pop(case, None)
        if known is None:
            return
        state, clock, marks = known
        self._marks.subtract(marks)
        self._states[state] -= 1
        if clock is not None:
            del self._soon_at[bisect_left(self._soon_at, clock.soon_at)]
            del self._due[bisect_left(self._due, clock.due)]
