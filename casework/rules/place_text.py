"""What a typed text may say of a place: coordinates, plane metres, a grid code; else it is words.

A call taker pastes what a caller or a map gives. One text may have several readings, for figures
alone do not tell their system: each reading names the one it was read in, the rule book's
`typed_datum` first, and the person chooses. A reading that cannot be a place keeps its doubt, so
that it is said and not silently passed over. Words are looked up in `gazetteer`.
"""

import re
import unicodedata
from collections.abc import Iterator
from enum import StrEnum

from msgspec import Struct

from casework.decider import Place
from casework.rules.datum import to_wgs84
from casework.rules.place_codes import read_code
from casework.rules.placing import Locator
from casework.rules.plane_text import read_metres
from casework.terms import Datum, Point, point

LONGEST = 120
"""Characters; whatever is longer is an address in words."""
_MARKS = {"n": "lat", "s": "lat", "e": "lon", "w": "lon"}
_WORDS = (
    ("北纬|北緯", "n"),
    ("南纬|南緯", "s"),
    ("东经|東經", "e"),
    ("西经|西經", "w"),
    ("纬度|緯度|latitude|lat", "n"),
    ("经度|經度|longitude|long|lon|lng", "e"),
    ("度", "°"),
    ("分|['’`´]", "′"),
    ('秒|["”]|′′', "″"),
    ("[,;，；、/|]", " "),
)
_DATUMS = (
    (re.compile(r"\b(?:wgs[\s_-]*84|gps)\b"), Datum.WGS84),
    (re.compile(r"\bcgcs[\s_-]*2000\b|[国國]家2000|2000[国國]家"), Datum.CGCS2000),
    (re.compile(r"\bgcj[\s_-]*0?2\b|火星|高德|[腾騰][讯訊]|amap"), Datum.GCJ02),
    (re.compile(r"\bbd[\s_-]*0?9\b|百度"), Datum.BD09),
)
_NOISE = re.compile(r"坐标|坐標|[:=()]")
_NUMBER = r"[+-]?\d{1,3}(?:\.\d{1,12})?"
_DEGREES = rf"(?:{_NUMBER})(?:\s*°(?:\s*\d{{1,2}}(?:\.\d+)?\s*′(?:\s*\d{{1,2}}(?:\.\d+)?\s*″?)?)?)?"
_ANGLE = rf"(?:[nsew]\s*{_DEGREES}|{_DEGREES}\s*[nsew]|{_DEGREES})"
_PAIR = re.compile(rf"\s*({_ANGLE})(?:\s+|(?<=[nsew°′″])|(?=[nsew]))({_ANGLE})\s*")
_PARTS = re.compile(r"[+-]?\d+(?:\.\d+)?")


class ReadAs(StrEnum):
    """What kind of thing the text was taken for."""

    DEGREES = "degrees"  # latitude and longitude
    METRES = "metres"  # Gauss–Krüger plane
    CELL = "cell"  # 單元網格 code
    AREA = "area"  # code of a district, street or community


class Reading(Struct, frozen=True, kw_only=True):
    """One way to read a text. `first`, `second` are latitude and longitude as typed in `datum`
    (degrees), or north and east in metres of the zone of `meridian`. `exchanged`: the text had
    them the other way round than its own marks say."""

    as_: ReadAs
    point: Point | None = None
    place: Place = Place()
    """Where it lies; `place.doubt` says why it cannot be taken."""
    datum: Datum | None = None
    meridian: int = 0
    first: float = 0.0
    second: float = 0.0
    code: str = ""
    """The code that was typed, digits only."""
    exchanged: bool = False

    @property
    def is_sound(self) -> bool:
        """Whether it can be taken as a place."""
        return not self.place.doubt


def read_place(text: str, locator: Locator, typed: Datum = Datum.WGS84) -> tuple[Reading, ...]:
    """The readings of a typed text, the likeliest first; none for words.

    `typed` is the system that figures without a word for it are first read in.
    """
    if len(text) > LONGEST:
        return ()
    plain, datum = _plain(text)
    figures = [*_degrees(plain, datum, typed, locator), *_metres(plain, datum, locator)]
    readings = figures or list(_codes(text, locator))
    sound = [each for each in readings if each.is_sound]
    doubts: dict[str, Reading] = {}
    for each in readings:
        if not each.is_sound:
            doubts.setdefault(each.place.doubt, each)
    return (*sound, *doubts.values())


