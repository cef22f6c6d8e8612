"""A seat of the gallery: the real window, signed in to a server that is only played here."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QObject, QTimer

from backend_client.drafts import Drafts
from backend_client.notices import Changed, Fetched, Joined, LinkChanged, LinkState, Moved, Notice
from casework.case import Case
from casework.decider import Grant
from casework.enquiries import (
    Colleague,
    ColleaguesQuery,
    ColleaguesReply,
    InspectorsQuery,
    InspectorsReply,
    NamesQuery,
    NamesReply,
    PersonName,
)
from casework.finding import FindQuery, FindReply, FoundBy, FoundCase
from casework.terms import AreaId, Digest, Role, UnitId, UserId
from casework.wire import (
    AccountRow,
    AccountsQuery,
    AccountsReply,
    AddressQuery,
    AddressReply,
    BoxQuery,
    CaseQuery,
    ComponentsReply,
    MarksReply,
    NearQuery,
    Query,
    ReplyBody,
    Welcome,
)
from console.album import Album
from console.people import People
from console.picture import Heard, Picture
from console.settings import Settings
from console.window import DeskWindow
from watchdesk.gallery_city import LOG, Morning
from widgets.theme import Theme

SERVER = "ws://127.0.0.1:8765"
PROTOCOL = 1
_PEOPLE = (
    ("chen", "陈静", "受理员", (Grant(role=Role.ACCEPTOR),)),
    ("huang", "黄志伟", "园林绿化", (Grant(role=Role.UNIT, unit=UnitId("greening")),)),
    ("li", "李明", "派遣员", (Grant(role=Role.DISPATCHER, areas=(AreaId("440305"),)),)),
    ("wu", "吴建华", "监督员", (Grant(role=Role.INSPECTOR),)),
    ("zhou", "周国强", "值班长", (Grant(role=Role.SHIFT_LEADER), Grant(role=Role.ADMINISTRATOR))),
)
"""Invented."""
_FOUND = 24
_NOTHING: dict[type, ReplyBody] = {
    AddressQuery: AddressReply(addresses=()),
    BoxQuery: MarksReply(marks=()),
    NearQuery: ComponentsReply(components=()),
}
"""What is asked beside the cases: no register is kept."""


class Post(NamedTuple):
    """Who sits at the seat."""

    roles: tuple[Role, ...]
    unit: str = ""

    @property
    def grants(self) -> tuple[Grant, ...]:
        """The rights that go with it."""
        unit = UnitId(self.unit) if self.unit else None
        return tuple(Grant(role=r, unit=unit if r is Role.UNIT else None) for r in self.roles)

    def sees(self, case: Case) -> bool:
        """A unit sees the cases that were given to it, everybody else all."""
        return not self.unit or any(each.unit == self.unit for each in case.assignments)


class Seat(QObject):
    """The window with what it asks answered from the practice morning, one turn later."""

    def __init__(self, morning: Morning, theme: Theme, folder: Path) -> None:
        super().__init__()
        self._morning = morning
        self._asked = 0
        self.picture = Picture([SERVER], self._send, self._fetch, lambda: 0.0)
        self.people = People(self.picture, self._send, self._fetch, self)
        self.album = Album(self.picture, self.picture.ask, download=self._download)
        self.drafts = Drafts(folder / "seat.drafts")
        self.window = DeskWindow(
            self.picture,
            self.picture.ask,
            theme,
            Settings(folder / "seat.ini"),
            drafts=self.drafts,
            people=self.people,
            album=self.album,
        )

    def leave(self) -> None:
        """The window and all it holds go."""
        self.window.outputs.stop()
        self.window.close()
        self.window.deleteLater()
        self.drafts.close()
        self.deleteLater()

    # --- what the server would say --------------------------------------------------------------

    def hear(self, notice: Notice) -> None:
        """The played server says something."""
        heard = Heard(0, notice)
        self.picture.hear(heard)
        self.people.hear(heard)

    def link(self, state: LinkState, code: str = "") -> None:
        """The link stands otherwise now."""
        since = datetime(2008, 6, 12, 1, 40, tzinfo=UTC)
        self.hear(LinkChanged(state=state, since=since, code=code))

    def join(self, post: Post) -> None:
        """Somebody signs in."""
        rules = self._morning.rules
        welcome = Welcome(
            protocol=PROTOCOL,
            log=LOG,
            epoch="gallery",
            head=1,
            practice=True,
            city=rules.city,
            time_zone=rules.calendar.time_zone,
            at=self._morning.at,
            milli_speed=1000,
            user=UserId("zhou"),
            name="周国强",
            grants=post.grants,
            rules_version=1,
            rules_digest="",
            token="",
            resumes=False,
            ended_hours=24,
        )
        self.link(LinkState.LIVE)
        self.hear(Joined(welcome=welcome, rules=rules))

    def show_cases(self, post: Post) -> None:
        """The cases that the post sees arrive."""
        seen = tuple(case for case in self._morning.cases if post.sees(case))
        self.hear(Changed(log=LOG, upserted=seen, number=1, at=self._morning.at))

    def show_none(self) -> None:
        """The server has told all it knows: nothing."""
        self.hear(Changed(log=LOG, number=1, at=self._morning.at))

    # --- what the window asks -------------------------------------------------------------------

    def _send(self, *_: object, **__: object) -> str:
        """An act waits for ever: nothing changes under a picture."""
        self._asked += 1
        return f"gallery-{self._asked}"

    def _fetch(self, _site: int, query: Query) -> int:
        self._asked += 1
        number = self._asked
        self._later(lambda: self.hear(Fetched(ref=number, body=self._answer(query))))
        return number

    def _download(self, _site: int, digest: Digest) -> int:
        self._asked += 1
        moved = Moved(ref=self._asked, digest=digest, data=self._morning.picture(digest))
        self._later(lambda: self.album.hear(Heard(0, moved)))
        return self._asked

    def _later(self, tell: Callable[[], None]) -> None:
        QTimer.singleShot(0, self, tell)

    def _answer(self, query: Query) -> ReplyBody | None:
        match query:
            case CaseQuery(case=case):
                return self._morning.detail(case)
            case FindQuery():
                return self._found()
            case InspectorsQuery(case=case, limit=limit):
                lived = self._morning.lives.get(case) if case is not None else None
                field, cases = self._morning.field, self._morning.cases
                found = field.ranked(lived.case, cases) if lived is not None else field.rows(cases)
                return InspectorsReply(inspectors=found[:limit])
            case AccountsQuery():
                return AccountsReply(accounts=tuple(_account(*each) for each in _PEOPLE))
            case NamesQuery() | ColleaguesQuery():
                return _of_staff(query)
        return _NOTHING.get(type(query))

    def _found(self) -> FindReply:
        """The first cases of the morning, as if the text were a part of their addresses."""
        details = [self._morning.detail(case.id) for case in self._morning.cases[:_FOUND]]
        cases = tuple(
            FoundCase(case=each.case, by=FoundBy.ADDRESS, address=each.texts.address)
            for each in details
        )
        return FindReply(cases=cases, more=True)


def _of_staff(query: NamesQuery | ColleaguesQuery) -> ReplyBody:
    """The invented people by name, and those of them who share the asked post."""
    if isinstance(query, NamesQuery):
        named = (PersonName(user=UserId(u), name=n, post=p) for u, n, p, _ in _PEOPLE)
        return NamesReply(people=tuple(named))
    found = tuple(
        Colleague(user=UserId(user), name=name, post=post, present=True)
        for user, name, post, grants in _PEOPLE
        if any(grant.role is query.role for grant in grants)
    )
    return ColleaguesReply(colleagues=found)


def _account(user: str, name: str, post: str, grants: tuple[Grant, ...]) -> AccountRow:
    return AccountRow(
        user=UserId(user), version=1, name=name, post=post, grants=grants, has_password=True
    )
