"""`city.toml`: the part of a city pack that is no list – names, clock times, settings, reasons.

The structs here are what a person edits (wall times as `08:00`, limits as `{ value = 0.5, clock =
"urgent_hour" }`); `casework.pack` makes the rule book from them.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Annotated
from zoneinfo import ZoneInfo

from msgspec import Meta, Struct
from msgspec.structs import asdict

from casework.pack.files import Mistakes, mark_wrong, read_toml, thousandths
from casework.rulebook import (
    ApplicationRule,
    DeadlineStart,
    Intake,
    LinkLimit,
    Orders,
    Passwords,
    Photos,
    Phrase,
    Queues,
    ReasonCode,
    ReasonedAct,
    Register,
    RuleBook,
)
from casework.scheme import CaseClass, Clock, Limit, Scheme, WorkCalendar
from casework.terms import (
    ENDED,
    Application,
    AreaId,
    CentreId,
    Datum,
    Media,
    State,
    Urgency,
    point,
)
from casework.territory import (
    Area,
    AreaKind,
    Centre,
    Landmark,
    Responsibility,
    ResponsibilityGrid,
    Unit,
)

CITY = "city.toml"
DAYS_OF_WEEK = 7

Text = Annotated[str, Meta(min_length=1)]
Code = Annotated[str, Meta(pattern="^[0-9A-Za-z][0-9A-Za-z_.-]{0,63}$")]
Digits = Annotated[str, Meta(pattern="^[0-9a-z]{1,16}$")]
Wall = Annotated[str, Meta(pattern="^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$")]
Year = Annotated[int, Meta(ge=1900, le=2200)]
Latitude = Annotated[float, Meta(ge=-90, le=90)]
Longitude = Annotated[float, Meta(ge=-180, le=180)]


class CalendarKeys(Struct, frozen=True, kw_only=True):
    """`[calendar]`; the days themselves stand in `calendar.csv`."""

    time_zone: Text
    periods: tuple[tuple[Wall, Wall], ...]
    weekend: tuple[Annotated[int, Meta(ge=1, le=7)], ...]
    first_year: Year
    last_year: Year
    version: Text = "1"


class SchemeKeys(Struct, frozen=True, kw_only=True):
    """`[[schemes]]`; the classes stand in `classes.csv`."""

    id: Code
    version: Text
    name: Text
    basis: Text


class CentreKeys(Struct, frozen=True, kw_only=True):
    """`[[centres]]`; `area` is the district it works for, left out for the city's own centre."""

    id: Code
    name: Text
    name_en: str = ""
    area: str = ""


class LinkLimitKeys(Struct, frozen=True, kw_only=True):
    """`[[link_limits]]`; `urgency` and `area_kind` are left out where the limit is for all."""

    state: State
    value: Decimal
    clock: Clock
    urgency: Urgency | None = None
    area_kind: AreaKind | None = None

    @property
    def whose(self) -> str:
        """What may not stand twice."""
        return " ".join(filter(None, (self.state, self.urgency, self.area_kind)))


class ApplicationKeys(Struct, frozen=True, kw_only=True):
    """`[[applications]]`; a kind that is left out is not known in the city. `limit` and `clock` say
    how long the decision may take, both or neither."""

    kind: Application
    most: Annotated[int, Meta(ge=0)] = 0
    limit: Decimal | None = None
    clock: Clock | None = None
    pauses: bool = False
    before_due: bool = False
    percent: Annotated[int, Meta(ge=1, le=1000)] = 100
    most_days: Annotated[int, Meta(ge=1, le=3660)] = 365
    leader_from: Annotated[int, Meta(ge=0)] = 0
    leader_if_engineering: bool = False


class ReasonKeys(Struct, frozen=True, kw_only=True):
    """`[[reasons]]`."""

    act: ReasonedAct
    id: Code
    text: Text
    text_en: str = ""


class QueueKeys(Struct, frozen=True, kw_only=True):
    """`[queues]`."""

    soon_percent: Annotated[int, Meta(ge=1, le=99)] = 25
    ended_hours: Annotated[int, Meta(ge=1, le=24 * 31)] = 24
    claim_minutes: Annotated[int, Meta(ge=1, le=24 * 60)] = 15
    undo_seconds: Annotated[int, Meta(ge=0, le=3600)] = 60


