"""A figure: what was measured, the limit measured beside it in the same run, and the goal.

A limit is the barest program that does the same work; its share says how much of the machine is
left, and can be compared between machines where seconds cannot.
"""

import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import NamedTuple

from msgspec import Struct

from tests.postgres import Postgres

ROUNDS = 3


class Run(Struct, frozen=True, kw_only=True):
    """How this run measures. `folder` is empty and goes away; `records` holds real records.

    `quick` takes small numbers and one round: to see that all works, not to compare.
    `profile` names the thread of the server, or the client, whose hot spots are wanted.
    """

    folder: Path
    records: Path | None = None
    postgres: Postgres | None = None
    quick: bool = False
    profile: str = ""

    @property
    def rounds(self) -> int:
        """How often each figure and its limit are measured, in turns."""
        return 1 if self.quick else ROUNDS

    def size(self, full: int, quick: int) -> int:
        """How many of something this run takes."""
        return quick if self.quick else full


class Goal(NamedTuple):
    """`most`: the value, in the figure's unit; `share`: at least this part of the limit."""

    most: float | None = None
    share: float | None = None

    def __str__(self) -> str:
        return f"≥ {self.share:.0%} of it" if self.share is not None else f"≤ {self.most:g}"


class Figure(Struct, frozen=True, kw_only=True):
    """One line of the table. Values and limits come round by round; what counts is the median."""

    name: str
    unit: str
    values: tuple[float, ...]
    limit: str
    limits: tuple[float, ...]
    goal: Goal | None = None
    notes: dict[str, str] = {}

    @property
    def value(self) -> float:
        """Median over the rounds."""
        return median(self.values)

    @property
    def limit_value(self) -> float:
        """Median over the rounds."""
        return median(self.limits)

    @property
    def ratio(self) -> float:
        """Value to limit: median over the rounds, each against the limit measured beside it."""
        pairs = zip(self.values, self.limits, strict=True)
        return median(value / limit for value, limit in pairs)

    @property
    def met(self) -> bool | None:
        """Whether the goal is reached; None where there is none."""
        if self.goal is None:
            return None
        if self.goal.share is not None:
            return self.ratio >= self.goal.share
        return self.goal.most is not None and self.value <= self.goal.most


def in_turns(
    run: Run, value: Callable[[], float], limit: Callable[[], float]
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Measure limit and value, again and again in turns: a busy neighbour hits both."""
    limits, values = [], []
    for _ in range(run.rounds):
        limits.append(limit())
        values.append(value())
    return tuple(values), tuple(limits)


def milliseconds(work: Callable[[], object], times: int) -> float:
    """Median time of one call in ms."""
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begun)
    return median(taken) * 1000


def percentile(values: list[float], share: float) -> float:
    """The smallest value that `share` of all do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
