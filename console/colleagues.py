"""轉交: the colleagues who could take a case, as the server tells them, in words to choose from."""

from typing import NamedTuple

from PySide6.QtCore import QObject, Signal, Slot

from casework.enquiries import Colleague, ColleaguesQuery, ColleaguesReply
from casework.terms import CaseId, Role
from console.names import Names
from console.picture import Picture, Replied
from console.wording import tr

HERE, AWAY = "●", "○"


class Found(NamedTuple):
    """The colleagues for a case, who is present first; None with the code of why the server could
    not say."""

    case: CaseId
    colleagues: tuple[Colleague, ...] | None
    code: str = ""


class Colleagues(QObject):
    """Asks; `found` brings what is answered."""

    found = Signal(object)
    """`Found`."""

    def __init__(self, picture: Picture, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._picture = picture
        self._waiting: dict[tuple[int, int], CaseId] = {}
        picture.replied.connect(self._replied)

    def ask(self, case: CaseId, role: Role) -> None:
        """Who could take this case from the one who has it in this post?"""
        ref = self._picture.question(ColleaguesQuery(case=case, role=role), case)
        if ref is None:
            self.found.emit(Found(case, None, "link.lost"))
        else:
            self._waiting[ref] = case

    @Slot(object)
    def _replied(self, reply: Replied) -> None:
        case = self._waiting.pop(reply.ref, None)
        if case is None:
            return
        body = reply.body
        found = body.colleagues if isinstance(body, ColleaguesReply) else None
        self.found.emit(Found(case, found, reply.code))


def in_words(of: Colleague, names: Names) -> str:
    """Name and sign-in name, post and area, whether at a seat now, how much they have in hand."""
    areas = tr(", ").join(names.area(area) for area in of.areas)
    sign, presence = (HERE, tr("present")) if of.present else (AWAY, tr("not signed in"))
    busy = tr("{n} in hand", n=of.in_hand) if of.in_hand else ""
    told = filter(None, (f"{of.name} ({of.user})", of.post, areas, presence, busy))
    return f"{sign} {' · '.join(told)}"


def options(found: Found, names: Names) -> tuple[tuple[object, str], ...]:
    """The answers to choose from."""
    return tuple((each.user, in_words(each, names)) for each in found.colleagues or ())
