"""The server as a whole: what keeps it from starting, who it lets in, and how it stops."""

import asyncio
import errno
import os
import signal
import socket
import sys
from base64 import b64encode
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import text
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from case_server.birth import ServerError
from case_server.credentials import hashed
from case_server.keeper import keep_secret
from case_server.server import Settings, run, serving
from case_server.session import Limits
from casework import acts
from casework.decider import Actor, Grant
from casework.pack import encode_rules
from casework.procedures.account import AddAccount, ChangeGrants, DisableAccount
from casework.procedures.component import RegisterComponent
from casework.terms import ComponentId, Point, Role, UserId
from casework.wire import Bye, Nack
from tests.case_server.desk_kit import ACCEPTOR, ADMINISTRATOR, RULES, open_office
from tests.case_server.socket_kit import Guest, drill, guest, in_time, server, settings
from tests.databases import log_url

PASSWORD = "correct horse"
GRANTS = (Grant(role=Role.DISPATCHER),)


def real(folder: Path, role: Role = Role.DISPATCHER, **changes: Any) -> Settings:
    """A real log with one person who has a password."""
    fresh = not (folder / "log.db").exists()
    with open_office(log_url(folder), practice=False) as office:
        if fresh:
            office.accepted(
                ADMINISTRATOR, AddAccount(user="li", name="李", grants=(Grant(role=role),))
            )
            keep_secret(office.desk, office.database, "li", hashed(PASSWORD))
    return settings(folder, practice=False, **changes)


def basic(user: str, password: str) -> dict[str, str]:
    return {"Authorization": f"Basic {b64encode(f'{user}:{password}'.encode()).decode()}"}


async def refused(address: str, headers: dict[str, str], **options: Any) -> tuple[int, str]:
    """Status and code of a refused handshake."""
    with pytest.raises(InvalidStatus) as error:
        async with connect(address, additional_headers=headers, **options):
            pass
    response = error.value.response
    body = msgspec.json.decode(response.body or b"", type=dict[str, str])
    assert response.headers["Content-Type"] == "application/json"
    assert body["sentence"].endswith(".")
    return response.status_code, body["code"]


# --- the door ----------------------------------------------------------------------------------


def test_a_browser_is_refused_before_anything_else(tmp_path: Path) -> None:
    async def work() -> None:
        async with server(tmp_path) as address:
            found = await refused(address, drill(ACCEPTOR), origin="https://example.org")
            assert found == (403, "sign_in.browser")

    in_time(work)


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({}, 401, "sign_in.required"),
        (basic("li", "wrong horse"), 401, "sign_in.wrong"),
        (basic("nobody", PASSWORD), 401, "sign_in.wrong"),
        ({"Authorization": "Bearer no.token"}, 401, "sign_in.token"),
        (drill(ACCEPTOR), 401, "sign_in.practice_only"),
    ],
)
def test_a_real_log_refuses_with_a_status_a_code_and_a_sentence(
    tmp_path: Path, headers: dict[str, str], status: int, code: str
) -> None:
    async def work() -> None:
        async with serving(real(tmp_path)) as address:
            assert await refused(address, headers) == (status, code)

    in_time(work)


def test_a_password_signs_in_and_the_token_of_welcome_does_so_again(tmp_path: Path) -> None:
    async def work() -> None:
        async with serving(real(tmp_path)) as address:
            async with connect(address, additional_headers=basic("li", PASSWORD)) as first:
                welcome = await Guest(first, "one").hello()
            token = {"Authorization": f"Bearer {welcome.token}"}
            async with connect(address, additional_headers=token) as second:
                again = await Guest(second, "two").hello()
            assert (again.user, again.name, again.grants) == ("li", "李", GRANTS)

    in_time(work)


def test_one_address_gets_its_share_of_sockets_on_a_real_log(tmp_path: Path) -> None:
    async def work() -> None:
        limited = real(tmp_path, limits=Limits(sockets_per_address=1))
        async with (
            serving(limited) as address,
            connect(address, additional_headers=basic("li", PASSWORD)) as only,
        ):
            await Guest(only, "one").hello()
            found = await refused(address, basic("li", PASSWORD))
            assert found == (429, "session.too_many")

    in_time(work)


