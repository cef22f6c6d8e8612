"""What persons ask for at this desk: on its way, durable but not seen yet, and what the last act
was."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from casework.acts import AddNote, MarkDelivered, MarkRead, ShowContact, TakeBack
from casework.case import Case
from casework.claims import TakeNext
from casework.decider import Command
from casework.photos import AttachPhoto
from casework.terms import CaseId, Role

_BESIDE = AddNote | AttachPhoto | MarkDelivered | MarkRead | ShowContact | TakeNext
"""After these the act before is still the last one: nothing of them is ever taken back."""


class Wish(NamedTuple):
    """What a person asks for: an offer's name for the eye, and its command. No case: a new one."""

    name: str
    case: CaseId | None
    role: Role
    command: Command
    batch: int = 0
    """Number of the act on several cases (批量處理) that it belongs to; 0: one by itself."""
    seen: int = 0
    """The case's version as the person saw it; 0: as this desk knows it when it is sent."""


class Refusal(NamedTuple):
    """A wish that the server, or the lost link, did not grant."""

    wish: Wish
    code: str
    detail: dict[str, str]


Ask = Callable[[Wish], None]


class _Pending(NamedTuple):
    wish: Wish
    version: int = 0
    """The stream's version once acknowledged; 0 while nobody has answered."""


class Wishes:
    """By the command's id, and by case."""

    def __init__(self) -> None:
        self._pending: dict[str, _Pending] = {}
        self._by_case: dict[CaseId | None, list[str]] = {}
        self.last_act: tuple[Wish, ...] = ()
        """The last act of this desk that is durable, on one case or several: what an undo would
        take back."""

    def of(self, case: CaseId | None) -> tuple[Wish, ...]:
        """What was asked for a case and is not seen as done yet."""
        return tuple(self._pending[ask_id].wish for ask_id in self._by_case.get(case, ()))

    def sent(self, ask_id: str, wish: Wish) -> None:
        """It is on its way."""
        self._put(ask_id, _Pending(wish))

    def answered(self, ask_id: str) -> Wish | None:
        """The wish that this command was; None when nobody waits for it."""
        pending = self._pop(ask_id)
        return pending.wish if pending is not None else None

    def durable(self, ask_id: str, wish: Wish, version: int) -> None:
        """It is done, but this desk's picture is older than `version`."""
        self._put(ask_id, _Pending(wish, version))

    def remember(self, wish: Wish) -> None:
        """It is done: the last act, alone or with those of its set; taken back, it is none."""
        last = self.last_act
        if isinstance(wish.command, _BESIDE):
            return
        if isinstance(wish.command, TakeBack):
            self.last_act = tuple(each for each in last if each.case != wish.case)
        elif wish.batch and last and last[0].batch == wish.batch:
            self.last_act = (*last, wish)
        else:
            self.last_act = (wish,)

    def settle(self, cases: Iterable[Case]) -> list[CaseId]:
        """Cases of which one more wish is seen as done now."""
        found = []
        for case in cases if self._pending else ():
            for ask_id in tuple(self._by_case.get(case.id, ())):
                version = self._pending[ask_id].version
                if version and case.version >= version:
                    self._pop(ask_id)
                    found.append(case.id)
        return found

    def forget(self) -> None:
        """Somebody else sits here."""
        self._pending.clear()
        self._by_case.clear()
        self.last_act = ()

    def _put(self, ask_id: str, pending: _Pending) -> None:
        self._pending[ask_id] = pending
        self._by_case.setdefault(pending.wish.case, []).append(ask_id)

    def _pop(self, ask_id: str) -> _Pending | None:
        pending = self._pending.pop(ask_id, None)
        if pending is not None:
            of_case = self._by_case[pending.wish.case]
            of_case.remove(ask_id)
            if not of_case:
                del self._by_case[pending.wish.case]
        return pending
