"""Somebody's records, row by row: a row and a mapping → a record, or why it is refused.

Times become aware UTC. A wall time that comes twice (the clocks went back) is taken as the first,
one that never was (they went forward) is shifted by the jump; both leave a mark on the record, as
does a record that claims to have closed before it opened.
"""

import csv
from collections.abc import Iterable, Iterator
from collections.abc import Mapping as Cells
from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from msgspec import Struct

from casework.pack.files import Mistakes
from casework.pack.mapping import ISO, Mapping
from casework.terms import Point, Source, point

_NORTH, _EAST = 90, 180
"""Degrees: no position lies beyond."""


class Record(Struct, frozen=True, kw_only=True):
    """One request as it was recorded elsewhere. Names are the records' own; `closed` is the
    claimed time and may lie before `opened`. Empty text and None mean that nothing was said."""

    line: int
    id: str
    opened: datetime
    target: datetime | None = None
    closed: datetime | None = None
    small_class: str
    big_class: str = ""
    title: str = ""
    text: str = ""
    unit: str = ""
    department: str = ""
    district: str = ""
    address: str = ""
    grid: str = ""
    point: Point | None = None
    source: Source = Source.OTHER
    closure: str = ""
    marks: tuple[str, ...] = ()
    """`opened_fold`, `opened_gap` (also of `target`, `closed`), `closed_before_opened`."""


class BadRow(Struct, frozen=True, kw_only=True):
    """A refused row: the line it begins on, a stable code and one sentence."""

    line: int
    code: str
    sentence: str


class _RowError(Exception):
    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(code, sentence)
        self.code = code
        self.sentence = sentence


def read_records(lines: Iterable[str], mapping: Mapping) -> Iterator[Record | BadRow]:
    """Every row of a delimited text whose first line names the columns; blank lines are none.

    Raises:
        PackError: when a column that the mapping names is missing (`record.column_missing`).
    """
    rows = numbered_rows(lines, mapping.delimiter)
    header = [name.strip().removeprefix("\ufeff") for name in next(rows, (1, []))[1]]
    check_header(header, mapping.columns.named())
    seen: set[str] = set()
    for line, cells in rows:
        record = _of_cells(mapping, header, cells, line)
        if isinstance(record, Record):
            if record.id in seen:
                sentence = f"the id {record.id!r} stands on an earlier row"
                record = BadRow(line=line, code="record.duplicate", sentence=sentence)
            else:
                seen.add(record.id)
        yield record


