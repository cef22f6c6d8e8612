"""A desk without a server: asks and questions are lists, notices are given by hand."""

from backend_client.notices import Changed, Fetched, Joined, LinkChanged, LinkState, Notice
from casework.case import Case
from casework.decider import Command
from casework.queries import CaseQuery, Query
from casework.terms import LogId, Role
from casework.wire import Welcome
from console.picture import Heard, Picture, Wish
from tests.console import cases


class Steady:
    """Our own clock in seconds, moved by hand."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


class FakeDesk:
    """A picture, what it sent, and the means to let a server speak."""

    def __init__(self, servers: int = 1) -> None:
        self.steady = Steady()
        self.sent: list[tuple[int, str, int, Role, Command]] = []
        self.questions: list[tuple[int, Query]] = []
        self.wishes: list[Wish] = []
        addresses = [f"ws://127.0.0.1:{8700 + number}" for number in range(servers)]
        self.picture = Picture(addresses, self._send, self._fetch, self.steady)

    def _send(self, *sent: object) -> str:
        self.sent.append(sent)  # type: ignore[arg-type]  # the picture's own five values
        return f"ask-{len(self.sent):04}"

    def _fetch(self, site: int, query: Query) -> int:
        self.questions.append((site, query))
        return len(self.questions)

    def hear(self, notice: Notice, site: int = 0) -> None:
        self.picture.hear(Heard(site, notice))

    def link(self, state: LinkState, code: str = "", site: int = 0) -> None:
        self.hear(LinkChanged(state=state, since=cases.NOW, code=code), site)

    def join(self, welcome: Welcome | None = None, site: int = 0) -> None:
        self.link(LinkState.LIVE, site=site)
        self.hear(Joined(welcome=welcome or cases.welcome(), rules=cases.rules()), site)

    def show(self, *shown: Case, log: LogId = cases.LOG, site: int = 0) -> None:
        self.hear(Changed(log=log, upserted=shown, number=9, at=cases.NOW), site)

    def answer_questions(self) -> None:
        """Open the case that was asked for last, whatever else was asked since."""
        asked = [
            (ref, site, query.case)
            for ref, (site, query) in enumerate(self.questions, 1)
            if isinstance(query, CaseQuery)
        ]
        ref, site, case = asked[-1]
        self.hear(Fetched(ref=ref, body=cases.detail(case, 300)), site)
