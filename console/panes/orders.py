"""F5: all orders to inspectors in the lower place, worst first; F5 again: the inspectors, who is
free and how much is on the way to each.
"""

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from casework.terms import CaseId, UserId
from console.export.table import Table
from console.inspectors import Inspectors, Presence, presence
from console.order_book import OrderBook
from console.panes import inspector_rows, order_rows
from console.panes.inspector_rows import InspectorLine, line_of
from console.panes.order_rows import OrderRow, OrderRows
from console.picture import Picture
from console.wording import tr
from widgets.due_delegate import DueDelegate
from widgets.key_button import KeyButton
from widgets.live_table import LiveTable
from widgets.plain_label import PlainLabel
from widgets.table_view import LiveTablePane, LiveTableView
from widgets.theme import Theme

KEY = "F5"
RECHECK_MS = 2_000
"""Orders go wrong with time alone."""


class OrdersPane(QFrame):
    """Reads, never asks; Enter on an order opens its case."""

    closed = Signal()
    case_wanted = Signal(object)
    """`CaseId` of the order that Enter was pressed on."""

    def __init__(
        self,
        picture: Picture,
        inspectors: Inspectors,
        book: OrderBook,
        theme: Theme,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("pane", "true")
        self._picture, self._inspectors, self._book = picture, inspectors, book
        self._theme = theme
        self._rows = OrderRows(picture, inspectors, book)
        self._build()
        self._recheck = QTimer(self, interval=RECHECK_MS)
        self._recheck.timeout.connect(self.look_again)
        picture.second_hand.struck.connect(self.view.repaint_clocks)
        book.changed.connect(self.look_again)
        inspectors.changed.connect(self.look_again)
        theme.changed.connect(self.speak)
        self.speak()

    def _build(self) -> None:
        theme = self._theme
        self.table: LiveTable[OrderRow, str] = LiveTable(
            order_rows.columns(), lambda row: row.key, parent=self
        )
        due: DueDelegate[None] = DueDelegate(theme, self._rows.due, _nothing, self)
        self.view = LiveTableView(self.table, theme, painters={"due": due})
        self.people: LiveTable[InspectorLine, UserId] = LiveTable(
            inspector_rows.columns(), lambda row: row.of.user, parent=self
        )
        self.people_view = LiveTableView(self.people, theme)
        self._orders_pane = LiveTablePane(self.view, theme)
        self._people_pane = LiveTablePane(self.people_view, theme)
        self.pages = QStackedWidget()
        for page in (self._orders_pane, self._people_pane):
            self.pages.addWidget(page)
        self.title = PlainLabel(size="heading")
        self.count = PlainLabel(tone="muted")
        self.filter = QLineEdit(clearButtonEnabled=True)
        self.turn = KeyButton("", KEY, theme, bind=False)
        self._close = KeyButton("", "Esc", theme, bind=False)
        self._head = QHBoxLayout()
        self._head.addWidget(self.title)
        self._head.addWidget(self.count, 1)
        for part in (self.turn, self.filter, self._close):
            self._head.addWidget(part)
        self._box = QVBoxLayout(self)
        self._box.addLayout(self._head)
        self._box.addWidget(self.pages, 1)
        self._connect()

    def _connect(self) -> None:
        self.view.activated_key.connect(self._open)
        self.turn.clicked.connect(self.turn_over)
        self._close.clicked.connect(self.closed)
        self.filter.textChanged.connect(self.look_again)
        self.filter.returnPressed.connect(self.focus_rows)
        for place, act in ((self, self.closed.emit), (self.filter, self._leave_filter)):
            leave = QShortcut(Qt.Key.Key_Escape, place)
            only = Qt.ShortcutContext.WidgetShortcut
            within = Qt.ShortcutContext.WidgetWithChildrenShortcut
            leave.setContext(within if place is self else only)
            leave.activated.connect(act)

    # --- what others ask ----------------------------------------------------------------------

    def begin(self) -> None:
        """The orders, the cursor on the worst."""
        self._book.recall()
        self.pages.setCurrentWidget(self._orders_pane)
        self.speak()
        if self.table.rowCount():
            self.view.select_key(self.table.key_at(0))
        self.focus_rows()

    @Slot()
    def turn_over(self) -> None:
        """From the orders to the inspectors, or back."""
        self.pages.setCurrentIndex(1 - self.pages.currentIndex())
        self.speak()
        self.focus_rows()

    @property
    def shows_people(self) -> bool:
        """Whether the inspectors are shown, not the orders."""
        return self.pages.currentWidget() is self._people_pane

    @Slot()
    def focus_rows(self) -> None:
        """Go to the rows, on the cursor or the first."""
        view = self.people_view if self.shows_people else self.view
        view.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if view.selected_key() is None and view.table.rowCount():
            view.select_key(view.table.key_at(0))

    def focus_filter(self) -> None:
        """Go to the filter."""
        self.filter.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.filter.selectAll()

    def as_table(self) -> Table:
        """The rows in sight, in their order."""
        zone, wanted = self._picture.names().zone, self.filter.text()
        if self.shows_people:
            lines = [self.people.row_at(n) for n in range(self.people.rowCount())]
            return inspector_rows.table_of(lines, zone, wanted)
        rows = [self.table.row_at(n) for n in range(self.table.rowCount())]
        return order_rows.table_of(rows, self._picture.now(), zone, wanted)

    # --- what is shown ------------------------------------------------------------------------

    @Slot()
    def look_again(self) -> None:
        """How every order, and every inspector, stands at this instant."""
        if self.isHidden():
            return
        wanted, now = self.filter.text().strip().casefold(), self._picture.now()
        names = self._picture.names()
        self.table.replace(row for row in self._rows.rows() if row.matches(wanted))
        known = (line_of(row, names, now) for row in self._inspectors.rows.values())
        self.people.replace(line for line in known if line.matches(wanted))
        self._say()

    def _say(self) -> None:
        tally = self._book.tally()
        self.title.setText(tr("Inspectors") if self.shows_people else tr("Orders"))
        if self.shows_people:
            of = [presence(row) for row in self._inspectors.rows.values()]
            on_duty = len(of) - of.count(Presence.OFF)
            free = of.count(Presence.FREE)
            self.count.setText(tr("on duty {n} · free {free}", n=on_duty, free=free))
        else:
            out = tr("{n} out · ▲ {wrong}", n=tally.out, wrong=tally.wrong)
            self.count.setText(" · ".join(filter(None, (out, self._ended()))))
        if self.filter.text().strip():
            self._show_empty(tr("Nothing here matches the filter."))
        elif self.shows_people and not self._inspectors.may_know:
            self._show_empty(tr("Only the centre is told where inspectors are."))
        elif self.shows_people:
            self._show_empty(tr("No inspector is enrolled in this area."))
        else:
            self._show_empty(tr("No order is out."))

    def _ended(self) -> str:
        """How many ended, and in what time: those before it are in their cases' records."""
        minutes = round(self._book.kept.total_seconds() / 60)
        if not minutes:
            return ""
        hours, rest = divmod(minutes, 60)
        kept = tr("{n} min", n=minutes) if rest else tr("{n} h", n=hours)
        return tr("ended in the last {span}: {n}", span=kept, n=len(self._book.over()))

    def _show_empty(self, sentence: str) -> None:
        pane = self._people_pane if self.shows_people else self._orders_pane
        pane.show_condition("empty", sentence)

    @Slot(object)
    def _open(self, key: str) -> None:
        number = self.table.row_of(key)
        if number >= 0:
            case: CaseId = self.table.row_at(number).case.id
            self.case_wanted.emit(case)

    @Slot()
    def _leave_filter(self) -> None:
        self.filter.clear()
        self.focus_rows()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._inspectors.watch(self)
        self._recheck.start()
        self.look_again()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._inspectors.look_away(self)
        self._recheck.stop()

    # --- looks --------------------------------------------------------------------------------

    @Slot()
    def speak(self) -> None:
        """The language, the scale or the page is another."""
        px = self._theme.px
        self._box.setContentsMargins(1, 1, 1, px(6))
        self._box.setSpacing(0)
        self._head.setContentsMargins(px(14), px(9), px(12), px(9))
        self._head.setSpacing(px(10))
        self.filter.setFixedWidth(px(170))
        self.filter.setPlaceholderText(tr("Filter …  Ctrl+F"))
        self.turn.set_words(tr("Orders") if self.shows_people else tr("Inspectors"))
        self._close.set_words(tr("Back"))
        for table, columns in (
            (self.table, order_rows.columns()),
            (self.people, inspector_rows.columns()),
        ):
            table.columns = columns
            table.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(columns) - 1)
        self.view.setAccessibleName(tr("Orders"))
        self.people_view.setAccessibleName(tr("Inspectors"))
        for view in (self.view, self.people_view):
            view.fit_columns()
        self.look_again()


def _nothing() -> None:
    """The delegate's clock: each row asks its own log's."""
