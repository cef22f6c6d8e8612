"""What stands beside a case's link, in words: who has it in hand, which application waits, how far
an order has come, how long a suspension lasts.
"""

from datetime import datetime

from casework.case import Case, Order
from casework.rulebook import RuleBook
from console.wording import APPLICATIONS, Names, mark, tr

STANDING: tuple[tuple[str, str], ...] = (
    ("held", mark("In hand")),
    ("waiting", mark("Applies for")),
    ("resumes", mark("Suspended until")),
    ("order", mark("Order to")),
    ("centre", mark("Centre")),
    ("urged", mark("Urged")),
)
DEFAULT_MINUTES = 15


def holder(case: Case, now: datetime, rules: RuleBook | None) -> str:
    """我的: who has the case in hand, and whether others may take it; "" when it is free."""
    if case.claim is None:
        return ""
    minutes = rules.queues.claim_minutes if rules is not None else DEFAULT_MINUTES
    if case.claim.is_stale(now, minutes):
        return tr("{user} (not touched for {n} min: free to take)", user=case.claim.user, n=minutes)
    return str(case.claim.user)


def standing_facts(
    case: Case, now: datetime, rules: RuleBook | None, names: Names
) -> dict[str, str]:
    """The facts by the keys of `STANDING`; "" where there is nothing to say."""
    of = case.application
    waiting = ""
    if of is not None and of.waiting is not None:
        asked = tr(APPLICATIONS[of.waiting.kind])
        waiting = f"{asked} · {names.unit(of.unit)} · {names.moment(of.waiting.since, now)}"
    until = names.local(case.resumes_at) if case.resumes_at is not None else None
    return {
        "held": holder(case, now, rules),
        "waiting": waiting,
        "resumes": f"{until:%Y-%m-%d %H:%M}" if until is not None else "",
        "order": _order(case, now, names),
        "centre": names.centre(case.centre) if case.centre is not None else "",
        "urged": tr("{n} times", n=case.urged) if case.urged else "",
    }


def _order(case: Case, now: datetime, names: Names) -> str:
    if case.order is None:
        return ""
    whom = str(case.inspector) if case.inspector else tr("any inspector of the area")
    said, at = _came_to(case.order)
    return f"{whom} · {tr(said)} {names.moment(at, now)}"


def _came_to(order: Order) -> tuple[str, datetime]:
    if order.read_at is not None:
        return mark("read"), order.read_at
    if order.delivered_at is not None:
        return mark("delivered"), order.delivered_at
    return mark("sent, not delivered"), order.sent_at
