"""What a pack says of a whole day's acts: applications, units below others, reasons."""

import pytest

from casework.pack import read_pack
from casework.pack.writing import write_pack
from casework.rulebook import ApplicationRule, ReasonedAct
from casework.scheme import Clock, Limit
from casework.terms import Application
from tests.casework.pack_kit import CITY, UNITS, mistakes, pack

APPLICATIONS = """
clock_rests_while_checked = false

[queues]
claim_minutes = 5
undo_seconds = 0

[[applications]]
kind = "extension"
most = 2
limit = 0.5
clock = "urgent_hour"
before_due = true
percent = 50
leader_from = 2

[[applications]]
kind = "suspension"
most_days = 30
pauses = true
leader_if_engineering = true
"""


def with_applications(text: str = APPLICATIONS) -> str:
    """The small city, with what its first lines say besides put before the tables."""
    head, tables = text.split("\n[queues]\n")
    return head + "\n" + CITY + "\n[queues]\n" + tables


def test_a_city_says_how_its_applications_go() -> None:
    rules = read_pack(pack(city__toml=with_applications()))
    half = Limit(milli=500, clock=Clock.URGENT_HOUR)
    assert rules.applications == (
        ApplicationRule(
            kind=Application.EXTENSION,
            most=2,
            limit=half,
            before_due=True,
            percent=50,
            leader_from=2,
        ),
        ApplicationRule(
            kind=Application.SUSPENSION, most_days=30, pauses=True, leader_if_engineering=True
        ),
    )
    assert (rules.queues.claim_minutes, rules.queues.undo_seconds) == (5, 0)
    assert not rules.clock_rests_while_checked
    assert read_pack(write_pack(rules)) == rules


def test_a_city_that_says_nothing_of_applications_knows_none() -> None:
    rules = read_pack(pack())
    assert rules.applications == ()
    assert (rules.queues.claim_minutes, rules.queues.undo_seconds) == (15, 60)
    assert rules.clock_rests_while_checked


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ("limit = 0.5\n", "", ("city.toml", "applications[0].limit", "pack.limit_wrong")),
        (
            'clock = "urgent_hour"\nbefore',
            "before",
            ("city.toml", "applications[0].limit", "pack.limit_wrong"),
        ),
        ("limit = 0.5", "limit = -1", ("city.toml", "applications[0].limit", "pack.limit_wrong")),
        (
            "leader_from = 2",
            "leader_from = 3",
            ("city.toml", "applications[0].leader_from", "pack.never_reached"),
        ),
        ('"suspension"', '"extension"', ("city.toml", "applications[1]", "pack.duplicate")),
    ],
)
def test_a_wrong_application_is_named_by_its_place(
    before: str, after: str, found: tuple[str, str, str]
) -> None:
    text = with_applications(APPLICATIONS.replace(before, after))
    assert found in mistakes(pack(city__toml=text))


def with_parent(parent: str) -> str:
    lines = UNITS.splitlines()
    cells = ("parent", "", parent)
    rows = (line.rsplit(",", 1) for line in lines)
    return "\n".join(f"{row},{cell},{last}" for (row, last), cell in zip(rows, cells, strict=True))


def test_a_unit_may_stand_below_another() -> None:
    rules = read_pack(pack(units__csv=with_parent("lighting")))
    assert [unit.parent for unit in rules.units] == [None, "lighting"]
    assert read_pack(write_pack(rules)).units == rules.units


def test_a_list_of_units_from_before_has_no_parents() -> None:
    assert {unit.parent for unit in read_pack(pack()).units} == {None}


@pytest.mark.parametrize("parent", ["nobody", "street_team@s1"])
def test_a_unit_stands_below_another_that_the_list_knows(parent: str) -> None:
    found = mistakes(pack(units__csv=with_parent(parent)))
    assert found == [("units.csv", "line 3", "pack.unit_parent")]


@pytest.mark.parametrize("act", ReasonedAct)
def test_every_act_that_needs_a_reason_may_list_its_reasons(act: ReasonedAct) -> None:
    more = f'\n[[reasons]]\nact = "{act}"\nid = "because"\ntext = "因为"\n'
    rules = read_pack(pack(city__toml=CITY + more))
    assert "because" in rules.reasons_for(act)
    assert read_pack(write_pack(rules)).reasons == rules.reasons
