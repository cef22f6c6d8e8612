"""A report that names a component: the register tells what the report leaves out."""

from typing import Any

import pytest
from msgspec.structs import replace

from casework.case import Case
from casework.decider import Facts, Place, Refused, Registered
from casework.decisions import DECIDER, decide
from casework.folding import evolve
from casework.terms import ComponentId, GridCode, Kind, Point
from tests.casework.case_kit import (
    ACCEPTOR,
    EAST,
    HARBOUR,
    WATER,
    context,
    recorded,
    report,
)

LID = ComponentId("4403012101000007")
HERE, THERE = Point(225400000, 1140500000), Point(225400900, 1140500900)
CELL, OWN = GridCode("440301001001002"), GridCode("44030100100109")
KNOWN = Registered(
    id=LID,
    scheme="shenzhen-a",
    code="2101",
    point=HERE,
    district=EAST,
    street=HARBOUR,
    grid=OWN,
    unit=WATER,
)


def reported(known: Registered | None, place: Place | None = None, **changes: Any) -> Case:
    fields = {"kind": Kind.COMPONENT, "code": "2101", "component": LID, **changes}
    of = context(ACCEPTOR)
    of = replace(of, facts=Facts(order=7, place=place or Place(grid=CELL), component=known))
    (event,) = decide(None, report(**fields), of)
    case = evolve(None, recorded(event, of, 1))
    assert isinstance(case, Case)
    return case


def refusal(known: Registered | None, **changes: Any) -> str:
    with pytest.raises(Refused) as refused:
        reported(known, **changes)
    return refused.value.code


def test_the_component_fills_position_grid_and_who_answers() -> None:
    case = reported(KNOWN)
    assert (case.component, case.component_unit) == (LID, WATER)
    assert (case.point, case.grid) == (HERE, OWN)


def test_what_the_report_says_itself_goes_before_the_register() -> None:
    case = reported(KNOWN, point=THERE)
    assert (case.point, case.grid) == (THERE, CELL)


def test_without_outlines_the_register_tells_the_district() -> None:
    case = reported(KNOWN, place=Place(), district=None, street=None)
    assert (case.district, case.street) == (EAST, HARBOUR)


def test_a_component_that_the_register_has_not_is_refused() -> None:
    assert refusal(None) == "component.not_found"


def test_an_incident_names_no_component() -> None:
    assert refusal(KNOWN, kind=Kind.INCIDENT, code="0102") == "component.other_class"


@pytest.mark.parametrize("known", [{"code": "2102"}, {"scheme": "2026"}])
def test_a_component_of_another_class_or_scheme_is_refused(known: dict[str, Any]) -> None:
    assert refusal(replace(KNOWN, **known)) == "component.other_class"


def test_only_a_report_that_names_one_asks_for_the_component() -> None:
    plain = report()
    naming = report(component=LID)
    assert DECIDER.needs(naming) - DECIDER.needs(plain) == {"component"}
