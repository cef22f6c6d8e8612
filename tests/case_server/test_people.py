"""People over the socket: passwords are given, changed and taken away; rights end at once."""

import logging
from base64 import b64encode
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import SQLAlchemyError
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from case_server.door import is_private
from casework import acts
from casework.decider import Command, Grant
from casework.enquiries import (
    ColleaguesQuery,
    ColleaguesReply,
    DepartureQuery,
    DepartureReply,
    NamesQuery,
    NamesReply,
    PersonName,
    ProposedQuery,
    ProposedReply,
)
from casework.orders_over import OrdersOverQuery, OrdersOverReply
from casework.procedures.account import (
    AddAccount,
    ChangeGrants,
    ChangePassword,
    DescribeAccount,
    DisableAccount,
    EnableAccount,
    ResetPassword,
)
from casework.queries import AccountsQuery, RulesQuery, TallyQuery
from casework.replies import AccountRow, AccountsReply, RulesReply
from casework.terms import CaseId, Role, UserId
from casework.wire import Ack, Ask, Bye, Heartbeat, Nack, Passwords
from tests.case_server.desk_kit import ACCEPTOR, ADMINISTRATOR, BIRTH, person, report
from tests.case_server.socket_kit import Guest, guest, in_time, server
from tests.databases import log_url

OWN = "correct horse battery"
MADE_UP = Passwords()
GRANTS = (Grant(role=Role.DISPATCHER),)
ADDING = AddAccount(user="li", name="李", grants=GRANTS)
KEEPER = Role.ADMINISTRATOR
LI = "account/li"


def basic(user: str, password: str) -> dict[str, str]:
    return {"Authorization": f"Basic {b64encode(f'{user}:{password}'.encode()).decode()}"}


@asynccontextmanager
async def comes_in(
    address: str, headers: dict[str, str], seat: str = "seat 7"
) -> AsyncIterator[Guest]:
    """A person with an account at the door, before the Hello."""
    async with connect(address, additional_headers=headers, compression=None) as socket:
        yield Guest(socket, seat)


async def stays_out(address: str, headers: dict[str, str]) -> bool:
    try:
        async with comes_in(address, headers):
            return False
    except InvalidStatus:
        return True


@asynccontextmanager
async def office(folder: Path) -> AsyncIterator[tuple[str, Guest]]:
    """A server and its administrator."""
    async with server(folder) as address, guest(address, ADMINISTRATOR) as keeper:
        await keeper.hello()
        yield address, keeper


def code(answer: Ack | Nack) -> str:
    return answer.code if isinstance(answer, Nack) else "accepted"


async def rows(keeper: Guest) -> dict[str, AccountRow]:
    reply = (await keeper.fetch(AccountsQuery())).body
    assert isinstance(reply, AccountsReply)
    return {row.user: row for row in reply.accounts}


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


# --- the password that is used once ------------------------------------------------------------


def test_a_one_time_password_lets_in_to_change_it_and_to_nothing_else(tmp_path: Path) -> None:
    async def work() -> None:
        async with office(tmp_path) as (address, keeper):
            once = (await keeper.accepted(KEEPER, ADDING, passwords=MADE_UP)).once
            async with comes_in(address, basic("li", once)) as li:
                welcome = await li.hello()
                assert welcome.must_change
                refused = await li.ask(Role.DISPATCHER, acts.FeedBack(), "case/x")
                assert code(refused) == "password.must_change"
                assert (await li.fetch(TallyQuery())).code == "password.must_change"
                rules = await li.fetch(RulesQuery(digest=welcome.rules_digest))
                assert isinstance(rules.body, RulesReply)
                change = Passwords(new=OWN, old=once)
                ack = await li.accepted(Role.DISPATCHER, ChangePassword(), LI, passwords=change)
                assert (await li.bye()).code == "password.changed"
                assert not any('"t":"Snapshot"' in frame for frame in li.frames)
            async with comes_in(address, bearer(ack.token)) as li:
                welcome = await li.hello()
                assert not welcome.must_change
                assert await li.snapshot() == set()
            assert await stays_out(address, basic("li", once))
            async with comes_in(address, basic("li", OWN)) as li:
                assert not (await li.hello()).must_change

    in_time(work)


