"""Whom an order is proposed to: rules of the order, and laws that hold for any candidates."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.decider import Grant
from casework.rulebook import Orders
from casework.rules.audience import Scope
from casework.rules.geo import distance
from casework.rules.proposal import (
    Candidate,
    Proposal,
    Reason,
    Target,
    first_proposed,
    metres_between,
    propose,
)
from casework.terms import AreaId, Point, Role, UserId, point

NOW = datetime(2008, 6, 13, 9, tzinfo=UTC)
HERE = point(22.54, 114.06)
STREET, ELSEWHERE = AreaId("440303001"), AreaId("440305001")
SCOPE = Scope(district=AreaId("440303"), street=STREET)
TARGET = Target(scope=SCOPE, point=HERE, grid="g1")
SETTINGS = Orders(most=3, metres=5_000, position_minutes=30)


def someone(
    user: str,
    *,
    areas: tuple[AreaId, ...] = (STREET,),
    grids: tuple[str, ...] = (),
    on_duty: bool = True,
    at: Point | None = HERE,
    minutes_ago: int = 1,
    open_orders: int = 0,
) -> Candidate:
    return Candidate(
        user=UserId(user),
        name=user,
        grants=(Grant(role=Role.INSPECTOR, areas=areas, grids=grids),),
        on_duty=on_duty,
        point=at,
        at=None if at is None else NOW - timedelta(minutes=minutes_ago),
        open_orders=open_orders,
    )


def ranked(*candidates: Candidate, target: Target = TARGET) -> list[Proposal]:
    return list(propose(target, candidates, SETTINGS, NOW))


def names(*candidates: Candidate) -> list[str]:
    return [each.user for each in ranked(*candidates)]


def test_only_inspectors_of_the_area_may_be_sent() -> None:
    everywhere = someone("b", areas=())
    assert names(someone("a", areas=(ELSEWHERE,)), everywhere, someone("c")) == ["b", "c"]


def test_whoever_has_fewer_orders_than_the_most_is_free() -> None:
    busy = someone("a", grids=("g1",), open_orders=SETTINGS.most)
    free = someone("b", at=None, open_orders=SETTINGS.most - 1)
    assert names(busy, free) == ["b", "a"]


def test_where_nobody_is_free_the_least_busy_comes_first_and_then_the_nearest() -> None:
    busiest = someone("a", grids=("g1",), open_orders=SETTINGS.most + 1)
    further = someone("b", at=point(22.55, 114.06), open_orders=SETTINGS.most)
    nearer = someone("c", open_orders=SETTINGS.most)
    assert names(busiest, further, nearer) == ["c", "b", "a"]
    assert Reason.BUSY in ranked(nearer)[0].reasons


def test_on_duty_comes_before_off_duty_however_busy() -> None:
    busy = someone("b", at=None, open_orders=SETTINGS.most)
    assert names(someone("a", on_duty=False, grids=("g1",)), busy) == ["b", "a"]


@pytest.mark.parametrize("target", [TARGET, Target(scope=SCOPE)], ids=["placed", "no place"])
def test_who_is_off_duty_may_be_named_and_is_not_proposed(target: Target) -> None:
    found = ranked(someone("a", on_duty=False), target=target)
    assert [each.user for each in found] == ["a"]
    assert first_proposed(found) is None


def test_who_has_the_order_already_comes_last_of_those_on_duty_and_is_not_proposed() -> None:
    again = Target(scope=SCOPE, point=HERE, grid="g1", holder=UserId("a"))
    busy = someone("b", at=None, open_orders=SETTINGS.most)
    holder, asleep = someone("a", grids=("g1",)), someone("c", on_duty=False, grids=("g1",))
    found = ranked(holder, busy, asleep, target=again)
    assert [(each.user, each.proposed) for each in found] == [
        ("b", True), ("a", False), ("c", False),
    ]  # fmt: skip
    assert found[1].reasons[0] is Reason.HAS_ORDER


def test_the_first_who_is_proposed_gets_an_order_that_names_nobody() -> None:
    first = first_proposed(ranked(someone("b"), someone("a")))
    assert first is not None
    assert first.user == "a"


def test_the_own_responsibility_grid_comes_before_the_nearest() -> None:
    far = someone("b", grids=("g1",), at=point(22.57, 114.06))
    assert names(someone("a"), far) == ["b", "a"]


def test_the_nearest_comes_first_and_unknown_positions_last() -> None:
    near, nearer = someone("a", at=point(22.55, 114.06)), someone("b", at=point(22.545, 114.06))
    assert names(someone("0", at=None), near, nearer) == ["b", "a", "0"]


def test_a_stale_position_counts_as_none() -> None:
    stale = someone("a", minutes_ago=SETTINGS.position_minutes + 1)
    fresh = someone("b", at=point(22.55, 114.06), minutes_ago=SETTINGS.position_minutes)
    assert names(stale, fresh) == ["b", "a"]
    assert ranked(stale)[0].metres is None


def test_beyond_the_search_metres_nearness_counts_no_more() -> None:
    beyond = someone("b", at=point(22.60, 114.06))
    assert names(beyond, someone("a", at=None)) == ["a", "b"]
    assert Reason.FAR in ranked(beyond)[0].reasons


def test_at_equal_distance_fewer_orders_come_first_then_the_name() -> None:
    assert names(someone("b"), someone("a", open_orders=1), someone("c")) == ["b", "c", "a"]


def test_a_proposal_says_why() -> None:
    (found,) = ranked(someone("a", grids=("g1",), at=point(22.549, 114.06), open_orders=2))
    assert found == Proposal(
        user=UserId("a"),
        name="a",
        reasons=(Reason.OWN_GRID, Reason.ON_DUTY, Reason.FREE, Reason.NEAR),
        metres=1001,
        open_orders=2,
        proposed=True,
    )


def test_a_case_without_a_place_is_proposed_to_all_who_cover_it() -> None:
    nowhere = Target(scope=SCOPE)
    (found,) = propose(nowhere, [someone("a")], SETTINGS, NOW)
    assert found.metres is None
    assert Reason.NO_POSITION in found.reasons


inside = st.builds(point, st.floats(22.4, 22.9), st.floats(113.7, 114.7))


@given(one=inside, other=inside)
def test_the_plane_agrees_with_the_sphere(one: Point, other: Point) -> None:
    assert metres_between(one, other) == pytest.approx(distance(one, other), rel=1e-3, abs=0.1)


people = st.lists(
    st.builds(
        someone,
        st.text("abc", min_size=1, max_size=3),
        areas=st.sampled_from([(), (STREET,), (ELSEWHERE,)]),
        grids=st.sampled_from([(), ("g1",), ("g2",)]),
        on_duty=st.booleans(),
        at=st.none() | inside,
        minutes_ago=st.integers(0, 60),
        open_orders=st.integers(0, 5),
    ),
    max_size=8,
    unique_by=lambda each: each.user,
)


@given(people=people, data=st.data())
def test_the_order_of_the_candidates_does_not_matter(
    people: list[Candidate], data: st.DataObject
) -> None:
    assert ranked(*data.draw(st.permutations(people))) == ranked(*people)


@given(people)
def test_nobody_is_better_than_the_first_in_everything(people: list[Candidate]) -> None:
    found = ranked(*people)
    for other in found[1:]:
        assert not _dominates(other, found[0])


def _dominates(one: Proposal, other: Proposal) -> bool:
    marks = [
        (each.proposed, each.open_orders < SETTINGS.most,
         Reason.OWN_GRID in each.reasons, Reason.NEAR in each.reasons,
         -(each.metres if Reason.NEAR in each.reasons and each.metres is not None else 10**9),
         -each.open_orders)
        for each in (one, other)
    ]  # fmt: skip
    pairs = list(zip(*marks, strict=True))
    return all(a >= b for a, b in pairs) and any(a > b for a, b in pairs)
