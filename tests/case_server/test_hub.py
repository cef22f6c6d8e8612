"""Sessions: they join, learn, resume, and every range they are told tiles."""

import asyncio
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed

from case_server.session import Limits
from casework import acts
from casework.decider import Actor
from casework.envelope import read_envelope
from casework.procedures.log import SetPace
from casework.queries import CaseQuery, RulesQuery, TallyQuery, UrgentQuery
from casework.replies import CaseDetail, RulesReply, TallyReply, UrgentReply
from casework.terms import Role, UserId
from casework.wire import (
    MAX_FRAME,
    PROTOCOL,
    Ack,
    Ask,
    Bye,
    Events,
    Heartbeat,
    Hello,
    Nack,
    Resume,
    Seen,
    Snapshot,
    Welcome,
    encode,
    read_case,
)
from tests.case_server.desk_kit import (
    ACCEPTOR,
    EAST,
    LAMP_CREW,
    LEADER,
    WATER,
    WATER_CREW,
    WEST,
    person,
    report,
)
from tests.case_server.socket_kit import Guest, everything, guest, in_time, server

KEEPER = Actor(user=UserId("keeper"), grants=everything(), device="keeper")


def of_case(stream: str) -> str:
    return stream.removeprefix("case/")


async def dispatched(desk: Guest) -> Ack:
    """A case with the water group."""
    ack = await desk.accepted(Role.ACCEPTOR, report("积水"))
    ack = await desk.accepted(Role.ACCEPTOR, acts.PassForFiling(), ack.stream, ack.version)
    ack = await desk.accepted(Role.SHIFT_LEADER, acts.FileCase(), ack.stream, ack.version)
    dispatch = acts.DispatchCase(lead=WATER)
    return await desk.accepted(Role.DISPATCHER, dispatch, ack.stream, ack.version)


def assert_tiled(events: list[Events], start: int) -> None:
    for message in events:
        assert message.first == start + 1
        assert message.last >= message.first
        start = message.last


def test_a_session_gets_a_snapshot_and_then_what_happens(tmp_path: Path) -> None:
    async def work() -> None:
        async with server(tmp_path) as address, guest(address, KEEPER) as desk:
            welcome = await desk.hello()
            assert (welcome.resumes, welcome.log, welcome.practice) == (False, "t", True)
            assert await desk.snapshot() == set()
            first = await desk.accepted(Role.ACCEPTOR, report("井盖破损"))
            async with guest(address, ACCEPTOR) as late:
                await late.hello()
                assert await late.snapshot() == {of_case(first.stream)}
                ack = await desk.accepted(
                    Role.ACCEPTOR, acts.PassForFiling(), first.stream, first.version
                )
                events = await late.told(ack.number)
                assert_tiled(events, first.number)
                assert [read_envelope(raw).number for raw in events[-1].events] == [ack.number]

    in_time(work)


def test_ones_own_act_is_told_before_it_is_acknowledged(tmp_path: Path) -> None:
    async def work() -> None:
        async with server(tmp_path) as address, guest(address, KEEPER) as desk:
            await desk.hello()
            await desk.snapshot()
            await desk.say(Ask(id="own-act-1", role=Role.ACCEPTOR, command=report()))
            events = await desk.until(Events, lambda message: bool(message.cases))
            ack = await desk.next()
            assert isinstance(ack, Ack)
            assert (read_case(events.cases[0]).id, events.last) == (of_case(ack.stream), ack.number)

    in_time(work)


def test_a_client_resumes_by_number_and_misses_nothing(tmp_path: Path) -> None:
    async def work() -> None:
        async with server(tmp_path) as address, guest(address, KEEPER) as desk:
            welcome = await desk.hello()
            await desk.snapshot()
            first = await desk.accepted(Role.ACCEPTOR, report())
            last = await desk.accepted(
                Role.ACCEPTOR, acts.PassForFiling(), first.stream, first.version
            )
            stand = Resume(log=welcome.log, epoch=welcome.epoch, number=first.number)
            async with guest(address, KEEPER) as back:
                assert (await back.hello(stand)).resumes
                events = await back.told(last.number)
                assert_tiled(events, first.number)
                assert not any('"t":"Snapshot"' in frame for frame in back.frames)

    in_time(work)


