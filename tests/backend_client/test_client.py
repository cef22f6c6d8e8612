"""The public client, first against a scripted server, then against the real one."""

import asyncio
import re
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from msgspec import Raw
from msgspec.structs import replace

from backend_client import Connection, command_ids, connect, drill_token
from backend_client.credentials import Trust, trusted
from case_server.server import Settings
from case_server.server import serving as serving_for_real
from casework import acts
from casework.decider import Refused
from casework.pack import encode_rules
from casework.procedures.log import SetPace
from casework.queries import CaseQuery, TallyQuery
from casework.replies import CaseDetail, RulesReply, TallyReply
from casework.rulebook import Queues
from casework.terms import CaseId, LogId, Role, State
from casework.wire import Ack, Ask, Fetch, Nack, Reply, read_from_client
from tests.backend_client.history import (
    ACTOR,
    ENDED_HOURS,
    GRANTS,
    LOG,
    REPORT,
    RULES,
    RULES_BYTES,
    RULES_DIGEST,
    START,
    WATER,
    History,
)
from tests.backend_client.scripted_server import Visitor, serving

NOTE = acts.AddNote(opinion="一")
KEY = b"the drill key of a practice log"
DRILL = drill_token(KEY, ACTOR.user, "王", GRANTS)
ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs" / "client.md"


def in_time(work: Any) -> Any:
    """Run a test's coroutine, but not for ever."""

    async def limited() -> Any:
        async with asyncio.timeout(30):
            return await work

    return asyncio.run(limited())


async def answering(visitor: Visitor) -> None:
    """A server that acknowledges every note but an angry one, questions, and tells of nothing."""
    history = History()
    await visitor.say(history.welcome(), *history.snapshot())
    async for frame in visitor.socket:
        match read_from_client(frame):
            case Fetch(ref=0):
                book = RulesReply(version=1, digest=RULES_DIGEST, rules=Raw(RULES_BYTES))
                await visitor.say(Reply(ref=0, body=book))
            case Fetch(ref=ref):
                tally = TallyReply(states={State.FILED: 2}, open=2, ended=0)
                known = ref == 1
                reply = Reply(ref=ref, body=tally) if known else Reply(ref=ref, code="case.no")
                await visitor.say(reply)
            case Ask(id=id, stream=stream, command=acts.AddNote(opinion="一")):
                await visitor.say(Ack(id=id, log=LOG, number=1, stream=stream, version=2))
            case Ask(id=id):
                await visitor.say(Nack(id=id, code="case.stale", detail={"code": "0102"}))


@asynccontextmanager
async def scripted() -> AsyncIterator[Connection]:
    async with (
        serving(answering) as server,
        connect(server.address, user="wang", password="x") as desk,
    ):
        yield desk


def test_answers_find_their_commands() -> None:
    async def play() -> None:
        async with scripted() as desk:
            posted = [desk.post(NOTE, role=Role.ACCEPTOR, stream=f"case/{n}") for n in range(50)]
            acks = await asyncio.gather(*posted)
            assert [ack.stream for ack in acks] == [f"case/{n}" for n in range(50)]

    in_time(play())


def test_a_refusal_is_raised_with_its_code_and_detail() -> None:
    async def play() -> Refused:
        async with scripted() as desk:
            with pytest.raises(Refused) as caught:
                await desk.ask(acts.AddNote(opinion="怒"), role=Role.ACCEPTOR)
            return caught.value

    refused = in_time(play())
    assert (refused.code, refused.detail) == ("case.stale", {"code": "0102"})


def test_the_same_id_is_the_same_command_while_it_is_unanswered() -> None:
    async def play() -> None:
        async with scripted() as desk:
            first = desk.post(NOTE, role=Role.ACCEPTOR, id="my-own-id")
            assert desk.post(NOTE, role=Role.ACCEPTOR, id="my-own-id") is first
            assert (await first).id == "my-own-id"

    in_time(play())


def test_questions_are_answered_or_refused() -> None:
    async def play() -> None:
        async with scripted() as desk:
            reply = await desk.fetch(TallyQuery())
            assert isinstance(reply, TallyReply)
            with pytest.raises(Refused, match=r"case\.no"):
                await desk.fetch(TallyQuery())

    in_time(play())


def test_whoever_may_not_sign_in_is_told_so() -> None:
    async def play() -> None:
        async with serving(answering) as server:
            server.refuses["Basic"] = HTTPStatus.UNAUTHORIZED, "sign_in.wrong"
            with pytest.raises(Refused, match=r"sign_in\.wrong"):
                async with connect(server.address, user="wang", password="y"):
                    pass

    in_time(play())


