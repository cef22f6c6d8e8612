"""A rule book → the files of a city pack, for packs that a program founds or changes.

What is written reads back as the same rule book. Names of holidays and the sources of files are
not part of a rule book, so they are not written.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from msgspec.structs import asdict

from casework.pack.city import CITY
from casework.pack.lists import (
    CALENDAR,
    CLASSES,
    COLUMNS,
    CONDITIONS,
    RESPONSIBILITY,
    RESPONSIBILITY_GRIDS,
    UNITS,
    Day,
)
from casework.pack.outlines import write_areas
from casework.pack.phrases import PHRASES, phrase_cells
from casework.pack.places import PLACES, place_cells
from casework.pack.reading import DISTRICTS, STREETS
from casework.rulebook import RuleBook
from casework.scheme import Limit, WorkCalendar
from casework.terms import E7, Point
from casework.territory import AreaLevel


def write_pack(rules: RuleBook) -> dict[str, bytes]:
    """The files by name; `read_pack` gives `rules` again when districts stand before streets."""
    districts = [area for area in rules.areas if area.level is AreaLevel.DISTRICT]
    streets = [area for area in rules.areas if area.level is AreaLevel.STREET]
    return {
        CITY: _city(rules),
        CLASSES: _csv(CLASSES, _classes(rules)),
        CONDITIONS: _csv(CONDITIONS, _conditions(rules)),
        UNITS: _csv(UNITS, _units(rules)),
        RESPONSIBILITY: _csv(RESPONSIBILITY, _responsibilities(rules)),
        CALENDAR: _csv(CALENDAR, _days(rules.calendar)),
        DISTRICTS: write_areas(districts),
        STREETS: write_areas(streets),
        PLACES: _csv(PLACES, map(place_cells, rules.places)),
        PHRASES: _csv(PHRASES, map(phrase_cells, rules.phrases)),
        RESPONSIBILITY_GRIDS: _csv(RESPONSIBILITY_GRIDS, _grids(rules)),
    }


def _csv(file: str, rows: Iterable[tuple[str, ...]]) -> bytes:
    lines = (",".join(map(_cell, row)) for row in (COLUMNS[file], *rows))
    return "".join(f"{line}\n" for line in lines).encode()


def _cell(value: str) -> str:
    # csv.writer leaves a lone carriage return unquoted unless every line ends in one.
    if any(mark in value for mark in ',"\r\n'):
        return '"' + value.replace('"', '""') + '"'
    return value


def _classes(rules: RuleBook) -> Iterable[tuple[str, ...]]:
    for scheme in rules.schemes:
        for each in scheme.classes:
            big = (each.big_code, each.big_name, each.big_name_en)
            yield scheme.id, each.kind, *big, each.code, each.name, each.name_en, each.basis


def _conditions(rules: RuleBook) -> Iterable[tuple[str, ...]]:
    for scheme in rules.schemes:
        for each in scheme.classes:
            for condition in each.conditions:
                yield (
                    scheme.id,
                    each.kind,
                    each.code,
                    condition.id,
                    condition.text,
                    condition.text_en,
                    *_limit(condition.general),
                    *_limit(condition.extended),
                    condition.closing,
                    condition.closing_en,
                    condition.basis,
                )


def _limit(limit: Limit | None) -> tuple[str, str]:
    return ("", "") if limit is None else (_number(limit.milli), limit.clock)


def _number(milli: int) -> str:
    return f"{(Decimal(milli) / 1000).normalize():f}"


def _units(rules: RuleBook) -> Iterable[tuple[str, ...]]:
    for each in rules.units:
        names = (each.id, each.name, each.name_en, each.trade)
        yield *names, each.level, each.area or "", each.parent or "", each.basis


def _responsibilities(rules: RuleBook) -> Iterable[tuple[str, ...]]:
    for each in rules.responsibilities:
        joint = " ".join(each.joint)
        yield each.kind, each.code, each.lead or "", joint, each.note, each.basis


def _grids(rules: RuleBook) -> Iterable[tuple[str, ...]]:
    for each in rules.responsibility_grids:
        yield each.id, each.name, each.street, " ".join(each.cells), each.basis


def _days(calendar: WorkCalendar) -> Iterable[tuple[str, ...]]:
    days: list[tuple[date, Day]] = [(day, Day.HOLIDAY) for day in calendar.holidays]
    days += [(day, Day.MAKE_UP) for day in calendar.make_up_days]
    for day, kind in sorted(days):
        yield day.isoformat(), kind, "", ""


def _city(rules: RuleBook) -> bytes:
    head = {
        "city": rules.city,
        "city_en": rules.city_en,
        "code": rules.code,
        "central_meridian": rules.central_meridian,
        "default_scheme": rules.default_scheme,
        "deadline_start": rules.deadline_start,
        "same_person_may_file_and_close": rules.same_person_may_file_and_close,
        "clock_rests_while_checked": rules.clock_rests_while_checked,
        "placeholder_points": [_degrees(each) for each in rules.placeholder_points],
        "notices": list(rules.notices),
    }
    parts = [
        _table("", head),
        _table("[calendar]", _calendar(rules.calendar)),
        _table("[queues]", asdict(rules.queues)),
        _table("[register]", asdict(rules.register)),
        _table(
            "[passwords]",
            {"least": rules.passwords.least, "refused": list(rules.passwords.refused)},
        ),
        _table("[orders]", asdict(rules.orders)),
        _table("[intake]", asdict(rules.intake)),
        _table("[photos]", asdict(rules.photos)),
        *_schemes(rules),
        *_centres(rules),
        *_link_limits(rules),
        *_applications(rules),
        *_reasons(rules),
    ]
    return "\n".join(parts).encode()


def _calendar(calendar: WorkCalendar) -> dict[str, object]:
    return {
        "time_zone": calendar.time_zone,
        "periods": [[_wall(start), _wall(end)] for start, end in calendar.periods],
        "weekend": list(calendar.weekend),
        "first_year": calendar.first_year,
        "last_year": calendar.last_year,
        "version": calendar.version,
    }


def _schemes(rules: RuleBook) -> Iterable[str]:
    for each in rules.schemes:
        keys = {"id": each.id, "version": each.version, "name": each.name, "basis": each.basis}
        yield _table("[[schemes]]", keys)


def _centres(rules: RuleBook) -> Iterable[str]:
    for each in rules.centres:
        keys = {"id": each.id, "name": each.name, "name_en": each.name_en}
        yield _table("[[centres]]", keys if each.area is None else keys | {"area": each.area})


def _link_limits(rules: RuleBook) -> Iterable[str]:
    for each in rules.link_limits:
        value = Decimal(each.limit.milli) / 1000
        keys = {"state": each.state, "value": value, "clock": each.limit.clock}
        only = {"urgency": each.urgency, "area_kind": each.area_kind}
        keys |= {name: whose for name, whose in only.items() if whose is not None}
        yield _table("[[link_limits]]", keys)


def _applications(rules: RuleBook) -> Iterable[str]:
    for each in rules.applications:
        keys = asdict(each)
        del keys["limit"]
        if each.limit is not None:
            keys |= {"limit": Decimal(each.limit.milli) / 1000, "clock": each.limit.clock}
        yield _table("[[applications]]", keys)


def _reasons(rules: RuleBook) -> Iterable[str]:
    for each in rules.reasons:
        keys = {"act": each.act, "id": each.id, "text": each.text, "text_en": each.text_en}
        yield _table("[[reasons]]", keys)


def _wall(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _degrees(each: Point) -> list[float]:
    return [each.lat / E7, each.lon / E7]


def _table(title: str, keys: Mapping[str, object]) -> str:
    lines = [f"{name} = {_value(value)}\n" for name, value in keys.items()]
    return "".join([f"{title}\n", *lines] if title else lines)


def _value(value: object) -> str:
    """One TOML value. A TOML string takes the escapes of JSON; it wants DEL escaped, too."""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
