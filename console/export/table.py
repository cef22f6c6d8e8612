"""A table to be exported: typed columns and their rows, and where they come from.

Values stay what they are (an instant, a span, a number) until a writer puts them in its own
form; nothing is turned into words before that.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

Value = str | int | float | datetime | timedelta | None
"""None is "unknown" and leaves the cell empty."""


class Kind(StrEnum):
    """What the values of a column are."""

    TEXT = "text"
    """Our words or foreign ones: never a formula, a number or a link, whatever it looks like."""
    NUMBER = "number"
    INSTANT = "instant"
    """Aware; written on the city's wall clock, to the second."""
    DURATION = "duration"
    """Never negative: no spreadsheet shows a negative span. A column beside it says "late"."""
    BOOLEAN = "boolean"


class Column(NamedTuple):
    """One column; `width` in characters of the digit 0."""

    title: str
    kind: Kind = Kind.TEXT
    width: int = 16


class Fact(NamedTuple):
    """One thing known of the whole table: a fact of the case whose record it is."""

    title: str
    value: Value
    kind: Kind = Kind.TEXT


class Table(NamedTuple):
    """What a pane shows, ready to be written. `zone` is the city's; `wanted` says in words what
    was left out (a filter), "" where nothing was."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    zone: ZoneInfo
    wanted: str = ""
    facts: tuple[Fact, ...] = ()
    """Of a case: its rows are then its record."""


class Origin(NamedTuple):
    """Who exports, where and when: `at` by the log's clock, `practice` the mark of a practice
    log in words, "" in a real one."""

    city: str
    by: str
    at: datetime
    practice: str = ""


def local(at: datetime, zone: ZoneInfo) -> datetime:
    """The city's wall clock, naive, to the second."""
    return at.astimezone(zone).replace(tzinfo=None, microsecond=0)
