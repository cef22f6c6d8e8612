"""Cases of an earlier system in a real database: once each, never in the way, told step by step."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from case_server import catching_up, old_numbers, readside
from casework import acts
from casework.decider import Grant, Personal
from casework.old_cases import ImportCase, OldStep
from casework.queries import CaseQuery, ImportedQuery
from casework.terms import AreaId, CaseId, Kind, Role, State, UserId
from casework.wire import Ack, Nack, read_case
from tests.case_server.desk_kit import (
    ACCEPTOR,
    ADMINISTRATOR,
    BIRTH,
    LOG,
    WATER,
    WATER_CREW,
    Office,
    open_office,
    report,
)
from tests.case_server.socket_kit import guest, in_time, server

OPENED = datetime(2007, 3, 1, 2, tzinfo=UTC)
EVERYTHING = (Grant(role=Role.OBSERVER),)


def old(number: int = 1, **changes: Any) -> ImportCase:
    given = ImportCase(
        system="A",
        reference=f"CG-{number}",
        state=State.CLOSED,
        kind=Kind.INCIDENT,
        code="0102",
        opened=OPENED,
        ended=OPENED + timedelta(hours=5),
        district=AreaId("440301"),
        steps=(
            OldStep(at=OPENED, act="受理", person="张三", post="受理员"),
            OldStep(at=OPENED + timedelta(hours=5), act="结案", person="李四", opinion="=1+1"),
        ),
        personal=Personal(name="王五", phone="13800002190", text="积水"),
    )
    return replace(given, **changes)


def test_old_cases_are_numbered_within_the_day_of_their_opening(office: Office) -> None:
    streams = [office.accepted(ADMINISTRATOR, old(n)).stream for n in (1, 2)]
    assert streams == ["case/t-20070301-00001", "case/t-20070301-00002"]


def test_the_present_days_numbers_are_left_to_the_present_day(office: Office) -> None:
    for n in range(3):
        office.accepted(ADMINISTRATOR, old(n))
    assert office.accepted(ACCEPTOR, report()).stream == "case/t-20080613-00001"


def test_an_old_number_is_refused_the_second_time(office: Office) -> None:
    first = office.accepted(ADMINISTRATOR, old())
    again = office.ask(ADMINISTRATOR, old(district=None))
    assert isinstance(again, Nack)
    assert (again.code, again.detail["case"]) == ("import.already_here", first.stream[5:])


def test_an_old_number_twice_in_one_transaction_is_taken_once(office: Office) -> None:
    asks = [(ADMINISTRATOR, old(), "", 0, "", None)] * 2
    answers = office.ask_all(asks)
    assert [type(answer) for answer in answers] == [Ack, Nack]


def test_an_old_number_of_another_system_is_another_case(office: Office) -> None:
    office.accepted(ADMINISTRATOR, old())
    assert isinstance(office.ask(ADMINISTRATOR, old(system="B")), Ack)


def test_a_server_that_was_started_anew_still_knows_the_old_numbers(database_url: str) -> None:
    with open_office(database_url) as office:
        office.accepted(ADMINISTRATOR, old())
    with open_office(database_url) as office:
        again = office.ask(ADMINISTRATOR, old())
    assert isinstance(again, Nack)
    assert again.code == "import.already_here"


def test_the_server_reckons_what_is_here(office: Office) -> None:
    office.accepted(ADMINISTRATOR, old(1))
    office.accepted(ADMINISTRATOR, old(2, state=State.DISPATCHED, ended=None, unit=WATER))
    office.accepted(ADMINISTRATOR, old(3, system="B"))
    with office.database.read() as connection:
        assert old_numbers.reckoned(connection, LOG, "A") == (2, 1)


def test_history_is_in_no_count_and_in_no_snapshot(office: Office) -> None:
    office.accepted(ADMINISTRATOR, old(1))
    ack = office.accepted(ADMINISTRATOR, old(2, state=State.FILED, ended=None))
    with office.database.read() as connection:
        tally = readside.tally(connection, EVERYTHING, None)
        cases = list(readside.live_cases(connection, EVERYTHING, datetime(1990, 1, 1, tzinfo=UTC)))
    assert (tally.states, tally.open, tally.ended) == ({State.FILED: 1}, 1, 0)
    assert [case.id for case, _ in cases] == [ack.stream.removeprefix("case/")]


def test_a_live_case_counts_once_it_is_closed_here(office: Office) -> None:
    ack = office.accepted(ADMINISTRATOR, old(state=State.DISPATCHED, ended=None, unit=WATER))
    leader = replace(ADMINISTRATOR, grants=(Grant(role=Role.SHIFT_LEADER),))
    office.accepted(leader, acts.CancelCase(reason="x", opinion="x"), ack.stream, ack.version)
    with office.database.read() as connection:
        assert readside.tally(connection, EVERYTHING, None).ended == 1


def test_the_unit_has_its_imported_case_in_hand(office: Office) -> None:
    ack = office.accepted(ADMINISTRATOR, old(state=State.DISPATCHED, ended=None, unit=WATER))
    assert isinstance(office.ask(WATER_CREW, acts.FeedBack(), ack.stream, version=1), Ack)


def test_who_was_away_during_an_import_is_not_told_of_history(office: Office) -> None:
    before = office.desk.head
    office.accepted(ADMINISTRATOR, old(1))
    live = office.accepted(ADMINISTRATOR, old(2, state=State.FILED, ended=None))
    _, frames = catching_up.missed(office.database, LOG, EVERYTHING, before + 1, BIRTH)
    told = b"".join(frames)
    assert live.stream[5:].encode() in told
    assert b"CG-1" not in told


def test_the_record_shows_the_old_steps_as_the_earlier_system_told_them(office: Office) -> None:
    ack = office.accepted(ADMINISTRATOR, old())
    with office.database.read() as connection:
        detail = readside.case_detail(
            connection, EVERYTHING, UserId("eye"), CaseId(ack.stream[5:]), BIRTH
        )
    told = [(row.type, row.imported, row.at, row.act, row.name, row.post) for row in detail.history]
    assert told[:2] == [
        ("OldStep", True, OPENED, "受理", "张三", "受理员"),
        ("OldStep", True, OPENED + timedelta(hours=5), "结案", "李四", ""),
    ]
    assert [row.type for row in detail.history[2:]] == ["CaseImported"]


def test_a_citizens_name_lies_beside_the_event_and_is_masked(office: Office) -> None:
    ack = office.accepted(ADMINISTRATOR, old())
    with office.database.read() as connection:
        written = readside.events(connection, ack.number, ack.number)[0][2]
        detail = readside.case_detail(
            connection, EVERYTHING, UserId("eye"), CaseId(ack.stream[5:]), BIRTH
        )
    assert "王五".encode() not in written
    assert (detail.texts.name, detail.texts.text) == ("王**", "积水")


def test_a_desk_that_is_signed_in_is_told_of_open_cases_only(engine: str, tmp_path: Path) -> None:
    async def work() -> None:
        async with (
            server(tmp_path) as address,
            guest(address, ADMINISTRATOR) as keeper,
            guest(address, ACCEPTOR) as desk,
        ):
            await keeper.hello()
            await desk.hello()
            await desk.snapshot()
            history = await keeper.accepted(Role.ADMINISTRATOR, old(1))
            live = await keeper.accepted(Role.ADMINISTRATOR, old(2, state=State.FILED, ended=None))
            told = await desk.told(live.number)
            cases = [read_case(raw).reference for events in told for raw in events.cases]
            assert (history.number < live.number, cases) == (True, ["CG-2"])

    in_time(work)


def test_only_an_administrator_asks_what_was_taken_over(engine: str, tmp_path: Path) -> None:
    async def work() -> None:
        async with server(tmp_path) as address, guest(address, ACCEPTOR) as desk:
            await desk.hello()
            reply = await desk.fetch(ImportedQuery(system="A"))
            assert reply.code == "import.administrators_only"

    in_time(work)


def test_history_is_opened_by_its_number(engine: str, tmp_path: Path) -> None:
    async def work() -> None:
        async with (
            server(tmp_path) as address,
            guest(address, ADMINISTRATOR) as keeper,
            guest(address, ACCEPTOR) as desk,
        ):
            await keeper.hello()
            await desk.hello()
            ack = await keeper.accepted(Role.ADMINISTRATOR, old())
            reply = await desk.fetch(CaseQuery(case=CaseId(ack.stream[5:])))
            assert reply.code == ""

    in_time(work)
