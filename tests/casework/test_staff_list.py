"""A list of people: what it asks for, every bad line, and nothing the second time."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.decider import Command, Grant, Personal
from casework.procedures.account import AddAccount, ChangeGrants, DescribeAccount
from casework.replies import AccountRow
from casework.staff_list import LARGEST, Plan, plan, write
from casework.terms import Role, UserId
from tests.casework.case_kit import EAST, RULES, WATER

HEAD = "user,name,roles,post,job_number,phone\n"
ACCEPTOR = (Grant(role=Role.ACCEPTOR),)
LI = AccountRow(
    user=UserId("li"), version=3, name="李", grants=ACCEPTOR, post="值班员", phone="13800002190"
)


def planned(text: str, accounts: Sequence[AccountRow] = ()) -> Plan:
    return plan(text.encode(), accounts, RULES)


def commands(text: str, accounts: Sequence[AccountRow] = ()) -> list[Command]:
    found = planned(text, accounts)
    assert found.bad == ()
    return [step.command for step in found.steps]


def test_a_person_who_is_not_there_is_added() -> None:
    line = f"wu,吳,受理员; unit:{WATER},班长,0712,+86 138"
    (command,) = commands(f"{HEAD}{line}\n")
    assert command == AddAccount(
        user="wu",
        name="吳",
        grants=(*ACCEPTOR, Grant(role=Role.UNIT, unit=WATER)),
        post="班长",
        job_number="0712",
        personal=Personal(phone="+86 138"),
    )


def test_three_columns_are_enough_and_what_is_known_beyond_them_stays() -> None:
    assert commands("name,user,roles\n李,li,acceptor\n", [LI]) == []
    assert planned("name,user,roles\n李,li,acceptor\n", [LI]).same == 1


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("李,li,dispatcher", [ChangeGrants(grants=(Grant(role=Role.DISPATCHER),))]),
        (
            "李敏,li,acceptor",
            [DescribeAccount(name="李敏", post="值班员", personal=Personal(phone="13800002190"))],
        ),
    ],
)
def test_a_person_who_is_there_is_brought_up_to_date(line: str, wanted: list[Command]) -> None:
    assert commands(f"name,user,roles\n{line}\n", [LI]) == wanted


def test_a_column_that_is_there_and_empty_clears_what_is_known() -> None:
    assert commands(f"{HEAD}li,李,acceptor,,,\n", [LI]) == [DescribeAccount(name="李")]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("Wu,吳,acceptor,,,", "account.malformed"),
        ("wu,,acceptor,,,", "account.malformed"),
        ("wu,吳,,,,", "account.no_grants"),
        ("wu,吳,mayor,,,", "grant.unknown_role"),
        ("wu,吳,acceptor dispatcher,,,", "grant.malformed"),
        ("wu,吳,unit,,,", "account.unit_grant"),
        ("wu,吳,unit:nobody,,,", "case.unknown_unit"),
        ("wu,吳,acceptor@1,,,", "account.unknown_area"),
        ("wu,吳,acceptor/1,,,", "account.unknown_centre"),
        ("wu,吳,acceptor#g,,,", "account.grids_grant"),
        ("wu,吳,acceptor; acceptor,,,", "account.grant_twice"),
        ("wu,吳", "list.cells"),
        ("wu,吳,acceptor,,,,more", "list.cells"),
        ("xu,徐,acceptor,,,", "list.twice"),
        ("gone,去,acceptor,,,", "list.disabled"),
    ],
)
def test_every_bad_line_is_named_and_the_good_ones_stay(line: str, code: str) -> None:
    gone = AccountRow(user=UserId("gone"), version=1, name="去", grants=ACCEPTOR, enabled=False)
    found = planned(f"{HEAD}xu,徐,acceptor,,,\n{line}\nyu,于,acceptor@{EAST},,,\n", [gone])
    assert [(bad.line, bad.code) for bad in found.bad] == [(3, code)]
    assert [step.user for step in found.steps] == ["xu", "yu"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "list.columns"),
        (b"user,name\n", "list.columns"),
        (b"user,name,roles,salary\n", "list.columns"),
        (b"user,name,roles,user\n", "list.columns"),
        (b'user,name,roles\n"a', "list.quotes"),
        (b"\xff\xff\xff", "list.encoding"),
        (b"x" * (LARGEST + 1), "list.too_large"),
    ],
)
def test_a_file_that_is_no_list_is_said_so(data: bytes, code: str) -> None:
    found = plan(data, (), RULES)
    assert [bad.code for bad in found.bad] == [code]
    assert found.steps == ()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_list_is_read_as_chinese_spreadsheets_save_it(encoding: str) -> None:
    data = "user,name,roles\r\nwu,吳敏,受理员\r\n".encode(encoding)
    (step,) = plan(data, (), RULES).steps
    assert isinstance(step.command, AddAccount)
    assert step.command.name == "吳敏"


text = st.text(st.characters(exclude_categories=["C", "Z"]), max_size=20)
people = st.builds(
    AccountRow,
    user=st.from_regex(r"[a-z0-9][a-z0-9._-]{0,20}", fullmatch=True).map(UserId),
    version=st.just(1),
    name=text.filter(bool).filter(lambda name: not name.startswith("'")),
    post=text.filter(lambda post: not post.startswith("'")),
    job_number=st.sampled_from(["", "0712", "=1+1", "-3"]),
    phone=st.sampled_from(["", "+86 138", "13800002190"]),
    grants=st.just((Grant(role=Role.DISPATCHER, areas=(EAST,)), *ACCEPTOR)),
)


@given(st.lists(people, unique_by=lambda row: row.user, max_size=5))
def test_a_list_that_was_written_finds_nothing_to_do(accounts: list[AccountRow]) -> None:
    found = plan(write(accounts).encode(), accounts, RULES)
    assert (found.steps, found.bad, found.same) == ((), (), len(accounts))


def test_a_cell_that_a_spreadsheet_would_reckon_is_kept_from_it() -> None:
    evil = AccountRow(user=UserId("x"), version=1, name="=cmd()", grants=ACCEPTOR)
    assert "'=cmd()" in write([evil])


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("Wu,吳,acceptor,,,", "user"),
        ("wu,,acceptor,,,", "name"),
        ("wu,吳,acceptor,岗," + "9" * 61 + ",", "job_number"),
        ("wu,吳,mayor,,,", "roles"),
        ("wu,吳,acceptor@9,,,", "roles"),
        ("wu,吳,,,,", "roles"),
        ("wu,吳,acceptor", ""),
    ],
)
def test_a_bad_line_names_its_column_and_nothing_of_a_library(line: str, column: str) -> None:
    (bad,) = planned(f"{HEAD}{line}\n").bad
    assert (bad.line, bad.column) == (2, column)
    assert "problem" not in bad.detail


def test_a_quotation_mark_that_is_not_closed_names_its_line() -> None:
    (bad,) = planned(f'{HEAD}li,李,acceptor,,,\nwu,"吳,acceptor,,,\n').bad
    assert (bad.line, bad.code, bad.detail) == (3, "list.quotes", {})
