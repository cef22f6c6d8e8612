"""The server's clock: monotonic UTC in a real log, virtual in a practice one.

Nothing else on the server reads the time that is recorded.
"""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def whole_ms(at: datetime) -> datetime:
    """`at` cut to whole milliseconds, the grain of recorded instants."""
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def to_ms(at: datetime) -> int:
    """Milliseconds since 1970 UTC, exact."""
    since = at - _EPOCH
    return (since.days * 86_400 + since.seconds) * 1000 + since.microseconds // 1000


def from_ms(milliseconds: int) -> datetime:
    """The aware UTC instant."""
    return _EPOCH + timedelta(milliseconds=milliseconds)


class ServerClock:
    """Never goes back, whatever the wall clock does.

    A practice clock starts at `last`, runs `milli_speed` / 1000 virtual seconds a second, and with
    `by_record` is moved on by the records instead. Thread-safe.
    """

    def __init__(
        self,
        *,
        practice: bool,
        last: datetime,
        milli_speed: int = 1000,
        by_record: bool = False,
        wall: Callable[[], datetime] = lambda: datetime.now(UTC),
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._practice = practice
        self._wall = wall
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._last = whole_ms(last)
        self._base = self._last
        self._base_monotonic = monotonic()
        self._milli_speed = milli_speed
        self._by_record = by_record

    @property
    def milli_speed(self) -> int:
        """Virtual milliseconds a second; 1000 = real time, 0 = standing or moved by records."""
        if not self._practice:
            return 1000
        return 0 if self._by_record else self._milli_speed

    def now(self) -> datetime:
        """The instant to record, aware UTC, whole milliseconds, never before the last one."""
        with self._lock:
            self._last = max(self._last, whole_ms(self._reading()))
            return self._last

    def _reading(self) -> datetime:
        if not self._practice:
            return self._wall()
        if self._by_record:
            return self._last
        elapsed = self._monotonic() - self._base_monotonic
        return self._base + timedelta(milliseconds=elapsed * self._milli_speed)

    def step_to(self, claimed: datetime) -> None:
        """A record's instant moves a clock that is moved by records; never back."""
        if self._practice and self._by_record:
            with self._lock:
                self._last = max(self._last, whole_ms(claimed))

    def set_pace(self, milli_speed: int, *, by_record: bool) -> None:
        """Go on from the present instant at another pace."""
        now = self.now()
        with self._lock:
            self._base = now
            self._base_monotonic = self._monotonic()
            self._milli_speed = milli_speed
            self._by_record = by_record
