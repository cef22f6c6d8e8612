"""Signing in: who gets past the door, and with what."""

import asyncio
import hashlib
import hmac
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from backend_client.credentials import drill_token
from case_server.credentials import hashed, signed, verified
from case_server.database import Database, open_database
from case_server.desk import Desk
from case_server.users import (
    TOKEN_LIVES,
    Failures,
    Person,
    Users,
    add_person,
    keep_secret,
    set_password,
    settle_answers,
)
from casework.decider import Grant, Refused
from casework.procedures.account import AddAccount, ChangeGrants, DisableAccount
from casework.terms import Role, UnitId, UserId
from tests.case_server.desk_kit import ADMINISTRATOR, WATER, Office, open_office
from tests.databases import log_url

KEY = b"drill key"
GRANTS = (Grant(role=Role.DISPATCHER),)
PASSWORD = "correct horse"


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
def alone(tmp_path: Path) -> Iterator[tuple[Desk, Database]]:
    """The desk of a command line: only futures wait for its answers."""
    url = log_url(tmp_path, "alone")
    with open_office(url, practice=False):
        pass
    database = open_database(url)
    desk = Desk(database, settle_answers)
    desk.start()
    yield desk, database
    desk.stop()
    database.close()


def test_a_person_is_added_by_a_recorded_act_and_may_sign_in(
    alone: tuple[Desk, Database],
) -> None:
    desk, database = alone
    add_person(desk, database, user="wu", name="吳", grants=GRANTS, password=PASSWORD)
    assert desk.account(UserId("wu")) is not None
    users = Users(desk, database)
    assert sign_in(users, basic("wu", PASSWORD)).name == "吳"
    set_password(desk, database, "wu", "another horse")
    assert sign_in(users, basic("wu", "another horse")).name == "吳"
    assert refusal(users, basic("wu", PASSWORD)) == "sign_in.wrong"
    users.close()


def test_adding_somebody_twice_leaves_the_first_password(alone: tuple[Desk, Database]) -> None:
    desk, database = alone
    add_person(desk, database, user="wu", name="吳", grants=GRANTS, password=PASSWORD)
    with pytest.raises(Refused, match=r"account\.exists"):
        add_person(desk, database, user="wu", name="吳", grants=GRANTS, password="another horse")
    users = Users(desk, database)
    assert sign_in(users, basic("wu", PASSWORD)).user == "wu"
    users.close()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"user": "Not A Name"}, "account.malformed"),
        ({"name": ""}, "account.malformed"),
        ({"grants": ()}, "account.no_grants"),
        ({"grants": (Grant(role=Role.UNIT, unit=UnitId("nobody")),)}, "case.unknown_unit"),
        ({"password": "short"}, "password.too_short"),
    ],
)
def test_a_person_that_cannot_be_is_refused(
    alone: tuple[Desk, Database], changes: dict[str, Any], code: str
) -> None:
    desk, database = alone
    person = {"user": "wu", "name": "吳", "grants": GRANTS, "password": PASSWORD} | changes
    with pytest.raises(Refused, match=code):
        add_person(desk, database, **person)


def test_only_somebody_who_is_known_gets_a_password(alone: tuple[Desk, Database]) -> None:
    with pytest.raises(Refused, match=r"account\.not_found"):
        set_password(*alone, "nobody", PASSWORD)


def test_a_password_is_hashed_and_too_short_ones_are_refused() -> None:
    assert hashed(PASSWORD).startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    with pytest.raises(Refused, match=r"password\.too_short"):
        hashed("1234567")
