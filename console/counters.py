"""What an off-screen run saw: cases received, dispatched, closed, and how far behind it was."""

from statistics import median
from typing import NamedTuple

from PySide6.QtCore import QObject, Slot

from casework.terms import CaseId, State
from console.picture import Change, Picture


class Seen(NamedTuple):
    """Counts since the first complete picture; `lag_ms` is the median, None when nothing came."""

    received: int
    dispatched: int
    closed: int
    open: int
    lag_ms: float | None


class Counters(QObject):
    """Counts the steps that cases take while it watches."""

    def __init__(self, picture: Picture) -> None:
        super().__init__()
        self._picture = picture
        self._states: dict[CaseId, State] = {}
        self._received = self._dispatched = self._closed = 0
        picture.changed.connect(self._take)

    @Slot(object)
    def _take(self, change: Change) -> None:
        begun = all(site.complete for site in self._picture.sites)
        for case in change.upserted:
            before = self._states.get(case.id)
            self._states[case.id] = case.state
            if not begun or before is case.state:
                continue
            self._received += before is None and case.state is State.REGISTERED
            self._dispatched += case.state is State.DISPATCHED and before is State.FILED
            self._closed += case.state is State.CLOSED

    def seen(self) -> Seen:
        """The counts so far."""
        lags = [lag for site in self._picture.sites for lag in site.lags]
        live = sum(not case.ended for case in self._picture.cases())
        lag = median(lags) * 1000 if lags else None
        return Seen(self._received, self._dispatched, self._closed, live, lag)
