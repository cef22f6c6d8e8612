"""Working time: when a limit (時限) ends, and how much of it is used (domain.md 9).

Every clock is a reading that only grows: time used is a difference of two readings, a deadline is
the first instant with the reading wanted. The laws follow from that: used time adds up over split
spans, and a deadline never moves back when its start or its limit grows.

- URGENT_HOUR reads elapsed seconds.
- NATURAL_DAY reads the wall clock, so n days end at the same wall time n days later. In the hour
  that autumn repeats it stands still; a time that spring skips means the instant of the jump.
- WORK_HOUR and WORK_DAY read the real seconds spent inside work periods. Periods begin and end by
  the wall clock: at the first instant that shows their time, or the jump over it. One 工作日 is
  as long as the periods of one day together (480 minutes by default), so that a limit of one day
  that starts at 10:00 ends at 10:00 on the next work day. A limit that ends with a period ends
  there (18:00), not with the beginning of the next one.

Instants are aware: a naive one is a TypeError, one of another zone is understood. This module
knows neither the present time nor where holidays come from. It computes from 1900 to 2199: what
lies outside is taken as lying at the edge, and a deadline there is provisional.
"""

from bisect import bisect_left, bisect_right
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from msgspec import Struct

from casework.scheme import Clock, Limit, WorkCalendar

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
FURTHEST = datetime(2200, 1, 1, tzinfo=UTC)
"""The end of computed time: a limit that reaches further, or never ends, ends here."""
_LONGEST = FURTHEST - EARLIEST
_MICROSECOND = timedelta(microseconds=1)
_WORKING = (Clock.WORK_HOUR, Clock.WORK_DAY)
_HOUR = 3_600_000
_DAY = 24 * _HOUR


class Deadline(NamedTuple):
    """When a limit ends. `provisional`: it may still move, for days without a known calendar
    count as plain weeks there."""

    at: datetime
    provisional: bool


class _Days(NamedTuple):
    zone: ZoneInfo
    weekend: frozenset[int]
    holidays: frozenset[date]
    make_up_days: frozenset[date]