def test_a_door_that_turns_one_away_without_a_code_is_a_refused_sign_in() -> None:
    async def play() -> None:
        async with serving(answering) as server:
            server.refuses["Basic"] = HTTPStatus.UNAUTHORIZED, ""
            with pytest.raises(Refused, match=r"sign_in\.refused"):
                async with connect(server.address, user="wang", password="y"):
                    pass

    in_time(play())


@pytest.mark.parametrize("alone", [True, False])
@pytest.mark.parametrize("held", [None, "no certificate at all"])
def test_a_ca_file_that_cannot_be_used_is_named(
    tmp_path: Path, held: str | None, alone: bool
) -> None:
    file = tmp_path / "ca.pem"
    if held is not None:
        file.write_text(held)
    with pytest.raises(Refused) as refused:
        trusted(Trust(str(file), alone))
    assert (refused.value.code, refused.value.detail["file"]) == ("server.ca_file", str(file))


def test_waiting_for_an_absent_server_can_be_limited() -> None:
    async def play() -> None:
        async with serving(answering) as server:
            address = server.address
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05), connect(address, user="wang", password="x"):
                pass

    in_time(play())


def test_a_command_without_an_answer_ends_with_the_connection() -> None:
    async def deaf(visitor: Visitor) -> None:
        history = History()
        book = RulesReply(version=1, digest=RULES_DIGEST, rules=Raw(RULES_BYTES))
        await visitor.say(history.welcome(), Reply(ref=0, body=book), *history.snapshot())
        await visitor.stay()

    async def play() -> None:
        async with serving(deaf) as server:
            async with connect(server.address, user="wang", password="x") as desk:
                posted = desk.post(NOTE, role=Role.ACCEPTOR)
            with pytest.raises(Refused, match=r"link\.closed"):
                await posted
            with pytest.raises(Refused, match=r"link\.closed"):
                desk.post(NOTE, role=Role.ACCEPTOR)

    in_time(play())


def test_ids_differ_between_makers_and_in_order_of_time_within_one() -> None:
    mine, yours = command_ids(), command_ids()
    ids = [mine() for _ in range(300)]
    assert len({*ids, *(yours() for _ in range(300))}) == 600
    assert all(8 <= len(id) <= 64 for id in ids)


# --- with the real server -----------------------------------------------------------------------


def settings(folder: Path, port: int = 0, rules: bytes = RULES_BYTES) -> Settings:
    """A practice log in `folder`."""
    (folder / "drill.key").write_bytes(KEY)
    return Settings(
        database=f"sqlite:///{folder}/log.db",
        port=port,
        practice=True,
        rules_bytes=rules,
        log=LogId("t"),
        drill_key_file=str(folder / "drill.key"),
        starts=START,
    )


async def until_number(desk: Connection, number: int) -> None:
    """Wait until the replica has folded `number`."""
    async for change in desk.changes():
        if change.number >= number:
            return


async def close_a_case(desk: Connection) -> Ack:
    """A case's shortest life, each act waiting for the one before."""
    ack = await desk.ask(REPORT, role=Role.ACCEPTOR)
    for command, role in (
        (acts.PassForFiling(), Role.ACCEPTOR),
        (acts.FileCase(), Role.SHIFT_LEADER),
        (acts.DispatchCase(lead=WATER), Role.DISPATCHER),
        (acts.FeedBack(), Role.UNIT),
        (acts.OrderCheck(), Role.ACCEPTOR),
        (acts.CheckCase(passed=True), Role.INSPECTOR),
        (acts.CloseCase(), Role.SHIFT_LEADER),
    ):
        ack = await desk.ask(command, role=role, stream=ack.stream, base_version=ack.version)
    return ack


def test_everybody_sees_the_same_cases_whether_told_or_freshly_joined(tmp_path: Path) -> None:
    async def play() -> None:
        async with (
            serving_for_real(settings(tmp_path)) as address,
            connect(address, drill=DRILL) as actor,
            connect(address, drill=DRILL) as watcher,
        ):
            last = await asyncio.gather(*(close_a_case(actor) for _ in range(5)))
            opened = [actor.post(REPORT, role=Role.ACCEPTOR) for _ in range(200)]
            last += await asyncio.gather(*opened)
            head = max(ack.number for ack in last)
            await until_number(watcher, head)
            await until_number(actor, head)
            async with connect(address, drill=DRILL) as fresh:
                assert len(fresh.replica.cases) == 205
                assert watcher.replica.cases == actor.replica.cases == fresh.replica.cases
                assert fresh.rules == RULES
                assert fresh.now() >= START
                assert fresh.welcome.ended_hours == ENDED_HOURS

    in_time(play())


