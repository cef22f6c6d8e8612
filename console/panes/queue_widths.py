"""How wide the queue's words can be by a rule book, so that a street or a unit is not cut.

Pixels at 100 %, without a cell's padding unless it is said.
"""

from collections.abc import Iterable
from typing import NamedTuple

from PySide6.QtGui import QFontMetrics

from casework.rulebook import RuleBook
from casework.territory import AreaLevel
from console.names import Names
from widgets.theme import Theme

PADDING = 17
"""Of a cell, with its border."""
LONGEST_CLASS = 184
"""With its padding: a longer class gives way to the case's own deadline beside the clock."""
_BUT_ONE_IN = 20
"""Units with a longer name are cut: a few offices with a whole sentence for a name."""
_CLASS, _PLACE, _UNIT = (132, 260), (80, 230), (110, 215)
"""Least and most."""


class Widths(NamedTuple):
    """`name` has its padding; `place` is a district with its street, `street` that alone."""

    name: int
    place: int
    street: int
    unit: int


def widths(rules: RuleBook | None, names: Names, theme: Theme) -> Widths:
    """The widest words of each column; of the units, but for the longest few."""
    metrics = QFontMetrics(theme.font())

    def widest(words: Iterable[str], limits: tuple[int, int], more: int = 0, of: int = 1) -> int:
        found = sorted(map(metrics.horizontalAdvance, words)) or [0]
        least, most = limits
        wide = found[-1 - len(found) // of if of > 1 else -1]
        return min(max(round(wide * 100 / theme.scale) + more, least), most)

    classes = rules.scheme.classes if rules is not None else ()
    streets = [
        area
        for area in (rules.areas if rules is not None else ())
        if area.level is AreaLevel.STREET
    ]
    units = rules.units if rules is not None else ()
    return Widths(
        name=widest(map(names.class_of, classes), _CLASS, PADDING),
        place=widest(
            (f"{names.area(each.parent)} · {names.area(each.id)}" for each in streets), _PLACE
        ),
        street=widest((names.area(each.id) for each in streets), _PLACE),
        unit=widest((f"→ {names.unit(each.id)}" for each in units), _UNIT, of=_BUT_ONE_IN),
    )
