"""At the units: acceptance, passing down and up, hand-over between centres, withdrawal, endings."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from msgspec.structs import replace

from casework import acts
from casework.applications import ApplyFor
from casework.case import allowed
from casework.claims import ClaimCase
from casework.decider import Actor, Command, Grant
from casework.rulebook import ApplicationRule, DeadlineStart, LinkLimit, ReasonCode, ReasonedAct
from casework.rules.centres import first_centre
from casework.terms import (
    Application,
    AreaId,
    AssignmentState,
    CentreId,
    ClosingKind,
    Role,
    State,
    UnitId,
)
from casework.territory import Area, AreaLevel, Unit, UnitLevel
from tests.casework.case_kit import (
    ACCEPTOR,
    CHECKING,
    CITY_CENTRE,
    CLOSED,
    CREWS,
    DISPATCHED,
    DISPATCHER,
    EAST_CENTRE,
    FEEDBACK,
    FILED,
    HARBOUR,
    INSPECTOR,
    JOINT,
    LAMPS,
    LEADER,
    PENDING,
    PREFILED,
    REPORTED,
    RULES,
    WATER,
    Life,
    context,
    grant,
    hours,
    person,
    report,
)

HOUR = timedelta(hours=1)
Line = Sequence[tuple[Actor, Command]]
CENTRE, TEAM = UnitId("street_centre@440301001"), UnitId("squad@440301001")
BELOW = replace(
    RULES,
    units=(
        *RULES.units,
        Unit(id=CENTRE, name="街道处置中心", parent=WATER),
        Unit(id=TEAM, name="执法队", parent=CENTRE),
    ),
)
MIDDLE, LOW = (person(unit, grant(Role.UNIT, unit)) for unit in (CENTRE, TEAM))
UP = acts.SendBack(reason="not_ours")
DOWN: Line = (
    *DISPATCHED,
    (CREWS[WATER], acts.AcceptWork()),
    (CREWS[WATER], acts.PassDown(to=CENTRE)),
    (MIDDLE, acts.PassDown(to=TEAM)),
)


# --- acceptance -----------------------------------------------------------------------------------


def test_a_case_is_in_hand_once_its_lead_has_accepted() -> None:
    life = Life().run(*JOINT)
    states = []
    for unit in (LAMPS, WATER):
        life.act(CREWS[unit], acts.AcceptWork())
        states.append(life.now.state)
    assert states == [State.DISPATCHED, State.HANDLING]


def test_work_is_accepted_once() -> None:
    life = Life().run(*DISPATCHED, (CREWS[WATER], acts.AcceptWork()))
    assert life.refusal(CREWS[WATER], acts.AcceptWork()) == "case.accepted_already"


# --- down and up ----------------------------------------------------------------------------------


def test_work_goes_down_from_the_district_to_the_street_and_its_team() -> None:
    life = Life(BELOW).run(*DOWN)
    (assignment,) = life.now.assignments
    assert (assignment.unit, assignment.via) == (TEAM, (WATER, CENTRE))
    assert (assignment.state, life.now.state) == (AssignmentState.OPEN, State.DISPATCHED)


def test_passing_down_leaves_the_clock_as_it_runs() -> None:
    due = Life(BELOW).run(*DOWN[:-3]).now.due
    life = Life(BELOW).run(*DOWN, (LOW, acts.AcceptWork()))
    assert life.now.due == life.now.link_due == due


def test_what_was_passed_down_goes_back_to_the_unit_above_which_had_accepted_it() -> None:
    life = Life(BELOW).run(*DOWN, (LOW, UP))
    (assignment,) = life.now.assignments
    assert (assignment.unit, assignment.via) == (CENTRE, (WATER,))
    assert assignment.state is AssignmentState.HANDLING
    assert life.now.returns == 0, "the centre has got nothing back"
    life.act(MIDDLE, UP)
    assert life.now.lead == WATER


def test_the_units_above_still_see_what_they_passed_down_and_do_nothing_with_it() -> None:
    life = Life(BELOW).run(*DOWN)
    assert set(life.now.scope.units) == {WATER, CENTRE, TEAM}
    assert life.refusal(CREWS[WATER], acts.FeedBack()) == "case.not_yours"


def test_a_unit_pulls_back_what_it_passed_down_before_it_returns_the_case() -> None:
    life = Life(BELOW).run(*DOWN)
    due = life.now.due
    assert life.refusal(MIDDLE, UP) == "case.not_yours"
    life.act(MIDDLE, acts.PullBack(opinion="自行处理"))
    (assignment,) = life.now.assignments
    assert (assignment.unit, assignment.via) == (CENTRE, (WATER,))
    assert (assignment.state, life.now.due) == (AssignmentState.HANDLING, due)
    life.act(MIDDLE, UP)
    assert life.now.lead == WATER


def test_only_the_unit_right_above_pulls_back_and_only_what_is_under_way() -> None:
    life = Life(BELOW).run(*DOWN)
    assert life.refusal(CREWS[WATER], acts.PullBack()) == "case.not_yours"
    assert life.refusal(LOW, acts.PullBack()) == "case.not_yours"
    plain = Life(BELOW).run(*DISPATCHED)
    assert plain.refusal(CREWS[WATER], acts.PullBack()) == "case.not_yours"


def test_what_the_unit_below_applied_for_is_answered_before_it_is_pulled_back() -> None:
    rules = replace(BELOW, applications=(ApplicationRule(kind=Application.EXTENSION),))
    asked = ApplyFor(kind=Application.EXTENSION, reason="x")
    life = Life(rules).run(*DOWN, (LOW, asked))
    assert life.refusal(MIDDLE, acts.PullBack()) == "case.applied_already"


@pytest.mark.parametrize(
    ("to", "code"),
    [
        (UnitId("nobody"), "case.unknown_unit"),
        (LAMPS, "case.not_below"),
        (TEAM, "case.not_below"),
    ],
)
def test_work_is_passed_to_a_unit_right_below_only(to: UnitId, code: str) -> None:
    life = Life(BELOW).run(*DISPATCHED)
    assert life.refusal(CREWS[WATER], acts.PassDown(to=to)) == code


def test_work_is_not_passed_to_a_unit_that_has_its_own_part() -> None:
    joint = acts.DispatchCase(lead=WATER, joint=(CENTRE,))
    life = Life(BELOW).run(*FILED, (DISPATCHER, joint))
    assert life.refusal(CREWS[WATER], acts.PassDown(to=CENTRE)) == "case.unit_twice"


def test_who_has_applied_waits_for_the_answer_before_the_work_goes_on_or_up() -> None:
    rules = replace(BELOW, applications=(ApplicationRule(kind=Application.EXTENSION),))
    asked = ApplyFor(kind=Application.EXTENSION, reason="x")
    life = Life(rules).run(*DISPATCHED, (CREWS[WATER], asked))
    assert life.refusal(CREWS[WATER], acts.PassDown(to=CENTRE)) == "case.applied_already"
    low = Life(rules).run(*DOWN, (LOW, asked))
    assert low.refusal(LOW, UP) == "case.applied_already"


def test_a_unit_below_does_not_ask_the_centre_for_a_return() -> None:
    rules = replace(BELOW, applications=(ApplicationRule(kind=Application.RETURN),))
    life = Life(rules).run(*DOWN)
    asked = ApplyFor(kind=Application.RETURN, reason="not_ours")
    assert life.refusal(LOW, asked) == "application.return_to_above"
    assert life.decide(LOW, UP)


# --- withdrawal and dispatch anew -----------------------------------------------------------------


def test_a_withdrawn_dispatch_ends_the_round_of_all_units() -> None:
    life = Life().run(*JOINT, (CREWS[LAMPS], acts.FeedBack()))
    life.act(DISPATCHER, acts.WithdrawDispatch(reason="wrong"))
    assert (life.now.state, life.now.lead, life.now.returns) == (State.FILED, None, 0)
    assert {a.state for a in life.now.assignments} == {AssignmentState.RETURNED}


def test_a_withdrawal_needs_a_reason() -> None:
    life = Life().run(*DISPATCHED)
    assert life.refusal(DISPATCHER, acts.WithdrawDispatch(reason="")) == "case.reason_missing"
    listed = ReasonCode(id="wrong", act=ReasonedAct.WITHDRAW, text="派错")
    life.rules = replace(RULES, reasons=(listed,))
    assert life.refusal(DISPATCHER, acts.WithdrawDispatch(reason="x")) == "case.unknown_reason"


def test_dispatch_back_to_the_unit_that_had_passed_the_work_down_goes_on_with_its_clock() -> None:
    life = Life(BELOW).run(*DOWN)
    due = life.now.due
    assert due is not None
    life.act(DISPATCHER, acts.WithdrawDispatch(reason="x"))
    life.act(DISPATCHER, acts.DispatchCase(lead=WATER), at=life.at + 7 * HOUR)
    assert life.now.due == due + 7 * HOUR


# --- between centres ------------------------------------------------------------------------------

CITY_WIDE, EASTERN, ELSEWHERE = UnitId("gas"), UnitId("eastern"), UnitId("western")
WESTERN = AreaId("440302001")
CENTRES = replace(
    RULES,
    units=(
        Unit(id=CITY_WIDE, name="燃气"),
        Unit(id=EASTERN, name="东", level=UnitLevel.AREA, area=HARBOUR),
        Unit(id=ELSEWHERE, name="西", level=UnitLevel.AREA, area=WESTERN),
    ),
    areas=(
        *RULES.areas,
        Area(id=WESTERN, name="西街", level=AreaLevel.STREET, parent=AreaId("440302")),
    ),
)


def of_centre(role: Role, centre: CentreId) -> Actor:
    return person(f"{role}@{centre}", Grant(role=role, centre=centre))


def at_centre(centre: CentreId) -> Life:
    """A filed case that began at this centre."""
    life = Life(CENTRES)
    life.act(of_centre(Role.ACCEPTOR, centre), report())
    return life.run(*FILED[1:])


def test_a_report_begins_at_the_centre_of_who_took_it_else_at_the_citys() -> None:
    assert at_centre(EAST_CENTRE).now.centre == EAST_CENTRE
    assert Life(CENTRES).run(*REPORTED).now.centre == CITY_CENTRE
    assert first_centre(replace(CENTRES, centres=()), ACCEPTOR.grants, Role.ACCEPTOR) is None


@pytest.mark.parametrize(
    ("centre", "reached"),
    [(EAST_CENTRE, {EASTERN}), (CITY_CENTRE, {CITY_WIDE, EASTERN, ELSEWHERE})],
)
def test_a_districts_centre_sends_its_own_teams_and_the_citys_all(
    centre: CentreId, reached: set[UnitId]
) -> None:
    life = at_centre(centre)
    for unit in (CITY_WIDE, EASTERN, ELSEWHERE):
        command = acts.DispatchCase(lead=unit)
        if unit in reached:
            assert life.decide(DISPATCHER, command)
        else:
            assert life.refusal(DISPATCHER, command) == "case.unit_of_other_centre"


def test_a_case_is_handed_over_and_its_dispatch_link_starts_anew() -> None:
    life = at_centre(EAST_CENTRE)
    life.act(DISPATCHER, acts.HandOver(to=CITY_CENTRE, reason="municipal"))
    assert (life.now.centre, life.now.state) == (CITY_CENTRE, State.FILED)
    assert life.now.link_since == life.at
    assert life.now.link_due == life.at + 4 * HOUR
    (*_, event) = life.events
    assert isinstance(event, acts.CaseHandedOver)
    assert (event.centre, event.to, event.reason) == (EAST_CENTRE, CITY_CENTRE, "municipal")


def test_a_case_that_was_handed_over_is_the_other_centres() -> None:
    life = at_centre(EAST_CENTRE)
    eastern, city = (of_centre(Role.DISPATCHER, each) for each in (EAST_CENTRE, CITY_CENTRE))
    life.act(eastern, acts.HandOver(to=CITY_CENTRE, reason="municipal"))
    dispatch = acts.DispatchCase(lead=CITY_WIDE)
    assert life.refusal(eastern, dispatch) == "case.not_yours"
    assert "dispatch" not in {act.name for act, _ in allowed(life.now, eastern)}
    assert life.decide(city, dispatch)


def handed_over() -> tuple[Life, Actor, Actor]:
    """A case that the east's dispatcher handed over to the city, and the two dispatchers."""
    life = at_centre(EAST_CENTRE)
    eastern, city = (of_centre(Role.DISPATCHER, each) for each in (EAST_CENTRE, CITY_CENTRE))
    life.act(eastern, acts.HandOver(to=CITY_CENTRE, reason="municipal"))
    return life, eastern, city


