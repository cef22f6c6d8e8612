"""How a console reads a case's clocks: what is left, of how much, and in which words.

Only reading: deadlines are the server's. Instants are aware UTC, spans are whole seconds.
"""

from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from casework.case import Case
from casework.counting import Counted, counting
from casework.rulebook import RuleBook
from console.wording import tr

Standing = Literal["late", "soon", "in_time", "done", "none"]
MINUTE, HOUR, DAY = 60, 3600, 86400


class Clock(NamedTuple):
    """A clock that runs from `since` to `due`; it is soon from `soon_at` on."""

    since: datetime
    soon_at: datetime
    due: datetime

    def left(self, now: datetime) -> int:
        """Seconds left, negative when late."""
        return int((self.due - now).total_seconds())

    def share(self, now: datetime) -> float:
        """Part of the span that is left, 0 … 1."""
        span = (self.due - self.since).total_seconds()
        if span <= 0:
            return 0.0
        return min(1.0, max(0.0, (self.due - now).total_seconds() / span))

    def standing(self, now: datetime) -> Standing:
        """Late, due soon or in time at `now`."""
        if now >= self.due:
            return "late"
        return "soon" if now >= self.soon_at else "in_time"


DEFAULT_SOON = 25


def soon_percent(case: Case | None, rules: RuleBook | None) -> int:
    """Share of its span below which the clock that counts now is due soon: an order to an
    inspector has a share of its own."""
    if rules is None:
        return DEFAULT_SOON
    if case is not None and case.order is not None:
        return 100 - rules.orders.warn_percent
    return rules.queues.soon_percent


def _clock(since: datetime, due: datetime, soon_percent: int) -> Clock:
    span = max(due - since, timedelta())
    return Clock(since, due - span * soon_percent / 100, due)


def link_clock(case: Case, soon_percent: int) -> Clock | None:
    """The clock that counts now (`casework.counting`), usually that of the link the case waits in.

    None when it has ended and where no clock runs (視情況定). The end of a suspension is never due
    soon: the case goes on by itself.
    """
    found = counting(case)
    if found is None:
        return None
    # a reworked case keeps its deadline: its span is the whole handling, not the last step
    since = found.since if found.since < found.due else case.opened_at
    return _clock(since, found.due, 0 if found.of is Counted.PAUSE else soon_percent)


def standing(case: Case, now: datetime, soon_percent: int) -> Standing:
    """How a case stands on the clock of its present link."""
    if case.ended:
        return "done"
    clock = link_clock(case, soon_percent)
    return clock.standing(now) if clock is not None else "none"


def span(seconds: int) -> str:
    """A span in tabular form: `0:07` (h:mm), below a minute `42 s`, from 100 h on `5d 3h`.

    The sign is left out; the words are of the language in use.
    """
    seconds = abs(seconds)
    if seconds < MINUTE:
        return tr("{n} s", n=seconds)
    if seconds >= 100 * HOUR:
        return tr("{days}d {hours}h", days=seconds // DAY, hours=seconds % DAY // HOUR)
    return f"{seconds // HOUR}:{seconds % HOUR // 60:02}"
