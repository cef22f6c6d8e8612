"""Who answers where: units and what they are responsible for, areas, centres, responsibility grids
and landmarks. Lists of a city pack (`casework.pack`)."""

from enum import StrEnum

from msgspec import Struct

from casework.terms import AreaId, CentreId, Kind, Point, UnitId


class UnitLevel(StrEnum):
    """Who stands above a unit: the city, or an area's own teams."""

    CITY = "city"
    AREA = "area"


class Unit(Struct, frozen=True, kw_only=True):
    """責任單位. An AREA unit is one team of one area (`street_team@440303001`)."""

    id: UnitId
    name: str
    name_en: str = ""
    trade: str = ""
    level: UnitLevel = UnitLevel.CITY
    area: AreaId | None = None
    parent: UnitId | None = None
    """The unit above: it may pass its assignment down to this one (區 → 街道處置中心 → 執法隊)."""
    basis: str = "assumed"


class Responsibility(Struct, frozen=True, kw_only=True):
    """Who answers for a class: `lead` and `joint` are unit ids or team names (`street_team`)
    that stand for the team of the case's own area."""

    kind: Kind
    code: str
    lead: str | None = None
    joint: tuple[str, ...] = ()
    note: str = ""
    basis: str = "assumed"


class AreaLevel(StrEnum):
    """Level of an area: a case belongs to one district and at most one street."""

    DISTRICT = "district"
    STREET = "street"


class AreaKind(StrEnum):
    """What the ways in an area are like: some link limits differ (domain.md 2.7)."""

    CITY = "city"  # 城區
    COUNTRYSIDE = "countryside"  # 鄉村


class Area(Struct, frozen=True, kw_only=True):
    """A district or a street. `rings` are closed outlines in WGS-84, even-odd filled.

    `group` is the report's 特區內 (`inside`) or 特區外 (`outside`). `kind`: a street without one
    is as its district. `invented` marks outlines that are ours, to be replaced by the site's own
    GeoJSON.
    """

    id: AreaId
    name: str
    name_en: str = ""
    level: AreaLevel
    parent: AreaId | None = None
    group: str = ""
    kind: AreaKind | None = None
    rings: tuple[tuple[Point, ...], ...] = ()
    invented: bool = False
    basis: str = "assumed"


class Centre(Struct, frozen=True, kw_only=True):
    """監督指揮中心: one centre that takes and dispatches cases. `area` is the district it works
    for; the city's own centre has none."""

    id: CentreId
    name: str
    name_en: str = ""
    area: AreaId | None = None


class ResponsibilityGrid(Struct, frozen=True, kw_only=True):
    """責任網格: the beat of one inspector, formed by workload and separate from the unit grid.

    `cells` are beginnings of unit grid codes: 9 digits (a whole street), 12 (a community) or 15
    (one cell). The longest that a code begins with wins (`rules.responsibility`).
    """

    id: str
    name: str
    street: AreaId
    cells: tuple[str, ...]
    basis: str = "assumed"


class LandmarkKind(StrEnum):
    """What stands behind a name of the gazetteer."""

    ROAD = "road"
    PARK = "park"
    STATION = "station"
    SQUARE = "square"
    BUILDING = "building"
    MARKET = "market"
    SCHOOL = "school"
    HOSPITAL = "hospital"
    WATER = "water"
    PORT = "port"
    VILLAGE = "village"


class Landmark(Struct, frozen=True, kw_only=True):
    """地標: a name that callers use for a place. One without a point names its street only."""

    name: str
    name_en: str = ""
    aliases: tuple[str, ...] = ()
    point: Point | None = None
    kind: LandmarkKind
    street: AreaId | None = None
    basis: str = "assumed"
