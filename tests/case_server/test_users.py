"""Signing in: who gets past the door, and with what."""

import asyncio
import hashlib
import hmac
import re
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from backend_client.credentials import drill_token
from case_server.credentials import Secret, hashed, one_time, signed, verified
from case_server.database import open_database
from case_server.keeper import Keeper, keep_secret, keeping
from case_server.submission import Submission
from case_server.tables import event
from case_server.users import (
    TOKEN_LIVES,
    Failures,
    Person,
    Users,
)
from casework import acts
from casework.decider import Actor, Command, Grant, Personal, Refused
from casework.procedures.account import (
    AddAccount,
    ChangeGrants,
    DescribeAccount,
    DisableAccount,
    EnableAccount,
    ResetPassword,
)
from casework.staff_list import new_account
from casework.terms import Role, UnitId, UserId
from casework.wire import Ack, Ask, Nack
from tests.case_server.desk_kit import ADMINISTRATOR, WATER, Office, open_office
from tests.databases import log_url

KEY = b"drill key"
GRANTS = (Grant(role=Role.DISPATCHER),)
PASSWORD = "correct horse"
MADE_UP = "battery staple"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """A real log with one person who has a password."""
    with open_office(log_url(tmp_path), practice=False) as opened:
        opened.accepted(ADMINISTRATOR, AddAccount(user="li", name="李", grants=GRANTS))
        keep_secret(opened.desk, opened.database, "li", hashed(PASSWORD))
        yield opened


@pytest.fixture
def users(office: Office) -> Iterator[Users]:
    opened = Users(office.desk, office.database, KEY)
    yield opened
    opened.close()


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[Users]:
    with open_office(log_url(tmp_path, "practice")) as opened:
        users = Users(opened.desk, opened.database, KEY)
        yield users
        users.close()


def basic(user: str, password: str) -> str:
    return f"Basic {b64encode(f'{user}:{password}'.encode()).decode()}"


def sign_in(users: Users, authorization: str, address: str = "10.0.0.1") -> Person:
    return asyncio.run(users.sign_in(authorization, address))


def refusal(users: Users, authorization: str) -> str:
    with pytest.raises(Refused) as refused:
        sign_in(users, authorization)
    return refused.value.code


def test_the_right_password_signs_in_with_the_grants_of_the_journal(users: Users) -> None:
    person = Person(user=UserId("li"), name="李", grants=GRANTS)
    assert sign_in(users, basic("li", PASSWORD)) == person


@pytest.mark.parametrize(
    ("user", "password"), [("li", "wrong horse"), ("wang", PASSWORD), ("li", ""), ("", PASSWORD)]
)
def test_a_wrong_name_and_a_wrong_password_are_refused_alike(
    users: Users, user: str, password: str
) -> None:
    assert refusal(users, basic(user, password)) == "sign_in.wrong"


@pytest.mark.parametrize(
    "header", ["", "Basic", "Basic ###", "Basic bGk=", "Digest x", "basic " + "=" * 9]
)
def test_a_header_that_is_none_asks_to_sign_in(users: Users, header: str) -> None:
    assert refusal(users, header) == "sign_in.required"


def test_a_disabled_account_is_refused_with_password_and_with_token(
    office: Office, users: Users
) -> None:
    token = users.token(sign_in(users, basic("li", PASSWORD)))
    office.accepted(ADMINISTRATOR, DisableAccount(), "account/li", 1)
    assert refusal(users, basic("li", PASSWORD)) == "sign_in.disabled"
    assert refusal(users, f"Bearer {token}") == "sign_in.disabled"
    assert refusal(users, basic("li", "wrong horse")) == "sign_in.wrong"


@pytest.mark.parametrize(
    ("taking", "code"),
    [
        (DisableAccount(), "sign_in.disabled"),
        (ResetPassword(), "signed_out"),
        (ChangeGrants(grants=(Grant(role=Role.OBSERVER),)), "grants.changed"),
        (DescribeAccount(name="李四"), ""),
    ],
)
def test_what_is_queued_behind_the_loss_of_a_right_has_lost_it_too(
    office: Office, taking: Command, code: str
) -> None:
    li = Actor(user=UserId("li"), grants=GRANTS, device="seat 7")
    case = office.live_through(2)
    secret = Secret(hashed(MADE_UP)) if isinstance(taking, ResetPassword) else None
    takes = Ask(id="takes-it-away", stream="account/li", role=Role.ADMINISTRATOR, command=taking)
    sends = Ask(
        id="sends-it-on",
        stream=case.stream,
        base_version=case.version,
        role=Role.DISPATCHER,
        command=acts.DispatchCase(lead=WATER),
    )
    office.desk.submit(Submission(takes, ADMINISTRATOR, secret=secret))
    office.desk.submit(Submission(sends, li, passwords=0))
    answers: list[Ack | Nack] = []
    while len(answers) < 2:
        answers += [answer for _, answer in office.batches.get(timeout=30).answers]
    codes = [each.code if isinstance(each, Nack) else "" for each in answers]
    assert codes == ["", code]


