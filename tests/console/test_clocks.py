"""What is left, of how much, and how the boxes count it."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis.strategies import integers, lists, sampled_from
from msgspec.structs import replace

from casework.terms import State
from console.clocks import link_clock, span, standing
from console.tally import Tally
from tests.console import cases

HOUR = timedelta(hours=1)


def test_a_clock_is_soon_when_less_than_its_share_is_left() -> None:
    case = replace(cases.one(State.FILED), link_since=cases.NOW, link_due=cases.NOW + 4 * HOUR)
    shown = [standing(case, cases.NOW + n * HOUR, 25) for n in (0, 2, 3, 4, 9)]
    assert shown == ["in_time", "in_time", "soon", "late", "late"]


def test_an_ended_case_is_done_and_one_without_a_clock_is_none() -> None:
    assert standing(cases.one(State.CLOSED), cases.NOW, 25) == "done"
    bare = replace(cases.one(State.DISPATCHED), link_due=None, due=None)
    assert standing(bare, cases.NOW, 25) == "none"


def test_a_reworked_case_counts_from_its_report() -> None:
    """Its deadline lay before the rework began: the span is the whole handling."""
    case = cases.one(State.DISPATCHED)
    late = replace(case, link_since=cases.NOW, link_due=cases.NOW - HOUR)
    clock = link_clock(late, 25)
    assert clock is not None
    assert clock.since == case.opened_at


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 s"),
        (59, "59 s"),
        (420, "0:07"),
        (-2220, "0:37"),
        (95_640, "26:34"),
        (360_000, "4d 4h"),
    ],
)
def test_a_span_reads_like_a_clock(seconds: int, text: str) -> None:
    assert span(seconds) == text


@given(
    steps=lists(sampled_from(range(300)), max_size=60),
    minutes=integers(min_value=-3_000, max_value=3_000),
)
def test_counts_kept_by_change_equal_counts_made_anew(steps: list[int], minutes: int) -> None:
    every = list(cases.cases(300))
    kept, present = Tally(lambda _: 25), dict[str, int]()
    for step in steps:
        case = every[step]
        if case.id in present:
            kept.drop([case.id])
            del present[case.id]
        else:
            kept.upsert([case, case])
            present[case.id] = step
    at = cases.NOW + timedelta(minutes=minutes)
    standings = [standing(every[step], at, 25) for step in present.values()]
    counts = kept.counts(at)
    assert (counts.late, counts.soon) == (standings.count("late"), standings.count("soon"))
    assert sum(counts.states.values()) == len(present)
