"""Accounts: an administrator adds people, changes what they may do, disables them."""

import msgspec
import pytest

from casework.catalogue import AnyCommand
from casework.decider import Actor, Command, Grant, Refused
from casework.procedures.account import (
    DECIDER,
    Account,
    AccountAdded,
    AddAccount,
    ChangeGrants,
    DisableAccount,
    decide,
    evolve,
)
from casework.terms import AreaId, CentreId, Role, UnitId, UserId
from tests.casework.case_kit import (
    ACCEPTOR,
    ADMINISTRATOR,
    EAST,
    EAST_CENTRE,
    WATER,
    context,
    grant,
    person,
    recorded,
)

CHEN = Account(
    user=UserId("chen"), version=1, name="陈", grants=(grant(Role.ACCEPTOR, None, EAST),)
)
ADDING = AddAccount(user="chen", name="陈", grants=CHEN.grants)


def refusal(account: Account | None, command: Command, actor: Actor = ADMINISTRATOR) -> str:
    with pytest.raises(Refused) as refused:
        decide(account, command, context(actor))
    return refused.value.code


def folded(account: Account | None, command: Command) -> Account | None:
    of = context(ADMINISTRATOR)
    for event in decide(account, command, of):
        version = 1 if account is None else account.version + 1
        account = evolve(account, recorded(event, of, version, "account/chen"))
    return account


def test_an_administrator_adds_a_person() -> None:
    assert decide(None, ADDING, context(ADMINISTRATOR)) == [
        AccountAdded(user=UserId("chen"), name="陈", grants=CHEN.grants)
    ]
    assert folded(None, ADDING) == CHEN
    assert DECIDER.opens(ADDING, context(ADMINISTRATOR)) == "chen"


@pytest.mark.parametrize("command", [ADDING, ChangeGrants(grants=()), DisableAccount()])
def test_nobody_else_touches_accounts(command: Command) -> None:
    assert refusal(None, command, ACCEPTOR) == "account.administrators_only"


def test_an_administrator_acts_in_that_role() -> None:
    both = person("x", grant(Role.ACCEPTOR), grant(Role.ADMINISTRATOR))
    assert refusal(None, ADDING, both) == "account.administrators_only"
    assert decide(None, ADDING, context(both, Role.ADMINISTRATOR))


def test_a_sign_in_name_is_given_once() -> None:
    assert refusal(CHEN, ADDING) == "account.exists"


@pytest.mark.parametrize("command", [ChangeGrants(grants=CHEN.grants), DisableAccount()])
def test_a_person_who_is_not_there_is_not_found(command: Command) -> None:
    assert refusal(None, command) == "account.not_found"
    with pytest.raises(Refused, match=r"^account\.not_found"):
        DECIDER.opens(command, context(ADMINISTRATOR))


@pytest.mark.parametrize(
    ("held", "code"),
    [
        ((), "account.no_grants"),
        ((Grant(role=Role.UNIT),), "account.unit_grant"),
        ((Grant(role=Role.ACCEPTOR, unit=WATER),), "account.unit_grant"),
        ((Grant(role=Role.UNIT, unit=UnitId("nobody")),), "case.unknown_unit"),
        ((Grant(role=Role.ACCEPTOR, areas=(AreaId("1"),)),), "account.unknown_area"),
        ((Grant(role=Role.ACCEPTOR, centre=CentreId("1")),), "account.unknown_centre"),
        ((Grant(role=Role.ACCEPTOR, grids=("g1",)),), "account.grids_grant"),
    ],
)
def test_grants_must_make_sense(held: tuple[Grant, ...], code: str) -> None:
    assert refusal(None, AddAccount(user="x", name="x", grants=held)) == code
    assert refusal(CHEN, ChangeGrants(grants=held)) == code


def test_grants_change_as_a_whole() -> None:
    leader = (grant(Role.SHIFT_LEADER),)
    after = folded(CHEN, ChangeGrants(grants=leader))
    assert after == Account(user=CHEN.user, version=2, name="陈", grants=leader)


def test_a_grant_may_be_for_one_centre_and_an_inspector_answers_for_grids() -> None:
    held = (
        Grant(role=Role.DISPATCHER, centre=EAST_CENTRE),
        Grant(role=Role.INSPECTOR, areas=(EAST,), grids=("440301001-03",)),
    )
    after = folded(CHEN, ChangeGrants(grants=held))
    assert after is not None
    assert after.grants == held


def test_a_disabled_person_keeps_the_record() -> None:
    after = folded(CHEN, DisableAccount())
    assert after == Account(user=CHEN.user, version=2, name="陈", grants=CHEN.grants, enabled=False)


@pytest.mark.parametrize("user", ["", "Chen", "../x", "a b", "x" * 41, ".x", "chen\n"])
def test_a_sign_in_name_of_another_form_is_malformed(user: str) -> None:
    frame = msgspec.json.encode({"type": "AddAccount", "user": user, "name": "x", "grants": []})
    with pytest.raises(msgspec.ValidationError, match=r"\$\.user"):
        msgspec.json.decode(frame, type=AnyCommand)


def test_an_account_knows_no_command_of_another_kind() -> None:
    with pytest.raises(TypeError):
        decide(CHEN, Command(), context(ADMINISTRATOR))
