"""The practice city's inspectors: named people with beats, on duty, going about.

They are ours: the report counts none by name. The same rule book gives the same people for ever.
"""

from collections.abc import Iterable
from random import Random

from casework.decider import Grant
from casework.rulebook import RuleBook
from casework.rules.geo import Shape
from casework.rules.placing import Locator
from casework.rules.responsibility import responsibility_grid
from casework.terms import AreaId, Point, Role, UserId
from casework.territory import ResponsibilityGrid
from drill.troupe import Player

INSPECTORS = 60
"""Ours: on duty at a time."""
TRIES = 400
STEP = 40_000
"""How far somebody goes between two reports at most, in 1e-7 degree: some 400 m."""


def inspectors(rules: RuleBook, many: int = INSPECTORS) -> list[Player]:
    """People for all responsibility grids, neighbours together; none where a city has no grids."""
    grids = sorted(rules.responsibility_grids, key=lambda grid: (grid.street, grid.id))
    many = min(many, len(grids))
    beats = [grids[len(grids) * n // many : len(grids) * (n + 1) // many] for n in range(many)]
    return [_player(number, beat, rules) for number, beat in enumerate(beats, 1)]


def _player(number: int, beat: list[ResponsibilityGrid], rules: RuleBook) -> Player:
    grant = Grant(
        role=Role.INSPECTOR,
        areas=tuple(dict.fromkeys(_district(grid.street, rules) for grid in beat)),
        grids=tuple(grid.id for grid in beat),
    )
    return Player(UserId(f"inspector.{number:03}"), f"演练监督员-{number:03}", (grant,))


def _district(street: AreaId, rules: RuleBook) -> AreaId:
    area = rules.area(street)
    return area.parent if area is not None and area.parent is not None else street


class Beats:
    """Where inspectors of one rule book go about."""

    def __init__(self, rules: RuleBook) -> None:
        self._rules = rules
        self._locator = Locator(rules)
        self._shapes = {shape.id: shape for shape in self._locator.areas.streets}

    def somewhere(self, player: Player, dice: Random) -> Point | None:
        """A place in the beat; None where the rule book has no outline of it."""
        (grant,) = player.grants
        if not grant.grids:
            return None
        grid = self._rules.responsibility_grid(dice.choice(grant.grids))
        shape = self._shapes.get(grid.street) if grid is not None else None
        if shape is None or grid is None:
            return None
        return next((at for at in _points(shape, dice) if self._in(grid, at)), None)

    def onwards(self, at: Point, dice: Random) -> Point:
        """A little further, and still in the city; else on the spot."""
        there = Point(at.lat + dice.randint(-STEP, STEP), at.lon + dice.randint(-STEP, STEP))
        return at if self._locator.place(there).doubt else there

    def _in(self, grid: ResponsibilityGrid, at: Point) -> bool:
        place = self._locator.place(at)
        return responsibility_grid(self._rules, place.grid, place.street) == grid


class Walks:
    """Where each of some inspectors is: first somewhere in the beat, then a little further."""

    def __init__(self, rules: RuleBook, players: Iterable[Player]) -> None:
        self._beats = Beats(rules)
        self._players = {each.user: each for each in players}
        self.at: dict[UserId, Point] = {}

    def onwards(self, user: UserId, dice: Random) -> Point | None:
        """The next place; None where the rule book has no outline of the beat."""
        before = self.at.get(user)
        if before is None:
            there = self._beats.somewhere(self._players[user], dice)
        else:
            there = self._beats.onwards(before, dice)
        if there is not None:
            self.at[user] = there
        return there


def _points(shape: Shape, dice: Random) -> list[Point]:
    box = shape.box
    drawn = (
        Point(dice.randint(box.south, box.north), dice.randint(box.west, box.east))
        for _ in range(TRIES)
    )
    return [at for at in drawn if shape.holds(at)]
