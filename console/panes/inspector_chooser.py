"""發核實、發核查: who is sent. The server proposes; a number key takes another than the first."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from casework.enquiries import InspectorRow
from casework.terms import CaseId, UserId
from console.inspectors import Inspectors, Ranked, figures, reasons
from console.wording import tr
from widgets.key_button import KeyButton
from widgets.key_flow import KeyFlow
from widgets.plain_label import PlainLabel, plain_tooltip
from widgets.theme import Theme, Token

CARDS = 3
"""So many are shown: the rest is further away, or busier."""


class InspectorChooser(QWidget):
    """Cards of the inspectors proposed for the open case, with number keys; one is chosen."""

    changed = Signal()

    def __init__(self, inspectors: Inspectors, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._inspectors, self._theme = inspectors, theme
        self._case: CaseId | None = None
        self._found: tuple[InspectorRow, ...] = ()
        self._asked = False
        self._chosen = 0
        self.cards: list[KeyButton] = []
        self._hint = PlainLabel(tone="muted", size="label", wrap=True)
        self._cards = KeyFlow()
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.addLayout(self._cards)
        self._box.addWidget(self._hint)
        inspectors.ranked.connect(self._take)
        theme.changed.connect(self._restyle)
        self._restyle()

    @property
    def chosen(self) -> UserId | None:
        """Who is sent; None leaves the order open to every inspector of the area."""
        return self._found[self._chosen].user if self._found else None

    @property
    def chosen_name(self) -> str:
        """Their name; empty while nobody is proposed."""
        return self._found[self._chosen].name if self._found else ""

    def offer(self, case: CaseId) -> None:
        """Ask whom to propose for a case; what was found for another one is put away."""
        if case != self._case:
            self._case, self._found, self._chosen, self._asked = case, (), 0, True
            self._lay_out()
        self._inspectors.rank(case)

    def put_away(self) -> None:
        """No order can be given now."""
        self._case, self._found, self._chosen = None, (), 0
        self._lay_out()

    def speak(self) -> None:
        """The language is another."""
        self._say()

    @Slot(object)
    def _take(self, ranked: Ranked) -> None:
        if ranked.case != self._case:
            return
        before = self.chosen if self._chosen else None
        self._asked, self._found = False, (ranked.found or ())[:CARDS]
        users = [row.user for row in self._found]
        self._chosen = users.index(before) if before in users else 0
        self._lay_out()
        self.changed.emit()

    def _lay_out(self) -> None:
        while len(self.cards) > len(self._found):
            card = self.cards.pop()
            self._cards.removeWidget(card)
            card.setParent(None)
            card.deleteLater()
        while len(self.cards) < len(self._found):
            number = len(self.cards) + 1
            card = KeyButton("", str(number), self._theme, fills=True, close=True)
            card.setProperty("number", number - 1)
            card.clicked.connect(self._choose)
            self._cards.addWidget(card)
            card.show()
            self.cards.append(card)
        self._say()

    def _say(self) -> None:
        for number, (row, card) in enumerate(zip(self._found, self.cards, strict=True)):
            chosen = number == self._chosen
            tone: Token = "accent" if chosen else "muted"
            card.set_words(row.name, figure=figures(row), figure_tone=tone)
            card.setToolTip(plain_tooltip(reasons(row)))
        self._hint.setText(self._advice())
        self._hint.setVisible(bool(self._hint.text()))

    def _advice(self) -> str:
        if self._case is None or self._found:
            return ""
        if self._asked:
            return tr("Looking for inspectors …")
        return tr("No inspector by name here: open to all of the area.")

    @Slot()
    def _choose(self) -> None:
        self._chosen = int(self.sender().property("number"))
        self._say()
        self.changed.emit()

    @Slot()
    def _restyle(self) -> None:
        px = self._theme.px
        self._box.setSpacing(px(4))
        self._cards.setSpacing(px(2))
