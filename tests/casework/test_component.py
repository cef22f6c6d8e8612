"""The component register: an administrator registers and changes, a bad entry is refused."""

from typing import Any

import pytest
from msgspec.structs import replace

from casework.decider import Actor, Command, Place, Refused
from casework.procedures.component import (
    DECIDER,
    ChangeComponent,
    ComponentChanged,
    ComponentRegistered,
    RegisterComponent,
    decide,
    evolve,
)
from casework.rules.register import Component, ComponentPlace, registered, unit_of
from casework.scheme import CaseClass, Scheme
from casework.terms import ComponentId, ComponentState, GridCode, Kind, Role, UnitId, point
from tests.casework.case_kit import (
    ACCEPTOR,
    ADMINISTRATOR,
    EAST,
    HARBOUR,
    LAMPS,
    RULES,
    WATER,
    context,
    grant,
    person,
    recorded,
)

HERE = point(22.54, 114.05)
ID = ComponentId("4403012101000007")
CELL = GridCode("440301001001002")
THERE = Place(district=EAST, street=HARBOUR, grid=CELL)


def registering(**changes: Any) -> RegisterComponent:
    given = RegisterComponent(id=ID, point=HERE, owner=WATER, basis="records")
    return replace(given, **changes)


def done(component: Component | None, command: Command, place: Place = THERE) -> Component:
    of = context(ADMINISTRATOR, place=place)
    for event in decide(component, command, of):
        version = 1 if component is None else component.version + 1
        component = evolve(component, recorded(event, of, version, f"component/{ID}"))
    assert component is not None
    return component


def refusal(
    component: Component | None,
    command: Command,
    actor: Actor = ADMINISTRATOR,
    place: Place = THERE,
) -> str:
    with pytest.raises(Refused) as refused:
        decide(component, command, context(actor, place=place))
    return refused.value.code


HYDRANT = done(None, registering())


def test_a_component_is_registered_with_its_class_and_place() -> None:
    (event,) = decide(None, registering(), context(ADMINISTRATOR, place=THERE))
    assert event == ComponentRegistered(
        id=ID,
        scheme="shenzhen-a",
        code="2101",
        name="视情况",
        place=ComponentPlace(point=HERE, district=EAST, street=HARBOUR, grid=CELL),
        owner=WATER,
        basis="records",
    )
    assert DECIDER.opens(registering(), context(ADMINISTRATOR)) == ID


def test_a_site_s_own_grid_code_goes_before_the_computed_cell() -> None:
    own = GridCode("44030100100102")
    assert done(None, registering(grid=own)).grid == own


def test_without_outlines_the_id_tells_the_district() -> None:
    assert done(None, registering(), Place()).place.district == EAST


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"id": "440301210100007"}, "component.bad_id"),
        ({"id": "440301210100000x"}, "component.bad_id"),
        ({"id": "9999992101000007"}, "component.unknown_district"),
        ({"id": "4403019999000007"}, "component.unknown_class"),
        ({"id": "44030121010000007"}, "component.unknown_class"),
        ({"basis": "hearsay"}, "component.bad_basis"),
        ({"grid": GridCode("12")}, "grid.bad_code"),
    ],
)
def test_an_entry_that_cannot_be_true_is_refused(changes: dict[str, Any], code: str) -> None:
    assert refusal(None, registering(**changes)) == code


def test_a_position_that_cannot_be_true_is_refused() -> None:
    assert refusal(None, registering(), place=Place(doubt="place.swapped")) == "place.swapped"
    move = ChangeComponent(point=point(1, 2))
    assert refusal(HYDRANT, move, place=Place(doubt="place.outside")) == "place.outside"


def test_an_id_of_the_next_scheme_is_taken_where_the_rule_book_holds_it() -> None:
    lamp = CaseClass(kind=Kind.COMPONENT, code="21001", name="灯", big_code="21", big_name="其他")
    newer = Scheme(id="2026", version="1", name="新", classes=(lamp,))
    of = context(ADMINISTRATOR, place=THERE, rules=replace(RULES, schemes=(*RULES.schemes, newer)))
    (event,) = decide(None, registering(id=ComponentId("44030121001000007")), of)
    assert isinstance(event, ComponentRegistered)
    assert (event.scheme, event.code) == ("2026", "21001")


@pytest.mark.parametrize("command", [registering(), ChangeComponent(name="x")])
def test_only_an_administrator_in_that_role_keeps_the_register(command: Command) -> None:
    both = person("x", grant(Role.ACCEPTOR), grant(Role.ADMINISTRATOR))
    assert refusal(None, command, ACCEPTOR) == "component.administrators_only"
    assert refusal(None, command, both) == "component.administrators_only"


def test_a_component_is_registered_once_and_changed_only_after_it() -> None:
    assert refusal(HYDRANT, registering()) == "component.exists"
    assert refusal(None, ChangeComponent(name="x")) == "component.not_found"
    with pytest.raises(Refused, match=r"^component\.not_found"):
        DECIDER.opens(ChangeComponent(name="x"), context(ADMINISTRATOR))


def test_only_what_is_another_is_changed() -> None:
    command = ChangeComponent(owner=WATER, maintainer=LAMPS, state=ComponentState.DAMAGED)
    (event,) = decide(HYDRANT, command, context(ADMINISTRATOR))
    assert event == ComponentChanged(maintainer=LAMPS, state=ComponentState.DAMAGED)
    changed = done(HYDRANT, command)
    assert changed == replace(HYDRANT, version=2, maintainer=LAMPS, state=ComponentState.DAMAGED)


def test_a_change_that_changes_nothing_is_refused() -> None:
    assert refusal(HYDRANT, ChangeComponent(owner=WATER, point=HERE)) == "component.unchanged"


def test_a_name_can_be_taken_away() -> None:
    assert done(HYDRANT, ChangeComponent(owner="")).owner == ""


def test_a_component_that_moves_gets_the_cell_of_its_new_place() -> None:
    other, cell = point(22.6, 114.1), GridCode("440301001001003")
    moved = done(HYDRANT, ChangeComponent(point=other), replace(THERE, grid=cell))
    assert moved.place == ComponentPlace(point=other, district=EAST, street=HARBOUR, grid=cell)


def test_a_grid_code_alone_can_be_changed() -> None:
    own = GridCode("440301001009009")
    assert done(HYDRANT, ChangeComponent(grid=own)).place == replace(HYDRANT.place, grid=own)


def test_an_invented_entry_says_so() -> None:
    assert done(None, registering(basis="invented: practice")).invented
    assert not HYDRANT.invented


@pytest.mark.parametrize(
    ("owner", "maintainer", "unit"),
    [
        (WATER, LAMPS, LAMPS),
        (WATER, "某物业公司", WATER),
        (WATER, "", WATER),
        ("某物业公司", "", None),
    ],
)
def test_the_maintainer_answers_for_a_component_or_else_the_owner(
    owner: str, maintainer: str, unit: UnitId | None
) -> None:
    component = replace(HYDRANT, owner=owner, maintainer=maintainer)
    assert unit_of(component, RULES) == unit
    assert registered(component, RULES).unit == unit
