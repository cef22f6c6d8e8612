"""A city pack: files → `RuleBook`, with every mistake named by its file and place.

`resources/cities/<name>/` holds names and settings (`city.toml`), lists (CSV) and outlines
(GeoJSON). This module gets their bytes and reads no disk. docs/city-pack.md describes the format.
"""

from collections.abc import Mapping

from casework.pack.city import (
    CITY,
    CityFile,
    Lists,
    check_centres,
    check_kinds,
    read_city,
    rules_of,
)
from casework.pack.files import Mistakes, read_csv
from casework.pack.grids import read_responsibility_grids
from casework.pack.lists import (
    CALENDAR,
    CLASSES,
    COLUMNS,
    CONDITIONS,
    RESPONSIBILITY,
    RESPONSIBILITY_GRIDS,
    UNITS,
    Tables,
    read_classes,
    read_days,
    read_responsibilities,
    read_units,
)
from casework.pack.outlines import read_areas
from casework.pack.phrases import PHRASES, read_phrases
from casework.pack.places import PLACES, read_places
from casework.rulebook import RuleBook
from casework.terms import AreaId
from casework.territory import Area, AreaLevel

DISTRICTS = "districts.geojson"
STREETS = "streets.geojson"
SOURCES = "SOURCES.md"
"""For people: the licence and source of each file. Not read."""

NEEDED = (CITY, CLASSES, UNITS)
FILES = (
    *NEEDED,
    CONDITIONS,
    RESPONSIBILITY,
    CALENDAR,
    DISTRICTS,
    STREETS,
    PLACES,
    PHRASES,
    RESPONSIBILITY_GRIDS,
    SOURCES,
)


def read_pack(files: Mapping[str, bytes]) -> RuleBook:
    """The rule book that the files of a pack spell out.

    Raises:
        PackError: with every mistake of every file, in the order of `FILES`.
    """
    mistakes = Mistakes()
    _check_names(files, mistakes)
    city = read_city(files[CITY], mistakes) if CITY in files else None
    tables = {
        name: read_csv(name, files[name], columns, mistakes) if name in files else []
        for name, columns in COLUMNS.items()
    }
    lists = _lists(files, tables, city, mistakes)
    mistakes.stop()
    assert city is not None  # its absence is a mistake
    return rules_of(city, lists)


def _check_names(files: Mapping[str, bytes], mistakes: Mistakes) -> None:
    for name in NEEDED:
        if name not in files:
            mistakes.add(name, "", "pack.file_missing", "the pack needs this file")
    for name in sorted(set(files) - set(FILES)):
        sentence = f"the file is unknown; a pack holds {', '.join(FILES)}"
        mistakes.add(name, "", "pack.file_unknown", sentence)


def _lists(
    files: Mapping[str, bytes], tables: Tables, city: CityFile | None, mistakes: Mistakes
) -> Lists:
    areas = _areas(files, mistakes)
    if city is not None:
        check_centres(city, {area.id for area in areas}, mistakes)
        check_kinds(city, areas, mistakes)
    by_id = {area.id: area for area in areas}
    holidays, make_up_days = read_days(tables[CALENDAR], city)
    return Lists(
        classes=read_classes(tables[CLASSES], tables[CONDITIONS], city),
        units=read_units(tables[UNITS], by_id),
        responsibilities=read_responsibilities(tables, city, areas),
        areas=areas,
        responsibility_grids=read_responsibility_grids(
            tables[RESPONSIBILITY_GRIDS], {area.id: area for area in areas}
        ),
        holidays=holidays,
        make_up_days=make_up_days,
        places=read_places(tables[PLACES], by_id),
        phrases=read_phrases(tables[PHRASES]),
    )


def _areas(files: Mapping[str, bytes], mistakes: Mistakes) -> tuple[Area, ...]:
    """Districts, then streets. A parent is looked up only when the districts could be read."""
    before = len(mistakes.found)
    districts = _outlines(files, DISTRICTS, AreaLevel.DISTRICT, mistakes)
    known = None if len(mistakes.found) > before else {area.id for _, area in districts}
    streets = _outlines(files, STREETS, AreaLevel.STREET, mistakes)
    for number, street in streets:
        if known is not None and street.parent not in known:
            sentence = f"the street {street.id} lies in no known district: {street.parent!r}"
            mistakes.add(STREETS, f"feature {number}", "pack.area_unknown", sentence)
    seen: set[AreaId] = set()
    for file, areas in ((DISTRICTS, districts), (STREETS, streets)):
        for number, area in areas:
            if area.id in seen:
                sentence = f"the area {area.id} stands twice"
                mistakes.add(file, f"feature {number}", "pack.duplicate", sentence)
            seen.add(area.id)
    return tuple(area for _, area in (*districts, *streets))


def _outlines(
    files: Mapping[str, bytes], file: str, level: AreaLevel, mistakes: Mistakes
) -> list[tuple[int, Area]]:
    return read_areas(file, files[file], level, mistakes) if file in files else []
