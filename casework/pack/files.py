"""The files of a city pack, one at a time: bytes → tables, with every mistake named by its place.

Nothing here knows a city. A `Mistakes` list travels through the readers, so that one reading tells
an administrator everything that is wrong; a reader returns what could be read and never raises.
"""

import csv
import io
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import TypeVar, get_args, get_origin

import msgspec
from msgspec import Struct

from casework.scheme import Clock, Limit

LARGEST_FILE = 16 * 1024 * 1024
"""Bytes. A pack is read whole into memory; the Shenzhen pack holds well under one megabyte."""

MARKS = (
    "report",
    "standard",
    "second_hand",
    "registry",
    "present_day",
    "records",
    "implied",
    "assumed",
    "invented",
)
"""Where an entry comes from; after a colon the pack may say more: `second_hand: a public list`."""

CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z_.-]{0,63}")
AREA_CODE = re.compile(r"[0-9a-z][0-9a-z_]{0,63}")
UNIT_CODE = re.compile(r"[0-9a-z][0-9a-z_]{0,63}(@[0-9a-z][0-9a-z_]{0,63})?")

E = TypeVar("E", bound=StrEnum)
T = TypeVar("T", bound=Struct)


class Mistake(Struct, frozen=True, kw_only=True):
    """One mistake of a pack. `place` is a line (CSV, syntax), a key path (TOML) or a feature
    number (GeoJSON, counted from 1); empty when the whole file is meant. `code` is stable."""

    file: str
    place: str
    code: str
    sentence: str

    def __str__(self) -> str:
        where = f"{self.file}, {self.place}" if self.place else self.file
        return f"{where}: {self.sentence} [{self.code}]"


class PackError(Exception):
    """A pack or a mapping is not usable; `mistakes` names everything that is wrong with it."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        super().__init__("\n".join(str(mistake) for mistake in mistakes))
        self.mistakes = tuple(mistakes)


class Mistakes:
    """What has been found wrong so far."""

    def __init__(self) -> None:
        self.found: list[Mistake] = []

    def add(self, file: str, place: str, code: str, sentence: str) -> None:
        self.found.append(Mistake(file=file, place=place, code=code, sentence=sentence))

    def stop(self) -> None:
        """Raises: PackError: with everything found, if anything was."""
        if self.found:
            raise PackError(self.found)


class Row:
    """One record of a CSV table. Its methods read a cell or note what is wrong with it; `failed`
    then tells that the record cannot be used."""

    def __init__(self, file: str, line: int, cells: Mapping[str, str], mistakes: Mistakes) -> None:
        self._file = file
        self._line = line
        self._cells = cells
        self._mistakes = mistakes
        self.failed = False

    def wrong(self, code: str, sentence: str) -> None:
        self.failed = True
        self._mistakes.add(self._file, f"line {self._line}", code, sentence)

    def text(self, column: str) -> str:
        return self._cells[column] if column not in OPTIONAL else self._cells.get(column, "")

    def needed(self, column: str) -> str:
        value = self._cells[column]
        if not value:
            self.wrong("pack.cell_empty", f"«{column}» must not be empty")
        return value

    def code(self, column: str, pattern: re.Pattern[str] = CODE) -> str:
        value = self.needed(column)
        if value and not pattern.fullmatch(value):
            self.wrong("pack.code_wrong", f"«{column}» is {value!r}, not a code of letters, digits")
        return value

    def choice(self, column: str, kinds: type[E]) -> E:
        value = self._cells[column]
        for kind in kinds:
            if kind == value:
                return kind
        self.wrong("pack.choice_wrong", f"«{column}» is {value!r}, not one of {', '.join(kinds)}")
        return next(iter(kinds))

    def once(self, seen: set[tuple[str, ...]], *columns: str) -> None:
        """The cells of `columns` together name the record: no other may have the same."""
        key = tuple(self._cells[column] for column in columns)
        if key in seen:
            self.wrong("pack.duplicate", f"{' '.join(key)!r} stands twice")
        seen.add(key)

    def basis(self) -> str:
        value = self.needed("basis")
        if value and (sentence := mark_wrong(value)):
            self.wrong("pack.basis_wrong", sentence)
        return value

    def limit(self, column: str) -> Limit | None:
        """The limit in `column`, counted by the clock in `column`_clock; None when both are
        empty."""
        value, clock = self._cells[column], self._cells[f"{column}_clock"]
        if not value and not clock:
            return None
        counted_by = self.choice(f"{column}_clock", Clock)
        try:
            milli = thousandths(Decimal(value))
        except (InvalidOperation, ValueError):
            self.wrong("pack.limit_wrong", f"«{column}» is {value!r}: {LIMIT_RULE}")
            return None
        return Limit(milli=milli, clock=counted_by)


LONGEST_LIMIT = 100_000
"""Hours or days."""
LIMIT_RULE = "a limit is a number above zero, with at most three decimals"


def thousandths(value: Decimal) -> int:
    """Raises: ValueError: unless `value` lies in 0.001 … 100,000 and has at most three decimals."""
    if not value.is_finite() or not 0 < value <= LONGEST_LIMIT or value * 1000 % 1:
        raise ValueError(LIMIT_RULE)
    return int(value * 1000)


def mark_wrong(basis: str) -> str:
    """What is wrong with a mark of origin; empty when it is one of `MARKS`."""
    word = basis.partition(":")[0].strip()
    return "" if word in MARKS else f"the basis {basis!r} begins with none of {', '.join(MARKS)}"


def decode_text(file: str, data: bytes, mistakes: Mistakes) -> str | None:
    """UTF-8 with or without a byte-order mark."""
    if len(data) > LARGEST_FILE:
        sentence = f"the file has {len(data):,} bytes; at most {LARGEST_FILE:,} are read"
        mistakes.add(file, "", "pack.file_too_large", sentence)
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        mistakes.add(file, f"line {line}", "pack.not_utf8", "the text is not UTF-8")
        return None


def read_csv(file: str, data: bytes, columns: Sequence[str], mistakes: Mistakes) -> list[Row]:
    """Records of a comma-separated table whose first line names exactly `columns`, in any order."""
    text = decode_text(file, data, mistakes)
    if text is None:
        return []
    rows: list[Row] = []
    for line, cells in _numbered(file, text, mistakes):
        if line == 1:
            header = cells
            if not _header_holds(file, header, columns, mistakes):
                return []
        elif len(cells) != len(header):
            sentence = f"the line has {len(cells)} cells, the table has {len(header)} columns"
            mistakes.add(file, f"line {line}", "pack.cells_wrong", sentence)
        else:
            stripped = (cell.strip() for cell in cells)
            rows.append(Row(file, line, dict(zip(header, stripped, strict=True)), mistakes))
    return rows


def _numbered(file: str, text: str, mistakes: Mistakes) -> Iterator[tuple[int, list[str]]]:
    """Records with the line they begin on; an empty file has an empty first line."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            mistakes.add(file, f"line {line}", "pack.syntax", f"not readable as CSV: {error}")
            return
        if cells is None:
            if line == 1:
                yield 1, []
            return
        if cells or line == 1:
            yield line, cells
        line = reader.line_num + 1


