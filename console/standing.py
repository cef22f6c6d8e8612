"""What stands beside a case's link, in words: who has it in hand, which application waits, how an
order stands (`console.orders` words it), how long a suspension lasts.
"""

from datetime import datetime

from casework.case import Case
from casework.rulebook import RuleBook
from console.orders import in_full, out_on
from console.record import applied_for
from console.wording import Names, mark, tr

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
    case: Case, now: datetime, rules: RuleBook | None, names: Names, inspector: str = ""
) -> dict[str, str]:
    """The facts by the keys of `STANDING`; "" where there is nothing to say. `inspector` is the
    name of the one whom the order names."""
    of = case.application
    waiting = ""
    if of is not None and of.waiting is not None:
        asked = applied_for(of.waiting.kind, of.waiting.until, names)
        waiting = f"{asked} · {names.unit(of.unit)} · {names.moment(of.waiting.since, now)}"
    order = out_on(case, rules, now)
    until = names.local(case.resumes_at) if case.resumes_at is not None else None
    return {
        "held": holder(case, now, rules),
        "waiting": waiting,
        "resumes": f"{until:%Y-%m-%d %H:%M}" if until is not None else "",
        "order": in_full(order, inspector, names, now) if order is not None else "",
        "centre": names.centre(case.centre) if case.centre is not None else "",
        "urged": tr("{n} times", n=case.urged) if case.urged else "",
    }
