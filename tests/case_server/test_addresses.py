"""Addresses of earlier cases: found within the asker's grants and days, numbers masked."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa
from sqlalchemy import select

from case_server import finding, questions
from case_server.memory import address_key
from case_server.tables import personal
from case_server.users import Person
from casework.decider import Actor, Grant, Personal
from casework.queries import AddressQuery
from casework.replies import AddressReply, EarlierAddress
from casework.terms import CaseId, Role, point
from casework.wire import Fetch, encode, read_from_client
from tests.case_server.desk_kit import (
    ACCEPTOR,
    ADMINISTRATOR,
    BIRTH,
    EAST,
    LAMP_CREW,
    WATER_CREW,
    WEST,
    Office,
    person,
    report,
)

EAST_ACCEPTOR = person(Role.ACCEPTOR, areas=(EAST,))


def told(office: Office, address: str, **changes: Any) -> CaseId:
    """A case reported there; its number."""
    texts = Personal(name="张三", phone="13800002190", address=address, text="x")
    ack = office.accepted(ACCEPTOR, report(personal=texts, **changes))
    return CaseId(ack.stream.removeprefix("case/"))


def found(
    office: Office, text: str, actor: Actor = ACCEPTOR, limit: int = 8
) -> tuple[EarlierAddress, ...]:
    with office.database.read() as connection:
        return finding.earlier_addresses(
            connection, office.desk.addresses, actor.grants, text, BIRTH, limit=limit
        )


def addresses(office: Office, text: str, actor: Actor = ACCEPTOR) -> list[str]:
    return [each.address for each in found(office, text, actor)]


def test_an_earlier_address_is_found_by_any_part_whatever_case_and_width(office: Office) -> None:
    case = told(office, "前进二路 Ａ12 号", point=point(22.55, 114.15))
    (only,) = found(office, "二路a12")
    assert only == EarlierAddress(
        case=case,
        address="前进二路 Ａ12 号",
        point=point(22.55, 114.15),
        district=EAST,
    )


def test_the_latest_comes_first_and_each_address_once(office: Office) -> None:
    first = told(office, "前进路 1 号")
    told(office, "前进路 2 号")
    again = told(office, "前进路1号")
    cases = [each.case for each in found(office, "前进路")]
    assert (cases[0], len(cases)) == (again, 2)
    assert first not in cases


def test_no_more_than_the_limit(office: Office) -> None:
    for number in range(5):
        told(office, f"前进路 {number} 号")
    assert len(found(office, "前进路", limit=3)) == 3


@pytest.mark.parametrize("text", ["100%", "a_c", "%", "_", "/"])
def test_signs_of_patterns_are_only_signs(office: Office, text: str) -> None:
    told(office, "abc 1000")
    assert found(office, text) == ()
    told(office, "楼 100% a_c %%__// 号")
    assert [each.address for each in found(office, text * (2 if len(text) == 1 else 1))] == [
        "楼 100% a_c %%__// 号"
    ]


def test_one_character_finds_nothing(office: Office) -> None:
    told(office, "前进路")
    assert found(office, "前") == ()


def test_nobody_is_told_an_address_outside_their_grants(office: Office) -> None:
    told(office, "东边路 1 号", point=point(22.55, 114.15))
    told(office, "东边路 2 号", district=WEST, point=point(22.55, 113.95))
    assert addresses(office, "东边路", EAST_ACCEPTOR) == ["东边路 1 号"]
    assert addresses(office, "东边路", WATER_CREW) == []
    assert addresses(office, "东边路", ADMINISTRATOR) == []


def test_a_unit_finds_the_addresses_of_its_own_cases(office: Office) -> None:
    office.live_through(3, personal=Personal(address="水务路 9 号"))
    assert addresses(office, "水务路", WATER_CREW) == ["水务路 9 号"]
    assert addresses(office, "水务路", LAMP_CREW) == []


def test_a_number_long_enough_to_be_a_telephones_is_masked(office: Office) -> None:
    told(office, "前进路 123456 号，电话 138-0000-2190")
    assert addresses(office, "前进路") == ["前进路 123456 号，电话 *************"]


def test_how_far_back_is_the_rule_books(office: Office) -> None:
    told(office, "前进路")
    days = office.desk.rules.intake.address_days
    asker = Person(user=ACCEPTOR.user, name="", grants=(Grant(role=Role.ACCEPTOR),))
    with office.database.read() as connection:
        reply = questions.answer(connection, office.desk, asker, AddressQuery(text="前进路"), {})
        assert isinstance(reply, AddressReply)
        assert len(reply.addresses) == 1
        later = office.desk.clock.now() + timedelta(days=days)
        assert (
            finding.earlier_addresses(
                connection, office.desk.addresses, asker.grants, "前进路", later, limit=8
            )
            == ()
        )


def test_an_erased_report_leaves_no_address(office: Office) -> None:
    told(office, "前进路")
    with office.database.writer.begin() as connection:
        connection.execute(sa.delete(personal))
    assert found(office, "前进路") == ()


def test_the_looked_up_form_is_the_contents_own(office: Office, tmp_path: Path) -> None:
    told(office, "Ｑ 路 7 号")
    told(office, "")
    with office.database.read() as connection:
        rows = connection.execute(select(personal.c.content, personal.c.address)).all()
    assert [row.address for row in rows] == [
        address_key(json.loads(row.content).get("address", "")) for row in rows
    ]
    assert sorted(row.address or "" for row in rows) == ["", "q路7号"]


def test_the_question_is_read_strictly_from_the_wire() -> None:
    asked = Fetch(ref=1, query=AddressQuery(text="前进路", limit=3))
    assert read_from_client(encode(asked)) == asked
    with pytest.raises(msgspec.ValidationError):
        read_from_client(encode(asked).replace(b'"limit":3', b'"limit":21'))
