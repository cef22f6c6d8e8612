"""What the list of found cases shows of each, on the screen and in a file."""

from collections.abc import Iterable
from typing import NamedTuple
from zoneinfo import ZoneInfo

from casework.case import Case
from casework.finding import FoundBy, FoundCase
from console.export import table as export
from console.export.table import Kind, Table
from console.picture import Picture
from console.vocabulary import standing
from console.wording import mark, tr
from widgets.columns import Column
from widgets.plain_label import Tone

FOUND_BY: dict[FoundBy, str] = {
    FoundBy.NUMBER: mark("Case no."),
    FoundBy.RECEIPT: mark("Receipt no."),
    FoundBy.REFERENCE: mark("Old number"),
    FoundBy.ADDRESS: mark("Address"),
}


class FoundRow(NamedTuple):
    """One case, its words made once; `place` is its place in the answer."""

    place: int
    case: Case
    number: str
    by: str
    state: str
    name: str
    where: str
    address: str
    reported: str


def rows_of(found: Iterable[FoundCase], picture: Picture) -> list[FoundRow]:
    """Rows in the words of each case's own rule book, in the order of the answer."""
    return [_row(number, each, picture) for number, each in enumerate(found)]


def _row(number: int, found: FoundCase, picture: Picture) -> FoundRow:
    case, names = found.case, picture.names(found.case.id)
    several = len(picture.sites) > 1
    return FoundRow(
        place=number,
        case=case,
        number=case.id if several else case.id.partition("-")[2] or case.id,
        by=tr(FOUND_BY[found.by]),
        state=standing(case.state, case.closing),
        name=names.case_class(case),
        where=names.place(case),
        address=found.address,
        reported=f"{names.local(case.opened_at):%Y-%m-%d}",
    )


def _muted(_row: FoundRow) -> Tone:
    return "muted"


def columns() -> tuple[Column[FoundRow], ...]:
    """The columns in the language in use."""
    return (
        Column(tr("Case no."), lambda r: r.number, sort=lambda r: r.place, width=132),
        Column(tr("Found by"), lambda r: r.by, width=84, tone=_muted),
        Column(
            tr("Reported at"),
            lambda r: r.reported,
            sort=lambda r: r.case.opened_at,
            width=96,
            tone=_muted,
        ),
        Column(tr("State"), lambda r: r.state, width=86),
        Column(tr("Class"), lambda r: r.name, width=0, least=112, grow=2),
        Column(tr("Address"), lambda r: r.address or r.where, width=0, least=140, grow=3),
        Column(tr("Old number"), lambda r: r.case.reference, width=0, least=126, gives_way=1),
    )


def table_of(rows: Iterable[FoundRow], zone: ZoneInfo, wanted: str) -> Table:
    """The rows for a file."""
    titles = (
        export.Column(tr("Case no."), width=28),
        export.Column(tr("Found by"), width=14),
        export.Column(tr("Reported at"), Kind.INSTANT, 20),
        export.Column(tr("Ended at"), Kind.INSTANT, 20),
        export.Column(tr("State"), width=14),
        export.Column(tr("Class"), width=24),
        export.Column(tr("Place"), width=24),
        export.Column(tr("Address"), width=40),
        export.Column(tr("Old number"), width=18),
    )
    lines = tuple(
        (
            row.case.id,
            row.by,
            row.case.opened_at,
            row.case.ended_at,
            row.state,
            row.name,
            row.where,
            row.address,
            row.case.reference,
        )
        for row in rows
    )
    return Table(tr("Cases found"), titles, lines, zone, wanted)
