"""What counts now: the one clock of a case that is shown first, that queues sort by, and that falls
due next.

Each link has its own clock (domain.md 2.7). While it stands, what it waits for counts instead: the
order's limit, the word on an application, the end of a suspension.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from enum import StrEnum
from typing import NamedTuple

from casework.case import Assignment, Case
from casework.terms import AT_THE_UNITS, AT_WORK, CaseId, Urgency

_RANK = {Urgency.CRITICAL: 0, Urgency.URGENT: 1, Urgency.NORMAL: 2}
_NEVER = datetime.max.replace(tzinfo=UTC)


class Counted(StrEnum):
    """Whose clock it is."""

    LINK = "link"  # 環節時限, at the units their deadline
    ORDER = "order"  # 核實、核查: the inspector's
    WORD = "word"  # 待審批: how long the decision may take
    PAUSE = "pause"  # 掛賬: goes on by itself then


class Counting(NamedTuple):
    """A clock that runs, from when to when; aware UTC."""

    since: datetime
    due: datetime
    of: Counted


def counting(case: Case) -> Counting | None:
    """The clock that counts now: of those that run, the one that runs out first. None when the
    case has ended and where nothing sets a limit (視情況定)."""
    if case.ended:
        return None
    return min(_running(case), key=lambda clock: clock.due, default=None)


def urgency_key(case: Case) -> tuple[int, datetime, CaseId]:
    """Sort key, most urgent first: 特急, 緊急, 一般; then the clock that counts; then the id.

    A case without a clock sorts after all that have one.
    """
    clock = counting(case)
    return rank(case), clock.due if clock is not None else _NEVER, case.id


def rank(case: Case) -> int:
    """緊急程度 as a number, the most urgent 0: it sorts before time."""
    return _RANK[case.urgency]


def stands(case: Case) -> bool:
    """Whether the case's own deadline stands: suspended, away from its units, or waiting for a
    word."""
    return any(a.lead and a.left is not None for a in case.assignments)


def _running(case: Case) -> Iterator[Counting]:
    for each in case.assignments if case.application is not None else ():
        if each.waiting is not None and each.waiting.decide_by is not None:
            yield Counting(each.waiting.since, each.waiting.decide_by, Counted.WORD)
    if case.resumes_at is not None:
        yield Counting(case.link_since, case.resumes_at, Counted.PAUSE)
    elif case.order is not None and case.order.due is not None:
        yield Counting(case.order.sent_at, case.order.due, Counted.ORDER)
    elif case.state in AT_THE_UNITS:
        yield from _at_the_units(case)
    elif case.link_due is not None:
        yield Counting(case.link_since, case.link_due, Counted.LINK)
    elif case.due is not None and case.handled_at is None and not stands(case):
        yield Counting(case.opened_at, case.due, Counted.LINK)


def _at_the_units(case: Case) -> Iterator[Counting]:
    """The link's clock follows the lead's; while that stands or the lead is done, the joint
    units' own count."""
    lead = case.lead_assignment
    if lead is not None and _at_work(lead):
        due = case.link_due or case.due
        if due is not None:
            yield Counting(case.link_since, due, Counted.LINK)
        return
    for each in case.assignments:
        if _at_work(each) and each.due is not None:
            yield Counting(each.since, each.due, Counted.LINK)


def _at_work(of: Assignment) -> bool:
    """Under way, with a clock that does not stand."""
    return of.state in AT_WORK and of.left is None
