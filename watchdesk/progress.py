"""How far a replay is: a bar on a terminal, plain lines elsewhere."""

import sys
import time
from types import TracebackType
from typing import TextIO

from drill.replay import Progress

WIDTH = 24
LINE_EVERY = 5.0
"""Seconds between two lines where there is no terminal."""


class Bar:
    """Shows progress on a stream. The rate is that of the last seconds."""

    def __init__(self, stream: TextIO = sys.stdout) -> None:
        self._stream = stream
        self._terminal = stream.isatty()
        self._last: tuple[float, Progress] | None = None
        self._rate = self._marks_rate = 0.0
        self._said = 0.0

    def __enter__(self) -> "Bar":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._terminal and self._last is not None:
            self._stream.write("\n")

    def show(self, progress: Progress) -> None:
        """Take note; write if it is time."""
        now = time.monotonic()
        self._measure(now, progress)
        done = progress.marks == progress.all_marks
        if self._terminal:
            self._stream.write(f"\r{_bar(progress)} {self._line(progress)}\x1b[K")
        elif done or now - self._said >= LINE_EVERY:
            self._said = now
            self._stream.write(f"{self._line(progress)}\n")
        self._stream.flush()

    def _measure(self, now: float, progress: Progress) -> None:
        if self._last is not None and now > self._last[0]:
            before, last = self._last
            share = 0.2 if self._rate else 1.0
            commands = (progress.commands - last.commands) / (now - before)
            marks = (progress.marks - last.marks) / (now - before)
            self._rate += share * (commands - self._rate)
            self._marks_rate += share * (marks - self._marks_rate)
        self._last = (now, progress)

    def _line(self, progress: Progress) -> str:
        return (
            f"{progress.marks}/{progress.all_marks} reports and closes, "
            f"{self._rate:.0f} commands/s, log at {progress.at:%Y-%m-%d %H:%M}, "
            f"{self._left(progress)} left"
        )

    def _left(self, progress: Progress) -> str:
        if not self._marks_rate:
            return "?"
        seconds = round((progress.all_marks - progress.marks) / self._marks_rate)
        return f"{seconds // 60}:{seconds % 60:02}"


def _bar(progress: Progress) -> str:
    full = WIDTH * progress.marks // max(1, progress.all_marks)
    return "█" * full + "░" * (WIDTH - full)
