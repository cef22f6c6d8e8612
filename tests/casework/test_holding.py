"""Who has a case now, and what it waits for next."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from casework.case import Assignment, Case, Claim, Order
from casework.decider import Actor, Grant
from casework.holding import Holder, answers, holder, next_instant
from casework.terms import CaseId, Kind, Role, Source, State, UnitId, UserId

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