def test_who_handed_a_case_over_may_take_that_back() -> None:
    before = at_centre(EAST_CENTRE).now
    life, eastern, _ = handed_over()
    assert "take_back" in {act.name for act, _ in allowed(life.now, eastern)}
    life.act(eastern, acts.TakeBack(), at=life.at + timedelta(seconds=30))
    assert life.now == replace(before, version=life.now.version, step=life.now.step)


def test_what_was_handed_over_is_not_taken_back_once_the_other_centre_has_acted() -> None:
    life, eastern, city = handed_over()
    life.act(city, acts.DispatchCase(lead=CITY_WIDE), at=life.at)
    assert life.refusal(eastern, acts.TakeBack(), at=life.at) == "undo.not_yours"


def test_what_was_handed_over_is_not_taken_back_out_of_the_other_centres_hands() -> None:
    life, eastern, city = handed_over()
    life.act(city, ClaimCase(), at=life.at)
    assert life.refusal(eastern, acts.TakeBack(), at=life.at) == "case.held"


def test_a_colleague_of_the_centre_that_handed_over_takes_nothing_back() -> None:
    life, _, _ = handed_over()
    colleague = person("colleague", Grant(role=Role.DISPATCHER, centre=EAST_CENTRE))
    assert life.refusal(colleague, acts.TakeBack(), at=life.at) == "undo.not_yours"


