"""What this desk knows: the cases it may see, how each link stands, and what waits for an answer.

The replica owns the state; the picture holds references for showing and turns a link's notices
into a few plain signals, so that every pane is told the same. Several servers are several logs
in one picture: a case's number says which.
"""

import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import NamedTuple

from PySide6.QtCore import QObject, Signal, Slot

from backend_client.notices import (
    Answered,
    Changed,
    Fetched,
    Joined,
    LinkChanged,
    LinkState,
    Notice,
    Remembered,
    Tick,
)
from casework.acts import ReportCase
from casework.case import Case
from casework.claims import TakeNext
from casework.decider import Command, case_stream
from casework.procedures.log import SetPace
from casework.queries import AddressQuery, CaseQuery, Query
from casework.replies import AddressReply, CaseDetail, EarlierAddress, ReplyBody
from casework.rulebook import RuleBook
from casework.rules import classification
from casework.scheme import CaseClass
from casework.terms import CENTRE_ROLES, CaseId, Role, UserId
from casework.wire import Ack, Nack, Welcome
from console.clocks import soon_percent
from console.names import Names
from console.second_hand import SecondHand
from console.site import Site
from console.staff import Staff
from console.wishes import Ask, Refusal, Wish, Wishes

__all__ = ["Ask", "Change", "Picture", "Refusal", "Wish"]

SILENT_SECONDS = 12.0
"""A link that says nothing for so long is shown as lost, whatever it believes of itself."""
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


class Heard(NamedTuple):
    """A notice with the number of the server it came from, and when: seconds of our own steady
    clock, None for now."""

    site: int
    notice: Notice
    came: float | None = None


class Change(NamedTuple):
    """Cases that came or changed, and those that left this desk's sight."""

    upserted: tuple[Case, ...]
    gone: tuple[CaseId, ...]


class Reported(NamedTuple):
    """A report that is durable, and the case it opened."""

    wish: Wish
    case: CaseId


class Addresses(NamedTuple):
    """What earlier cases know of a typed place; none when the server could not say."""

    text: str
    found: tuple[EarlierAddress, ...]


class Opened(NamedTuple):
    """A case with its texts and history, or the code of why not."""

    case: CaseId
    detail: CaseDetail | None
    code: str


class Replied(NamedTuple):
    """The answer to a `question`: a body, or the code of why not."""

    ref: tuple[int, int]
    body: ReplyBody | None
    code: str


Send = Callable[[int, str, int, Role, Command], str]


