"""What a class is and who answers for it."""

import pytest

from casework.rulebook import (
    CaseClass,
    Condition,
    Responsibility,
    RuleBook,
    Scheme,
    Unit,
    WorkCalendar,
)
from casework.rules.classification import (
    Responsible,
    Snapshot,
    case_class,
    conditions,
    index,
    responsible,
    snapshot,
)
from casework.terms import AreaId, Kind, UnitId

LUOHU, GUIYUAN, HUANGBEI = AreaId("440303"), AreaId("440303001"), AreaId("440303002")
PILES = Condition(id="piles", text="成堆")
DIRT = CaseClass(
    kind=Kind.INCIDENT,
    code="0102",
    name="暴露垃圾",
    big_code="01",
    big_name="市容環境",
    conditions=(PILES, Condition(id="bin", text="桶外")),
)
NEW_DIRT = CaseClass(
    kind=Kind.INCIDENT, code="06010", name="暴露垃圾", big_code="06", big_name="市容環境類"
)


def unit(name: str) -> Unit:
    return Unit(id=UnitId(name), name=name)


def answers(code: str, lead: str | None, *joint: str) -> Responsibility:
    return Responsibility(kind=Kind.INCIDENT, code=code, lead=lead, joint=joint)


RULES = index(
    RuleBook(
        city="深圳",
        code="440300",
        calendar=WorkCalendar(time_zone="Asia/Shanghai", first_year=2008, last_year=2008),
        default_scheme="A",
        schemes=(
            Scheme(id="A", version="2007", name="A", classes=(DIRT,)),
            Scheme(id="C", version="2026", name="C", classes=(NEW_DIRT,)),
        ),
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
)


def test_class_is_found_in_the_default_scheme_or_in_the_one_named() -> None:
    assert case_class(RULES, Kind.INCIDENT, "0102") == DIRT
    assert case_class(RULES, Kind.INCIDENT, "06010", "C") == NEW_DIRT


@pytest.mark.parametrize(
    ("kind", "code", "scheme"),
    [
        (Kind.COMPONENT, "0102", ""),
        (Kind.INCIDENT, "06010", ""),
        (Kind.INCIDENT, "0102", "B"),
    ],
)
def test_unknown_class_is_none(kind: Kind, code: str, scheme: str) -> None:
    assert case_class(RULES, kind, code, scheme) is None
    assert conditions(RULES, kind, code, scheme) == ()
    assert snapshot(RULES, kind, code, scheme) is None


def test_conditions_come_with_the_default_one_first() -> None:
    assert conditions(RULES, Kind.INCIDENT, "0102")[0] == PILES


def test_snapshot_names_scheme_version_code_and_name() -> None:
    expected = Snapshot(scheme="C", version="2026", code="06010", name="暴露垃圾")
    assert snapshot(RULES, Kind.INCIDENT, "06010", "C") == expected


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
