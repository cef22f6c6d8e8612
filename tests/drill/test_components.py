"""The practice city's invented components: the same for ever, in their streets, marked."""

from collections import Counter

import pytest

import resources
from casework.acts import ReportCase
from casework.pack import read_pack
from casework.rulebook import RuleBook
from casework.rules import geo
from casework.rules.component_id import parse_component_id
from casework.terms import Kind, UnitId
from drill.city import City
from drill.components import Placed, components
from drill.opening import morning


@pytest.fixture(scope="module")
def rules() -> RuleBook:
    folder = resources.root() / "cities" / "shenzhen"
    return read_pack({entry.name: entry.read_bytes() for entry in folder.iterdir()})


@pytest.fixture(scope="module")
def city(rules: RuleBook) -> City:
    return City(rules)


@pytest.fixture(scope="module")
def every(city: City) -> list[Placed]:
    return [each for some in city.components.values() for each in some]


def test_there_are_several_thousand_and_each_has_an_id_of_its_own(every: list[Placed]) -> None:
    assert 5_000 < len(every) < 10_000
    assert Counter(each.id for each in every).most_common(1)[0][1] == 1
    assert all(parse_component_id(each.id).code == each.code for each in every)


def test_the_same_seed_places_the_same_components(rules: RuleBook, every: list[Placed]) -> None:
    assert {each.id: each for each in components(rules, 2008)} == {each.id: each for each in every}


def test_each_says_that_it_is_invented(every: list[Placed]) -> None:
    assert {each.command.basis.partition(":")[0] for each in every} == {"invented"}


def test_each_stands_in_its_street_and_has_a_known_owner(
    rules: RuleBook, every: list[Placed]
) -> None:
    index = geo.area_index(rules.areas)
    for each in every[::50]:
        assert geo.locate(index, each.command.point)[1] == each.street
        assert not each.command.owner or rules.unit(UnitId(each.command.owner)) is not None


def test_cases_of_components_name_one_of_their_class_and_stand_at_it(city: City) -> None:
    known = {each.id: each for some in city.components.values() for each in some}
    reports = [plan.links[0].command for plan in morning(city)]
    named = [r for r in reports if isinstance(r, ReportCase) and r.component]
    assert len(named) > 5
    for report in named:
        assert report.component is not None
        component = known[report.component]
        assert (report.kind, report.code) == (Kind.COMPONENT, component.code)
        assert (report.point, report.street) == (component.command.point, component.street)
