"""發核實、發核查: who is sent. The server proposes, a number key takes another of these, and a part
of a name finds anybody of the area.
"""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from casework.case import Case
from casework.enquiries import InspectorRow
from casework.terms import CaseId, UserId
from console.inspectors import EVERYBODY, Inspectors, Ranked, figures, reasons
from console.panes.chosen_field import ChosenField
from console.wording import tr
from widgets.key_button import KeyButton
from widgets.key_flow import KeyFlow
from widgets.plain_label import PlainLabel, plain_tooltip
from widgets.theme import Theme, Token

SEARCH_KEY = "Shift+O"
CARDS = 3
"""So many are shown: the rest is further away, or busier."""


class InspectorChooser(QWidget):
    """Cards of the inspectors proposed for the open case, with number keys; one is chosen."""

    changed = Signal()
    typing = Signal()
    taken = Signal()
    """Somebody was found by name and taken: the keys go on where they were."""

    def __init__(self, inspectors: Inspectors, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._inspectors, self._theme = inspectors, theme
        self._case: CaseId | None = None
        self._holder: UserId | None = None
        self._found: tuple[InspectorRow, ...] = ()
        self._asked = False
        self._chosen = 0
        self.cards: list[KeyButton] = []
        self.search = ChosenField(theme)
        self.search.goes_on = False
        self.search.typed.connect(self._look)
        self.search.taken.connect(self._take_found)
        self.search.chosen_changed.connect(self._say)
        self.search.chosen_changed.connect(self.changed)
        QShortcut(QKeySequence(SEARCH_KEY), self).activated.connect(self._begin_search)
        self.by_name = KeyButton("", SEARCH_KEY, theme, fills=True, close=True, bind=False)
        self.by_name.clicked.connect(self._begin_search)
        self._tall = 0
        self._all: tuple[InspectorRow, ...] = ()
        self._asked_all = self._searching = False
        self._hint = PlainLabel(tone="muted", size="label", wrap=True)
        self._cards = KeyFlow()
        self._cards.addWidget(self.by_name)
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.addLayout(self._cards)
        self._box.addWidget(self.search)
        self._box.addWidget(self._hint)
        inspectors.ranked.connect(self._take)
        theme.changed.connect(self._restyle)
        self._restyle()

    @property
    def chosen(self) -> UserId | None:
        """Who is sent; None leaves the order open to every inspector of the area."""
        row = self._sent
        return row.user if row is not None else None

    @property
    def chosen_name(self) -> str:
        """Their name; empty while nobody is proposed."""
        row = self._sent
        return row.name if row is not None else ""

    @property
    def _sent(self) -> InspectorRow | None:
        by_name = self.search.chosen
        if by_name is not None:
            return next((row for row in self._all if row.user == by_name), None)
        return self._found[self._chosen] if self._found else None

    def offer(self, case: Case) -> None:
        """Ask whom to propose for a case; what was found for another one, or before its order was
        given, is put away."""
        if (case.id, case.inspector) != (self._case, self._holder):
            self._keep_room()
            self._case, self._holder, self._asked = case.id, case.inspector, True
            self._forget()
            self._lay_out()
        self._inspectors.rank(case.id)

    def put_away(self) -> None:
        """No order can be given now."""
        self._case = None
        self._forget()
        self._lay_out()

    def _keep_room(self) -> None:
        """The next case's inspectors get as much room as the last one's had while they are being
        asked for: nothing below moves when they come, if there are as many."""
        if self._found and not self._searching:
            self._tall = self._box.totalHeightForWidth(self.width())

    def _forget(self) -> None:
        self._found, self._all, self._chosen = (), (), 0
        self._asked_all = self._searching = False
        self.search.forget()

    def speak(self) -> None:
        """The language is another."""
        self._restyle()
        self._say()

    @Slot(object)
    def _take(self, ranked: Ranked) -> None:
        if ranked.case != self._case:
            return
        before = self._found[self._chosen].user if self._chosen else None
        found = ranked.found or ()
        self._asked, self._found = False, tuple(row for row in found if row.proposed)[:CARDS]
        if len(found) >= len(self._all):
            self._all = found
            self.search.tell([(row.user, _in_words(row)) for row in found])
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
        self._cards.removeWidget(self.by_name)
        self._cards.addWidget(self.by_name)  # the last
        self._say()

    def _say(self) -> None:
        self.search.setVisible(self._searching)
        by_name = self.search.chosen is not None
        for number, (row, card) in enumerate(zip(self._found, self.cards, strict=True)):
            chosen = number == self._chosen and not by_name
            tone: Token = "accent" if chosen else "muted"
            card.set_words(row.name, figure=figures(row), figure_tone=tone)
            card.set_chosen(chosen)
            card.setVisible(not self._searching)
            card.setToolTip(plain_tooltip(f"{reasons(row)}\n{another()}"))
        has_place = len(self.cards) < CARDS  # a fourth row would put acts out of sight
        is_asked = self._case is None or self._asked or self._searching
        self.by_name.setVisible(has_place and not is_asked)
        self.setMinimumHeight(self._tall if self._asked else 0)
        self._hint.setText(self._advice())
        self._hint.setVisible(bool(self._hint.text()))

    def _advice(self) -> str:
        if self._searching and self._all and self.search.finds_nobody:
            return tr("Nobody of the area is called that.")
        if self._case is None or self._found:
            return ""
        if self._asked:
            return tr("Looking for inspectors …")
        return tr("Nobody to propose: open to all of the area.")

    @Slot()
    def _begin_search(self) -> None:
        """The field stands where the cards were, so that nothing else moves."""
        self._searching = True
        self._say()
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def end_search(self) -> None:
        """The cards again; whom the field found is still the one who is sent."""
        if self._searching:
            self._searching = False
            self._say()

    @Slot(str)
    def _look(self, _text: str) -> None:
        """Somebody is looked for by name: know everybody who may be sent, not the best only."""
        self.typing.emit()
        if self._case is not None and not self._asked_all:
            self._asked_all = True
            self._inspectors.rank(self._case, EVERYBODY)
        self._say()

    @Slot()
    def _take_found(self) -> None:
        self.taken.emit()

    @Slot()
    def _choose(self) -> None:
        self.search.chosen = None
        self.search.clear()
        self._chosen = int(self.sender().property("number"))
        self._say()
        self.changed.emit()

    @Slot()
    def _restyle(self) -> None:
        px = self._theme.px
        self._box.setSpacing(px(4))
        self._cards.setSpacing(px(2))
        self.by_name.set_words(tr("By name"))
        self.search.setPlaceholderText(tr("Part of the name …"))
        self.search.setAccessibleName(another())


def another() -> str:
    """How somebody else than the proposed is found."""
    return tr("{key}: another inspector", key=SEARCH_KEY)


def _in_words(row: InspectorRow) -> str:
    return " · ".join(filter(None, (f"{row.name} ({row.user})", figures(row))))
