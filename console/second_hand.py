"""The one second hand of the window: all that counts down is told by it, at the same moment.

With a timer each, a case's row and its head could stand a second apart.
"""

from collections.abc import Callable
from math import floor

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

_LEAST_MS = 20
"""So soon it strikes again at the earliest: a timer may be a little early."""


class SecondHand(QObject):
    """Strikes just after each full second of the desk's own clock."""

    struck = Signal()

    def __init__(self, steady: Callable[[], float], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._steady = steady
        self._timer = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._strike)
        self._wait()

    def at(self) -> float:
        """The last full second of the desk's own clock."""
        return float(floor(self._steady()))

    @Slot()
    def _strike(self) -> None:
        self._wait()
        self.struck.emit()

    def _wait(self) -> None:
        left = 1 - (self._steady() - self.at())
        self._timer.start(max(round(1000 * left), _LEAST_MS))
