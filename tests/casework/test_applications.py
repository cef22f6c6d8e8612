"""申請: what a unit applies for, what the centre says, and what that does to the clocks."""

from datetime import datetime, timedelta

import pytest
from msgspec.structs import replace

from casework import acts
from casework.acts import Handling
from casework.applications import (
    ApplicationRefused,
    AppliedFor,
    ApplyFor,
    ApproveApplication,
    ExtensionApproved,
    RefuseApplication,
    ResumeCase,
)
from casework.case import allowed, turns
from casework.decider import Command
from casework.decisions import DECIDER
from casework.rulebook import ApplicationRule, ReasonCode, ReasonedAct
from casework.scheme import Clock, Limit
from casework.terms import Application, AssignmentState, ClosingKind, Kind, Role, State
from tests.casework.case_kit import (
    ACCEPTOR,
    CREWS,
    DISPATCHED,
    DISPATCHER,
    FEEDBACK,
    JOINT,
    LAMPS,
    LEADER,
    NINE,
    RULES,
    WATER,
    Life,
    grant,
    hours,
    person,
    report,
)

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SERVER = person("server", grant(Role.SYSTEM))
NEXT_WEEK = NINE + 7 * DAY
EXTENSION = ApplyFor(kind=Application.EXTENSION, reason="weather")
SUSPENSION = ApplyFor(kind=Application.SUSPENSION, reason="season", until=NEXT_WEEK)
RETURN = ApplyFor(kind=Application.RETURN, reason="not_ours")
EXTENDED = ApplyFor(kind=Application.HANDLING, reason="large")
YES, NO = ApproveApplication(), RefuseApplication(reason="weak")


def city(*rules: ApplicationRule) -> Life:
    """A case at its unit in a city with these rules, or all four kinds as simple as can be."""
    given = rules or tuple(ApplicationRule(kind=kind) for kind in Application)
    return Life(replace(RULES, applications=given)).run(*DISPATCHED)


def due(life: Life) -> datetime:
    found = life.now.due
    assert found is not None
    return found


# --- applying -------------------------------------------------------------------------------------


def test_an_application_waits_with_its_unit_for_the_shift_leader() -> None:
    life = city()
    life.act(CREWS[WATER], EXTENSION)
    waiting = life.now.application
    assert waiting is not None
    assert (waiting.unit, life.now.state) == (WATER, State.DISPATCHED)
    assert waiting.waiting is not None
    assert (waiting.waiting.kind, waiting.waiting.since) == (Application.EXTENSION, life.at)
    assert "approve" in {act.name for act, _ in allowed(life.now, LEADER)}


def test_a_kind_without_a_rule_is_not_known_in_the_city() -> None:
    life = city(ApplicationRule(kind=Application.SUSPENSION))
    assert life.refusal(CREWS[WATER], EXTENSION) == "application.unknown_kind"


def test_one_application_of_a_unit_waits_at_a_time() -> None:
    life = city()
    life.act(CREWS[WATER], EXTENSION)
    assert life.refusal(CREWS[WATER], SUSPENSION) == "case.applied_already"


def test_an_application_needs_its_reason() -> None:
    life = city()
    unsaid = replace(EXTENSION, reason="")
    assert life.refusal(CREWS[WATER], unsaid) == "case.reason_missing"
    listed = ReasonCode(id="rain", act=ReasonedAct.EXTENSION, text="大雨")
    life.rules = replace(life.rules, reasons=(listed,))
    assert life.refusal(CREWS[WATER], EXTENSION) == "case.unknown_reason"
    assert life.decide(CREWS[WATER], replace(EXTENSION, reason="rain"))


def test_a_city_sets_how_long_the_decision_may_take() -> None:
    life = city(ApplicationRule(kind=Application.EXTENSION, limit=hours(2)))
    (event,) = life.act(CREWS[WATER], EXTENSION)
    assert isinstance(event, AppliedFor)
    assert event.decide_by == life.at + 2 * HOUR
    (unbound,) = city().decide(CREWS[WATER], EXTENSION)
    assert isinstance(unbound, AppliedFor)
    assert unbound.decide_by is None


