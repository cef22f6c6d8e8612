"""The table of acts: what it allows is what `decide` grants, for everybody, in every state."""

from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from casework import acts
from casework.case import Case, allowed
from casework.decider import Actor, Command, Grant, Refused
from casework.decisions import DECIDER, decide
from casework.life import ACTS, SENT_BACK_TO, Act
from casework.old_cases import ImportCase
from casework.photos import AttachPhoto, PhotoKind
from casework.terms import ENDED, Role, State, UnitId
from tests.casework.case_kit import (
    ACCEPTOR,
    CHECKING,
    CLOSED,
    DISPATCHED,
    EAST,
    FEEDBACK,
    FILED,
    HARBOUR,
    JOINT,
    LAMPS,
    LEADER,
    PENDING,
    PREFILED,
    REPORTED,
    RULES,
    SENT,
    TREES,
    UNITS,
    WATER,
    WEST,
    Life,
    context,
    grant,
    person,
)

LINES: dict[State, Sequence[tuple[Actor, Command]]] = {
    State.REGISTERED: REPORTED,
    State.VERIFYING: (*REPORTED, (ACCEPTOR, acts.OrderVerification())),
    State.PREFILED: PREFILED,
    State.NOT_FILED: (*PREFILED, (LEADER, acts.DeclineCase(reason="x"))),
    State.FILED: FILED,
    State.DISPATCHED: DISPATCHED,
    State.FEEDBACK: FEEDBACK,
    State.CHECKING: CHECKING,
    State.PENDING_CLOSE: PENDING,
    State.CLOSED: CLOSED,
    State.CANCELLED: (*REPORTED, (LEADER, acts.CancelCase(reason="repeated"))),
}
CASES = {state: Life().run(*line).now for state, line in LINES.items()}
CASES_AND_JOINT = (*CASES.values(), Life().run(*JOINT).now)

COMMANDS: dict[type[Command], Command] = {
    acts.OrderVerification: acts.OrderVerification(),
    acts.VerifyReport: acts.VerifyReport(confirmed=True),
    acts.PassForFiling: acts.PassForFiling(),
    acts.FileCase: acts.FileCase(),
    acts.DeclineCase: acts.DeclineCase(reason="x"),
    acts.DispatchCase: acts.DispatchCase(lead=WATER),
    acts.FeedBack: acts.FeedBack(),
    acts.OrderCheck: acts.OrderCheck(),
    acts.CheckCase: acts.CheckCase(passed=True),
    acts.CloseCase: acts.CloseCase(),
    acts.SendBack: acts.SendBack(reason="not_ours"),
    acts.CancelCase: acts.CancelCase(reason="repeated"),
    acts.AddNote: acts.AddNote(opinion="x"),
    acts.ShowContact: acts.ShowContact(),
    AttachPhoto: AttachPhoto(kind=PhotoKind.BEFORE, digest=SENT.digest),
}
"""One valid command of each kind."""

BY_TABLE = {"case.wrong_state", "case.wrong_role", "case.not_yours"}
EVERYBODY = person(
    "all", *(grant(role) for role in Role if role is not Role.UNIT), grant(Role.UNIT, WATER)
)


def grants() -> st.SearchStrategy[Grant]:
    areas = st.lists(st.sampled_from((EAST, WEST, HARBOUR)), max_size=2, unique=True).map(tuple)
    units: st.SearchStrategy[UnitId] = st.sampled_from(UNITS)
    posts = st.sampled_from([role for role in Role if role is not Role.UNIT])
    return st.one_of(
        st.builds(Grant, role=posts, areas=areas),
        st.builds(Grant, role=st.just(Role.UNIT), unit=units),
    )


def granted(case: Case, command: Command, actor: Actor, role: Role) -> bool:
    """Whether the table lets `decide` come to the act's own rules."""
    try:
        decide(case, command, context(actor, role, rules=RULES))
    except Refused as refused:
        return refused.code not in BY_TABLE
    return True


