"""What a typed place may mean, in words: figures and codes as read, landmarks, areas by name."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import msgspec
from msgspec import Struct

from casework.decider import Place
from casework.replies import EarlierAddress
from casework.rulebook import RuleBook
from casework.rules.gazetteer import find_places, folded
from casework.rules.place_text import ReadAs, Reading, read_place
from casework.rules.placing import Locator
from casework.rules.responsibility import responsibility_grid
from casework.terms import AreaId, ComponentId, Datum, GridCode, Point
from casework.territory import Area, AreaLevel, Landmark, LandmarkKind
from console.names import Names
from console.refusals import refusal
from console.wording import mark, tr
from widgets.candidate_field import Candidate

MOST_AREAS = 4
DATUMS: dict[Datum, str] = {
    Datum.WGS84: "WGS-84",
    Datum.CGCS2000: "CGCS2000",
    Datum.GCJ02: "GCJ-02",
    Datum.BD09: "BD-09",
}
LANDMARKS: dict[LandmarkKind, str] = {
    LandmarkKind.ROAD: mark("road"),
    LandmarkKind.PARK: mark("park"),
    LandmarkKind.STATION: mark("station"),
    LandmarkKind.SQUARE: mark("square"),
    LandmarkKind.BUILDING: mark("building"),
    LandmarkKind.MARKET: mark("market"),
    LandmarkKind.SCHOOL: mark("school"),
    LandmarkKind.HOSPITAL: mark("hospital"),
    LandmarkKind.WATER: mark("water"),
    LandmarkKind.PORT: mark("port"),
    LandmarkKind.VILLAGE: mark("village"),
}


class Chosen(Struct, frozen=True, kw_only=True):
    """A place that was taken: what a report will carry. `address` is the name it brings, if any;
    `read_as` names the system its figures were read in; `doubt` says why it is no place."""

    point: Point | None = None
    district: AreaId | None = None
    street: AreaId | None = None
    grid: GridCode | None = None
    address: str = ""
    read_as: str = ""
    component: ComponentId | None = None
    """The component of the register that stands there, if the report is about it."""
    doubt: str = ""


def whereabouts(place: Place, names: Names) -> str:
    """District · street · unit grid cell: what the server will find, before anything is sent."""
    parts = [names.area(place.district), names.area(place.street)]
    if place.grid:
        parts.append(tr("grid {code}", code=place.grid))
    return " · ".join(filter(None, parts)) or tr("no district known here")


def beat(chosen: Chosen, rules: RuleBook, names: Names) -> str:
    """責任網格 that the place falls into, in words; empty where nobody's beat reaches."""
    found = responsibility_grid(rules, chosen.grid, chosen.street)
    if found is None:
        return ""
    return tr("responsibility grid {name}", name=names.beat(found))


def chosen_at(point: Point, locator: Locator, address: str = "") -> Chosen:
    """The place at a point, or why it is none."""
    return _chosen(locator.place(point), point, address)


def _chosen(place: Place, point: Point | None, address: str = "") -> Chosen:
    return Chosen(
        point=point,
        district=place.district,
        street=place.street,
        grid=place.grid,
        address=address,
        doubt=place.doubt,
    )


class Offered(NamedTuple):
    """What stands below the typed text; `meant` is taken without a word: figures of one sound
    reading, or the doubt of those that have none. Words are only ever a guess."""

    rows: list[Candidate]
    meant: Chosen | None = None
    marks_first: bool = False


def candidates(
    text: str, rules: RuleBook, locator: Locator, names: Names, district: AreaId | None = None
) -> Offered:
    """What a typed place may mean; landmarks of `district` come first among equals."""
    readings = read_place(text, locator, rules.intake.typed_datum)
    if readings:
        rows = [_reading(each, names) for each in readings]
        first = readings[0]
        meant = first if first.is_sound and not first.exchanged else readings[-1]
        return Offered(rows, _taken(meant), first.is_sound)
    landmarks = find_places(text, rules.places, locator, district)
    rows = [_landmark(each, locator, names) for each in landmarks]
    rows += [_area(each, names) for each in _areas(text, rules)]
    return Offered(rows)


