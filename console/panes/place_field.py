"""地點: one line for a landmark, an address, coordinates, a grid code; a click on the map fills it.

What the server will find there (district, street, grid) stands below before anything is sent, by
the same rule (`casework.rules.placing`), and what it would refuse is said in the same place.
"""

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from casework.decider import Place
from casework.replies import EarlierAddress
from casework.rulebook import RuleBook
from casework.rules.placing import Locator
from casework.terms import AreaId, Point, point
from console.names import Names
from console.panes.place_words import (
    Chosen,
    beat,
    candidates,
    chosen_at,
    earlier,
    whereabouts,
)
from console.refusals import refusal
from console.wording import tr
from widgets.candidate_field import Candidate, CandidateField
from widgets.plain_label import PlainLabel
from widgets.theme import Theme


class PlaceField(QWidget):
    """Says `changed` when the place is another, `addressed` when taking one brings an address."""

    changed = Signal()
    addressed = Signal(str)
    looked_for = Signal(str)
    """Words that a wider search may know; empty for figures, which need none."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rules: RuleBook | None = None
        self._locator: Locator | None = None
        self._names = Names(None)
        self._district: AreaId | None = None
        """Where the last place was: a caller's next word is likely near."""
        self._rows: list[Candidate] = []
        self.chosen: Chosen | None = None
        self.line = CandidateField(theme)
        self._below = PlainLabel(tone="muted", size="label", wrap=True)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(theme.px(3))
        for part in (self.line, self._below):
            self._layout.addWidget(part)
        self.setFocusProxy(self.line)
        self.line.typed.connect(self._look)
        self.line.taken.connect(self._take)

    def add_below(self, widget: QWidget) -> None:
        """Put something that belongs to the place under its line."""
        self._layout.addWidget(widget)

    def follow_rules(self, rules: RuleBook, names: Names) -> None:
        """Look places up in this rule book from now on."""
        if rules is not self._rules:
            self._rules, self._locator = rules, Locator(rules)
        self._names = names
        self.speak()

    def speak(self) -> None:
        """The language is another."""
        self.line.setPlaceholderText(
            tr("Landmark, street, coordinates, grid code; or click the map")
        )
        self._say()
        if self.line.is_offering:  # in the words of another language
            self._look(self.line.text())

    # --- taking a place ---------------------------------------------------------------------------

    @property
    def point(self) -> Point | None:
        """The position to be sent."""
        return self.chosen.point if self.chosen is not None else None

    @property
    def doubt(self) -> str:
        """Why the place cannot be sent; empty when it can."""
        return self.chosen.doubt if self.chosen is not None else ""

    @property
    def undecided(self) -> str:
        """What was typed and may be a place that is listed, while none was taken; else empty."""
        return self.line.text().strip() if self.chosen is None and self._rows else ""

    @Slot(str)
    def _look(self, text: str) -> None:
        """Somebody types: what was chosen before no longer stands behind the words."""
        self.chosen = None
        if self._rules is not None and self._locator is not None and text.strip():
            offered = candidates(text, self._rules, self._locator, self._names, self._district)
            self._rows = offered.rows
            self.line.offer(offered.rows, mark_first=offered.marks_first)
            self.chosen = offered.meant
            self.looked_for.emit("" if offered.meant is not None else text.strip())
        else:
            self.line.put_away()
        self._say()
        self.changed.emit()

    def offer_earlier(self, text: str, found: Sequence[EarlierAddress]) -> None:
        """Where earlier cases were, below what the gazetteer knows; too late for another text."""
        if self._locator is None or not found:
            return
        if text == self.line.text().strip() and self.chosen is None:
            marked = self.line.list.currentRow()
            known = earlier(found, self._locator, self._names)
            self.line.offer([*self._rows, *known], mark_first=False)
            self.line.list.setCurrentRow(marked)

    @Slot(object)
    def _take(self, chosen: Chosen) -> None:
        self._choose(chosen)
        if chosen.address:
            self.line.setText(chosen.address)
            self.addressed.emit(chosen.address)

    def place_at(self, lat: float, lon: float) -> None:
        """A click on the map, in WGS-84 degrees."""
        if self._locator is None:
            return
        self.line.put_away()
        self.line.setText(f"WGS-84 {lat:.6f}, {lon:.6f}")
        self._choose(chosen_at(point(lat, lon), self._locator))

    def choose(self, chosen: Chosen) -> None:
        """Take a place that was found elsewhere; what was typed stays."""
        self.line.put_away()
        self._choose(chosen)

    def _choose(self, chosen: Chosen) -> None:
        self.chosen = chosen
        self._district = chosen.district or self._district
        self._say()
        self.changed.emit()

    def restore(self, text: str, chosen: Chosen | None) -> None:
        """Show a place as it was left."""
        self.line.setText(text)
        self.chosen, self._rows = chosen, []
        self._say()
        self.changed.emit()

    # --- saying where it is -----------------------------------------------------------------------

    def refuse(self, code: str) -> None:
        """The server's word on this place."""
        self._below.setText(refusal(code))
        self._below.set_tone("late")

    def _say(self) -> None:
        text, chosen = self.line.text().strip(), self.chosen
        if chosen is not None and chosen.doubt:
            self.refuse(chosen.doubt)
            return
        self._below.set_tone("done" if chosen is not None else "muted")
        if chosen is not None:
            place = Place(district=chosen.district, street=chosen.street, grid=chosen.grid)
            where = whereabouts(place, self._names)
            whose = beat(chosen, self._rules, self._names) if self._rules is not None else ""
            self._below.setText(" · ".join(filter(None, (chosen.read_as, where, whose))))
        elif text:
            self._below.setText(
                tr("No position yet: ↓ choose, or click the map. Words stay the address.")
            )
        else:
            self._below.setText(
                tr("District, street and grid show here before the case is recorded.")
            )