def test_so_many_are_approved_and_refused_ones_do_not_count() -> None:
    life = city(ApplicationRule(kind=Application.EXTENSION, most=1))
    life.run((CREWS[WATER], EXTENSION), (LEADER, NO), (CREWS[WATER], EXTENSION), (LEADER, YES))
    assert life.refusal(CREWS[WATER], EXTENSION) == "application.too_often"


# --- a leader above the shift leader --------------------------------------------------------------

AGREED = ApproveApplication(leader="分管领导")


def test_from_the_approval_that_the_city_names_a_leader_above_must_have_agreed() -> None:
    life = city(ApplicationRule(kind=Application.EXTENSION, leader_from=2))
    life.run((CREWS[WATER], EXTENSION), (LEADER, YES), (CREWS[WATER], EXTENSION))
    assert life.refusal(LEADER, YES) == "application.leader_missing"
    assert life.refusal(LEADER, ApproveApplication(leader=" ")) == "application.leader_missing"
    life.act(LEADER, AGREED)
    approved = life.events[-1]
    assert isinstance(approved, ExtensionApproved)
    assert approved.leader == "分管领导"
    life.act(CREWS[WATER], EXTENSION)
    assert life.refusal(LEADER, YES) == "application.leader_missing", "every later one as well"


def test_refused_ones_do_not_count_towards_it_and_a_refusal_needs_no_leader() -> None:
    life = city(ApplicationRule(kind=Application.EXTENSION, leader_from=2))
    for answer in (NO, YES):
        life.run((CREWS[WATER], EXTENSION), (LEADER, answer))
    life.act(CREWS[WATER], EXTENSION)
    assert life.decide(LEADER, NO)


def engineering(kind: Kind, handling: Handling) -> Life:
    """A case filed with this handling, at its unit in a city where engineering needs a leader."""
    kinds = (Application.EXTENSION, Application.HANDLING)
    given = tuple(ApplicationRule(kind=each, leader_if_engineering=True) for each in kinds)
    scheme = RULES.scheme
    classes = (*scheme.classes, replace(scheme.classes[0], kind=Kind.COMPONENT))
    book = replace(RULES, applications=given, schemes=(replace(scheme, classes=classes),))
    line = (
        (ACCEPTOR, report(kind=kind)),
        (ACCEPTOR, acts.PassForFiling()),
        (LEADER, acts.FileCase(handling=handling)),
        (DISPATCHER, acts.DispatchCase(lead=WATER)),
    )
    return Life(book).run(*line)


@pytest.mark.parametrize(
    ("kind", "handling", "asked", "code"),
    [
        (Kind.COMPONENT, Handling.EXTENDED, EXTENSION, "application.leader_missing"),
        (Kind.COMPONENT, Handling.GENERAL, EXTENDED, "application.leader_missing"),
        (Kind.COMPONENT, Handling.GENERAL, EXTENSION, ""),
        (Kind.INCIDENT, Handling.EXTENDED, EXTENSION, ""),
        (Kind.INCIDENT, Handling.GENERAL, EXTENDED, ""),
    ],
)
def test_a_city_may_want_a_leader_for_all_that_is_engineering(
    kind: Kind, handling: Handling, asked: ApplyFor, code: str
) -> None:
    life = engineering(kind, handling)
    life.act(CREWS[WATER], asked)
    assert (life.refusal(LEADER, YES) if code else "") == code
    assert life.decide(LEADER, AGREED if code else YES)


# --- when -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("before_due", "code"), [(True, "application.too_late"), (False, "")])
def test_a_city_may_take_applications_only_while_the_unit_is_not_late(
    before_due: bool, code: str
) -> None:
    life = city(ApplicationRule(kind=Application.EXTENSION, before_due=before_due))
    life.at = due(life)
    if code:
        assert life.refusal(CREWS[WATER], EXTENSION) == code
        assert life.decide(CREWS[WATER], EXTENSION, at=life.at)
    else:
        assert life.decide(CREWS[WATER], EXTENSION)


