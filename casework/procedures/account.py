"""Accounts: named people with the grants they hold. Secrets are kept outside the journal.

Who may do what is itself a record: adding a person, changing grants, giving a new password is an
event that names who did it. The password's hash lies in an erasable table beside it, a colleague's
phone number too.
"""

from collections.abc import Sequence
from typing import Annotated

from msgspec import Meta, Struct
from msgspec.structs import replace

from casework.decider import (
    Command,
    Context,
    Decider,
    Event,
    Grant,
    Need,
    Personal,
    Recorded,
    Refused,
)
from casework.grants import check
from casework.terms import Role, UserId

Name = Annotated[str, Meta(min_length=1, max_length=100)]
Short = Annotated[str, Meta(max_length=60)]
Grants = Annotated[tuple[Grant, ...], Meta(max_length=40)]


class AddAccount(Command, frozen=True, kw_only=True):
    """Add a person. `user` is the sign-in name: letters, digits, `.`, `-`, `_`.

    `lasting` keeps the password that comes along good for ever, for a program that signs in; a
    person has to change it. `post` is the title on the door, `job_number` the 工號; of `personal`
    only the phone is meant.
    """

    user: Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9._-]{0,39}\Z")]
    name: Name
    grants: Grants
    post: Short = ""
    job_number: Short = ""
    personal: Personal | None = None
    lasting: bool = False


class ChangeGrants(Command, frozen=True, kw_only=True):
    """Give other grants, as a whole."""

    grants: Grants


class DescribeAccount(Command, frozen=True, kw_only=True):
    """Who the person is, as a whole: what is left out is no longer known."""

    name: Name
    post: Short = ""
    job_number: Short = ""
    personal: Personal | None = None


class DisableAccount(Command, frozen=True, kw_only=True):
    """The person may no longer sign in; the record of what they did stays."""


class EnableAccount(Command, frozen=True, kw_only=True):
    """The person may sign in again, with the password of before."""


class ResetPassword(Command, frozen=True, kw_only=True):
    """Give a new password, which comes beside the command; `lasting` as in `AddAccount`."""

    lasting: bool = False


class ChangePassword(Command, frozen=True, kw_only=True):
    """Change one's own password; the old and the new one come beside the command."""


class AccountAdded(Event, frozen=True, kw_only=True):
    user: UserId
    name: str
    grants: tuple[Grant, ...]


class GrantsChanged(Event, frozen=True, kw_only=True):
    grants: tuple[Grant, ...]


class AccountDescribed(Event, frozen=True, kw_only=True):
    """`seal` is the salted digest of the phone number that lies beside the event."""

    name: str
    post: str = ""
    job_number: str = ""
    seal: str = ""


class AccountDisabled(Event, frozen=True, kw_only=True):
    pass


class AccountEnabled(Event, frozen=True, kw_only=True):
    pass


class PasswordReset(Event, frozen=True, kw_only=True):
    """Somebody else gave the password; `once`: it is to be changed when it is first used."""

    once: bool = True


class PasswordChanged(Event, frozen=True, kw_only=True):
    """The person chose the password."""


class Account(Struct, frozen=True, kw_only=True):
    """A person as folded from the stream `account/{user}`.

    `phone_at` is the event beside which the phone number lies, 0 without one. `passwords` counts
    how often the password was changed, so that what was signed with an older one is told.
    """

    user: UserId
    version: int = 0
    name: str
    grants: tuple[Grant, ...]
    enabled: bool = True
    post: str = ""
    job_number: str = ""
    phone_at: int = 0
    must_change: bool = False
    passwords: int = 0

    @property
    def administers(self) -> bool:
        """Whether this person can keep the accounts."""
        return self.enabled and _administer(self.grants)


def require_unrevoked(account: Account | None, grants: Sequence[Grant], passwords: int) -> None:
    """Somebody who was let in with these grants, by this one of the account's passwords, is heard
    while the account is still so.

    Raises: Refused: `sign_in.disabled`, `signed_out` (another password), `grants.changed`.
    """
    if account is None or not account.enabled:
        raise Refused("sign_in.disabled")
    if account.passwords != passwords:
        raise Refused("signed_out")
    if account.grants != tuple(grants):
        raise Refused("grants.changed")


def _administer(grants: Sequence[Grant]) -> bool:
    return any(grant.role is Role.ADMINISTRATOR for grant in grants)


def decide(account: Account | None, command: Command, context: Context) -> Sequence[Event]:
    """The events that `command` earns. Only an administrator, in that role, may give it; one's own
    password everybody may change.

    Raises:
        Refused: `account.administrators_only`, `account.exists`, `account.not_found`,
            `account.yourself` (disabling oneself), `account.last_administrator`,
            `account.is_disabled`, `account.is_enabled`, `account.not_yours` (another's password),
            `password.missing`, and what `casework.grants.check` refuses.
    """
    if isinstance(command, ChangePassword):
        return _change_own(account, context)
    if context.role is not Role.ADMINISTRATOR or not _administer(context.actor.grants):
        raise Refused("account.administrators_only")
    if isinstance(command, AddAccount):
        if account is not None:
            raise Refused("account.exists", user=account.user)
        return _add(command, context)
    if account is None:
        raise Refused("account.not_found")
    return _alter(account, command, context)


