"""The CSV tables of a city pack: classes, filing conditions, units, who answers, calendar days.

References are looked up among everything a table names, also on lines with a mistake of their own,
so that one mistake is told once.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from enum import StrEnum

from casework.pack.city import CityFile
from casework.pack.files import UNIT_CODE, Row
from casework.pack.phrases import PHRASES, PHRASES_HEAD
from casework.pack.places import PLACES, PLACES_HEAD
from casework.scheme import CaseClass, Condition
from casework.terms import AreaId, Kind, UnitId
from casework.territory import Area, AreaLevel, Responsibility, Unit, UnitLevel

CLASSES = "classes.csv"
CONDITIONS = "conditions.csv"
UNITS = "units.csv"
RESPONSIBILITY = "responsibility.csv"
CALENDAR = "calendar.csv"
RESPONSIBILITY_GRIDS = "responsibility_grids.csv"

_HEADS = {
    CLASSES: "scheme kind big_code big_name big_name_en code name name_en basis",
    CONDITIONS: "scheme kind code id text text_en general general_clock extended extended_clock"
    " closing closing_en basis",
    UNITS: "id name name_en trade level area parent basis",
    RESPONSIBILITY: "kind code lead joint note basis",
    CALENDAR: "date kind name source",
    PLACES: PLACES_HEAD,
    PHRASES: PHRASES_HEAD,
    RESPONSIBILITY_GRIDS: "id name street cells basis",
}
COLUMNS = {file: tuple(head.split()) for file, head in _HEADS.items()}

Tables = Mapping[str, list[Row]]
ClassKey = tuple[str, ...]
"""Scheme, kind and code of a class."""
_KEY = ("scheme", "kind", "code")


class Day(StrEnum):
    """What a line of the calendar makes of a date."""

    HOLIDAY = "holiday"
    MAKE_UP = "make_up"


def _key(row: Row) -> ClassKey:
    return tuple(row.text(column) for column in _KEY)


def read_classes(
    classes: Sequence[Row], conditions: Sequence[Row], city: CityFile | None
) -> dict[str, tuple[CaseClass, ...]]:
    """Classes by scheme, in the order of the table, each with its filing conditions."""
    schemes = None if city is None else {each.id for each in city.schemes}
    told = _conditions(conditions, {_key(row) for row in classes})
    read: dict[str, list[CaseClass]] = defaultdict(list)
    seen: set[tuple[str, ...]] = set()
    for row in classes:
        row.once(seen, *_KEY)
        scheme = row.code("scheme")
        if schemes is not None and scheme not in schemes:
            row.wrong("pack.scheme_unknown", f"city.toml names no scheme {scheme!r}")
        each = CaseClass(
            kind=row.choice("kind", Kind),
            code=row.code("code"),
            name=row.needed("name"),
            name_en=row.text("name_en"),
            big_code=row.code("big_code"),
            big_name=row.needed("big_name"),
            big_name_en=row.text("big_name_en"),
            conditions=tuple(told[_key(row)]),
            basis=row.basis(),
        )
        read[scheme].append(each)
    return {scheme: tuple(each) for scheme, each in read.items()}


def _conditions(
    rows: Sequence[Row], classes: Collection[ClassKey]
) -> defaultdict[ClassKey, list[Condition]]:
    read: defaultdict[ClassKey, list[Condition]] = defaultdict(list)
    seen: set[tuple[str, ...]] = set()
    for row in rows:
        key = _key(row)
        row.once(seen, *_KEY, "id")
        if key not in classes:
            row.wrong("pack.class_unknown", f"classes.csv has no class {' '.join(key)}")
        each = Condition(
            id=row.code("id"),
            text=row.needed("text"),
            text_en=row.text("text_en"),
            general=row.limit("general"),
            extended=row.limit("extended"),
            closing=row.text("closing"),
            closing_en=row.text("closing_en"),
            basis=row.basis(),
        )
        read[key].append(each)
    return read


def read_units(rows: Sequence[Row], areas: Mapping[AreaId, Area]) -> tuple[Unit, ...]:
    """Units of the city and the teams of its areas."""
    seen: set[tuple[str, ...]] = set()
    units: list[Unit] = []
    known = {row.text("id") for row in rows}
    for row in rows:
        row.once(seen, "id")
        level, area = row.choice("level", UnitLevel), AreaId(row.text("area"))
        unit = row.code("id", UNIT_CODE)
        if area and area not in areas:
            row.wrong("pack.area_unknown", f"no area has the id {area!r}")
        if bool(area) != (level is UnitLevel.AREA) or unit.partition("@")[2] != area:
            sentence = f"{unit!r}: a team of an area is named team@area, a city unit has no area"
            row.wrong("pack.unit_area", sentence)
        parent = row.text("parent")
        if parent and (parent not in known or parent == unit):
            row.wrong("pack.unit_parent", f"«parent» is {parent!r}: no other unit has that id")
        units.append(
            Unit(
                id=UnitId(unit),
                name=row.needed("name"),
                name_en=row.text("name_en"),
                trade=row.text("trade"),
                level=level,
                area=area or None,
                parent=UnitId(parent) if parent else None,
                basis=row.basis(),
            )
        )
    return tuple(units)


def read_responsibilities(
    tables: Tables, city: CityFile | None, areas: Sequence[Area]
) -> tuple[Responsibility, ...]:
    """Who answers for the classes of the default scheme."""
    scheme = "" if city is None else city.default_scheme
    classes = {_key(row) for row in tables[CLASSES]}
    units = {row.text("id") for row in tables[UNITS]}
    seen: set[tuple[str, ...]] = set()
    read: list[Responsibility] = []
    for row in tables[RESPONSIBILITY]:
        row.once(seen, "kind", "code")
        key = (scheme, row.text("kind"), row.code("code"))
        if city is not None and key not in classes:
            row.wrong("pack.class_unknown", f"classes.csv has no class {' '.join(key)}")
        lead, joint = row.text("lead"), tuple(row.text("joint").split())
        for name in (lead, *joint) if lead else joint:
            _check_unit(row, name, units, areas)
        each = Responsibility(
            kind=row.choice("kind", Kind),
            code=row.text("code"),
            lead=lead or None,
            joint=joint,
            note=row.text("note"),
            basis=row.basis(),
        )
        read.append(each)
    return tuple(read)


def _check_unit(row: Row, name: str, units: Collection[str], areas: Sequence[Area]) -> None:
    """A name is a unit of the city, or a team that every smallest area has."""
    if name in units:
        return
    if not any(unit.startswith(f"{name}@") for unit in units):
        row.wrong("pack.unit_unknown", f"units.csv has no unit and no team {name!r}")
        return
    for area in smallest(areas):
        if f"{name}@{area.id}" not in units:
            row.wrong("pack.team_missing", f"units.csv has no {name}@{area.id} for {area.name}")


def smallest(areas: Sequence[Area]) -> tuple[Area, ...]:
    """Streets, and the districts that have none: the areas with teams of their own."""
    parents = {area.parent for area in areas}
    streets = (area.level is AreaLevel.STREET for area in areas)
    return tuple(
        area
        for area, street in zip(areas, streets, strict=True)
        if street or area.id not in parents
    )


def read_days(
    rows: Sequence[Row], city: CityFile | None
) -> tuple[tuple[date, ...], tuple[date, ...]]:
    """Holidays and make-up days, each within the years that the calendar says it covers."""
    days: dict[Day, list[date]] = {Day.HOLIDAY: [], Day.MAKE_UP: []}
    seen: set[tuple[str, ...]] = set()
    for row in rows:
        row.once(seen, "date")
        kind = row.choice("kind", Day)
        try:
            day = date.fromisoformat(row.text("date"))
        except ValueError:
            row.wrong("pack.date_wrong", f"{row.text('date')!r} is no date such as 2008-02-06")
            continue
        if city and not city.calendar.first_year <= day.year <= city.calendar.last_year:
            row.wrong("pack.date_outside", f"{day} lies outside the years that city.toml names")
        days[kind].append(day)
    return tuple(sorted(days[Day.HOLIDAY])), tuple(sorted(days[Day.MAKE_UP]))
