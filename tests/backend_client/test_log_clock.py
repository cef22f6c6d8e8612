"""The log's clock as a client sees it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend_client.log_clock import LogClock

NOON = datetime(2008, 6, 13, 4, tzinfo=UTC)


def seconds(value: float) -> timedelta:
    return timedelta(seconds=value)


def test_before_the_first_word_the_time_is_unknown() -> None:
    with pytest.raises(LookupError):
        LogClock().now(1.0)


def test_time_goes_on_between_two_words() -> None:
    clock = LogClock()
    clock.hear(NOON, 1000, 10.0)
    assert clock.now(12.5) == NOON + seconds(2.5)


def test_a_practice_clock_runs_at_its_own_speed() -> None:
    clock = LogClock()
    clock.hear(NOON, 60_000, 10.0)
    assert clock.now(11.0) == NOON + seconds(60)


def test_a_new_speed_counts_from_the_word_that_told_it() -> None:
    clock = LogClock()
    for mono in range(8):
        clock.hear(NOON + seconds(mono), 1000, float(mono))
    clock.hear(NOON + seconds(8), 10_000, 8.0)
    assert clock.now(9.0) == NOON + seconds(18)


def test_a_clock_that_records_move_stands_at_the_latest_instant() -> None:
    clock = LogClock()
    clock.hear(NOON, 0, 1.0)
    clock.hear(NOON + seconds(3600), 0, 2.0)
    assert clock.now(50.0) == NOON + seconds(3600)


def test_one_late_word_does_not_set_the_clock_back() -> None:
    clock = LogClock()
    for mono in (1, 2, 3):
        clock.hear(NOON + seconds(mono), 1000, float(mono))
    clock.hear(NOON + seconds(4), 1000, 9.0)
    assert clock.now(9.0) == NOON + seconds(9)


@given(
    words=st.lists(
        st.tuples(st.integers(0, 10**9), st.sampled_from([0, 1, 1000, 90_000]), st.floats(0, 60)),
        min_size=1,
    )
)
def test_within_one_history_the_clock_never_runs_back(
    words: list[tuple[int, int, float]],
) -> None:
    clock, mono, shown = LogClock(), 0.0, []
    for second, speed, elapsed in words:
        mono += elapsed
        clock.hear(NOON + seconds(second), speed, mono)
        shown.append(clock.now(mono))
    assert shown == sorted(shown)


def test_another_history_may_be_earlier() -> None:
    clock = LogClock()
    clock.join("t", "e1")
    clock.hear(NOON, 1000, 1.0)
    assert clock.now(1.0) == NOON
    clock.join("t", "e2")
    clock.hear(NOON - seconds(99), 1000, 2.0)
    assert clock.now(2.0) == NOON - seconds(99)
