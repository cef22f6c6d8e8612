"""責任: who answers for a class at a place. Pure look-ups in a rule book.

A class without a unit (視情況定) is a designed state, not an error: the dispatcher chooses.
"""

from typing import NamedTuple

from casework.rulebook import RuleBook
from casework.terms import AreaId, Kind, UnitId


class Responsible(NamedTuple):
    """Who answers for a case: the lead unit, None for 視情況定, and those that join."""

    lead: UnitId | None
    joint: tuple[UnitId, ...]


def responsible(
    rules: RuleBook, kind: Kind, code: str, district: AreaId | None, street: AreaId | None
) -> Responsible:
    """Who answers for a class at a place, by the responsibility table.

    A team name stands for the team of the case's street, else of its district. A unit that
    does not exist is left out.
    """
    entry = rules.responsibility(kind, code)
    if entry is None:
        return Responsible(None, ())
    lead = _unit(rules, entry.lead, district, street) if entry.lead else None
    found = (_unit(rules, name, district, street) for name in entry.joint)
    joint = dict.fromkeys(unit for unit in found if unit is not None and unit != lead)
    return Responsible(lead, tuple(joint))


def _unit(
    rules: RuleBook, name: str, district: AreaId | None, street: AreaId | None
) -> UnitId | None:
    names = (name, *(f"{name}@{area}" for area in (street, district) if area is not None))
    return next((UnitId(each) for each in names if rules.unit(UnitId(each)) is not None), None)
