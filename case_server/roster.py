"""Inspectors as the desk and the read side know them: who is enrolled, on duty, where, how busy.

A desk orders hundreds of checks a second at times, so that it never asks the database for each: it
reads the roster once and follows the folds that it commits itself. Questions of sessions read a
roster of their own in their snapshot of the database.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import Column, ColumnElement, Connection, and_, select

from case_server import accounts, whereabouts
from case_server.tables import case_row, stream_state
from casework.case import Case
from casework.decider import Grant, Position
from casework.links import ORDERED
from casework.procedures.account import Account
from casework.procedures.patrol import Patrol
from casework.rulebook import RuleBook
from casework.rules.proposal import Candidate, Proposal, Target, propose
from casework.rules.responsibility import responsibility_grid
from casework.terms import AreaId, LogId, Role, UserId
from casework.wire import read_case

_PATROLS = msgspec.json.Decoder(Patrol)
_PREFIX = "patrol/"


class Roster:
    """Not safe for threads: whoever reads it owns it."""

    def __init__(self, rules: RuleBook) -> None:
        self.rules = rules
        self._people: dict[UserId, Account] = {}
        self._by_area: dict[AreaId | None, set[UserId]] = defaultdict(set)
        self._patrols: dict[UserId, Patrol] = {}
        self._positions: dict[UserId, Position] = {}
        self._orders: Counter[UserId] = Counter()

    # --- following -----------------------------------------------------------------------------

    def follow(self, before: Any, after: Any) -> None:
        """Take in that a stream's fold became another one; folds of other kinds do not matter."""
        if isinstance(after, Case):
            self._count(_holder(before), -1)
            self._count(_holder(after), 1)
        elif isinstance(after, Patrol):
            self._patrols[after.user] = after
        elif isinstance(after, Account):
            self._enrol(after)

    def locate(self, user: UserId, position: Position | None) -> None:
        """Take in where somebody says to be; None: no position stays."""
        self._positions.pop(user, None)
        if position is not None:
            self._positions[user] = position

    def send(self, case: Case, user: UserId | None) -> None:
        """Take in that a case's order goes to somebody, and no longer to who had it."""
        self._count(_holder(case), -1)
        self._count(user, 1)

    def _count(self, holder: UserId | None, change: int) -> None:
        if holder is not None:
            self._orders[holder] += change

    def _enrol(self, account: Account) -> None:
        for people in self._by_area.values():
            people.discard(account.user)
        self._people.pop(account.user, None)
        held = _held(account)
        if held and account.enabled:
            self._people[account.user] = account
            for area in {area for grant in held for area in grant.areas or (None,)}:
                self._by_area[area].add(account.user)

    # --- asking --------------------------------------------------------------------------------

    def everybody(self) -> Iterator[Candidate]:
        """Every enabled account with the inspector's role, by name."""
        people = sorted(self._people.values(), key=lambda each: (each.name, each.user))
        return (self._candidate(each.user) for each in people)

    def patrol(self, user: UserId) -> Patrol:
        """On duty since when."""
        return self._patrols.get(user) or Patrol(user=user)

    def position(self, user: UserId) -> Position | None:
        """Where somebody last said to be."""
        return self._positions.get(user)

    def ranked(self, target: Target, now: datetime) -> tuple[Proposal, ...]:
        """Who may be sent there, best first."""
        areas = (None, target.scope.district, target.scope.street)
        near = {user for area in areas for user in self._by_area.get(area, ())}
        return propose(target, map(self._candidate, near), self.rules.orders, now)

    def ranked_for(self, case: Case, now: datetime) -> tuple[Proposal, ...] | None:
        """The fact that a decision on an order needs: whom it may name, the best first; None where
        no inspector is enrolled at all, so that names cannot be known."""
        if not self._people:
            return None
        return self.ranked(target_of(case, self.rules), now)

    def _candidate(self, user: UserId) -> Candidate:
        account, patrol, last = self._people[user], self.patrol(user), self.position(user)
        return Candidate(
            user=user,
            name=account.name,
            grants=_held(account),
            on_duty=patrol.since is not None,
            point=last.point if last is not None else None,
            at=last.at if last is not None else None,
            open_orders=self._orders[user],
        )


def _held(account: Account) -> tuple[Grant, ...]:
    return tuple(grant for grant in account.grants if grant.role is Role.INSPECTOR)


def _holder(case: Case | None) -> UserId | None:
    return case.inspector if case is not None and case.state in ORDERED else None


def target_of(case: Case, rules: RuleBook) -> Target:
    """Where an order on this case is to be done, and who has one already."""
    grid = responsibility_grid(rules, case.grid, case.street)
    return Target(
        scope=case.scope, point=case.point, grid=grid.id if grid else "", holder=_holder(case)
    )


def read_roster(
    connection: Connection, log: LogId, rules: RuleBook, now: datetime | None = None
) -> Roster:
    """The roster as the database has it, without positions that are too old to be kept at `now`."""
    roster = Roster(rules)
    for account in accounts.accounts(connection, log).values():
        roster.follow(None, account)
    patrols = select(stream_state.c.body).where(
        stream_state.c.log == log, _of_patrol(stream_state.c.stream, connection)
    )
    for (body,) in connection.execute(patrols):
        roster.follow(None, _PATROLS.decode(body))
    since = now - timedelta(hours=rules.orders.position_hours) if now is not None else None
    for user, position in whereabouts.read(connection, log, since).items():
        roster.locate(user, position)
    orders = select(stream_state.c.body).join(
        case_row,
        and_(
            stream_state.c.log == case_row.c.log,
            stream_state.c.stream == "case/" + case_row.c.case,
        ),
    )
    out = and_(case_row.c.live, case_row.c.state.in_([state.value for state in ORDERED]))
    for (body,) in connection.execute(orders.where(out)):
        roster.follow(None, read_case(body))
    return roster


def _of_patrol(stream: Column[str], connection: Connection) -> ColumnElement[bool]:
    """Streams of patrols, in the form for which each dialect takes its index (as of accounts)."""
    if connection.dialect.name == "sqlite":
        return and_(stream >= _PREFIX, stream < "patrol0")  # 0 follows the slash
    return stream.startswith(_PREFIX)
