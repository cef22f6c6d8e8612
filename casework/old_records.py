"""老數據: a row of an earlier system and a mapping → a command to import it, or what will not fit.

The last word on a row is the rule's own (`casework.importing`), asked here as the desk will ask it:
a dry run and the real one therefore refuse the same rows. What can be left out without losing the
case (a position that is none, a unit that is gone) is left out with a note.
"""

from collections import Counter
from collections.abc import Mapping as Cells
from datetime import datetime
from math import isfinite
from typing import TypeVar

import msgspec
from msgspec import Struct

from casework.decider import Actor, Context, Facts, Grant, Personal, Refused
from casework.decisions import decide
from casework.importing import GOES_ON
from casework.old_cases import LONGEST_NAME, LONGEST_OPINION, ImportCase, OldStep
from casework.own_words import kind_of, state_of, urgency_of
from casework.pack.mapping import ISO, Mapping, StepColumns
from casework.pack.records import read_time, unknown_points
from casework.rulebook import RuleBook
from casework.rules.datum import to_wgs84
from casework.rules.placing import Locator
from casework.rules.projection import to_globe
from casework.terms import (
    E7,
    ENDED,
    AreaId,
    GridCode,
    Kind,
    LogId,
    Point,
    Role,
    Source,
    State,
    UnitId,
    Urgency,
    UserId,
    point,
)

T = TypeVar("T")

LARGEST = 200_000
"""Bytes of a command: the server takes frames of 256 KiB."""
_CONTROL = {code: None for code in (*range(32), *range(127, 160)) if chr(code) not in "\n\t"}
_NOBODY = Actor(user=UserId("import"), grants=(Grant(role=Role.ADMINISTRATOR),))


class Finding(Struct, frozen=True, kw_only=True):
    """Something about a line: where, a stable code and one sentence. Line 1 is the header."""

    line: int
    number: str = ""
    column: str = ""
    code: str
    sentence: str


class OldRow(Struct, frozen=True, kw_only=True):
    """A row that was read: the command, unless something will not fit; what was left out."""

    line: int
    number: str = ""
    command: ImportCase | None = None
    misfits: tuple[Finding, ...] = ()
    notes: tuple[Finding, ...] = ()


class OldRecords:
    """Reads the rows of one earlier system by one rule book.

    Args:
        now: what lies after it cannot have happened; aware UTC.

    `unknown` counts the values that the mapping has to name: ("class", "窨井盖丢失") → lines.
    """

    def __init__(self, mapping: Mapping, rules: RuleBook, *, system: str, now: datetime) -> None:
        self.mapping, self.rules, self.system, self.now = mapping, rules, system, now
        self.locator = Locator(rules)
        self.unknown: Counter[tuple[str, str]] = Counter()
        self.classes = {of.name: (of.kind, of.code) for of in rules.scheme.classes}
        self.units = {unit.name: unit.id for unit in rules.units}
        self.units |= {unit.id: unit.id for unit in rules.units}
        self.areas = {area.name: area.id for area in rules.areas}
        self.areas |= {area.id: area.id for area in rules.areas}
        self._seen: set[str] = set()

    def read(self, row: Cells[str, str], line: int) -> OldRow:
        """One row, whose cells are named by the header; every column of the mapping is there."""
        reading = _Reading(self, row, line)
        command = reading.command()
        number = reading.number
        if not reading.misfits and number in self._seen:
            reading.misfit("id", "record.duplicate", "the number stands on an earlier line")
        if not reading.misfits:
            self._try(reading, command)
        self._seen.add(number)
        return OldRow(
            line=line,
            number=number,
            command=None if reading.misfits else command,
            misfits=tuple(reading.misfits),
            notes=tuple(reading.notes),
        )

    def _try(self, reading: "_Reading", command: ImportCase) -> None:
        """Ask what the desk will ask."""
        body = msgspec.json.encode(command)
        if len(body) > LARGEST:
            reading.misfit("text", "import.too_large", "the line is larger than a case may be")
            return
        context = Context(
            at=self.now,
            log=LogId("import"),
            practice=False,
            actor=_NOBODY,
            role=Role.ADMINISTRATOR,
            rules=self.rules,
            facts=Facts(order=1, place=self.locator.place(command.point)),
        )
        try:
            decide(None, msgspec.json.decode(body, type=ImportCase), context)
        except msgspec.ValidationError as error:
            sentence, _, path = str(error).partition(" - at `$.")
            reading.misfit(_FIELDS.get(path.rstrip("`"), ""), "import.malformed", sentence)
        except Refused as refused:
            column = _COLUMNS.get(refused.code, "")
            reading.misfit(column, refused.code, _SENTENCES.get(refused.code, str(refused)))


