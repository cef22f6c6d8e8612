"""責任網格: in whose beat a place lies. Separate from the unit grid, since one inspector for three
unit grids did not fit the workload (the centre's report for 2008).
"""

from casework.rulebook import RuleBook
from casework.terms import AreaId, GridCode
from casework.territory import ResponsibilityGrid

_LENGTHS = (15, 12, 9)
"""Digits of a cell, a community and a street, most exact first."""


def responsibility_grid(
    rules: RuleBook, grid_code: GridCode | None, street: AreaId | None
) -> ResponsibilityGrid | None:
    """The responsibility grid that holds the longest beginning of a unit grid code, else the one
    that holds the whole street; None where nobody's beat reaches."""
    cells = rules.responsibility_cells
    starts = [(grid_code or "")[:length] for length in _LENGTHS]
    return next((cells[start] for start in (*starts, street or "") if start in cells), None)
