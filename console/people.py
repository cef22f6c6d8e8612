"""Accounts as an administrator's desk knows them: asked for anew whenever the server says that
something is not as it was. Everybody's own password goes this way, too."""

from collections.abc import Callable
from typing import NamedTuple, Protocol

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from backend_client.notices import Answered, Fetched, Joined, Tick
from casework.decider import Command, Grant
from casework.enquiries import DepartureQuery, DepartureReply
from casework.procedures.account import ChangePassword
from casework.queries import AccountsQuery, Query
from casework.replies import AccountRow, AccountsReply
from casework.rulebook import RuleBook
from casework.terms import Role, UserId
from casework.wire import Ack, Passwords
from console.names import Names
from console.picture import Heard, Picture
from console.site import Site

SOON_MS = 300
"""Several changes at once are one question."""


class Answer(NamedTuple):
    """What the server said to a command about an account: a code refuses it, `once` is the
    one-time password that it made up."""

    user: str
    command: Command
    code: str = ""
    detail: dict[str, str] = {}  # noqa: RUF012  nobody changes it
    once: str = ""


class Send(Protocol):
    """`Bridge.ask`."""

    def __call__(  # noqa: PLR0917
        self,
        site: int,
        stream: str,
        base_version: int,
        role: Role,
        command: Command,
        passwords: Passwords | None = None,
    ) -> str: ...


class _Asked(NamedTuple):
    user: str
    command: Command


class People(QObject):
    """The accounts of the first server where the person signed in is an administrator."""

    departure = Signal(object)
    """`DepartureReply`: what somebody who goes would leave behind."""
    changed = Signal()
    """Accounts, or whether they may be seen at all."""
    answered = Signal(object)
    """`Answer`."""

    def __init__(
        self,
        picture: Picture,
        send: Send,
        fetch: Callable[[int, Query], int],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._picture, self._send, self._fetch = picture, send, fetch
        self.rows: dict[UserId, AccountRow] = {}
        self.known = False
        """The accounts have been told once."""
        self._told = 0
        self._number: int | None = None
        self._question = 0
        self._asked: dict[str, _Asked] = {}
        self._soon = QTimer(self, singleShot=True, interval=SOON_MS)
        self._soon.timeout.connect(self.refresh)
        picture.sites_changed.connect(self._follow_person)

    # --- what is known ------------------------------------------------------------------------

    @property
    def administers(self) -> bool:
        """Whether the person may keep accounts somewhere."""
        return self._number is not None

    @property
    def site(self) -> Site:
        """Where the accounts are kept."""
        return self._picture.sites[self._number or 0]

    @property
    def rules(self) -> RuleBook | None:
        """The rule book that says which areas, centres and units there are."""
        return self.site.rules

    @property
    def names(self) -> Names:
        """Its names."""
        return self.site.names

    @property
    def myself(self) -> UserId | None:
        """Sign-in name of the person at this desk."""
        return self.site.welcome.user if self.site.welcome is not None else None

    # --- what is wanted -----------------------------------------------------------------------

    @Slot()
    def refresh(self) -> None:
        """Ask for all accounts."""
        if self._number is not None and self._picture.is_live(self.site):
            self._question = self._fetch(self._number, AccountsQuery())

    def look_behind(self, user: UserId, grants: tuple[Grant, ...] = ()) -> bool:
        """Ask what stays behind if this person holds only `grants` (none: may sign in no more);
        whether the server can be asked now."""
        if self._number is None or not self._picture.is_live(self.site):
            return False
        self._fetch(self._number, DepartureQuery(user=user, grants=grants))
        return True

    def ask(
        self,
        command: Command,
        user: str = "",
        version: int = 0,
        passwords: Passwords | None = None,
    ) -> None:
        """Give a command about an account, "" to open one; `answered` tells what came of it."""
        if self._number is None or not self._picture.is_live(self.site):
            self.answered.emit(Answer(user, command, "link.lost"))
            return
        stream = f"account/{user}" if user else ""
        asked = self._send(self._number, stream, version, Role.ADMINISTRATOR, command, passwords)
        self._asked[asked] = _Asked(user, command)

    def change_password(self, number: int, old: str, new: str) -> None:
        """Change the password of the person signed in at a server."""
        site, command = self._picture.sites[number], ChangePassword()
        if site.welcome is None or not self._picture.is_live(site):
            self.answered.emit(Answer("", command, "link.lost"))
            return
        user, role = site.welcome.user, site.welcome.grants[0].role
        passwords = Passwords(old=old, new=new)
        asked = self._send(number, f"account/{user}", 0, role, command, passwords)
        self._asked[asked] = _Asked(user, command)

    # --- what the server says -----------------------------------------------------------------

    @Slot(object)
    def hear(self, heard: Heard) -> None:
        """Take one notice of one server."""
        match heard.notice:
            case Tick(people=people) if heard.site == self._number and people != self._told:
                self._told = people
                self._soon.start()
            case Joined() if heard.site == self._number:
                self.refresh()
            case Answered(id=asked, answer=answer):
                self._answer(asked, answer)
            case Fetched(ref=ref, body=AccountsReply(accounts=accounts)) if ref == self._question:
                self.rows = {row.user: row for row in accounts}
                self.known = True
                self.changed.emit()

            case Fetched(body=DepartureReply() as told):
                self.departure.emit(told)

    def _answer(self, asked: str, answer: object) -> None:
        about = self._asked.pop(asked, None)
        if about is None:
            return
        if isinstance(answer, Ack):
            self.answered.emit(Answer(about.user, about.command, once=answer.once))
            self._soon.start()
        else:
            code, detail = getattr(answer, "code", ""), getattr(answer, "detail", {})
            self.answered.emit(Answer(about.user, about.command, code, detail))

    @Slot()
    def _follow_person(self) -> None:
        number = next((n for n, site in enumerate(self._picture.sites) if _administers(site)), None)
        if number != self._number:
            self._number = number
            self.rows, self.known, self._told = {}, False, 0
            self.refresh()
            self.changed.emit()


def _administers(site: Site) -> bool:
    if site.welcome is None or site.welcome.must_change:
        return False
    return any(grant.role is Role.ADMINISTRATOR for grant in site.welcome.grants)