class IntakeKeys(Struct, frozen=True, kw_only=True):
    """`[intake]`."""

    typed_datum: Datum = Datum.WGS84
    draft_days: Annotated[int, Meta(ge=1, le=60)] = 3
    address_days: Annotated[int, Meta(ge=0, le=3660)] = 90


class RegisterKeys(Struct, frozen=True, kw_only=True):
    """`[register]`."""

    map_cm_per_pixel: Annotated[int, Meta(ge=5, le=1000)] = 100
    label_cm_per_pixel: Annotated[int, Meta(ge=5, le=1000)] = 20
    near_metres: Annotated[int, Meta(ge=1, le=1000)] = 50


class OrderKeys(Struct, frozen=True, kw_only=True):
    """`[orders]`."""

    deliver_seconds: Annotated[int, Meta(ge=5, le=86_400)] = 120
    read_minutes: Annotated[int, Meta(ge=1, le=1_440)] = 10
    warn_percent: Annotated[int, Meta(ge=1, le=99)] = 60
    most: Annotated[int, Meta(ge=1, le=100)] = 4
    metres: Annotated[int, Meta(ge=100, le=100_000)] = 5_000
    position_minutes: Annotated[int, Meta(ge=1, le=1_440)] = 30
    position_seconds: Annotated[int, Meta(ge=1, le=3_600)] = 60
    position_metres: Annotated[int, Meta(ge=0, le=10_000)] = 50
    position_hours: Annotated[int, Meta(ge=1, le=72)] = 12
    over_minutes: Annotated[int, Meta(ge=0, le=1_440)] = 120


class PasswordKeys(Struct, frozen=True, kw_only=True):
    """`[passwords]`."""

    least: Annotated[int, Meta(ge=8, le=64)] = 8
    refused: tuple[Text, ...] = ()


class PhotoKeys(Struct, frozen=True, kw_only=True):
    """`[photos]`."""

    most_bytes: Annotated[int, Meta(ge=1024, le=64 * 1024 * 1024)] = 10 * 1024 * 1024
    thumbnail_bytes: Annotated[int, Meta(ge=1024, le=1024 * 1024)] = 64 * 1024
    thumbnail_pixels: Annotated[int, Meta(ge=64, le=1024)] = 320
    most_per_case: Annotated[int, Meta(ge=1, le=1000)] = 40
    media: Annotated[tuple[Media, ...], Meta(min_length=1)] = tuple(Media)


class CityFile(Struct, frozen=True, kw_only=True):
    """The whole file."""

    city: Text
    city_en: str = ""
    code: Digits
    central_meridian: Annotated[int, Meta(ge=-180, le=180)] = 114
    default_scheme: Code
    deadline_start: DeadlineStart = DeadlineStart.DISPATCHED
    same_person_may_file_and_close: bool = True
    clock_rests_while_checked: bool = True
    placeholder_points: tuple[tuple[Latitude, Longitude], ...] = ()
    notices: tuple[Text, ...] = ()
    calendar: CalendarKeys
    queues: QueueKeys = QueueKeys()
    intake: IntakeKeys = IntakeKeys()
    register: RegisterKeys = RegisterKeys()
    passwords: PasswordKeys = PasswordKeys()
    orders: OrderKeys = OrderKeys()
    photos: PhotoKeys = PhotoKeys()
    schemes: tuple[SchemeKeys, ...]
    centres: tuple[CentreKeys, ...] = ()
    link_limits: tuple[LinkLimitKeys, ...] = ()
    applications: tuple[ApplicationKeys, ...] = ()
    reasons: tuple[ReasonKeys, ...] = ()


class Lists(Struct, frozen=True, kw_only=True):
    """What the other files of a pack hold; `classes` by scheme."""

    classes: dict[str, tuple[CaseClass, ...]]
    units: tuple[Unit, ...]
    responsibilities: tuple[Responsibility, ...]
    areas: tuple[Area, ...]
    responsibility_grids: tuple[ResponsibilityGrid, ...] = ()
    holidays: tuple[date, ...]
    make_up_days: tuple[date, ...]
    places: tuple[Landmark, ...] = ()
    phrases: tuple[Phrase, ...] = ()


def read_city(data: bytes, mistakes: Mistakes) -> CityFile | None:
    """The file as structs. What `Meta` cannot say is looked at here; None when it is unreadable."""
    keys = read_toml(CITY, data, CityFile, mistakes)
    if keys is None:
        return None
    _check_calendar(keys.calendar, mistakes)
    _check_lists(keys, mistakes)
    return keys