class Picture(QObject):
    """All sites together. Signals carry frozen values only."""

    changed = Signal(object)
    """`Change`."""
    sites_changed = Signal()
    """A link, a person, a rule book or a clock's speed is another now."""
    pending_changed = Signal(object)
    """`CaseId | None` whose waiting acts are others now."""
    granted = Signal(object)
    """`Wish` that is durable."""
    refused = Signal(object)
    """`Refusal`."""
    taken = Signal(object)
    """`CaseId` that the server picked for who asked for the next one."""
    opened = Signal(object)
    """`Opened`."""
    replied = Signal(object)
    """`Replied`, to any question: who asked knows its own."""
    addresses = Signal(object)
    """`Addresses`: where earlier cases were."""
    reported = Signal(object)
    """`Reported`: the case that a report opened."""

    def __init__(
        self,
        servers: Iterable[str],
        send: Send,
        fetch: Callable[[int, Query], int],
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__()
        self.sites = [Site(server) for server in servers]
        self._send, self._fetch, self._steady = send, fetch, steady
        self.second_hand = SecondHand(steady, self)
        self._by_log: dict[str, Site] = {}
        self._wishes = Wishes()
        self.staff = Staff(self.question, self)
        """People by name."""
        self._asked: dict[tuple[int, int], CaseId] = {}
        self._looked_for: dict[tuple[int, int], str] = {}
        self._looked_up: dict[CaseId, Case] = {}

    # --- what panes ask ---------------------------------------------------------------------

    def site_of(self, case: CaseId | None) -> Site:
        """The site whose log filed the case; the first one for no case."""
        log = case.rsplit("-", 2)[0] if case else ""
        return self._by_log.get(log, self.sites[0])

    def case(self, case: CaseId | None) -> Case | None:
        """A case by its number, None when this desk does not see it."""
        return self.site_of(case).cases.get(case) if case else None

    def known(self, case: CaseId | None) -> Case | None:
        """A case at hand, or one that was looked up, as it was last told."""
        return self.case(case) or (self._looked_up.get(case) if case else None)

    def is_looked_back_at(self, case: Case) -> bool:
        """Whether it ended so long ago that it is in sight only because somebody found it: it is
        read, and reopened, and nothing else is done with it."""
        return case.ended and self.case(case.id) is None

    def cases(self) -> Iterable[Case]:
        """Every case in sight."""
        for site in self.sites:
            yield from site.cases.values()

    @property
    def has_cases(self) -> bool:
        """Whether any site has told its cases: before that a count is unknown, not 0."""
        return any(site.complete or site.cases for site in self.sites)

    def case_class(self, case: Case) -> CaseClass | None:
        """小類 of a case in its log's rule book."""
        rules = self.site_of(case.id).rules
        return rules.case_class(case.kind, case.code) if rules is not None else None

    def responsible(self, case: Case) -> classification.Responsible:
        """Who answers for a case by its rule book: the suggestion before a dispatch."""
        rules = self.site_of(case.id).rules
        if rules is None:
            return classification.Responsible(None, ())
        return classification.responsible(
            rules,
            case.kind,
            case.code,
            case.district,
            case.street,
            component=case.component_unit,
        )

    def number(self, case: CaseId) -> str:
        """案卷號 as people say it: with its log only where there are several."""
        return case if len(self.sites) > 1 else case.partition("-")[2] or case

    def names(self, case: CaseId | None = None) -> Names:
        """Names of the rule book that the case lives by."""
        return self.site_of(case).names

    def now(self, case: CaseId | None = None) -> datetime:
        """The log's clock: aware UTC, virtual in practice; long ago before the first word. For no
        case that of the first server that was heard: another one's cases are late all the same."""
        return self._clock_at(self._steady(), case)

    def seen_now(self, case: CaseId | None = None) -> datetime:
        """The same at the last stroke of the second hand: what is counted down is counted by it,
        so that no two clocks in sight differ."""
        return self._clock_at(self.second_hand.at(), case)

    def _clock_at(self, steady: float, case: CaseId | None) -> datetime:
        asked = [self.site_of(case)] if case else self.sites
        clock = next((each.clock for each in asked if each.clock.is_set), asked[0].clock)
        return clock.now(steady) if clock.is_set else LONG_AGO

    def user(self, case: CaseId | None = None) -> UserId | None:
        """Who is signed in at the case's own log."""
        welcome = self.site_of(case).welcome
        return welcome.user if welcome is not None else None

    @property
    def works_at_centre(self) -> bool:
        """Whether the person at the first server holds a post of the centre's own links."""
        welcome = self.sites[0].welcome
        return welcome is not None and any(g.role in CENTRE_ROLES for g in welcome.grants)

    def soon_percent(self, case: CaseId | None = None) -> int:
        """Share of its span below which a clock is due soon, by the case's own log."""
        return soon_percent(self.case(case), self.site_of(case).rules)

    def ended_hours(self) -> int:
        """How long ended cases stay in sight, in hours, at the first server."""
        welcome = self.sites[0].welcome
        return welcome.ended_hours if welcome is not None else 24

    def age(self, site: Site) -> float | None:
        """Seconds since the server was last heard; None before the first word."""
        return None if site.heard is None else max(0.0, self._steady() - site.heard)

    def is_live(self, site: Site) -> bool:
        """Whether acts can be asked: the link stands and has not been silent for too long."""
        age = self.age(site)
        return site.link is LinkState.LIVE and age is not None and age < SILENT_SECONDS

    def pending(self, case: CaseId | None) -> tuple[Wish, ...]:
        """What was asked for a case and is not seen as done yet."""
        return self._wishes.of(case)

    @property
    def last_act(self) -> tuple[Wish, ...]:
        """The last act of this desk that is durable, on one case or several."""
        return self._wishes.last_act

    # --- what panes want --------------------------------------------------------------------

    def ask(self, wish: Wish) -> None:
        """Send a wish to the case's own server; it is pending until the server's answer."""
        site = self.site_of(wish.case)
        if not self.is_live(site):
            self.refused.emit(Refusal(wish, "link.lost", {}))
            return
        stream, version = "", 0
        case = self.known(wish.case)
        if isinstance(wish.command, SetPace):
            stream = f"log/{site.log}"
        elif case is not None:
            stream, version = case_stream(case.id), wish.seen or case.version
        number = self.sites.index(site)
        ask_id = self._send(number, stream, version, wish.role, wish.command)
        self._wishes.sent(ask_id, wish)
        self.pending_changed.emit(wish.case)

    def open(self, case: CaseId) -> None:
        """Fetch a case's texts and history."""
        site = self.site_of(case)
        number = self.sites.index(site)
        if self.is_live(site):
            self._asked[number, self._fetch(number, CaseQuery(case=case))] = case
        else:
            self.opened.emit(Opened(case, None, "link.lost"))

    def look_up(self, case: Case) -> None:
        """A case that was found: it can be opened though it is in no queue."""
        if self.case(case.id) is None:
            self._looked_up[case.id] = case

    def question_all(self, query: Query) -> list[tuple[int, int]]:
        """Ask every server at hand; `replied` brings the answers under what this returns."""
        live = (number for number, site in enumerate(self.sites) if self.is_live(site))
        return [(number, self._fetch(number, query)) for number in live]

    def question(self, query: Query, case: CaseId | None = None) -> tuple[int, int] | None:
        """Ask the server of a case, by default the first one; `replied` brings the answer under
        what this returns. None while the link is lost."""
        site = self.site_of(case) if case is not None else self.sites[0]
        number = self.sites.index(site)
        return (number, self._fetch(number, query)) if self.is_live(site) else None

    def look_for_address(self, text: str) -> None:
        """Ask the first server which earlier cases had such an address."""
        if self.is_live(self.sites[0]):
            self._looked_for[0, self._fetch(0, AddressQuery(text=text))] = text

    # --- what links say ---------------------------------------------------------------------

    @Slot(object)
    def hear(self, heard: Heard) -> None:
        """Take one notice of one server."""
        site = self.sites[heard.site]
        came = self._steady() if heard.came is None else heard.came
        match heard.notice:
            case LinkChanged() as notice:
                self._link_changed(site, notice)
            case Joined(welcome=welcome, rules=rules):
                self._joined(site, welcome, rules, came)
            case Remembered(saved_at=saved_at, rules=rules):
                self._remembered(site, saved_at, rules)
            case Changed() as notice:
                self._changed(site, notice)
            case Tick() as notice:
                self._ticked(site, notice, came)
            case Answered(id=ask_id, answer=answer):
                site.heard = self._steady()
                self._answered(ask_id, answer)
            case Fetched() as notice:
                self._fetched(heard.site, notice)

    def await_person(self, number: int) -> None:
        """Nobody is known who works there: the link waits for somebody to sign in."""
        self.sites[number].awaits_person = True
        self.sites_changed.emit()

    def leave(self, number: int) -> None:
        """Somebody else signs in there: forget person, cases and questions of that site."""
        site = self.sites[number]
        gone = tuple(site.cases)
        self.sites[number] = fresh = Site(site.server)
        self.staff.forget(site.log)
        self._by_log = {log: each for log, each in self._by_log.items() if each is not site}
        fresh.clock, fresh.log = site.clock, site.log
        self._asked = {key: case for key, case in self._asked.items() if key[0] != number}
        self._looked_for = {key: text for key, text in self._looked_for.items() if key[0] != number}
        self._wishes.forget()
        self._looked_up.clear()
        if gone:
            self.changed.emit(Change((), gone))
        self.sites_changed.emit()

    def _link_changed(self, site: Site, notice: LinkChanged) -> None:
        site.link, site.code = notice.state, notice.code
        if notice.state is LinkState.LIVE:
            site.heard = self._steady()
        self.sites_changed.emit()

    def _fetched(self, site: int, notice: Fetched) -> None:
        text = self._looked_for.pop((site, notice.ref), None)
        if text is not None:
            body = notice.body
            found = body.addresses if isinstance(body, AddressReply) else ()
            self.addresses.emit(Addresses(text, found))
        self.staff.take((site, notice.ref), notice.body)
        case = self._asked.pop((site, notice.ref), None)
        if case is not None:
            detail = notice.body if isinstance(notice.body, CaseDetail) else None
            if detail is not None and case in self._looked_up:
                self._looked_up[case] = detail.case
            self.opened.emit(Opened(case, detail, notice.code))
        self.replied.emit(Replied((site, notice.ref), notice.body, notice.code))

    def _remembered(self, site: Site, saved_at: datetime, rules: RuleBook | None) -> None:
        site.saved_at = saved_at
        if rules is not None:
            site.take_rules(rules)
        self.sites_changed.emit()

    def _joined(self, site: Site, welcome: Welcome, rules: RuleBook, came: float) -> None:
        site.welcome, site.log = welcome, welcome.log
        site.milli_speed = welcome.milli_speed
        site.take_rules(rules)
        self._by_log[welcome.log] = site
        site.heard, site.saved_at = came, None
        site.clock.join(welcome.log, welcome.epoch)
        site.clock.hear(welcome.at, welcome.milli_speed, site.heard)
        self.staff.meet(welcome)
        self.staff.learn(site.cases.values())
        self.sites_changed.emit()

    def _ticked(self, site: Site, tick: Tick, came: float) -> None:
        site.heard = came
        site.clock.hear(tick.at, tick.milli_speed, site.heard)
        if tick.milli_speed != site.milli_speed:
            site.milli_speed = tick.milli_speed
            self.sites_changed.emit()

    def _hear_clock(self, site: Site, notice: Changed) -> None:
        """A saved or record-driven picture moves the clock; a live one tells how late it came."""
        if not site.clock.is_set or site.milli_speed == 0:
            site.clock.hear(notice.at, 0, self._steady())
        elif notice.upserted and site.complete and site.link is LinkState.LIVE:
            behind = (site.clock.now(self._steady()) - notice.at).total_seconds()
            site.lags.append(max(0.0, behind * 1000 / site.milli_speed))

    def _changed(self, site: Site, notice: Changed) -> None:
        self._by_log[notice.log] = site
        if site.link is LinkState.LIVE:
            site.heard = self._steady()
        self._hear_clock(site, notice)
        gone = notice.gone
        if notice.reset:
            stays = {case.id for case in notice.upserted}
            gone = tuple(case for case in site.cases if case not in stays)
        for case_id in gone:
            site.cases.pop(case_id, None)
            self._looked_up.pop(case_id, None)
        for case in notice.upserted:
            self._looked_up.pop(case.id, None)
            site.cases[case.id] = case
        self.staff.learn(notice.upserted)
        self.changed.emit(Change(notice.upserted, gone))
        for settled in self._wishes.settle(notice.upserted):
            self.pending_changed.emit(settled)
        came, site.complete = notice.complete and not site.complete, notice.complete
        if came:
            self.sites_changed.emit()

    def _answered(self, ask_id: str, answer: Ack | Nack) -> None:
        wish = self._wishes.answered(ask_id)
        if wish is None:
            return
        if isinstance(answer, Nack):
            self.refused.emit(Refusal(wish, answer.code, answer.detail))
        else:
            self._wishes.remember(wish)
            self.granted.emit(wish)
            if isinstance(wish.command, TakeNext):
                self.taken.emit(CaseId(answer.stream.partition("/")[2]))
            if isinstance(wish.command, ReportCase):
                self.reported.emit(Reported(wish, CaseId(answer.stream.removeprefix("case/"))))
            case = self.case(wish.case)
            if case is None and wish.case in self._looked_up:
                self.open(wish.case)
            if case is not None and case.version < answer.version:
                # durable, but our picture is older: pending until it is seen
                self._wishes.durable(ask_id, wish, answer.version)
        self.pending_changed.emit(wish.case)
