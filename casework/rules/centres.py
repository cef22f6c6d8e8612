"""監督指揮中心: whose units a centre may send, and where a new case begins (annual report 一).

The city's centre reaches every unit; a district's only the teams of its own district. A case for a
municipal unit is handed over to the city (移交).
"""

from collections.abc import Iterable

from casework.decider import Grant
from casework.rulebook import RuleBook
from casework.terms import AreaId, CentreId, Role
from casework.territory import Unit


def reaches(rules: RuleBook, centre: CentreId | None, unit: Unit) -> bool:
    """Whether a case of this centre may be dispatched to the unit. Without centres: to any."""
    found = rules.centre(centre) if centre is not None else None
    if found is None or found.area is None:
        return True
    return unit.area is not None and found.area in _up(rules, unit.area)


def _up(rules: RuleBook, area: AreaId) -> Iterable[AreaId]:
    """The area and those above it."""
    here = rules.area(area)
    yield area
    if here is not None and here.parent is not None:
        yield here.parent


def first_centre(rules: RuleBook, grants: Iterable[Grant], role: Role) -> CentreId | None:
    """Where a report begins: at the centre of who reports it, else at the city's."""
    for grant in grants:
        if grant.role is role and grant.centre is not None:
            return grant.centre
    return next((centre.id for centre in rules.centres if centre.area is None), None)
