"""核實 and 核查 as orders to an inspector: whom, how far they have come, and whose clock stands."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from casework import acts
from casework.decider import Actor, Command, Context, Facts
from casework.deciding.intake import metres_to
from casework.rulebook import LinkLimit
from casework.terms import Role, State, UserId
from tests.casework.case_kit import (
    ACCEPTOR,
    CHECKING,
    FEEDBACK,
    INSPECTOR,
    LINKS,
    LOG,
    NINE,
    REPORTED,
    RULES,
    Life,
    grant,
    hours,
    person,
)

HOUR = timedelta(hours=1)
NEAR, FAR = UserId("near"), UserId("far")
OTHER = person("far", grant(Role.INSPECTOR))
VERIFY = (*REPORTED, (ACCEPTOR, acts.OrderVerification(inspector=INSPECTOR.user)))
CHECK = (*FEEDBACK, (ACCEPTOR, acts.OrderCheck(inspector=INSPECTOR.user)))
Line = tuple[tuple[Actor, Command], ...]
BOTH = pytest.mark.parametrize("line", [VERIFY, CHECK], ids=["verify", "check"])


@pytest.mark.parametrize("wanted", [None, NEAR, FAR])
def test_an_order_goes_to_who_is_named_or_else_proposed(wanted: UserId | None) -> None:
    life = Life().run(*REPORTED)
    order = acts.OrderVerification(inspector=wanted)
    life.act(ACCEPTOR, order, inspectors=(NEAR, FAR), proposed=NEAR)
    assert life.now.inspector == (wanted or NEAR)


def test_an_order_that_names_nobody_is_open_to_the_area_where_nobody_is_proposed() -> None:
    life = Life().run(*REPORTED)
    life.act(ACCEPTOR, acts.OrderVerification(), inspectors=(NEAR, FAR))
    assert life.now.inspector is None


@pytest.mark.parametrize("line", [REPORTED, FEEDBACK])
def test_an_order_to_who_is_no_inspector_here_is_refused(line: Line) -> None:
    life = Life().run(*line)
    order = acts.OrderVerification if line is REPORTED else acts.OrderCheck
    code = life.refusal(ACCEPTOR, order(inspector=UserId("x")), inspectors=(NEAR,))
    assert code == "order.unknown_inspector"


def test_where_nobody_is_enrolled_an_order_goes_to_any_inspector_of_the_area() -> None:
    life = Life().run(*REPORTED, (ACCEPTOR, acts.OrderVerification()))
    assert life.now.inspector is None
    assert life.decide(INSPECTOR, acts.VerifyReport(confirmed=True))


@BOTH
def test_an_order_is_sent_delivered_and_read(line: Line) -> None:
    life = Life().run(*line)
    sent = life.at
    life.act(INSPECTOR, acts.MarkDelivered())
    delivered = life.at
    life.act(INSPECTOR, acts.MarkRead())
    order = life.now.order
    assert order is not None
    assert (order.sent_at, order.delivered_at, order.read_at) == (sent, delivered, life.at)


def test_what_is_read_has_been_delivered() -> None:
    life = Life().run(*CHECK, (INSPECTOR, acts.MarkRead()))
    assert life.now.order is not None
    assert life.now.order.delivered_at == life.now.order.read_at == life.at


def test_an_order_is_delivered_once_and_read_once() -> None:
    life = Life().run(*CHECK, (INSPECTOR, acts.MarkDelivered()))
    assert life.refusal(INSPECTOR, acts.MarkDelivered()) == "order.delivered_already"
    life.act(INSPECTOR, acts.MarkRead())
    assert life.refusal(INSPECTOR, acts.MarkRead()) == "order.read_already"


@pytest.mark.parametrize("command", [acts.MarkDelivered(), acts.MarkRead()])
def test_only_the_named_inspector_receives_an_order(command: Command) -> None:
    assert Life().run(*CHECK).refusal(OTHER, command) == "case.not_yours"
    assert Life().run(*CHECKING).refusal(INSPECTOR, command) == "case.not_yours"


@BOTH
def test_an_order_that_is_done_is_over(line: Line) -> None:
    life = Life().run(*line)
    verify = line is VERIFY
    answer = acts.VerifyReport(confirmed=True) if verify else acts.CheckCase(passed=True)
    life.act(INSPECTOR, answer)
    assert (life.now.order, life.now.inspector) == (None, None)


@BOTH
def test_an_order_may_go_to_another_inspector_while_it_is_out(line: Line) -> None:
    life = Life().run(*line, (INSPECTOR, acts.MarkRead()))
    assert life.now.order is not None
    left = life.now.order.left
    order = acts.OrderVerification if line is VERIFY else acts.OrderCheck
    life.act(ACCEPTOR, order(inspector=OTHER.user))
    assert life.now.inspector == OTHER.user
    assert (life.now.order.sent_at, life.now.order.read_at) == (life.at, None)
    assert life.now.order.left == left, "the acceptor's clock has stood since the first order"


@pytest.mark.parametrize(
    ("line", "back"), [(VERIFY, State.REGISTERED), (CHECK, State.FEEDBACK)], ids=["verify", "check"]
)
def test_a_withdrawn_order_leaves_the_case_where_it_was_given(line: Line, back: State) -> None:
    life = Life().run(*line, (ACCEPTOR, acts.WithdrawOrder()))
    assert (life.now.state, life.now.order, life.now.inspector) == (back, None, None)


def test_an_order_has_its_own_limit_and_the_acceptors_clock_stands_meanwhile() -> None:
    life = Life().run(*REPORTED)
    assert life.now.link_due is not None
    ordered = life.now.link_due - timedelta(minutes=20)
    life.act(ACCEPTOR, acts.OrderVerification(), at=ordered)
    assert life.now.link_due == ordered + LINKS[State.VERIFYING] * HOUR
    life.act(INSPECTOR, acts.VerifyReport(confirmed=True), at=ordered + 9 * HOUR)
    assert life.now.link_due == life.at + timedelta(minutes=20)


def test_a_clock_that_had_run_out_before_the_order_is_late_again_after_it() -> None:
    life = Life().run(*FEEDBACK)
    assert life.now.link_due is not None
    life.act(ACCEPTOR, acts.OrderCheck(), at=life.now.link_due + HOUR)
    life.act(ACCEPTOR, acts.WithdrawOrder())
    assert life.now.link_due == life.at - HOUR


def test_without_a_limit_of_the_link_no_clock_stands_or_runs() -> None:
    only = (LinkLimit(state=State.VERIFYING, limit=hours(2)),)
    life = Life(replace(RULES, link_limits=only)).run(*VERIFY)
    assert life.now.order is not None
    assert life.now.order.left is None
    life.act(ACCEPTOR, acts.WithdrawOrder())
    assert life.now.link_due is None


def test_an_order_says_how_far_away_its_inspector_was_where_that_is_known() -> None:
    of = Context(
        at=NINE,
        log=LOG,
        practice=False,
        actor=ACCEPTOR,
        role=Role.ACCEPTOR,
        rules=RULES,
        facts=Facts(inspectors=(NEAR, FAR), metres=(320, None)),
    )
    assert [metres_to(each, of) for each in (NEAR, FAR, None)] == [320, None, None]
