"""Where a point lies, by one rule for the server that decides and the desk that shows it before.

A `Locator` is made once for a rule book: making the outlines and lattices costs some milliseconds,
asking them microseconds.
"""

from casework.decider import Place
from casework.rulebook import RuleBook
from casework.rules.geo import AreaIndex, area_index, locate, suspicious
from casework.rules.grid import UnitGrid, grid_cell, unit_grids
from casework.terms import AreaId, Point


class Locator:
    """The outlines, lattices and placeholder points of one rule book. Holds no state that moves."""

    def __init__(self, rules: RuleBook) -> None:
        self.areas: AreaIndex = area_index(rules.areas)
        self.grids: dict[AreaId, UnitGrid] = unit_grids(rules.areas, rules.central_meridian)
        self.known: dict[AreaId, AreaId | None] = {area.id: area.parent for area in rules.areas}
        """Every area of the rule book, with the one above it."""
        self.meridian = rules.central_meridian
        self._placeholders = rules.placeholder_points

    def place(self, point: Point | None) -> Place:
        """District, street and unit grid cell of a point, or in `doubt` why it is no place.

        The codes of doubt are those of `geo.suspicious`. No point is an empty place, no doubt.
        """
        if point is None:
            return Place()
        doubt = suspicious(point, self.areas, self._placeholders)
        if doubt is not None:
            return Place(doubt=doubt)
        district, street = locate(self.areas, point)
        grid = self.grids.get(street) if street else None
        return Place(
            district=district, street=street, grid=grid_cell(grid, point) if grid else None
        )
