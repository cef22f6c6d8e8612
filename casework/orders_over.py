"""Orders to inspectors that are over: how each ended. A case keeps no order that is over, so that
its folds before and after tell it.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from casework.case import Case
from casework.decider import Recorded
from casework.folding import evolve
from casework.terms import Instant, State

_BACK = {State.VERIFYING: State.REGISTERED, State.CHECKING: State.FEEDBACK}
"""Where a withdrawn order leaves its case."""


class Ending(StrEnum):
    """How an order ended."""

    DONE = "done"  # 已辦
    WITHDRAWN = "withdrawn"  # 撤回, or over with its case
    ANEW = "anew"  # 改派: given to another


class OrderOver(Struct, frozen=True, kw_only=True):
    """An order that ended: its case while it was out, when (aware UTC) and how."""

    case: Case
    at: datetime
    how: Ending


class OrdersOverQuery(
    Struct, frozen=True, kw_only=True, tag="orders_over", forbid_unknown_fields=True
):
    """The orders that ended since then, on cases that the session sees."""

    since: Instant


class OrdersOverReply(Struct, frozen=True, kw_only=True, tag="orders_over"):
    """The earliest first."""

    orders: tuple[OrderOver, ...]


def ending(before: Case, now: Case) -> Ending | None:
    """How the order that was out before ended; None where none was, or it still is."""
    if before.order is None:
        return None
    if now.order is not None:
        return Ending.ANEW if now.order.sent_at != before.order.sent_at else None
    answered = before.state is State.VERIFYING and now.confirmed is not before.confirmed
    taken_back = now.state is _BACK.get(before.state) and not answered
    return Ending.WITHDRAWN if now.ended or taken_back else Ending.DONE


def orders_over(life: Iterable[Recorded]) -> Iterator[OrderOver]:
    """Every order of one case's life that ended, in order."""
    case: Case | None = None
    for entry in life:
        before, case = case, evolve(case, entry)
        how = ending(before, case) if before is not None and case is not None else None
        if before is not None and how is not None:
            yield OrderOver(case=before, at=entry.at, how=how)