def _check_calendar(keys: CalendarKeys, mistakes: Mistakes) -> None:
    try:
        ZoneInfo(keys.time_zone)
    except (KeyError, ValueError, OSError):
        sentence = f"{keys.time_zone!r} is no IANA time zone such as Asia/Shanghai"
        mistakes.add(CITY, "calendar.time_zone", "pack.time_zone_unknown", sentence)
    minutes = [minute for period in keys.periods for minute in map(minute_of_day, period)]
    if not minutes or any(a >= b for a, b in pairwise(minutes)):
        sentence = "work periods must follow each other within one day without touching"
        mistakes.add(CITY, "calendar.periods", "pack.periods_wrong", sentence)
    if len(set(keys.weekend)) == DAYS_OF_WEEK:
        sentence = "the week has no work day: no working limit would ever end"
        mistakes.add(CITY, "calendar.weekend", "pack.weekend_wrong", sentence)
    if keys.first_year > keys.last_year:
        sentence = "the first year of the table comes after the last"
        mistakes.add(CITY, "calendar.first_year", "pack.years_wrong", sentence)


def _check_lists(keys: CityFile, mistakes: Mistakes) -> None:
    _once("schemes", [each.id for each in keys.schemes], mistakes)
    _once("centres", [each.id for each in keys.centres], mistakes)
    _once("link_limits", [each.whose for each in keys.link_limits], mistakes)
    _once("applications", [each.kind for each in keys.applications], mistakes)
    _check_applications(keys, mistakes)
    _once("reasons", [f"{each.act} {each.id}" for each in keys.reasons], mistakes)
    if keys.default_scheme not in {each.id for each in keys.schemes}:
        sentence = f"{keys.default_scheme!r} is none of the schemes"
        mistakes.add(CITY, "default_scheme", "pack.scheme_unknown", sentence)
    for number, scheme in enumerate(keys.schemes):
        if sentence := mark_wrong(scheme.basis):
            mistakes.add(CITY, f"schemes[{number}].basis", "pack.basis_wrong", sentence)
    for number, each in enumerate(keys.link_limits):
        place = f"link_limits[{number}]"
        if each.state in ENDED:
            sentence = f"no link waits in the state {each.state}"
            mistakes.add(CITY, f"{place}.state", "pack.state_ended", sentence)
        try:
            thousandths(each.value)
        except ValueError as error:
            mistakes.add(CITY, f"{place}.value", "pack.limit_wrong", str(error))


def check_centres(keys: CityFile, areas: Collection[AreaId], mistakes: Mistakes) -> None:
    """Each centre works for an area that there is, and no two for the same one."""
    seen: set[str] = set()
    for number, each in enumerate(keys.centres):
        place = f"centres[{number}].area"
        if each.area and each.area not in areas:
            sentence = f"the centre {each.id} works for no known area: {each.area!r}"
            mistakes.add(CITY, place, "pack.area_unknown", sentence)
        if each.area in seen:
            whose = f"the area {each.area}" if each.area else "the whole city"
            mistakes.add(CITY, place, "pack.duplicate", f"two centres work for {whose}")
        seen.add(each.area)


def check_kinds(keys: CityFile, areas: Iterable[Area], mistakes: Mistakes) -> None:
    """A limit for a kind of area that no area has would be without effect."""
    known = {area.kind for area in areas}
    for number, each in enumerate(keys.link_limits):
        if each.area_kind is not None and each.area_kind not in known:
            sentence = f"no area is of the kind {each.area_kind.value!r}"
            place = f"link_limits[{number}].area_kind"
            mistakes.add(CITY, place, "pack.area_kind_unknown", sentence)


def _check_applications(keys: CityFile, mistakes: Mistakes) -> None:
    for number, each in enumerate(keys.applications):
        try:
            _decided_within(each)
        except ValueError as error:
            mistakes.add(CITY, f"applications[{number}].limit", "pack.limit_wrong", str(error))
        if 0 < each.most < each.leader_from:
            sentence = f"approved {each.most} times at most: leader_from is never reached"
            place = f"applications[{number}].leader_from"
            mistakes.add(CITY, place, "pack.never_reached", sentence)


