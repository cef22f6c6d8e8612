"""環節時限 by urgency and by kind of area: which one counts, and that it counts at every link."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from casework import acts
from casework.decider import Actor, Command
from casework.reporting import link_limit
from casework.rulebook import LinkLimit, RuleBook
from casework.scheme import Clock, Limit
from casework.terms import AreaId, State, Urgency
from casework.territory import AreaKind
from tests.casework.case_kit import (
    ACCEPTOR,
    CHECKING,
    DISPATCHED,
    EAST,
    FEEDBACK,
    FILED,
    HARBOUR,
    INSPECTOR,
    LINKS,
    PENDING,
    PREFILED,
    REPORTED,
    RULES,
    WEST,
    Life,
    hours,
    report,
)

HOUR = timedelta(hours=1)
URGENT, CRITICAL = Urgency.URGENT, Urgency.CRITICAL
COUNTRY = AreaKind.COUNTRYSIDE
Line = tuple[tuple[Actor, Command], ...]


def book(*limits: LinkLimit, **kinds: AreaKind) -> RuleBook:
    """The small city with further limits; `kinds` are those of its areas, by id."""
    areas = tuple(replace(each, kind=kinds.get(f"a{each.id}")) for each in RULES.areas)
    return replace(RULES, link_limits=(*RULES.link_limits, *limits), areas=areas)


def limit(
    value: int,
    urgency: Urgency | None = None,
    area_kind: AreaKind | None = None,
    state: State = State.REGISTERED,
) -> LinkLimit:
    return LinkLimit(state=state, limit=hours(value), urgency=urgency, area_kind=area_kind)


def waits(
    rules: RuleBook,
    urgency: Urgency = Urgency.NORMAL,
    district: AreaId | None = EAST,
    street: AreaId | None = None,
) -> timedelta:
    """How long a report with this urgency may wait at this place."""
    command = replace(report(), urgency=urgency, district=district, street=street)
    life = Life(rules).run((ACCEPTOR, command))
    assert life.now.link_due is not None
    return life.now.link_due - life.at


PLAIN = LINKS[State.REGISTERED] * HOUR


def test_a_limit_for_an_urgency_holds_for_that_urgency_only() -> None:
    rules = book(limit(7, URGENT))
    assert waits(rules, URGENT) == 7 * HOUR
    assert [waits(rules, each) for each in (Urgency.NORMAL, CRITICAL)] == [PLAIN, PLAIN]


def test_a_limit_for_a_kind_of_area_holds_there_only() -> None:
    rules = book(limit(9, area_kind=COUNTRY), **{f"a{EAST}": COUNTRY, f"a{WEST}": AreaKind.CITY})
    assert waits(rules) == 9 * HOUR
    assert waits(rules, district=WEST) == PLAIN
    assert waits(rules, district=None) == PLAIN, "no area, no kind"


def test_a_street_is_as_its_district_unless_it_says_otherwise() -> None:
    country = limit(9, area_kind=COUNTRY)
    as_district = book(country, **{f"a{EAST}": COUNTRY})
    assert waits(as_district, street=HARBOUR) == 9 * HOUR
    a_town = book(country, **{f"a{EAST}": COUNTRY, f"a{HARBOUR}": AreaKind.CITY})
    assert waits(a_town, street=HARBOUR) == PLAIN


def test_both_together_come_before_the_urgency_and_that_before_the_kind_of_area() -> None:
    kinds = {f"a{EAST}": COUNTRY}
    both, urgent, country = limit(5, URGENT, COUNTRY), limit(6, URGENT), limit(9, None, COUNTRY)
    assert waits(book(country, urgent, both, **kinds), URGENT) == 5 * HOUR
    assert waits(book(country, urgent, **kinds), URGENT) == 6 * HOUR
    assert waits(book(country, urgent, **kinds)) == 9 * HOUR


def test_without_a_plain_limit_the_others_have_none() -> None:
    rules = replace(RULES, link_limits=(limit(7, URGENT),))
    case = Life(rules).run(*REPORTED).now
    assert link_limit(State.REGISTERED, case, rules) is None
    assert link_limit(State.REGISTERED, replace(case, urgency=URGENT), rules) == hours(7)


@pytest.mark.parametrize(
    ("line", "state"),
    [
        (PREFILED, State.PREFILED),
        (FILED, State.FILED),
        (DISPATCHED, State.DISPATCHED),
        (FEEDBACK, State.FEEDBACK),
        (CHECKING, State.CHECKING),
        (PENDING, State.PENDING_CLOSE),
    ],
)
def test_at_every_link_an_urgent_case_has_its_own_limit(line: Line, state: State) -> None:
    quarter = Limit(milli=250, clock=Clock.URGENT_HOUR)
    soon = LinkLimit(state=state, limit=quarter, urgency=URGENT)
    urgent = ((ACCEPTOR, replace(report(), urgency=URGENT)), *line[1:])
    life = Life(book(soon)).run(*urgent)
    assert (life.now.state, life.now.link_due) == (state, life.at + HOUR / 4)


def test_the_clock_of_a_check_follows_the_kind_of_area() -> None:
    """Taiyuan: an hour in the city, two in the countryside (domain.md 2.7)."""
    in_the_city = limit(1, area_kind=AreaKind.CITY, state=State.CHECKING)
    outside = limit(2, area_kind=COUNTRY, state=State.CHECKING)
    for kind, time in ((AreaKind.CITY, HOUR), (COUNTRY, 2 * HOUR)):
        life = Life(book(in_the_city, outside, **{f"a{EAST}": kind})).run(*FEEDBACK)
        life.act(ACCEPTOR, acts.OrderCheck(inspector=INSPECTOR.user))
        assert life.now.order is not None
        assert life.now.order.due == life.at + time


def test_the_acceptors_clock_goes_on_with_what_was_left_of_its_own_limit() -> None:
    urgent = (ACCEPTOR, replace(report(), urgency=URGENT))
    life = Life(book(limit(7, URGENT))).run(urgent)
    due = life.now.link_due
    order = acts.OrderVerification(inspector=INSPECTOR.user)
    life.act(ACCEPTOR, order)
    sent = life.at
    life.act(ACCEPTOR, acts.WithdrawOrder())
    assert due is not None
    assert life.now.link_due == due + (life.at - sent)
