"""Invented components of the practice city, along invented streets, the same for ever.

Where things stand is ours: a few straight stretches in each street area with covers, lamps, bins
and trees along them. Every entry is marked invented.
"""

from collections import Counter
from collections.abc import Iterator
from itertools import accumulate
from math import cos, pi, sin
from random import Random
from typing import NamedTuple

from casework.procedures.component import RegisterComponent
from casework.rulebook import RuleBook
from casework.rules import classification, geo
from casework.rules.component_id import component_id
from casework.rules.projection import to_globe, to_plane
from casework.terms import AreaId, ComponentId, ComponentState, Kind, Point, point
from casework.territory import Area, AreaLevel

BASIS = "invented: practice"
STRETCHES, LENGTH, STEP, BESIDE = 5, 320, 16, 7
"""Stretches in a street area; their length, the distance between two things, and how far these
stand from the middle of the road, in metres."""

COMMON = {
    "0402": 26, "0118": 22, "0305": 12, "0103": 9, "0104": 9, "0102": 7, "0101": 4, "0107": 4,
    "0106": 3, "0105": 2, "0209": 6, "0211": 4, "0213": 3, "0113": 3, "0117": 3, "0203": 2,
    "0210": 2, "0404": 2, "0407": 2, "0408": 2, "0115": 2, "0121": 1, "0123": 1, "0307": 4,
    "0501": 1, "0126": 1, "0301": 1, "2126": 1,
}  # fmt: skip
"""Parts of a class by its code; one not named here has 0."""
STATES = {
    ComponentState.INTACT: 940,
    ComponentState.DAMAGED: 36,
    ComponentState.MISSING: 12,
    ComponentState.ABANDONED: 12,
}


class Placed(NamedTuple):
    """An invented component with the street area that it stands in."""

    street: AreaId
    code: str
    command: RegisterComponent

    @property
    def id(self) -> ComponentId:
        """部件標識碼."""
        return self.command.id


def components(rules: RuleBook, seed: int = 2008) -> Iterator[Placed]:
    """All of them, street by street. A city without outlines or such classes has none."""
    codes = [code for code in COMMON if rules.case_class(Kind.COMPONENT, code) is not None]
    weights = list(accumulate(COMMON[code] for code in codes))
    shapes = {shape.id: shape for shape in geo.area_index(rules.areas).streets}
    orders: Counter[tuple[AreaId, str]] = Counter()
    for area in rules.areas:
        shape = shapes.get(area.id)
        if shape is None or area.level is not AreaLevel.STREET or area.parent is None or not codes:
            continue
        dice = Random(f"{seed} components {area.id}")
        for at in _places(dice, shape, rules.central_meridian):
            code = dice.choices(codes, cum_weights=weights)[0]
            orders[area.parent, code] += 1
            id = component_id(area.parent, code, orders[area.parent, code])
            yield Placed(area.id, code, _registering(dice, rules, area, ComponentId(id), at))


def _registering(
    dice: Random, rules: RuleBook, area: Area, id: ComponentId, at: Point
) -> RegisterComponent:
    code = id[6:-6]
    answers = classification.responsible(rules, Kind.COMPONENT, code, area.parent, area.id)
    state = dice.choices(tuple(STATES), tuple(STATES.values()))[0]
    unit = answers.lead or ""
    return RegisterComponent(id=id, point=at, owner=unit, maintainer=unit, state=state, basis=BASIS)


def _places(dice: Random, shape: geo.Shape, meridian: int) -> Iterator[Point]:
    """Points along straight stretches inside a street area, on both sides by turns."""
    box = shape.box
    for _ in range(STRETCHES):
        start = Point(dice.randint(box.south, box.north), dice.randint(box.west, box.east))
        while not shape.holds(start):
            start = Point(dice.randint(box.south, box.north), dice.randint(box.west, box.east))
        turn = dice.uniform(0, pi)
        east, north = to_plane(*start.degrees, meridian)
        for number in range(LENGTH // STEP):
            along = number * STEP + dice.uniform(-3, 3)
            aside = BESIDE if number % 2 else -BESIDE
            x = east + along * cos(turn) - aside * sin(turn)
            y = north + along * sin(turn) + aside * cos(turn)
            at = point(*to_globe(x, y, meridian))
            if shape.holds(at):
                yield at