def test_practice_on_the_same_machine_has_no_share(tmp_path: Path) -> None:
    async def work() -> None:
        async with (
            server(tmp_path, Limits(sockets_per_address=1)) as address,
            guest(address, ACCEPTOR) as one,
            guest(address, ACCEPTOR) as two,
        ):
            await one.hello()
            await two.hello()

    in_time(work)


def test_who_asks_too_fast_is_told_so_and_nothing_is_lost(tmp_path: Path) -> None:
    async def work() -> None:
        slow = real(tmp_path, limits=Limits(rate=0.001, burst=2))
        async with (
            serving(slow) as address,
            connect(address, additional_headers=basic("li", PASSWORD)) as opened,
        ):
            me = Guest(opened, "one")
            await me.hello()
            codes = []
            for _ in range(3):
                answer = await me.ask(Role.DISPATCHER, acts.FeedBack(), "case/x")
                assert isinstance(answer, Nack)
                codes.append(answer.code)
            assert codes == ["case.not_found", "case.not_found", "session.too_fast"]

    in_time(work)


@pytest.mark.parametrize(
    ("role", "code"),
    [
        (Role.ADMINISTRATOR, "component.bad_id"),
        (Role.DISPATCHER, "session.too_fast"),
    ],
)
def test_an_administrator_s_import_is_not_counted_by_the_second(
    tmp_path: Path, role: Role, code: str
) -> None:
    async def work() -> None:
        slow = real(tmp_path, limits=Limits(rate=0.001, burst=1), role=role)
        async with (
            serving(slow) as address,
            connect(address, additional_headers=basic("li", PASSWORD)) as opened,
        ):
            me = Guest(opened, "one")
            await me.hello()
            command = RegisterComponent(id=ComponentId("1"), point=Point(1, 1))
            answers = [await me.ask(role, command) for _ in range(3)]
            assert [a.code for a in answers if isinstance(a, Nack)][1:] == [code, code]

    in_time(work)


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (DisableAccount(), "sign_in.disabled"),
        (ChangeGrants(grants=(Grant(role=Role.OBSERVER),)), "grants.changed"),
    ],
)
def test_a_revoked_right_ends_the_open_session(
    tmp_path: Path, command: DisableAccount | ChangeGrants, code: str
) -> None:
    keeper = Actor(user=UserId("keeper"), grants=(Grant(role=Role.ADMINISTRATOR),), device="keeper")

    async def work() -> None:
        async with server(tmp_path) as address, guest(address, keeper) as desk:
            await desk.hello()
            add = AddAccount(user="li", name="李", grants=GRANTS)
            await desk.accepted(Role.ADMINISTRATOR, add)
        with open_office(log_url(tmp_path)) as office:
            keep_secret(office.desk, office.database, "li", hashed(PASSWORD))
        async with (
            server(tmp_path) as address,
            guest(address, keeper) as desk,
            connect(address, additional_headers=basic("li", PASSWORD)) as opened,
        ):
            me = Guest(opened, "one")
            await me.hello()
            await desk.hello()
            await desk.accepted(Role.ADMINISTRATOR, command, "account/li", 1)
            assert (await me.bye()).code == code

    in_time(work)


# --- what keeps it from starting ---------------------------------------------------------------


def refusal(wrong: Settings) -> str:
    """Code of the error that keeps a server from starting; its text is one sentence."""

    async def work() -> None:
        async with serving(wrong):
            pass

    with pytest.raises(ServerError) as error:
        asyncio.run(work())
    assert "\n" not in str(error.value)
    return error.value.code


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"database": "mysql://x/y"}, "database.url"),
        ({"database": "not a url"}, "database.url"),
        ({"host": "0.0.0.0"}, "server.loopback_only"),
        ({"certificate": "/nowhere.pem"}, "server.certificate"),
        ({"drill_key_file": "/nowhere.key"}, "server.drill_key"),
        ({"rules_bytes": None}, "log.rules_missing"),
        ({"rules_bytes": b"{}"}, "log.rules_malformed"),
        ({"log": "The city's"}, "log.name"),
    ],
)
def test_a_wrong_setting_is_one_clear_sentence(
    tmp_path: Path, changes: dict[str, Any], code: str
) -> None:
    assert refusal(settings(tmp_path, **changes)) == code


