"""部件: the register of components (部件庫), one stream `component/{id}` each.

An administrator registers and changes them, mostly by import. A component that is gone is marked
so and stays: cases that name it must still find it. Where a case stands with its component is the
case's own matter.
"""

from collections.abc import Sequence
from typing import Annotated, Any

from msgspec import Meta
from msgspec.structs import replace

from casework.decider import Command, Context, Decider, Event, Need, Recorded, Refused
from casework.pack.files import mark_wrong
from casework.rules.grid import GridError, parse_grid_code
from casework.rules.register import Component, ComponentPlace, class_in_register, parts_of
from casework.terms import ComponentId, ComponentState, GridCode, Point, Role

Short = Annotated[str, Meta(max_length=100)]
Remark = Annotated[str, Meta(max_length=1000)]
_CHANGING = ("name", "owner", "maintainer", "state", "basis", "note")


class RegisterComponent(Command, frozen=True, kw_only=True):
    """登記部件. `owner` (權屬單位) and `maintainer` (養護單位) are a unit's id, or a name that the
    rule book does not know. `name` is left out where it is the class's own."""

    bulk = True
    id: Annotated[ComponentId, Meta(max_length=40)]
    point: Point
    name: Short = ""
    owner: Short = ""
    maintainer: Short = ""
    grid: GridCode | None = None
    """A site's own code; left out, the cell is computed from the point."""
    state: ComponentState = ComponentState.INTACT
    basis: Short = "records"
    """Where the entry comes from, as in a city pack: `invented` for practice data."""
    note: Remark = ""


class ChangeComponent(Command, frozen=True, kw_only=True):
    """變更部件: what is None stays as it is. Moved without a grid code, the cell is computed."""

    bulk = True
    point: Point | None = None
    name: Short | None = None
    owner: Short | None = None
    maintainer: Short | None = None
    grid: GridCode | None = None
    state: ComponentState | None = None
    basis: Short | None = None
    note: Remark | None = None


class ComponentRegistered(Event, frozen=True, kw_only=True):
    """Class and name are a snapshot of the rule book of that instant."""

    id: ComponentId
    scheme: str
    code: str
    name: str
    place: ComponentPlace
    owner: str = ""
    maintainer: str = ""
    state: ComponentState = ComponentState.INTACT
    basis: str = ""
    note: str = ""


class ComponentChanged(Event, frozen=True, kw_only=True):
    """What is not None is another now."""

    place: ComponentPlace | None = None
    name: str | None = None
    owner: str | None = None
    maintainer: str | None = None
    state: ComponentState | None = None
    basis: str | None = None
    note: str | None = None


# --- deciding ----------------------------------------------------------------------------------


def _place(point: Point, grid: GridCode | None, context: Context) -> ComponentPlace:
    place = context.facts.place
    if place.doubt:
        raise Refused(place.doubt)
    return ComponentPlace(
        point=point,
        district=place.district,
        street=place.street,
        grid=_own_grid(grid) or place.grid,
    )


def _own_grid(code: GridCode | None) -> GridCode | None:
    if code is None:
        return None
    try:
        parse_grid_code(code)
    except GridError as error:
        raise Refused(error.code, grid=code) from error
    return code


def _require_basis(basis: str) -> None:
    if mark_wrong(basis):
        raise Refused("component.bad_basis", basis=basis)


def _register(command: RegisterComponent, context: Context) -> ComponentRegistered:
    parts = parts_of(command.id, context.rules)
    scheme, of = class_in_register(command.id, parts.code, context.rules)
    _require_basis(command.basis)
    place = _place(command.point, command.grid, context)
    if place.district is None and context.rules.area(parts.district) is not None:
        place = replace(place, district=parts.district)  # a city without outlines
    return ComponentRegistered(
        id=command.id,
        scheme=scheme.id,
        code=of.code,
        name=command.name or of.name,
        place=place,
        owner=command.owner,
        maintainer=command.maintainer,
        state=command.state,
        basis=command.basis,
        note=command.note,
    )


def _change(
    component: Component, command: ChangeComponent, context: Context
) -> ComponentChanged | None:
    """The change, or None where everything is so already."""
    if command.basis is not None:
        _require_basis(command.basis)
    place = component.place
    if command.point is not None and command.point != component.point:
        place = _place(command.point, command.grid, context)
    elif command.grid is not None:
        place = replace(place, grid=_own_grid(command.grid))
    changed: dict[str, Any] = {
        name: given
        for name in _CHANGING
        if (given := getattr(command, name)) not in (None, getattr(component, name))
    }
    if place != component.place:
        changed["place"] = place
    return ComponentChanged(**changed) if changed else None


def decide(component: Component | None, command: Command, context: Context) -> Sequence[Event]:
    """The events that `command` earns; only an administrator, in that role, may give it.

    Raises:
        Refused: `component.administrators_only`, `component.exists`, `component.not_found`,
            `component.unchanged`, `component.bad_id` (not 16 or 17 digits),
            `component.unknown_district`, `component.unknown_class`, `component.bad_basis` (begins
            with none of a city pack's marks), `grid.bad_code`, or a `place.*` doubt about where
            it is.
    """
    held = {grant.role for grant in context.actor.grants}
    if context.role is not Role.ADMINISTRATOR or Role.ADMINISTRATOR not in held:
        raise Refused("component.administrators_only")
    match command:
        case RegisterComponent(id=id):
            if component is not None:
                raise Refused("component.exists", id=id)
            return [_register(command, context)]
        case ChangeComponent():
            if component is None:
                raise Refused("component.not_found")
            changed = _change(component, command, context)
            if changed is None:
                raise Refused("component.unchanged", id=component.id)
            return [changed]
        case _:
            raise TypeError(command)


# --- evolving ----------------------------------------------------------------------------------


def evolve(component: Component | None, recorded: Recorded) -> Component | None:
    """The component after `recorded`."""
    match recorded.event:
        case ComponentRegistered() as event:
            component = Component(
                id=event.id,
                scheme=event.scheme,
                code=event.code,
                name=event.name,
                owner=event.owner,
                maintainer=event.maintainer,
                place=event.place,
                state=event.state,
                basis=event.basis,
                note=event.note,
                registered_at=recorded.at,
                changed_at=recorded.at,
            )
        case ComponentChanged() as event if component is not None:
            names = (*_CHANGING, "place")
            changed = {n: new for n in names if (new := getattr(event, n)) is not None}
            component = replace(component, changed_at=recorded.at, **changed)
    return None if component is None else replace(component, version=recorded.version)


def _opens(command: Command, _context: Context) -> str:
    if not isinstance(command, RegisterComponent):
        raise Refused("component.not_found")
    return command.id


def _needs(_command: Command) -> frozenset[str]:
    return frozenset({Need.PLACE})


DECIDER = Decider(
    prefix="component",
    state=Component,
    commands=(RegisterComponent, ChangeComponent),
    events=(ComponentRegistered, ComponentChanged),
    decide=decide,
    evolve=evolve,
    opens=_opens,
    needs=_needs,
)
