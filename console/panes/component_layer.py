"""The map's components: marks from near by, and a card for the one that was picked.

Marks show from the rule book's scale on, their names from a closer one. A click, or the full stop
by turns, opens the card; Esc or a click elsewhere puts it away.
"""

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QGridLayout, QVBoxLayout, QWidget

from casework.rulebook import RuleBook
from casework.rules.geo import Box
from casework.rules.projection import to_globe
from casework.rules.register import Component
from casework.terms import ComponentId, ComponentState, Kind, point
from console.component_book import ComponentBook
from console.export.table import Table
from console.panes.component_table import marks_table
from console.panes.component_words import class_name, keepers, state_of, title
from console.panes.ground import Ground
from console.picture import Picture
from console.wording import mark, tr
from widgets.map_canvas import MapCanvas
from widgets.map_marks import Condition, Mark
from widgets.plain_label import PlainLabel
from widgets.theme import Theme

CM = 100
CONDITIONS: dict[ComponentState, Condition] = {
    ComponentState.INTACT: "whole",
    ComponentState.DAMAGED: "damaged",
    ComponentState.MISSING: "missing",
    ComponentState.ABANDONED: "given_up",
    ComponentState.REMOVED: "given_up",
}
ROWS = (
    ("id", mark("Id")),
    ("state", mark("State")),
    ("keepers", mark("Owner")),
    ("grid", mark("Grid")),
    ("note", mark("Note")),
)
_WIDE, _EDGE = 300, 10


class ComponentCard(QFrame):
    """One component over a corner of the map."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("pane", "true")
        self._theme, self._map = theme, parent
        self._title = PlainLabel(size="strong", wrap=True)
        self._labels = {key: PlainLabel(tone="muted", size="label") for key, _ in ROWS}
        self._values = {key: PlainLabel(size="label", wrap=True) for key, _ in ROWS}
        self._box = QVBoxLayout(self)
        self._box.addWidget(self._title)
        grid = QGridLayout()
        grid.setColumnStretch(1, 1)
        for number, (key, _) in enumerate(ROWS):
            grid.addWidget(self._labels[key], number, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(self._values[key], number, 1)
        self._box.addLayout(grid)
        self.hide()

    def show_component(self, component: Component, picture: Picture, *, below: bool) -> None:
        """Fill it and show it, in the upper part of the map or in the lower one."""
        rules, names, px = picture.sites[0].rules, picture.names(), self._theme.px
        self._title.setText(title(component, rules, names))
        said = {
            "id": component.id,
            "state": state_of(component),
            "keepers": keepers(component, names),
            "grid": component.grid or "",
            "note": component.note,
        }
        for key, english in ROWS:
            self._labels[key].setText(tr(english))
            self._values[key].setText(said[key])
            self._labels[key].setVisible(bool(said[key]))
            self._values[key].setVisible(bool(said[key]))
        self._box.setContentsMargins(px(12), px(10), px(12), px(10))
        self._box.setSpacing(px(6))
        room = self._map.width() - 2 * px(_EDGE)
        wide = min(px(_WIDE), room)
        self.setFixedWidth(wide)
        self.setFixedHeight(max(self.heightForWidth(wide), self.sizeHint().height()))
        lowest = self._map.height() - self.height() - px(_EDGE)
        self.move(px(_EDGE), max(px(_EDGE), lowest) if below else px(_EDGE))
        self.show()
        self.raise_()


class ComponentLayer(QObject):
    """Keeps the canvas's marks as the book has them; `picked` says which one a person means."""

    picked = Signal(object)
    """`Component`."""

    def __init__(
        self, canvas: MapCanvas, picture: Picture, book: ComponentBook, theme: Theme
    ) -> None:
        super().__init__(canvas)
        self._canvas, self._picture, self._book = canvas, picture, book
        self._rules: RuleBook | None = None
        self._ground: Ground | None = None
        self._families: dict[str, int] = {}
        self._wanted: ComponentId | None = None
        self.card = ComponentCard(theme, canvas)
        canvas.looked.connect(self._look)
        canvas.mark_picked.connect(self._pick)
        book.marks_changed.connect(self.show_marks)
        book.known.connect(self._show_card)
        leave = QShortcut(QKeySequence("Esc"), canvas)
        leave.setContext(Qt.ShortcutContext.WidgetShortcut)
        leave.activated.connect(self.put_away)

    def follow_rules(self, rules: RuleBook, ground: Ground) -> None:
        """Show by this rule book's scales and classes from now on."""
        self._rules, self._ground = rules, ground
        big = {of.big_code for of in rules.scheme.classes if of.kind is Kind.COMPONENT}
        self._families = {code: number for number, code in enumerate(sorted(big))}
        register = rules.register
        self._canvas.show_marks_from(
            CM / register.map_cm_per_pixel, CM / register.label_cm_per_pixel
        )
        self.show_marks()
        self._look()

    @Slot()
    def _look(self) -> None:
        if self._ground is None or not self._canvas.shows_marks:
            self._book.look_away()
            return
        seen, meridian = self._canvas.frame.bounds(), self._ground.meridian
        low = point(*to_globe(seen.left(), seen.top(), meridian))
        high = point(*to_globe(seen.right(), seen.bottom(), meridian))
        self._book.look(Box(low.lat, low.lon, high.lat, high.lon))

    @Slot()
    def show_marks(self) -> None:
        """The book has other marks, or the language is another."""
        if self._ground is None:
            return
        ground, names = self._ground, self._picture.names()
        labels = {code: class_name(code, self._rules, names) for code in self._codes()}
        self._canvas.set_marks(
            Mark(
                each.id,
                *ground.place(*each.point.degrees),
                family=self._families.get(each.code[:2], 0),
                condition=CONDITIONS[each.state],
                label=labels[each.code],
            )
            for each in self._book.marks
        )

    def as_table(self) -> Table | None:
        """The components in sight; None where the map is too far away for them."""
        ground = self._ground
        if ground is None or not self._canvas.shows_marks:
            return None
        seen = self._canvas.frame.bounds()
        here = [e for e in self._book.marks if seen.contains(*ground.place(*e.point.degrees))]
        if not here:
            return None
        return marks_table(here, self._rules, self._picture.names(), more=self._book.more)

    def _codes(self) -> set[str]:
        return {each.code for each in self._book.marks}

    @Slot(object)
    def _pick(self, id: ComponentId | None) -> None:
        if id is None:
            self.put_away()
            return
        self._wanted = id
        self._canvas.ring_mark(id)
        self._book.look_up(id)

    @Slot(object)
    def _show_card(self, component: Component) -> None:
        if component.id != self._wanted:
            return
        self.card.show_component(component, self._picture, below=self._is_high(component))
        self.picked.emit(component)

    def _is_high(self, component: Component) -> bool:
        """Whether it stands in the upper half of what is seen, where a card would cover it."""
        if self._ground is None:
            return False
        place = self._canvas.frame.to_screen(*self._ground.place(*component.point.degrees))
        return place.y() < self._canvas.height() / 2

    @Slot()
    def put_away(self) -> None:
        """No component is meant any more."""
        self._wanted = None
        self._canvas.ring_mark(None)
        self.card.hide()