@pytest.mark.parametrize(
    ("to", "reason", "code"),
    [
        (CentreId("nowhere"), "x", "case.unknown_centre"),
        (EAST_CENTRE, "x", "case.same_centre"),
        (CITY_CENTRE, "", "case.reason_missing"),
    ],
)
def test_a_case_goes_to_another_known_centre_with_a_reason(
    to: CentreId, reason: str, code: str
) -> None:
    life = at_centre(EAST_CENTRE)
    assert life.refusal(DISPATCHER, acts.HandOver(to=to, reason=reason)) == code


# --- endings --------------------------------------------------------------------------------------


def test_an_enquiry_is_answered_at_once_with_what_was_said() -> None:
    life = Life().run(*REPORTED)
    assert life.refusal(ACCEPTOR, acts.AnswerAtOnce(opinion=" ")) == "case.answer_missing"
    life.act(ACCEPTOR, acts.AnswerAtOnce(opinion="请拨 110"))
    assert (life.now.state, life.now.ended_at, life.now.link_due) == (
        State.ANSWERED,
        life.at,
        None,
    )


def test_an_inspectors_report_handled_on_the_spot_is_closed_with_it() -> None:
    life = Life()
    opened, closed = life.act(INSPECTOR, report(handled=True))
    assert isinstance(opened, acts.CaseReported)
    assert closed == acts.CaseClosed(state=State.CLOSED, kind=ClosingKind.SELF_HANDLED)
    assert (life.now.state, life.now.closing) == (State.CLOSED, ClosingKind.SELF_HANDLED)
    assert Life().refusal(ACCEPTOR, report(handled=True)) == "case.wrong_role"


