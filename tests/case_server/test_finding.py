"""Finding a case that is not at hand: by its number, receipt, old number or part of its address."""

from typing import Any

import msgspec
import pytest
import sqlalchemy as sa

from case_server import questions
from case_server.tables import personal
from case_server.users import Person
from casework.decider import Actor, Personal
from casework.finding import FindQuery, FindReply, FoundBy
from casework.terms import CaseId, Role, State
from casework.wire import Fetch, encode, read_from_client
from tests.case_server.desk_kit import (
    ACCEPTOR,
    ADMINISTRATOR,
    EAST,
    LAMP_CREW,
    WATER_CREW,
    WEST,
    Office,
    person,
    report,
)
from tests.case_server.test_importing import old

EAST_LEADER = person(Role.SHIFT_LEADER, areas=(EAST,))


def told(office: Office, address: str = "前进二路 8 号", **changes: Any) -> CaseId:
    texts = Personal(name="张三", phone="13800002190", address=address, text="x")
    ack = office.accepted(ACCEPTOR, report(personal=texts, **changes))
    return CaseId(ack.stream.removeprefix("case/"))


def find(office: Office, text: str, actor: Actor = ACCEPTOR, limit: int = 50) -> FindReply:
    asker = Person(user=actor.user, name="", grants=actor.grants)
    query = FindQuery(text=text, limit=limit)
    with office.database.read() as connection:
        reply = questions.answer(connection, office.desk, asker, query, {})
    assert isinstance(reply, FindReply)
    return reply


def found(office: Office, text: str, actor: Actor = ACCEPTOR) -> list[tuple[CaseId, FoundBy]]:
    return [(each.case.id, each.by) for each in find(office, text, actor).cases]


def test_a_case_is_found_by_its_number_without_the_log(office: Office) -> None:
    case = told(office)
    assert found(office, case.partition("-")[2]) == [(case, FoundBy.NUMBER)]


def test_a_case_is_found_by_the_receipt_that_was_read_out(office: Office) -> None:
    case = told(office)
    assert found(office, "2008 0613 0000 11") == [(case, FoundBy.RECEIPT)]


def test_an_ended_case_of_another_year_is_found_and_folded_as_it_is(office: Office) -> None:
    ack = office.live_through()
    case = CaseId(ack.stream.removeprefix("case/"))
    (only,) = find(office, case).cases
    assert (only.case.state, only.case.version) == (State.CLOSED, ack.version)


def test_an_imported_case_is_found_by_its_old_number_in_any_case(office: Office) -> None:
    ack = office.accepted(ADMINISTRATOR, old(7))
    case = CaseId(ack.stream.removeprefix("case/"))
    assert found(office, "cg-7") == [(case, FoundBy.REFERENCE)]
    assert found(office, "CG-") == [], "a part of a number is no number"


def test_the_same_old_number_of_two_systems_finds_both(office: Office) -> None:
    streams = {office.accepted(ADMINISTRATOR, old(system=each)).stream for each in ("A", "B")}
    assert {f"case/{case}" for case, _ in found(office, "CG-1")} == streams


def test_a_reference_of_another_programme_is_a_number_too(office: Office) -> None:
    case = told(office, reference="12345-77")
    assert found(office, "12345-77") == [(case, FoundBy.REFERENCE)]


def test_a_part_of_the_address_finds_the_latest_first(office: Office) -> None:
    cases = [told(office, f"前进二路 {n} 号") for n in range(3)]
    told(office, "深南大道 1 号")
    assert [case for case, _ in found(office, "二路")] == cases[::-1]
    assert {by for _, by in found(office, "二路")} == {FoundBy.ADDRESS}


def test_an_imported_case_is_found_by_its_address(office: Office) -> None:
    texts = Personal(address="旧墟巷 3 号")
    ack = office.accepted(ADMINISTRATOR, old(personal=texts))
    assert [f"case/{case}" for case, _ in found(office, "旧墟")] == [ack.stream]


def test_an_address_is_told_with_its_long_numbers_masked(office: Office) -> None:
    told(office, "前进二路 8 号 电话13800002190")
    (only,) = find(office, "前进").cases
    assert only.address == "前进二路 8 号 电话***********"


def test_a_case_is_told_once_by_the_surest_of_what_it_has(office: Office) -> None:
    case = told(office, address="20080613-00001", reference="20080613-00001")
    assert found(office, "20080613-00001") == [(case, FoundBy.NUMBER)]


def test_more_than_the_limit_is_said(office: Office) -> None:
    for number in range(3):
        told(office, f"前进路 {number} 号")
    assert (len(find(office, "前进", limit=2).cases), find(office, "前进", limit=2).more) == (
        2,
        True,
    )
    assert (len(find(office, "前进", limit=3).cases), find(office, "前进", limit=3).more) == (
        3,
        False,
    )


@pytest.mark.parametrize("text", ["20080613-1", "12345-77", "前进", "20080613000011"])
def test_nobody_finds_what_their_grants_do_not_cover(office: Office, text: str) -> None:
    told(office, reference="12345-77", district=WEST)
    assert len(found(office, text)) == 1
    for actor in (EAST_LEADER, WATER_CREW, ADMINISTRATOR):
        assert found(office, text, actor) == []


def test_a_unit_finds_its_own_cases_only(office: Office) -> None:
    office.live_through(3, reference="12345-77")
    assert len(found(office, "12345-77", WATER_CREW)) == 1
    assert found(office, "12345-77", LAMP_CREW) == []


@pytest.mark.parametrize("text", ["", " ", "前", "%", "__"])
def test_what_means_nothing_finds_nothing(office: Office, text: str) -> None:
    told(office)
    assert found(office, text) == []


def test_an_erased_address_finds_nothing(office: Office) -> None:
    told(office)
    assert len(found(office, "前进")) == 1
    with office.database.writer.begin() as connection:
        connection.execute(sa.delete(personal))
    assert found(office, "前进") == []


def test_the_question_is_read_strictly_from_the_wire() -> None:
    asked = Fetch(ref=1, query=FindQuery(text="前进路", limit=3))
    assert read_from_client(encode(asked)) == asked
    with pytest.raises(msgspec.ValidationError):
        read_from_client(encode(asked).replace(b'"limit":3', b'"limit":101'))
