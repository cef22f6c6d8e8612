"""The table of acts: what it allows is what `decide` grants, for everybody, in every state."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from casework import acts, applications, claims
from casework.act import Act
from casework.applications import ApplyFor, ApproveApplication
from casework.case import Case, allowed, may_apply_for
from casework.decider import Actor, Command, Context, Grant, Refused
from casework.decisions import DECIDER, decide
from casework.life import ACTS
from casework.links import REOPENED_TO, SENT_BACK_TO
from casework.old_cases import ImportCase
from casework.photos import AttachPhoto, PhotoKind
from casework.rulebook import ApplicationRule, RuleBook
from casework.terms import ENDED, Application, CentreId, ClosingKind, Role, State, UnitId, UserId
from casework.territory import Unit
from tests.casework.case_kit import (
    ACCEPTOR,
    CHECKING,
    CLOSED,
    CREWS,
    DISPATCHED,
    DISPATCHER,
    EAST,
    FEEDBACK,
    FILED,
    HARBOUR,
    JOINT,
    LAMPS,
    LEADER,
    NINE,
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

EVERYBODY = person(
    "all", *(grant(role) for role in Role if role is not Role.UNIT), grant(Role.UNIT, WATER)
)
BELOW = UnitId("crew@440301001")
SUSPENSION, DAY = Application.SUSPENSION, timedelta(days=1)
APPLIED = (
    *DISPATCHED,
    (CREWS[WATER], applications.ApplyFor(kind=SUSPENSION, reason="x", until=NINE + 20 * DAY)),
)
LINES: dict[State, Sequence[tuple[Actor, Command]]] = {
    State.REGISTERED: REPORTED,
    State.VERIFYING: (*REPORTED, (ACCEPTOR, acts.OrderVerification())),
    State.PREFILED: PREFILED,
    State.NOT_FILED: (*PREFILED, (LEADER, acts.DeclineCase(reason="x"))),
    State.FILED: FILED,
    State.ANSWERED: (*REPORTED, (ACCEPTOR, acts.AnswerAtOnce(opinion="已答复"))),
    State.DISPATCHED: DISPATCHED,
    State.HANDLING: (*DISPATCHED, (CREWS[WATER], acts.AcceptWork())),
    State.SUSPENDED: (*APPLIED, (LEADER, applications.ApproveApplication())),
    State.FEEDBACK: FEEDBACK,
    State.CHECKING: CHECKING,
    State.PENDING_CLOSE: PENDING,
    State.CLOSED: CLOSED,
    State.CANCELLED: (*REPORTED, (LEADER, acts.CancelCase(reason="repeated"))),
}
BOOK = replace(
    RULES,
    applications=tuple(ApplicationRule(kind=kind) for kind in Application),
    units=(*RULES.units, Unit(id=BELOW, name="班组", parent=WATER)),
)
CASES = {state: Life(BOOK).run(*line).now for state, line in LINES.items()}
CLAIMED = Life(BOOK).run(*FILED, (DISPATCHER, claims.ClaimCase())).now
URGED = Life(BOOK).run(*FILED, (DISPATCHER, claims.UrgeCase(leader="局长"))).now
ORDERED = Life(BOOK).run(*FEEDBACK, (ACCEPTOR, acts.OrderCheck(inspector=EVERYBODY.user))).now
ALL_CASES = (
    *CASES.values(),
    Life().run(*JOINT).now,
    Life(BOOK).run(*APPLIED).now,
    Life(BOOK).run(*JOINT, (CREWS[WATER], acts.FeedBack())).now,
    Life(BOOK).run(*JOINT, (CREWS[LAMPS], acts.AcceptWork()), (CREWS[WATER], acts.FeedBack())).now,
    Life(BOOK).run(*REPORTED, (EVERYBODY, claims.ClaimCase())).now,
    CLAIMED,
    URGED,
    ORDERED,
)

COMMANDS: dict[type[Command], Command] = {
    acts.AnswerAtOnce: acts.AnswerAtOnce(opinion="x"),
    acts.HandOver: acts.HandOver(to=CentreId("440300"), reason="x"),
    acts.AcceptWork: acts.AcceptWork(),
    acts.PassDown: acts.PassDown(to=BELOW),
    acts.PullBack: acts.PullBack(),
    acts.WithdrawDispatch: acts.WithdrawDispatch(reason="x"),
    acts.WithdrawOrder: acts.WithdrawOrder(),
    acts.MarkDelivered: acts.MarkDelivered(),
    acts.MarkRead: acts.MarkRead(),
    acts.ReopenCase: acts.ReopenCase(link=State.REGISTERED, reason="x"),
    acts.TakeBack: acts.TakeBack(),
    applications.ApplyFor: applications.ApplyFor(kind=Application.EXTENSION, reason="x"),
    applications.ApproveApplication: applications.ApproveApplication(),
    applications.RefuseApplication: applications.RefuseApplication(reason="x"),
    applications.ResumeCase: applications.ResumeCase(),
    claims.ClaimCase: claims.ClaimCase(),
    claims.ReleaseClaim: claims.ReleaseClaim(),
    claims.TakeOver: claims.TakeOver(reason="x"),
    claims.PassOn: claims.PassOn(to=UserId("relief")),
    claims.RemindUnits: claims.RemindUnits(),
    claims.UrgeCase: claims.UrgeCase(leader="局长"),
    claims.LiftUrge: claims.LiftUrge(),
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
    AttachPhoto: AttachPhoto(kind=PhotoKind.BEFORE, digest=SENT.digest),
    acts.ShowContact: acts.ShowContact(),
}
"""One valid command of each kind."""

BY_TABLE = {
    *("case.wrong_state", "case.wrong_role", "case.not_yours", "case.held_already"),
    *("case.not_held", "case.no_application", "case.applied_already", "case.accepted_already"),
    *("case.not_urged", "order.delivered_already", "order.read_already"),
    "case.not_your_turn",
}


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
        decide(case, command, context(actor, role, rules=BOOK))
    except Refused as refused:
        return refused.code not in BY_TABLE
    return True


def test_every_state_of_a_case_is_reached_by_the_kit() -> None:
    assert {state: case.state for state, case in CASES.items()} == {s: s for s in State}


def test_every_command_but_the_report_has_its_valid_example() -> None:
    with_their_own = {acts.ReportCase, claims.TakeNext, ImportCase}
    assert set(COMMANDS) == set(DECIDER.commands) - with_their_own


@given(case=st.sampled_from(ALL_CASES), held=st.lists(grants(), min_size=1, max_size=4))
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
    here = [act for act in ACTS if state in act.states]
    for common in (Counter(a.key for a in here if a.key), Counter(a.command for a in here)):
        assert all(count == 1 for count in common.values()), common


VARIANTS: dict[type[Command], tuple[Command, ...]] = {
    acts.CheckCase: (acts.CheckCase(passed=False),),
    acts.SendBack: (acts.SendBack(reason="not_ours", to=State.HANDLING),),
    acts.CloseCase: (acts.CloseCase(kind=ClosingKind.FORCED, reason="x"),),
    acts.ReopenCase: tuple(acts.ReopenCase(link=link, reason="x") for link in REOPENED_TO),
    applications.ApplyFor: tuple(
        applications.ApplyFor(kind=kind, reason="not_ours", until=NINE + 9 * DAY)
        for kind in Application
    ),
}
ELSEWHERE = {"take_back", "hand_over", "pass_down", "pull_back", "pass_on", "take_over"}
"""Acts that need more than a case alone: their own tests follow them."""


def reached_by(act: Act) -> set[tuple[State, State]]:
    """The ways on which an act leads the cases of the kit, whoever may do it."""
    holders = [EVERYBODY, *(person("crew", grant(Role.UNIT, unit)) for unit in UNITS)]
    reached: set[tuple[State, State]] = set()
    for case in ALL_CASES:
        if case.state not in act.states:
            continue
        for holder in holders:
            for role in [role for found, role in allowed(case, holder) if found is act]:
                commands = (COMMANDS[act.command], *VARIANTS.get(act.command, ()))
                for rules in (BOOK, replace(BOOK, applications=())):
                    for each in commands:
                        of = context(holder, role, rules=rules)
                        reached |= {(case.state, to) for to in _led_to(case, each, of)}
    return reached


def _led_to(case: Case, command: Command, of: Context) -> set[State]:
    try:
        return {getattr(event, "state", case.state) for event in decide(case, command, of)}
    except Refused:
        return set()


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.name)
def test_an_act_leads_only_where_the_table_says(act: Act) -> None:
    if act.command is acts.ReportCase:
        assert act.states == ()
        return
    reached = reached_by(act)
    for before in act.states:
        allowed_ways = set(act.ways(before)) or {before}
        assert {to for start, to in reached if start is before} <= allowed_ways
    if act.name not in ELSEWHERE:
        assert reached


def test_an_ended_case_can_be_reopened_noted_and_looked_at_and_nothing_else() -> None:
    for state in ENDED:
        names = [act.name for act, _ in allowed(CASES[state], EVERYBODY)]
        assert names == ["reopen", "take_back", "note", "attach_photo", "show_contact"]


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
        "answer",
        "order_verification",
        "pass_for_filing",
        "cancel",
        "claim",
        "pass_on",
        "take_back",
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


# --- by the book ----------------------------------------------------------------------------------


def offered(life: Life, crew: Actor = CREWS[WATER]) -> set[str]:
    return {act.name for act, _ in allowed(life.now, crew, life.rules)}


def with_rules(*kinds: Application, most: int = 0) -> RuleBook:
    return replace(RULES, applications=tuple(ApplicationRule(kind=k, most=most) for k in kinds))


def test_where_a_return_goes_by_application_it_is_not_offered_directly() -> None:
    direct, by_application = Life(RULES), Life(with_rules(Application.RETURN))
    for life in (direct, by_application):
        life.run(*DISPATCHED)
    assert "send_back_dispatched" in offered(direct)
    assert "send_back_dispatched" not in offered(by_application)
    assert may_apply_for(by_application.now, CREWS[WATER], by_application.rules) == (
        Application.RETURN,
    )


def test_what_was_passed_down_goes_up_again_without_asking() -> None:
    below = UnitId("below")
    rules = with_rules(Application.RETURN)
    units = (*RULES.units, Unit(id=below, name="班组", parent=WATER))
    life = Life(replace(rules, units=units)).run(*DISPATCHED)
    assert "pass_down" in offered(life)
    life.act(CREWS[WATER], acts.PassDown(to=below))
    crew = person("below", grant(Role.UNIT, below))
    assert "send_back_dispatched" in offered(life, crew)
    assert "apply" not in offered(life, crew)


def test_what_the_city_does_not_know_is_not_offered() -> None:
    life = Life(replace(RULES, centres=RULES.centres[:1])).run(*FILED)
    assert "hand_over" not in offered(life, DISPATCHER)
    life.run(*DISPATCHED[len(FILED) :])
    assert offered(life).isdisjoint({"apply", "pass_down"})


def test_a_unit_is_offered_to_apply_for_what_is_open_to_its_part() -> None:
    life = Life(with_rules(*Application)).run(*JOINT)
    assert may_apply_for(life.now, CREWS[WATER], life.rules) == tuple(Application)
    assert may_apply_for(life.now, CREWS[LAMPS], life.rules) == (
        Application.EXTENSION,
        Application.RETURN,
    )
    assert may_apply_for(life.now, CREWS[TREES], life.rules) == ()


def test_what_was_approved_as_often_as_it_may_is_not_offered_again() -> None:
    life = Life(with_rules(Application.EXTENSION, most=1)).run(*DISPATCHED)
    life.act(CREWS[WATER], ApplyFor(kind=Application.EXTENSION, reason="x"))
    life.act(LEADER, ApproveApplication())
    assert "apply" not in offered(life)