@pytest.mark.parametrize("asked", [SUSPENSION, EXTENDED])
def test_only_the_lead_asks_for_a_suspension_or_another_handling(asked: ApplyFor) -> None:
    life = city()
    joint = Life(life.rules).run(*JOINT)
    assert joint.refusal(CREWS[LAMPS], asked) == "application.lead_only"


def test_what_has_no_limit_of_the_rule_book_cannot_be_extended() -> None:
    rules = city().rules
    unlimited = ((DISPATCHED[0][0], report(kind=Kind.COMPONENT, code="2101")), *DISPATCHED[1:])
    assert Life(rules).run(*unlimited).refusal(CREWS[WATER], EXTENSION) == "application.no_limit"
    replayed = Life(rules, practice=True)
    replayed.run((DISPATCHED[0][0], report(target=NEXT_WEEK)), *DISPATCHED[1:])
    assert replayed.refusal(CREWS[WATER], EXTENSION) == "application.no_limit"


def test_a_suspension_says_until_when_within_the_citys_bound() -> None:
    life = city(ApplicationRule(kind=Application.SUSPENSION, most_days=10))
    unsaid, past = replace(SUSPENSION, until=None), replace(SUSPENSION, until=NINE - DAY)
    beyond = replace(SUSPENSION, until=life.at + 11 * DAY)
    assert life.refusal(CREWS[WATER], unsaid) == "application.until_missing"
    assert life.refusal(CREWS[WATER], past) == "application.until_beyond"
    assert life.refusal(CREWS[WATER], beyond) == "application.until_beyond"
    assert life.decide(CREWS[WATER], SUSPENSION)


def test_another_handling_needs_a_condition_with_an_extended_limit() -> None:
    life = city()
    life.run((CREWS[WATER], EXTENDED), (LEADER, YES))
    assert life.refusal(CREWS[WATER], EXTENDED) == "case.no_extended_limit"


# --- the centre's word ----------------------------------------------------------------------------


@pytest.mark.parametrize("word", [YES, NO])
def test_a_word_without_an_application_is_refused(word: Command) -> None:
    assert city().refusal(LEADER, word) == "case.no_application"


def test_a_word_may_name_the_unit_and_else_goes_to_who_has_waited_longest() -> None:
    life = Life(city().rules).run(*JOINT, (CREWS[LAMPS], EXTENSION), (CREWS[WATER], EXTENSION))
    (first,) = life.decide(LEADER, NO)
    (named,) = life.decide(LEADER, replace(NO, unit=WATER))
    assert isinstance(first, ApplicationRefused)
    assert isinstance(named, ApplicationRefused)
    assert (first.unit, named.unit) == (LAMPS, WATER)
    life.act(LEADER, NO)
    assert life.refusal(LEADER, replace(YES, unit=LAMPS)) == "case.no_application"


def test_a_refusal_needs_its_reason() -> None:
    life = city()
    life.act(CREWS[WATER], EXTENSION)
    assert life.refusal(LEADER, RefuseApplication(reason="")) == "case.reason_missing"


def test_a_return_that_is_refused_is_counted_as_shirking() -> None:
    life = city()
    for kind in (RETURN, EXTENSION, RETURN):
        life.run((CREWS[WATER], kind), (LEADER, NO))
    assert life.now.shirked == 2
    life.run((CREWS[WATER], RETURN), (LEADER, YES))
    assert (life.now.shirked, life.now.returns) == (2, 1)


def test_a_unit_that_gave_back_unasked_and_is_sent_the_case_again_shirked() -> None:
    back = acts.SendBack(reason="not_ours")
    to_water = (DISPATCHER, acts.DispatchCase(lead=WATER))
    life = Life().run(*DISPATCHED, (CREWS[WATER], back))
    assert life.now.shirked == 0, "it may be right"
    life.run((DISPATCHER, acts.DispatchCase(lead=LAMPS)), (CREWS[LAMPS], back))
    assert life.now.shirked == 0, "another unit was sent it"
    life.run(to_water)
    assert life.now.shirked == 1
    life.run((DISPATCHER, acts.WithdrawDispatch(reason="x", opinion="x")), to_water)
    assert life.now.shirked == 1, "what is withdrawn nobody gave back"


