"""What the list of inspectors shows: who is free, on an order, silent or off duty, and how much is
on the way to each."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from casework.enquiries import InspectorRow
from console.export import table as export
from console.export.table import Kind, Table
from console.inspectors import PRESENCES, Presence, presence
from console.names import Names
from console.wording import mark, tr
from widgets.live_table import Column
from widgets.plain_label import Tone

TITLES: tuple[str, ...] = (
    mark("Inspector"),
    mark("Duty"),
    mark("Orders"),
    mark("Last position"),
    mark("On duty since"),
    mark("Beat"),
)
_RANKS = {each: number for number, each in enumerate(Presence)}
_TONES: dict[Presence, Tone] = {
    Presence.FREE: "done",
    Presence.ON_ORDER: "text",
    Presence.SILENT: "soon",
    Presence.OFF: "muted",
}


class InspectorLine(NamedTuple):
    """One inspector as the list shows it, the words made once."""

    of: InspectorRow
    presence: Presence
    duty: str
    position: str
    since: str
    beat: str

    @property
    def place_in_list(self) -> tuple[int, int, str, str]:
        """The free first, then those on an order, the least busy first; then the silent, then who
        is off duty."""
        return _RANKS[self.presence], self.of.open_orders, self.of.name, self.of.user

    def matches(self, wanted: str) -> bool:
        """Whether name, sign-in name, duty or beat hold the text, in any case."""
        words = (self.of.name, self.of.user, self.duty, self.beat)
        return any(wanted in word.casefold() for word in words)


def line_of(row: InspectorRow, names: Names, now: datetime) -> InspectorLine:
    """An inspector in words."""
    found = presence(row)
    sign = "▲ " if found is Presence.SILENT else ""
    areas = tr(", ").join(names.area(area) for area in row.areas)
    return InspectorLine(
        of=row,
        presence=found,
        duty=sign + tr(PRESENCES[found]),
        position=age(row, now),
        since=names.moment(row.on_duty_since, now) if row.on_duty_since is not None else "",
        beat=" · ".join(filter(None, (areas, ", ".join(row.grids)))),
    )


def age(row: InspectorRow, now: datetime) -> str:
    """How old the position is; that there is none, of who is on duty."""
    if row.at is None:
        return tr("none yet") if row.on_duty_since is not None else ""
    return tr("{n} min old", n=max(int((now - row.at).total_seconds()) // 60, 0))


def columns() -> tuple[Column[InspectorLine], ...]:
    """The columns in the language in use."""
    inspector, duty, orders, position, since, beat = (tr(title) for title in TITLES)
    return (
        Column(inspector, lambda r: r.of.name, sort=lambda r: r.place_in_list, width=0, least=120),
        Column(duty, lambda r: r.duty, sort=lambda r: r.place_in_list, width=104, tone=_duty_tone),
        Column(
            orders,
            lambda r: str(r.of.open_orders),
            sort=lambda r: r.of.open_orders,
            width=72,
            align="right",
        ),
        Column(position, lambda r: r.position, sort=lambda r: r.of.at, width=100, tone=_muted),
        Column(since, lambda r: r.since, sort=lambda r: r.of.on_duty_since, width=100, tone=_muted),
        Column(beat, lambda r: r.beat, width=0, least=120, grow=2, gives_way=1, tone=_muted),
    )


def _duty_tone(row: InspectorLine) -> Tone:
    return _TONES[row.presence]


def _muted(_row: InspectorLine) -> Tone:
    return "muted"


def table_of(rows: Iterable[InspectorLine], zone: ZoneInfo, wanted: str) -> Table:
    """The rows for a file; where somebody is stays on the screen."""
    titles = (
        export.Column(tr("Inspector"), width=18),
        export.Column(tr("Sign-in name"), width=16),
        export.Column(tr("Duty"), width=14),
        export.Column(tr("Orders"), Kind.NUMBER, 8),
        export.Column(tr("Position told at"), Kind.INSTANT, 20),
        export.Column(tr("On duty since"), Kind.INSTANT, 20),
        export.Column(tr("Beat"), width=40),
    )
    lines = tuple(
        (
            r.of.name,
            r.of.user,
            r.duty.lstrip("▲ "),
            r.of.open_orders,
            r.of.at,
            r.of.on_duty_since,
            r.beat,
        )
        for r in rows
    )
    return Table(tr("Inspectors"), titles, lines, zone, wanted)
