"""Who has a case now, and what it waits for next."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from casework.case import Assignment, Case, Claim, Order, Waiting
from casework.decider import Actor, Grant
from casework.holding import Holder, answers, came_back, holder, next_instant, next_post
from casework.terms import (
    Application,
    CaseId,
    Kind,
    Role,
    Source,
    State,
    UnitId,
    Urgency,
    UserId,
)

AT = datetime(2008, 6, 12, 1, tzinfo=UTC)
ROADS, LAMPS = UnitId("roads"), UnitId("lamps")


def case(state: State) -> Case:
    return Case(
        id=CaseId("t-20080612-00001"),
        state=state,
        kind=Kind.INCIDENT,
        scheme="s",
        scheme_version="1",
        code="0101",
        name="n",
        source=Source.PHONE,
        opened_at=AT,
        link_since=AT,
    )


def at_units() -> Case:
    joint = Assignment(unit=LAMPS, since=AT)
    lead = Assignment(unit=ROADS, lead=True, since=AT)
    return replace(case(State.DISPATCHED), assignments=(joint, lead))


def who(role: Role, unit: UnitId | None = None, user: str = "li") -> Actor:
    return Actor(user=UserId(user), grants=(Grant(role=role, unit=unit),))


def test_a_case_at_the_units_lies_with_its_lead_and_with_nobody_else() -> None:
    has = holder(at_units())
    assert has == Holder(role=Role.UNIT, unit=ROADS)
    assert answers(who(Role.UNIT, ROADS), at_units())
    assert not answers(who(Role.UNIT, LAMPS), at_units())
    assert not answers(who(Role.DISPATCHER), at_units())


def test_a_claimed_case_names_its_person_and_stays_with_the_post() -> None:
    claimed = replace(case(State.FILED), claim=Claim(user=UserId("wu"), since=AT))
    assert holder(claimed) == Holder(role=Role.DISPATCHER, user=UserId("wu"))
    assert answers(who(Role.DISPATCHER), claimed)


def test_an_order_lies_with_the_inspector_whom_it_names() -> None:
    ordered = replace(case(State.CHECKING), inspector=UserId("li"))
    assert answers(who(Role.INSPECTOR), ordered)
    assert not answers(who(Role.INSPECTOR, user="wu"), ordered)


@pytest.mark.parametrize("state", [State.CLOSED, State.ANSWERED, State.CANCELLED])
def test_a_case_that_ended_lies_with_nobody_and_waits_for_nothing(state: State) -> None:
    assert holder(case(state)) is None
    assert not answers(who(Role.SHIFT_LEADER), case(state))
    assert next_instant(replace(case(state), link_due=AT)) is None


def test_a_pause_ends_at_its_stated_end_whatever_else_is_due() -> None:
    end = AT + timedelta(days=9)
    assert next_instant(replace(case(State.SUSPENDED), due=AT, resumes_at=end)) == end


def test_the_earliest_clock_is_the_next_instant() -> None:
    order = Order(sent_at=AT, due=AT + timedelta(minutes=5))
    waiting = replace(case(State.VERIFYING), link_due=AT + timedelta(minutes=9), order=order)
    assert next_instant(waiting) == order.due


def test_a_case_without_any_limit_waits_for_no_instant() -> None:
    assert next_instant(case(State.HANDLING)) is None


# --- what came back -------------------------------------------------------------------------------

ME = UserId("wu")


def held(since: datetime, *, given: bool = False) -> Case:
    """A report in my hands, in its link since `AT`."""
    claim = Claim(user=ME, since=since, given=given)
    return replace(case(State.REGISTERED), claim=claim)


def back(of: Case, user: UserId = ME, role: Role = Role.ACCEPTOR) -> bool:
    return came_back(of, user, role, AT + timedelta(hours=2))


def test_what_moved_since_its_holder_touched_it_came_back() -> None:
    assert back(held(AT - timedelta(minutes=1)))


def test_what_its_holder_took_and_left_alone_did_not_come_back() -> None:
    assert not back(held(AT))
    assert not back(held(AT + timedelta(minutes=1)))


def test_what_a_colleague_passed_on_came_to_its_new_holder() -> None:
    assert back(held(AT + timedelta(minutes=1), given=True))


def test_nothing_comes_back_to_another_or_to_a_post_whose_turn_it_is_not() -> None:
    early = held(AT - timedelta(minutes=1))
    assert not back(early, UserId("li"))
    assert not back(early, role=Role.DISPATCHER)


def test_an_application_comes_back_to_the_leader_who_held_the_case() -> None:
    claim = Claim(user=ME, since=AT + timedelta(minutes=1))
    waits = Waiting(kind=Application.RETURN, since=AT + timedelta(minutes=5))
    asked = replace(at_units().assignments[1], waiting=waits)
    of = replace(at_units(), claim=claim, assignments=(asked,))
    assert back(of, role=Role.SHIFT_LEADER)
    touched = replace(of, claim=replace(claim, since=AT + timedelta(minutes=6)))
    assert not back(touched, role=Role.SHIFT_LEADER)


def test_a_late_order_comes_back_to_the_acceptor_who_sent_it() -> None:
    order = Order(sent_at=AT, due=AT + timedelta(hours=1))
    out = replace(case(State.VERIFYING), claim=Claim(user=ME, since=AT), order=order)
    assert back(out)
    assert not came_back(out, ME, Role.ACCEPTOR, AT + timedelta(minutes=59))


# --- who holds several posts ----------------------------------------------------------------------

NIGHT = Actor(
    user=ME, grants=tuple(Grant(role=role) for role in (Role.ACCEPTOR, Role.SHIFT_LEADER))
)


def post(*cases: Case) -> Role | None:
    return next_post(cases, NIGHT, AT + timedelta(minutes=5), 15)


def test_the_next_case_of_who_holds_several_posts_is_the_most_urgent_of_them_all() -> None:
    registered = replace(case(State.REGISTERED), link_due=AT + timedelta(hours=2))
    prefiled = replace(case(State.PREFILED), link_due=AT + timedelta(hours=1))
    assert post(registered, prefiled) is Role.SHIFT_LEADER
    assert post(replace(registered, urgency=Urgency.URGENT), prefiled) is Role.ACCEPTOR
    assert post(case(State.FILED)) is None


def test_what_a_colleague_holds_does_not_count_and_what_came_back_goes_first() -> None:
    registered = replace(case(State.REGISTERED), link_due=AT + timedelta(hours=2))
    prefiled = replace(case(State.PREFILED), link_due=AT + timedelta(hours=1))
    taken = replace(prefiled, claim=Claim(user=UserId("li"), since=AT))
    assert post(registered, taken) is Role.ACCEPTOR
    mine = replace(registered, claim=Claim(user=ME, since=AT - timedelta(minutes=1)))
    assert post(mine, prefiled) is Role.ACCEPTOR
