"""Calendars from the public holiday libraries: the first filling of a city's editable table.

Mainland China comes from `chinesecalendar`, which alone knows make-up work days (調休上班); every
other country from `holidays`. Nothing reads these libraries later: a rule book keeps its own days.
"""

from collections.abc import Iterable
from datetime import date
from importlib.metadata import version

import chinese_calendar
import holidays

from casework.scheme import WorkCalendar

CHINA = "CN"


def work_calendar(
    time_zone: str, years: range, *, country: str = "", subdivision: str = ""
) -> WorkCalendar:
    """A calendar of `years` for a country (ISO 3166-1) and a part of it; without a country only
    the week counts. For China the years are those that the library knows (2004 on), and no others.

    Raises:
        ValueError: when the library knows no such country, part or year.
    """
    if country == CHINA:
        return _china(time_zone, years)
    if not country:
        return WorkCalendar(time_zone=time_zone, first_year=years[0], last_year=years[-1])
    try:
        found = holidays.country_holidays(country, subdiv=subdivision or None, years=years)
    except NotImplementedError as error:
        raise ValueError(f"calendar.country_unknown: {error}") from error
    return WorkCalendar(
        time_zone=time_zone,
        weekend=tuple(sorted(day + 1 for day in found.weekend)),
        holidays=tuple(sorted(found)),
        first_year=years[0],
        last_year=years[-1],
        version=f"holidays-{version('holidays')}",
    )


def _china(time_zone: str, years: range) -> WorkCalendar:
    known = {day.year for day in chinese_calendar.holidays}
    covered = [year for year in years if year in known]
    if not covered:
        raise ValueError(f"calendar.year_unknown: only {min(known)} … {max(known)} are known")
    return WorkCalendar(
        time_zone=time_zone,
        holidays=_within(chinese_calendar.holidays, covered),
        make_up_days=_within(chinese_calendar.workdays, covered),
        first_year=covered[0],
        last_year=covered[-1],
        version=f"chinesecalendar-{version('chinesecalendar')}",
    )


def _within(days: Iterable[date], years: list[int]) -> tuple[date, ...]:
    return tuple(sorted(day for day in days if day.year in years))
