"""部件庫: a component as the register holds it, and who answers for it.

Its life is `casework.procedures.component`; what its id must be is asked there and by whoever
imports. Source: domain.md 4 (attributes of the 2026 list), 12.
"""

from datetime import datetime

from msgspec import Struct

from casework.decider import Refused, Registered
from casework.rulebook import RuleBook
from casework.rules.component_id import ComponentIdError, ComponentIdParts, parse_component_id
from casework.scheme import CaseClass, Scheme
from casework.terms import AreaId, ComponentId, ComponentState, GridCode, Point, UnitId
from casework.territory import AreaLevel


class ComponentPlace(Struct, frozen=True, kw_only=True, array_like=True):
    """Where a component is; the areas are those of its point."""

    point: Point
    district: AreaId | None = None
    street: AreaId | None = None
    grid: GridCode | None = None


class Component(Struct, frozen=True, kw_only=True, array_like=True):
    """A component as folded from its events. Times are aware UTC.

    Encoded as a list without names: a new field goes to the end, with a default.
    """

    id: ComponentId
    version: int = 0
    scheme: str
    code: str
    name: str
    owner: str = ""
    maintainer: str = ""
    place: ComponentPlace
    state: ComponentState = ComponentState.INTACT
    basis: str = ""
    note: str = ""
    registered_at: datetime
    changed_at: datetime

    @property
    def point(self) -> Point:
        """Its WGS-84 position."""
        return self.place.point

    @property
    def grid(self) -> GridCode | None:
        """單元網格 that it stands in."""
        return self.place.grid

    @property
    def invented(self) -> bool:
        """A practice entry, to be shown as such."""
        return self.basis.partition(":")[0].strip() == "invented"


def component_stream(component: ComponentId) -> str:
    """The journal stream that holds a component's life."""
    return f"component/{component}"


def unit_of(component: Component, rules: RuleBook) -> UnitId | None:
    """Who answers for a component by the register: its maintainer, else its owner, whom the rule
    book knows as a unit (domain.md 12)."""
    for name in (component.maintainer, component.owner):
        if name and rules.unit(UnitId(name)) is not None:
            return UnitId(name)
    return None


def registered(component: Component, rules: RuleBook) -> Registered:
    """What a decision about a case may know of a component."""
    return Registered(
        id=component.id,
        scheme=component.scheme,
        code=component.code,
        point=component.point,
        district=component.place.district,
        street=component.place.street,
        grid=component.grid,
        unit=unit_of(component, rules),
    )


def parts_of(text: str, rules: RuleBook) -> ComponentIdParts:
    """An id's parts; its district must be one of the city's, where the city's have such codes.

    Raises: Refused: `component.bad_id`, `component.unknown_district`.
    """
    try:
        parts = parse_component_id(text)
    except ComponentIdError as error:
        raise Refused(error.code, id=text) from error
    codes = {area.id for area in rules.areas if area.level is AreaLevel.DISTRICT}
    if parts.district not in codes and any(code.isdigit() for code in codes):
        raise Refused("component.unknown_district", id=text, district=parts.district)
    return parts


def class_in_register(id: str, code: str, rules: RuleBook) -> tuple[Scheme, CaseClass]:
    """The class that an id names. Raises: Refused: `component.unknown_class`."""
    found = rules.component_class(code)
    if found is None:
        raise Refused("component.unknown_class", id=id, code=code)
    return found