@pytest.mark.parametrize("late", [False, True])
def test_normal_or_late_is_what_the_clock_says(late: bool) -> None:
    life = Life().run(*DISPATCHED)
    life.act(CREWS[WATER], acts.FeedBack(), at=life.at + (25 if late else 23) * HOUR)
    life.run(*PENDING[-2:])
    right, wrong = ClosingKind.NORMAL, ClosingKind.LATE
    if late:
        right, wrong = wrong, right
    assert life.refusal(LEADER, acts.CloseCase(kind=wrong)) == "case.kind_by_the_clock"
    life.act(LEADER, acts.CloseCase(kind=right))
    assert life.now.closing is right


SPECIAL = [ClosingKind.ERROR, ClosingKind.SPECIAL, ClosingKind.FORCED, ClosingKind.INFORMATION]


@pytest.mark.parametrize("kind", SPECIAL)
@pytest.mark.parametrize("line", [FILED, DISPATCHED, FEEDBACK, CHECKING, PENDING])
def test_the_other_kinds_close_from_the_filing_on_and_need_a_reason(
    line: Line, kind: ClosingKind
) -> None:
    life = Life().run(*line)
    assert life.refusal(LEADER, acts.CloseCase(kind=kind)) == "case.reason_missing"
    life.act(LEADER, acts.CloseCase(kind=kind, reason="ordered"))
    assert (life.now.state, life.now.closing, life.now.order) == (State.CLOSED, kind, None)


