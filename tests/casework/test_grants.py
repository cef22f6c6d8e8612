"""The short form of grants: what is written reads back, and what is wrong is named."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.decider import Grant, Refused
from casework.grants import ROLE_WORDS, read_grants, write_grants
from casework.terms import AreaId, CentreId, Role, UnitId

words = st.from_regex(r"[0-9a-z][0-9a-z_.-]{0,12}", fullmatch=True)
units = st.builds(lambda team, area: f"{team}@{area}" if area else team, words, st.none() | words)
grants = st.builds(
    Grant,
    role=st.sampled_from(Role),
    areas=st.lists(words.map(AreaId), max_size=3).map(tuple),
    unit=st.none() | units.map(UnitId),
    centre=st.none() | words.map(CentreId),
    grids=st.lists(words, max_size=3).map(tuple),
)


@given(st.lists(grants, max_size=4).map(tuple))
def test_what_is_written_reads_back(held: tuple[Grant, ...]) -> None:
    assert read_grants(write_grants(held)) == held


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("", ()),
        ("acceptor", (Grant(role=Role.ACCEPTOR),)),
        (
            "Acceptor ; dispatcher@440305@440303；",
            (
                Grant(role=Role.ACCEPTOR),
                Grant(role=Role.DISPATCHER, areas=(AreaId("440305"), AreaId("440303"))),
            ),
        ),
        ("派遣员/440300", (Grant(role=Role.DISPATCHER, centre=CentreId("440300")),)),
        ("監督員#g1#g2", (Grant(role=Role.INSPECTOR, grids=("g1", "g2")),)),
        ("unit:street_team@44", (Grant(role=Role.UNIT, unit=UnitId("street_team@44")),)),
        (
            "值班长@1/2",
            (Grant(role=Role.SHIFT_LEADER, areas=(AreaId("1"),), centre=CentreId("2")),),
        ),
    ],
)
def test_grants_are_read_as_people_write_them(text: str, held: tuple[Grant, ...]) -> None:
    assert read_grants(text) == held


@pytest.mark.parametrize(
    ("text", "code", "part"),
    [
        ("mayor", "grant.unknown_role", "mayor"),
        ("acceptor, dispatcher", "grant.malformed", "acceptor, dispatcher"),
        ("acceptor; @440305", "grant.malformed", "@440305"),
        ("unit:", "grant.malformed", "unit:"),
        ("acceptor@", "grant.malformed", "acceptor@"),
    ],
)
def test_what_is_no_grant_is_named(text: str, code: str, part: str) -> None:
    with pytest.raises(Refused, match=code) as refused:
        read_grants(text)
    assert part in refused.value.detail.values()


@given(st.text(max_size=30))
def test_whatever_is_typed_is_read_or_refused(text: str) -> None:
    try:
        held = read_grants(text)
    except Refused:
        return
    assert read_grants(write_grants(held)) == held


def test_every_role_has_its_word_in_both_scripts() -> None:
    assert set(ROLE_WORDS.values()) == set(Role) - {Role.SYSTEM}
