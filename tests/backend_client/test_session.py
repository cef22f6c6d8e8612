"""The conversation as scripts of frames: no socket, and a clock that is a number."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from msgspec import Raw
from msgspec.structs import replace

from backend_client.notices import Answered, Changed, Fetched, Joined, Notice, Tick
from backend_client.replica import Replica
from backend_client.rule_shelf import RuleShelf
from backend_client.session import LinkError, Session
from casework import acts
from casework.decider import Refused
from casework.queries import AddressQuery, CaseQuery, RulesQuery
from casework.replies import RulesReply
from casework.terms import CaseId, LogId, Role
from casework.wire import (
    Ack,
    Ask,
    Bye,
    Fetch,
    Heartbeat,
    Hello,
    Message,
    Nack,
    Reply,
    Resume,
    Seen,
    encode,
    read_from_client,
)
from tests.backend_client.history import GRANTS, LOG, RULES, RULES_BYTES, RULES_DIGEST, History

ASK = Ask(id="command-1", stream="case/1", role=Role.ACCEPTOR, command=acts.AddNote(opinion="一"))
ACK = Ack(id="command-1", log=LOG, number=1, stream="case/1", version=2)
QUERY = CaseQuery(case=CaseId("t-1"))


class Talk:
    """A session with a scripted server at the other end."""

    def __init__(self, *, knows_rules: bool = True) -> None:
        shelf = RuleShelf()
        if knows_rules:
            shelf.keep(RULES_DIGEST, RULES_BYTES)
        self.session = Session("desk-1", Replica(LogId("")), shelf)
        self.mono = 100.0
        self.session.open(self.mono)

    def says(self, *messages: Message) -> list[Notice]:
        return [n for m in messages for n in self.session.receive(encode(m), self.mono)]

    def sent(self) -> list[Message]:
        frames = [*self.session.outgoing]
        self.session.outgoing.clear()
        return [read_from_client(frame) for frame in frames]

    def again(self) -> Hello:
        """The connection is cut and stands again."""
        self.session.lose()
        self.session.open(self.mono)
        (hello,) = self.sent()
        assert isinstance(hello, Hello)
        return hello

    def join(self, history: History) -> list[Notice]:
        notices = self.says(history.welcome(), *history.snapshot())
        self.sent()
        return notices

    def later(self, seconds: float) -> list[Message]:
        self.mono += seconds
        self.session.tick(self.mono)
        return self.sent()


def code_of(action: Callable[[], Any]) -> tuple[str, float, bool]:
    with pytest.raises(LinkError) as caught:
        action()
    return caught.value.code, caught.value.retry_after, caught.value.fatal


# --- joining ----------------------------------------------------------------------------------


def test_the_first_frame_is_hello_and_a_newcomer_resumes_nothing() -> None:
    assert Talk().sent() == [Hello(protocol=1, device="desk-1")]


def test_a_session_is_joined_before_its_first_rows_come() -> None:
    history = History()
    history.report()
    joined, changed = Talk().join(history)
    assert joined == Joined(welcome=history.welcome(), rules=RULES)
    assert isinstance(changed, Changed)
    assert changed.upserted == tuple(history.cases.values())


def test_an_unknown_rule_book_is_fetched_and_rows_wait_for_it() -> None:
    history = History()
    history.report()
    talk = Talk(knows_rules=False)
    assert talk.says(history.welcome(), *history.snapshot()) == []
    _, fetch = talk.sent()
    assert fetch == Fetch(ref=0, query=RulesQuery(digest=RULES_DIGEST))
    book = RulesReply(version=1, digest=RULES_DIGEST, rules=Raw(RULES_BYTES))
    notices = talk.says(Reply(ref=0, body=book))
    assert [type(notice) for notice in notices] == [Joined, Changed]


def test_a_rule_book_with_another_digest_is_not_believed() -> None:
    talk = Talk(knows_rules=False)
    talk.says(History().welcome())
    book = RulesReply(version=1, digest=RULES_DIGEST, rules=Raw(RULES_BYTES.replace(b"T", b"t")))
    assert code_of(lambda: talk.says(Reply(ref=0, body=book)))[0] == "link.wrong_rules"


def test_after_a_cut_the_session_resumes_where_the_replica_stands() -> None:
    history, talk = History(), Talk()
    history.report()
    talk.join(history)
    assert talk.again().resume == Resume(log=LOG, epoch="e1", number=1)
    history.report()
    _, changed = talk.says(history.welcome(resumes=True), history.events(2, 2))
    assert isinstance(changed, Changed)
    assert (changed.number, changed.reset, len(talk.session.replica.cases)) == (2, False, 2)


def test_a_cut_in_the_middle_of_a_snapshot_asks_for_a_snapshot() -> None:
    history, talk = History(), Talk()
    history.report()
    history.report()
    talk.says(history.welcome(), history.snapshot(2)[0])
    assert talk.again().resume is None


def test_a_picture_seen_through_other_grants_is_not_built_upon() -> None:
    history, talk = History(), Talk()
    talk.join(history)
    talk.again()
    narrower = history.welcome(resumes=True, grants=GRANTS[:1])
    assert code_of(lambda: talk.says(narrower))[0] == "link.grants_changed"
    assert talk.again().resume is None


def test_another_history_starts_anew_and_its_clock_may_be_earlier() -> None:
    old, new, talk = History(), History("e2"), Talk()
    old.at += timedelta(days=9)
    old.report()
    talk.join(old)
    talk.session.clock.now(talk.mono)
    talk.again()
    _, changed = talk.says(new.welcome(), *new.snapshot())
    assert isinstance(changed, Changed)
    assert (changed.reset, dict(talk.session.replica.cases)) == (True, {})
    assert talk.session.clock.now(talk.mono) == new.at


# --- holes ------------------------------------------------------------------------------------


def test_a_hole_is_asked_for_twice_and_then_a_snapshot() -> None:
    history, talk = History(), Talk()
    talk.join(history)
    history.report()
    history.report()
    hellos = []
    for _ in range(3):
        hellos.append(talk.again().resume)
        if hellos[-1] is not None:
            talk.says(history.welcome(resumes=True))
            assert code_of(lambda: talk.says(history.events(2, 2)))[0] == "link.hole"
    at_zero = Resume(log=LOG, epoch="e1", number=0)
    assert hellos == [at_zero, at_zero, None]
    talk.join(history)
    assert talk.again().resume == Resume(log=LOG, epoch="e1", number=2)


def test_a_range_known_already_is_passed_over() -> None:
    history, talk = History(), Talk()
    history.report()
    talk.join(history)
    assert talk.says(history.events(1, 1)) == []


def test_what_is_not_a_message_ends_the_connection() -> None:
    talk = Talk()
    assert code_of(lambda: talk.session.receive(b'{"t":"Dance"}', 0))[0] == "link.malformed"
    assert code_of(lambda: talk.session.receive(b'{"t":"\xff"}', 0))[0] == "link.malformed"


def test_nothing_of_a_case_is_taken_before_the_welcome() -> None:
    history, talk = History(), Talk()
    assert code_of(lambda: talk.says(*history.snapshot()))[0] == "link.malformed"


# --- commands and questions -------------------------------------------------------------------


def test_a_command_waits_for_the_welcome_and_its_answer_is_told_once() -> None:
    history, talk = History(), Talk()
    talk.session.ask(ASK)
    assert talk.sent() == [Hello(protocol=1, device="desk-1")]
    talk.says(history.welcome())
    assert talk.sent() == [ASK]
    assert talk.says(ACK, ACK) == [Answered(id="command-1", answer=ACK)]


def test_an_unanswered_command_is_sent_again_under_its_own_id_in_its_old_order() -> None:
    history, talk = History(), Talk()
    talk.join(history)
    second = replace(ASK, id="command-2")
    talk.session.ask(ASK)
    talk.session.ask(second)
    assert talk.sent() == [ASK, second]
    talk.again()
    talk.says(history.welcome(resumes=True))
    assert talk.sent() == [ASK, second]
    talk.says(ACK)
    talk.again()
    talk.says(history.welcome(resumes=True))
    assert talk.sent() == [second]


def test_the_same_id_twice_is_one_command() -> None:
    history, talk = History(), Talk()
    talk.join(history)
    talk.session.ask(ASK)
    talk.session.ask(ASK)
    assert talk.sent() == [ASK]


def test_a_refusal_answers_a_command() -> None:
    history, talk = History(), Talk()
    talk.join(history)
    talk.session.ask(ASK)
    nack = Nack(id=ASK.id, code="case.stale", detail={"case": "1"}, version=3)
    assert talk.says(nack) == [Answered(id=ASK.id, answer=nack)]


@pytest.mark.parametrize(
    ("opinion", "code"),
    [
        ("", "command.malformed"),
        ("字" * 2001, "command.malformed"),
        ("a\0b", "command.malformed"),
        ("\\\0", "command.malformed"),
        ("\ud800", "command.malformed"),
    ],
)
def test_a_command_that_no_server_would_read_is_refused_here(opinion: str, code: str) -> None:
    talk = Talk()
    with pytest.raises(Refused) as caught:
        talk.session.ask(replace(ASK, command=acts.AddNote(opinion=opinion)))
    assert caught.value.code == code
    talk.sent()
    talk.says(History().welcome())
    assert talk.sent() == []


@pytest.mark.parametrize("text", ["x" * 121, "a\0b", "\ud800"])
def test_a_question_that_no_server_would_read_is_refused_here(text: str) -> None:
    talk = Talk()
    with pytest.raises(Refused) as caught:
        talk.session.fetch(7, AddressQuery(text=text))
    assert caught.value.code == "query.malformed"
    talk.sent()
    talk.says(History().welcome())
    assert talk.sent() == []


def test_text_that_only_looks_like_a_control_character_is_sent() -> None:
    talk = Talk()
    talk.session.ask(replace(ASK, command=acts.AddNote(opinion="\\u0000")))


def test_a_question_is_asked_again_after_a_cut_and_answered_by_its_number() -> None:
    history, talk = History(), Talk()
    talk.join(history)
    talk.session.fetch(7, QUERY)
    fetch = Fetch(ref=7, query=QUERY)
    assert talk.sent() == [fetch]
    talk.again()
    talk.says(history.welcome(resumes=True))
    assert talk.sent() == [fetch]
    reply = Reply(ref=7, code="case.not_found")
    assert talk.says(reply, reply) == [Fetched(ref=7, code="case.not_found")]


def test_closing_says_that_nobody_knows() -> None:
    talk = Talk()
    talk.session.ask(ASK)
    talk.session.fetch(7, QUERY)
    assert talk.session.close() == [
        Answered(id=ASK.id, answer=Nack(id=ASK.id, code="link.closed")),
        Fetched(ref=7, code="link.closed"),
    ]
    assert talk.session.close() == []


# --- signs of life ----------------------------------------------------------------------------


def test_an_idle_client_gives_a_sign_of_life_each_five_seconds() -> None:
    talk = Talk()
    talk.join(History())
    assert talk.later(4.9) == []
    assert talk.later(0.1) == [Heartbeat(echo=105.0)]
    assert talk.later(4.9) == []


def test_how_far_the_replica_is_is_reported_each_two_seconds_if_it_moved() -> None:
    history, talk = History(), Talk()
    history.report()
    talk.join(history)
    assert talk.later(1.9) == []
    assert talk.later(0.1) == [Seen(number=1)]
    assert talk.later(2.0) == []


def test_a_server_that_is_silent_is_lost_within_twelve_seconds() -> None:
    talk = Talk()
    talk.join(History())
    talk.later(11.5)
    assert code_of(lambda: talk.later(0.5))[0] == "link.silent"


def test_any_frame_is_a_sign_of_life() -> None:
    talk = Talk()
    talk.join(History())
    talk.later(11)
    talk.says(Heartbeat())
    talk.later(11)


def test_a_heartbeat_tells_the_logs_clock_and_the_delay_of_ones_own_echo() -> None:
    history, talk = History(), Talk()
    talk.join(history)
    talk.later(5)
    talk.mono += 0.25
    now = history.at + timedelta(seconds=5.25)
    beat = Heartbeat(echo=105.0, at=now, head=3)
    expected = Tick(log=LOG, at=now, milli_speed=1000, head=3, delay=0.25)
    assert talk.says(beat) == [expected]
    assert talk.says(beat) == [replace(expected, delay=None)]


def test_time_alone_takes_an_ended_case_away() -> None:
    history, talk = History(), Talk()
    case = history.report()
    history.give(acts.CancelCase(reason="twice"), Role.ACCEPTOR, case)
    talk.join(history)
    talk.mono += 25 * 3600
    _, changed = talk.says(Heartbeat(at=history.at + timedelta(hours=25), head=2))
    assert isinstance(changed, Changed)
    assert changed.gone == (case,)


@pytest.mark.parametrize(
    ("bye", "ending"),
    [
        (Bye(code="upgrade"), ("upgrade", 0, True)),
        (Bye(code="signed_out"), ("signed_out", 0, True)),
        (Bye(code="sign_in.disabled"), ("sign_in.disabled", 0, True)),
        (Bye(code="upgrade", retry_after=60), ("upgrade", 60, False)),
        (Bye(code="shutting_down", retry_after=1), ("shutting_down", 1, False)),
        (Bye(code="too_slow"), ("too_slow", 0, False)),
    ],
)
def test_only_a_refusal_of_the_person_or_the_program_ends_all_trying(
    bye: Bye, ending: tuple[str, float, bool]
) -> None:
    assert code_of(lambda: Talk().says(bye)) == ending


def test_a_server_that_speaks_another_protocol_asks_for_an_upgrade() -> None:
    other = History().welcome(protocol=2)
    assert code_of(lambda: Talk().says(other)) == ("upgrade", 0, True)


def test_a_frame_from_a_newer_server_may_have_more_fields() -> None:
    history, talk = History(), Talk()
    welcome = msgspec.json.decode(encode(history.welcome())) | {"weather": "rain"}
    (joined,) = talk.session.receive(msgspec.json.encode(welcome), talk.mono)
    assert isinstance(joined, Joined)