@pytest.mark.parametrize(("hours", "kept"), [(1, False), (48, True)])
def test_the_rule_book_says_how_long_an_ended_case_stays_at_hand(
    tmp_path: Path, hours: int, kept: bool
) -> None:
    rules = encode_rules(replace(RULES, queues=Queues(ended_hours=hours)))

    async def play() -> None:
        async with (
            serving_for_real(settings(tmp_path, rules=rules)) as address,
            connect(address, drill=DRILL) as present,
        ):
            by_record = SetPace(by_record=True)
            await present.ask(by_record, role=Role.SHIFT_LEADER, stream=f"log/{LOG}")
            ended = CaseId((await close_a_case(present)).stream.removeprefix("case/"))
            later = START + timedelta(hours=3)
            ack = await present.ask(REPORT, role=Role.ACCEPTOR, claimed=later)
            await until_number(present, ack.number)
            async with connect(address, drill=DRILL) as fresh:
                assert (ended in fresh.replica.cases) is kept
                assert present.replica.cases == fresh.replica.cases

    in_time(play())


def test_a_restart_of_the_server_loses_and_doubles_nothing(tmp_path: Path) -> None:
    async def play() -> None:
        async with AsyncExitStack() as stack:
            async with serving_for_real(settings(tmp_path)) as address:
                joining = connect(address, drill=DRILL, device="desk-1", cache_dir=tmp_path)
                desk = await stack.enter_async_context(joining)
                first = await desk.ask(REPORT, role=Role.ACCEPTOR, id="report-1")
            again = desk.post(REPORT, role=Role.ACCEPTOR, id="report-1")
            waiting = [desk.post(REPORT, role=Role.ACCEPTOR) for _ in range(20)]
            port = int(address.rpartition(":")[2])
            await stack.enter_async_context(serving_for_real(settings(tmp_path, port)))
            assert await again == first
            acks = await asyncio.gather(*waiting)
            await until_number(desk, max(ack.number for ack in acks))
            assert len(desk.replica.cases) == 21

    in_time(play())


def test_a_wrong_drill_token_is_refused_by_the_real_server(tmp_path: Path) -> None:
    async def play() -> None:
        forged = drill_token(b"another key", ACTOR.user, "王", GRANTS)
        async with serving_for_real(settings(tmp_path)) as address:
            with pytest.raises(Refused, match=r"sign_in\.token"):
                async with connect(address, drill=forged):
                    pass

    in_time(play())


def python_of(document: Path) -> list[str]:
    """The Python that a page shows."""
    return re.findall(r"```python\n(.+?)```", document.read_text("utf-8"), re.DOTALL)


def examples() -> dict[str, Any]:
    """What the document's examples define."""
    names: dict[str, Any] = {"__name__": "docs.client"}
    for block in python_of(DOCUMENT):
        exec(compile(block, DOCUMENT.name, "exec"), names)
    return names


def test_the_documents_examples_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names = examples()

    async def play() -> str:
        async with (
            serving_for_real(settings(tmp_path)) as address,
            connect(address, drill=DRILL) as desk,
        ):
            watching = asyncio.ensure_future(names["watch"](address, drill=DRILL))
            stream: str = await names["report"](desk, "0102")
            shown = ""
            while f"{stream.removeprefix('case/')} prefiled" not in shown:
                shown += capsys.readouterr().out
                await asyncio.sleep(0)
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)
            detail = await desk.fetch(CaseQuery(case=next(iter(desk.replica.cases))))
            assert isinstance(detail, CaseDetail)
            assert detail.case.state is State.PREFILED
            return shown

    assert in_time(play()).startswith("王 at Testing\n")


def test_ten_lines_of_the_readme_watch_a_queue(tmp_path: Path) -> None:
    (program,) = python_of(ROOT / "README.md")
    assert len([line for line in program.splitlines() if line]) <= 10
    shown_address = '"ws://127.0.0.1:8765", user="zhang", password="…"'
    assert shown_address in program

    async def play() -> str:
        async with (
            serving_for_real(settings(tmp_path)) as address,
            connect(address, drill=DRILL) as desk,
        ):
            await desk.ask(REPORT, role=Role.ACCEPTOR)
            mine = program.replace(shown_address, f"{address!r}, drill={DRILL!r}")
            watching = await asyncio.create_subprocess_exec(
                sys.executable, "-u", "-c", mine, cwd=ROOT, stdout=asyncio.subprocess.PIPE
            )
            assert watching.stdout is not None
            try:
                return (await watching.stdout.readline()).decode()
            finally:
                watching.kill()
                await watching.communicate()

    assert " registered " in in_time(play())
