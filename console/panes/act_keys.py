"""A key for each act that may be done now; the suggested one is large and is what Enter does."""

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from console.offers import Offer
from console.vocabulary import OFFERS
from console.wording import tr
from widgets.key_button import KeyButton
from widgets.key_flow import KeyFlow
from widgets.theme import Theme


class ActKeys(QWidget):
    """The keys in as few rows as the width allows; whoever shows them places `first` elsewhere."""

    pressed = Signal(str)
    """Name of an act."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.buttons: dict[str, KeyButton] = {}
        """By the name of the act."""
        self.first = QVBoxLayout()
        """Holds the suggested key."""
        self._flow = KeyFlow(self)

    def space(self, between: int) -> None:
        """Pixels between two keys."""
        self._flow.setSpacing(between)

    def lay_out(self, offers: Sequence[Offer], first: Offer | None) -> None:
        """Make the keys anew."""
        for button in self.buttons.values():
            button.setParent(None)
            button.deleteLater()
        self.buttons = {}
        for offer in offers:
            button = self._key(offer, is_first=offer is first)
            self.buttons[offer.name] = button
            (self.first if offer is first else self._flow).addWidget(button)

    def _key(self, offer: Offer, *, is_first: bool) -> KeyButton:
        button = KeyButton(
            tr(OFFERS[offer.name]),
            "Enter" if is_first else offer.key,
            self._theme,
            suggested=is_first,
            bind=not is_first,
            fills=True,
        )
        button.setProperty("offer", offer.name)
        button.setMinimumWidth(self._theme.px(72))  # a large scale elides, it never clips
        if is_first:
            letter = QShortcut(QKeySequence(offer.key), button)
            letter.activated.connect(button.click)
        button.clicked.connect(self._clicked)
        return button

    @Slot()
    def _clicked(self) -> None:
        self.pressed.emit(self.sender().property("offer"))

    def in_tab_order(self) -> tuple[list[QWidget], list[QWidget]]:
        """The suggested key, and the others."""
        firsts = [key for key in self.buttons.values() if self.first.indexOf(key) >= 0]
        others = [key for key in self.buttons.values() if self.first.indexOf(key) < 0]
        return [*firsts], [*others]

    def rest(self, *, resting: bool) -> None:
        """Nothing can be pressed while a question stands where the keys were."""
        self.setVisible(not resting)
        for key in self.buttons.values():
            key.setVisible(not resting)
            key.setEnabled(not resting)