def test_what_memory_has_forgotten_is_resumed_from_the_journal(tmp_path: Path) -> None:
    async def work() -> None:
        async with server(tmp_path) as address, guest(address, KEEPER) as desk:
            welcome = await desk.hello()
            ack = await dispatched(desk)
        async with server(tmp_path) as address, guest(address, WATER_CREW) as crew:
            stand = Resume(log=welcome.log, epoch=welcome.epoch, number=welcome.head)
            assert (await crew.hello(stand)).resumes
            events = await crew.told(ack.number)
            assert_tiled(events, welcome.head)
            assert [read_case(raw).id for raw in events[-1].cases] == [of_case(ack.stream)]

    in_time(work)


@pytest.mark.parametrize(
    "stand",
    [
        Resume(log="other", epoch="", number=2),  # type: ignore[arg-type]  # a NewType
        Resume(log="t", epoch="another history", number=2),  # type: ignore[arg-type]  # a NewType
    ],
)
def test_another_history_is_never_resumed(tmp_path: Path, stand: Resume) -> None:
    async def work() -> None:
        async with server(tmp_path) as address, guest(address, KEEPER) as desk:
            assert not (await desk.hello(stand)).resumes
            await desk.snapshot()

    in_time(work)


@pytest.mark.parametrize("number", [0, 9_999])
def test_a_number_too_far_behind_or_ahead_gets_a_snapshot(tmp_path: Path, number: int) -> None:
    async def work() -> None:
        async with (
            server(tmp_path, Limits(resume_within=1)) as address,
            guest(address, KEEPER) as desk,
        ):
            welcome = await desk.hello()
            stand = Resume(log=welcome.log, epoch=welcome.epoch, number=number)
            async with guest(address, KEEPER) as back:
                assert not (await back.hello(stand)).resumes

    in_time(work)