def test_a_reset_that_is_sent_again_gives_the_same_password_once_more(tmp_path: Path) -> None:
    async def work() -> None:
        async with office(tmp_path) as (address, keeper):
            await keeper.accepted(KEEPER, ADDING)
            answers = [
                await keeper.ask(
                    KEEPER, ResetPassword(), LI, passwords=MADE_UP, id="the-same-reset"
                )
                for _ in range(2)
            ]
            assert answers[0] == answers[1]
            assert isinstance(answers[0], Ack)
            async with comes_in(address, basic("li", answers[0].once)) as li:
                assert (await li.hello()).must_change
            other = await keeper.accepted(KEEPER, ResetPassword(), LI, passwords=MADE_UP)
            assert other.once != answers[0].once

    in_time(work)


def test_a_person_without_a_password_cannot_come_in(tmp_path: Path) -> None:
    async def work() -> None:
        async with office(tmp_path) as (address, keeper):
            ack = await keeper.accepted(KEEPER, ADDING)
            assert not ack.once
            assert await stays_out(address, basic("li", ""))

    in_time(work)


@pytest.mark.parametrize(
    ("command", "passwords", "refused"),
    [
        (ResetPassword(), None, "password.missing"),
        (ResetPassword(), Passwords(new="short"), "password.too_short"),
        (ResetPassword(), Passwords(new="x" * 201), "password.too_long"),
        (ResetPassword(), Passwords(new="aaaaaaaaaa"), "password.refused"),
        (DescribeAccount(name="李"), MADE_UP, "password.unexpected"),
        (ChangePassword(), None, "account.not_yours"),
    ],
)
def test_a_password_that_will_not_do_is_refused(
    tmp_path: Path, command: Command, passwords: Passwords | None, refused: str
) -> None:
    async def work() -> None:
        async with office(tmp_path) as (_, keeper):
            await keeper.accepted(KEEPER, ADDING)
            assert code(await keeper.ask(KEEPER, command, LI, passwords=passwords)) == refused

    in_time(work)


def test_a_program_keeps_the_password_that_it_was_given(tmp_path: Path) -> None:
    async def work() -> None:
        async with office(tmp_path) as (address, keeper):
            adding = AddAccount(user="importer", name="导入", grants=GRANTS, lasting=True)
            ack = await keeper.accepted(KEEPER, adding, passwords=Passwords(new=OWN))
            assert not ack.once
            async with comes_in(address, basic("importer", OWN)) as program:
                assert not (await program.hello()).must_change

    in_time(work)


def test_nobody_but_an_administrator_gives_passwords(tmp_path: Path) -> None:
    async def work() -> None:
        async with office(tmp_path) as (address, keeper), guest(address, ACCEPTOR) as other:
            await keeper.accepted(KEEPER, ADDING)
            await other.hello()
            reset = await other.ask(Role.ACCEPTOR, ResetPassword(), LI, passwords=MADE_UP)
            assert code(reset) == "account.administrators_only"
            assert (await other.fetch(AccountsQuery())).code == "account.administrators_only"

    in_time(work)


# --- one's own password -------------------------------------------------------------------------


async def with_own(keeper: Guest) -> None:
    """Li with a password of her own."""
    adding = AddAccount(user="li", name="李", grants=GRANTS, lasting=True)
    await keeper.accepted(KEEPER, adding, passwords=Passwords(new=OWN))


@pytest.mark.parametrize(
    ("passwords", "refused"),
    [
        (Passwords(old="wrong horse", new="another horse"), "password.wrong"),
        (Passwords(old=OWN), "password.missing"),
        (Passwords(old=OWN, new=OWN), "password.same"),
        (Passwords(old=OWN, new="short"), "password.too_short"),
    ],
)
def test_who_changes_the_own_password_knows_the_old_one_and_a_better_one(
    tmp_path: Path, passwords: Passwords, refused: str
) -> None:
    async def work() -> None:
        async with office(tmp_path) as (address, keeper):
            await with_own(keeper)
            async with comes_in(address, basic("li", OWN)) as li:
                await li.hello()
                answer = await li.ask(Role.DISPATCHER, ChangePassword(), LI, passwords=passwords)
                assert code(answer) == refused

    in_time(work)


