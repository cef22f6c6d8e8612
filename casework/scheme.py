"""What a city calls a case and how long it may take: classes with filing conditions and limits,
and the calendar that limits are counted by. Lists of a city pack (`casework.pack`)."""

from datetime import date
from enum import StrEnum

from msgspec import Struct

from casework.terms import Kind


class Clock(StrEnum):
    """How a limit counts (domain.md 9)."""

    URGENT_HOUR = "urgent_hour"  # 緊急工作時: clock hours, nights and holidays included
    WORK_HOUR = "work_hour"  # 工作時: only inside the work periods of work days
    WORK_DAY = "work_day"  # 工作日: make-up days count, holidays do not
    NATURAL_DAY = "natural_day"  # 自然日: calendar days


class Limit(Struct, frozen=True, kw_only=True):
    """時限: `value` thousandths of an hour or day, so that 2.5 h is exact. Never zero or less."""

    milli: int
    clock: Clock


class WorkCalendar(Struct, frozen=True, kw_only=True, cache_hash=True):
    """Work periods and days of one city. Times are local wall time in `time_zone` (IANA).

    `periods` are (start, end) minutes of the day, ascending, disjoint. `weekend` holds ISO
    weekdays (1 = Monday). `holidays` and `make_up_days` overrule the week. Days outside
    `first_year … last_year` follow the week alone, and deadlines there are provisional.
    """

    time_zone: str
    periods: tuple[tuple[int, int], ...] = ((480, 720), (840, 1080))
    weekend: tuple[int, ...] = (6, 7)
    holidays: tuple[date, ...] = ()
    make_up_days: tuple[date, ...] = ()
    first_year: int
    last_year: int
    version: str = "1"


class Condition(Struct, frozen=True, kw_only=True):
    """立案條件: one reason to file a class, with its own limit (a limit belongs to a condition)."""

    id: str
    text: str
    text_en: str = ""
    general: Limit | None = None
    """一般 limit; None is 視情況定."""
    extended: Limit | None = None
    """綜合 (incident) or 工程 (component) limit."""
    closing: str = ""
    """結案條件 as a person reads it."""
    closing_en: str = ""
    basis: str = "assumed"


class CaseClass(Struct, frozen=True, kw_only=True):
    """小類 with its filing conditions. `code` is unique within (scheme, kind)."""

    kind: Kind
    code: str
    name: str
    name_en: str = ""
    big_code: str
    big_name: str
    big_name_en: str = ""
    conditions: tuple[Condition, ...] = ()
    """The first is the default; empty means 視情況定 and the dispatcher chooses."""
    basis: str = "assumed"


class Scheme(Struct, frozen=True, kw_only=True):
    """分類編碼 list: a case stores scheme, version, code and name as a snapshot."""

    id: str
    version: str
    name: str
    classes: tuple[CaseClass, ...]
    basis: str = "assumed"
