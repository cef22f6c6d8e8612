"""What is left, of how much, and how the boxes count it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis.strategies import integers, lists, sampled_from
from msgspec.structs import replace

from casework.case import Assignment, Waiting
from casework.counting import urgency_key
from casework.holding import next_instant
from casework.terms import Application, State, UnitId
from console import wording
from console.clocks import link_clock, span, standing
from console.tally import Tally
from tests.console import cases

HOUR = timedelta(hours=1)


def test_a_clock_is_soon_when_less_than_its_share_is_left() -> None:
    case = replace(cases.one(State.FILED), link_since=cases.NOW, link_due=cases.NOW + 4 * HOUR)
    shown = [standing(case, cases.NOW + n * HOUR, 25) for n in (0, 2, 3, 4, 9)]
    assert shown == ["in_time", "in_time", "soon", "late", "late"]


@given(at=integers(min_value=0, max_value=299))
def test_the_clock_that_is_shown_is_the_one_that_sorts_and_falls_due_next(at: int) -> None:
    case = list(cases.cases(300))[at]
    shown = link_clock(case, 25)
    due = shown.due if shown is not None else None
    assert due == next_instant(case)
    assert (due or datetime.max.replace(tzinfo=UTC)) == urgency_key(case)[1]


def test_a_case_that_waits_for_a_word_shows_how_long_the_word_may_take() -> None:
    at, by = cases.NOW, cases.NOW + 4 * HOUR
    waiting = Waiting(kind=Application.RETURN, since=at, decide_by=by)
    part = Assignment(unit=UnitId("x"), lead=True, since=at, due=at, left=0, waiting=waiting)
    case = replace(cases.one(State.DISPATCHED), link_due=at - HOUR, assignments=(part,))
    assert [standing(case, at + n * HOUR, 25) for n in (0, 3, 4)] == ["in_time", "soon", "late"]


def test_the_end_of_a_suspension_is_never_due_soon() -> None:
    at = cases.NOW
    case = replace(
        cases.one(State.DISPATCHED), state=State.SUSPENDED, link_due=None, resumes_at=at + 4 * HOUR
    )
    assert standing(replace(case, link_since=at), at + 3.9 * HOUR, 25) == "in_time"


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


@pytest.mark.parametrize(("seconds", "text"), [(42, "42 秒"), (360_000, "4 天 4 时")])
def test_a_span_is_said_in_the_language_in_use(
    seconds: int, text: str, request: pytest.FixtureRequest
) -> None:
    request.addfinalizer(lambda: wording.use(wording.ENGLISH))
    wording.use("zh_CN")
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
