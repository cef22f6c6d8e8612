"""Codes of places as people type them: a unit grid cell, or the area that a shorter code names.

15 digits (14 in old data) are a cell, 12 a community, 9 a street, 6 a district (domain.md 4).
"""

import unicodedata
from typing import NamedTuple

from casework.decider import Place
from casework.rules.geo import middle
from casework.rules.grid import cell_outline
from casework.rules.placing import Locator
from casework.terms import AreaId, GridCode, Point

_CELL, _AREA = (14, 15), (6, 9, 12)
_DISTRICT, _STREET = 6, 9
UNKNOWN = "place.unknown_code"


class Code(NamedTuple):
    """A typed code and where it lies; a cell that is computed here has its middle as point."""

    code: str
    is_cell: bool
    place: Place
    point: Point | None


def read_code(text: str, locator: Locator) -> Code | None:
    """The code that a text of digits (spaces apart) is, or None.

    `place.unknown_code` is the doubt of a code whose district or street the rule book lacks.
    """
    digits = "".join(unicodedata.normalize("NFKC", text).split())
    if not (digits.isascii() and digits.isdigit() and len(digits) in _CELL + _AREA):
        return None
    is_cell = len(digits) in _CELL
    place = _area(digits, locator)
    if place.doubt or not is_cell:
        return Code(digits, is_cell, place, None)
    code = GridCode(digits)
    at = _middle(code, locator)
    inside = locator.place(at)
    if at is not None and (inside.street, inside.grid) == (place.street, code):
        return Code(digits, is_cell, inside, at)
    named = Place(district=place.district, street=place.street, grid=code)
    return Code(digits, is_cell, named, None)


def _area(digits: str, locator: Locator) -> Place:
    district, street = AreaId(digits[:_DISTRICT]), AreaId(digits[:_STREET])
    if len(digits) == _DISTRICT:
        return Place(district=district) if district in locator.known else Place(doubt=UNKNOWN)
    if street not in locator.known:
        return Place(doubt=UNKNOWN)
    return Place(district=locator.known[street], street=street)


def _middle(code: GridCode, locator: Locator) -> Point | None:
    outline = cell_outline(code, locator.grids)
    return middle(outline) if outline is not None else None
