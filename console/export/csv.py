"""A table as CSV: RFC 4180, UTF-8 with a byte order mark (without it Excel reads Chinese wrongly).

A spreadsheet that opens a CSV file takes a text for a formula by its first sign, and quoting does
not help. So a text that begins with `= + - @`, with their full-width forms, with white space
before one of them, or with tab, line end or NUL gets a single quote (') before it, as OWASP's
page on CSV injection advises. A text that begins with a single quote itself gets one more: a
reader takes one leading quote away and has the very text (`plain`). Numbers are not touched.

One header line, then the rows; what a workbook says on a sheet of its own (the facts of a case,
the practice mark) stands in columns of every row, so that each line has the same fields.
"""

import csv
import io
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from console.export.table import Column, Kind, Origin, Table, Value, local
from console.wording import tr

_READ_AS_A_FORMULA = re.compile(r"['\t\r\n\0]|[\s\0-\x20\ufeff]*[=+\-@＝＋－＠]")
MARK = "'"


def neutral(text: str) -> str:
    """The text so that no spreadsheet computes it."""
    return MARK + text if _READ_AS_A_FORMULA.match(text) else text


def plain(field: str) -> str:
    """The text that `neutral` made a field of."""
    return field.removeprefix(MARK)


def write_csv(table: Table, origin: Origin) -> bytes:
    """The whole file."""
    columns = [Column(fact.title, fact.kind) for fact in table.facts]
    before: list[Value] = [fact.value for fact in table.facts]
    if origin.practice:
        columns.insert(0, Column(tr("Log")))
        before.insert(0, origin.practice)
    columns += table.columns
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([neutral(column.title) for column in columns])
    for row in table.rows:
        writer.writerow(_fields(columns, (*before, *row), table.zone))
    return out.getvalue().encode("utf-8-sig", errors="replace")


def _fields(columns: list[Column], row: tuple[Value, ...], zone: ZoneInfo) -> Iterator[str]:
    for column, value in zip(columns, row, strict=True):
        yield _field(column.kind, value, zone)


def _field(kind: Kind, value: Value, zone: ZoneInfo) -> str:
    if value is None:
        return ""
    if kind is Kind.BOOLEAN:
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime):
        return f"{local(value, zone):%Y-%m-%d %H:%M:%S}"
    if isinstance(value, timedelta):
        return hours(value)
    if kind is Kind.NUMBER and not isinstance(value, str):
        return str(value)
    return neutral(str(value))


def hours(span: timedelta) -> str:
    """A span as `h:mm:ss`, hours above 24 too."""
    seconds = int(span.total_seconds())
    return f"{seconds // 3600}:{seconds % 3600 // 60:02}:{seconds % 60:02}"
