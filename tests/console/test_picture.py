"""What the desk knows, from several logs at once, live, lost and saved."""

from msgspec.structs import replace

from backend_client.notices import Answered, Changed, Joined, LinkState, Remembered, Tick
from casework import acts
from casework.procedures.log import SetPace
from casework.rulebook import Queues
from casework.terms import CaseId, LogId, Role, State
from casework.wire import Ack, Nack
from console.picture import Change, Refusal, Wish
from tests.console import cases
from tests.console.fake_desk import FakeDesk

OTHER = LogId("yantian")


def close(case: CaseId) -> Wish:
    return Wish("close", case, Role.SHIFT_LEADER, acts.CloseCase())


def test_one_console_shows_two_logs_and_asks_each_case_of_its_own(qapp: object) -> None:
    desk = FakeDesk(servers=2)
    case = cases.one(State.PENDING_CLOSE)
    twin = replace(case, id=CaseId(case.id.replace(cases.LOG, OTHER)), version=9)
    desk.join()
    desk.join(cases.welcome(OTHER), site=1)
    desk.show(case)
    desk.show(twin, log=OTHER, site=1)
    assert {each.id for each in desk.picture.cases()} == {case.id, twin.id}
    desk.picture.ask(close(twin.id))
    desk.picture.ask(close(case.id))
    assert [(site, stream, version) for site, stream, version, _, _ in desk.sent] == [
        (1, f"case/{twin.id}", 9),
        (0, f"case/{case.id}", case.version),
    ]


def test_each_log_has_its_own_clock(qapp: object) -> None:
    desk = FakeDesk(servers=2)
    desk.join()
    desk.join(cases.welcome(OTHER, milli_speed=60_000), site=1)
    desk.steady.seconds += 10
    ran = [
        (desk.picture.now(CaseId(f"{log}-20080613-00001")) - cases.NOW).total_seconds()
        for log in (cases.LOG, OTHER)
    ]
    assert ran == [10, 600]


def test_each_log_says_itself_when_a_clock_is_due_soon(qapp: object) -> None:
    desk = FakeDesk(servers=2)
    desk.join()
    rules = replace(cases.rules(), queues=Queues(soon_percent=60))
    desk.hear(Joined(welcome=cases.welcome(OTHER), rules=rules), site=1)
    percents = [
        desk.picture.soon_percent(CaseId(f"{log}-20080613-00001")) for log in (cases.LOG, OTHER)
    ]
    assert percents == [cases.rules().queues.soon_percent, 60]


def test_losing_one_server_leaves_the_other_at_work(qapp: object) -> None:
    desk = FakeDesk(servers=2)
    desk.join()
    desk.join(cases.welcome(OTHER), site=1)
    desk.link(LinkState.LOST, "link.cut", site=1)
    assert [desk.picture.is_live(site) for site in desk.picture.sites] == [True, False]


def test_a_wish_is_pending_until_its_effect_is_seen(desk: FakeDesk) -> None:
    case = cases.one(State.PENDING_CLOSE)
    desk.show(case)
    desk.picture.ask(close(case.id))
    assert [wish.name for wish in desk.picture.pending(case.id)] == ["close"]
    ack = Ack(id="ask-0001", log=cases.LOG, number=10, stream="", version=case.version + 1)
    desk.hear(Answered(id="ask-0001", answer=ack))
    assert desk.picture.pending(case.id), "durable, but this picture still shows it open"
    desk.show(replace(case, version=case.version + 1, state=State.CLOSED))
    assert desk.picture.pending(case.id) == ()


def test_a_refused_wish_is_told_with_its_code(desk: FakeDesk) -> None:
    case = cases.one(State.PENDING_CLOSE)
    desk.show(case)
    told: list[Refusal] = []
    desk.picture.refused.connect(told.append)
    desk.picture.ask(close(case.id))
    desk.hear(Answered(id="ask-0001", answer=Nack(id="ask-0001", code="case.stale")))
    assert told == [Refusal(close(case.id), "case.stale", {})]
    assert desk.picture.pending(case.id) == ()


def test_nothing_is_sent_over_a_lost_link(desk: FakeDesk) -> None:
    case = cases.one(State.PENDING_CLOSE)
    desk.show(case)
    desk.link(LinkState.LOST, "link.cut")
    told: list[Refusal] = []
    desk.picture.refused.connect(told.append)
    desk.picture.ask(close(case.id))
    assert desk.sent == []
    assert [refusal.code for refusal in told] == ["link.lost"]


def test_a_link_that_has_been_silent_for_twelve_seconds_is_not_live(desk: FakeDesk) -> None:
    site = desk.picture.sites[0]
    desk.steady.seconds += 11.9
    assert desk.picture.is_live(site)
    desk.steady.seconds += 0.1
    assert not desk.picture.is_live(site)
    desk.hear(Tick(log=cases.LOG, at=cases.NOW, milli_speed=1000, head=1))
    assert desk.picture.is_live(site)


def test_the_saved_picture_shows_with_its_own_time_while_the_server_is_away(qapp: object) -> None:
    desk = FakeDesk()
    case = cases.one(State.FILED)
    desk.hear(Remembered(saved_at=cases.NOW, rules=cases.rules()))
    desk.hear(Changed(log=cases.LOG, upserted=(case,), reset=True, number=5, at=cases.NOW))
    desk.link(LinkState.LOST, "link.unreachable")
    desk.steady.seconds += 3600
    assert desk.picture.case(case.id) == case
    assert desk.picture.now(case.id) == cases.NOW
    assert not desk.picture.is_live(desk.picture.sites[0])


def test_a_reset_takes_away_what_it_does_not_bring(desk: FakeDesk) -> None:
    first, second = cases.one(State.FILED), cases.one(State.CLOSED)
    desk.show(first, second)
    told: list[Change] = []
    desk.picture.changed.connect(told.append)
    again = Changed(log=cases.LOG, upserted=(second,), reset=True, number=12, at=cases.NOW)
    desk.hear(again)
    assert told == [Change((second,), (first.id,))]


def test_another_person_starts_from_nothing(desk: FakeDesk) -> None:
    desk.show(cases.one(State.FILED))
    desk.picture.leave(0)
    assert list(desk.picture.cases()) == []
    assert desk.picture.sites[0].welcome is None


def test_the_pace_goes_to_the_log_itself(desk: FakeDesk) -> None:
    desk.picture.ask(Wish("pace", None, Role.ACCEPTOR, SetPace(speed=60)))
    assert [stream for _, stream, *_ in desk.sent] == [f"log/{cases.LOG}"]


def test_the_time_is_that_of_the_server_that_answers_while_the_first_is_not_heard() -> None:
    desk = FakeDesk(servers=2)
    desk.join(cases.welcome(LogId("yantian")), site=1)
    assert desk.picture.now() == cases.NOW