def test_before_the_check_a_closing_kind_is_named() -> None:
    assert Life().run(*DISPATCHED).refusal(LEADER, acts.CloseCase()) == "case.closing_kind_missing"


def test_what_others_handled_is_not_closed_as_handled_on_the_spot() -> None:
    command = acts.CloseCase(kind=ClosingKind.SELF_HANDLED, reason="x")
    assert Life().run(*PENDING).refusal(LEADER, command) == "case.self_handled_only"


# --- reopening ------------------------------------------------------------------------------------

CANCELLED: Line = (*REPORTED, (LEADER, acts.CancelCase(reason="repeated")))
DECLINED: Line = (*PREFILED, (LEADER, acts.DeclineCase(reason="x")))
FORCED = acts.CloseCase(kind=ClosingKind.FORCED, reason="ordered")
BEFORE = {State.REGISTERED, State.PREFILED}
LATER = {State.HANDLING, State.FEEDBACK, State.PENDING_CLOSE}


@pytest.mark.parametrize(
    ("line", "links"),
    [
        (CANCELLED, BEFORE),
        (DECLINED, BEFORE),
        ((*DISPATCHED, (LEADER, FORCED)), BEFORE | {State.FILED}),
        ((*JOINT, (CREWS[LAMPS], acts.FeedBack()), (LEADER, FORCED)), BEFORE | {State.FILED}),
        (CLOSED, BEFORE | {State.FILED} | LATER),
    ],
)
def test_an_ended_case_goes_on_at_a_link_that_it_once_reached(
    line: Line, links: set[State]
) -> None:
    for link in State:
        life = Life().run(*line)
        command = acts.ReopenCase(link=link, reason="came back")
        if link in links:
            ended = life.now.ended_at
            life.act(LEADER, command)
            assert (life.now.state, life.now.ended_at) == (link, None)
            assert life.now.first_ended_at == ended
        else:
            assert life.refusal(LEADER, command) == "case.cannot_reopen_there"


def test_reopening_needs_a_reason() -> None:
    command = acts.ReopenCase(link=State.FILED, reason="")
    assert Life().run(*CLOSED).refusal(LEADER, command) == "case.reason_missing"


def test_the_first_ending_of_a_reopened_case_is_kept() -> None:
    life = Life().run(*CLOSED)
    first = life.at
    for kind in (ClosingKind.ERROR, ClosingKind.SPECIAL):
        life.act(LEADER, acts.ReopenCase(link=State.PENDING_CLOSE, reason="x"))
        life.act(LEADER, acts.CloseCase(kind=kind, reason="x"))
    assert (life.now.first_ended_at, life.now.ended_at) == (first, life.at)
    assert (life.now.first_closing, life.now.closing) == (ClosingKind.NORMAL, ClosingKind.SPECIAL)


def test_a_case_reopened_at_the_units_is_in_the_hands_it_was_in() -> None:
    life = Life().run(*CLOSED, (LEADER, acts.ReopenCase(link=State.HANDLING, reason="x")))
    assert [(a.unit, a.state) for a in life.now.assignments] == [(WATER, AssignmentState.HANDLING)]
    assert life.now.handled_at is None


def test_a_case_reopened_before_the_dispatch_has_no_unit() -> None:
    life = Life().run(*CLOSED, (LEADER, acts.ReopenCase(link=State.FILED, reason="x")))
    assert (life.now.lead, life.now.handled_at) == (None, None)


# --- returns --------------------------------------------------------------------------------------


@pytest.mark.parametrize("to", State)
def test_a_shift_leader_sends_back_to_the_check_or_to_the_units(to: State) -> None:
    life = Life().run(*PENDING)
    command = acts.SendBack(reason="not_ours", to=to)
    if to in (State.FEEDBACK, State.HANDLING):
        life.act(LEADER, command)
        assert life.now.state is to
        assert life.now.rework == (to is State.HANDLING)
    else:
        assert life.refusal(LEADER, command) == "case.cannot_send_back_there"


