"""地名: landmarks of the rule book that a typed text may mean, the likeliest first. Pure.

Whole names come before beginnings, beginnings before parts, and a name that the text contains
(東門老街肯德基對面 contains 東門老街) last; among equals those of the caller's own district come
first, then the shorter name.
"""

import unicodedata
from collections.abc import Iterable, Iterator

from casework.rules.placing import Locator
from casework.terms import AreaId
from casework.territory import Landmark

MOST = 12
_SHORTEST_INSIDE = 2
"""Characters: a shorter name is in too many texts to mean anything."""
_WHOLE, _BEGINS, _PART, _INSIDE = range(4)


def folded(text: str) -> str:
    """A text as names are compared: width, case and spaces make no difference."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def find_places(
    text: str, places: Iterable[Landmark], locator: Locator, district: AreaId | None = None
) -> tuple[Landmark, ...]:
    """At most `MOST` landmarks that the text may mean."""
    wanted = folded(text)
    if not wanted:
        return ()
    found: list[tuple[tuple[int, bool, int, str], Landmark]] = []
    for each in places:
        match = min(_matches(wanted, each), default=None)
        if match is not None:
            elsewhere = district is not None and district_of(each, locator) != district
            found.append(((match, elsewhere, len(each.name), each.name), each))
    return tuple(each for _, each in sorted(found, key=lambda pair: pair[0])[:MOST])


def district_of(landmark: Landmark, locator: Locator) -> AreaId | None:
    """The district a landmark lies in: by its position, else by its street."""
    if landmark.point is not None:
        return locator.place(landmark.point).district
    return locator.known.get(landmark.street) if landmark.street else None


def _matches(wanted: str, landmark: Landmark) -> Iterator[int]:
    for name in map(folded, (landmark.name, landmark.name_en, *landmark.aliases)):
        if not name:
            continue
        if name == wanted:
            yield _WHOLE
        elif name.startswith(wanted):
            yield _BEGINS
        elif wanted in name:
            yield _PART
        elif len(name) >= _SHORTEST_INSIDE and name in wanted:
            yield _INSIDE