def test_a_resume_token_carries_the_grants_of_now_not_of_then(office: Office, users: Users) -> None:
    token = users.token(sign_in(users, basic("li", PASSWORD)))
    changed = (Grant(role=Role.UNIT, unit=WATER),)
    office.accepted(ADMINISTRATOR, ChangeGrants(grants=changed), "account/li", 1)
    assert sign_in(users, f"Bearer {token}").grants == changed


def test_a_token_runs_out_after_twelve_hours(office: Office) -> None:
    now = [1_000_000.0]
    users = Users(office.desk, office.database, now=lambda: now[0])
    token = users.token(Person(user=UserId("li"), name="李", grants=GRANTS))
    now[0] += TOKEN_LIVES
    assert sign_in(users, f"Bearer {token}").user == "li"
    now[0] += 1
    assert refusal(users, f"Bearer {token}") == "sign_in.token"
    users.close()


@pytest.mark.parametrize("place", [0, 10, -1])
def test_a_token_with_one_character_changed_is_refused(users: Users, place: int) -> None:
    token = list(users.token(Person(user=UserId("li"), name="李", grants=GRANTS)))
    token[place] = "A" if token[place] != "A" else "B"
    assert refusal(users, f"Bearer {''.join(token)}") == "sign_in.token"


def test_a_drill_token_is_no_resume_token_and_the_reverse(practice: Users) -> None:
    token = drill_token(KEY, "bot", "Bot", GRANTS)
    person = Person(user=UserId("bot"), name="Bot", grants=GRANTS, drill=True)
    assert sign_in(practice, f"Drill {token}") == person
    assert refusal(practice, f"Bearer {token}") == "sign_in.token"
    resume = practice.token(person)
    assert sign_in(practice, f"Bearer {resume}") == person
    assert refusal(practice, f"Drill {resume}") == "sign_in.token"


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b'{"user":1}', b"\xff"])
def test_a_drill_token_with_the_right_key_and_the_wrong_content_is_refused(
    practice: Users, content: bytes
) -> None:
    assert refusal(practice, f"Drill {signed(KEY, content)}") == "sign_in.token"


def test_a_real_log_refuses_every_drill_token(users: Users) -> None:
    token = drill_token(KEY, "bot", "Bot", GRANTS)
    assert refusal(users, f"Drill {token}") == "sign_in.practice_only"


def test_a_practice_log_without_a_drill_key_takes_no_drill_token(tmp_path: Path) -> None:
    with open_office(log_url(tmp_path, "keyless")) as opened:
        users = Users(opened.desk, opened.database)
        assert refusal(users, f"Drill {drill_token(b'', 'bot', 'Bot', GRANTS)}") == "sign_in.token"
        users.close()


def test_a_password_may_be_tried_only_so_often(users: Users) -> None:
    codes = [refusal(users, basic("li", "wrong horse")) for _ in range(6)]
    assert codes == ["sign_in.wrong"] * 5 + ["sign_in.too_many"]
    assert refusal(users, basic("li", PASSWORD)) == "sign_in.too_many"


def test_the_right_password_costs_no_try(users: Users) -> None:
    for _ in range(8):
        sign_in(users, basic("li", PASSWORD))


def test_one_address_may_not_try_many_names_and_tries_come_back_with_time() -> None:
    now = [0.0]
    failures = Failures(lambda: now[0])
    for order in range(30):
        failures.take(f"user-{order}", "10.0.0.1")
    with pytest.raises(Refused, match="too_many"):
        failures.take("another", "10.0.0.1")
    failures.take("another", "10.0.0.2")
    now[0] += 2
    failures.take("and another", "10.0.0.1")


def test_a_signed_token_is_base64_and_hmac_sha256() -> None:
    body = urlsafe_b64encode(b"content").decode()
    mark = hmac.new(KEY, body.encode(), hashlib.sha256).hexdigest()
    assert signed(KEY, b"content") == f"{body}.{mark}"
    assert verified(KEY, f"{body}.{mark}") == b"content"


# --- adding people -----------------------------------------------------------------------------


@pytest.fixture
def keeper(tmp_path: Path) -> Iterator[Keeper]:
    """The keeper of a command line, without a server."""
    url = log_url(tmp_path, "alone")
    with open_office(url, practice=False):
        pass
    database = open_database(url)
    with keeping(database) as opened:
        yield opened
    database.close()


def adding(**changes: Any) -> AddAccount:
    return new_account(**{"user": "wu", "name": "吳", "grants": GRANTS, "lasting": True} | changes)


