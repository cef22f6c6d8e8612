"""How an order to an inspector stands, in a shape and a word."""

from datetime import datetime

from casework.case import Case
from casework.rulebook import RuleBook
from casework.rules.order_watch import ALARMS, Standing, standing
from console.wording import mark, tr

STANDINGS: dict[Standing, str] = {
    Standing.LATE: mark("Order late"),
    Standing.UNDELIVERED: mark("Order not delivered"),
    Standing.UNREAD: mark("Order not read"),
    Standing.SENT: mark("Order sent"),
    Standing.DELIVERED: mark("Order delivered"),
    Standing.READ: mark("Order read"),
}


def standing_of(case: Case, rules: RuleBook | None, now: datetime) -> Standing | None:
    """How the order that is out on a case stands; None without one."""
    order = case.order
    if order is None or rules is None:
        return None
    return standing(
        sent_at=order.sent_at,
        due=order.due,
        delivered_at=order.delivered_at,
        read_at=order.read_at,
        named=case.inspector is not None,
        now=now,
        settings=rules.orders,
    )


def in_words(found: Standing, inspector: str) -> str:
    """What the queue says of an order: ▲ where somebody has to do something."""
    shape = "▲ " if found in ALARMS else ""
    return " · ".join(filter(None, (f"{shape}{tr(STANDINGS[found])}", inspector)))
