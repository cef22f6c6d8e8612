"""領取下一件: who takes the next case gets the most urgent free one that waits for them."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from case_server import next_case
from casework.acts import AcceptWork, OrderVerification, VerifyReport
from casework.applications import ApplyFor
from casework.claims import ReleaseClaim, TakeNext
from casework.decider import Actor
from casework.links import APPROVER
from casework.terms import Application, Role, State, Urgency, UserId
from casework.wire import Ack, Nack
from tests.case_server.desk_kit import (
    ACCEPTOR,
    BIRTH,
    DISPATCHER,
    INSPECTOR,
    LEADER,
    WATER_CREW,
    Office,
    person,
    report,
)


def take(office: Office, who: Actor, *states: State) -> str:
    """The stream of the case that was given, or the code of the refusal."""
    answer = office.ask(who, TakeNext(states=states))
    return answer.stream if isinstance(answer, Ack) else answer.code


def colleague_of(who: Actor) -> Actor:
    return Actor(user=UserId(f"{who.user}-2"), grants=who.grants, device="2")


def applied_for(office: Office) -> str:
    """A case whose unit asks to let it rest."""
    ack = office.live_through(3)
    ack = office.accepted(WATER_CREW, AcceptWork(), ack.stream, ack.version)
    until = BIRTH + timedelta(days=2)
    wish = ApplyFor(kind=Application.SUSPENSION, reason="x", opinion="待雨季过后", until=until)
    return office.accepted(WATER_CREW, wish, ack.stream, ack.version).stream


def test_the_more_urgent_comes_before_the_older(office: Office) -> None:
    older = office.accepted(ACCEPTOR, report()).stream
    urgent = office.accepted(ACCEPTOR, report(urgency=Urgency.URGENT)).stream
    assert [take(office, ACCEPTOR), take(office, ACCEPTOR)] == [urgent, older]


def test_it_is_never_the_same_for_two_who_ask_at_once(office: Office) -> None:
    for _ in range(3):
        office.accepted(ACCEPTOR, report())
    asked = [(who, TakeNext(), "", 0, "", None) for who in (ACCEPTOR, colleague_of(ACCEPTOR)) * 2]
    answers = office.ask_all(asked)
    given = [answer.stream for answer in answers if isinstance(answer, Ack)]
    assert (len(given), len(set(given))) == (3, 3)
    assert [a.code for a in answers if isinstance(a, Nack)] == ["queue.empty"]


def test_more_than_one_page_of_cases_in_others_hands_is_passed_over(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(next_case, "AT_ONCE", 2)
    streams = [office.accepted(ACCEPTOR, report()).stream for _ in range(5)]
    asks = [(ACCEPTOR, TakeNext(), "", 0, "", None)] * len(streams)
    given = [a.stream for a in office.ask_all(asks) if isinstance(a, Ack)]
    assert sorted(given) == sorted(streams)


def test_what_is_put_back_is_given_again(office: Office) -> None:
    stream = office.accepted(ACCEPTOR, report()).stream
    assert take(office, ACCEPTOR) == stream
    office.accepted(ACCEPTOR, ReleaseClaim(), stream)
    assert take(office, colleague_of(ACCEPTOR)) == stream


def test_a_stale_claim_is_given_to_another(office: Office) -> None:
    stream = office.accepted(ACCEPTOR, report()).stream
    take(office, ACCEPTOR)
    office.desk.clock.set_pace(0, by_record=True)
    office.desk.clock.step_to(BIRTH + timedelta(days=1))
    assert take(office, colleague_of(ACCEPTOR)) == stream


def test_each_post_is_given_what_waits_for_it_and_nothing_else(office: Office) -> None:
    office.live_through(3)  # a unit's
    filed = office.live_through(2).stream
    prefiled = office.live_through(1).stream
    registered = office.live_through(0).stream
    given = {take(office, who) for who in (DISPATCHER, LEADER, ACCEPTOR)}
    assert given == {filed, prefiled, registered}
    assert {take(office, who) for who in (DISPATCHER, LEADER, ACCEPTOR)} == {"queue.empty"}


def test_an_application_is_given_to_a_leader_in_its_turn(office: Office) -> None:
    stream = applied_for(office)
    assert take(office, DISPATCHER) == "queue.empty"
    assert take(office, person(APPROVER)) == stream


def test_whoever_narrows_it_to_a_link_is_given_no_application(office: Office) -> None:
    applied_for(office)
    assert take(office, LEADER, State.PREFILED) == "queue.empty"


def late_order(office: Office) -> str:
    """A verification that nobody has done in its time; the acceptor's claim is stale by then."""
    ack = office.accepted(ACCEPTOR, report())
    stream = office.accepted(ACCEPTOR, OrderVerification(), ack.stream, ack.version).stream
    assert take(office, ACCEPTOR) == "queue.empty"
    office.desk.clock.set_pace(0, by_record=True)
    office.desk.clock.step_to(BIRTH + timedelta(hours=3))
    return stream


