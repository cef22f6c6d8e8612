"""A table as a workbook: typed cells, a head that says what it is, the header frozen, a filter.

No cell is a formula or a link: every text goes through `write_string`, which guesses nothing, and
the guesses are switched off besides. Instants are dates of the city's wall clock, spans are spans.
A file knows nothing that the screen did not show: masked data stays masked.
"""

import io
import re
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from console.export.table import Kind, Origin, Table, Value, local
from console.wording import tr

LONGEST = 32_767
"""UTF-16 units in a cell; a longer text is cut and ends with an ellipsis."""
_FIRST_YEAR = 1900
_NOWHERE_IN_XML = re.compile("[\ud800-\udfff\ufffe\uffff]")
_FORMATS: dict[Kind, dict[str, Any]] = {
    Kind.TEXT: {"text_wrap": True, "num_format": "@"},  # stays text when somebody edits the cell
    Kind.NUMBER: {},
    Kind.INSTANT: {"num_format": "yyyy-mm-dd hh:mm:ss", "align": "left"},
    Kind.DURATION: {"num_format": "[h]:mm:ss", "align": "left"},
    Kind.BOOLEAN: {"align": "left"},
}
_A4 = 9
_FACT_WIDTHS = (18, 80)


def writable(text: str) -> str:
    """The text as a cell holds it: what XML cannot carry as U+FFFD, not longer than `LONGEST`."""
    text = _NOWHERE_IN_XML.sub("\ufffd", text)
    if len(text) <= LONGEST // 2:
        return text
    units = text.encode("utf-16-le")
    if len(units) <= LONGEST * 2:
        return text
    return units[: (LONGEST - 1) * 2].decode("utf-16-le", errors="ignore") + "…"


def write_xlsx(table: Table, origin: Origin) -> bytes:
    """The whole file."""
    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
        "nan_inf_to_errors": False,
    }
    with Workbook(out, options) as book:
        at = local(origin.at, table.zone)
        book.set_properties(
            {"title": writable(table.title), "author": writable(origin.by), "created": at}
        )
        styles = _Styles(book, table.zone)
        sheet = book.add_worksheet(tr("Case") if table.facts else tr("List"))
        top = _head(sheet, styles, table, origin)
        if table.facts:
            _facts(sheet, styles, table, top)
            sheet, top = book.add_worksheet(tr("Record")), 0
        _rows(sheet, styles, table, top)
    return out.getvalue()


class _Styles:
    """The formats of one workbook, and the wall clock of its instants."""

    def __init__(self, book: Workbook, zone: ZoneInfo) -> None:
        self.zone = zone
        self.title: Format = book.add_format({"bold": True, "font_size": 14})
        self.practice: Format = book.add_format({"bold": True, "font_color": "#C3261F"})
        self.label: Format = book.add_format({"font_color": "#5A6875", "valign": "top"})
        self.header: Format = book.add_format(
            {"bold": True, "bottom": 1, "bg_color": "#F5F7F9", "text_wrap": True, "valign": "top"}
        )
        self.cells: dict[Kind, Format] = {
            kind: book.add_format({"valign": "top", **form}) for kind, form in _FORMATS.items()
        }


def _head(sheet: Worksheet, styles: _Styles, table: Table, origin: Origin) -> int:
    """What this is, of which log, when and by whom; returns the first free row."""
    sheet.write_string(0, 0, writable(table.title), styles.title)
    at = f"{local(origin.at, table.zone):%Y-%m-%d %H:%M:%S}"
    lines = [origin.city, tr("Exported {at} by {who}", at=at, who=origin.by)]
    if table.wanted:
        lines.append(tr("Only: {filter}", filter=table.wanted))
    lines.append(tr("{n} rows", n=f"{len(table.rows):,}"))
    if origin.practice:
        sheet.write_string(1, 0, writable(origin.practice), styles.practice)
    first = 2 if origin.practice else 1
    for number, line in enumerate(filter(None, lines), first):
        sheet.write_string(number, 0, writable(line), styles.label)
        first = number
    return first + 2


def _facts(sheet: Worksheet, styles: _Styles, table: Table, top: int) -> None:
    for number, width in enumerate(_FACT_WIDTHS):
        sheet.set_column(number, number, width)
    for number, fact in enumerate(table.facts, top):
        sheet.write_string(number, 0, writable(fact.title), styles.label)
        _cell(sheet, (number, 1), fact.kind, fact.value, styles)
    _paper(sheet)


def _rows(sheet: Worksheet, styles: _Styles, table: Table, top: int) -> None:
    for number, column in enumerate(table.columns):
        sheet.set_column(number, number, column.width)
        sheet.write_string(top, number, writable(column.title), styles.header)
    kinds = [column.kind for column in table.columns]
    for at, row in enumerate(table.rows, top + 1):
        for number, (kind, value) in enumerate(zip(kinds, row, strict=True)):
            _cell(sheet, (at, number), kind, value, styles)
    sheet.freeze_panes(top + 1, 0)
    if table.columns:
        sheet.autofilter(top, 0, top + max(len(table.rows), 1), len(table.columns) - 1)
    sheet.repeat_rows(top)
    _paper(sheet, landscape=True)


def _paper(sheet: Worksheet, *, landscape: bool = False) -> None:
    sheet.set_paper(_A4)
    if landscape:
        sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&C&P / &N")


def _cell(sheet: Worksheet, at: tuple[int, int], kind: Kind, value: Value, styles: _Styles) -> None:
    """One typed cell. Raises: ValueError: a span is negative."""
    form = styles.cells[kind]
    if value is None or value == "":
        return
    if kind is Kind.BOOLEAN:
        sheet.write_boolean(*at, bool(value), form)
    elif isinstance(value, datetime):
        here = local(value, styles.zone)
        if here.year >= _FIRST_YEAR:
            sheet.write_datetime(*at, here, form)
        else:
            sheet.write_string(*at, here.isoformat(" "))
    elif isinstance(value, timedelta):
        if value < timedelta():
            raise ValueError("a span in a table is never negative")
        sheet.write_datetime(*at, value, form)
    elif kind is Kind.NUMBER and not isinstance(value, str):
        sheet.write_number(*at, value, form)
    else:
        sheet.write_string(*at, writable(str(value)), form)
