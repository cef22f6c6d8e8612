"""An act on a set under way: each case is asked for by itself, and its answer is kept.

The server counts commands by the second, so that they leave at its pace. What is asked and not
answered when the link is lost is asked again by the link under the same id, so that nothing is
done twice; what was not sent yet is listed as not sent.
"""

from collections import deque
from collections.abc import Mapping
from enum import StrEnum
from itertools import count
from types import MappingProxyType
from typing import NamedTuple

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from casework.terms import CaseId
from console.picture import Ask, Picture, Refusal, Wish

AT_ONCE = 40
"""Commands that leave together; a session may send 100 after a pause, and reads cases beside."""
EACH_TIME, EVERY_MS = 3, 200
"""Afterwards 15 a second; a session may send 20."""
TOO_FAST = "session.too_fast"
NOT_SENT = "link.lost"
_numbers = count(1)


class Standing(StrEnum):
    """How one case of the set stands."""

    WAITING = "waiting"
    """Not sent yet."""
    SENT = "sent"
    DONE = "done"
    REFUSED = "refused"


class Told(NamedTuple):
    """A case's standing, and, refused, why."""

    standing: Standing
    code: str = ""
    detail: Mapping[str, str] = MappingProxyType({})


class Running(QObject):
    """Sends and listens; tells each change once, and once that every case has its answer."""

    changed = Signal()
    ended = Signal()

    def __init__(
        self, name: str, wishes: tuple[Wish, ...], picture: Picture, ask: Ask, parent: QObject
    ) -> None:
        super().__init__(parent)
        self.name = name
        self._number = next(_numbers)
        self._picture, self._ask = picture, ask
        self._waiting = deque(wish._replace(batch=self._number) for wish in wishes)
        self.told: dict[CaseId, Told] = {
            wish.case: Told(Standing.WAITING) for wish in wishes if wish.case is not None
        }
        self._over = False
        self._pace = QTimer(self, interval=EVERY_MS)
        self._pace.timeout.connect(self._send_some)
        picture.granted.connect(self._granted)
        picture.refused.connect(self._refused)
        picture.sites_changed.connect(self._look_at_links)

    def start(self) -> None:
        """Send the first ones; the others follow."""
        self._send(AT_ONCE)
        if self._waiting:
            self._pace.start()
        self._tell()

    def among(self, *standings: Standing) -> tuple[CaseId, ...]:
        """The cases that stand so, by number."""
        return tuple(sorted(c for c, told in self.told.items() if told.standing in standings))

    @property
    def is_over(self) -> bool:
        """Whether every case has its answer."""
        return self._over

    # --- sending --------------------------------------------------------------------------------

    @Slot()
    def _send_some(self) -> None:
        self._send(EACH_TIME)
        self._tell()

    def _send(self, most: int) -> None:
        for _ in range(min(most, len(self._waiting))):
            wish = self._waiting.popleft()
            assert wish.case is not None  # a set consists of cases
            self.told[wish.case] = Told(Standing.SENT)
            self._ask(wish)
        if not self._waiting:
            self._pace.stop()

    # --- answers --------------------------------------------------------------------------------

    @Slot(object)
    def _granted(self, wish: Wish) -> None:
        if wish.batch == self._number and wish.case is not None:
            self.told[wish.case] = Told(Standing.DONE)
            self._tell()

    @Slot(object)
    def _refused(self, refused: Refusal) -> None:
        wish = refused.wish
        if wish.batch != self._number or wish.case is None:
            return
        if refused.code == TOO_FAST:
            self.told[wish.case] = Told(Standing.WAITING)
            self._waiting.append(wish)
            self._pace.start()
        else:
            self.told[wish.case] = Told(Standing.REFUSED, refused.code, refused.detail)
        self._tell()

    @Slot()
    def _look_at_links(self) -> None:
        """What was not sent when a link is lost is not sent at all; what somebody else's coming
        has made the desk forget will have no answer here."""
        for wish in tuple(self._waiting):
            if not self._picture.is_live(self._picture.site_of(wish.case)):
                self._waiting.remove(wish)
                self._close(wish.case, NOT_SENT)
        for case in self.among(Standing.SENT):
            if not any(each.batch == self._number for each in self._picture.pending(case)):
                self._close(case, "link.closed")
        self._tell()

    def _close(self, case: CaseId | None, code: str) -> None:
        if case is not None:
            self.told[case] = Told(Standing.REFUSED, code)

    def _tell(self) -> None:
        if self._over:
            return
        self.changed.emit()
        if not self.among(Standing.WAITING, Standing.SENT):
            self._over = True
            self._pace.stop()
            self.ended.emit()
