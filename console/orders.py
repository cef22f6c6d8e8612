"""How an order to an inspector stands, in words: the one place that says it, for queue, case, list
of orders, map and files.
"""

from datetime import datetime
from typing import NamedTuple

from casework.case import Case, Order
from casework.rulebook import RuleBook
from casework.rules.order_watch import ALARMS, Standing, standing
from casework.terms import State
from console.names import Names
from console.wording import mark, tr

STANDINGS: dict[Standing, str] = {
    Standing.UNDELIVERED: mark("Order not delivered"),
    Standing.UNREAD: mark("Order not read"),
    Standing.LATE: mark("Order late"),
    Standing.SENT: mark("Order sent"),
    Standing.DELIVERED: mark("Order delivered"),
    Standing.READ: mark("Order read"),
}
KINDS: dict[State, str] = {
    State.VERIFYING: mark("verify"),
    State.CHECKING: mark("check"),
}
"""核實、核查: by the state in which the order is out."""


class Out(NamedTuple):
    """An order that is out, as it stands at one instant; `since` then, aware UTC."""

    case: Case
    order: Order
    standing: Standing
    since: datetime

    @property
    def is_wrong(self) -> bool:
        """Somebody in the centre has to do something."""
        return self.standing in ALARMS


def out_on(case: Case, rules: RuleBook | None, now: datetime) -> Out | None:
    """The order that is out on a case; None without one."""
    order = case.order
    if order is None or rules is None:
        return None
    found = standing(
        sent_at=order.sent_at,
        due=order.due,
        delivered_at=order.delivered_at,
        read_at=order.read_at,
        named=case.inspector is not None,
        now=now,
        settings=rules.orders,
    )
    return Out(case, order, found, _since(order, found))


def _since(order: Order, found: Standing) -> datetime:
    at = {
        Standing.UNREAD: order.delivered_at,
        Standing.DELIVERED: order.delivered_at,
        Standing.READ: order.read_at,
        Standing.LATE: order.due,
    }.get(found)
    return at if at is not None else order.sent_at


def kind(case: Case) -> str:
    """核實 or 核查."""
    return tr(KINDS[case.state]) if case.state in KINDS else ""


def in_words(found: Out) -> str:
    """How it stands: ▲ where somebody has to do something."""
    said = tr(STANDINGS[found.standing])
    return f"▲ {said}" if found.is_wrong else said


def in_short(found: Out, inspector: str) -> str:
    """As the queue says it: how it stands, and whom it went to."""
    return " · ".join(filter(None, (in_words(found), inspector)))


def in_full(found: Out, inspector: str, names: Names, now: datetime) -> str:
    """As the open case says it: whom it went to, how it stands, and since when."""
    whom = inspector or tr("any inspector of the area")
    return f"{whom} · {in_words(found)} {names.moment(found.since, now)}"
