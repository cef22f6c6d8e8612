"""The practice city's inspectors: named, with beats, going about within them."""

from collections import Counter
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from msgspec.structs import replace

from casework.grants import check
from casework.pack import read_pack
from casework.rulebook import RuleBook
from casework.rules.placing import Locator
from casework.rules.responsibility import responsibility_grid
from casework.terms import Role
from drill.day_people import people
from drill.field import confirmations
from drill.inspectors import INSPECTORS, Beats, Walks, inspectors

FOLDER = Path(__file__).parents[2] / "resources/cities/shenzhen"


@pytest.fixture(scope="module")
def rules() -> RuleBook:
    return read_pack({path.name: path.read_bytes() for path in FOLDER.iterdir()})


def test_every_responsibility_grid_has_one_inspector_who_may_be_enrolled(rules: RuleBook) -> None:
    people = inspectors(rules)
    assert len(people) == len({each.user for each in people}) == INSPECTORS
    assert (people[0].user, people[0].name) == ("inspector.001", "演练监督员-001")
    held = Counter(grid for each in people for grid in each.grants[0].grids)
    assert held == Counter(grid.id for grid in rules.responsibility_grids)
    for each in people:
        check(each.grants, rules)


def test_an_inspector_s_area_holds_the_own_beat(rules: RuleBook) -> None:
    for each in inspectors(rules):
        (grant,) = each.grants
        for name in grant.grids:
            grid = rules.responsibility_grid(name)
            assert grid is not None
            street = rules.area(grid.street)
            assert street is not None
            assert street.parent in grant.areas


def test_they_begin_in_their_beats_and_stay_in_the_city(rules: RuleBook) -> None:
    beats, locator, dice = Beats(rules), Locator(rules), Random(1)
    for each in inspectors(rules)[::6]:
        at = beats.somewhere(each, dice)
        assert at is not None
        place = locator.place(at)
        grid = responsibility_grid(rules, place.grid, place.street)
        assert grid is not None
        assert grid.id in each.grants[0].grids
        for _ in range(20):
            at = beats.onwards(at, dice)
            assert not locator.place(at).doubt


def test_the_day_s_inspectors_begin_in_their_beats(rules: RuleBook) -> None:
    players = [each for each in people(rules, {}) if each.grants[0].role is Role.INSPECTOR]
    walks, locator = Walks(rules, players), Locator(rules)
    for each in players:
        at = walks.onwards(each.user, Random(each.user))
        place = locator.place(at)
        grid = responsibility_grid(rules, place.grid, place.street)
        assert grid is not None
        assert grid.id in each.grants[0].grids


def test_a_city_without_responsibility_grids_has_no_inspectors_by_name(rules: RuleBook) -> None:
    assert inspectors(replace(rules, responsibility_grids=())) == []


def test_orders_are_delivered_before_they_are_read_and_some_late(rules: RuleBook) -> None:
    late = timedelta(seconds=rules.orders.deliver_seconds)
    told = [confirmations(Random(number)) for number in range(1_000)]
    assert all(delivered[0] < read[0] for delivered, read in told)
    assert 40 <= sum(delivered[0] > late for delivered, _ in told) <= 100
