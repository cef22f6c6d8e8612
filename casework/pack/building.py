"""Records → a city pack: classes, units, areas, limits and who answers, as the records imply them.

Everything found this way is marked: names are `records`, conclusions are `implied`. The ids are
made from the names, and within a built pack each name stands once, so a record finds its class,
unit and district by name.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import timedelta
from statistics import median

from casework.pack.files import LONGEST_LIMIT
from casework.pack.mapping import Mapping
from casework.pack.records import Record, unknown_points
from casework.rulebook import RuleBook
from casework.scheme import CaseClass, Clock, Condition, Limit, Scheme, WorkCalendar
from casework.terms import AreaId, Kind, UnitId
from casework.territory import Area, AreaLevel, Responsibility, Unit

SCHEME = "records"
_HOUR = timedelta(hours=1)
_LONGEST_CODE = 48


class _Found:
    """What has been counted in the records."""

    def __init__(self) -> None:
        self.records = 0
        self.classes: defaultdict[str, Counter[str]] = defaultdict(Counter)  # class → big class
        self.units: defaultdict[str, Counter[str]] = defaultdict(Counter)  # unit → department
        self.answers: defaultdict[str, Counter[str]] = defaultdict(Counter)  # class → unit
        self.spans: defaultdict[str, list[timedelta]] = defaultdict(list)  # class → limits
        self.districts: set[str] = set()
        self.without_point = 0

    def count(self, record: Record) -> None:
        self.records += 1
        self.classes[record.small_class][record.big_class or record.small_class] += 1
        if record.unit:
            self.units[record.unit][record.department] += 1
            self.answers[record.small_class][record.unit] += 1
        if record.target is not None and record.target > record.opened:
            self.spans[record.small_class].append(record.target - record.opened)
        if record.district:
            self.districts.add(record.district)
        self.without_point += record.point is None


def build_pack(
    records: Iterable[Record], mapping: Mapping, calendar: WorkCalendar
) -> tuple[RuleBook, tuple[str, ...]]:
    """The rule book that records imply, and what was assumed on the way, one sentence each.

    All classes are incidents. A limit is the median of target − opened of a class with at least
    `mapping.fewest_targets` targets, in clock hours; the unit that answers is the one with most of
    a class's records. `calendar` is the caller's: records tell no holidays.
    """
    found = _Found()
    for record in records:
        found.count(record)
    units, classes = _codes(found.units), _codes(found.classes)
    made = tuple(_class(name, classes, found, mapping) for name in sorted(found.classes))
    scheme = Scheme(id=SCHEME, version="1", name=mapping.city, classes=made, basis="records")
    notices = _notices(found, made, mapping)
    rules = RuleBook(
        city=mapping.city,
        city_en=mapping.city_en,
        code=mapping.code,
        central_meridian=mapping.central_meridian,
        calendar=calendar,
        default_scheme=SCHEME,
        schemes=(scheme,),
        units=tuple(_unit(name, units, found, mapping) for name in sorted(found.units)),
        responsibilities=_responsibilities(classes, units, found),
        areas=_areas(found, mapping),
        placeholder_points=unknown_points(mapping.placeholder_points),
        notices=notices,
    )
    return rules, notices


def _class(name: str, codes: dict[str, str], found: _Found, mapping: Mapping) -> CaseClass:
    big = _most(found.classes[name])
    return CaseClass(
        kind=Kind.INCIDENT,
        code=codes[name],
        name=name,
        name_en=_english(name, mapping),
        big_code=_code(big) or codes[name],
        big_name=big,
        big_name_en=_english(big, mapping),
        conditions=_conditions(name, found.spans[name], mapping),
        basis="records",
    )


def _conditions(name: str, spans: list[timedelta], mapping: Mapping) -> tuple[Condition, ...]:
    if len(spans) < mapping.fewest_targets:
        return ()
    milli = min(round(median(span / _HOUR for span in spans) * 1000), LONGEST_LIMIT * 1000)
    if milli < 1:
        return ()
    limit = Limit(milli=milli, clock=Clock.URGENT_HOUR)
    basis = f"implied: median of {len(spans)} targets"
    english = _english(name, mapping)
    return (Condition(id="1", text=name, text_en=english, general=limit, basis=basis),)


def _unit(name: str, codes: dict[str, str], found: _Found, mapping: Mapping) -> Unit:
    return Unit(
        id=UnitId(codes[name]),
        name=name,
        name_en=_english(name, mapping),
        trade=_most(found.units[name]),
        basis="records",
    )


def _responsibilities(
    classes: dict[str, str], units: dict[str, str], found: _Found
) -> tuple[Responsibility, ...]:
    read: list[Responsibility] = []
    for name, answers in sorted(found.answers.items()):
        lead = _most(answers)
        read.append(
            Responsibility(
                kind=Kind.INCIDENT,
                code=classes[name],
                lead=units[lead],
                basis=f"implied: {answers[lead]} of {answers.total()} records",
            )
        )
    return tuple(read)


def _areas(found: _Found, mapping: Mapping) -> tuple[Area, ...]:
    codes = _codes(found.districts)
    return tuple(
        Area(
            id=AreaId(codes[name]),
            name=name,
            name_en=_english(name, mapping),
            level=AreaLevel.DISTRICT,
            basis="records",
        )
        for name in sorted(found.districts)
    )


def _notices(found: _Found, made: tuple[CaseClass, ...], mapping: Mapping) -> tuple[str, ...]:
    limited = sum(1 for each in made if each.conditions)
    return (
        f"Made from {found.records} records; nothing in it was confirmed by the city.",
        f"All {len(made)} classes are taken as incidents.",
        f"{limited} classes have a limit: the median of their targets in clock hours.",
        f"{len(made) - limited} classes have fewer than {mapping.fewest_targets} targets"
        " and no limit.",
        f"The unit that answers for a class is the one with most of its records,"
        f" of {len(found.units)} units.",
        f"{len(found.districts)} districts are known by name only: the map draws points.",
        f"{found.without_point} records have no position.",
        "Work periods and holidays do not come from the records.",
    )


def _most(counts: Counter[str]) -> str:
    """The commonest name; of equals the first in order."""
    return min(counts, key=lambda name: (-counts[name], name))


def _english(name: str, mapping: Mapping) -> str:
    return name if mapping.language == "en" else ""


def _codes(names: Iterable[str]) -> dict[str, str]:
    """A code for each name; names that would share one, or give none, are numbered."""
    codes: dict[str, str] = {}
    taken: set[str] = set()
    for name in sorted(names):
        stem = _code(name) or "n"
        code, number = stem, 1
        while code in taken or code == "n":
            number += 1
            code = f"{stem}_{number}"
        codes[name] = code
        taken.add(code)
    return codes


def _code(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^0-9a-z]+", "_", plain).strip("_")[:_LONGEST_CODE].strip("_")