def may_sign_in(keeper: Keeper, user: str, password: str) -> bool:
    """Whether this password lets the person in."""
    users = Users(keeper._desk, keeper._database)
    with closing(users), suppress(Refused):
        return sign_in(users, basic(user, password)).user == user
    return False


def test_a_person_is_added_by_a_recorded_act_and_may_sign_in(keeper: Keeper) -> None:
    keeper.ask(adding(), password=PASSWORD)
    (wu,) = keeper.accounts()
    assert (wu.name, wu.has_password, wu.must_change) == ("吳", True, False)
    assert may_sign_in(keeper, "wu", PASSWORD)
    keeper.ask(ResetPassword(lasting=True), "wu", password="another horse")
    assert may_sign_in(keeper, "wu", "another horse")
    assert not may_sign_in(keeper, "wu", PASSWORD)


def test_a_password_that_is_left_to_the_server_is_readable_and_used_once(keeper: Keeper) -> None:
    once = keeper.ask(adding(lasting=False), password="")
    assert re.fullmatch("[2-9a-kmnp-z]{4}(-[2-9a-kmnp-z]{4}){2}", once)
    assert may_sign_in(keeper, "wu", once)
    (wu,) = keeper.accounts()
    assert wu.must_change


def test_two_passwords_made_up_are_never_the_same(keeper: Keeper) -> None:
    keeper.ask(adding())
    made = {keeper.ask(ResetPassword(), "wu", password="") for _ in range(4)}
    assert len(made) == 4


def test_adding_somebody_twice_leaves_the_first_password(keeper: Keeper) -> None:
    keeper.ask(adding(), password=PASSWORD)
    with pytest.raises(Refused, match=r"account\.exists"):
        keeper.ask(adding(), password="another horse")
    assert may_sign_in(keeper, "wu", PASSWORD)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"user": "Not A Name"}, "account.malformed"),
        ({"name": ""}, "account.malformed"),
        ({"grants": ()}, "account.no_grants"),
        ({"grants": (Grant(role=Role.UNIT, unit=UnitId("nobody")),)}, "case.unknown_unit"),
        ({"password": "short"}, "password.too_short"),
        ({"password": "wuwuwuwuwu", "user": "wuwuwuwuwu"}, "password.refused"),
    ],
)
def test_a_person_that_cannot_be_is_refused(
    keeper: Keeper, changes: dict[str, Any], code: str
) -> None:
    fields = dict(changes)
    password = fields.pop("password", PASSWORD)
    with pytest.raises(Refused, match=code):
        keeper.ask(adding(**fields), password=password)
    assert keeper.accounts() == ()


def test_only_somebody_who_is_known_gets_a_password(keeper: Keeper) -> None:
    with pytest.raises(Refused, match=r"account\.not_found"):
        keeper.ask(ResetPassword(), "nobody", password=PASSWORD)


def test_a_phone_number_lies_beside_the_record_and_goes_with_the_next_description(
    keeper: Keeper,
) -> None:
    keeper.ask(adding(post="值班长", personal=Personal(phone="13800002190")))
    (wu,) = keeper.accounts()
    assert (wu.post, wu.phone, wu.has_password) == ("值班长", "13800002190", False)
    with keeper._database.read() as connection:
        written = b"".join(connection.execute(select(event.c.written)).scalars())
    assert b"13800002190" not in written
    keeper.ask(DescribeAccount(name="吳敏", job_number="0712"), "wu")
    (wu,) = keeper.accounts()
    assert (wu.name, wu.post, wu.job_number, wu.phone) == ("吳敏", "", "0712", "")


def test_the_last_administrator_keeps_the_right(keeper: Keeper) -> None:
    chief = (Grant(role=Role.ADMINISTRATOR),)
    keeper.ask(adding(grants=chief))
    for command in (DisableAccount(), ChangeGrants(grants=GRANTS)):
        with pytest.raises(Refused, match=r"account\.last_administrator"):
            keeper.ask(command, "wu")
    keeper.ask(adding(user="xu", grants=chief))
    keeper.ask(DisableAccount(), "wu")
    with pytest.raises(Refused, match=r"account\.last_administrator"):
        keeper.ask(DisableAccount(), "xu")
    keeper.ask(EnableAccount(), "wu")
    keeper.ask(ChangeGrants(grants=GRANTS), "xu")


def test_a_password_is_hashed_with_argon2id() -> None:
    assert hashed(PASSWORD).startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_a_one_time_password_is_as_long_as_the_city_asks() -> None:
    assert len(one_time(KEY, "occasion", 8)) == 14
    assert len(one_time(KEY, "occasion", 20)) >= 20
    assert one_time(KEY, "occasion", 8) == one_time(KEY, "occasion", 8)
    assert one_time(KEY, "occasion", 8) != one_time(KEY, "another", 8)
