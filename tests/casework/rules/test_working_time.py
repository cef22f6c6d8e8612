"""Working time by the rule book: domain.md 9, and the laws of a clock."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.rules.working_time import (
    FURTHEST,
    Deadline,
    advance,
    consumed,
    deadline,
    is_work_day,
    paused,
    remaining,
    resumed,
    started,
    watch_deadline,
)
from casework.scheme import Clock, Limit, WorkCalendar

HOUR = timedelta(hours=1)
wall_time = datetime.fromisoformat
SHENZHEN = WorkCalendar(
    time_zone="Asia/Shanghai",
    holidays=tuple(date(2025, 10, day) for day in range(1, 8)),
    make_up_days=(date(2025, 9, 28), date(2025, 10, 11)),
    first_year=2025,
    last_year=2025,
)
BOSTON = WorkCalendar(
    time_zone="America/New_York", periods=((540, 1020),), first_year=2025, last_year=2025
)
ROUND_THE_CLOCK = WorkCalendar(
    time_zone="America/New_York",
    periods=((0, 150), (150, 1440)),
    weekend=(),
    first_year=2025,
    last_year=2025,
)
CALENDARS = st.sampled_from([SHENZHEN, BOSTON, ROUND_THE_CLOCK])
WORKING = st.sampled_from([Clock.WORK_HOUR, Clock.WORK_DAY])
EXACT = st.sampled_from([Clock.URGENT_HOUR, Clock.WORK_HOUR, Clock.WORK_DAY])
CLOCKS = st.sampled_from(Clock)
INSTANTS = st.datetimes(wall_time("2024-06-01"), wall_time("2026-06-01"), timezones=st.just(UTC))
MILLIS = st.integers(1, 40_000)
AMOUNTS = st.timedeltas(timedelta(0), timedelta(days=40))


def local(text: str, calendar: WorkCalendar = SHENZHEN, fold: int = 0) -> datetime:
    return wall_time(text).replace(tzinfo=ZoneInfo(calendar.time_zone), fold=fold).astimezone(UTC)


def limit(value: float, clock: Clock) -> Limit:
    return Limit(milli=round(value * 1000), clock=clock)


@pytest.mark.parametrize(
    ("start", "value", "clock", "end"),
    [
        ("2025-09-26 17:00", 2, Clock.URGENT_HOUR, "2025-09-26 19:00"),
        ("2025-10-01 23:30", 2, Clock.URGENT_HOUR, "2025-10-02 01:30"),
        ("2025-09-22 11:00", 2, Clock.WORK_HOUR, "2025-09-22 15:00"),
        ("2025-09-22 12:30", 2, Clock.WORK_HOUR, "2025-09-22 16:00"),
        ("2025-09-22 16:00", 2, Clock.WORK_HOUR, "2025-09-22 18:00"),
        ("2025-09-22 17:00", 2.5, Clock.WORK_HOUR, "2025-09-23 09:30"),
        ("2025-09-30 17:59", 1, Clock.WORK_HOUR, "2025-10-08 08:59"),
        ("2025-09-30 17:59", 1, Clock.WORK_DAY, "2025-10-08 17:59"),
        ("2025-10-04 12:00", 1, Clock.WORK_HOUR, "2025-10-08 09:00"),
        ("2025-09-27 12:00", 1, Clock.WORK_HOUR, "2025-09-28 09:00"),
        ("2025-09-26 17:30", 1, Clock.WORK_DAY, "2025-09-28 17:30"),
        ("2025-09-22 10:00", 1, Clock.WORK_DAY, "2025-09-23 10:00"),
        ("2025-09-22 10:00", 0.5, Clock.WORK_DAY, "2025-09-22 16:00"),
        ("2025-09-30 10:00", 3, Clock.NATURAL_DAY, "2025-10-03 10:00"),
        ("2025-09-30 10:00", 0.5, Clock.NATURAL_DAY, "2025-09-30 22:00"),
    ],
)
def test_each_clock_counts_its_own_way(start: str, value: float, clock: Clock, end: str) -> None:
    assert deadline(local(start), limit(value, clock), SHENZHEN) == Deadline(local(end), False)


def test_make_up_sunday_is_a_work_day_and_a_holiday_is_not() -> None:
    assert is_work_day(date(2025, 9, 28), SHENZHEN)
    assert not is_work_day(date(2025, 9, 27), SHENZHEN)
    assert not is_work_day(date(2025, 10, 1), SHENZHEN)
    assert is_work_day(date(2025, 10, 8), SHENZHEN)


def test_work_day_is_as_long_as_the_periods_of_the_city() -> None:
    start = local("2025-09-22 10:00", BOSTON)
    assert deadline(start, limit(1, Clock.WORK_DAY), BOSTON).at == start + timedelta(days=1)


def test_entries_outside_the_known_years_are_not_read() -> None:
    early = WorkCalendar(
        time_zone="Asia/Shanghai", holidays=(date(2026, 1, 1),), first_year=2025, last_year=2025
    )
    assert is_work_day(date(2026, 1, 1), early)


@pytest.mark.parametrize(
    ("start", "value", "clock", "provisional"),
    [
        ("2025-12-31 17:00", 1, Clock.WORK_HOUR, False),
        ("2025-12-31 17:00", 1.001, Clock.WORK_HOUR, True),
        ("2024-12-31 17:00", 2, Clock.WORK_HOUR, True),
        ("2025-12-31 17:00", 1, Clock.WORK_DAY, True),
        ("2025-12-31 17:00", 48, Clock.URGENT_HOUR, False),
        ("2025-12-31 17:00", 7, Clock.NATURAL_DAY, False),
    ],
)
def test_deadline_that_needs_an_unknown_year_is_provisional(
    start: str, value: float, clock: Clock, provisional: bool
) -> None:
    assert deadline(local(start), limit(value, clock), SHENZHEN).provisional is provisional


@pytest.mark.parametrize("clock", Clock)
def test_limit_without_an_end_is_provisional_and_never_an_error(clock: Clock) -> None:
    endless = Limit(milli=10**18, clock=clock)
    idle = WorkCalendar(
        time_zone="Asia/Shanghai",
        periods=((540, 1020),),
        weekend=(1, 2, 3, 4, 5, 6, 7),
        first_year=2025,
        last_year=2025,
    )
    assert deadline(local("2025-09-22 10:00"), endless, idle) == Deadline(FURTHEST, True)
    assert advance(FURTHEST, timedelta.max, clock, idle) == FURTHEST


def test_naive_instant_is_a_broken_promise() -> None:
    with pytest.raises(TypeError):
        deadline(wall_time("2025-09-22"), limit(1, Clock.WORK_HOUR), SHENZHEN)


def test_pause_over_a_holiday_keeps_what_was_left() -> None:
    watch = started(local("2025-09-30 16:00"), limit(4, Clock.WORK_HOUR), SHENZHEN)
    still = paused(watch, local("2025-09-30 17:00"), SHENZHEN)
    again = resumed(still, local("2025-10-09 08:00"))
    assert (still.left, watch_deadline(still, SHENZHEN)) == (3 * HOUR, None)
    assert watch_deadline(again, SHENZHEN) == Deadline(local("2025-10-09 11:00"), False)


def test_case_back_at_the_same_unit_goes_on_and_at_another_starts_anew() -> None:
    two_hours = limit(2, Clock.WORK_HOUR)
    first = started(local("2025-09-22 09:00"), two_hours, SHENZHEN)
    returned = paused(first, local("2025-09-22 10:30"), SHENZHEN)
    again = local("2025-09-22 11:00")
    assert watch_deadline(resumed(returned, again), SHENZHEN) == Deadline(again + HOUR / 2, False)
    anew = started(again, two_hours, SHENZHEN)
    assert watch_deadline(anew, SHENZHEN) == Deadline(local("2025-09-22 15:00"), False)


def test_pausing_twice_or_resuming_twice_changes_nothing() -> None:
    watch = started(local("2025-09-22 09:00"), limit(2, Clock.WORK_HOUR), SHENZHEN)
    still = paused(watch, local("2025-09-22 10:00"), SHENZHEN)
    assert paused(still, local("2025-09-22 11:00"), SHENZHEN) == still
    assert resumed(watch, local("2025-09-22 11:00")) == watch


def test_overdue_watch_stays_overdue_by_the_same_time_after_a_pause() -> None:
    watch = started(local("2025-09-22 09:00"), limit(1, Clock.WORK_HOUR), SHENZHEN)
    back = resumed(
        paused(watch, local("2025-09-22 15:00"), SHENZHEN), again := local("2025-09-23 08:00")
    )
    assert remaining(back, again, SHENZHEN) == -3 * HOUR
    assert watch_deadline(back, SHENZHEN) == Deadline(local("2025-09-22 15:00"), False)


def test_overdue_time_reaches_back_over_the_turn_of_the_year() -> None:
    back = advance(local("2026-01-01 09:00"), -HOUR, Clock.WORK_HOUR, SHENZHEN)
    assert back == local("2025-12-31 18:00")


def test_work_over_the_spring_gap_counts_real_seconds() -> None:
    start, end = (local(f"2025-03-{day} 00:00", ROUND_THE_CLOCK) for day in ("09", "10"))
    assert consumed(start, end, Clock.WORK_HOUR, ROUND_THE_CLOCK) == 23 * HOUR


def test_work_over_the_autumn_fold_counts_real_seconds() -> None:
    start, end = (local(f"2025-11-{day} 00:00", ROUND_THE_CLOCK) for day in ("02", "03"))
    assert consumed(start, end, Clock.WORK_HOUR, ROUND_THE_CLOCK) == 25 * HOUR


def test_period_that_ends_in_the_fold_ends_at_its_first_showing() -> None:
    night = WorkCalendar(
        time_zone="America/New_York",
        periods=((0, 90),),
        weekend=(),
        first_year=2025,
        last_year=2025,
    )
    start, end = (local(f"2025-11-{day} 00:00", night) for day in ("02", "03"))
    assert consumed(start, end, Clock.WORK_HOUR, night) == 1.5 * HOUR


def test_period_inside_the_spring_gap_has_no_time() -> None:
    night = WorkCalendar(
        time_zone="America/New_York",
        periods=((130, 170), (190, 250)),
        weekend=(),
        first_year=2025,
        last_year=2025,
    )
    start, end = (local(f"2025-03-{day} 00:00", night) for day in ("09", "10"))
    assert consumed(start, end, Clock.WORK_HOUR, night) == HOUR


@pytest.mark.parametrize(
    ("start", "fold", "end"),
    [
        ("2025-03-08 10:00", 0, "2025-03-09 10:00"),
        ("2025-03-08 02:30", 0, "2025-03-09 03:00"),
        ("2025-11-01 01:30", 0, "2025-11-02 01:30"),
        ("2025-11-01 10:00", 0, "2025-11-02 10:00"),
        ("2025-11-02 01:30", 0, "2025-11-03 01:30"),
        ("2025-11-02 01:30", 1, "2025-11-03 02:00"),
    ],
)
def test_natural_day_ends_at_the_same_wall_time(start: str, fold: int, end: str) -> None:
    found = deadline(local(start, BOSTON, fold), limit(1, Clock.NATURAL_DAY), BOSTON)
    assert found == Deadline(local(end, BOSTON), False)


@given(INSTANTS, INSTANTS, MILLIS, CLOCKS, CALENDARS)
def test_deadline_never_moves_back_when_the_start_moves_on(
    one: datetime, other: datetime, milli: int, clock: Clock, calendar: WorkCalendar
) -> None:
    rule = Limit(milli=milli, clock=clock)
    early, late = sorted((one, other))
    assert early < deadline(early, rule, calendar).at <= deadline(late, rule, calendar).at


@given(INSTANTS, MILLIS, MILLIS, CLOCKS, CALENDARS)
def test_deadline_never_moves_back_when_the_limit_grows(
    start: datetime, one: int, other: int, clock: Clock, calendar: WorkCalendar
) -> None:
    short, long = (Limit(milli=milli, clock=clock) for milli in sorted((one, other)))
    assert deadline(start, short, calendar).at <= deadline(start, long, calendar).at


@given(INSTANTS, INSTANTS, INSTANTS, CLOCKS, CALENDARS)
def test_time_used_adds_up_over_split_spans(
    a: datetime, b: datetime, c: datetime, clock: Clock, calendar: WorkCalendar
) -> None:
    parts = consumed(a, b, clock, calendar) + consumed(b, c, clock, calendar)
    assert consumed(a, c, clock, calendar) == parts


@given(INSTANTS, AMOUNTS, AMOUNTS, EXACT, CALENDARS)
def test_running_twice_is_running_once_by_the_sum(
    start: datetime, x: timedelta, y: timedelta, clock: Clock, calendar: WorkCalendar
) -> None:
    twice = advance(advance(start, x, clock, calendar), y, clock, calendar)
    assert twice == advance(start, x + y, clock, calendar)


@given(INSTANTS, AMOUNTS, AMOUNTS)
def test_natural_days_run_twice_are_natural_days_run_once(
    start: datetime, x: timedelta, y: timedelta
) -> None:
    clock = Clock.NATURAL_DAY
    twice = advance(advance(start, x, clock, SHENZHEN), y, clock, SHENZHEN)
    assert twice == advance(start, x + y, clock, SHENZHEN)


@given(INSTANTS, AMOUNTS, EXACT, CALENDARS, st.sampled_from([1, -1]))
def test_deadline_uses_up_exactly_the_limit(
    start: datetime, ran: timedelta, clock: Clock, calendar: WorkCalendar, sign: int
) -> None:
    end = advance(start, sign * ran, clock, calendar)
    assert consumed(start, end, clock, calendar) == sign * ran


@given(INSTANTS, MILLIS, WORKING, st.sampled_from([SHENZHEN, BOSTON]))
def test_working_deadline_never_lands_outside_a_work_period(
    start: datetime, milli: int, clock: Clock, calendar: WorkCalendar
) -> None:
    at = deadline(start, Limit(milli=milli, clock=clock), calendar).at
    wall = at.astimezone(ZoneInfo(calendar.time_zone)).replace(tzinfo=None)
    minutes = (wall - datetime.combine(wall, datetime.min.time())) / timedelta(minutes=1)
    assert is_work_day(wall.date(), calendar)
    assert any(opening < minutes <= closing for opening, closing in calendar.periods)


@given(
    st.datetimes(wall_time("2025-09-25"), wall_time("2025-10-10")).map(
        lambda at: at.replace(second=0, microsecond=0, tzinfo=UTC)
    ),
    st.integers(0, 5_000),
)
def test_time_used_is_the_count_of_working_minutes(start: datetime, length: int) -> None:
    zone = ZoneInfo("Asia/Shanghai")
    walls = ((start + timedelta(minutes=i)).astimezone(zone) for i in range(length))
    worked = sum(
        is_work_day(wall.date(), SHENZHEN) and wall.hour in (8, 9, 10, 11, 14, 15, 16, 17)
        for wall in walls
    )
    end = start + timedelta(minutes=length)
    assert consumed(start, end, Clock.WORK_HOUR, SHENZHEN) == timedelta(minutes=worked)


@given(INSTANTS, st.lists(st.integers(1, 500), min_size=3, max_size=3), MILLIS, CLOCKS)
def test_pause_moves_the_deadline_by_the_time_not_used(
    start: datetime, steps: list[int], milli: int, clock: Clock
) -> None:
    pause = start + timedelta(minutes=steps[0])
    again = pause + timedelta(minutes=steps[1])
    watch = started(start, Limit(milli=milli, clock=clock), SHENZHEN)
    back = resumed(paused(watch, pause, SHENZHEN), again)
    seen = again + timedelta(minutes=steps[2])
    idle = consumed(pause, again, clock, SHENZHEN)
    assert remaining(back, seen, SHENZHEN) == remaining(watch, seen, SHENZHEN) + idle
