"""Files of records, read row by row, for `replay` and `pack build`."""

import gzip
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

from casework.pack.building import build_pack
from casework.pack.mapping import Mapping
from casework.pack.records import BadRow, Record, read_records
from casework.rulebook import RuleBook
from watchdesk.calendars import work_calendar
from watchdesk.failure import DeskError


def rows(files: Iterable[Path], mapping: Mapping) -> Iterator[Record | BadRow]:
    """Every row of the files, one after the other.

    Raises: PackError: a column is missing; DeskError: `records.unreadable`.
    """
    return chain.from_iterable(_rows(file, mapping) for file in files)


def _rows(file: Path, mapping: Mapping) -> Iterator[Record | BadRow]:
    opened = gzip.open if file.suffix == ".gz" else open
    try:
        with opened(file, "rt", encoding="utf-8-sig", newline="") as lines:
            yield from read_records(lines, mapping)
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise DeskError("records.unreadable", f"{file} cannot be read: {error}.") from error


def pack_of(records: list[Record], mapping: Mapping) -> tuple[RuleBook, tuple[str, ...]]:
    """The pack that records imply, and what was assumed.

    Raises: DeskError: `records.none`, `calendar.…`.
    """
    if not records:
        raise DeskError("records.none", "There is no record that can be read.")
    years = [record.opened.year for record in records]
    try:
        calendar = work_calendar(
            mapping.time_zone,
            range(min(years), max(years) + 2),
            country=mapping.country,
            subdivision=mapping.subdivision,
        )
    except ValueError as error:
        code, _, sentence = str(error).partition(": ")
        raise DeskError(code, sentence) from error
    return build_pack(records, mapping, calendar)
