"""A site's list of components, row by row: a row and a mapping → an entry, or why it is refused.

A mapping is one small TOML file: what the site's columns are called, in which coordinates it
writes positions and how it calls the states. Columns that the mapping leaves out say nothing, so
that a list of states alone changes nothing else.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from casework.pack.city import Text
from casework.pack.files import Mistakes, read_toml
from casework.pack.records import BadRow, numbered_rows
from casework.rules.datum import to_wgs84
from casework.rules.projection import ControlPointsError, fit_local_grid, to_globe, to_plane
from casework.terms import ComponentState, Datum, GridCode, Point, UnitId, point

_NORTH, _EAST = 90, 180
"""Degrees: no position lies beyond."""
STATES = {
    "完好": ComponentState.INTACT,
    "正常": ComponentState.INTACT,
    "破损": ComponentState.DAMAGED,
    "破損": ComponentState.DAMAGED,
    "丢失": ComponentState.MISSING,
    "丟失": ComponentState.MISSING,
    "废弃": ComponentState.ABANDONED,
    "廢棄": ComponentState.ABANDONED,
    "移除": ComponentState.REMOVED,
    **{state.value: state for state in ComponentState},
}
"""What a cell may call a state without a mapping: the standard's words and our codes."""


class Coordinates(StrEnum):
    """How a list writes positions: degrees in one of the datums, or metres."""

    WGS84 = "wgs84"
    CGCS2000 = "cgcs2000"
    GCJ02 = "gcj02"
    BD09 = "bd09"
    PLANE = "plane"  # Gauss–Krüger of the mapping's meridian: `lon` the easting, `lat` the northing
    LOCAL = "local"  # a city's own grid, fitted to the mapping's control points


class ComponentColumns(Struct, frozen=True, kw_only=True):
    """`[columns]`: the list's own names; an empty one means that it has no such column."""

    id: Text = "id"
    lat: Text = "lat"
    lon: Text = "lon"
    name: str = ""
    owner: str = ""
    maintainer: str = ""
    grid: str = ""
    state: str = ""
    basis: str = ""
    note: str = ""

    def named(self) -> tuple[str, ...]:
        """The columns that the list must have."""
        return tuple(name for field in self.__struct_fields__ if (name := getattr(self, field)))


class ControlPoint(Struct, frozen=True, kw_only=True):
    """`[[control_points]]`: one place in the city's own grid (metres) and in WGS-84 degrees."""

    east: float
    north: float
    lat: Annotated[float, Meta(ge=-90, le=90)]
    lon: Annotated[float, Meta(ge=-180, le=180)]


class ComponentMapping(Struct, frozen=True, kw_only=True):
    """How to read one site's list. `meridian` (degrees east) is the plane's; `basis` marks every
    entry whose row does not say itself where it comes from."""

    delimiter: Annotated[str, Meta(min_length=1, max_length=1)] = ","
    coordinates: Coordinates = Coordinates.WGS84
    meridian: Annotated[int, Meta(ge=-180, le=180)] = 114
    basis: Text = "records"
    columns: ComponentColumns = ComponentColumns()
    states: dict[str, ComponentState] = {}
    control_points: tuple[ControlPoint, ...] = ()


class ComponentRow(Struct, frozen=True, kw_only=True):
    """One entry of a list. None means that the list does not say."""

    line: int
    id: str
    point: Point
    name: str | None = None
    owner: str | None = None
    maintainer: str | None = None
    grid: GridCode | None = None
    state: ComponentState | None = None
    basis: str
    note: str | None = None


class _RowError(Exception):
    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(code, sentence)
        self.code = code
        self.sentence = sentence


def read_component_mapping(data: bytes, file: str) -> ComponentMapping:
    """The mapping that a TOML file spells out.

    Raises: PackError: with every mistake, each with its key path.
    """
    mistakes = Mistakes()
    mapping = read_toml(file, data, ComponentMapping, mistakes)
    if mapping is not None and mapping.coordinates is Coordinates.LOCAL:
        try:
            _local(mapping)
        except ControlPointsError as error:
            mistakes.add(file, "control_points", error.code, str(error))
    mistakes.stop()
    assert mapping is not None  # its absence is a mistake
    return mapping


def local_fit_rms(mapping: ComponentMapping) -> float | None:
    """How far, in metres, the control points lie off their own fit; None without a local grid."""
    return _local(mapping)[1] if mapping.coordinates is Coordinates.LOCAL else None


