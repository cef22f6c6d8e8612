"""What the list of orders shows of each: its row, its columns, its order, and the file of it."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from casework.case import Case
from casework.rules.order_watch import Standing
from casework.terms import CaseId
from console import orders
from console.clocks import span
from console.export import table as export
from console.export.table import Kind, Table
from console.inspectors import Inspectors
from console.names import street_of
from console.order_book import DONE, OrderBook, Over, order_clock
from console.orders import Out
from console.picture import Picture
from console.wording import mark, tr
from widgets.due_delegate import Due
from widgets.live_table import Column
from widgets.plain_label import Tone

_FAR = datetime.max.replace(tzinfo=UTC)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_RANKS = {Standing.UNDELIVERED: 0, Standing.UNREAD: 1, Standing.LATE: 2}
_SOON, _REST, _OVER = 3, 4, 5
TITLES: tuple[str, ...] = (
    mark("Order left"),
    mark("Inspector"),
    mark("Order"),
    mark("How it stands"),
    mark("From"),
    mark("Case no."),
    mark("Class"),
    mark("Place"),
)


class OrderRow(NamedTuple):
    """One order as the list shows it, its words made once. `since` and `due` are aware UTC."""

    key: str
    case: Case
    rank: int
    inspector: str
    kind: str
    stands: str
    since: datetime
    said_since: str
    due: datetime | None
    number: str
    name: str
    place: str
    tone: Tone

    @property
    def is_over(self) -> bool:
        """Done, withdrawn or given to another."""
        return self.rank == _OVER

    @property
    def place_in_list(self) -> tuple[int, datetime, CaseId]:
        """Undelivered, unread, late, near their limit, then the rest, each by its limit; those that
        are over come last, the latest of them first."""
        if self.is_over:
            return self.rank, _EPOCH + (_FAR - self.since), self.case.id
        return self.rank, self.due or _FAR, self.case.id

    def matches(self, wanted: str) -> bool:
        """Whether inspector, kind, words, case, class or place hold the text, in any case."""
        words = (self.inspector, self.kind, self.stands, self.case.id, self.name, self.place)
        return any(wanted in word.casefold() for word in words)


class OrderRows:
    """Makes rows from orders, in the words of each case's own rule book."""

    def __init__(self, picture: Picture, inspectors: Inspectors, book: OrderBook) -> None:
        self._picture, self._inspectors, self._book = picture, inspectors, book

    def rows(self) -> list[OrderRow]:
        """Every order, as it stands now."""
        out = [self._out(found) for found in self._book.out()]
        return [*out, *(self._over(ended) for ended in self._book.over())]

    def _out(self, found: Out) -> OrderRow:
        rank = _RANKS.get(found.standing, _SOON if self._book.is_soon(found) else _REST)
        tone: Tone = "late" if found.is_wrong else "soon" if rank == _SOON else "text"
        return self._row(found.case, rank, orders.in_words(found), found.since, tone)

    def _over(self, ended: Over) -> OrderRow:
        sign = "✓ " if ended.how == DONE else ""
        return self._row(ended.case, _OVER, f"{sign}{tr(ended.how)}", ended.at, "muted")

    def _row(self, case: Case, rank: int, stands: str, since: datetime, tone: Tone) -> OrderRow:
        names, now = self._picture.names(case.id), self._picture.now(case.id)
        assert case.order is not None  # the book keeps cases with an order only
        several = len(self._picture.sites) > 1
        over = f"@{case.order.sent_at.timestamp()}" if rank == _OVER else ""
        name = self._inspectors.name(case.inspector, case.id)
        return OrderRow(
            key=f"{case.id}{over}",
            case=case,
            rank=rank,
            inspector=name or tr("nobody named"),
            kind=orders.kind(case),
            stands=stands,
            since=since,
            said_since=names.moment(since, now),
            due=case.order.due,
            number=str(case.id) if several else case.id.partition("-")[2] or str(case.id),
            name=names.case_class(case),
            place=names.place(case),
            tone=tone,
        )

    def due(self, row: OrderRow, _: object) -> Due:
        """The order's clock as the delegate paints it."""
        case = row.case
        if row.is_over:
            return Due("done", 0, 0, row.said_since)
        clock = order_clock(case, self._picture.soon_percent(case.id))
        if clock is None:
            return Due("none", 0, 0, tr("no clock"))
        now = self._picture.seen_now(case.id)
        left, standing = clock.left(now), clock.standing(now)
        text = tr("late {span}", span=span(left)) if standing == "late" else span(left)
        return Due(standing, left, clock.share(now), text)


def _muted(_row: OrderRow) -> Tone:
    return "muted"


def columns() -> tuple[Column[OrderRow], ...]:
    """The columns in the language in use."""
    left, inspector, kind, stands, since, number, name, place = (tr(title) for title in TITLES)
    return (
        Column(left, lambda r: r.number, sort=lambda r: r.place_in_list, width=118, painter="due"),
        Column(inspector, lambda r: r.inspector, width=0, least=128, tone=_over_muted),
        Column(kind, lambda r: r.kind, width=78, tone=_muted),
        Column(stands, lambda r: r.stands, width=0, least=150, tone=lambda r: r.tone),
        Column(since, lambda r: r.said_since, sort=lambda r: r.since, width=76, tone=_muted),
        Column(number, lambda r: r.number, sort=lambda r: r.case.id, width=122, tone=_over_muted),
        Column(name, lambda r: r.name, width=0, least=110, gives_way=2, tone=_over_muted),
        Column(
            place,
            lambda r: r.place,
            width=0,
            least=96,
            grow=2,
            gives_way=1,
            tone=_over_muted,
            brief=lambda r: street_of(r.place),
            whole=150,
        ),
    )


def _over_muted(row: OrderRow) -> Tone:
    return "muted" if row.is_over else "text"


def table_of(rows: Iterable[OrderRow], now: datetime, zone: ZoneInfo, wanted: str) -> Table:
    """The rows for a file, instants and spans typed."""
    titles = (
        export.Column(tr("Inspector"), width=18),
        export.Column(tr("Order"), width=14),
        export.Column(tr("How it stands"), width=24),
        export.Column(tr("From"), Kind.INSTANT, 20),
        export.Column(tr("Sent at"), Kind.INSTANT, 20),
        export.Column(tr("Delivered at"), Kind.INSTANT, 20),
        export.Column(tr("Read at"), Kind.INSTANT, 20),
        export.Column(tr("Order due"), Kind.INSTANT, 20),
        export.Column(tr("Left or late by"), Kind.DURATION, 14),
        export.Column(tr("Late"), Kind.BOOLEAN, 8),
        export.Column(tr("Case no."), width=28),
        export.Column(tr("Class"), width=24),
        export.Column(tr("Place"), width=30),
    )
    return Table(tr("Orders"), titles, tuple(_line(row, now) for row in rows), zone, wanted)


def _line(row: OrderRow, now: datetime) -> tuple[export.Value, ...]:
    order, due = row.case.order, row.due if not row.is_over else None
    assert order is not None  # as in `OrderRows`
    return (
        row.inspector,
        row.kind,
        row.stands.lstrip("▲✓ "),
        row.since,
        order.sent_at,
        order.delivered_at,
        order.read_at,
        row.due,
        abs(due - now) if due is not None else None,
        now > due if due is not None else None,
        row.case.id,
        row.name,
        row.place,
    )
