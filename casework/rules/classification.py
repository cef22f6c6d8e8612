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
    rules: RuleBook,
    kind: Kind,
    code: str,
    district: AreaId | None,
    street: AreaId | None,
    *,
    component: UnitId | None = None,
) -> Responsible:
    """Who answers for a class at a place: the register's unit for a component that a case names
    (domain.md 12), else by the responsibility table, which also tells who joins.

    A team name stands for the team of the case's street, else of its district. A unit that
    does not exist is left out.
    """
    lead = component if component is not None and rules.unit(component) is not None else None
    entry = rules.responsibility(kind, code)
    if entry is None:
        return Responsible(lead, ())
    if lead is None and entry.lead:
        lead = _unit(rules, entry.lead, district, street)
    found = (_unit(rules, name, district, street) for name in entry.joint)
    joint = dict.fromkeys(unit for unit in found if unit is not None and unit != lead)
    return Responsible(lead, tuple(joint))


def _unit(
    rules: RuleBook, name: str, district: AreaId | None, street: AreaId | None
) -> UnitId | None:
    names = (name, *(f"{name}@{area}" for area in (street, district) if area is not None))
    return next((UnitId(each) for each in names if rules.unit(UnitId(each)) is not None), None)