class _Year(NamedTuple):
    """Work spans of one local year, in microseconds since 1970 UTC. `before[i]` is the work done
    before span i; one more value at its end is the work of the whole year."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]
    before: tuple[int, ...]

    def worked(self, at: int) -> int:
        """Work of this year done by `at`."""
        span = bisect_right(self.starts, at) - 1
        if span < 0:
            return 0
        return self.before[span] + min(at, self.ends[span]) - self.starts[span]

    def reached(self, work: int) -> int:
        """The first instant with `work` done, 0 < work ≤ the work of the year."""
        span = bisect_left(self.before, work) - 1
        return self.starts[span] + work - self.before[span]


def is_work_day(day: date, calendar: WorkCalendar) -> bool:
    """Whether people work on that local day: a make-up day always, a holiday never."""
    days = _days(calendar)
    if calendar.first_year <= day.year <= calendar.last_year:
        if day in days.make_up_days:
            return True
        if day in days.holidays:
            return False
    return day.isoweekday() not in days.weekend


def amount(limit: Limit, calendar: WorkCalendar) -> timedelta:
    """How much the limit's clock has to run until the limit ends."""
    match limit.clock:
        case Clock.URGENT_HOUR | Clock.WORK_HOUR:
            unit = _HOUR
        case Clock.NATURAL_DAY:
            unit = _DAY
        case Clock.WORK_DAY:
            unit = 60_000 * sum(end - start for start, end in calendar.periods)
    return min(limit.milli * unit, _LONGEST // _MICROSECOND) * _MICROSECOND


def deadline(start: datetime, limit: Limit, calendar: WorkCalendar) -> Deadline:
    """When a limit that runs from `start` ends, in UTC."""
    return due(start, amount(limit, calendar), limit.clock, calendar)


def due(start: datetime, left: timedelta, clock: Clock, calendar: WorkCalendar) -> Deadline:
    """When `left` on that clock ends, counted from `start`, in UTC."""
    at = advance(start, left, clock, calendar)
    provisional = at >= FURTHEST
    if clock in _WORKING and not provisional:
        zone = _days(calendar).zone
        provisional = (
            at.astimezone(zone).year > calendar.last_year
            or start.astimezone(zone).year < calendar.first_year
        )
    return Deadline(at, provisional)


def consumed(start: datetime, end: datetime, clock: Clock, calendar: WorkCalendar) -> timedelta:
    """Time that the clock ran between two instants; negative when `end` comes first."""
    start, end = _bounded(start), _bounded(end)
    if clock in _WORKING:
        return _worked(start, end, calendar) * _MICROSECOND
    if clock is Clock.NATURAL_DAY:
        zone = _days(calendar).zone
        return _wall(end, zone) - _wall(start, zone)
    return end - start


def advance(start: datetime, ran: timedelta, clock: Clock, calendar: WorkCalendar) -> datetime:
    """The first instant at which the clock ran by `ran` since `start`, in UTC.

    `start` itself when `ran` is nothing; before it when negative (a limit used up already).
    """
    start = _bounded(start)
    if not ran:
        return start
    ran = max(-_LONGEST, min(ran, _LONGEST))
    if clock in _WORKING:
        return _work_on(start, ran // _MICROSECOND, calendar)
    if clock is Clock.NATURAL_DAY:
        zone = _days(calendar).zone
        return _bounded(_first(_wall(start, zone) + ran, zone))
    return _bounded(start + ran)


class Stopwatch(Struct, frozen=True, kw_only=True):
    """A limit that can pause: `left` on the clock at `since`, or since the pause when None.

    A case sent back by its unit pauses that unit's watch; the same unit resumes it, another unit
    starts a new one (domain.md 2.7). `left` is negative once the limit is used up.
    """

    clock: Clock
    left: timedelta
    since: datetime | None


def started(at: datetime, limit: Limit, calendar: WorkCalendar) -> Stopwatch:
    """A watch with the whole limit left, running from `at`."""
    return Stopwatch(clock=limit.clock, left=amount(limit, calendar), since=at)


def remaining(watch: Stopwatch, at: datetime, calendar: WorkCalendar) -> timedelta:
    """What is left at `at`; negative by the time overdue."""
    if watch.since is None:
        return watch.left
    return watch.left - consumed(watch.since, at, watch.clock, calendar)


def paused(watch: Stopwatch, at: datetime, calendar: WorkCalendar) -> Stopwatch:
    """The watch stopped at `at`; a stopped one stays as it is."""
    return Stopwatch(clock=watch.clock, left=remaining(watch, at, calendar), since=None)


def resumed(watch: Stopwatch, at: datetime) -> Stopwatch:
    """The watch running again from `at`; a running one stays as it is."""
    if watch.since is not None:
        return watch
    return Stopwatch(clock=watch.clock, left=watch.left, since=at)


def watch_deadline(watch: Stopwatch, calendar: WorkCalendar) -> Deadline | None:
    """When the running watch ends; None while it is paused."""
    if watch.since is None:
        return None
    return due(watch.since, watch.left, watch.clock, calendar)


def _bounded(at: datetime) -> datetime:
    return min(max(at, EARLIEST), FURTHEST).astimezone(UTC)


@lru_cache(maxsize=64)
def _days(calendar: WorkCalendar) -> _Days:
    return _Days(
        ZoneInfo(calendar.time_zone),
        frozenset(calendar.weekend),
        frozenset(calendar.holidays),
        frozenset(calendar.make_up_days),
    )


@lru_cache(maxsize=1024)
def _year(calendar: WorkCalendar, year: int) -> _Year:
    zone = _days(calendar).zone
    starts, ends, before = [], [], [0]
    for ordinal in range(date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal()):
        if not is_work_day(date.fromordinal(ordinal), calendar):
            continue
        midnight = datetime.fromordinal(ordinal)
        for opening, closing in calendar.periods:
            start = _micros(_first(midnight + timedelta(minutes=opening), zone))
            end = _micros(_first(midnight + timedelta(minutes=closing), zone))
            if start < end:
                starts.append(start)
                ends.append(end)
                before.append(before[-1] + end - start)
    return _Year(tuple(starts), tuple(ends), tuple(before))


def _worked(start: datetime, end: datetime, calendar: WorkCalendar) -> int:
    zone = _days(calendar).zone
    first, last = start.astimezone(zone).year, end.astimezone(zone).year
    work = _year(calendar, last).worked(_micros(end)) - _year(calendar, first).worked(
        _micros(start)
    )
    between = range(min(first, last), max(first, last))
    whole = sum(_year(calendar, year).before[-1] for year in between)
    return work + whole if first <= last else work - whole


def _work_on(start: datetime, ran: int, calendar: WorkCalendar) -> datetime:
    year = start.astimezone(_days(calendar).zone).year
    spans = _year(calendar, year)
    work = spans.worked(_micros(start)) + ran
    while work > spans.before[-1]:
        if year >= FURTHEST.year:
            return FURTHEST
        work -= spans.before[-1]
        year += 1
        spans = _year(calendar, year)
    while work <= 0:
        if year < EARLIEST.year:
            return EARLIEST
        year -= 1
        spans = _year(calendar, year)
        work += spans.before[-1]
    return _bounded(_EPOCH + timedelta(microseconds=spans.reached(work)))


def _micros(at: datetime) -> int:
    since = at - _EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def _wall(at: datetime, zone: ZoneInfo) -> datetime:
    """The furthest that the wall clock showed by `at`, without a zone."""
    local = at.astimezone(zone)
    if local.fold:
        earlier = local.replace(fold=0)
        turn = _turn(earlier.astimezone(UTC), at, zone)
        return (turn - _MICROSECOND).astimezone(zone).replace(tzinfo=None) + _MICROSECOND
    return local.replace(tzinfo=None)


def _first(wall: datetime, zone: ZoneInfo) -> datetime:
    """The first instant at which the wall clock shows `wall` or later, in UTC."""
    at = wall.replace(tzinfo=zone).astimezone(UTC)
    if at.astimezone(zone).replace(tzinfo=None) == wall:
        return at
    return _turn(wall.replace(tzinfo=zone, fold=1).astimezone(UTC), at, zone)


def _turn(low: datetime, high: datetime, zone: ZoneInfo) -> datetime:
    """The instant in (low, high] at which clocks are turned; offsets change at whole seconds."""
    after = high.astimezone(zone).utcoffset()
    early, late = _micros(low) // 1_000_000, -(-_micros(high) // 1_000_000)
    while late - early > 1:
        middle = (early + late) // 2
        if datetime.fromtimestamp(middle, zone).utcoffset() == after:
            late = middle
        else:
            early = middle
    return _EPOCH + timedelta(seconds=late)