def test_a_late_order_comes_back_to_an_acceptor(office: Office) -> None:
    stream = late_order(office)
    assert take(office, LEADER) == "queue.empty"
    assert take(office, ACCEPTOR, State.REGISTERED) == "queue.empty"
    assert take(office, ACCEPTOR) == stream


def test_a_late_order_that_is_sent_anew_is_waited_for_again(office: Office) -> None:
    stream = late_order(office)
    take(office, ACCEPTOR)
    office.accepted(ACCEPTOR, OrderVerification(), stream, version=9)
    assert take(office, colleague_of(ACCEPTOR)) == "queue.empty"


def test_in_the_box_of_applications_a_leader_is_given_those_only(office: Office) -> None:
    office.live_through(1)
    stream = applied_for(office)
    assert take(office, LEADER, State.DISPATCHED, State.HANDLING) == stream


def test_what_came_back_goes_before_what_is_free_and_only_once(office: Office) -> None:
    ack = office.accepted(ACCEPTOR, report())
    mine = take(office, ACCEPTOR)
    ack = office.accepted(ACCEPTOR, OrderVerification(), mine, ack.version)
    urgent = office.accepted(ACCEPTOR, report(urgency=Urgency.CRITICAL)).stream
    office.desk.clock.set_pace(0, by_record=True)
    office.desk.clock.step_to(BIRTH + timedelta(minutes=1))
    office.accepted(INSPECTOR, VerifyReport(confirmed=True), mine, ack.version)
    assert [take(office, ACCEPTOR) for _ in range(3)] == [mine, urgent, "queue.empty"]


def test_what_came_back_to_one_is_given_to_nobody_else(office: Office) -> None:
    ack = office.accepted(ACCEPTOR, report())
    mine = take(office, ACCEPTOR)
    ack = office.accepted(ACCEPTOR, OrderVerification(), mine, ack.version)
    office.accepted(INSPECTOR, VerifyReport(confirmed=True), mine, ack.version)
    assert take(office, colleague_of(ACCEPTOR)) == "queue.empty"


def test_where_the_word_is_due_sooner_an_application_goes_before_a_filing(office: Office) -> None:
    filing = office.live_through(1, urgency=Urgency.URGENT).stream
    stream = applied_for(office)
    assert [take(office, LEADER), take(office, LEADER)] == [filing, stream]


def test_an_index_leads_to_the_next_case_past_all_that_waits_for_others(office: Office) -> None:
    if office.database.writer.dialect.name != "sqlite":
        return  # PostgreSQL takes an index by its own statistics
    turns = {
        next_case._Turn(State.FILED): "case_row_turn",
        next_case._Turn(State.CHECKING, late=True): "case_row_turn",
        next_case._Turn(None): "case_row_applied",
    }
    for turn, index in turns.items():
        query = next_case._free(person(Role.SHIFT_LEADER).grants, turn)
        sql = query.compile(office.database.writer).string.replace("?", "1")
        with office.database.read() as connection:
            plan = " ".join(row[3] for row in connection.execute(text(f"EXPLAIN QUERY PLAN {sql}")))
        assert index in plan
        assert "TEMP B-TREE" not in plan