def _plain(text: str) -> tuple[str, Datum | None]:
    """The text with its marks made one kind, and the system that it names."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    named = None
    for pattern, datum in _DATUMS:
        if pattern.search(plain):
            plain, named = pattern.sub(" ", plain), datum
            break
    for word, mark in _WORDS:
        plain = re.sub(word, mark, plain)
    return _NOISE.sub(" ", plain).strip(), named


# --- degrees --------------------------------------------------------------------------------------


def _degrees(plain: str, named: Datum | None, typed: Datum, locator: Locator) -> Iterator[Reading]:
    found = _PAIR.fullmatch(plain)
    angles = [_angle(found[group]) for group in (1, 2)] if found else []
    if not found or None in angles:
        return
    (one, one_axis), (other, other_axis) = (angle for angle in angles if angle is not None)
    if one_axis and one_axis == other_axis:
        return
    if one_axis == "lon" or other_axis == "lat":
        one, other = other, one
    is_marked = bool(one_axis or other_axis)
    systems = (named,) if named else (typed, *(d for d in _TOLD_APART if d is not typed))
    if not is_marked and not _may_be(one, other):
        one, other = other, one
    for datum in systems:
        first = _reading(one, other, datum, locator)
        turned = _reading(other, one, datum, locator, exchanged=is_marked)
        yield first
        if not first.is_sound and turned.is_sound:
            yield turned


_TOLD_APART = (Datum.WGS84, Datum.GCJ02, Datum.BD09)
"""CGCS2000 is taken as WGS-84: it needs no choice."""


def _reading(
    lat: float, lon: float, datum: Datum, locator: Locator, *, exchanged: bool = False
) -> Reading:
    """Placeholders are compared as they were typed, too: a record's «unknown» has no system."""
    place, at = locator.place(point(lat, lon)), point(lat, lon)
    if place.doubt not in _AS_TYPED:
        at = point(*to_wgs84(lat, lon, datum))
        place = locator.place(at)
    return Reading(
        as_=ReadAs.DEGREES,
        point=at,
        place=place,
        datum=datum,
        first=lat,
        second=lon,
        exchanged=exchanged,
    )


_AS_TYPED = ("place.zero", "place.placeholder", "place.impossible")


def _may_be(lat: float, lon: float) -> bool:
    return abs(lat) <= 90 and abs(lon) <= 180  # noqa: PLR2004 the ends of the earth


def _angle(text: str) -> tuple[float, str] | None:
    """Degrees with their sign, and the axis that a mark names; None beyond 60 minutes."""
    mark = next((letter for letter in text if letter in _MARKS), "")
    parts = [*map(float, _PARTS.findall(text)), 0.0, 0.0]
    degrees, minutes, seconds = parts[:3]
    if minutes >= 60 or seconds >= 60:  # noqa: PLR2004 a degree has 60 minutes of 60 seconds
        return None
    size = abs(degrees) + minutes / 60 + seconds / 3600
    below = text.strip("nsew ").startswith("-") != (mark in ("s", "w"))
    return (-size if below else size), _MARKS.get(mark, "")


# --- metres and codes -----------------------------------------------------------------------------


def _metres(plain: str, named: Datum | None, locator: Locator) -> Iterator[Reading]:
    if named not in (None, Datum.CGCS2000, Datum.WGS84):
        return  # a shifted system has no such plane
    for north, east, meridian, at in read_metres(plain, locator.meridian):
        yield Reading(
            as_=ReadAs.METRES,
            point=at,
            place=locator.place(at),
            datum=Datum.CGCS2000,
            meridian=meridian,
            first=north,
            second=east,
        )


def _codes(text: str, locator: Locator) -> Iterator[Reading]:
    found = read_code(text, locator)
    if found is not None:
        kind = ReadAs.CELL if found.is_cell else ReadAs.AREA
        yield Reading(as_=kind, point=found.point, place=found.place, code=found.code)
