"""`responsibility_grids.csv`: the beats of inspectors, as beginnings of unit grid codes."""

import re
from collections.abc import Mapping, Sequence

from casework.pack.files import Row
from casework.terms import AreaId
from casework.territory import Area, AreaLevel, ResponsibilityGrid

_CELL = re.compile(r"[0-9]{9}([0-9]{3}){0,2}")
_STREET = 9


def read_responsibility_grids(
    rows: Sequence[Row], areas: Mapping[AreaId, Area]
) -> tuple[ResponsibilityGrid, ...]:
    """Responsibility grids in the order of the table; no cell belongs to two of them."""
    seen: set[tuple[str, ...]] = set()
    held: set[str] = set()
    read: list[ResponsibilityGrid] = []
    for row in rows:
        row.once(seen, "id")
        street = AreaId(row.text("street"))
        area = areas.get(street)
        if area is None or area.level is not AreaLevel.STREET:
            row.wrong("pack.area_unknown", f"no street has the id {street!r}")
        cells = tuple(row.needed("cells").split())
        for cell in cells:
            _check_cell(row, cell, street, held)
            held.add(cell)
        read.append(
            ResponsibilityGrid(
                id=row.code("id"),
                name=row.needed("name"),
                street=street,
                cells=cells,
                basis=row.basis(),
            )
        )
    return tuple(read)


def _check_cell(row: Row, cell: str, street: AreaId, held: set[str]) -> None:
    """A street with a code of its own (9 digits) keeps its grids within it."""
    if not _CELL.fullmatch(cell):
        sentence = f"{cell!r} begins no unit grid code: 9, 12 or 15 digits do"
        row.wrong("pack.cell_wrong", sentence)
    elif len(street) == _STREET and street.isdigit() and not cell.startswith(street):
        row.wrong("pack.cell_outside", f"{cell!r} lies outside the street {street}")
    elif cell in held:
        row.wrong("pack.duplicate", f"{cell!r} belongs to two responsibility grids")