OPTIONAL = frozenset({"parent"})
"""Columns that a table of before does not have."""


def _header_holds(
    file: str, header: Sequence[str], columns: Sequence[str], mistakes: Mistakes
) -> bool:
    before = len(mistakes.found)
    for name in sorted(set(columns) - set(header) - OPTIONAL):
        mistakes.add(file, "line 1", "pack.column_missing", f"the column «{name}» is missing")
    for name in sorted(set(header) - set(columns)):
        sentence = f"the column {name!r} is unknown; the columns are {', '.join(columns)}"
        mistakes.add(file, "line 1", "pack.column_unknown", sentence)
    for name in sorted({name for name in header if header.count(name) > 1}):
        mistakes.add(file, "line 1", "pack.column_twice", f"the column {name!r} stands twice")
    return len(mistakes.found) == before


def read_toml(file: str, data: bytes, kind: type[T], mistakes: Mistakes) -> T | None:
    """A TOML file as the struct `kind`: each unknown, missing or wrong key is a mistake with its
    path. Decimal numbers arrive as `Decimal`."""
    text = decode_text(file, data, mistakes)
    if text is None:
        return None
    try:
        tree = tomllib.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        # Python's TOML reader says the line inside its sentence, or "at end of document".
        found = re.search(r"line \d+", str(error))
        place = found[0] if found else f"line {text.count(chr(10)) + 1}"
        mistakes.add(file, place, "pack.syntax", f"not readable as TOML: {error}")
        return None
    return _table(file, "", tree, kind, mistakes)


def _table(
    file: str, path: str, tree: Mapping[str, object], kind: type[T], mistakes: Mistakes
) -> T | None:
    before = len(mistakes.found)
    values: dict[str, object] = {}
    fields = {each.name: each for each in msgspec.structs.fields(kind)}
    for name in sorted(tree.keys() - fields.keys()):
        sentence = f"the key is unknown; the keys here are {', '.join(fields)}"
        mistakes.add(file, f"{path}{name}", "pack.key_unknown", sentence)
    for name, each in fields.items():
        if name in tree:
            values[name] = _value(file, f"{path}{name}", tree[name], each.type, mistakes)
        elif each.required:
            mistakes.add(file, f"{path}{name}", "pack.key_missing", "the key is missing")
    return kind(**values) if len(mistakes.found) == before else None


def _value(file: str, path: str, value: object, kind: object, mistakes: Mistakes) -> object:
    """Tables and lists are walked, so that one wrong entry does not hide the next."""
    if isinstance(kind, type) and issubclass(kind, Struct) and isinstance(value, dict):
        return _table(file, f"{path}.", value, kind, mistakes)
    origin, inner = get_origin(kind), get_args(kind)
    if origin is dict and isinstance(value, dict):
        return {
            name: _value(file, f"{path}.{name}", each, inner[1], mistakes)
            for name, each in value.items()
        }
    if origin is tuple and inner[-1] is Ellipsis and isinstance(value, list):
        return tuple(
            _value(file, f"{path}[{number}]", each, inner[0], mistakes)
            for number, each in enumerate(value)
        )
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        sentence, _, inside = str(error).partition(" - at `$")
        place = path + inside.rstrip("`")
        mistakes.add(file, place, "pack.value_wrong", f"the value is wrong: {sentence}")
        return None
