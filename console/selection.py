"""The one selected case: queue, map, timeline and detail agree because they all ask here."""

from PySide6.QtCore import QObject, Signal

from casework.terms import CaseId


class Selection(QObject):
    """Which case is open on this desk. `moved` is told once a change, never for the same case."""

    moved = Signal(object)
    """`CaseId | None`."""

    def __init__(self) -> None:
        super().__init__()
        self._case: CaseId | None = None

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