def earlier(found: Iterable[EarlierAddress], locator: Locator, names: Names) -> list[Candidate]:
    """Where earlier cases were, as candidates: each says which case knows it."""
    return [_earlier(each, locator, names) for each in found]


def _earlier(each: EarlierAddress, locator: Locator, names: Names) -> Candidate:
    """Its point counts by the outlines of today; without one, what the case was told."""
    if each.point is not None:
        chosen = chosen_at(each.point, locator, each.address)
    else:
        told = Place(district=each.district, street=each.street)
        chosen = _chosen(told, None, each.address)
    where = " · ".join(filter(None, (names.area(chosen.district), names.area(chosen.street))))
    number = each.case.partition("-")[2]
    detail = tr("earlier case {n} · {place}", n=number, place=where)
    return Candidate(each.address, detail, chosen, is_doubted=bool(chosen.doubt))


def _taken(reading: Reading) -> Chosen:
    chosen = _chosen(reading.place, reading.point)
    system = DATUMS[reading.datum] if reading.datum is not None else ""
    return msgspec.structs.replace(chosen, read_as=system)


def _reading(reading: Reading, names: Names) -> Candidate:
    place = reading.place
    detail = refusal(place.doubt) if place.doubt else whereabouts(place, names)
    return Candidate(
        text=_said(reading),
        detail=detail,
        value=_taken(reading),
        is_doubted=bool(place.doubt),
    )


def _said(reading: Reading) -> str:
    """How the figures were read, so that the person can see it and not only trust it."""
    match reading.as_:
        case ReadAs.DEGREES:
            said = f"{DATUMS[reading.datum or Datum.WGS84]}  {_pair(reading)}"
            return tr("exchanged: {reading}", reading=said) if reading.exchanged else said
        case ReadAs.METRES:
            return tr(
                "plane of {meridian}° E: north {north}, east {east}",
                meridian=reading.meridian,
                north=f"{reading.first:.0f}",
                east=f"{reading.second:.0f}",
            )
        case ReadAs.CELL:
            return tr("Unit grid {code}", code=reading.code)
        case ReadAs.AREA:
            return tr("Area code {code}", code=reading.code)


def _pair(reading: Reading) -> str:
    lat, lon = reading.first, reading.second
    north, east = "N" if lat >= 0 else "S", "E" if lon >= 0 else "W"
    return f"{abs(lat):.5f}°{north} {abs(lon):.5f}°{east}"


def _landmark(landmark: Landmark, locator: Locator, names: Names) -> Candidate:
    if landmark.point is not None:
        place = locator.place(landmark.point)
    else:
        above = locator.known.get(landmark.street) if landmark.street else None
        place = Place(district=above, street=landmark.street)
    kind = tr(LANDMARKS[landmark.kind])
    where = " · ".join(filter(None, (names.area(place.district), names.area(place.street))))
    name = names.landmark(landmark)
    return Candidate(name, f"{kind} · {where}", _chosen(place, landmark.point, name))


def _areas(text: str, rules: RuleBook) -> Iterator[Area]:
    """Streets and districts whose name has the text, or stands in it."""
    wanted = folded(text)
    found = 0
    for area in rules.areas:
        names = [folded(name) for name in (area.name, area.name_en) if name]
        if wanted and any(wanted in name or name in wanted for name in names):
            yield area
            found += 1
        if found >= MOST_AREAS:
            return


def _area(area: Area, names: Names) -> Candidate:
    if area.level is AreaLevel.DISTRICT:
        return Candidate(names.area(area.id), tr("district"), Chosen(district=area.id))
    detail = tr("street of {district}", district=names.area(area.parent))
    return Candidate(names.area(area.id), detail, Chosen(district=area.parent, street=area.id))