def test_ranges_tile_for_everyone_under_load(tmp_path: Path) -> None:
    people = [
        KEEPER,
        ACCEPTOR,
        WATER_CREW,
        LAMP_CREW,
        person(Role.OBSERVER, areas=(WEST,)),
        person(Role.ADMINISTRATOR),
    ]

    async def watch(address: str, who: Actor, last: int) -> None:
        async with guest(address, who) as watcher:
            await watcher.hello()
            start = (await watcher.until(Snapshot, lambda part: part.part == part.parts)).number
            while start < last:
                events = await watcher.until(Events)
                assert_tiled([events], start)
                start = events.last

    async def work() -> None:
        async with server(tmp_path) as address, guest(address, KEEPER) as desk:
            last = (await desk.hello()).head + 300
            watchers: list[asyncio.Task[None]] = []
            for order in range(300):
                command = report(district=EAST if order % 2 else WEST)
                await desk.say(Ask(id=f"load-{order:05}", role=Role.ACCEPTOR, command=command))
                if order % 20 == 0:
                    who = people[order // 20 % len(people)]
                    watchers.append(asyncio.create_task(watch(address, who, last)))
                    await asyncio.sleep(0)
            await desk.until(Ack, lambda ack: ack.number == last)
            await asyncio.gather(*watchers)

    in_time(work)


def test_the_same_command_twice_is_answered_twice_and_done_once(tmp_path: Path) -> None:
    async def work() -> None:
        async with server(tmp_path) as address, guest(address, KEEPER) as desk:
            await desk.hello()
            ask = Ask(id="twice-0001", role=Role.ACCEPTOR, command=report())
            await desk.say(ask)
            await desk.say(ask)
            assert await desk.until(Ack) == await desk.until(Ack)

    in_time(work)


# --- what may be asked -----------------------------------------------------------------------


def test_questions_are_answered_within_the_grants(tmp_path: Path) -> None:
    async def work() -> None:
        async with server(tmp_path) as address, guest(address, KEEPER) as desk:
            welcome = await desk.hello()
            ack = await dispatched(desk)
            case = CaseQuery(case=of_case(ack.stream))  # type: ignore[arg-type]  # a NewType
            assert isinstance((await desk.fetch(case)).body, CaseDetail)
            assert isinstance((await desk.fetch(TallyQuery())).body, TallyReply)
            rules = (await desk.fetch(RulesQuery(digest=welcome.rules_digest))).body
            assert isinstance(rules, RulesReply)
            assert (await desk.fetch(RulesQuery(digest="another"))).code == "rules.not_found"
            async with guest(address, LAMP_CREW) as other:
                await other.hello()
                assert (await other.fetch(case)).code == "case.not_found"
                assert (await other.fetch(UrgentQuery())).body == UrgentReply(cases=())
                assert (await other.fetch(TallyQuery())).body == TallyReply(
                    states={}, open=0, ended=0
                )

    in_time(work)


def test_a_refusal_does_not_tell_whether_an_invisible_case_exists(tmp_path: Path) -> None:
    async def work() -> None:
        async with server(tmp_path) as address, guest(address, KEEPER) as desk:
            await desk.hello()
            ack = await dispatched(desk)
            async with guest(address, LAMP_CREW) as other:
                await other.hello()
                for role in (Role.UNIT, Role.DISPATCHER):
                    there = await other.ask(role, acts.FeedBack(), ack.stream, 1)
                    nowhere = await other.ask(role, acts.FeedBack(), "case/t-20080613-99999", 1)
                    assert isinstance(there, Nack)
                    assert isinstance(nowhere, Nack)
                    assert (there.code, there.detail, there.version) == (
                        nowhere.code,
                        nowhere.detail,
                        nowhere.version,
                    )

    in_time(work)


def test_a_pace_reaches_everyone_by_heartbeat_and_an_echo_comes_back(tmp_path: Path) -> None:
    async def work() -> None:
        async with (
            server(tmp_path) as address,
            guest(address, KEEPER) as desk,
            guest(address, LAMP_CREW) as other,
        ):
            await desk.hello()
            await other.hello()
            await desk.say(Seen(number=2))
            await desk.accepted(Role.ADMINISTRATOR, SetPace(speed=60.0), "log/t", 2)
            beat = await other.until(Heartbeat)
            assert (beat.milli_speed, beat.head) == (60_000, 3)
            await other.say(Heartbeat(echo=12.5))
            await other.until(Heartbeat, lambda beat: beat.echo == 12.5)

    in_time(work)


# --- what is not let through -----------------------------------------------------------------

DEEP = "[" * 100_000 + "]" * 100_000


@pytest.mark.parametrize(
    "frame",
    [
        "",
        "{",
        "null",
        "[]",
        "{}",
        b'{"t":"Seen","number":1}',
        DEEP,
        '{"t":"Heartbeat","extra":' + DEEP + "}",
        '{"t":"Heartbeat","echo":NaN}',
        '{"t":"Heartbeat","echo":1e999}',
        '{"t":"Seen","number":"1"}',
        '{"t":"Seen","number":1,"more":1}',
        '{"t":"Seen","number":' + "9" * 5000 + "}",
        '{"t":"Nobody"}',
        '{"t":"Ask","id":"12345678","role":"acceptor","command":{"type":"Unheard"}}',
        '{"t":"Ask","id":"short","role":"acceptor","command":{"type":"CloseCase"}}',
        '{"t":"Ask","id":"12345678","role":"acceptor",'
        '"command":{"type":"CloseCase","opinion":"\\u0000"}}',
        '{"t":"Ask","id":"12345678","role":"acceptor",'
        '"command":{"type":"CloseCase","opinion":"\\ud800"}}',
        encode(Hello(protocol=PROTOCOL, device="again")).decode(),
    ],
    ids=lambda frame: repr(frame[:40]),
)
def test_a_malformed_frame_gets_one_bye_with_one_clear_sentence(
    tmp_path: Path, frame: str | bytes
) -> None:
    async def work() -> None:
        async with server(tmp_path) as address, guest(address, KEEPER) as desk:
            await desk.hello()
            await desk.snapshot()
            await desk.socket.send(frame)
            bye = await desk.bye()
            assert (bye.code, bye.retry_after) == ("frame.malformed", 0.0)
            assert bye.detail.endswith(".")
            assert "\n" not in bye.detail
            async with guest(address, KEEPER) as again:  # and the server goes on
                await again.hello()

    in_time(work)


def test_a_backslash_before_u0000_is_only_text(tmp_path: Path) -> None:
    async def work() -> None:
        async with server(tmp_path) as address, guest(address, KEEPER) as desk:
            await desk.hello()
            ack = await desk.accepted(Role.ACCEPTOR, report())
            note = acts.AddNote(opinion=r"C:\u0000")
            await desk.accepted(Role.ACCEPTOR, note, ack.stream, ack.version)

    in_time(work)


def test_a_frame_above_the_limit_closes_with_1009(tmp_path: Path) -> None:
    async def work() -> None:
        async with server(tmp_path) as address, guest(address, KEEPER) as desk:
            await desk.hello()
            await desk.socket.send("x" * (MAX_FRAME + 1))
            with pytest.raises(ConnectionClosed):
                await desk.until(Bye)
            assert desk.socket.close_code == 1009

    in_time(work)


@pytest.mark.parametrize("protocol", [PROTOCOL + 1, PROTOCOL - 2])
def test_another_protocol_is_told_to_upgrade(tmp_path: Path, protocol: int) -> None:
    async def work() -> None:
        async with server(tmp_path) as address, guest(address, KEEPER) as desk:
            await desk.say(Hello(protocol=protocol, device="d"))
            assert (await desk.bye()).code == "upgrade"

    in_time(work)


def test_the_protocol_before_is_still_spoken(tmp_path: Path) -> None:
    async def work() -> None:
        async with server(tmp_path) as address, guest(address, KEEPER) as desk:
            assert isinstance(await desk.hello(protocol=PROTOCOL - 1), Welcome)

    in_time(work)


def test_who_does_not_say_hello_is_sent_away(tmp_path: Path) -> None:
    async def work() -> None:
        async with server(tmp_path, Limits(hello=0.05)) as address:
            async with guest(address, KEEPER) as silent:
                assert (await silent.bye()).code == "hello.missing"
            async with guest(address, KEEPER) as rude:
                await rude.say(Seen(number=1))
                assert (await rude.bye()).code == "hello.missing"

    in_time(work)


@pytest.mark.slow
def test_a_reader_that_is_stuck_is_cut_while_others_go_on(tmp_path: Path) -> None:
    limits = Limits(unsent_pause=8_000, unsent_cut=64_000, unsent_age=1.0, quiet=0.02)

    async def work() -> None:
        async with server(tmp_path, limits) as address, guest(address, KEEPER) as desk:
            await desk.hello()
            async with guest(address, KEEPER, max_queue=1) as stuck:
                await stuck.say(Hello(protocol=PROTOCOL, device="stuck"))
                stuck.socket.transport.pause_reading()
                opinion = "积水" * 900
                ack = await desk.accepted(Role.ACCEPTOR, report())
                for _ in range(3_000):
                    note = acts.AddNote(opinion=opinion)
                    ack = await desk.accepted(Role.ACCEPTOR, note, ack.stream)
                    if stuck.socket.transport.is_closing():
                        break
                stuck.socket.transport.resume_reading()
                with pytest.raises(ConnectionClosed):
                    await stuck.told(ack.number)

    in_time(work)


@pytest.mark.slow
def test_a_slow_reader_catches_up_with_what_became_of_the_cases(tmp_path: Path) -> None:
    limits = Limits(unsent_pause=8_000, quiet=0.02)

    async def work() -> None:
        async with server(tmp_path, limits) as address, guest(address, KEEPER) as desk:
            await desk.hello()
            async with guest(address, LEADER) as slow:
                await slow.hello()
                await slow.snapshot()
                slow.socket.transport.pause_reading()
                ack = await desk.accepted(Role.ACCEPTOR, report())
                start = ack.number - 1
                note = acts.AddNote(opinion="积水" * 900)
                ack = await desk.accepted_often(Role.ACCEPTOR, note, ack.stream, 1_500)
                slow.socket.transport.resume_reading()
                events = await slow.told(ack.number)
                assert_tiled(events, start)
                assert sum(len(message.events) for message in events) < 1_500
                folded = [read_case(raw) for message in events for raw in message.cases]
                assert max(case.version for case in folded) == ack.version

    in_time(work)