def read_components(
    lines: Iterable[str], mapping: ComponentMapping, units: Mapping[str, UnitId]
) -> Iterator[ComponentRow | BadRow]:
    """Every row of a list whose first line names the columns; blank lines are none.

    `units` are the rule book's by name: an owner or maintainer of that name is the unit itself.

    Raises: PackError: a column that the mapping names is missing, or stands twice.
    """
    rows = numbered_rows(lines, mapping.delimiter)
    header = [name.strip().removeprefix("\ufeff") for name in next(rows, (1, []))[1]]
    _check_header(header, mapping)
    reader = _Reader(mapping, units)
    for line, cells in rows:
        try:
            yield reader.row(header, cells, line)
        except _RowError as wrong:
            yield BadRow(line=line, code=wrong.code, sentence=wrong.sentence)


def _check_header(header: list[str], mapping: ComponentMapping) -> None:
    mistakes = Mistakes()
    for name in mapping.columns.named():
        if header.count(name) != 1:
            how = "stands twice" if name in header else "is missing"
            code = "record.column_twice" if name in header else "record.column_missing"
            mistakes.add("components", "line 1", code, f"the column «{name}» {how}")
    mistakes.stop()


class _Reader:
    """One mapping at work; `_seen` holds the line of each id."""

    def __init__(self, mapping: ComponentMapping, units: Mapping[str, UnitId]) -> None:
        self._columns = mapping.columns
        self._basis = mapping.basis
        self._states = STATES | mapping.states
        self._units = units
        self._to_globe = _converter(mapping)
        self._seen: dict[str, int] = {}

    def row(self, header: list[str], cells: list[str], line: int) -> ComponentRow:
        if len(cells) != len(header):
            sentence = f"the row has {len(cells)} cells, the list has {len(header)} columns"
            raise _RowError("record.cells_wrong", sentence)
        row = {name: cell.strip() for name, cell in zip(header, cells, strict=True) if name}
        columns = self._columns
        grid = row.get(columns.grid)
        return ComponentRow(
            line=line,
            id=self._id(row[columns.id], line),
            point=self._point(row[columns.lat], row[columns.lon]),
            name=row.get(columns.name) or None,
            owner=self._unit(row.get(columns.owner)),
            maintainer=self._unit(row.get(columns.maintainer)),
            grid=GridCode(grid) if grid else None,
            state=self._state(row.get(columns.state)),
            basis=row.get(columns.basis) or self._basis,
            note=row.get(columns.note),
        )

    def _id(self, text: str, line: int) -> str:
        if not text:
            raise _RowError("record.cell_empty", f"«{self._columns.id}» must not be empty")
        first = self._seen.setdefault(text, line)
        if first != line:
            raise _RowError("record.duplicate", f"the id {text!r} stands on line {first} already")
        return text

    def _point(self, lat: str, lon: str) -> Point:
        try:
            north, east = self._to_globe(float(lat), float(lon))
            inside = abs(north) <= _NORTH and abs(east) <= _EAST  # never so of NaN
        except (ValueError, OverflowError):
            inside = False
        else:
            if _NORTH < abs(north) <= _EAST and abs(east) <= _NORTH:
                raise _RowError("place.swapped", "latitude and longitude are exchanged")
        if not inside:
            raise _RowError("record.position_wrong", f"({lat!r}, {lon!r}) is no position")
        return point(north, east)

    def _unit(self, text: str | None) -> str | None:
        return self._units.get(text, text) if text else text

    def _state(self, text: str | None) -> ComponentState | None:
        if not text:
            return None
        if text not in self._states:
            known = ", ".join(self._states)
            raise _RowError("record.state_unknown", f"the state is {text!r}, none of {known}")
        return self._states[text]


# --- positions ---------------------------------------------------------------------------------

Converter = Callable[[float, float], tuple[float, float]]
"""(northing or latitude, easting or longitude) as the list writes them → WGS-84 degrees."""


def _converter(mapping: ComponentMapping) -> Converter:
    match mapping.coordinates:
        case Coordinates.PLANE:
            return lambda north, east: to_globe(east, north, mapping.meridian)
        case Coordinates.LOCAL:
            return _local(mapping)[0]
        case degrees:
            datum = Datum(degrees.value)
            return lambda lat, lon: to_wgs84(lat, lon, datum)


def _local(mapping: ComponentMapping) -> tuple[Converter, float]:
    """A city's own grid, by the similarity that its control points fix, and how well they do.

    Raises: ControlPointsError.
    """
    pairs = [
        ((each.east, each.north), to_plane(each.lat, each.lon, mapping.meridian))
        for each in mapping.control_points
    ]
    fit = fit_local_grid(pairs)

    def convert(north: float, east: float) -> tuple[float, float]:
        return to_globe(*fit.similarity.apply(east, north), mapping.meridian)

    return convert, fit.rms
