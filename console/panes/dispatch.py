"""派遣: who leads and who joins. The rule book suggests; typing finds any other unit."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from casework.rules.classification import Responsible
from casework.rules.origins import is_unsure
from casework.terms import UnitId
from casework.territory import Responsibility, Unit
from console.site import Site
from console.wording import ENGLISH, language, tr
from widgets.key_button import KeyButton
from widgets.key_flow import KeyFlow
from widgets.plain_label import PlainLabel, one_line
from widgets.theme import Theme

MOST_FOUND = 40
FIRST_KEY, LAST_KEY = 2, 9
SEARCH_KEY = "Shift+D"
_UNIT = Qt.ItemDataRole.UserRole


class UnitChooser(QWidget):
    """Cards of the units that join, and a search whose marked row becomes the lead."""

    typing = Signal()
    changed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._site: Site | None = None
        self._suggested = Responsible(None, ())
        self._entry: Responsibility | None = None
        self._joint: dict[UnitId, bool] = {}
        self.cards: dict[UnitId, KeyButton] = {}
        self.search = QLineEdit(clearButtonEnabled=True)
        self.search.textChanged.connect(self._search)
        self.search.installEventFilter(self)
        QShortcut(QKeySequence(SEARCH_KEY), self).activated.connect(self.search.setFocus)
        self.list = QListWidget()
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.currentItemChanged.connect(self.changed)
        self._hint = PlainLabel(tone="muted", size="label", wrap=True)
        self._cards = KeyFlow()
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.addLayout(self._cards)
        for part in (self.search, self.list, self._hint):
            self._box.addWidget(part)
        theme.changed.connect(self._restyle)
        self._restyle()

    @property
    def lead(self) -> UnitId | None:
        """The unit marked in the search; without a search the rule book's."""
        item = self.list.currentItem() if self.is_searching or not self._named else None
        return UnitId(item.data(_UNIT)) if item is not None else self._suggested.lead

    @property
    def is_searching(self) -> bool:
        """Whether another unit is looked for: the list needs the room."""
        return bool(self.search.text().strip())

    @property
    def by_rule(self) -> bool:
        """Whether the lead is the rule book's."""
        return self._named and self.lead == self._suggested.lead

    @property
    def joint(self) -> tuple[UnitId, ...]:
        """The units that join, without the lead."""
        return tuple(unit for unit, joins in self._joint.items() if joins and unit != self.lead)

    @property
    def _named(self) -> bool:
        return self._suggested.lead is not None

    def offer(self, found: Responsible, site: Site, entry: Responsibility | None = None) -> None:
        """Suggest by the rule book's responsibility for the case's class and place; `entry` is
        what it says of the class."""
        self._site, self._suggested, self._entry = site, found, entry
        self._joint = dict.fromkeys(found.joint, True)
        self._lay_out_cards()
        self.search.clear()
        self._search("")

    def speak(self) -> None:
        """The language is another."""
        self._restyle()
        self._lay_out_cards()
        self._search(self.search.text())

    # --- units that join ------------------------------------------------------------------------

    def _lay_out_cards(self) -> None:
        for card in self.cards.values():
            self._cards.removeWidget(card)
            card.setParent(None)
            card.deleteLater()
        self.cards = {}
        for number, unit in enumerate(self._joint, FIRST_KEY):
            key = str(number) if number <= LAST_KEY else ""
            card = KeyButton("", key, self._theme, fills=True, close=True)
            card.setProperty("unit", unit)
            card.clicked.connect(self._toggle)
            self._cards.addWidget(card)
            card.show()
            self.cards[unit] = card
        self._say_cards()

    def _say_cards(self) -> None:
        for unit, card in self.cards.items():
            joins = self._joint[unit]
            figure = tr("joins") if joins else tr("left out")
            name = self._site.names.unit(unit) if self._site is not None else unit
            card.set_words(name, figure=figure, figure_tone="accent" if joins else "muted")

    @Slot()
    def _toggle(self) -> None:
        unit = UnitId(self.sender().property("unit"))
        self._joint[unit] = not self._joint[unit]
        self._say_cards()
        self.changed.emit()

    def _let_join(self) -> None:
        item = self.list.currentItem()
        if item is not None:
            self._joint[UnitId(item.data(_UNIT))] = True
            self._lay_out_cards()
            self.search.clear()

    # --- the search -----------------------------------------------------------------------------

    @Slot(str)
    def _search(self, text: str) -> None:
        wanted = text.strip().casefold()
        if wanted:
            self.typing.emit()
        self.list.blockSignals(True)
        self.list.clear()
        for unit in self._found(wanted):
            self.list.addItem(self._item(unit))
        self.list.setCurrentRow(0 if wanted else -1)
        self.list.blockSignals(False)
        self.list.setVisible(bool(self.list.count()) and (bool(wanted) or not self._named))
        self._hint.setText(self._advice(wanted))
        self._hint.setVisible(bool(self._hint.text()))
        self.changed.emit()

    def _advice(self, wanted: str) -> str:
        if wanted and not self.list.count():
            return tr("No unit of that name.")
        if wanted:
            return tr("↑ ↓ choose · Enter: leads · Shift+Enter: joins · Esc: back")
        if not self._named and self._entry is not None:
            return tr("No unit is named while the place is not known: choose.")
        if not self._named:
            return tr("The rule book names no unit for this class: choose.")
        return self._about_the_rule()

    def _about_the_rule(self) -> str:
        """What the city notes beside the class's unit, and that nobody has confirmed it."""
        entry = self._entry
        if entry is None:
            return ""
        unsure = is_unsure(entry.basis)
        said = tr("Who answers for this class is assumed.") if unsure else ""
        return " · ".join(filter(None, (entry.note, said)))

    def _found(self, wanted: str) -> list[UnitId]:
        if self._site is None or self._site.rules is None:
            return []
        units = self._site.rules.units
        return [each.id for each in units if _holds(each, wanted)][:MOST_FOUND]

    def _item(self, unit: UnitId) -> QListWidgetItem:
        """A unit with its trade, where its name does not say it already; a trade has no English."""
        name, trade = str(unit), ""
        if self._site is not None and self._site.rules is not None:
            name, of = self._site.names.unit(unit), self._site.rules.unit(unit)
            if of is not None and language() != ENGLISH and of.trade not in name:
                trade = of.trade
        item = QListWidgetItem(one_line(" · ".join(filter(None, (name, trade)))))
        item.setData(_UNIT, unit)
        return item

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Up and down in the search field walk the list; Shift+Enter lets the unit join."""
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
            if step:
                last = self.list.count() - 1
                self.list.setCurrentRow(min(max(self.list.currentRow() + step, 0), last))
                return True
            if event.matches(QKeySequence.StandardKey.InsertLineSeparator):
                self._let_join()
                return True
        return super().eventFilter(watched, event)

    @Slot()
    def _restyle(self) -> None:
        px = self._theme.px
        self._box.setSpacing(px(5))
        self._cards.setSpacing(px(2))
        self.search.setPlaceholderText(tr("Another unit …  {key}", key=SEARCH_KEY))
        self.list.setFixedHeight(px(96))


def _holds(unit: Unit, wanted: str) -> bool:
    """Whether name, id or trade holds the text."""
    words = (unit.name, unit.name_en, unit.id, unit.trade)
    return any(wanted in word.casefold() for word in words)
