"""分類 and 責任: what a class is, what it is filed on, and who answers for it.

Look-ups only, over an `Index` made once for a rule book. What is unknown is None, never an error:
the caller refuses in its own words. A class without a limit or a unit (視情況定) is a designed
state: the dispatcher chooses.
"""

from collections.abc import Mapping
from typing import NamedTuple

from msgspec import Struct

from casework.rulebook import CaseClass, Condition, Responsibility, RuleBook, Scheme
from casework.terms import AreaId, Kind, UnitId

_Class = tuple[Kind, str]


class Snapshot(Struct, frozen=True, kw_only=True):
    """A class as a case keeps it, so that it reads the same when the lists have changed."""

    scheme: str
    version: str
    code: str
    name: str


class Responsible(NamedTuple):
    """Who answers for a case: the lead unit, None for 視情況定, and those that join."""

    lead: UnitId | None
    joint: tuple[UnitId, ...]


class Index(NamedTuple):
    """A rule book made for asking; of a doubled entry the first counts."""

    default_scheme: str
    schemes: Mapping[str, Scheme]
    classes: Mapping[tuple[str, Kind, str], CaseClass]
    responsibilities: Mapping[_Class, Responsibility]
    units: frozenset[UnitId]


def index(rules: RuleBook) -> Index:
    """Made once for each rule book."""
    classes: dict[tuple[str, Kind, str], CaseClass] = {}
    for scheme in rules.schemes:
        for of in scheme.classes:
            classes.setdefault((scheme.id, of.kind, of.code), of)
    responsibilities: dict[_Class, Responsibility] = {}
    for entry in rules.responsibilities:
        responsibilities.setdefault((entry.kind, entry.code), entry)
    return Index(
        rules.default_scheme,
        {scheme.id: scheme for scheme in rules.schemes},
        classes,
        responsibilities,
        frozenset(unit.id for unit in rules.units),
    )


def case_class(rules: Index, kind: Kind, code: str, scheme: str = "") -> CaseClass | None:
    """小類 by its code, in the default scheme unless another is named."""
    return rules.classes.get((scheme or rules.default_scheme, kind, code))


def conditions(rules: Index, kind: Kind, code: str, scheme: str = "") -> tuple[Condition, ...]:
    """立案條件 of a class, the default one first; none for an unknown class or 視情況定."""
    found = case_class(rules, kind, code, scheme)
    return found.conditions if found is not None else ()


def snapshot(rules: Index, kind: Kind, code: str, scheme: str = "") -> Snapshot | None:
    """What a case keeps of its class; None for an unknown one."""
    found = case_class(rules, kind, code, scheme)
    if found is None:
        return None
    of = rules.schemes[scheme or rules.default_scheme]
    return Snapshot(scheme=of.id, version=of.version, code=found.code, name=found.name)


def responsible(
    rules: Index, kind: Kind, code: str, district: AreaId | None, street: AreaId | None
) -> Responsible:
    """Who answers for a class at a place, by the responsibility table of the default scheme.

    A team name stands for the team of the case's street, else of its district. A unit that
    does not exist is left out.
    """
    entry = rules.responsibilities.get((kind, code))
    if entry is None:
        return Responsible(None, ())
    lead = _unit(rules, entry.lead, district, street) if entry.lead else None
    found = (_unit(rules, name, district, street) for name in entry.joint)
    joint = dict.fromkeys(unit for unit in found if unit is not None and unit != lead)
    return Responsible(lead, tuple(joint))


def _unit(rules: Index, name: str, district: AreaId | None, street: AreaId | None) -> UnitId | None:
    names = (name, *(f"{name}@{area}" for area in (street, district) if area is not None))
    return next((UnitId(each) for each in names if each in rules.units), None)
