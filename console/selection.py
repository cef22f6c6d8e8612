"""The one open case, and the set that acts are done on at once (批量處理): queue, map, timeline and
detail agree because they all ask here."""

from collections.abc import Iterable

from PySide6.QtCore import QObject, Signal

from casework.terms import CaseId


class Selection(QObject):
    """Which case is open on this desk, and which are marked. `moved` and `marked` are told once a
    change, never for the same. Marks are case numbers: they stay while rows move or leave."""

    moved = Signal(object)
    """`CaseId | None`."""
    marked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._case: CaseId | None = None
        self._marks: frozenset[CaseId] = frozenset()

    @property
    def case(self) -> CaseId | None:
        """The selected case; it may have left this desk's sight since."""
        return self._case

    def select(self, case: CaseId | None) -> None:
        """Select a case everywhere."""
        if case == self._case:
            return
        self._case = case
        self.moved.emit(case)

    @property
    def marks(self) -> frozenset[CaseId]:
        """The marked cases; some may have left this desk's sight since."""
        return self._marks

    @property
    def batch(self) -> tuple[CaseId, ...]:
        """The set that acts are done on, by number; nothing while fewer than two are marked."""
        return tuple(sorted(self._marks)) if len(self._marks) > 1 else ()

    def mark(self, cases: Iterable[CaseId]) -> None:
        """Mark exactly these."""
        marks = frozenset(cases)
        if marks != self._marks:
            self._marks = marks
            self.marked.emit()
