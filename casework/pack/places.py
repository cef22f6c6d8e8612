"""`places.csv`: the gazetteer of a city pack, names that callers use and where they are."""

from collections.abc import Mapping, Sequence

from casework.pack.files import Row
from casework.terms import E7, AreaId, Point, point
from casework.territory import Area, AreaLevel, Landmark, LandmarkKind

PLACES = "places.csv"
PLACES_HEAD = "name name_en aliases lat lon kind street basis"
_BETWEEN = ";"
"""Stands between aliases: names hold commas and spaces."""
_NORTHMOST, _EASTMOST = 90, 180


def read_places(rows: Sequence[Row], areas: Mapping[AreaId, Area]) -> tuple[Landmark, ...]:
    """Landmarks in the order of the table; each has a position, a street, or both."""
    seen: set[tuple[str, ...]] = set()
    return tuple(_landmark(row, areas, seen) for row in rows)


def _landmark(row: Row, areas: Mapping[AreaId, Area], seen: set[tuple[str, ...]]) -> Landmark:
    row.once(seen, "name", "street")
    street, at = AreaId(row.text("street")), _point(row)
    if street and (street not in areas or areas[street].level is not AreaLevel.STREET):
        row.wrong("pack.area_unknown", f"no street has the id {street!r}")
    if not street and at is None:
        row.wrong("pack.place_nowhere", "a place needs a position or a street")
    names = (each.strip() for each in row.text("aliases").split(_BETWEEN))
    return Landmark(
        name=row.needed("name"),
        name_en=row.text("name_en"),
        aliases=tuple(each for each in names if each),
        point=at,
        kind=row.choice("kind", LandmarkKind),
        street=street or None,
        basis=row.basis(),
    )


def _point(row: Row) -> Point | None:
    lat, lon = row.text("lat"), row.text("lon")
    if not lat and not lon:
        return None
    try:
        at = float(lat), float(lon)
    except ValueError:
        at = None
    if at is None or not (abs(at[0]) <= _NORTHMOST and abs(at[1]) <= _EASTMOST):
        row.wrong("pack.position_wrong", f"{lat!r}, {lon!r} is no latitude and longitude")
        return None
    return point(*at)


def place_cells(each: Landmark) -> tuple[str, ...]:
    """A landmark's line, as `read_places` reads it."""
    at = each.point
    where = ("", "") if at is None else (_degrees(at.lat), _degrees(at.lon))
    aliases = _BETWEEN.join(each.aliases)
    return each.name, each.name_en, aliases, *where, each.kind, each.street or "", each.basis


def _degrees(e7: int) -> str:
    return f"{e7 / E7:.7f}".rstrip("0").rstrip(".")