def test_a_port_in_use_is_said_and_the_database_is_let_go(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        assert refusal(settings(tmp_path, port=port)) == "server.port_in_use"
    in_time(lambda: start_and_stop(settings(tmp_path)))


async def start_and_stop(wanted: Settings) -> None:
    async with serving(wanted):
        pass


@pytest.mark.parametrize(
    ("revision", "code"), [("0001", "database.upgrade_needed"), ("9999", "database.too_new")]
)
def test_a_schema_of_another_program_is_said(tmp_path: Path, revision: str, code: str) -> None:
    with open_office(log_url(tmp_path)) as office, office.database.writer.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :to"), {"to": revision})
    assert refusal(settings(tmp_path)) == code


def test_a_database_that_cannot_be_opened_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    url = f"sqlite:///{tmp_path}/file/log.db"
    assert refusal(settings(tmp_path, database=url)) == "database.unreachable"


def test_an_address_that_is_not_this_machines_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def nowhere(*_: object, **__: object) -> None:
        raise OSError(errno.EADDRNOTAVAIL, "Cannot assign requested address")

    monkeypatch.setattr("case_server.server.serve", nowhere)
    assert refusal(settings(tmp_path)) == "server.address"


def test_a_server_whose_desk_met_a_fault_ends_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    @asynccontextmanager
    async def faulty(_: Settings, died: Callable[[Exception], None]) -> AsyncIterator[str]:
        died(ZeroDivisionError())
        yield "ws://127.0.0.1:9"

    monkeypatch.setattr("case_server.server.serving", faulty)
    with pytest.raises(ServerError) as error:
        asyncio.run(run(settings(tmp_path)))
    assert error.value.code == "desk.stopped"


def test_a_second_server_on_the_same_database_is_refused(tmp_path: Path) -> None:
    with open_office(log_url(tmp_path)):
        assert refusal(settings(tmp_path)) == "database.locked"


def test_a_real_log_is_never_opened_for_practice(tmp_path: Path) -> None:
    real(tmp_path)
    assert refusal(settings(tmp_path)) == "log.kind"


def test_a_log_of_another_name_is_not_taken_for_this_one(tmp_path: Path) -> None:
    in_time(lambda: start_and_stop(settings(tmp_path)))
    assert refusal(settings(tmp_path, log="other")) == "log.name"


@pytest.mark.logs("keeps its rule book")
def test_the_rule_book_of_the_journal_wins_over_another_pack(tmp_path: Path) -> None:
    in_time(lambda: start_and_stop(settings(tmp_path)))
    other = encode_rules(msgspec.structs.replace(RULES, city="Elsewhere"))

    async def work() -> None:
        async with (
            serving(settings(tmp_path, rules_bytes=other)) as address,
            guest(address, ACCEPTOR) as desk,
        ):
            assert (await desk.hello()).city == RULES.city

    in_time(work)


# --- how it stops ------------------------------------------------------------------------------


def test_a_stopping_server_says_goodbye_and_when_to_come_back(tmp_path: Path) -> None:
    async def work() -> None:
        stack = serving(settings(tmp_path))
        address = await stack.__aenter__()
        async with guest(address, ACCEPTOR) as desk:
            await desk.hello()
            _, bye = await asyncio.gather(stack.__aexit__(None, None, None), desk.bye())
            assert bye == Bye(code="shutting_down", retry_after=1.0)

    in_time(work)


def test_a_guest_that_never_reads_does_not_keep_the_server_from_stopping(tmp_path: Path) -> None:
    async def work() -> None:
        stack = serving(settings(tmp_path))
        address = await stack.__aenter__()
        async with guest(address, ACCEPTOR) as desk:
            await desk.hello()
            desk.socket.transport.pause_reading()
            async with asyncio.timeout(20):
                await stack.__aexit__(None, None, None)
            desk.socket.transport.resume_reading()

    in_time(work)


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_it_in_good_order(tmp_path: Path, number: int) -> None:
    addresses: list[str] = []

    def ready(address: str) -> None:
        addresses.append(address)
        os.kill(os.getpid(), number)

    in_time(lambda: run(settings(tmp_path), ready))
    assert addresses[0].startswith("ws://127.0.0.1:")