def numbered_rows(lines: Iterable[str], delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Rows of a delimited text that are not blank, with the line each begins on. A row that is no
    CSV has no cells."""
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except csv.Error:
            cells = []
        except StopIteration:
            return
        else:
            if not cells:
                continue
        yield line, cells


def _of_cells(mapping: Mapping, header: list[str], cells: list[str], line: int) -> Record | BadRow:
    if not cells:
        sentence = "the row is not readable as CSV: a quote is open or out of place"
        return BadRow(line=line, code="record.syntax", sentence=sentence)
    if len(cells) != len(header):
        sentence = f"the row has {len(cells)} cells, the table has {len(header)} columns"
        return BadRow(line=line, code="record.cells_wrong", sentence=sentence)
    return parse_record(mapping, dict(zip(header, cells, strict=True)), line)


def parse_record(mapping: Mapping, row: Cells[str, str], line: int) -> Record | BadRow:
    """The record of one row, or why it is refused. `row` has every column the mapping names."""
    try:
        return _record(mapping, row, line)
    except _RowError as wrong:
        return BadRow(line=line, code=wrong.code, sentence=wrong.sentence)


def _record(mapping: Mapping, row: Cells[str, str], line: int) -> Record:
    columns = mapping.columns
    marks: list[str] = []
    opened = _time(mapping, _needed(row, columns.opened), "opened", marks)
    closed = _time_or_none(mapping, row, columns.closed, "closed", marks)
    if closed is not None and closed < opened:
        marks.append("closed_before_opened")
    return Record(
        line=line,
        id=_needed(row, columns.id),
        opened=opened,
        target=_time_or_none(mapping, row, columns.target, "target", marks),
        closed=closed,
        small_class=_needed(row, columns.small_class),
        big_class=_cell(row, columns.big_class),
        title=_cell(row, columns.title),
        text=_cell(row, columns.text),
        unit=_cell(row, columns.unit),
        department=_cell(row, columns.department),
        district=_cell(row, columns.district),
        address=_cell(row, columns.address),
        grid=_cell(row, columns.grid),
        point=_point(mapping, row),
        source=mapping.sources.get(_cell(row, columns.source), Source.OTHER),
        closure=_cell(row, columns.closure),
        marks=tuple(marks),
    )


def _cell(row: Cells[str, str], column: str) -> str:
    return row[column].strip() if column else ""


def _needed(row: Cells[str, str], column: str) -> str:
    value = row[column].strip()
    if not value:
        raise _RowError("record.cell_empty", f"«{column}» must not be empty")
    return value


def _time_or_none(
    mapping: Mapping, row: Cells[str, str], column: str, name: str, marks: list[str]
) -> datetime | None:
    value = _cell(row, column)
    return _time(mapping, value, name, marks) if value else None


def _time(mapping: Mapping, value: str, name: str, marks: list[str]) -> datetime:
    found = read_time(mapping, value, name, marks)
    if found is not None:
        return found
    forms = ", ".join(mapping.time_formats)
    raise _RowError("record.time_wrong", f"the time {name!r} is {value!r}, not of the form {forms}")


def read_time(mapping: Mapping, value: str, name: str, marks: list[str]) -> datetime | None:
    """The instant that a cell says, aware UTC; None when no format of the mapping fits. A wall
    time that the clocks made twice or never leaves its mark."""
    for form in mapping.time_formats:
        try:
            read = datetime.fromisoformat(value) if form == ISO else _pattern(value, form)
            return _to_utc(read, mapping.time_zone, name, marks)
        except (ValueError, OverflowError):
            continue
    return None


def _pattern(value: str, form: str) -> datetime:
    return datetime.strptime(value, form)  # noqa: DTZ007 - the zone is the mapping's


def _to_utc(read: datetime, zone: str, name: str, marks: list[str]) -> datetime:
    if read.tzinfo is not None:
        return read.astimezone(UTC)
    rules = ZoneInfo(zone)
    before, after = rules.utcoffset(read), rules.utcoffset(read.replace(fold=1))
    assert before is not None  # a named zone has an offset at any time
    assert after is not None
    if before != after:
        marks.append(f"{name}_{'fold' if before > after else 'gap'}")
    return (read - before).replace(tzinfo=UTC)


def _point(mapping: Mapping, row: Cells[str, str]) -> Point | None:
    """A position in degrees; None when there is none or it is a placeholder."""
    lat, lon = _cell(row, mapping.columns.lat), _cell(row, mapping.columns.lon)
    if not lat and not lon:
        return None
    try:
        degrees = float(lat), float(lon)
    except ValueError:
        raise _RowError("record.position_wrong", f"({lat!r}, {lon!r}) is no position") from None
    if not (abs(degrees[0]) <= _NORTH and abs(degrees[1]) <= _EAST):
        raise _RowError("record.position_wrong", f"({lat}, {lon}) is no latitude and longitude")
    found = point(*degrees)
    return None if found in unknown_points(mapping.placeholder_points) else found


@lru_cache
def unknown_points(placeholders: tuple[tuple[float, float], ...]) -> tuple[Point, ...]:
    """The stored form of positions in degrees that stand for «unknown»."""
    return tuple(point(lat, lon) for lat, lon in placeholders)


def check_header(header: list[str], needed: Iterable[str]) -> None:
    """Raises: PackError: `record.column_missing`, `record.column_twice`."""
    mistakes = Mistakes()
    for name in dict.fromkeys(needed):
        if name not in header:
            sentence = f"the column «{name}» that the mapping names is missing"
            mistakes.add("records", "line 1", "record.column_missing", sentence)
    for name in sorted({name for name in header if header.count(name) > 1}):
        mistakes.add("records", "line 1", "record.column_twice", f"{name!r} stands twice")
    mistakes.stop()