def _decided_within(each: ApplicationKeys) -> Limit | None:
    """Raises: ValueError: the number is no limit, or one of number and clock is missing."""
    if each.limit is None and each.clock is None:
        return None
    if each.limit is None or each.clock is None:
        raise ValueError("a limit needs its number and its clock")
    return Limit(milli=thousandths(each.limit), clock=each.clock)


def _once(path: str, names: Sequence[str], mistakes: Mistakes) -> None:
    for number, name in enumerate(names):
        if name in names[:number]:
            sentence = f"{name!r} stands twice"
            mistakes.add(CITY, f"{path}[{number}]", "pack.duplicate", sentence)


def minute_of_day(wall: str) -> int:
    """`24:00` is the end of the day."""
    hours, minutes = wall.split(":")
    return int(hours) * 60 + int(minutes)


def rules_of(keys: CityFile, lists: Lists) -> RuleBook:
    """The rule book of a city file and the lists beside it."""
    return RuleBook(
        city=keys.city,
        city_en=keys.city_en,
        code=keys.code,
        central_meridian=keys.central_meridian,
        calendar=_calendar(keys.calendar, lists),
        default_scheme=keys.default_scheme,
        schemes=tuple(_scheme(each, lists.classes) for each in keys.schemes),
        units=lists.units,
        responsibilities=lists.responsibilities,
        areas=lists.areas,
        responsibility_grids=lists.responsibility_grids,
        link_limits=tuple(
            LinkLimit(
                state=each.state,
                limit=Limit(milli=thousandths(each.value), clock=each.clock),
                urgency=each.urgency,
                area_kind=each.area_kind,
            )
            for each in keys.link_limits
        ),
        reasons=tuple(
            ReasonCode(id=each.id, act=each.act, text=each.text, text_en=each.text_en)
            for each in keys.reasons
        ),
        applications=tuple(_application(each) for each in keys.applications),
        queues=Queues(**asdict(keys.queues)),
        deadline_start=keys.deadline_start,
        same_person_may_file_and_close=keys.same_person_may_file_and_close,
        clock_rests_while_checked=keys.clock_rests_while_checked,
        placeholder_points=tuple(point(lat, lon) for lat, lon in keys.placeholder_points),
        notices=keys.notices,
        centres=tuple(_centre(each) for each in keys.centres),
        places=lists.places,
        phrases=lists.phrases,
        register=Register(
            map_cm_per_pixel=keys.register.map_cm_per_pixel,
            label_cm_per_pixel=keys.register.label_cm_per_pixel,
            near_metres=keys.register.near_metres,
        ),
        passwords=Passwords(least=keys.passwords.least, refused=keys.passwords.refused),
        orders=Orders(**asdict(keys.orders)),
        intake=Intake(
            typed_datum=keys.intake.typed_datum,
            draft_days=keys.intake.draft_days,
            address_days=keys.intake.address_days,
        ),
        photos=Photos(**asdict(keys.photos)),
    )


def _calendar(keys: CalendarKeys, lists: Lists) -> WorkCalendar:
    return WorkCalendar(
        time_zone=keys.time_zone,
        periods=tuple((minute_of_day(a), minute_of_day(b)) for a, b in keys.periods),
        weekend=keys.weekend,
        holidays=tuple(sorted(lists.holidays)),
        make_up_days=tuple(sorted(lists.make_up_days)),
        first_year=keys.first_year,
        last_year=keys.last_year,
        version=keys.version,
    )


def _application(keys: ApplicationKeys) -> ApplicationRule:
    return ApplicationRule(
        kind=keys.kind,
        most=keys.most,
        limit=_decided_within(keys),
        pauses=keys.pauses,
        before_due=keys.before_due,
        percent=keys.percent,
        most_days=keys.most_days,
        leader_from=keys.leader_from,
        leader_if_engineering=keys.leader_if_engineering,
    )


def _centre(keys: CentreKeys) -> Centre:
    area = AreaId(keys.area) if keys.area else None
    return Centre(id=CentreId(keys.id), name=keys.name, name_en=keys.name_en, area=area)


def _scheme(keys: SchemeKeys, classes: Mapping[str, tuple[CaseClass, ...]]) -> Scheme:
    return Scheme(
        id=keys.id,
        version=keys.version,
        name=keys.name,
        classes=classes.get(keys.id, ()),
        basis=keys.basis,
    )