_FIELDS = {"reference": "id", "code": "small_class", "name": "small_class", "unit_name": "unit"}
"""Column of a command's field."""
_COLUMNS = {
    "import.needs_end": "closed",
    "import.has_end": "closed",
    "import.state": "state",
    "import.needs_unit": "unit",
    "import.old_class_open": "small_class",
    "grid.bad_code": "grid",
}
_SENTENCES = {
    "import.needs_end": "an ended case needs the time of its end",
    "import.has_end": "the state is an open one, yet the line has an end",
    "import.state": "a case cannot be taken over in this state; map it to one of "
    + ", ".join((*GOES_ON, *sorted(ENDED))),
    "import.needs_unit": "a case that is with a unit needs one that the rule book knows",
    "import.old_class_open": "an open case needs a class of the rule book",
    "import.future": "something in the line lies in the future",
    "case.target_beyond_time": "something in the line lies outside 1900 … 2199",
    "grid.bad_code": "a grid code has 15 digits, or 14 in older data",
}


class _Reading:
    """One row while it is read."""

    def __init__(self, book: OldRecords, row: Cells[str, str], line: int) -> None:
        self.book, self.row, self.line = book, row, line
        self.columns, self.history = book.mapping.columns, book.mapping.history
        self.number = row[self.columns.id].strip()
        self.misfits: list[Finding] = []
        self.notes: list[Finding] = []

    # --- saying -------------------------------------------------------------------------------

    def misfit(self, column: str, code: str, sentence: str) -> None:
        self.misfits.append(self._finding(column, code, sentence))

    def note(self, column: str, code: str, sentence: str) -> None:
        self.notes.append(self._finding(column, code, sentence))

    def _finding(self, field: str, code: str, sentence: str) -> Finding:
        named = getattr(self.columns, field, "") or getattr(self.history.columns, field, "")
        return Finding(
            line=self.line, number=self.number, column=named or field, code=code, sentence=sentence
        )

    def text(self, column: str) -> str:
        """A cell as plain text, without control characters."""
        return self.row[column].translate(_CONTROL).strip() if column else ""

    def short(self, field: str, column: str) -> str:
        value = " ".join(self.text(column).split())
        if len(value) > LONGEST_NAME:
            self.note(field, "note.cut", f"cut after {LONGEST_NAME} characters")
        return value[:LONGEST_NAME]

    def time(self, field: str, column: str) -> datetime | None:
        value = self.text(column)
        if not value:
            return None
        marks: list[str] = []
        found = read_time(self.book.mapping, value, field, marks)
        if found is None:  # a typed cell of a workbook comes in ISO 8601
            found = read_time(_iso(self.book.mapping), value, field, marks)
        if found is None:
            self.misfit(field, "record.time_wrong", f"the time {value[:40]!r} cannot be read")
        for mark in marks:
            said = "came twice; the first is meant" if mark.endswith("fold") else "never was; later"
            self.note(field, f"note.{mark}", f"the wall time {value!r} {said}")
        return found

    def unknown(self, kind: str, field: str, value: str) -> None:
        """A value that the mapping has to name."""
        self.book.unknown[kind, value] += 1
        self.misfit(field, f"import.unknown_{kind}", f"the {kind} {value[:60]!r} is not known")

    # --- the case ------------------------------------------------------------------------------

    def command(self) -> ImportCase:
        if not self.number:
            self.misfit("id", "record.cell_empty", "the number must not be empty")
        opened = self.time("opened", self.columns.opened)
        if opened is None and not self.misfits:
            self.misfit("opened", "record.cell_empty", "the time of opening must not be empty")
        ended = self.time("closed", self.columns.closed)
        state = self._state(ended)
        scheme, kind, code, name = self._class()
        unit, unit_name = self._unit()
        at = self._point()
        district, street = self._areas(at)
        if opened is not None and ended is not None and ended < opened:
            self.note("closed", "note.closed_before_opened", "closed before it was opened")
        return ImportCase(
            system=self.book.system,
            reference=self.number,
            state=state,
            kind=kind,
            scheme=scheme,
            scheme_version=self.history.scheme_version if scheme else "",
            code=code,
            name=name,
            source=self.book.mapping.sources.get(self.text(self.columns.source), Source.OTHER),
            urgency=self._urgency(),
            point=at,
            district=district,
            street=street,
            grid=GridCode(self.text(self.columns.grid)) or None,
            opened=opened or self.book.now,
            handled=self.time("handled", self.history.columns.handled),
            ended=ended if state in ENDED else None,
            unit=unit,
            unit_name=unit_name,
            due=self.time("target", self.columns.target),
            on_time=self._on_time(),
            steps=tuple(step for each in self.history.steps if (step := self._step(each))),
            personal=self._personal(),
        )

    def _state(self, ended: datetime | None) -> State:
        """By the column where there is one, else by the end."""
        value = self.text(self.history.columns.state)
        if not value:
            return State.CLOSED if ended is not None else self.history.open_state
        state = self.history.states.get(value) or state_of(value)
        if state is None:
            self.unknown("state", "state", value)
            return State.CLOSED
        if state not in ENDED and ended is not None:
            self.misfit("closed", "import.has_end", _SENTENCES["import.has_end"])
        return state

    def _kind(self) -> Kind:
        value = self.text(self.history.columns.kind)
        found = self.history.kinds.get(value) or kind_of(value)
        return found or self._left_out("kind", value, self.history.kind)

    def _urgency(self) -> Urgency:
        value = self.text(self.history.columns.urgency)
        found = self.history.urgencies.get(value) or urgency_of(value)
        return found or self._left_out("urgency", value, Urgency.NORMAL)

    def _on_time(self) -> bool | None:
        value = self.text(self.history.columns.on_time)
        found = self.history.on_time.get(value)
        return found if found is not None else self._left_out("on_time", value, None)

    def _left_out(self, field: str, value: str, instead: T) -> T:
        """What stands in for a value that neither the mapping nor we have a word for; a note says
        so."""
        if value:
            self.book.unknown[field, value] += 1
            self.note(field, f"note.unknown_{field}", f"{value[:60]!r} is not known; left out")
        return instead

    def _class(self) -> tuple[str, Kind, str, str]:
        """(old scheme or empty, kind, code, name): by the mapping, the rule book, or as it was."""
        name = self.short("small_class", self.columns.small_class)
        code = self.short("code", self.history.columns.code)
        kind = self._kind()
        given = self.history.classes.get(name) or self.history.classes.get(code)
        if given:
            word, _, mapped = given.partition(":")
            known = word in set(Kind) and self.book.rules.case_class(Kind(word), mapped)
            if not known:
                self.unknown("class", "small_class", f"{name} → {given}")
                return "", kind, code, name
            return "", Kind(word), mapped, ""
        if name in self.book.classes:
            return "", *self.book.classes[name], ""
        if self.history.scheme and (name or code):
            return self.history.scheme, kind, code or name, name or code
        self.unknown("class", "small_class", name or code)
        return "", kind, code, name

    def _unit(self) -> tuple[UnitId | None, str]:
        """The rule book's unit, if it has one, and the records' own words."""
        name = self.short("unit", self.columns.unit)
        if not name:
            return None, ""
        mapped = self.history.units.get(name, name)
        found = self.book.units.get(UnitId(mapped))
        if found is None:
            self.book.unknown["unit", name] += 1
            why = f": the rule book knows no {mapped!r}" if mapped != name else ""
            said = f"the unit {name!r} is kept as text only{why}"
            self.note("unit", "note.unknown_unit", said)
        return found, name

    def _areas(self, at: Point | None) -> tuple[AreaId | None, AreaId | None]:
        """District and street by their names; where a point tells the place, names may fail."""
        found = []
        for field, column in (
            ("district", self.columns.district),
            ("street", self.history.columns.street),
        ):
            name = self.text(column)
            area = self.book.areas.get(AreaId(self.history.areas.get(name, name)))
            if name and area is None and at is None:
                self.unknown("area", field, name)
            found.append(area)
        return found[0], found[1]

    def _point(self) -> Point | None:
        """Where it was, in WGS-84; None with a note when the cells say no place."""
        lat, lon = self.text(self.columns.lat), self.text(self.columns.lon)
        if not lat and not lon:
            return None
        try:
            degrees = self._degrees(float(lat), float(lon))
        except (ValueError, OverflowError):
            self.note("lat", "note.no_position", "the position is no two numbers; left out")
            return None
        if not (abs(degrees[0]) <= 180 and abs(degrees[1]) <= 180):  # noqa: PLR2004 the globe's
            self.note("lat", "note.no_position", "there is no such position; left out")
            return None
        found = point(*degrees)
        doubt = self.book.locator.place(found).doubt
        if found in unknown_points(self.book.mapping.placeholder_points):
            doubt = doubt or "place.placeholder"
        if doubt:
            self.note("lat", f"note.{doubt}", "the position is none; left out")
            return None
        return found

    def _degrees(self, lat: float, lon: float) -> tuple[float, float]:
        if not (isfinite(lat) and isfinite(lon)):
            raise ValueError
        if self.history.meridian and (lat or lon):
            return to_globe(lon, lat, self.history.meridian)
        if max(abs(lat), abs(lon)) * E7 < 1:
            return 0.0, 0.0
        return to_wgs84(lat, lon, self.history.datum)

    def _step(self, columns: StepColumns) -> OldStep | None:
        at = self.time(columns.at, columns.at)
        if at is None:
            return None
        opinion = self.text(columns.opinion)
        if len(opinion) > LONGEST_OPINION:
            self.note(columns.opinion, "note.cut", f"cut after {LONGEST_OPINION} characters")
        return OldStep(
            at=at,
            act=columns.act,
            person=self.short(columns.person, columns.person),
            post=columns.post,
            unit=self.short(columns.unit, columns.unit),
            opinion=opinion[:LONGEST_OPINION],
        )

    def _personal(self) -> Personal | None:
        words = (self.text(self.columns.title), self.text(self.columns.text))
        given = Personal(
            name=self.text(self.history.columns.reporter),
            phone=self.text(self.history.columns.phone),
            address=self.text(self.columns.address),
            text="\n".join(filter(None, words)),
        )
        return None if given == Personal() else given


def _iso(mapping: Mapping) -> Mapping:
    return msgspec.structs.replace(mapping, time_formats=(ISO,))
