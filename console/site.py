"""One server's log as a desk sees it: who is signed in, its rule book, its clock, its cases."""

from collections import deque
from datetime import datetime

from backend_client.log_clock import LogClock
from backend_client.notices import LinkState
from casework.case import Case
from casework.decider import Actor
from casework.rulebook import RuleBook
from casework.terms import CaseId, LogId
from casework.wire import Welcome
from console.names import Names

MOST_LAGS = 2_000


class Site:
    """What the picture keeps of one server."""

    def __init__(self, server: str) -> None:
        self.server = server
        self.link = LinkState.CONNECTING
        self.code = ""
        self.awaits_person = False
        """Nobody has signed in here yet: no link is being made."""
        self.welcome: Welcome | None = None
        self.rules: RuleBook | None = None
        self.saved_at: datetime | None = None
        self.names = Names(None)
        self.clock = LogClock()
        self.milli_speed = 1000
        self.heard: float | None = None
        self.cases: dict[CaseId, Case] = {}
        self.log = LogId("")
        self.complete = False
        self.lags: deque[float] = deque(maxlen=MOST_LAGS)
        """Seconds between a change at the server and here, the latest last."""

    @property
    def actor(self) -> Actor | None:
        """The person signed in, once the server has said who."""
        if self.welcome is None:
            return None
        return Actor(user=self.welcome.user, grants=self.welcome.grants)

    def take_rules(self, rules: RuleBook) -> None:
        """Use this rule book's names and numbers."""
        self.rules = rules
        self.names = Names(rules)
