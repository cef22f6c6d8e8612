from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import islice

import pytest

import resources
from casework.acts import DispatchCase, FeedBack, ReportCase
from casework.pack import read_pack
from casework.rulebook import RuleBook
from casework.rules import geo, working_time
from casework.terms import Kind, Role
from drill.city import FILED, MUNICIPAL_ON_TIME, ON_TIME, City, Group
from drill.plan import Link, Plan

START = datetime(2008, 6, 1, 16, tzinfo=UTC)
MANY = 20_000


@pytest.fixture(scope="module")
def rules() -> RuleBook:
    folder = resources.root() / "cities" / "shenzhen"
    return read_pack({entry.name: entry.read_bytes() for entry in folder.iterdir()})


@pytest.fixture(scope="module")
def city(rules: RuleBook) -> City:
    return City(rules)


@pytest.fixture(scope="module")
def lives(city: City) -> list[Plan]:
    return list(islice(city.lives(START, START + timedelta(days=30)), MANY))


def reported(plan: Plan) -> ReportCase:
    command = plan.links[0].command
    assert isinstance(command, ReportCase)
    return command


def dispatched(plan: Plan) -> tuple[Link, DispatchCase]:
    return next(
        (link, link.command) for link in plan.links if isinstance(link.command, DispatchCase)
    )


def on_time(plan: Plan, rules: RuleBook) -> bool:
    report = reported(plan)
    of = rules.case_class(report.kind, report.code)
    assert of is not None
    limit = next(c.general for c in of.conditions if c.id == report.condition)
    at = dispatched(plan)[0].at
    handled = [link.at for link in plan.links if isinstance(link.command, FeedBack)][-1]
    assert limit is not None
    assert at is not None
    assert handled is not None
    return handled <= working_time.deadline(at, limit, rules.calendar).at


def grouped(city: City, lives: list[Plan]) -> dict[Group, list[Plan]]:
    found: dict[Group, list[Plan]] = {group: [] for group in Group}
    for plan in lives:
        group = city.group_of(dispatched(plan)[1].lead, reported(plan).district)
        found[group].append(plan)
    return found


def test_the_municipal_share_follows_from_the_reports_other_figures() -> None:
    assert FILED[Group.MUNICIPAL] == 7_391
    assert round(MUNICIPAL_ON_TIME, 4) == 0.9506


def test_each_group_is_as_large_and_as_punctual_as_in_the_report(
    city: City, lives: list[Plan], rules: RuleBook
) -> None:
    groups = grouped(city, lives)
    for group, plans in groups.items():
        assert len(plans) / MANY == pytest.approx(FILED[group] / 106_983, abs=0.01)
        punctual = sum(on_time(plan, rules) for plan in plans) / len(plans)
        assert punctual == pytest.approx(ON_TIME[group], abs=0.01 if len(plans) > 5_000 else 0.015)


def test_incidents_are_ninety_eight_percent(lives: list[Plan]) -> None:
    incidents = sum(reported(plan).kind is Kind.INCIDENT for plan in lives)
    assert incidents / MANY == pytest.approx(0.98, abs=0.003)


def test_the_same_seed_tells_the_same_lives(rules: RuleBook) -> None:
    hour = START + timedelta(hours=1)
    first, again = (list(City(rules, 7).lives(START, hour)) for _ in range(2))
    assert first == again
    assert first != list(City(rules, 8).lives(START, hour))


def test_a_life_does_not_depend_on_the_window_it_is_asked_for(city: City) -> None:
    later = START + timedelta(minutes=20)
    assert list(city.lives(later, START + timedelta(hours=1))) == [
        plan
        for plan in city.lives(START, START + timedelta(hours=1))
        if plan.links[0].at >= later  # type: ignore[operator]  # a report has an instant
    ]


def test_links_never_go_back_in_time(lives: list[Plan]) -> None:
    for plan in lives:
        instants = [link.at for link in plan.links if link.at is not None]
        assert len(instants) == len(plan.links)
        assert instants == sorted(instants)


def test_a_case_lies_in_the_street_it_names(lives: list[Plan], rules: RuleBook) -> None:
    index = geo.area_index(rules.areas)
    for plan in lives[:500]:
        report = reported(plan)
        assert report.point is not None
        assert geo.locate(index, report.point) == (report.district, report.street)


def test_a_fallen_tree_never_goes_to_the_road_office(lives: list[Plan]) -> None:
    trees = [plan for plan in lives if reported(plan).code in {"0402", "0401"}]
    leads = {dispatched(plan)[1].lead for plan in trees if reported(plan).kind is Kind.COMPONENT}
    assert leads == {"greening"}


def test_units_act_only_on_their_own_assignments(lives: list[Plan]) -> None:
    for plan in lives[:2_000]:
        command = dispatched(plan)[1]
        acting = {link.unit for link in plan.links if link.role is Role.UNIT}
        assert acting == {command.lead, *command.joint}


def test_people_are_clearly_invented(lives: list[Plan]) -> None:
    for plan in lives[:2_000]:
        personal = reported(plan).personal
        assert personal is not None
        assert personal.name.startswith("演练·")
        assert personal.phone.startswith("000")
        assert personal.address in personal.text


def test_what_people_say_varies(lives: list[Plan]) -> None:
    texts = Counter(reported(plan).personal.text for plan in lives[:1_000])  # type: ignore[union-attr]  # every report has one
    assert len(texts) > 950
