"""Files of an earlier system as rows of text: CSV in UTF-8 or GB 18030, XLSX by its first sheet.

Workbooks are foreign: before one is opened its sizes are summed and the corner of its sheet is
found, so that a small file cannot ask for all memory.
"""

import gzip
import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path

from casework.pack.records import numbered_rows
from watchdesk.failure import DeskError

ENCODINGS = ("utf-8-sig", "gb18030")
"""What spreadsheets save in China, the first that fits."""
LARGEST = 512 * 1024 * 1024
"""Bytes of a file, and of what a workbook unpacks to."""
MOST_CELLS = 50_000_000
"""Of the rectangle that a sheet spans: it is held in memory whole."""
_CORNER = re.compile(rb'\sr="([A-Z]{1,3})?([0-9]{1,7})"')
_PIECE = 1 << 20
_EXACT = 2**53
"""Whole numbers up to here are exact in a workbook, which has floats only."""

Rows = Iterator[tuple[int, list[str]]]
"""Lines that are not blank, with the line each begins on; a line that is no CSV has no cells."""


def rows(file: Path, delimiter: str = ",") -> Rows:
    """The rows of a file, its header first.

    Raises: DeskError: `records.unreadable`, `records.too_large`.
    """
    try:
        if file.suffix.lower() == ".xlsx":
            return _of_workbook(file)
        opened = gzip.open if file.suffix == ".gz" else open
        with opened(file, "rb") as given:
            data: bytes = given.read(LARGEST + 1)
    except (OSError, EOFError) as error:
        raise DeskError("records.unreadable", f"{file} cannot be read: {error}.") from error
    if len(data) > LARGEST:
        raise DeskError("records.too_large", f"{file} is larger than {LARGEST:,} bytes.")
    return numbered_rows(io.StringIO(_text(file, data), newline=""), delimiter)


def _text(file: Path, data: bytes) -> str:
    for encoding in ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise DeskError("records.unreadable", f"{file} is neither UTF-8 nor GB 18030 text.")


def _of_workbook(file: Path) -> Rows:
    from python_calamine import CalamineError, load_workbook  # dear to import, seldom needed

    _check(file)
    try:
        sheet = load_workbook(str(file)).get_sheet_by_index(0)
        table = sheet.to_python(skip_empty_area=False)
    except (CalamineError, ValueError, OSError, IndexError) as error:
        raise DeskError("records.unreadable", f"{file} is no workbook: {error}.") from error
    cells = ((line, [_cell(value) for value in row]) for line, row in enumerate(table, 1))
    return ((line, row) for line, row in cells if any(row))


def _check(file: Path) -> None:
    """Raises: DeskError: `records.unreadable`, `records.too_large`."""
    try:
        with zipfile.ZipFile(file) as book:
            if sum(each.file_size for each in book.infolist()) > LARGEST:
                raise DeskError("records.too_large", f"{file} unpacks to over {LARGEST:,} bytes.")
            for each in book.namelist():
                if each.startswith("xl/worksheets/") and each.endswith(".xml"):
                    _check_sheet(file, book, each)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise DeskError("records.unreadable", f"{file} is no workbook: {error}.") from error


def _check_sheet(file: Path, book: zipfile.ZipFile, name: str) -> None:
    columns = lines = 1
    rest = b""
    with book.open(name) as sheet:
        while piece := sheet.read(_PIECE):
            for letters, digits in _CORNER.findall(rest + piece):
                columns = max(columns, _column(letters))
                lines = max(lines, int(digits))
            rest = piece[-32:]
    if columns * lines > MOST_CELLS:
        said = f"{file}: a sheet spans {lines:,} lines and {columns:,} columns."
        raise DeskError("records.too_large", said)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _cell(value: object) -> str:
    """A typed cell as the text a CSV would hold: ISO 8601, whole numbers without a point."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < _EXACT else repr(value)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return str(value)
