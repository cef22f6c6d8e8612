"""What a desk may know before it asks: what stands in an act's way, and what may be taken back."""

import pytest

from casework import acts, claims
from casework.decider import Command
from casework.decisions import foreseen
from casework.life import undoable
from casework.terms import Role, State, UserId
from tests.casework.case_kit import (
    DISPATCHED,
    DISPATCHER,
    LEADER,
    PREFILED,
    WATER,
    Life,
    context,
)


def test_nothing_stands_in_the_way_of_the_next_act() -> None:
    case = Life().run(*PREFILED).now
    assert foreseen(case, acts.FileCase(), context(LEADER)) is None


def test_another_link_stands_in_the_way() -> None:
    case = Life().run(*DISPATCHED).now
    refused = foreseen(case, acts.FileCase(), context(LEADER))
    assert refused is not None
    assert (refused.code, refused.detail["state"]) == ("case.wrong_state", State.DISPATCHED)


def test_an_unknown_unit_stands_in_the_way() -> None:
    case = Life().run(*PREFILED, (LEADER, acts.FileCase())).now
    asked = acts.DispatchCase(lead=WATER, joint=(WATER,))
    refused = foreseen(case, asked, context(DISPATCHER))
    assert refused is not None
    assert refused.code == "case.unit_twice"


def test_what_only_the_server_knows_does_not_stand_in_the_way() -> None:
    case = Life().run(*PREFILED).now
    asked = claims.PassOn(to=UserId("somebody"))
    assert foreseen(case, asked, context(LEADER)) is None


@pytest.mark.parametrize(
    ("command", "role", "may"),
    [
        (acts.FileCase(), Role.SHIFT_LEADER, True),
        (acts.SendBack(reason="x"), Role.DISPATCHER, True),
        (acts.SendBack(reason="x"), Role.UNIT, False),
        (claims.ClaimCase(), Role.DISPATCHER, False),
        (claims.RemindUnits(), Role.DISPATCHER, False),
    ],
)
def test_an_act_may_be_taken_back_where_the_table_says_so(
    command: Command, role: Role, may: bool
) -> None:
    assert undoable(command, role) is may
