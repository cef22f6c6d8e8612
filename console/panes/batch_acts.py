"""The acts of a selected set (批量處理), in place of the open case's: each with how many of the
cases may take it. A key opens the preview; nothing is sent from here.
"""

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from console.batch.offers import BatchOffer, batch_offers
from console.picture import Change, Picture
from console.selection import Selection
from console.vocabulary import OFFERS
from console.wording import tr
from widgets.key_button import KeyButton
from widgets.plain_label import PlainLabel
from widgets.theme import Theme

_COLUMNS = 2
_SOON_MS = 100
"""Changes of the set's cases that come together are looked at once."""


class BatchActsPane(QWidget):
    """Counts what the set allows, once a change; `chosen` is the act whose preview is wanted."""

    chosen = Signal(object)
    """`BatchOffer`."""

    def __init__(
        self, picture: Picture, selection: Selection, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._picture, self._selection, self._theme = picture, selection, theme
        self._offers: tuple[BatchOffer, ...] = ()
        self._reason = ""
        self.buttons: dict[str, KeyButton] = {}
        self._title = PlainLabel(size="heading", tone="accent")
        self._advice = PlainLabel(tone="muted")
        self._advice.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._first = QVBoxLayout()
        self._grid = QGridLayout()
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        head = QHBoxLayout()
        head.addWidget(self._title)
        head.addWidget(self._advice, 1)
        self._box.addLayout(head)
        self._box.addLayout(self._first)
        self._box.addLayout(self._grid)
        self._box.addStretch(1)
        self._soon = QTimer(self, singleShot=True, interval=_SOON_MS)
        self._soon.timeout.connect(self.look_again)
        selection.marked.connect(self.look_again)
        picture.changed.connect(self._changed)
        picture.sites_changed.connect(self._soon.start)
        theme.changed.connect(self.speak)
        self.speak()

    @property
    def offers(self) -> tuple[BatchOffer, ...]:
        """What the set allows, the suggested act first."""
        return self._offers

    def hold(self, reason: str) -> None:
        """No act may be begun, and why; an empty reason lets them be."""
        self._reason = reason
        self._say()

    @Slot()
    def look_again(self) -> None:
        """Count anew what the set allows."""
        self._soon.stop()
        cases = [self._picture.case(case) for case in self._selection.batch]
        offers = batch_offers((case for case in cases if case is not None), self._picture)
        if [(o.name, o.key) for o in offers] != [(o.name, o.key) for o in self._offers]:
            self._lay_out(offers)
        self._offers = offers
        self._say()

    @Slot()
    def speak(self) -> None:
        """The language or the scale is another."""
        gap = self._theme.px(6)
        self._box.setSpacing(gap)
        self._grid.setHorizontalSpacing(gap)
        self._grid.setVerticalSpacing(gap)
        self._offers = ()
        self._lay_out(())
        self.look_again()

    @Slot()
    def do_suggested(self) -> None:
        """Enter: the act that most of the cases suggest."""
        first = next(iter(self._offers), None)
        if first is not None and first.suggests and not self._why_not():
            self.chosen.emit(first)

    def focus_first(self) -> None:
        """Go to the first key."""
        for button in self.buttons.values():
            button.setFocus(Qt.FocusReason.ShortcutFocusReason)
            return

    @Slot(object)
    def _changed(self, change: Change) -> None:
        marks = self._selection.marks
        if len(marks) > 1 and (
            not marks.isdisjoint(change.gone) or any(c.id in marks for c in change.upserted)
        ):
            self._soon.start()

    # --- the keys -------------------------------------------------------------------------------

    def _lay_out(self, offers: tuple[BatchOffer, ...]) -> None:
        for button in self.buttons.values():
            button.setParent(None)
            button.deleteLater()
        self.buttons = {}
        others = 0
        for number, offer in enumerate(offers):
            is_first = number == 0 and bool(offer.suggests)
            button = self.buttons[offer.name] = self._key(offer, is_first=is_first)
            if is_first:
                self._first.addWidget(button)
            else:
                self._grid.addWidget(button, others // _COLUMNS, others % _COLUMNS)
                others += 1

    def _key(self, offer: BatchOffer, *, is_first: bool) -> KeyButton:
        shown = "Enter" if is_first else offer.key
        button = KeyButton("", shown, self._theme, suggested=is_first, bind=not is_first)
        button.setProperty("offer", offer.name)
        button.setMinimumWidth(self._theme.px(72))
        if is_first:
            letter = QShortcut(QKeySequence(offer.key), button)
            letter.activated.connect(button.click)
        button.clicked.connect(self._pressed)
        return button

    @Slot()
    def _pressed(self) -> None:
        name = self.sender().property("offer")
        offer = next((each for each in self._offers if each.name == name), None)
        if offer is not None and not self._why_not():
            self.chosen.emit(offer)

    # --- saying how it stands -------------------------------------------------------------------

    def _why_not(self) -> str:
        live = any(self._picture.is_live(site) for site in self._picture.sites)
        return self._reason if live else tr("The link is lost: nothing can be sent.")

    def _say(self) -> None:
        count = len(self._selection.batch)
        self._title.setText(tr("{n} cases selected", n=f"{count:,}"))
        why = self._why_not()
        for offer in self._offers:
            button = self.buttons[offer.name]
            button.set_words(tr(OFFERS[offer.name]), figure=f"{len(offer.takes)}/{count}")
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            button.set_reason(why)
        advice = tr("a key shows a preview · Esc: none")
        self._advice.setText(why or advice)
        self._advice.set_tone("late" if why else "muted")
