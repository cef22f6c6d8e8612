"""案卷的經過: a case's record, step by step, each with the link it left and the time it used there.

Nothing is stored for it: the folds before each event say since when the link had been waiting, and
for how long of that its clock stood. Source: domain.md 2.7, 2.8 (history row).
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from casework.acts import Step, StepTakenBack
from casework.applications import (
    ApplicationRefused,
    ExtensionApproved,
    HandlingApproved,
    ReturnApproved,
    SuspensionApproved,
)
from casework.case import Assignment, Case
from casework.decider import Recorded
from casework.folding import evolve
from casework.terms import AT_WORK, State

_WORDS = (
    ExtensionApproved,
    SuspensionApproved,
    ReturnApproved,
    HandlingApproved,
    ApplicationRefused,
)
"""The centre's word on an application: its time is that of the decision."""
_MS = timedelta(milliseconds=1)


class StepTaken(NamedTuple):
    """One event of a case, and the link that it left.

    `received` is when the link, or the unit, inspector or approver whose own act it is, got the
    case; `due` when the clock of it ran out. All three are None for what opened the case and for
    what moves nothing (a note). `stood` is for how long since then the clock stood: in a
    suspension, or while an application was waited for.
    """

    entry: Recorded
    left: State | None = None
    received: datetime | None = None
    due: datetime | None = None
    stood: timedelta = timedelta()

    @property
    def used(self) -> timedelta:
        """用時: from received to done, without the time that the clock stood."""
        if self.received is None:
            return timedelta()
        return self.entry.at - self.received - self.stood

    @property
    def late_by(self) -> timedelta:
        """超時: how far the link's clock had run out, zero in time and where no clock ran."""
        if self.due is None:
            return timedelta()
        return max(self.entry.at - self.due, timedelta())


class _Fold(NamedTuple):
    """A case as it was from an instant on."""

    since: datetime
    case: Case


def steps(life: Iterable[Recorded]) -> Iterator[StepTaken]:
    """Every event of one case, in their order, from the first."""
    case: Case | None = None
    folds: list[_Fold] = []
    for entry in life:
        yield step_taken(case, entry, folds)
        case = evolve(case, entry)
        if case is None or not isinstance(entry.event, Step):
            continue
        if isinstance(entry.event, StepTakenBack) and len(folds) > 1:
            folds.pop()  # it is as if that step had never been
        else:
            folds.append(_Fold(entry.at, case))


def step_taken(before: Case | None, entry: Recorded, folds: Sequence[_Fold] = ()) -> StepTaken:
    """One event, with the case as it was before it and all the folds until then."""
    if before is None or not isinstance(entry.event, Step):
        return StepTaken(entry)
    unit = getattr(entry.event, "unit", None)
    own = next((each for each in before.assignments if each.unit == unit), None)
    if own is not None and own.waiting is not None and isinstance(entry.event, _WORDS):
        return StepTaken(entry, before.state, own.waiting.since, own.waiting.decide_by)
    if before.order is not None:
        return StepTaken(entry, before.state, before.order.sent_at, before.order.due)
    received = own.since if own is not None else before.link_since
    stood = _stood(folds, unit or before.lead, received, entry.at)
    return StepTaken(entry, before.state, received, _due(before, own, entry.at), stood)


def _due(case: Case, own: Assignment | None, at: datetime) -> datetime | None:
    """The link's clock follows the lead's; a joint unit at work has its own. One that stands runs
    out with what it has left."""
    if own is None or own.state not in AT_WORK:
        return case.link_due
    if own.left is not None:
        return at + own.left * _MS
    return case.link_due if own.lead else own.due or case.link_due


def _stood(folds: Sequence[_Fold], unit: str | None, since: datetime, at: datetime) -> timedelta:
    """For how long of the time from `since` to `at` the unit's clock stood."""
    ends = [*(fold.since for fold in folds[1:]), at]
    spans = (
        min(end, at) - max(fold.since, since)
        for fold, end in zip(folds, ends, strict=False)
        if _stands(fold.case, unit)
    )
    return sum((span for span in spans if span > timedelta()), timedelta())


def _stands(case: Case, unit: str | None) -> bool:
    own = next((each for each in case.assignments if each.unit == unit), None)
    waits = own is not None and own.state in AT_WORK and own.left is not None
    return case.state is State.SUSPENDED or waits
