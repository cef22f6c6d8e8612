"""All orders to inspectors in this desk's sight: those that are out, and those that ended lately.

A case keeps no order that is over; what ended is known here because this desk saw it end, or asked
for it (`recall`), and only for `over_minutes` of the rule book. Times are aware UTC.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from PySide6.QtCore import QObject, Signal, Slot

from casework.case import Case
from casework.orders_over import Ending, OrdersOverQuery, OrdersOverReply, ending
from casework.rulebook import Orders
from casework.rules.order_watch import Standing
from casework.terms import CaseId
from console.clocks import Clock, link_clock
from console.orders import Out, out_on
from console.picture import Change, Picture, Replied
from console.wording import mark

DONE, WITHDRAWN, GIVEN_ANEW = mark("done"), mark("withdrawn"), mark("given to another")
ENDINGS = {Ending.DONE: DONE, Ending.WITHDRAWN: WITHDRAWN, Ending.ANEW: GIVEN_ANEW}


class Over(NamedTuple):
    """An order that ended: its case while it was out, when and how it ended."""

    case: Case
    at: datetime
    how: str


class Tallied(NamedTuple):
    """How many orders are out, and how many of them ask for somebody."""

    out: int
    undelivered: int
    unread: int
    late: int
    soon: int

    @property
    def wrong(self) -> int:
        """Orders that somebody in the centre has to do something about."""
        return self.undelivered + self.unread + self.late


def order_clock(case: Case, soon_percent: int) -> Clock | None:
    """The order's own clock; None where it has no limit."""
    limited = case.order is not None and case.order.due is not None
    return link_clock(case, soon_percent) if limited else None


class OrderBook(QObject):
    """Follows the picture; asks once for what ended before this desk looked."""

    changed = Signal()
    """An order was given, came further, or ended."""

    def __init__(self, picture: Picture, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._picture = picture
        self._out: dict[CaseId, Case] = {}
        self._over: list[Over] = []
        self._recalled: object = None
        self._asked: set[tuple[int, int]] = set()
        picture.changed.connect(self._take)
        picture.replied.connect(self._replied)
        self._take(Change(tuple(picture.cases()), ()))

    def out(self) -> Iterator[Out]:
        """Every order that is out, as it stands now."""
        for case in self._out.values():
            found = out_on(case, self._picture.site_of(case.id).rules, self._picture.now(case.id))
            if found is not None:
                yield found

    def over(self) -> list[Over]:
        """The orders that ended within `kept`, the latest first."""
        kept, now = self.kept, self._picture.now
        self._over = [each for each in self._over if now(each.case.id) - each.at <= kept]
        return self._over[::-1]

    @property
    def kept(self) -> timedelta:
        """How long an order that is over stays in the list, by the first server's rule book."""
        rules = self._picture.sites[0].rules
        return timedelta(minutes=(rules.orders if rules is not None else Orders()).over_minutes)

    def is_soon(self, found: Out) -> bool:
        """Whether the order's limit is near."""
        clock = order_clock(found.case, self._picture.soon_percent(found.case.id))
        return clock is not None and clock.standing(self._picture.now(found.case.id)) == "soon"

    def tally(self) -> Tallied:
        """Counted at this instant: orders go wrong with time alone."""
        every = list(self.out())
        of = [found.standing for found in every]
        return Tallied(
            out=len(every),
            undelivered=of.count(Standing.UNDELIVERED),
            unread=of.count(Standing.UNREAD),
            late=of.count(Standing.LATE),
            soon=sum(not found.is_wrong and self.is_soon(found) for found in every),
        )

    @Slot(object)
    def _take(self, change: Change) -> None:
        touched = [case for case in change.upserted if case.order or case.id in self._out]
        gone = [case for case in change.gone if self._out.pop(case, None) is not None]
        for case in touched:
            self._follow(case)
        if touched or gone:
            self.changed.emit()

    def _follow(self, case: Case) -> None:
        before = self._out.pop(case.id, None)
        if case.order is not None:
            self._out[case.id] = case
        if before is None or before.order is None:
            return
        how = ending(before, case)
        if how is not None:
            self._over.append(Over(before, self._picture.now(case.id), ENDINGS[how]))

    # --- what ended before this desk looked -----------------------------------------------------

    def recall(self) -> None:
        """Ask the servers for what ended within `kept`, once for who is signed in."""
        who = tuple(site.welcome and (site.log, site.welcome.user) for site in self._picture.sites)
        if who == self._recalled or not self._picture.works_at_centre:
            return
        asked = self._picture.question_all(OrdersOverQuery(since=self._picture.now() - self.kept))
        if asked:
            self._recalled = who
            self._asked |= set(asked)

    @Slot(object)
    def _replied(self, reply: Replied) -> None:
        if reply.ref not in self._asked:
            return
        self._asked.discard(reply.ref)
        if not isinstance(reply.body, OrdersOverReply):
            self._recalled = None  # it can be asked again
            return
        known = {_key(each.case) for each in self._over}
        told = (Over(each.case, each.at, ENDINGS[each.how]) for each in reply.body.orders)
        self._over += (each for each in told if _key(each.case) not in known)
        self._over.sort(key=lambda each: each.at)
        self.changed.emit()


def _key(case: Case) -> tuple[CaseId, datetime | None]:
    return case.id, case.order.sent_at if case.order is not None else None