def test_a_joint_unit_s_part_goes_back_with_the_lead_s_and_is_no_shirking_of_its_own() -> None:
    life = Life().run(*JOINT, (CREWS[WATER], acts.SendBack(reason="not_ours")))
    life.run((DISPATCHER, acts.DispatchCase(lead=LAMPS)))
    assert life.now.shirked == 0


def test_what_is_refused_waits_no_longer_and_leaves_the_deadline() -> None:
    life = city()
    before = due(life)
    life.run((CREWS[WATER], EXTENSION), (LEADER, NO))
    assert life.now.application is None
    assert (life.now.due, life.now.state) == (before, State.DISPATCHED)


@pytest.mark.parametrize(("percent", "more"), [(100, 24), (50, 12)])
def test_an_extension_adds_a_share_of_the_original_limit(percent: int, more: int) -> None:
    life = city(ApplicationRule(kind=Application.EXTENSION, percent=percent))
    before = due(life)
    life.run((CREWS[WATER], acts.AcceptWork()), (CREWS[WATER], EXTENSION), (LEADER, YES))
    assert life.now.due == life.now.link_due == before + more * HOUR
    life.run((CREWS[WATER], EXTENSION), (LEADER, YES))
    assert life.now.due == before + 2 * more * HOUR


def test_another_handling_gives_the_longer_limit_from_the_same_start() -> None:
    life = city()
    before = due(life)
    life.run((CREWS[WATER], EXTENDED), (LEADER, YES))
    assert (life.now.handling, life.now.limit) == (Handling.EXTENDED, hours(72))
    assert life.now.due == before + 48 * HOUR


def test_a_longer_limit_on_another_clock_is_counted_from_the_dispatch() -> None:
    life = city()
    (scheme,) = life.rules.schemes
    days = Limit(milli=10_000, clock=Clock.NATURAL_DAY)
    heap = replace(scheme.classes[0].conditions[0], extended=days)
    classes = (replace(scheme.classes[0], conditions=(heap,)),)
    life.rules = replace(life.rules, schemes=(replace(scheme, classes=classes),))
    dispatched = life.at
    life.run((CREWS[WATER], EXTENDED), (LEADER, YES))
    assert 9 * DAY < due(life) - dispatched < 12 * DAY


def test_an_approved_return_of_the_lead_ends_the_round() -> None:
    life = Life(city().rules).run(*JOINT, (CREWS[WATER], RETURN), (LEADER, YES))
    assert (life.now.state, life.now.lead, life.now.returns) == (State.FILED, None, 1)
    assert {a.state for a in life.now.assignments} == {AssignmentState.RETURNED}


def test_an_approved_return_of_a_joint_unit_leaves_the_case_with_the_others() -> None:
    life = Life(city().rules).run(*JOINT, (CREWS[LAMPS], RETURN), (LEADER, YES))
    assert (life.now.state, life.now.lead) == (State.DISPATCHED, WATER)
    done = Life(city().rules).run(*JOINT, (CREWS[WATER], acts.FeedBack()), (CREWS[LAMPS], RETURN))
    done.act(LEADER, YES)
    assert done.now.state is State.FEEDBACK


def test_where_a_return_is_applied_for_it_is_not_simply_sent_back() -> None:
    sent_back = acts.SendBack(reason="not_ours")
    assert city().refusal(CREWS[WATER], sent_back) == "case.return_by_application"
    assert city(ApplicationRule(kind=Application.EXTENSION)).decide(CREWS[WATER], sent_back)


def test_the_clock_may_stand_while_the_word_is_waited_for() -> None:
    standing = city(ApplicationRule(kind=Application.RETURN, pauses=True))
    running = city(ApplicationRule(kind=Application.RETURN))
    for life, waited in ((standing, 5 * HOUR), (running, timedelta())):
        before = due(life)
        life.act(CREWS[WATER], RETURN)
        life.act(LEADER, NO, at=life.at + 5 * HOUR)
        assert due(life) == before + waited


