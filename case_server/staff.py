"""People at work by name: what somebody is called, and who could take a case over.

A name is told to whoever may come upon the same cases; a telephone number never is. Drill people
have no account, so that they keep their sign-in names.
"""

from collections import Counter
from collections.abc import Collection

from sqlalchemy import Connection, func, select

from case_server.accounts import Seats, accounts
from case_server.tables import case_row
from case_server.users import Person
from casework.case import Case, holds
from casework.decider import Refused
from casework.enquiries import Colleague, ColleaguesReply, NamesReply, PersonName
from casework.procedures.account import Account
from casework.rulebook import RuleBook
from casework.rules.common_ground import share_cases
from casework.terms import CENTRE_ROLES, LogId, Role, UserId


def names(
    connection: Connection, log: LogId, person: Person, users: Collection[UserId], rules: RuleBook
) -> NamesReply:
    """What those of `users` are called whom this person may know of."""
    wanted = frozenset(users)
    known = [
        each
        for each in accounts(connection, log).values()
        if each.user in wanted
        and (each.user == person.user or share_cases(person.grants, each.grants, rules))
    ]
    people = (PersonName(user=each.user, name=each.name, post=each.post) for each in known)
    return NamesReply(people=tuple(people))


def colleagues(
    connection: Connection, log: LogId, person: Person, at: tuple[Case, Role], seats: Seats
) -> ColleaguesReply:
    """The others of the post whose grants reach the case, enabled ones only. `at`: the case and
    the post in which the asker has it.

    Raises:
        Refused: `actor.role_not_held`: it is a colleague's post, and not the asker's own.
    """
    case, role = at
    if role not in CENTRE_ROLES or not any(holds(each, role, case) for each in person.grants):
        raise Refused("actor.role_not_held", role=role)
    busy = _in_hand(connection)
    found = [
        _colleague(each, role, busy[each.user], is_present=each.user in seats)
        for each in accounts(connection, log).values()
        if each.enabled
        and each.user != person.user
        and any(holds(grant, role, case) for grant in each.grants)
    ]
    return ColleaguesReply(colleagues=tuple(sorted(found, key=_place)))


def _colleague(account: Account, role: Role, in_hand: int, *, is_present: bool) -> Colleague:
    areas = (area for grant in account.grants if grant.role is role for area in grant.areas)
    return Colleague(
        user=account.user,
        name=account.name,
        post=account.post,
        areas=tuple(dict.fromkeys(areas)),
        present=is_present,
        in_hand=in_hand,
    )


def _place(of: Colleague) -> tuple[bool, int, str, UserId]:
    return not of.present, of.in_hand if of.present else 0, of.name, of.user


def _in_hand(connection: Connection) -> Counter[UserId]:
    """How many open cases each person has claimed."""
    by = case_row.c.claimed_by
    query = select(by, func.count()).where(case_row.c.live, by.is_not(None)).group_by(by)
    return Counter({UserId(user): count for user, count in connection.execute(query)})