def test_the_old_password_may_be_guessed_only_so_often(tmp_path: Path) -> None:
    async def work() -> None:
        async with office(tmp_path) as (address, keeper):
            await with_own(keeper)
            async with comes_in(address, basic("li", OWN)) as li:
                await li.hello()
                guess = Passwords(old="wrong horse", new="another horse")
                codes = [
                    code(await li.ask(Role.DISPATCHER, ChangePassword(), LI, passwords=guess))
                    for _ in range(6)
                ]
                assert codes == ["password.wrong"] * 5 + ["sign_in.too_many"]

    in_time(work)


def test_a_changed_password_ends_the_other_sessions_and_their_tokens(tmp_path: Path) -> None:
    async def work() -> None:
        async with office(tmp_path) as (address, keeper):
            await with_own(keeper)
            async with (
                comes_in(address, basic("li", OWN)) as here,
                comes_in(address, basic("li", OWN)) as elsewhere,
            ):
                await here.hello()
                token = (await elsewhere.hello()).token
                change = Passwords(old=OWN, new="another horse")
                await here.accepted(Role.DISPATCHER, ChangePassword(), LI, passwords=change)
                assert (await elsewhere.bye()).code == "signed_out"
                assert await stays_out(address, bearer(token))
                assert not (await here.fetch(TallyQuery())).code

    in_time(work)


# --- rights end at once -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "passwords", "said", "again"),
    [
        (DisableAccount(), None, "sign_in.disabled", False),
        (ResetPassword(), MADE_UP, "signed_out", False),
        (ChangeGrants(grants=(Grant(role=Role.OBSERVER),)), None, "grants.changed", True),
    ],
)
def test_what_is_taken_away_ends_the_open_session_and_what_is_left_comes_again(
    tmp_path: Path, command: Command, passwords: Passwords | None, said: str, again: bool
) -> None:
    async def work() -> None:
        async with office(tmp_path) as (address, keeper):
            await with_own(keeper)
            async with comes_in(address, basic("li", OWN)) as li:
                token = (await li.hello()).token
                await keeper.accepted(KEEPER, command, LI, passwords=passwords)
                bye = await li.bye()
                assert (bye.code, bye.retry_after > 0) == (said, again)
            assert await stays_out(address, bearer(token)) is not again
            if again:
                async with comes_in(address, bearer(token)) as li:
                    assert (await li.hello()).grants == (Grant(role=Role.OBSERVER),)

    in_time(work)


def test_a_session_that_is_over_is_not_heard_though_its_socket_lingers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def lingering(_socket: object, _bye: Bye) -> None:
        """A client that does not answer the close, for as long as it likes."""

    monkeypatch.setattr("case_server.hub.dismiss", lingering)

    async def work() -> None:
        async with office(tmp_path) as (address, keeper):
            both = (*GRANTS, Grant(role=KEEPER))
            adding = AddAccount(user="li", name="李", grants=both, lasting=True)
            await keeper.accepted(KEEPER, adding, passwords=Passwords(new=OWN))
            await keeper.accepted(KEEPER, AddAccount(user="chief", name="主任", grants=both))
            async with comes_in(address, basic("li", OWN)) as li:
                await li.hello()
                await li.accepted(KEEPER, AddAccount(user="wu", name="吳", grants=GRANTS))
                await keeper.accepted(KEEPER, DisableAccount(), LI)
                await until_rows(keeper, lambda row: not row.enabled)
                late = AddAccount(user="xu", name="徐", grants=GRANTS)
                await li.say(Ask(id="too-late", role=KEEPER, command=late))
            await until_rows(keeper, lambda row: not row.seats)
            await keeper.accepted(KEEPER, DescribeAccount(name="主任"), "account/chief")
            assert set(await rows(keeper)) == {"chief", "li", "wu"}

    in_time(work)


def test_a_disabled_person_may_be_let_in_again(tmp_path: Path) -> None:
    async def work() -> None:
        async with office(tmp_path) as (address, keeper):
            await with_own(keeper)
            await keeper.accepted(KEEPER, DisableAccount(), LI)
            assert await stays_out(address, basic("li", OWN))
            await keeper.accepted(KEEPER, EnableAccount(), LI)
            assert not await stays_out(address, basic("li", OWN))

    in_time(work)


