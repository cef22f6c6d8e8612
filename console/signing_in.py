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
        self._take_turns()
        asked = self._picture.sites[before]
        if self._pages.must_change():
            return
        if self.turns.waiting:
            if self.turns.take() != before or self._pages.currentWidget() is not self._card:
                self.show()
        elif asked.link is LinkState.LIVE and asked.welcome is not None:
            self._pages.signed_in()
            self.arrived.emit()
        site = self._picture.sites[self.turns.site]
        if site.link is LinkState.REFUSED:
            self._card.refused(site.code)

    def _take_turns(self) -> None:
        for number, site in enumerate(self._picture.sites):
            if site.link is LinkState.LIVE and site.welcome is not None:
                self.turns.signed_in(number)
            elif site.link is LinkState.REFUSED and not site.cases:
                self.turns.wait(number)
