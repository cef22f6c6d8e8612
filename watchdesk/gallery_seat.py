"""A seat of the gallery: the real window, signed in to a server that is only played here."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from PySide6.QtCore import QObject, QTimer

from backend_client.drafts import Drafts
from backend_client.notices import (
    Answered,
    Changed,
    Fetched,
    Joined,
    LinkChanged,
    LinkState,
    Moved,
    Notice,
)
from casework.case import Case
from casework.decider import Grant
from casework.enquiries import (
    ColleaguesQuery,
    ColleaguesReply,
    InspectorsQuery,
    InspectorsReply,
    NamesQuery,
    NamesReply,
)
from casework.finding import FindQuery, FindReply, FoundBy, FoundCase
from casework.queries import (
    AccountsQuery,
    AddressQuery,
    BoxQuery,
    CaseQuery,
    ComponentQuery,
    NearQuery,
    Query,
)
from casework.replies import AccountsReply, AddressReply, EarlierAddress, ReplyBody
from casework.terms import Digest, Role, UnitId, UserId
from casework.wire import Ack, Nack, Welcome
from console.album import Album
from console.people import People
from console.picture import Heard, Picture, Wish
from console.settings import Settings
from console.window import DeskWindow
from watchdesk.gallery_city import LOG, Morning
from watchdesk.gallery_people import accounts, colleagues, names
from widgets.theme import Theme

SERVER = "ws://127.0.0.1:8765"
PROTOCOL = 1
_FOUND, _EARLIER = 24, 4


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
        self._morning, self.folder = morning, folder
        self.register = morning.register
        self._asked = 0
        self._tells = self._tellers()
        self.last = ""
        self.wishes: list[Wish] = []
        """What the window asked for."""
        self.picture = Picture([SERVER], self._send, self._fetch, lambda: 0.0)
        self.people = People(self.picture, self._send, self._fetch, self)
        self.album = Album(self.picture, self.picture.ask, download=self._download)
        self.drafts = Drafts(folder / "seat.drafts")
        self.window = DeskWindow(
            self.picture,
            self._wish,
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

    def _wish(self, wish: Wish) -> None:
        self.wishes.append(wish)
        self.picture.ask(wish)

    def _send(self, *_: object, **__: object) -> str:
        """An act waits for ever: nothing changes under a picture."""
        self._asked += 1
        self.last = f"gallery-{self._asked}"
        return self.last

    def grant_last(self, stream: str = "", once: str = "") -> None:
        """The played server answers what was asked last: it is done."""
        ack = Ack(id=self.last, log=LOG, number=1, stream=stream, version=1, once=once)
        self.hear(Answered(id=self.last, answer=ack))

    def refuse_last(self, code: str, /, **detail: str) -> None:
        """The played server refuses what was asked last."""
        nack = Nack(id=self.last, code=code, detail=detail)
        self.hear(Answered(id=self.last, answer=nack))

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
        """What a server of this morning would tell; None to what it knows nothing of."""
        tell = self._tells.get(type(query))
        return tell(query) if tell is not None else None

    def _tellers(self) -> dict[type, Callable[[Any], ReplyBody]]:
        morning = self._morning
        return {
            AccountsQuery: lambda _: AccountsReply(accounts=accounts(morning.at)),
            AddressQuery: lambda asked: self._earlier(asked.text),
            BoxQuery: lambda asked: morning.register.marks(asked.box, asked.limit),
            CaseQuery: lambda asked: morning.detail(asked.case),
            ColleaguesQuery: lambda asked: ColleaguesReply(colleagues=colleagues(asked.role)),
            ComponentQuery: lambda asked: morning.register.by_id(asked.ids),
            FindQuery: lambda asked: self._found(asked.text),
            InspectorsQuery: self._inspectors,
            NamesQuery: lambda _: NamesReply(people=(*names(), *morning.field.names())),
            NearQuery: lambda asked: morning.register.near(asked.point, asked.code, asked.limit),
        }

    def _inspectors(self, asked: InspectorsQuery) -> InspectorsReply:
        field, cases = self._morning.field, self._morning.cases
        lived = self._morning.lives.get(asked.case) if asked.case is not None else None
        found = field.ranked(lived.case, cases) if lived is not None else field.rows(cases)
        return InspectorsReply(inspectors=found[: asked.limit])

    def _earlier(self, text: str) -> AddressReply:
        """Addresses of earlier cases that hold the text."""
        found = [
            EarlierAddress(case=each.case.id, address=each.texts.address, point=each.case.point)
            for each in self._morning.lives.values()
            if each.case.point is not None and text in each.texts.address
        ]
        return AddressReply(addresses=tuple(found[:_EARLIER]))

    def _found(self, text: str) -> FindReply:
        """The latest cases that have this in their address."""
        having = [
            each for each in reversed(self._morning.lives.values()) if text in each.texts.address
        ]
        cases = tuple(
            FoundCase(case=each.case, by=FoundBy.ADDRESS, address=each.texts.address)
            for each in having[:_FOUND]
        )
        return FindReply(cases=cases, more=len(having) > _FOUND)
