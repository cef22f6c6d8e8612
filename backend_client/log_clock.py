"""The log's clock, seen from here: the server's instants carried on by our own monotonic clock.

A message is never younger than it says, so one late frame must not set the clock back: the median
of the last eight offsets counts, of two the one less delayed, and the clock never runs backwards
within one history.
"""

from collections import deque
from datetime import UTC, datetime, timedelta
from statistics import median_high

SAMPLES = 8
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class LogClock:
    """Instants are aware UTC, `mono` seconds of a monotonic clock.

    `milli_speed` is how fast the log's clock runs (1000 = real time); at 0 records move it, and
    the latest instant heard is the time.
    """

    def __init__(self) -> None:
        self._offsets: deque[int] = deque(maxlen=SAMPLES)
        self._milli_speed = 1000
        self._latest = 0
        self._history = ("", "")

    @property
    def is_set(self) -> bool:
        """At least one instant was heard."""
        return bool(self._offsets)

    def join(self, log: str, epoch: str) -> None:
        """Another history has another time: it may well be earlier."""
        if (log, epoch) != self._history:
            self._history = (log, epoch)
            self._offsets.clear()
            self._latest = 0

    def hear(self, at: datetime, milli_speed: int, mono: float) -> None:
        """The server said that it is `at`, now."""
        if milli_speed != self._milli_speed:
            self._offsets.clear()
            self._milli_speed = milli_speed
        self._offsets.append((at - _EPOCH) // _MICROSECOND - self._run(mono))

    def _run(self, mono: float) -> int:
        return round(mono * 1_000_000) * self._milli_speed // 1000

    def now(self, mono: float) -> datetime:
        """The log's present instant.

        Raises:
            LookupError: no instant was heard yet.
        """
        if not self._offsets:
            raise LookupError("the log's clock is not known before the first Welcome")
        offset = max(self._offsets) if self._milli_speed == 0 else median_high(self._offsets)
        self._latest = max(self._latest, offset + self._run(mono))
        return _EPOCH + self._latest * _MICROSECOND