def test_an_application_falls_away_with_the_feedback_and_its_clock_counts_on() -> None:
    life = city(ApplicationRule(kind=Application.RETURN, pauses=True))
    life.act(CREWS[WATER], RETURN, at=due(life) - HOUR)
    life.act(CREWS[WATER], acts.FeedBack(), at=life.at + 9 * HOUR)
    assert (life.now.application, life.now.state) == (None, State.FEEDBACK)
    assert life.now.handled_at == life.at
    assert life.now.due == life.at + HOUR, "an hour was left when it asked, and still is"


# --- suspension -----------------------------------------------------------------------------------


def suspended() -> Life:
    life = city()
    life.run((CREWS[WATER], acts.AcceptWork()), (CREWS[WATER], SUSPENSION), (LEADER, YES))
    return life


def test_a_suspended_case_has_no_clock_but_its_own_end() -> None:
    life = suspended()
    assert (life.now.state, life.now.link_due) == (State.SUSPENDED, None)
    assert DECIDER.due(life.now) == NEXT_WEEK


def test_a_suspension_ends_by_itself_with_what_the_clock_had_left() -> None:
    life = suspended()
    left = due(life) - life.at
    assert DECIDER.lapse is not None
    command = DECIDER.lapse(life.now)
    assert life.refusal(SERVER, command, at=NEXT_WEEK - HOUR) == "case.not_over"
    life.act(SERVER, command, at=NEXT_WEEK)
    assert (life.now.state, life.now.resumes_at) == (State.HANDLING, None)
    assert life.now.due == life.now.link_due == NEXT_WEEK + left


@pytest.mark.parametrize("actor", [LEADER, CREWS[WATER]])
def test_the_leader_or_the_unit_may_end_it_before(actor: object) -> None:
    life = suspended()
    left = due(life) - life.at
    life.act(actor, ResumeCase())  # type: ignore[arg-type]  # people of the kit
    assert (life.now.state, life.now.due) == (State.HANDLING, life.at + left)


def test_a_case_that_nobody_had_accepted_is_dispatched_again_after_its_suspension() -> None:
    life = city()
    life.run((CREWS[WATER], SUSPENSION), (LEADER, YES), (LEADER, ResumeCase()))
    assert life.now.state is State.DISPATCHED


def test_a_suspension_whose_end_has_passed_meanwhile_is_not_approved() -> None:
    life = city()
    life.act(CREWS[WATER], SUSPENSION)
    assert life.refusal(LEADER, YES, at=NEXT_WEEK + HOUR) == "application.until_beyond"


def test_a_suspended_case_may_be_withdrawn_and_then_nothing_falls_due() -> None:
    life = suspended()
    life.act(DISPATCHER, acts.WithdrawDispatch(reason="x"))
    assert (life.now.state, DECIDER.due(life.now)) == (State.FILED, None)


def test_nobody_applies_for_a_case_that_is_fed_back() -> None:
    life = Life(city().rules).run(*FEEDBACK)
    assert life.refusal(CREWS[WATER], EXTENSION) == "case.wrong_state"


def test_an_application_falls_away_when_the_case_ends() -> None:
    life = city()
    life.act(CREWS[WATER], EXTENSION)
    life.act(LEADER, acts.CloseCase(kind=ClosingKind.SPECIAL, reason="x"))
    assert life.now.application is None
    assert [part.waiting for part in life.now.assignments] == [None]


def test_a_joint_units_application_waits_for_the_end_of_the_suspension() -> None:
    life = Life(replace(RULES, applications=tuple(ApplicationRule(kind=k) for k in Application)))
    life.run(*JOINT)
    life.act(CREWS[LAMPS], RETURN)
    life.act(CREWS[WATER], SUSPENSION)
    life.act(LEADER, ApproveApplication(unit=WATER))
    assert turns(life.now, life.at) == (Role.UNIT,)
    life.act(CREWS[WATER], ResumeCase())
    assert turns(life.now, life.at) == (Role.UNIT, Role.SHIFT_LEADER)
