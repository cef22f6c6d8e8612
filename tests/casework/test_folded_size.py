"""How large a folded case may be: 1 KB with one unit, whatever it has met, and a bounded share more
for each further unit.

A desk deals with thousands of folds at once; what grows with a case's life (texts, photos, its
record) is never in them. The number of units is the one list that a fold must keep.
"""

from datetime import UTC, datetime

import msgspec

from casework.acts import Handling
from casework.case import Assignment, Case, Claim, Order
from casework.scheme import Clock, Limit
from casework.terms import (
    AreaId,
    AssignmentState,
    CaseId,
    CentreId,
    ComponentId,
    DeadlineBasis,
    GridCode,
    Kind,
    Source,
    State,
    UnitId,
    Urgency,
    UserId,
    point,
)

AT = datetime(2008, 12, 31, 23, 59, 59, 999_000, tzinfo=UTC)
"""Instants are of the millisecond: a longer one there is not."""
ONE_KILOBYTE, ONE_UNIT = 1024, 160
LATE = -86_400_000


def part(number: int) -> Assignment:
    """A unit of Shenzhen with the longest id, which has fed back late."""
    return Assignment(
        unit=UnitId(f"street_sanitation@{440303001 + number}"),
        lead=not number,
        state=AssignmentState.DONE,
        since=AT,
        until=AT,
        due=AT,
        left=LATE,
    )


def case(units: int) -> Case:
    """A component's case that has met nearly everything: it was reopened, reworked, claimed, urged,
    suspended, and is with a named inspector."""
    return Case(
        id=CaseId("440300-20081231-12345"),
        version=99,
        step=98,
        state=State.CHECKING,
        kind=Kind.COMPONENT,
        scheme="cjt214-2007",
        scheme_version="2008",
        code="0138",
        name="行人信号灯按钮",
        condition="2",
        source=Source.PUBLIC,
        urgency=Urgency.CRITICAL,
        point=point(22.5431234, 114.1234567),
        district=AreaId("440303"),
        street=AreaId("440303001"),
        grid=GridCode("440303001001001"),
        opened_at=AT,
        link_since=AT,
        link_due=AT,
        handling=Handling.EXTENDED,
        limit=Limit(milli=84_000, clock=Clock.URGENT_HOUR),
        due=AT,
        due_basis=DeadlineBasis.RULE,
        handled_at=AT,
        assignments=tuple(part(number) for number in range(units)),
        inspector=UserId("inspector.012"),
        confirmed=True,
        filed_by=UserId("leader.012"),
        rework=2,
        returns=2,
        notes=9,
        photos=9,
        component=ComponentId("4403030138000001"),
        component_unit=UnitId("power"),
        wants_reply=True,
        centre=CentreId("440303"),
        claim=Claim(user=UserId("acceptor.012"), since=AT),
        order=Order(sent_at=AT, due=AT, delivered_at=AT, read_at=AT, left=-LATE),
        approved=(2, 1, 1, 1),
        urged=1,
        reminders=2,
        first_ended_at=AT,
        shirked=2,
    )


def size(units: int) -> int:
    return len(msgspec.json.encode(case(units)))


def test_a_case_with_one_unit_takes_a_kilobyte_at_most_whatever_it_has_met() -> None:
    assert size(1) <= ONE_KILOBYTE


def test_each_further_unit_takes_a_bounded_share_more() -> None:
    assert all(size(n + 1) - size(n) <= ONE_UNIT for n in range(12))
