"""Who goes, or gives up posts, and what stays behind: asked before the account is changed."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, func, select

from case_server.accounts import accounts
from case_server.roster import read_roster
from case_server.tables import case_row, case_unit
from casework.decider import Grant
from casework.enquiries import DepartureQuery, DepartureReply, UnitLeft
from casework.rulebook import RuleBook
from casework.terms import CENTRE_ROLES, LogId, Role, UnitId, UserId


def departure(
    connection: Connection, log: LogId, asked: DepartureQuery, rules: RuleBook
) -> DepartureReply:
    """The units that would have no enabled officer any more, and what the person has in hand that
    is no work of theirs with the grants that are left."""
    user, kept = asked.user, {grant.role for grant in asked.grants}
    return DepartureReply(
        user=user,
        units=tuple(
            UnitLeft(unit=unit, cases=_cases(connection, unit))
            for unit in _left(connection, log, user, asked.grants)
        ),
        in_hand=0 if kept & CENTRE_ROLES else _claimed(connection, user),
        orders=0 if Role.INSPECTOR in kept else _orders(connection, log, user, rules),
    )


def _left(connection: Connection, log: LogId, user: UserId, kept: Sequence[Grant]) -> list[UnitId]:
    """Units whose only enabled officer this person is, and would be no longer."""
    own: set[UnitId] = set()
    others = _units(kept)
    for account in accounts(connection, log).values():
        if account.enabled:
            (own if account.user == user else others).update(_units(account.grants))
    return sorted(own - others)


def _units(grants: Iterable[Grant]) -> set[UnitId]:
    return {g.unit for g in grants if g.role is Role.UNIT and g.unit is not None}


def _cases(connection: Connection, unit: UnitId) -> int:
    """Open cases that lie with the unit."""
    held = select(func.count()).where(case_unit.c.unit == unit, case_unit.c.live)
    return connection.execute(held).scalar() or 0


def _claimed(connection: Connection, user: UserId) -> int:
    claimed = select(func.count()).where(case_row.c.live, case_row.c.claimed_by == user)
    return connection.execute(claimed).scalar() or 0


def _orders(connection: Connection, log: LogId, user: UserId, rules: RuleBook) -> int:
    roster = read_roster(connection, log, rules)
    return sum(each.open_orders for each in roster.everybody() if each.user == user)
