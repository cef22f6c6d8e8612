"""Who sits here: the sign-in card comes when a server needs a person, one after the other."""

from PySide6.QtCore import QObject, Signal, Slot

from backend_client.notices import LinkState
from console.pages import Pages
from console.panes.signin import SignInPane
from console.picture import Picture
from console.turns import Turns


class SigningIn(QObject):
    """Shows the card and takes it away; the answer comes from the links."""

    arrived = Signal()
    """A person stands at the server that was asked for."""
    shown = Signal(bool)
    """Whether the card is in sight: it says itself what was refused."""

    def __init__(self, picture: Picture, pages: Pages, card: SignInPane, parent: QObject) -> None:
        super().__init__(parent)
        self._picture, self._pages, self._card = picture, pages, card
        self.turns = Turns()
        card.left.connect(self._leave)
        pages.sign_in_asked.connect(self.show)
        pages.currentChanged.connect(self._page_changed)
        picture.sites_changed.connect(self._sites_changed)

    @Slot()
    def show(self) -> None:
        """The sign-in card instead of the desk, for the server whose turn it is."""
        sites = self._picture.sites
        self._pages.setCurrentWidget(self._card)
        site = sites[self.turns.take()]
        self._card.ask_for(site.server, several=len(sites) > 1)
        self._card.begin(may_leave=any(each.welcome is not None for each in sites))

    def wants_person(self, site: int, user: str = "") -> None:
        """This server's credentials are not known: the card asks for them in its turn."""
        self._card.user.setText(user or self._card.user.text())
        self.turns.wait(site)
        self.show()
        self._picture.await_person(site)

    @Slot(int)
    def _page_changed(self, page: int) -> None:
        self.shown.emit(self._pages.widget(page) is self._card)

    @Slot()
    def _leave(self) -> None:
        self.turns.leave()
        self._pages.go_home()

    @Slot()
    def _sites_changed(self) -> None:
        before = self.turns.site
        unheard = self._unheard(before)
        passed_by = unheard and self._others(before)
        self._take_turns()
        if passed_by:
            self.turns.pass_by(before)
        if self._pages.must_change():
            return
        self._go_on(before, passed_by=passed_by)
        asked, now = self._picture.sites[before], self._picture.sites[self.turns.site]
        if unheard:
            self._card.unheard(asked.server, asked.code)
        if now.link is LinkState.REFUSED:
            self._card.refused(now.code)

    def _go_on(self, before: int, *, passed_by: bool) -> None:
        """To the next server that waits for a person, or to the desk."""
        asked = self._picture.sites[before]
        if self.turns.waiting:
            if self.turns.take() != before or self._pages.currentWidget() is not self._card:
                self.show()
        elif asked.link is LinkState.LIVE and asked.welcome is not None:
            self._pages.signed_in()
            self.arrived.emit()
        elif passed_by:
            self._pages.signed_in()

    def _unheard(self, number: int) -> bool:
        """Whether the server that the card asks for could not be reached, or went away before it
        let anybody in; its link tries on."""
        site = self._picture.sites[number]
        return (
            self._pages.currentWidget() is self._card
            and site.link is LinkState.LOST
            and site.welcome is None
        )

    def _others(self, number: int) -> bool:
        """Whether another server waits for a person, or has one."""
        sites = enumerate(self._picture.sites)
        here = any(site.welcome is not None for other, site in sites if other != number)
        return here or self.turns.waits_beside(number)

    def _take_turns(self) -> None:
        for number, site in enumerate(self._picture.sites):
            if site.link is LinkState.LIVE and site.welcome is not None:
                self.turns.signed_in(number)
            elif site.link is LinkState.REFUSED and not site.cases:
                self.turns.wait(number)
