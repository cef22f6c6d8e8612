"""Who sees a case: every grant against every scope."""

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework import acts
from casework.decider import Grant
from casework.rules.audience import Scope, covers, sees
from casework.terms import AreaId, Role, UnitId
from tests.casework.case_kit import (
    CREWS,
    EAST,
    HARBOUR,
    JOINT,
    LAMPS,
    UNITS,
    WATER,
    WEST,
    Life,
    grant,
)

HERE = Scope(district=EAST, street=HARBOUR, units=(WATER,))
POSTS = [role for role in Role if role not in (Role.UNIT, Role.ADMINISTRATOR)]


@pytest.mark.parametrize("role", POSTS)
@pytest.mark.parametrize(
    ("areas", "seen"),
    [((), True), ((EAST,), True), ((HARBOUR,), True), ((WEST,), False), ((WEST, EAST), True)],
)
def test_a_post_sees_the_cases_of_its_areas_or_of_all(
    role: Role, areas: tuple[AreaId, ...], seen: bool
) -> None:
    assert covers(Grant(role=role, areas=areas), HERE) is seen


@pytest.mark.parametrize(("unit", "seen"), [(WATER, True), (LAMPS, False), (None, False)])
def test_a_unit_sees_what_is_assigned_to_it_wherever_it_lies(
    unit: UnitId | None, seen: bool
) -> None:
    assert covers(Grant(role=Role.UNIT, unit=unit, areas=(EAST,)), HERE) is seen


def test_an_administrator_sees_no_case() -> None:
    assert not covers(grant(Role.ADMINISTRATOR), HERE)


def test_a_case_without_a_place_is_seen_by_those_with_the_whole_log_only() -> None:
    nowhere = Scope(district=None, street=None)
    assert covers(grant(Role.ACCEPTOR), nowhere)
    assert not covers(grant(Role.ACCEPTOR, None, EAST), nowhere)


AREAS = st.lists(st.sampled_from((EAST, WEST, HARBOUR)), max_size=3).map(tuple)
GRANTS = st.builds(
    Grant, role=st.sampled_from(Role), areas=AREAS, unit=st.sampled_from((None, *UNITS))
)
SCOPES = st.builds(
    Scope,
    district=st.sampled_from((None, EAST, WEST)),
    street=st.sampled_from((None, HARBOUR)),
    units=st.lists(st.sampled_from(UNITS), max_size=3).map(tuple),
)


@given(held=st.lists(GRANTS, max_size=4), more=GRANTS, scope=SCOPES)
def test_one_more_grant_never_hides_a_case_and_shows_only_its_own(
    held: Iterable[Grant], more: Grant, scope: Scope
) -> None:
    held = list(held)
    assert sees([*held, more], scope) is (sees(held, scope) or covers(more, scope))
    assert not sees([], scope)


def test_a_unit_that_gave_a_case_back_no_longer_sees_it() -> None:
    life = Life().run(*JOINT)
    life.act(CREWS[LAMPS], acts.SendBack(reason="not_ours"))
    lamps = CREWS[LAMPS].grants
    assert not sees(lamps, life.now.scope)
    assert sees(lamps, life.now.widest_scope)
