"""查詢: asking every server that is at hand for a case, and what they found."""

from typing import NamedTuple

from PySide6.QtCore import QObject, Signal, Slot

from casework.finding import LONGEST_WANTED, FindQuery, FindReply, FoundCase
from console.picture import Picture, Replied


class Found(NamedTuple):
    """What is known of a text: the cases in the order of the servers. `more`: not all are here.
    `code` says why a server could not say, "" when all did."""

    text: str
    cases: tuple[FoundCase, ...] = ()
    more: bool = False
    code: str = ""


class Finding(QObject):
    """One text at a time: the answers to an earlier one are passed over."""

    found = Signal(object)
    """`Found`, once all have answered."""

    def __init__(self, picture: Picture, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._picture = picture
        self._waiting: set[tuple[int, int]] = set()
        self._so_far = Found("")
        picture.replied.connect(self._replied)

    def look(self, text: str) -> None:
        """Ask for a text."""
        query = FindQuery(text=text[:LONGEST_WANTED])
        self._waiting = set(self._picture.question_all(query))
        self._so_far = Found(text, code="" if self._waiting else "link.lost")
        if not self._waiting:
            self.found.emit(self._so_far)

    def forget(self) -> None:
        """Nothing is looked for any more."""
        self._waiting = set()

    @Slot(object)
    def _replied(self, reply: Replied) -> None:
        if reply.ref not in self._waiting:
            return
        self._waiting.discard(reply.ref)
        so_far, body = self._so_far, reply.body
        if isinstance(body, FindReply):
            cases, more = (*so_far.cases, *body.cases), so_far.more or body.more
            self._so_far = so_far._replace(cases=cases, more=more)
        else:
            self._so_far = so_far._replace(code=reply.code)
        if not self._waiting:
            self.found.emit(self._so_far)
