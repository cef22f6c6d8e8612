"""What fills the window below the strip: the desk, the people, or a card that asks."""

from functools import cached_property

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QStackedWidget, QWidget

from backend_client.notices import LinkState
from casework.procedures.account import ChangePassword
from casework.terms import Role, UserId
from console.panes.password import NewPassword, PasswordPane
from console.panes.people import PeoplePage
from console.panes.signin import SignInPane
from console.people import Answer, People
from console.picture import Picture
from console.refusals import refusal
from widgets.theme import Theme


class Pages(QStackedWidget):
    """One page at a time; `went_home` when the desk or the people come back."""

    went_home = Signal()
    sign_in_asked = Signal()
    refused = Signal(str)
    """In words why a page does not open."""

    def __init__(
        self, picture: Picture, people: People, theme: Theme, desk: QWidget, sign_in: SignInPane
    ) -> None:
        super().__init__()
        self._picture, self._accounts = picture, people
        self.desk, self.sign_in = desk, sign_in
        self._theme, self.password = theme, PasswordPane(theme)
        self._forced = False
        self._who: list[tuple[str, UserId]] = []
        for page in (self.desk, self.sign_in, self.password):
            self.addWidget(page)
        self.password.wanted.connect(self._change)
        self.password.left.connect(self._leave_password)
        people.answered.connect(self._answered)
        people.changed.connect(self._rights_changed)

    # --- where a person belongs -----------------------------------------------------------------

    @property
    def home(self) -> QWidget:
        """The desk; who keeps accounts only sees no case and belongs to the people."""
        roles = {
            grant.role
            for site in self._picture.sites
            if site.welcome is not None
            for grant in site.welcome.grants
        }
        return self.people if roles == {Role.ADMINISTRATOR} else self.desk

    def go_home(self) -> None:
        """The page where this person works."""
        self._forced = False
        home = self.home
        self.setCurrentWidget(home)
        if home is not self.desk:
            self.people.open()
        self.went_home.emit()

    def signed_in(self) -> None:
        """Somebody stands at a server: a card that asked gives way, and so does the page of
        somebody else; any other page stays."""
        who = [(site.server, site.welcome.user) for site in self._picture.sites if site.welcome]
        forced = self._forced and self.currentWidget() is self.password
        if who != self._who or self.currentWidget() is self.sign_in or forced:
            self._who = who
            self.go_home()

    def must_change(self) -> bool:
        """Ask for an own password where somebody else gave it; whether that is so."""
        for number, site in enumerate(self._picture.sites):
            if site.link is LinkState.LIVE and site.welcome and site.welcome.must_change:
                if not (self._forced and self.currentWidget() is self.password):
                    self._forced = True
                    self.setCurrentWidget(self.password)
                    self.password.begin(number, forced=True)
                return True
        return False

    def speak(self) -> None:
        """The language is another; the desk's panes say their words themselves."""
        for number in range(self.count()):
            page = self.widget(number)
            if isinstance(page, PeoplePage | PasswordPane | SignInPane):
                page.speak()

    # --- the people -----------------------------------------------------------------------------

    @cached_property
    def people(self) -> PeoplePage:
        """Made when first asked for: few ever see it, and every start would wait for it."""
        page = PeoplePage(self._accounts, self._theme)
        page.left.connect(self.leave_people)
        self.addWidget(page)
        return page

    @property
    def at_people(self) -> bool:
        """Whether the people are in sight."""
        return isinstance(self.currentWidget(), PeoplePage)

    @Slot()
    def show_people(self) -> None:
        """The people, if the person may see them; again: back to the desk."""
        if self.at_people:
            self.leave_people()
        elif self.currentWidget() is not self.desk:
            return
        elif self._accounts.administers:
            self.setCurrentWidget(self.people)
            self.people.open()
        else:
            self.refused.emit(refusal("people.not_yours"))

    @Slot()
    def leave_people(self) -> None:
        """Back to the desk, if this person has one."""
        if self.home is self.desk:
            self.go_home()

    @Slot()
    def _rights_changed(self) -> None:
        if self.at_people and not self._accounts.administers:
            self.go_home()

    # --- one's own password ---------------------------------------------------------------------

    @Slot()
    def show_password(self) -> None:
        """Change one's own password at will."""
        if any(site.welcome is not None for site in self._picture.sites) and not self._forced:
            self.setCurrentWidget(self.password)
            self.password.begin(0, forced=False)

    @Slot(object)
    def _change(self, wish: NewPassword) -> None:
        self._accounts.change_password(wish.site, wish.old, wish.new)

    @Slot(object)
    def _answered(self, answer: Answer) -> None:
        if not isinstance(answer.command, ChangePassword):
            return
        if answer.code:
            self.password.refused(answer.code, answer.detail)
        elif not self._forced:
            self.password.changed()

    @Slot()
    def _leave_password(self) -> None:
        if self._forced:
            self._forced = False
            self.sign_in_asked.emit()
        else:
            self.go_home()
