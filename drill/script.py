"""A script: many plans merged into one line of marks in time order.

A mark is a link with an instant. Marks move the log's clock, so they must be taken in this order;
the other links of a plan go in between (`drill.stage`).
"""

import heapq
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from drill.plan import Plan


class Mark(NamedTuple):
    """A link with an instant (aware UTC).

    Marks sort by instant; of one instant the first links of all plans come first, so that many
    cases go on at once.
    """

    at: datetime
    link: int
    order: int
    plan: Plan


def marks(plans: Iterable[Plan]) -> Iterator[Mark]:
    """The marks of plans that come in the order of their first instants.

    Holds only the plans whose life has begun.

    Raises:
        ValueError: a plan comes before the one it follows, or its own instants go back.
    """
    coming: list[Mark] = []
    latest: Mark | None = None
    for order, plan in enumerate(plans):
        own = _own(order, plan)
        if latest is not None and own[0] < latest:
            raise ValueError(f"{plan.reference}: plans come in the order of their reports")
        latest = own[0]
        while coming and coming[0] < latest:
            yield heapq.heappop(coming)
        for mark in own:
            heapq.heappush(coming, mark)
    while coming:
        yield heapq.heappop(coming)


def _own(order: int, plan: Plan) -> list[Mark]:
    own = [
        Mark(link.at, number, order, plan)
        for number, link in enumerate(plan.links)
        if link.at is not None
    ]
    if not own or own[0].link != 0 or own != sorted(own):
        raise ValueError(f"{plan.reference}: the instants of a plan begin at its report")
    return own
