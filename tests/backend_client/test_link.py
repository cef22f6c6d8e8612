"""The link against a scripted server: what it does when sockets, passwords and disks fail."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from http import HTTPStatus
from pathlib import Path

import pytest
from msgspec import Raw
from msgspec.structs import replace
from websockets.exceptions import ConnectionClosed

from backend_client import Credentials, Link
from backend_client.notices import (
    Answered,
    Changed,
    Fetched,
    Joined,
    LinkChanged,
    LinkState,
    Notice,
    Remembered,
)
from backend_client.pace import Pace
from casework import acts
from casework.decider import Refused
from casework.queries import CaseQuery
from casework.replies import RulesReply
from casework.terms import CaseId, Role
from casework.wire import Ack, Ask, Bye, Fetch, Heartbeat, Reply, Resume, Seen
from tests.backend_client.history import LOG, RULES_BYTES, RULES_DIGEST, History
from tests.backend_client.scripted_server import (
    QUICK,
    Listener,
    Script,
    ScriptedServer,
    Visitor,
    serving,
)

WANG = Credentials(user="wang", password="secret")
ASK = Ask(id="command-1", stream="case/1", role=Role.ACCEPTOR, command=acts.AddNote(opinion="一"))
ACK = Ack(id="command-1", log=LOG, number=1, stream="case/1", version=2)
BOOK = Reply(ref=0, body=RulesReply(version=1, digest=RULES_DIGEST, rules=Raw(RULES_BYTES)))


@asynccontextmanager
async def running(link: Link) -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.ensure_future(link.run())
    try:
        yield task
    finally:
        link.close()
        async with asyncio.timeout(10):
            await task


async def greet(visitor: Visitor, history: History) -> None:
    """Welcome, rule book, and a snapshot or nothing."""
    known = visitor.hello.resume
    await visitor.say(history.welcome(resumes=known is not None), BOOK)
    if known is None:
        await visitor.say(*history.snapshot())


def staying(history: History) -> Script:
    async def script(visitor: Visitor) -> None:
        await greet(visitor, history)
        await visitor.stay()

    return script


def cutting(history: History) -> Script:
    async def script(visitor: Visitor) -> None:
        await greet(visitor, history)
        visitor.cut()

    return script


def is_state(state: LinkState, code: str | None = None) -> Callable[[Notice], bool]:
    def is_it(notice: Notice) -> bool:
        return (
            isinstance(notice, LinkChanged)
            and notice.state is state
            and code in (None, notice.code)
        )

    return is_it


def states(told: Listener) -> list[tuple[LinkState, str]]:
    return [(n.state, n.code) for n in told.notices if isinstance(n, LinkChanged)]


def new_link(
    server: ScriptedServer, told: Listener, cache: Path | None = None, pace: Pace = QUICK
) -> Link:
    return Link(server.address, WANG, "desk-1", told, cache, pace=pace)


def test_a_link_comes_to_life_and_ends_when_it_is_told_to() -> None:
    history = History()
    history.report()

    async def play() -> Listener:
        told = Listener()
        async with serving(staying(history)) as server, running(new_link(server, told)):
            await told.until(lambda notice: isinstance(notice, Changed))
        return told

    told = asyncio.run(play())
    assert [type(notice) for notice in told.notices] == [
        LinkChanged,
        LinkChanged,
        Joined,
        Changed,
        LinkChanged,
    ]
    assert [state for state, _ in states(told)] == [
        LinkState.CONNECTING,
        LinkState.LIVE,
        LinkState.CLOSED,
    ]


def test_after_a_cut_it_comes_back_by_token_and_number_with_what_was_unanswered() -> None:
    history = History()
    history.report()

    async def forgets(visitor: Visitor) -> None:
        await greet(visitor, history)
        await visitor.hear(Ask)
        visitor.cut()

    async def answers(visitor: Visitor) -> None:
        await greet(visitor, history)
        assert await visitor.hear(Ask) == ASK
        await visitor.say(ACK)
        await visitor.stay()

    async def play() -> tuple[ScriptedServer, Listener]:
        told = Listener()
        async with serving(forgets, answers) as server:
            link = new_link(server, told)
            async with running(link):
                link.ask(ASK)
                await told.until(lambda notice: isinstance(notice, Answered))
        return server, told

    server, told = asyncio.run(play())
    assert [header.split()[0] for header in server.headers] == ["Basic", "Bearer"]
    assert [hello.resume for hello in server.hellos] == [
        None,
        Resume(log=LOG, epoch="e1", number=1),
    ]
    assert (LinkState.LOST, "link.cut") in states(told)


def test_a_refused_password_stops_and_a_better_one_goes_on_with_what_waited() -> None:
    async def answers(visitor: Visitor) -> None:
        await greet(visitor, History())
        await visitor.hear(Ask)
        await visitor.say(ACK)
        await visitor.stay()

    async def play() -> tuple[int, Listener]:
        told = Listener()
        async with serving(answers) as server:
            server.refuses["Basic"] = HTTPStatus.UNAUTHORIZED, "sign_in.wrong"
            link = new_link(server, told)
            link.ask(ASK)
            async with asyncio.timeout(10):
                await link.run()
            tries = len(server.headers)
            server.refuses.clear()
            link.credentials = replace(WANG, password="better")
            async with running(link):
                await told.until(lambda notice: isinstance(notice, Answered))
        return tries, told

    tries, told = asyncio.run(play())
    assert tries == 1
    assert states(told)[:2] == [
        (LinkState.CONNECTING, ""),
        (LinkState.REFUSED, "sign_in.wrong"),
    ]


def test_a_token_that_ran_out_makes_way_for_the_password() -> None:
    history = History()

    async def play() -> ScriptedServer:
        told = Listener()
        async with serving(cutting(history), staying(history)) as server:
            server.refuses["Bearer"] = HTTPStatus.UNAUTHORIZED, "sign_in.token"
            async with running(new_link(server, told)):
                await told.until(lambda _: len(server.hellos) > 1)
        return server

    server = asyncio.run(play())
    assert [header.split()[0] for header in server.headers] == ["Basic", "Bearer", "Basic"]


def test_a_busy_server_is_tried_again() -> None:
    async def play() -> Listener:
        told = Listener()
        async with serving(staying(History())) as server:
            server.refuses["Basic"] = HTTPStatus.TOO_MANY_REQUESTS, "session.too_many"
            async with running(new_link(server, told)):
                await told.until(is_state(LinkState.LOST, "session.too_many"))
                server.refuses.clear()
                await told.until(is_state(LinkState.LIVE))
        return told

    asyncio.run(play())


def test_an_open_socket_without_frames_is_lost_and_replaced() -> None:
    async def play() -> Listener:
        told = Listener()
        pace = replace(QUICK, silence=0.1)
        async with (
            serving(staying(History())) as server,
            running(new_link(server, told, pace=pace)),
        ):
            await told.until(is_state(LinkState.LOST, "link.silent"))
            await told.until(lambda _: len(server.hellos) > 1)
        return told

    asyncio.run(play())


def test_a_client_shows_that_it_lives_and_how_far_it_is() -> None:
    history = History()
    history.report()
    heard = []

    async def script(visitor: Visitor) -> None:
        await greet(visitor, history)
        heard.append(await visitor.hear(Seen))
        heard.append(await visitor.hear(Heartbeat))
        visitor.cut()

    async def play() -> None:
        told = Listener()
        async with serving(script) as server, running(new_link(server, told)):
            await told.until(is_state(LinkState.LOST))

    asyncio.run(play())
    assert heard[0] == Seen(number=1)
    assert isinstance(heard[1], Heartbeat)
    assert heard[1].echo > 0


def test_a_farewell_for_good_stops_and_another_one_does_not() -> None:
    async def leaves(visitor: Visitor) -> None:
        await visitor.say(Bye(code="shutting_down", retry_after=0.01))

    async def refuses(visitor: Visitor) -> None:
        await visitor.say(Bye(code="upgrade"))

    async def play() -> Listener:
        told = Listener()
        async with serving(leaves, refuses) as server:
            async with asyncio.timeout(10):
                await new_link(server, told).run()
        return told

    assert states(asyncio.run(play())) == [
        (LinkState.CONNECTING, ""),
        (LinkState.LOST, "shutting_down"),
        (LinkState.REFUSED, "upgrade"),
    ]


def test_without_a_server_a_console_opens_on_the_last_picture(tmp_path: Path) -> None:
    history = History()
    case = history.report()

    async def play() -> tuple[Listener, Listener]:
        before, after = Listener(), Listener()
        async with (
            serving(staying(history)) as server,
            running(new_link(server, before, tmp_path)),
        ):
            await before.until(lambda notice: isinstance(notice, Changed))
        async with running(new_link(server, after, tmp_path)):
            await after.until(is_state(LinkState.LOST, "link.unreachable"))
        return before, after

    _, after = asyncio.run(play())
    remembered, changed = after.notices[:2]
    assert isinstance(remembered, Remembered)
    assert remembered.rules is not None
    assert isinstance(changed, Changed)
    assert (changed.reset, [c.id for c in changed.upserted]) == (True, [case])


def test_another_person_does_not_see_the_picture(tmp_path: Path) -> None:
    async def play() -> Listener:
        told = Listener()
        async with serving(staying(History())) as server:
            first = Listener()
            async with running(new_link(server, first, tmp_path)):
                await first.until(lambda notice: isinstance(notice, Changed))
        li = Credentials(user="li", password="secret")
        async with running(Link(server.address, li, "desk-1", told, tmp_path, pace=QUICK)):
            await told.until(is_state(LinkState.LOST))
        return told

    assert not any(isinstance(n, Remembered | Changed) for n in asyncio.run(play()).notices)


def test_a_rule_book_is_asked_for_once_and_then_found_on_disk(tmp_path: Path) -> None:
    asked: list[bool] = []

    async def script(visitor: Visitor) -> None:
        await visitor.say(History().welcome(), *History().snapshot())
        with suppress(ConnectionClosed):
            async for frame in visitor.socket:
                if b"rules" in (frame if isinstance(frame, bytes) else frame.encode()):
                    asked.append(True)
                    await visitor.say(BOOK)

    async def play() -> None:
        for _ in range(2):
            told = Listener()
            async with serving(script) as server:
                link = Link(server.address, WANG, "d", told, tmp_path, pace=QUICK)
                async with running(link):
                    await told.until(lambda notice: isinstance(notice, Joined))

    asyncio.run(play())
    assert asked == [True]


def test_commands_and_questions_are_sent_at_once() -> None:
    async def answers(visitor: Visitor) -> None:
        await greet(visitor, History())
        await visitor.hear(Ask)
        await visitor.say(ACK)
        await visitor.hear(Fetch)
        await visitor.say(Reply(ref=7, code="case.not_found"))
        await visitor.stay()

    async def play() -> None:
        told = Listener()
        idle = replace(QUICK, heartbeat=600)  # nothing else wakes the sender
        async with serving(answers) as server:
            link = new_link(server, told, pace=idle)
            async with running(link):
                await told.until(lambda notice: isinstance(notice, Changed))
                link.ask(ASK)
                await told.until(lambda notice: isinstance(notice, Answered))
                link.fetch(7, CaseQuery(case=CaseId("t-1")))
                await told.until(lambda notice: isinstance(notice, Fetched))

    asyncio.run(play())


@pytest.mark.parametrize("ending", ["close", "cancel"])
def test_what_waits_at_the_end_is_told_so(ending: str) -> None:
    async def play() -> Listener:
        told = Listener()
        async with serving(staying(History())) as server:
            link = new_link(server, told)
            task = asyncio.ensure_future(link.run())
            link.ask(ASK)
            link.fetch(7, CaseQuery(case=CaseId("t-1")))
            await told.until(is_state(LinkState.LIVE))
            if ending == "close":
                link.close()
            else:
                task.cancel()
            with suppress(asyncio.CancelledError):
                await task
            with pytest.raises(Refused, match=r"link\.closed"):
                link.ask(ASK)
        return told

    told = asyncio.run(play())
    answered = next(notice for notice in told.notices if isinstance(notice, Answered))
    assert answered.answer.id == ASK.id
    assert Fetched(ref=7, code="link.closed") in told.notices
