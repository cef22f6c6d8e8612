"""Who answers for a class."""

import pytest

from casework.rulebook import RuleBook
from casework.rules.classification import Responsible, responsible
from casework.scheme import Scheme, WorkCalendar
from casework.terms import AreaId, Kind, UnitId
from casework.territory import Responsibility, Unit

LUOHU, GUIYUAN, HUANGBEI = AreaId("440303"), AreaId("440303001"), AreaId("440303002")


def unit(name: str) -> Unit:
    return Unit(id=UnitId(name), name=name)


def answers(code: str, lead: str | None, *joint: str) -> Responsibility:
    return Responsibility(kind=Kind.INCIDENT, code=code, lead=lead, joint=joint)


RULES = RuleBook(
    city="深圳",
    code="440300",
    calendar=WorkCalendar(time_zone="Asia/Shanghai", first_year=2008, last_year=2008),
    default_scheme="A",
    schemes=(Scheme(id="A", version="2007", name="A", classes=()),),
    units=(
        unit("water_group"),
        unit("power"),
        unit("street_team@440303001"),
        unit("street_team@440303"),
        unit("street_office@440303001"),
    ),
    responsibilities=(
        answers("0102", "street_team", "street_office", "power", "street_team", "ghost"),
        answers("0403", "water_group"),
        answers("2101", None),
        answers("2102", "street_office"),
    ),
)


@pytest.mark.parametrize(
    ("code", "street", "lead", "joint"),
    [
        ("0102", GUIYUAN, "street_team@440303001", ["street_office@440303001", "power"]),
        ("0102", HUANGBEI, "street_team@440303", ["power"]),
        ("0102", None, "street_team@440303", ["power"]),
        ("0403", GUIYUAN, "water_group", []),
        ("2101", GUIYUAN, None, []),
        ("2102", HUANGBEI, None, []),
        ("9999", GUIYUAN, None, []),
    ],
)
def test_team_of_the_street_answers_else_of_the_district_else_the_dispatcher_chooses(
    code: str, street: AreaId | None, lead: str | None, joint: list[str]
) -> None:
    found = responsible(RULES, Kind.INCIDENT, code, LUOHU, street)
    assert found == Responsible(UnitId(lead) if lead else None, tuple(map(UnitId, joint)))


def test_place_outside_of_all_areas_has_no_team() -> None:
    assert responsible(RULES, Kind.INCIDENT, "0102", None, None).lead is None


def test_the_register_s_unit_goes_before_the_table_and_the_table_still_tells_who_joins() -> None:
    power = UnitId("power")
    found = responsible(RULES, Kind.INCIDENT, "0102", LUOHU, GUIYUAN, component=power)
    assert found == Responsible(
        power, (UnitId("street_office@440303001"), UnitId("street_team@440303001"))
    )


def test_a_unit_of_the_register_that_the_rule_book_has_not_is_passed_over() -> None:
    plain = responsible(RULES, Kind.INCIDENT, "0102", LUOHU, GUIYUAN)
    ghost = UnitId("ghost")
    assert responsible(RULES, Kind.INCIDENT, "0102", LUOHU, GUIYUAN, component=ghost) == plain


def test_a_component_of_a_class_without_an_answer_goes_to_its_register_s_unit() -> None:
    power = UnitId("power")
    assert responsible(RULES, Kind.COMPONENT, "9999", None, None, component=power) == (power, ())
