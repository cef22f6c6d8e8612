"""`watchdesk day`, as a person runs it."""

import pytest

from tests.watchdesk.conftest import Run
from watchdesk.day import BROKEN, shared_out


@pytest.mark.slow
def test_a_short_day_tells_what_became_of_it(watchdesk: Run) -> None:
    done = watchdesk("day", "--cases", "30", "--operators", "6", "--round", "30")
    assert "30 cases reported" in done.stdout
    assert "Laws broken: none" in done.stdout
    assert "Acts on cases that were not given: 0" in done.stdout
    # so few cases do not meet every act, which it says and counts as a fault
    assert "Acts that nobody did: none" not in done.stdout
    assert done.returncode == BROKEN, done.stderr


@pytest.mark.parametrize(
    "given", [("--operators", "41"), ("--operators", "2"), ("--cases", "0"), ("--round", "x")]
)
def test_a_day_that_cannot_be_is_refused_in_a_sentence(
    watchdesk: Run, given: tuple[str, str]
) -> None:
    done = watchdesk("day", *given)
    assert done.returncode == 2
    assert f"{given[1]!r} is not" in done.stderr


@pytest.mark.parametrize("people", [3, 4, 12, 39, 40])
def test_all_posts_are_manned_and_nobody_is_left_over(people: int) -> None:
    shares = shared_out(people)
    assert sum(shares.values()) == people
    assert min(shares.values()) >= 1