def test_every_state_of_a_case_is_reached_by_the_kit() -> None:
    assert {state: case.state for state, case in CASES.items()} == {s: s for s in State}


def test_every_command_but_the_report_has_its_valid_example() -> None:
    assert set(COMMANDS) == set(DECIDER.commands) - {acts.ReportCase, ImportCase}


@given(case=st.sampled_from(CASES_AND_JOINT), held=st.lists(grants(), min_size=1, max_size=4))
def test_what_is_allowed_is_what_decide_grants(case: Case, held: list[Grant]) -> None:
    actor = person("somebody", *held)
    offered = allowed(case, actor)
    for act, role in offered:
        assert granted(case, COMMANDS[act.command], actor, role), (act.name, role)
    open_to = {act.command for act, _ in offered}
    for kind, command in COMMANDS.items():
        roles = [role for role in Role if granted(case, command, actor, role)]
        assert bool(roles) == (kind in open_to), (kind, roles)


@pytest.mark.parametrize("state", State)
def test_no_two_acts_of_a_state_have_one_key_or_one_command(state: State) -> None:
    """Not even for somebody who holds every post."""
    offered = [act for act, _ in allowed(CASES[state], EVERYBODY)]
    here = [act for act in ACTS if state in act.states]
    assert offered == here
    for common in (Counter(a.key for a in here), Counter(a.command for a in here)):
        assert all(count == 1 for count in common.values()), common


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.name)
def test_an_act_leads_only_where_the_table_says(act: Act) -> None:
    if act.command is acts.ReportCase:
        (event,) = Life().decide(*REPORTED[0])
        assert (act.states, act.to) == ((), (getattr(event, "state", None),))
        return
    command = COMMANDS[act.command]
    variants = [command]
    if isinstance(command, acts.CheckCase):
        variants.append(acts.CheckCase(passed=False))
    reached = {
        getattr(event, "state", case.state)
        for case in CASES_AND_JOINT
        for each in variants
        if case.state in act.states
        for holder in (EVERYBODY, replace(EVERYBODY, grants=(grant(Role.UNIT, LAMPS),)))
        for role in act.roles
        if any(act is found and role is in_role for found, in_role in allowed(case, holder))
        for event in decide(case, each, context(holder, role))
    }
    joint_returns = {State.FEEDBACK} if act.name == "send_back_dispatched" else set()
    assert reached | joint_returns == set(act.to or act.states)


def test_ended_cases_take_notes_and_photos_and_show_their_reporter_and_nothing_else() -> None:
    for state in ENDED:
        names = [act.name for act, _ in allowed(CASES[state], EVERYBODY)]
        assert names == ["note", "attach_photo", "show_contact"]


def test_each_return_is_named_by_the_state_it_leaves() -> None:
    names = {act.name: act.states for act in ACTS if act.command is acts.SendBack}
    assert names == {f"send_back_{state}": (state,) for state in SENT_BACK_TO}


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.OBSERVER])
def test_who_only_looks_or_keeps_users_may_do_nothing_with_a_case(role: Role) -> None:
    assert all(allowed(case, person("x", grant(role))) == () for case in CASES.values())


def test_a_grant_for_another_area_allows_nothing() -> None:
    here = person("x", grant(Role.ACCEPTOR, None, EAST))
    there = person("x", grant(Role.ACCEPTOR, None, WEST))
    case = CASES[State.REGISTERED]
    assert [act.name for act, _ in allowed(case, here)] == [
        "order_verification",
        "pass_for_filing",
        "cancel",
        "note",
        "attach_photo",
        "show_contact",
    ]
    assert allowed(case, there) == ()


def test_a_unit_that_is_done_may_still_write_a_note_and_add_a_photo() -> None:
    life = Life().run(*JOINT, (person("w", grant(Role.UNIT, WATER)), acts.FeedBack()))
    crew = person("w", grant(Role.UNIT, WATER))
    assert [act.name for act, _ in allowed(life.now, crew)] == ["note", "attach_photo"]
    assert allowed(life.now, person("t", grant(Role.UNIT, TREES))) == ()
