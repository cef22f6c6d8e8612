"""Whom each case of a set would get, as the server proposes now: so that the preview names them."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal, Slot

from casework.enquiries import (
    InspectorsQuery,
    InspectorsReply,
    Proposed,
    ProposedQuery,
    ProposedReply,
)
from casework.terms import CaseId, UserId
from console.inspectors import EVERYBODY
from console.picture import Picture, Replied

AT_ONCE = 500


class Proposals(QObject):
    """Asks for the cases of one set; `changed` when somebody is known."""

    changed = Signal()

    def __init__(self, picture: Picture, parent: QObject) -> None:
        super().__init__(parent)
        self._picture = picture
        self._waiting: set[tuple[int, int]] = set()
        self.by_case: dict[CaseId, Proposed] = {}
        self.names: dict[UserId, str] = {}
        picture.replied.connect(self._replied)

    @property
    def is_waiting(self) -> bool:
        """Whether an answer is still to come."""
        return bool(self._waiting)

    def ask(self, cases: Sequence[CaseId]) -> None:
        """Whom would these get, and who else is there? What was known of another set is gone."""
        self.by_case, self.names, self._waiting = {}, {}, set()
        for start in range(0, len(cases), AT_ONCE):
            part = tuple(cases[start : start + AT_ONCE])
            self._wait(self._picture.question(ProposedQuery(cases=part), part[0]))
        if cases:
            self._wait(self._picture.question(InspectorsQuery(limit=EVERYBODY), cases[0]))

    def _wait(self, ref: tuple[int, int] | None) -> None:
        self._waiting |= {ref} if ref is not None else set()

    @Slot(object)
    def _replied(self, reply: Replied) -> None:
        if reply.ref not in self._waiting:
            return
        self._waiting.discard(reply.ref)
        match reply.body:
            case ProposedReply(proposed=found):
                self.by_case |= {each.case: each for each in found}
                self.names |= {each.user: each.name for each in found}
            case InspectorsReply(inspectors=rows):
                self.names |= {row.user: row.name for row in rows}
        self.changed.emit()