def test_a_change_of_what_somebody_else_changed_meanwhile_is_stale(tmp_path: Path) -> None:
    async def work() -> None:
        async with office(tmp_path) as (_, keeper):
            await keeper.accepted(KEEPER, ADDING)
            await keeper.accepted(KEEPER, DescribeAccount(name="李敏"), LI, 1)
            late = await keeper.ask(KEEPER, ChangeGrants(grants=GRANTS), LI, 1)
            assert code(late) == "account.stale"

    in_time(work)


# --- what an administrator sees ------------------------------------------------------------------


def test_an_administrator_sees_accounts_and_who_is_signed_in_where(tmp_path: Path) -> None:
    async def work() -> None:
        async with office(tmp_path) as (address, keeper):
            await with_own(keeper)
            before = (await rows(keeper))["li"]
            assert (before.signed_in_at, before.seats) == (None, ())
            async with comes_in(address, basic("li", OWN), "坐席 7") as li:
                await li.hello()
                here = (await rows(keeper))["li"]
                assert here.seats == ("坐席 7",)
                assert here.grants == GRANTS
            await until_rows(keeper, lambda row: not row.seats and row.signed_in_at is not None)

    in_time(work)


async def until_rows(keeper: Guest, good: Callable[[AccountRow], bool]) -> AccountRow:
    """Li's row once it is as wanted: the administrator is told of each change by a heartbeat."""
    while True:
        row = (await rows(keeper))["li"]
        if good(row):
            return row
        await keeper.until(Heartbeat, lambda beat: beat.people > 0)


def test_only_administrators_are_told_that_people_come_and_go(tmp_path: Path) -> None:
    async def work() -> None:
        async with office(tmp_path) as (address, keeper), guest(address, ACCEPTOR) as other:
            await other.hello()
            first = (await keeper.until(Heartbeat)).people
            await keeper.accepted(KEEPER, ADDING)
            await keeper.until(Heartbeat, lambda beat: beat.people > first)
            await other.say(Heartbeat(echo=1.5))
            assert (await other.until(Heartbeat, lambda beat: beat.echo == 1.5)).people == 0

    in_time(work)


# --- a password is nowhere ------------------------------------------------------------------------


