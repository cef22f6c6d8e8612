"""A line over the top bar: what was refused or saved, and that the link is lost.

Never a dialog.
"""

from PySide6.QtCore import QEvent, QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from backend_client.notices import LinkState
from console.clocks import span
from console.picture import Picture, Refusal, Wish
from console.refusals import refusal
from console.site import Site
from console.vocabulary import OFFERS
from console.wording import tr
from widgets.pane_notice import PaneNotice
from widgets.theme import Theme

SAVED_MS = 20_000
"""How long the line about a saved file stays."""


class NoticeLine(QWidget):
    """Four strips: the link's state stays as long as it lasts, an order that is near its limit and
    a refusal until they are put away, a saved file for a while."""

    changed = Signal()
    """A strip came, went, or says something longer."""
    sign_in_asked = Signal()
    folder_asked = Signal()

    def __init__(self, picture: Picture, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture = picture
        self._last: Refusal | None = None
        self.link = PaneNotice(theme, self, floats=True)
        self.refusal = PaneNotice(theme, self, floats=True)
        self.saved = PaneNotice(theme, self, floats=True)
        self.near = PaneNotice(theme, self, floats=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for strip in self._strips:
            strip.become_strip(True)
            strip.hide()
            strip.installEventFilter(self)
            layout.addWidget(strip)
        self.link.act_asked.connect(self.sign_in_asked)
        self.refusal.act_asked.connect(self.refusal.hide)
        self.saved.act_asked.connect(self.folder_asked)
        self.near.act_asked.connect(self.near.hide)
        self._stays = QTimer(self, singleShot=True, interval=SAVED_MS)
        self._stays.timeout.connect(self.saved.hide)
        picture.second_hand.struck.connect(self.show_link)
        picture.sites_changed.connect(self.show_link)
        picture.refused.connect(self._refused)
        picture.granted.connect(self._granted)
        self.show_link()

    @property
    def _strips(self) -> tuple[PaneNotice, ...]:
        return self.link, self.near, self.refusal, self.saved

    @property
    def is_silent(self) -> bool:
        """Whether there is nothing to say."""
        return all(strip.isHidden() for strip in self._strips)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A strip came or went."""
        if event.type() in (QEvent.Type.ShowToParent, QEvent.Type.HideToParent):
            self.changed.emit()
        return super().eventFilter(watched, event)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self.changed.emit()
        return super().event(event)

    @Slot()
    def show_link(self) -> None:
        """Say what is wrong with a link, and how old the picture is."""
        lost = [site for site in self._picture.sites if not self._picture.is_live(site)]
        lost = [site for site in lost if site.link is not LinkState.CONNECTING or site.saved_at]
        if lost:
            refused = lost[0].link is LinkState.REFUSED
            act = tr("Sign in …") if refused else ""
            self.link.say("refused" if refused else "offline", self._sentence(lost[0]), act)
        self.link.setVisible(bool(lost))

    def _sentence(self, site: Site) -> str:
        why = refusal(site.code) if site.code else ""
        if site.link is LinkState.REFUSED:
            return why
        age = self._picture.age(site)
        if age is not None:
            old = span(int(age))
            said = tr(
                "The link is lost; this picture is {age} old and nothing can be sent.", age=old
            )
        elif site.saved_at is not None:
            at = f"{site.names.local(site.saved_at):%Y-%m-%d %H:%M}"
            said = tr("The server is away; this picture was saved on {at}.", at=at)
        else:
            said = tr("The server is away; there is no picture yet.")
        return f"{said} {why}".strip()

    @Slot(str)
    def say_near(self, sentence: str) -> None:
        """An order is near its limit; nothing is, when there is no sentence."""
        if sentence:
            self.near.say("stale", sentence, tr("Put away"))
        self.near.setVisible(bool(sentence))

    @Slot(str)
    def say_saved(self, sentence: str) -> None:
        """A file was written; the act opens its folder."""
        self.refusal.hide()
        self.saved.say("empty", sentence, tr("Open its folder (Ctrl+Shift+E)"))
        self.saved.show()
        self._stays.start()

    @Slot(str)
    def say_refused(self, sentence: str) -> None:
        """Something that needs no server was refused."""
        self._last = None
        self.saved.hide()
        self.refusal.say("refused", sentence, tr("Put away"))
        self.refusal.show()

    @Slot(object)
    def _refused(self, refused: Refusal) -> None:
        if refused.wish.batch:
            return  # its own page lists what an act on a set met with
        self._last = refused
        case = refused.wish.case
        act = tr(OFFERS[refused.wish.name])
        what = f"{self._picture.number(case)} · {act}" if case else act
        sentence = refusal(refused.code, **self._picture.staff.named(refused.detail, case))
        self.refusal.say("refused", f"{what}: {sentence}", tr("Put away"))
        self.refusal.show()

    def speak(self) -> None:
        """The language is another."""
        self.show_link()
        if self._last is not None and not self.refusal.isHidden():
            self._refused(self._last)

    @Slot(object)
    def _granted(self, wish: Wish) -> None:
        if not wish.batch:
            self.refusal.hide()
