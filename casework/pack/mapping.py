"""A mapping: which columns of somebody's records mean what, as one small TOML file.

`resources/mappings/` holds one for Boston's 311 records and a generic one to copy and edit.
"""

from typing import Annotated
from zoneinfo import ZoneInfo

from msgspec import Meta, Struct

from casework.pack.city import Digits, Latitude, Longitude, Text
from casework.pack.files import Mistakes, read_toml
from casework.terms import Datum, Kind, Source, State, Urgency

MAPPING = "mapping.toml"
ISO = "iso"
"""The time format that means ISO 8601, with or without an offset."""


class Columns(Struct, frozen=True, kw_only=True):
    """`[columns]`: the records' own names; an empty one means that the records have no such
    column."""

    id: Text
    opened: Text
    small_class: Text
    big_class: str = ""
    target: str = ""
    closed: str = ""
    title: str = ""
    text: str = ""
    unit: str = ""
    department: str = ""
    district: str = ""
    address: str = ""
    grid: str = ""
    lat: str = ""
    lon: str = ""
    source: str = ""
    closure: str = ""

    def named(self) -> tuple[str, ...]:
        """The columns that the records must have."""
        return tuple(name for field in self.__struct_fields__ if (name := getattr(self, field)))


class OldColumns(Struct, frozen=True, kw_only=True):
    """`[history.columns]`: what only an import asks for; an empty one is not in the records."""

    state: str = ""
    kind: str = ""
    code: str = ""
    """Code of the class; the class itself is `small_class` of `[columns]`."""
    street: str = ""
    handled: str = ""
    on_time: str = ""
    urgency: str = ""
    reporter: str = ""
    phone: str = ""

    def named(self) -> tuple[str, ...]:
        """The columns that the records must have."""
        return tuple(name for field in self.__struct_fields__ if (name := getattr(self, field)))


class StepColumns(Struct, frozen=True, kw_only=True):
    """`[[history.steps]]`: one link as the records tell it, in columns of the case's own row.

    `act` and `post` are words to show, the others name columns; a row without the time has not
    been through that link.
    """

    act: Text
    at: Text
    post: str = ""
    person: str = ""
    unit: str = ""
    opinion: str = ""

    def named(self) -> tuple[str, ...]:
        """The columns that the records must have."""
        return tuple(filter(None, (self.at, self.person, self.unit, self.opinion)))


class History(Struct, frozen=True, kw_only=True):
    """`[history]`: what `watchdesk import` needs beside the columns that `replay` reads too.

    `scheme` names the earlier system's own class list: a class that neither `classes` nor the rule
    book knows is then kept as it was. `classes` are `incident:0102`, `component:…`. Positions are
    degrees of `datum`, or with a `meridian` north (`lat`) and east (`lon`) in metres of its zone.
    `open_state` is where a row without a state and without an end goes on from.
    """

    system: str = ""
    scheme: str = ""
    scheme_version: str = ""
    kind: Kind = Kind.INCIDENT
    open_state: State = State.FILED
    datum: Datum = Datum.WGS84
    meridian: int = 0
    columns: OldColumns = OldColumns()
    steps: tuple[StepColumns, ...] = ()
    states: dict[str, State] = {}
    kinds: dict[str, Kind] = {}
    urgencies: dict[str, Urgency] = {}
    on_time: dict[str, bool] = {}
    classes: dict[str, str] = {}
    units: dict[str, str] = {}
    areas: dict[str, str] = {}

    def named(self) -> tuple[str, ...]:
        """The columns that the records must have."""
        return (*self.columns.named(), *(name for step in self.steps for name in step.named()))


class Mapping(Struct, frozen=True, kw_only=True):
    """How to read one kind of records, and what the pack that they imply is called.

    Times without an offset are local wall times of `time_zone`; `time_formats` are tried in order,
    each `iso` or a `strptime` pattern. `placeholder_points` are degrees that stand for «unknown».
    `sources` maps the records' channels; one that is not named is `other`. A class gets an implied
    limit when at least `fewest_targets` of its records have a target. `country` and `subdivision`
    (ISO 3166) choose the holidays; without a country only the week counts.
    """

    city: Text
    city_en: str = ""
    code: Digits
    language: Text = "en"
    time_zone: Text
    central_meridian: Annotated[int, Meta(ge=-180, le=180)]
    country: str = ""
    subdivision: str = ""
    delimiter: Annotated[str, Meta(min_length=1, max_length=1)] = ","
    time_formats: Annotated[tuple[Text, ...], Meta(min_length=1)] = (ISO,)
    placeholder_points: tuple[tuple[Latitude, Longitude], ...] = ()
    fewest_targets: Annotated[int, Meta(ge=1)] = 20
    columns: Columns
    sources: dict[str, Source] = {}
    history: History = History()


def read_mapping(data: bytes, file: str = MAPPING) -> Mapping:
    """The mapping that the bytes of a TOML file spell out.

    Raises:
        PackError: with every mistake, each with its key path.
    """
    mistakes = Mistakes()
    mapping = read_toml(file, data, Mapping, mistakes)
    if mapping is not None:
        _check(file, mapping, mistakes)
    mistakes.stop()
    assert mapping is not None  # its absence is a mistake
    return mapping


def _check(file: str, mapping: Mapping, mistakes: Mistakes) -> None:
    try:
        ZoneInfo(mapping.time_zone)
    except (KeyError, ValueError, OSError):
        sentence = f"{mapping.time_zone!r} is no IANA time zone such as America/New_York"
        mistakes.add(file, "time_zone", "pack.time_zone_unknown", sentence)
    if bool(mapping.columns.lat) != bool(mapping.columns.lon):
        sentence = "a position needs both columns, lat and lon"
        mistakes.add(file, "columns.lat", "mapping.half_position", sentence)
    for number, form in enumerate(mapping.time_formats):
        if form != ISO and "%" not in form:
            sentence = f"{form!r} is neither «iso» nor a pattern such as %m/%d/%Y %H:%M"
            mistakes.add(file, f"time_formats[{number}]", "mapping.time_format", sentence)
