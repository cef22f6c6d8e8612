"""What stands beside a case's link, in words: who has it in hand, which application waits, how an
order stands (`console.orders` words it), how long a suspension lasts.
"""

from datetime import datetime
from typing import NamedTuple

from casework.case import Case
from casework.hands import held_by_another
from casework.rulebook import RuleBook
from console.names import Names
from console.orders import in_full, out_on
from console.picture import Picture
from console.record import applied_for
from console.wording import mark, tr

STANDING: tuple[tuple[str, str], ...] = (
    ("held", mark("In hand")),
    ("waiting", mark("Applies for")),
    ("resumes", mark("Stands until")),
    ("order", mark("Order to")),
    ("centre", mark("Centre")),
    ("urged", mark("Urged")),
    ("reminded", mark("Reminded")),
)
DEFAULT_MINUTES = 15


def claim_minutes(rules: RuleBook | None) -> int:
    """After so many minutes without an act others may take a case from who has it in hand."""
    return rules.queues.claim_minutes if rules is not None else DEFAULT_MINUTES


def holder(case: Case, name: str, now: datetime, rules: RuleBook | None) -> str:
    """我的: who has the case in hand (`name`), and whether others may take it; "" when it is
    free."""
    if case.claim is None:
        return ""
    minutes = claim_minutes(rules)
    if case.claim.is_stale(now, minutes):
        return tr("{user} (free to take: not touched for {n} min)", user=name, n=minutes)
    return name


def kept_by(case: Case, picture: Picture) -> str:
    """By name and post, the colleague in whose hands the case is, so that others wait; "" when it
    is free to take, or this person's own."""
    site = picture.site_of(case.id)
    if site.actor is None:
        return ""
    minutes = claim_minutes(site.rules)
    held = held_by_another(case, site.actor.user, picture.now(case.id), minutes)
    return picture.staff.in_full(held, case.id) if held is not None else ""


class Named(NamedTuple):
    """By name: who has the case in hand, and the inspector whom its order names."""

    holder: str = ""
    inspector: str = ""


def standing_facts(
    case: Case, now: datetime, rules: RuleBook | None, names: Names, people: Named
) -> dict[str, str]:
    """The facts by the keys of `STANDING`; "" where there is nothing to say."""
    of = case.application
    waiting = ""
    if of is not None and of.waiting is not None:
        asked = applied_for(of.waiting.kind, of.waiting.until, names)
        waiting = f"{asked} · {names.unit(of.unit)} · {names.moment(of.waiting.since, now)}"
    order = out_on(case, rules, now)
    until = names.local(case.resumes_at) if case.resumes_at is not None else None
    return {
        "held": holder(case, people.holder, now, rules),
        "waiting": waiting,
        "resumes": f"{until:%Y-%m-%d %H:%M}" if until is not None else "",
        "order": in_full(order, people.inspector, names, now) if order is not None else "",
        "centre": names.centre(case.centre) if case.centre is not None else "",
        "urged": _times(case.urged),
        "reminded": _times(case.reminders),
    }


def _times(count: int) -> str:
    """How often something was done; "" for never."""
    if count == 1:
        return tr("once")
    return tr("{n} times", n=count) if count else ""
