"""Calendars made from the holiday libraries."""

from datetime import date

import pytest

from casework.scheme import WorkCalendar
from watchdesk.calendars import work_calendar


def test_china_has_holidays_and_make_up_days() -> None:
    calendar = work_calendar("Asia/Shanghai", range(2008, 2009), country="CN")
    assert date(2008, 10, 1) in calendar.holidays
    assert date(2008, 9, 28) in calendar.make_up_days
    assert (calendar.first_year, calendar.last_year) == (2008, 2008)


def test_china_covers_only_the_years_that_are_known() -> None:
    calendar = work_calendar("Asia/Shanghai", range(2003, 2006), country="CN")
    assert (calendar.first_year, calendar.last_year) == (2004, 2005)
    with pytest.raises(ValueError, match=r"calendar\.year_unknown"):
        work_calendar("Asia/Shanghai", range(1990, 1992), country="CN")


def test_massachusetts_has_a_holiday_of_its_own() -> None:
    patriots_day = date(2015, 4, 20)
    years = range(2015, 2016)
    state = work_calendar("America/New_York", years, country="US", subdivision="MA")
    federal = work_calendar("America/New_York", years, country="US")
    assert patriots_day in state.holidays
    assert patriots_day not in federal.holidays
    assert state.weekend == (6, 7)


def test_without_a_country_only_the_week_counts() -> None:
    assert work_calendar("Etc/UTC", range(2020, 2022)) == WorkCalendar(
        time_zone="Etc/UTC", first_year=2020, last_year=2021
    )


@pytest.mark.parametrize(("country", "subdivision"), [("XX", ""), ("US", "XX")])
def test_an_unknown_country_or_part_is_named(country: str, subdivision: str) -> None:
    with pytest.raises(ValueError, match=r"calendar\.country_unknown"):
        work_calendar("Etc/UTC", range(2020, 2021), country=country, subdivision=subdivision)