def test_no_password_is_in_the_database_or_in_a_log_record(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    told: list[str] = []

    async def work() -> None:
        async with office(tmp_path) as (address, keeper):
            once = (await keeper.accepted(KEEPER, ADDING, passwords=MADE_UP)).once
            async with comes_in(address, basic("li", once)) as li:
                await li.hello()
                change = Passwords(new=OWN, old=once)
                await li.accepted(Role.DISPATCHER, ChangePassword(), LI, passwords=change)
            told.extend((once, OWN))

    in_time(work)
    stored = dump(tmp_path)
    for secret in told:
        assert secret.encode() not in stored
        assert secret not in server_records(caplog)


def server_records(caplog: pytest.LogCaptureFixture) -> str:
    """What our own server logged; the library's debug log of frames is the test's own doing."""
    ours = [r.getMessage() for r in caplog.records if not r.name.startswith("websockets")]
    return "\n".join(ours)


def dump(folder: Path) -> bytes:
    engine = create_engine(log_url(folder))
    found = b""
    with engine.connect() as connection:
        for table in ("event", "stream_state", "command_result", "personal", "credential"):
            for row in connection.execute(text(f"SELECT * FROM {table}")):
                found += b"|".join(
                    bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
                    for value in row
                )
    engine.dispose()
    assert b"AccountAdded" in found
    assert b"argon2id" in found
    return found


def test_nothing_that_holds_a_password_shows_it() -> None:
    shown = repr(Passwords(new=OWN, old=OWN)), repr(Ack(**ACK))
    assert not any(OWN in text for text in shown)


ACK: dict[str, Any] = {
    "id": "12345678",
    "log": "x",
    "number": 1,
    "stream": LI,
    "version": 1,
    "once": OWN,
    "token": OWN,
}


class Line:
    """As much of a connection as `is_private` looks at."""

    def __init__(self, address: str, ssl_object: object) -> None:
        self.remote_address = (address, 1)
        self.transport = self
        self._ssl = ssl_object

    def get_extra_info(self, name: str) -> object:
        assert name == "ssl_object"
        return self._ssl


@pytest.mark.parametrize(
    ("address", "encrypted", "private"),
    [("127.0.0.1", False, True), ("10.0.0.7", False, False), ("10.0.0.7", True, True)],
)
def test_a_password_travels_encrypted_or_within_this_machine(
    address: str, encrypted: bool, private: bool
) -> None:
    assert is_private(Line(address, object() if encrypted else None)) is private  # type: ignore[arg-type]


def test_a_practice_person_has_no_password_to_change(tmp_path: Path) -> None:
    async def work() -> None:
        async with server(tmp_path) as address, guest(address, ACCEPTOR) as drill:
            await drill.hello()
            change = Passwords(new=OWN, old=OWN)
            answer = await drill.ask(
                Role.ACCEPTOR, ChangePassword(), f"account/{ACCEPTOR.user}", passwords=change
            )
            assert code(answer) == "password.wrong"

    in_time(work)


def test_nobody_disables_himself_or_the_last_administrator(tmp_path: Path) -> None:
    chief = person(KEEPER)
    grants = (Grant(role=KEEPER),)

    async def work() -> None:
        async with office(tmp_path) as (_, keeper):
            await keeper.accepted(KEEPER, AddAccount(user=chief.user, name="主任", grants=grants))
            own = await keeper.ask(KEEPER, DisableAccount(), f"account/{UserId(chief.user)}")
            assert code(own) == "account.yourself"
            await keeper.accepted(KEEPER, AddAccount(user="wu", name="吳", grants=grants))
            await keeper.accepted(KEEPER, DisableAccount(), "account/wu")
            last = await keeper.ask(
                KEEPER, ChangeGrants(grants=GRANTS), f"account/{UserId(chief.user)}"
            )
            assert code(last) == "account.last_administrator"

    in_time(work)


def test_a_password_is_taken_only_where_nobody_on_the_way_can_read_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def work() -> None:
        async with office(tmp_path) as (_, keeper):
            monkeypatch.setattr("case_server.hub.is_private", lambda _: False)
            answer = await keeper.ask(KEEPER, ADDING, passwords=MADE_UP)
            assert code(answer) == "password.not_private"

    in_time(work)


@pytest.mark.logs("a question could not be answered")
def test_a_question_that_the_database_does_not_answer_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise SQLAlchemyError

    async def work() -> None:
        async with office(tmp_path) as (_, keeper):
            monkeypatch.setattr("case_server.hub.questions.answer", broken)
            assert (await keeper.fetch(TallyQuery())).code == "server.read_failed"

    in_time(work)


# --- people at work, over the wire ----------------------------------------------------------------


async def present(desk: Guest, asked: ColleaguesQuery) -> dict[str, bool]:
    found = (await desk.fetch(asked)).body
    assert isinstance(found, ColleaguesReply)
    return {each.user: each.present for each in found.colleagues}


def test_a_desk_is_told_names_colleagues_and_what_ended_over_the_wire(tmp_path: Path) -> None:
    async def work() -> None:
        async with office(tmp_path) as (address, keeper), guest(address, ACCEPTOR) as desk:
            await desk.hello()
            grants = (Grant(role=Role.ACCEPTOR),)
            added = AddAccount(user="wang", name="王强", post="受理", grants=grants)
            once = (await keeper.accepted(KEEPER, added, passwords=MADE_UP)).once
            ack = await desk.accepted(Role.ACCEPTOR, report())
            case = CaseId(ack.stream.partition("/")[2])
            named = (await desk.fetch(NamesQuery(users=(UserId("wang"),)))).body
            assert named == NamesReply(
                people=(PersonName(user=UserId("wang"), name="王强", post="受理"),)
            )
            asked = ColleaguesQuery(case=case, role=Role.ACCEPTOR)
            assert await present(desk, asked) == {"wang": False}
            async with comes_in(address, basic("wang", once)) as wang:
                await wang.hello()
                assert await present(desk, asked) == {"wang": True}
            refused = await desk.fetch(DepartureQuery(user=UserId("wang")))
            assert refused.code == "account.administrators_only"
            left = (await keeper.fetch(DepartureQuery(user=UserId("wang")))).body
            assert left == DepartureReply(user=UserId("wang"))
            assert (await desk.fetch(ProposedQuery(cases=(case,)))).body == ProposedReply(
                proposed=()
            )
            over = (await desk.fetch(OrdersOverQuery(since=BIRTH))).body
            assert over == OrdersOverReply(orders=())

    in_time(work)
