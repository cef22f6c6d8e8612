"""Who goes, and what stays behind: asked before an account is disabled."""

from sqlalchemy import Connection, func, select

from case_server.accounts import accounts
from case_server.roster import read_roster
from case_server.tables import case_row, case_unit
from casework.enquiries import DepartureReply, UnitLeft
from casework.rulebook import RuleBook
from casework.terms import LogId, Role, UnitId, UserId


def departure(connection: Connection, log: LogId, user: UserId, rules: RuleBook) -> DepartureReply:
    """The units that would have no enabled officer without this person, and what the person has in
    hand."""
    claimed = select(func.count()).where(case_row.c.live, case_row.c.claimed_by == user)
    roster = read_roster(connection, log, rules)
    orders = [each.open_orders for each in roster.everybody() if each.user == user]
    return DepartureReply(
        user=user,
        units=tuple(
            UnitLeft(unit=unit, cases=_cases(connection, unit))
            for unit in _left(connection, log, user)
        ),
        in_hand=connection.execute(claimed).scalar() or 0,
        orders=sum(orders),
    )


def _left(connection: Connection, log: LogId, user: UserId) -> list[UnitId]:
    """Units whose only enabled officer this person is."""
    own: set[UnitId] = set()
    others: set[UnitId] = set()
    for account in accounts(connection, log).values():
        if account.enabled:
            units = {g.unit for g in account.grants if g.role is Role.UNIT and g.unit is not None}
            (own if account.user == user else others).update(units)
    return sorted(own - others)


def _cases(connection: Connection, unit: UnitId) -> int:
    """Open cases that lie with the unit."""
    held = select(func.count()).where(case_unit.c.unit == unit, case_unit.c.live)
    return connection.execute(held).scalar() or 0
