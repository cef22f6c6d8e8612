"""Who may come upon the same cases: such people know each other by name. Pure."""

from collections.abc import Iterable

from casework.decider import Grant
from casework.rulebook import RuleBook
from casework.terms import AreaId, Role

Areas = frozenset[AreaId] | None
"""None: all areas."""


def areas_of(grant: Grant, rules: RuleBook) -> Areas:
    """The areas that a grant names, by itself or by its centre; a unit's cases may lie anywhere."""
    if grant.areas:
        return frozenset(grant.areas)
    centre = rules.centre(grant.centre) if grant.centre is not None else None
    return frozenset({centre.area}) if centre is not None and centre.area is not None else None


def overlap(one: Areas, other: Areas, rules: RuleBook) -> bool:
    """Whether both reach a common area; a street lies in its district."""
    if one is None or other is None:
        return True
    return bool(one & _with_parents(other, rules) or other & _with_parents(one, rules))


def share_cases(mine: Iterable[Grant], theirs: Iterable[Grant], rules: RuleBook) -> bool:
    """Whether there could be a case that both see; who keeps accounts only sees none."""
    here = [areas_of(grant, rules) for grant in mine if grant.role is not Role.ADMINISTRATOR]
    there = [areas_of(grant, rules) for grant in theirs if grant.role is not Role.ADMINISTRATOR]
    return any(overlap(one, other, rules) for one in here for other in there)


def _with_parents(areas: Iterable[AreaId], rules: RuleBook) -> set[AreaId]:
    found = set(areas)
    above = [rules.area(area) for area in areas]
    return found | {area.parent for area in above if area is not None and area.parent is not None}
