"""Accounts: an administrator adds people, changes what they may do, disables them."""

import msgspec
import pytest
from msgspec.structs import replace

from casework.catalogue import AnyCommand
from casework.decider import Actor, Command, Context, Facts, Grant, Need, Refused
from casework.procedures.account import (
    DECIDER,
    Account,
    AccountAdded,
    AccountDescribed,
    AddAccount,
    ChangeGrants,
    ChangePassword,
    DescribeAccount,
    DisableAccount,
    EnableAccount,
    PasswordReset,
    ResetPassword,
    decide,
    evolve,
    require_unrevoked,
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


CHIEF = Account(user=UserId("wu"), version=1, name="吳", grants=(grant(Role.ADMINISTRATOR),))


def knowing(actor: Actor, **facts: object) -> Context:
    """A context with facts of the desk's."""
    return replace(context(actor), facts=Facts(**facts))  # type: ignore[arg-type]


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
        ((Grant(role=Role.INSPECTOR, grids=("g9",)),), "account.unknown_grid"),
        ((Grant(role=Role.ACCEPTOR), Grant(role=Role.ACCEPTOR)), "account.grant_twice"),
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
        Grant(role=Role.INSPECTOR, areas=(EAST,), grids=("g1",)),
    )
    after = folded(CHEN, ChangeGrants(grants=held))
    assert after is not None
    assert after.grants == held


def test_a_disabled_person_keeps_the_record() -> None:
    after = folded(CHEN, DisableAccount())
    assert after == Account(user=CHEN.user, version=2, name="陈", grants=CHEN.grants, enabled=False)


@pytest.mark.parametrize("now", [CHEN, replace(CHEN, name="陈二", version=9)])
def test_a_person_is_heard_while_the_account_is_what_let_them_in(now: Account) -> None:
    require_unrevoked(now, CHEN.grants, CHEN.passwords)


@pytest.mark.parametrize(
    ("now", "why"),
    [
        (None, "sign_in.disabled"),
        (replace(CHEN, enabled=False), "sign_in.disabled"),
        (replace(CHEN, passwords=1), "signed_out"),
        (replace(CHEN, grants=(grant(Role.OBSERVER),)), "grants.changed"),
        (replace(CHEN, enabled=False, passwords=1, grants=()), "sign_in.disabled"),
    ],
)
def test_a_person_is_heard_no_more_when_it_is_not(now: Account | None, why: str) -> None:
    with pytest.raises(Refused) as refused:
        require_unrevoked(now, CHEN.grants, CHEN.passwords)
    assert refused.value.code == why


def test_a_disabled_person_may_be_let_in_again() -> None:
    disabled = folded(CHEN, DisableAccount())
    assert folded(disabled, EnableAccount()) == replace(CHEN, version=3)


@pytest.mark.parametrize(
    ("account", "command", "code"),
    [
        (replace(CHEN, enabled=False), DisableAccount(), "account.is_disabled"),
        (CHEN, EnableAccount(), "account.is_enabled"),
        (replace(CHEN, user=ADMINISTRATOR.user), DisableAccount(), "account.yourself"),
        (CHIEF, DisableAccount(), "account.last_administrator"),
        (CHIEF, ChangeGrants(grants=CHEN.grants), "account.last_administrator"),
        (CHEN, ResetPassword(), "password.missing"),
        (CHEN, ChangePassword(), "account.not_yours"),
        (None, ChangePassword(), "account.not_found"),
    ],
)
def test_what_would_leave_nobody_or_mean_nothing_is_refused(
    account: Account | None, command: Command, code: str
) -> None:
    with pytest.raises(Refused, match=code):
        decide(account, command, knowing(ADMINISTRATOR, administrators=1))


@pytest.mark.parametrize("command", [DisableAccount(), ChangeGrants(grants=CHEN.grants)])
def test_an_administrator_may_lose_the_right_while_another_has_it(command: Command) -> None:
    assert Need.ADMINISTRATORS in DECIDER.needs(command)
    assert decide(CHIEF, command, knowing(ADMINISTRATOR, administrators=2))


def test_the_last_administrator_may_keep_the_right_with_other_posts() -> None:
    more = (*CHIEF.grants, grant(Role.ACCEPTOR))
    assert decide(CHIEF, ChangeGrants(grants=more), knowing(ADMINISTRATOR, administrators=1))


def test_a_person_has_a_name_a_post_and_a_job_number_as_a_whole() -> None:
    told = DescribeAccount(name="陈敏", post="值班长", job_number="0712")
    after = folded(CHEN, told)
    assert after is not None
    assert (after.name, after.post, after.job_number) == ("陈敏", "值班长", "0712")
    again = folded(after, DescribeAccount(name="陈敏"))
    assert again is not None
    assert (again.post, again.job_number) == ("", "")


def test_a_phone_number_is_known_by_the_event_that_it_lies_beside() -> None:
    of = knowing(ADMINISTRATOR, seal="digest")
    (told,) = decide(CHEN, DescribeAccount(name="陈"), of)
    assert told == AccountDescribed(name="陈", seal="digest")
    after = evolve(CHEN, recorded(told, of, 2, "account/chen"))
    assert after is not None
    assert after.phone_at == recorded(told, of, 2, "account/chen").number


@pytest.mark.parametrize("lasting", [False, True])
def test_a_password_that_somebody_else_gave_is_to_be_changed_unless_it_is_a_programs(
    lasting: bool,
) -> None:
    given = knowing(ADMINISTRATOR, password=True)
    adding = AddAccount(user="chen", name="陈", grants=CHEN.grants, lasting=lasting)
    assert decide(None, adding, given)[1:] == [PasswordReset(once=not lasting)]
    (reset,) = decide(CHEN, ResetPassword(lasting=lasting), given)
    after = evolve(CHEN, recorded(reset, given, 2, "account/chen"))
    assert after is not None
    assert (after.must_change, after.passwords) == (not lasting, 1)


def test_the_own_password_is_changed_in_any_post_and_needs_no_change_then() -> None:
    chen = person("chen", *CHEN.grants)
    own = knowing(chen, password=True)
    (changed,) = decide(replace(CHEN, must_change=True), ChangePassword(), own)
    after = evolve(replace(CHEN, must_change=True), recorded(changed, own, 2, "account/chen"))
    assert after is not None
    assert (after.must_change, after.passwords) == (False, 1)
    for code, account in (
        ("password.missing", CHEN),
        ("account.is_disabled", replace(CHEN, enabled=False)),
    ):
        with pytest.raises(Refused, match=code):
            decide(account, ChangePassword(), context(chen))


@pytest.mark.parametrize("user", ["", "Chen", "../x", "a b", "x" * 41, ".x", "chen\n"])
def test_a_sign_in_name_of_another_form_is_malformed(user: str) -> None:
    frame = msgspec.json.encode({"type": "AddAccount", "user": user, "name": "x", "grants": []})
    with pytest.raises(msgspec.ValidationError, match=r"\$\.user"):
        msgspec.json.decode(frame, type=AnyCommand)


def test_an_account_knows_no_command_of_another_kind() -> None:
    with pytest.raises(TypeError):
        decide(CHEN, Command(), context(ADMINISTRATOR))
