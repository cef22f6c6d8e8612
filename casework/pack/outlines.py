"""Outlines of areas: GeoJSON (RFC 7946, WGS-84) ↔ `Area`s.

The rings of an area are one flat tuple. Their sense of turning keeps what GeoJSON nests: an outer
ring runs counter-clockwise, each hole clockwise behind its outer ring, as RFC 7946 asks; files
that turn otherwise are read and set right.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from casework.pack.files import AREA_CODE, Mistakes, decode_text, mark_wrong
from casework.terms import E7, AreaId, Point, point
from casework.territory import Area, AreaKind, AreaLevel

Ring = tuple[Point, ...]

_KEYS = {
    AreaLevel.DISTRICT: ("id", "name", "name_en", "group", "kind", "invented", "basis"),
    AreaLevel.STREET: ("id", "name", "name_en", "parent", "kind", "invented", "basis"),
}
_LINE = re.compile(r"line (\d+)")
_TRIANGLE = 4
"""Positions of the smallest closed ring."""
_NORTH, _EAST = 90, 180
"""Degrees: no position lies beyond."""


def read_areas(
    file: str, data: bytes, level: AreaLevel, mistakes: Mistakes
) -> list[tuple[int, Area]]:
    """The areas of one level with their feature numbers; those with a mistake are left out. A
    geometry of null is an area without an outline."""
    text = decode_text(file, data, mistakes)
    tree = None if text is None else _tree(file, text, mistakes)
    if tree is None:
        return []
    features = tree.get("features") if isinstance(tree, dict) else None
    if not isinstance(features, list):
        mistakes.add(file, "", "pack.not_geojson", "the file is no GeoJSON FeatureCollection")
        return []
    areas: list[tuple[int, Area]] = []
    for number, feature in enumerate(features, 1):
        area = _area(_Feature(file, number, mistakes), feature, level)
        if area is not None:
            areas.append((number, area))
    return areas


def _tree(file: str, text: str, mistakes: Mistakes) -> object:
    try:
        return json.loads(text, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        place, sentence = f"line {error.lineno}", f"not readable as JSON: {error.msg}"
    except (ValueError, RecursionError) as error:
        place, sentence = "", f"not readable as JSON: {error}"
    mistakes.add(file, place, "pack.syntax", sentence)
    return None


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is no number")


class _Feature:
    """The place of one feature and what is wrong with it."""

    def __init__(self, file: str, number: int, mistakes: Mistakes) -> None:
        self._file = file
        self._number = number
        self._mistakes = mistakes
        self.failed = False

    def wrong(self, code: str, sentence: str) -> None:
        self.failed = True
        self._mistakes.add(self._file, f"feature {self._number}", code, sentence)


def _area(feature: _Feature, tree: object, level: AreaLevel) -> Area | None:
    if not isinstance(tree, dict) or not isinstance(tree.get("properties"), dict):
        feature.wrong("pack.not_geojson", "this is no GeoJSON Feature with properties")
        return None
    words = _properties(feature, tree["properties"], level)
    rings = _rings(feature, tree.get("geometry"))
    if feature.failed:
        return None
    return Area(
        id=AreaId(words["id"]),
        name=words["name"],
        name_en=words.get("name_en", ""),
        level=level,
        parent=AreaId(words["parent"]) if "parent" in words else None,
        group=words.get("group", ""),
        kind=AreaKind(words["kind"]) if "kind" in words else None,
        rings=rings,
        invented=tree["properties"].get("invented", False),
        basis=words["basis"],
    )


def _properties(feature: _Feature, tree: Mapping[str, object], level: AreaLevel) -> dict[str, str]:
    keys = _KEYS[level]
    needed = ["id", "name", "basis"] + (["parent"] if level is AreaLevel.STREET else [])
    words = {name: value for name, value in tree.items() if isinstance(value, str)}
    for name, value in tree.items():
        if name not in keys:
            sentence = f"the property {name!r} is unknown; they are {', '.join(keys)}"
            feature.wrong("pack.key_unknown", sentence)
        elif not isinstance(value, bool if name == "invented" else str):
            feature.wrong("pack.value_wrong", f"the property {name!r} holds {value!r}")
    for name in needed:
        if not words.get(name):
            feature.wrong("pack.key_missing", f"the property {name!r} is missing")
    _check_words(feature, words)
    return words


def _check_words(feature: _Feature, words: Mapping[str, str]) -> None:
    if not AREA_CODE.fullmatch(words.get("id", "0")):
        sentence = f"the id {words['id']!r} is not a code of small letters and digits"
        feature.wrong("pack.code_wrong", sentence)
    if words.get("kind", AreaKind.CITY) not in tuple(AreaKind):
        sentence = f"the kind {words['kind']!r} is none of {', '.join(AreaKind)}"
        feature.wrong("pack.value_wrong", sentence)
    if sentence := mark_wrong(words.get("basis", "assumed")):
        feature.wrong("pack.basis_wrong", sentence)


def _rings(feature: _Feature, geometry: object) -> tuple[Ring, ...]:
    if geometry is None:
        return ()
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if not isinstance(geometry, dict) or kind not in ("Polygon", "MultiPolygon"):
        feature.wrong("pack.geometry_kind", f"the geometry is {kind!r}, not a (Multi)Polygon")
        return ()
    coordinates = geometry.get("coordinates")
    polygons = [coordinates] if kind == "Polygon" else coordinates
    rings: list[Ring] = []
    if not isinstance(polygons, list) or not all(isinstance(each, list) for each in polygons):
        feature.wrong("pack.geometry_wrong", "the coordinates are not nested as polygons are")
        return ()
    for polygon in polygons:
        for order, positions in enumerate(polygon):
            ring = _ring(feature, positions)
            if ring:
                rings.append(_turned(ring, outer=order == 0))
    return tuple(rings)


def _ring(feature: _Feature, positions: object) -> Ring:
    if not isinstance(positions, list) or len(positions) < _TRIANGLE:
        feature.wrong("pack.ring_short", "a ring has fewer than four positions")
        return ()
    for position in positions:
        if not _is_position(position):
            sentence = f"{position!r} is no [longitude, latitude] within ±180, ±90 degrees"
            feature.wrong("pack.position_wrong", sentence)
            return ()
    ring = tuple(point(lat, lon) for lon, lat, *_ in positions)
    if ring[0] != ring[-1]:
        feature.wrong("pack.ring_open", "a ring does not end where it begins")
    elif _doubled_area(ring) == 0:
        feature.wrong("pack.ring_flat", "a ring encloses nothing")
    return ring


def _is_position(position: object) -> bool:
    match position:
        case [int() | float() as lon, int() | float() as lat, *_]:
            return abs(lon) <= _EAST and abs(lat) <= _NORTH
    return False


def _doubled_area(ring: Ring) -> int:
    """Twice the signed area in square units of 1e-7 degree; above zero: counter-clockwise."""
    return sum(a.lon * b.lat - b.lon * a.lat for a, b in pairwise(ring))


def _turned(ring: Ring, *, outer: bool) -> Ring:
    return ring if (_doubled_area(ring) > 0) == outer else ring[::-1]


def write_areas(areas: Iterable[Area]) -> bytes:
    """A FeatureCollection with one feature a line, so that a change shows as one line."""
    features = ",\n".join(
        json.dumps(_feature(area), ensure_ascii=False, separators=(",", ":")) for area in areas
    )
    return f'{{"type":"FeatureCollection","features":[\n{features}\n]}}\n'.encode()


def _feature(area: Area) -> dict[str, object]:
    words = {name: getattr(area, name) for name in _KEYS[area.level]}
    kept = {name: value for name, value in words.items() if value not in ("", None, False)}
    return {"type": "Feature", "properties": kept, "geometry": _geometry(area.rings)}


def _geometry(rings: Sequence[Ring]) -> dict[str, object] | None:
    polygons: list[list[list[list[float]]]] = []
    for ring in rings:
        positions = [[each.lon / E7, each.lat / E7] for each in ring]
        if _doubled_area(ring) > 0 or not polygons:
            polygons.append([positions])
        else:
            polygons[-1].append(positions)
    return {"type": "MultiPolygon", "coordinates": polygons} if polygons else None
