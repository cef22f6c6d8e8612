"""A square city at Shenzhen's own place: two districts side by side, one street each."""

from casework.rulebook import RuleBook
from casework.rules.placing import Locator
from casework.scheme import WorkCalendar
from casework.terms import AreaId, Point, point
from casework.territory import Area, AreaLevel

SOUTH, NORTH, WEST, MIDDLE, EAST = 22.50, 22.60, 114.00, 114.08, 114.16
LEFT, RIGHT = AreaId("440304"), AreaId("440303")
LEFT_STREET, RIGHT_STREET = AreaId("440304001"), AreaId("440303001")
PLACEHOLDER = point(22.55, 114.05)


def _box(west: float, east: float) -> tuple[Point, ...]:
    corners = ((SOUTH, west), (SOUTH, east), (NORTH, east), (NORTH, west), (SOUTH, west))
    return tuple(point(*corner) for corner in corners)


def _areas() -> tuple[Area, ...]:
    halves = ((LEFT, LEFT_STREET, WEST, MIDDLE), (RIGHT, RIGHT_STREET, MIDDLE, EAST))
    districts = [
        Area(id=of, name=of, level=AreaLevel.DISTRICT, rings=(_box(west, east),))
        for of, _, west, east in halves
    ]
    streets = [
        Area(id=s, name=s, level=AreaLevel.STREET, parent=of, rings=(_box(west, east),))
        for of, s, west, east in halves
    ]
    return (*districts, *streets)


RULES = RuleBook(
    city="Square",
    code="square",
    calendar=WorkCalendar(time_zone="Asia/Shanghai", first_year=2008, last_year=2008),
    default_scheme="a",
    schemes=(),
    units=(),
    areas=_areas(),
    placeholder_points=(Point(0, 0), PLACEHOLDER),
)
LOCATOR = Locator(RULES)