def _add(command: AddAccount, context: Context) -> list[Event]:
    check(command.grants, context.rules)
    user = UserId(command.user)
    events: list[Event] = [AccountAdded(user=user, name=command.name, grants=command.grants)]
    if context.facts.password:
        events.append(PasswordReset(once=not command.lasting))
    if command.post or command.job_number or context.facts.seal:
        events.append(_described(command, context))  # last: the phone lies beside it
    return events


def _described(command: AddAccount | DescribeAccount, context: Context) -> AccountDescribed:
    return AccountDescribed(
        name=command.name,
        post=command.post,
        job_number=command.job_number,
        seal=context.facts.seal,
    )


def _alter(account: Account, command: Command, context: Context) -> list[Event]:
    match command:
        case ChangeGrants(grants=grants):
            return _change_grants(account, grants, context)
        case DescribeAccount():
            return [_described(command, context)]
        case DisableAccount():
            return _disable(account, context)
        case EnableAccount():
            return _enable(account)
        case ResetPassword(lasting=lasting):
            return _reset(lasting, context)
        case _:
            raise TypeError(command)


def _change_grants(account: Account, grants: tuple[Grant, ...], context: Context) -> list[Event]:
    check(grants, context.rules)
    if not _administer(grants):
        _keep_one_administrator(account, context)
    return [GrantsChanged(grants=grants)]


def _enable(account: Account) -> list[Event]:
    if account.enabled:
        raise Refused("account.is_enabled", user=account.user)
    return [AccountEnabled()]


def _reset(lasting: bool, context: Context) -> list[Event]:
    if not context.facts.password:
        raise Refused("password.missing")
    return [PasswordReset(once=not lasting)]


def _disable(account: Account, context: Context) -> list[Event]:
    if not account.enabled:
        raise Refused("account.is_disabled", user=account.user)
    if account.user == context.actor.user:
        raise Refused("account.yourself")
    _keep_one_administrator(account, context)
    return [AccountDisabled()]


def _keep_one_administrator(account: Account, context: Context) -> None:
    """Nobody could ever be let in again."""
    if account.administers and context.facts.administrators <= 1:
        raise Refused("account.last_administrator", user=account.user)


def _change_own(account: Account | None, context: Context) -> list[Event]:
    if account is None:
        raise Refused("account.not_found")
    if account.user != context.actor.user:
        raise Refused("account.not_yours", user=account.user)
    if not account.enabled:
        raise Refused("account.is_disabled", user=account.user)
    if not context.facts.password:
        raise Refused("password.missing")
    return [PasswordChanged()]


def evolve(account: Account | None, recorded: Recorded) -> Account | None:
    """The account after `recorded`."""
    if isinstance(recorded.event, AccountAdded):
        added = recorded.event
        account = Account(user=added.user, name=added.name, grants=added.grants)
    if account is None:
        return None
    return replace(_after(account, recorded), version=recorded.version)


def _after(account: Account, recorded: Recorded) -> Account:
    match recorded.event:
        case GrantsChanged(grants=grants):
            return replace(account, grants=grants)
        case AccountDisabled() | AccountEnabled() as happened:
            return replace(account, enabled=isinstance(happened, AccountEnabled))
        case PasswordReset(once=once):
            return replace(account, must_change=once, passwords=account.passwords + 1)
        case PasswordChanged():
            return replace(account, must_change=False, passwords=account.passwords + 1)
        case AccountDescribed() as told:
            phone_at = recorded.number if told.seal else 0
            return replace(
                account,
                name=told.name,
                post=told.post,
                job_number=told.job_number,
                phone_at=phone_at,
            )
    return account


def _opens(command: Command, _context: Context) -> str:
    if not isinstance(command, AddAccount):
        raise Refused("account.not_found")
    return command.user


def _needs(command: Command) -> frozenset[str]:
    match command:
        case ChangeGrants() | DisableAccount():
            return frozenset({Need.ADMINISTRATORS})
        case AddAccount() | ResetPassword() | ChangePassword():
            return frozenset({Need.PASSWORD})
        case _:
            return frozenset()


DECIDER = Decider(
    prefix="account",
    state=Account,
    commands=(
        AddAccount,
        ChangeGrants,
        DisableAccount,
        DescribeAccount,
        EnableAccount,
        ResetPassword,
        ChangePassword,
    ),
    events=(
        AccountAdded,
        GrantsChanged,
        AccountDisabled,
        AccountDescribed,
        AccountEnabled,
        PasswordReset,
        PasswordChanged,
    ),
    decide=decide,
    evolve=evolve,
    opens=_opens,
    needs=_needs,
)
