"""Components near a report's place, offered by number keys: Alt+1 … 9 takes one, Alt+0 none.

Shown only for a class of components and a place with a position. Taking one gives the report its
id, position and grid.
"""

from functools import partial

from msgspec.structs import replace
from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from casework.rules.geo import distance
from casework.rules.register import Component
from casework.terms import Kind, Point
from console.component_book import OFFERED, ComponentBook, Near
from console.export.table import Table
from console.panes.component_table import near_table
from console.panes.component_words import keepers, own_name, state_of
from console.panes.place_words import Chosen
from console.panes.report_form import ReportForm
from console.picture import Picture
from console.wording import tr
from widgets.plain_label import PlainLabel, one_line
from widgets.theme import MEASURES, Theme

PAUSE_MS = 150
MOST_ROWS = 4
"""Rows seen at a time; the others by scrolling, or by their number."""


class NearbyComponents(QWidget):
    """Belongs to a report's form and takes its place from there."""

    def __init__(
        self, picture: Picture, book: ComponentBook, form: ReportForm, theme: Theme
    ) -> None:
        super().__init__()
        self._picture, self._book, self._form, self._theme = picture, book, form, theme
        self._offered: tuple[Component, ...] = ()
        self._asked: tuple[Point, str] | None = None
        self._said = PlainLabel(tone="muted", size="label", wrap=True)
        self.list = QListWidget()
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setUniformItemSizes(True)
        self.list.itemActivated.connect(self._take_item)
        self.list.itemClicked.connect(self._take_item)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(theme.px(3))
        box.addWidget(self._said)
        box.addWidget(self.list)
        self._pause = QTimer(self, interval=PAUSE_MS, singleShot=True)
        self._pause.timeout.connect(self._ask)
        for number in range(OFFERED + 1):
            key = QShortcut(QKeySequence(f"Alt+{number}"), form)
            key.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            key.activated.connect(partial(self.take_number, number))
        form.edited.connect(self.follow)
        book.offered.connect(self._offer)
        self.follow()

    # --- what is asked --------------------------------------------------------------------------

    @Slot()
    def follow(self) -> None:
        """The form is another: class, place, or a component taken before."""
        of, chosen = self._form.case_class.chosen, self._form.place.chosen
        if of is None or of.kind is not Kind.COMPONENT or chosen is None or chosen.point is None:
            if chosen is not None and chosen.component is not None and of is not None:
                self._let_go(chosen)
            self._asked = None
            self._pause.stop()
            self.hide()
            return
        if chosen.component is not None:
            self._asked = None
            taken = self._book.component(chosen.component)
            if taken is not None and taken.code != of.code:
                self._let_go(chosen)
                return
            self._say_taken(chosen, taken)
        elif self._asked != (chosen.point, of.code):
            self._asked = (chosen.point, of.code)
            self._pause.start()

    @Slot()
    def _ask(self) -> None:
        if self._asked is not None:
            self._book.look_near(*self._asked)

    @Slot(object)
    def _offer(self, near: Near) -> None:
        if self._asked != (near.point, near.code):
            return
        self._offered = near.components
        self.list.clear()
        for number, component in enumerate(near.components, 1):
            metres = f"{distance(component.point, near.point):.0f} m"
            item = QListWidgetItem(f"Alt+{number}   {metres} · {self._words(component)}")
            item.setData(Qt.ItemDataRole.UserRole, number)
            self.list.addItem(item)
        shown = min(len(near.components), MOST_ROWS)
        self.list.setFixedHeight(shown * self._theme.px(MEASURES.row) + 4)
        self.list.setVisible(bool(near.components))
        self._said.set_tone("muted")
        self._said.setText(
            tr("Which one is it? Alt and its number takes it.")
            if near.components
            else tr("The register has no such component near this place.")
        )
        self.show()

    def speak(self) -> None:
        """The language is another."""
        if self._asked is not None and self._offered:
            self._offer(Near(*self._asked, self._offered))
        else:
            self.follow()

    def _words(self, component: Component) -> str:
        """Without the class: it is the report's own."""
        names, rules = self._picture.names(), self._picture.sites[0].rules
        words = (
            own_name(component, rules),
            component.id,
            state_of(component),
            keepers(component, names),
        )
        return one_line(" · ".join(filter(None, words)))

    def as_table(self) -> Table | None:
        """What is offered, for a file."""
        if self._asked is None or not self._offered:
            return None
        rules, names = self._picture.sites[0].rules, self._picture.names()
        return near_table(self._offered, self._asked[0], rules, names)

    # --- taking one -----------------------------------------------------------------------------

    @Slot()
    def take_number(self, number: int) -> None:
        """Take the component with this number; 0 takes none."""
        chosen = self._form.place.chosen
        if number == 0 and chosen is not None and chosen.component is not None:
            self._let_go(chosen)
        elif 0 < number <= len(self._offered) and self.isVisible() and self._asked is not None:
            self.take(self._offered[number - 1])

    @Slot(object)
    def _take_item(self, item: QListWidgetItem) -> None:
        self.take_number(int(item.data(Qt.ItemDataRole.UserRole)))

    @Slot(object)
    def take(self, component: Component) -> None:
        """The report is about this component, if it is of the report's class."""
        of = self._form.case_class.chosen
        if of is None or of.kind is not Kind.COMPONENT or of.code != component.code:
            return
        place = component.place
        self._form.place.choose(
            Chosen(
                point=place.point,
                district=place.district,
                street=place.street,
                grid=place.grid,
                component=component.id,
            )
        )

    def _let_go(self, chosen: Chosen) -> None:
        self._form.place.choose(replace(chosen, component=None))

    def _say_taken(self, chosen: Chosen, component: Component | None) -> None:
        self.list.hide()
        words = self._words(component) if component is not None else str(chosen.component)
        self._said.set_tone("done")
        self._said.setText(tr("Component {words} · Alt+0 takes none", words=words))
        self.show()
