"""案卷的經過: a case's record, step by step, each with the link it left and the time it used there.

Nothing is stored for it: the fold before each event says since when the link had been waiting.
Source: domain.md 2.8 (history row).
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from casework.acts import Step
from casework.case import Case
from casework.decider import Recorded
from casework.folding import evolve
from casework.terms import State


class StepTaken(NamedTuple):
    """One event of a case, and the link that it left.

    `received` is when the link, or the unit whose own act it is, got the case; `due` when the
    link's clock ran out. All three are None for what opened the case and for what moves nothing
    (a note).
    """

    entry: Recorded
    left: State | None = None
    received: datetime | None = None
    due: datetime | None = None

    @property
    def used(self) -> timedelta:
        """用時: from received to done. Where a clock can stand, that time is taken off here."""
        return self.entry.at - self.received if self.received is not None else timedelta()

    @property
    def late_by(self) -> timedelta:
        """超時: how far the link's clock had run out, zero in time and where no clock ran."""
        if self.due is None:
            return timedelta()
        return max(self.entry.at - self.due, timedelta())


def steps(life: Iterable[Recorded]) -> Iterator[StepTaken]:
    """Every event of one case, in their order, from the first."""
    case: Case | None = None
    for entry in life:
        yield step_taken(case, entry)
        case = evolve(case, entry)


def step_taken(before: Case | None, entry: Recorded) -> StepTaken:
    """One event, with the case as it was before it."""
    if before is None or not isinstance(entry.event, Step):
        return StepTaken(entry)
    received = _held_since(before, getattr(entry.event, "unit", None)) or before.link_since
    return StepTaken(entry, before.state, received, before.link_due)


def _held_since(case: Case, unit: str | None) -> datetime | None:
    """A unit that is not the first to feed back had its work since the dispatch, no later."""
    return next((each.since for each in case.assignments if each.unit == unit), None)
