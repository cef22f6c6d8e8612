"""People by name: cases and refusals name them by sign-in name, the server tells what they are
called to whoever may know it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

from PySide6.QtCore import QObject, Signal

from casework.case import Case
from casework.enquiries import NamesQuery, NamesReply, PersonName
from casework.queries import Query
from casework.replies import ReplyBody
from casework.terms import CaseId, Role, UserId
from casework.wire import Welcome

MOST = 200
"""So many names are asked for in one question."""
_PEOPLE = ("by", "user", "inspector")
"""Details of refusals that name a person."""
Question = Callable[[Query, CaseId | None], tuple[int, int] | None]


class Staff(QObject):
    """What people are called, by the log of the case that names them."""

    changed = Signal()
    """Names came."""

    def __init__(self, question: Question, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._question = question
        self._known: dict[tuple[str, UserId], PersonName] = {}
        self._asked: set[tuple[str, UserId]] = set()
        self._waiting: dict[tuple[int, int], str] = {}
        self._names_inspectors = False

    def name(self, user: UserId | str, case: CaseId) -> str:
        """A person's name; the sign-in name of somebody this desk does not know (yet)."""
        found = self._known.get((_log(case), UserId(user)))
        return found.name if found is not None else str(user)

    def in_full(self, user: UserId, case: CaseId) -> str:
        """Name and post."""
        found = self._known.get((_log(case), user))
        post = found.post if found is not None else ""
        return " ".join(filter(None, (self.name(user, case), post)))

    def named(self, detail: Mapping[str, str], case: CaseId | None) -> dict[str, str]:
        """A refusal's details with people by name."""
        if case is None:
            return dict(detail)
        return {
            key: self.name(value, case) if key in _PEOPLE else value
            for key, value in detail.items()
        }

    def learn(self, cases: Iterable[Case]) -> None:
        """Ask for those whom these cases name and whom this desk has not asked for."""
        new: defaultdict[str, dict[UserId, CaseId]] = defaultdict(dict)
        for case in cases:
            for user in self._people_of(case):
                if (_log(case.id), user) not in self._asked:
                    new[_log(case.id)][user] = case.id
        for log, people in new.items():
            self._ask(log, tuple(people)[:MOST], next(iter(people.values())))

    def take(self, ref: tuple[int, int], body: ReplyBody | None) -> None:
        """An answer came, perhaps to a question of ours."""
        log = self._waiting.pop(ref, None)
        if log is not None and isinstance(body, NamesReply):
            self._known |= {(log, each.user): each for each in body.people}
            self.changed.emit()

    def meet(self, welcome: Welcome) -> None:
        """Somebody signed in: the own name is known; other rights may mean other names."""
        self.forget(welcome.log)
        me = PersonName(user=welcome.user, name=welcome.name)
        self._known[welcome.log, welcome.user] = me
        self._asked.add((welcome.log, welcome.user))
        roles = {grant.role for grant in welcome.grants}
        self._names_inspectors = roles <= {Role.UNIT, Role.INSPECTOR, Role.OBSERVER}

    def forget(self, log: str) -> None:
        """What was known of a log's people."""
        self._known = {key: each for key, each in self._known.items() if key[0] != log}
        self._asked = {key for key in self._asked if key[0] != log}

    def _people_of(self, case: Case) -> Iterable[UserId]:
        """Who has it in hand; the inspector for those who may not ask for inspectors."""
        if case.claim is not None:
            yield case.claim.user
        if self._names_inspectors and case.inspector is not None:
            yield case.inspector

    def _ask(self, log: str, users: tuple[UserId, ...], case: CaseId) -> None:
        ref = self._question(NamesQuery(users=users), case)
        if ref is not None:
            self._waiting[ref] = log
            self._asked |= {(log, user) for user in users}


def _log(case: CaseId) -> str:
    return case.rsplit("-", 2)[0]