# --- where the deadline starts with the acceptance ------------------------------------------------

ACCEPTED = replace(RULES, deadline_start=DeadlineStart.ACCEPTED)


def test_a_city_may_let_the_deadline_run_from_the_acceptance() -> None:
    life = Life(ACCEPTED).run(*JOINT)
    assert (life.now.due, life.now.due_basis) == (None, "none")
    life.act(CREWS[WATER], acts.AcceptWork())
    assert life.now.due == life.now.link_due == life.at + 24 * HOUR
    assert life.now.due_basis == "rule"


def test_each_unit_of_such_a_city_has_its_own_start() -> None:
    life = Life(ACCEPTED).run(*JOINT, (CREWS[WATER], acts.AcceptWork()))
    led = life.now.due
    life.act(CREWS[LAMPS], acts.AcceptWork())
    dues = {a.unit: a.due for a in life.now.assignments}
    assert dues == {WATER: led, LAMPS: life.at + 24 * HOUR}
    assert life.now.due == led


def test_another_unit_starts_anew_when_it_accepts() -> None:
    life = Life(ACCEPTED).run(*DISPATCHED, (CREWS[WATER], acts.AcceptWork()), (CREWS[WATER], UP))
    life.act(DISPATCHER, acts.DispatchCase(lead=LAMPS))
    assert (life.now.due, life.now.link_due) == (None, None)
    life.act(CREWS[LAMPS], acts.AcceptWork())
    assert life.now.due == life.at + 24 * HOUR


def test_a_deadline_of_a_record_waits_for_no_acceptance() -> None:
    target = context(ACCEPTOR).at + 9 * HOUR
    life = Life(ACCEPTED, practice=True)
    life.run((ACCEPTOR, report(target=target)), *DISPATCHED[1:])
    assert life.now.due == target
    life.act(CREWS[WATER], acts.AcceptWork())
    assert life.now.due == target


def test_feedback_before_the_acceptance_is_in_time_and_starts_the_deadline() -> None:
    life = Life(ACCEPTED).run(*FEEDBACK)
    assert (life.now.due, life.now.due_basis) == (life.at + 24 * HOUR, "rule")
    life.run(*PENDING[len(FEEDBACK) :], (LEADER, acts.CloseCase()))
    (*_, closed) = life.events
    assert isinstance(closed, acts.CaseClosed)
    assert (closed.on_time, closed.kind) == (True, ClosingKind.NORMAL)


def test_rework_of_what_was_never_accepted_has_the_whole_limit() -> None:
    life = Life(ACCEPTED).run(*CHECKING, (INSPECTOR, acts.CheckCase(passed=False)))
    assert life.now.due == life.now.link_due == life.at + 24 * HOUR


def test_rework_runs_from_that_feedback_where_no_clock_rests_while_checked() -> None:
    life = Life(replace(ACCEPTED, clock_rests_while_checked=False)).run(*FEEDBACK)
    due = life.at + 24 * HOUR
    life.run(*CHECKING[len(FEEDBACK) :], (INSPECTOR, acts.CheckCase(passed=False)))
    assert life.now.due == life.now.link_due == due


def test_a_joint_units_feedback_before_its_acceptance_leaves_the_leads_deadline_open() -> None:
    life = Life(ACCEPTED).run(*JOINT, (CREWS[LAMPS], acts.FeedBack()))
    assert (life.now.due, life.now.due_basis) == (None, "none")


def test_a_leads_feedback_before_its_acceptance_starts_the_clock_of_who_is_still_at_work() -> None:
    life = Life(ACCEPTED).run(*JOINT, (CREWS[WATER], acts.FeedBack()))
    assert life.now.state is State.DISPATCHED
    assert life.now.due == life.now.link_due == life.at + 24 * HOUR


def test_a_case_that_its_lead_has_done_is_in_hand_with_the_deadline_of_the_case() -> None:
    timed = replace(RULES, link_limits=(LinkLimit(state=State.DISPATCHED, limit=hours(3)),))
    life = Life(timed).run(*JOINT, (CREWS[LAMPS], acts.AcceptWork()))
    life.act(CREWS[WATER], acts.FeedBack())
    assert life.now.state is State.HANDLING
    assert life.now.link_due == life.now.due
