"""The gallery's inspectors: where each is, how long ago they said so, and how far orders came."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from random import Random

from msgspec.structs import replace

from casework.case import Case
from casework.decider import Command
from casework.enquiries import InspectorRow, PersonName
from casework.rulebook import RuleBook
from casework.rules.proposal import Reason, is_fresh, metres_between
from casework.rules.responsibility import responsibility_grid
from casework.terms import UserId
from drill.field import confirmations
from drill.inspectors import Walks, inspectors

OFF, SILENT = 12, 9
"""One in so many is off duty, or has not said for long where."""


class GalleryField:
    """The same people at the same places for one rule book."""

    def __init__(self, rules: RuleBook, at: datetime) -> None:
        self._rules, self._at = rules, at
        self._people = {each.user: each for each in inspectors(rules)}
        self._walks = Walks(rules, self._people.values())
        for user in self._people:  # now: a question is to be answered within a turn
            self._walks.onwards(user, Random(f"gallery {user}"))
        self._of_grid = {
            grid: each.user
            for each in self._people.values()
            for grant in each.grants
            for grid in grant.grids
        }

    def of(self, case: Case) -> UserId | None:
        """Whose beat a case lies in, else somebody of its district."""
        grid = responsibility_grid(self._rules, case.grid, case.street)
        if grid is not None:
            return self._of_grid.get(grid.id)
        near = [
            each.user for each in self._people.values() if case.district in each.grants[0].areas
        ]
        return Random(f"gallery {case.opened_at}").choice(near) if near else None

    def name(self, user: UserId | None) -> str:
        """An inspector's name; "" for nobody."""
        return self._people[user].name if user in self._people else ""

    def names(self) -> tuple[PersonName, ...]:
        """What the inspectors are called."""
        return tuple(PersonName(user=user, name=of.name) for user, of in self._people.items())

    def confirmed(self, case: Case) -> Iterator[tuple[datetime, Command]]:
        """How far the order that is out on a case, to somebody by name, has come by now."""
        if case.order is None or case.inspector is None:
            return
        for after, command in confirmations(Random(f"gallery {case.id}")):
            if case.order.sent_at + after <= self._at:
                yield case.order.sent_at + after, command

    def rows(self, cases: Iterable[Case]) -> tuple[InspectorRow, ...]:
        """Everybody, by name, with the orders that are out."""
        orders = Counter(case.inspector for case in cases if case.order is not None)
        return tuple(self._row(user, n, orders[user]) for n, user in enumerate(self._people, 1))

    def ranked(self, case: Case, cases: Iterable[Case]) -> tuple[InspectorRow, ...]:
        """The nearest on duty first, for the chooser."""
        near = [self._near(row, case) for row in self.rows(cases) if row.on_duty_since is not None]
        return tuple(sorted(near, key=lambda row: row.metres if row.metres is not None else 10**9))

    def _near(self, row: InspectorRow, case: Case) -> InspectorRow:
        metres, near = None, Reason.NO_POSITION
        if row.point is not None and case.point is not None and not row.stale:
            metres, near = round(metres_between(row.point, case.point)), Reason.NEAR
        reasons, proposed = (Reason.ON_DUTY, near), row.user != case.inspector
        return replace(row, metres=metres, reasons=reasons, proposed=proposed)

    def _row(self, user: UserId, number: int, orders: int) -> InspectorRow:
        dice, player = Random(f"gallery {user}"), self._people[user]
        on_duty = number % OFF != 0
        minutes = dice.randint(35, 90) if number % SILENT == 0 else dice.randint(0, 18)
        at = self._at - timedelta(minutes=minutes)
        point = self._walks.at.get(user)
        return InspectorRow(
            user=user,
            name=player.name,
            areas=player.grants[0].areas,
            grids=player.grants[0].grids,
            on_duty_since=self._at - timedelta(minutes=100) if on_duty else None,
            point=point if on_duty else None,
            at=at if on_duty else None,
            stale=on_duty and not is_fresh(at, self._at, self._rules.orders),
            open_orders=orders,
        )
