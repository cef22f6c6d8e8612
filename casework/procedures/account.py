"""Accounts: named people with the grants they hold. Secrets are kept outside the journal.

Who may do what is itself a record: adding a person or changing grants is an event that names who
did it. The password's hash lies in an erasable table beside it.
"""

from collections.abc import Sequence
from typing import Annotated

from msgspec import Meta, Struct
from msgspec.structs import replace

from casework.decider import Command, Context, Decider, Event, Grant, Recorded, Refused
from casework.grants import check
from casework.terms import Role, UserId

Name = Annotated[str, Meta(min_length=1, max_length=100)]


class AddAccount(Command, frozen=True, kw_only=True):
    """Add a person. `user` is the sign-in name: letters, digits, `.`, `-`, `_`."""

    user: Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9._-]{0,39}\Z")]
    name: Name
    grants: tuple[Grant, ...]


class ChangeGrants(Command, frozen=True, kw_only=True):
    grants: tuple[Grant, ...]


class DisableAccount(Command, frozen=True, kw_only=True):
    """The person may no longer sign in; the record of what they did stays."""


class AccountAdded(Event, frozen=True, kw_only=True):
    user: UserId
    name: str
    grants: tuple[Grant, ...]


class GrantsChanged(Event, frozen=True, kw_only=True):
    grants: tuple[Grant, ...]


class AccountDisabled(Event, frozen=True, kw_only=True):
    pass


class Account(Struct, frozen=True, kw_only=True):
    """A person as folded from the stream `account/{user}`."""

    user: UserId
    version: int = 0
    name: str
    grants: tuple[Grant, ...]
    enabled: bool = True


def decide(account: Account | None, command: Command, context: Context) -> Sequence[Event]:
    """The events that `command` earns; only an administrator, in that role, may give it.

    Raises:
        Refused: `account.administrators_only`, `account.exists`, `account.not_found`, and what
            `casework.grants.check` refuses.
    """
    held = {grant.role for grant in context.actor.grants}
    if context.role is not Role.ADMINISTRATOR or Role.ADMINISTRATOR not in held:
        raise Refused("account.administrators_only")
    if isinstance(command, AddAccount):
        if account is not None:
            raise Refused("account.exists", user=account.user)
        check(command.grants, context.rules)
        user = UserId(command.user)
        return [AccountAdded(user=user, name=command.name, grants=command.grants)]
    if account is None:
        raise Refused("account.not_found")
    match command:
        case ChangeGrants(grants=grants):
            check(grants, context.rules)
            return [GrantsChanged(grants=grants)]
        case DisableAccount():
            return [AccountDisabled()]
        case _:
            raise TypeError(command)


def evolve(account: Account | None, recorded: Recorded) -> Account | None:
    """The account after `recorded`."""
    match recorded.event:
        case AccountAdded(user=user, name=name, grants=grants):
            account = Account(user=user, name=name, grants=grants)
        case GrantsChanged(grants=grants) if account is not None:
            account = replace(account, grants=grants)
        case AccountDisabled() if account is not None:
            account = replace(account, enabled=False)
    return None if account is None else replace(account, version=recorded.version)


def _opens(command: Command, _context: Context) -> str:
    if not isinstance(command, AddAccount):
        raise Refused("account.not_found")
    return command.user


def _needs(_command: Command) -> frozenset[str]:
    return frozenset()


DECIDER = Decider(
    prefix="account",
    state=Account,
    commands=(AddAccount, ChangeGrants, DisableAccount),
    events=(AccountAdded, GrantsChanged, AccountDisabled),
    decide=decide,
    evolve=evolve,
    opens=_opens,
    needs=_needs,
)
