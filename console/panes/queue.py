"""Centre: what is next. One box as a live table, most urgent first."""

from collections.abc import Iterable

from PySide6.QtCore import QModelIndex, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from backend_client.notices import LinkState
from casework.case import Case
from casework.life import TAKE_NEXT
from casework.terms import BEFORE_DISPATCH, CaseId, State
from console.export.table import Table
from console.inspectors import Inspectors
from console.panes.boxes import BY_KEY, BoxOf
from console.panes.queue_rows import DEADLINE, Row, Rows, columns
from console.panes.queue_table import QueueTable
from console.panes.queue_widths import Widths, widths
from console.picture import Change, Picture
from console.selection import Selection
from console.vocabulary import OFFERS
from console.wording import tr
from widgets.due_delegate import DueDelegate
from widgets.key_button import KeyButton
from widgets.live_table import LiveTable
from widgets.marking_view import MarkingTableView
from widgets.plain_label import PlainLabel
from widgets.row_marks import RowMarks
from widgets.table_view import LiveTablePane
from widgets.theme import Theme

FREEZE_MS = 3_000
RECHECK_MS = 2_000


class QueuePane(QFrame):
    """Shows one box; the cursor is the shared selection. Holds still while somebody types."""

    next_wanted = Signal()
    """Take the next case."""
    not_here = Signal(str)
    """Enter in the filter, and no row matches: the text to look for everywhere."""
    activated = Signal()
    """Enter on a row: do the suggested act."""

    def __init__(
        self,
        picture: Picture,
        selection: Selection,
        theme: Theme,
        parent: QWidget | None = None,
        *,
        inspectors: Inspectors | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("pane", "true")
        self._picture, self._selection, self._theme = picture, selection, theme
        inspectors = inspectors or Inspectors(picture, self)
        inspectors.changed.connect(self._watch_orders)
        self._rows = Rows(picture, inspectors)
        self._exported = QueueTable(picture)
        self._box: BoxOf = BY_KEY["registered"]
        self._fresh: set[CaseId] = set()
        self._vacated = 0
        self._filtered = ""
        self._rules = picture.sites[0].rules
        self._build()
        self._connect()
        self.show_box(self._box.key)

    def _build(self) -> None:
        theme = self._theme
        self.table: LiveTable[Row, CaseId] = LiveTable(
            columns(self._widths()),
            lambda row: row.case.id,
            is_unread=lambda row: row.unread,
            is_pending=lambda row: row.pending,
            is_marked=lambda row: row.case.id in self._selection.marks,
            parent=self,
        )
        # before the view's own: Qt would move the cursor to a neighbour first
        self.table.rowsAboutToBeRemoved.connect(self._before_removal)
        due: DueDelegate[None] = DueDelegate(theme, self._rows.due, _nothing, self)
        self.marks = RowMarks(self.table, self)
        self.view = MarkingTableView(self.table, theme, self.marks, painters={"due": due})
        self.view.setAccessibleName(tr("Queue"))
        self._pane = LiveTablePane(self.view, theme)
        self._title = PlainLabel(size="heading")
        self._count = PlainLabel(tone="muted")
        self.filter = QLineEdit(clearButtonEnabled=True)
        self._head = QHBoxLayout()
        self._head.addWidget(self._title)
        self._head.addWidget(self._count)
        self._head.addStretch(1)
        self.next_key = KeyButton("", TAKE_NEXT.key, theme, bind=False)
        self.next_key.clicked.connect(self.next_wanted)
        self._head.addWidget(self.next_key)
        self._head.addWidget(self.filter)
        layout = QVBoxLayout(self)
        layout.setSpacing(0)
        layout.addLayout(self._head)
        layout.addWidget(self._pane, 1)
        self._freeze = QTimer(self, singleShot=True, interval=FREEZE_MS)
        self._recheck = QTimer(self, interval=RECHECK_MS)
        self._restyle()

    def _connect(self) -> None:
        self.view.current_key.connect(self._cursor_moved)
        self.view.activated_key.connect(self._activate)
        self.filter.textChanged.connect(self._refilter)
        self.filter.returnPressed.connect(self._enter_filter)
        for place, act in ((self.filter, self._leave_filter), (self._pane, self._widen)):
            leave = QShortcut(Qt.Key.Key_Escape, place)
            leave.setContext(Qt.ShortcutContext.WidgetShortcut)
            leave.activated.connect(act)
        self.view.let_go.connect(self._widen)
        for moved in (self.table.rowsInserted, self.table.rowsRemoved):
            moved.connect(self._say_title)
        self._freeze.timeout.connect(self._thaw)
        self._recheck.timeout.connect(self._move_with_time)
        self._recheck.start()
        self._picture.second_hand.struck.connect(self.view.repaint_clocks)
        self._picture.changed.connect(self._take)
        self._picture.pending_changed.connect(self._refresh)
        self._picture.staff.changed.connect(self._name_holders)
        self._picture.sites_changed.connect(self._say_title)
        self._picture.sites_changed.connect(self._follow_rules)
        self._picture.sites_changed.connect(self._land)
        self._selection.moved.connect(self._follow)
        self._selection.marked.connect(self._follow_marks)
        self.marks.changed.connect(self._selection.mark)
        self._theme.changed.connect(self._restyle)

    # --- what others ask ----------------------------------------------------------------------

    @Slot(object)
    def show_box(self, key: str) -> None:
        """Show the cases of a box; the cursor stays on the open case, or goes to the most urgent
        one where the box does not hold it."""
        before = self._selection.case
        self._box = BY_KEY[key]
        self._fresh.clear()
        self._selection.mark(())
        starts_later = bool(self._box.states) and set(self._box.states) <= BEFORE_DISPATCH
        self.view.want_column(DEADLINE, not starts_later)
        self._set_columns()
        self._show_rows()
        stays = before is not None and self.view.select_key(before)
        if not stays and self.table.rowCount():
            self.view.select_key(self.table.key_at(0))

    @Slot()
    def freeze(self) -> None:
        """Somebody types: no row moves until a pause."""
        self.table.hold("typing")
        self._freeze.start()

    @Slot()
    def focus_filter(self) -> None:
        """Go to the filter."""
        self.filter.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.filter.selectAll()

    @Slot()
    def focus_rows(self) -> None:
        """Go to the rows, on the cursor or the first."""
        self.come_back()
        if self.view.selected_key() is None and self.table.rowCount():
            self.view.select_key(self.table.key_at(0))

    @Slot()
    def come_back(self) -> None:
        """To the rows from another page: an open case that is not among them stays open."""
        self._pane.focus_rows()

    @Slot()
    def drop_idle_filter(self) -> None:
        """The case was found elsewhere: a text that no row here matches is of no more use."""
        if self._filtered and not self.table.rowCount():
            self.filter.clear()

    def as_table(self) -> Table:
        """The rows in sight with the columns in sight, in their order."""
        hours = self._picture.ended_hours()
        return self._exported.table(self.view, tr(self._box.title, n=hours), self.filter.text())

    @property
    def box_state(self) -> State | None:
        """The one state that the open box holds, if it is a link's."""
        return self._box.states[0] if len(self._box.states) == 1 else None

    @property
    def box_key(self) -> str:
        """Key of the open box."""
        return self._box.key

    def has(self, case: CaseId) -> bool:
        """Whether the open box shows the case."""
        number = self.table.row_of(case)
        return number >= 0 and not self.table.is_gone(number)

    def step_on(self, case: CaseId) -> None:
        """The operator's own act moved a case out of this box: go on with the next one."""
        number, count = self.table.row_of(case), self.table.rowCount()
        if number >= 0 and not self.table.is_gone(number):
            return  # still here: a note, a look at the contact
        if number < 0 and self.view.selected_key() is not None:
            return  # the operator has moved on already
        start = number if number >= 0 else min(self._vacated, count - 1)
        for at in (*range(max(start, 0), count), *range(start - 1, -1, -1)):
            if not self.table.is_gone(at):
                self.view.select_key(self.table.key_at(at))
                return

    @Slot()
    def speak(self) -> None:
        """The language is another: titles and every row's words."""
        self._set_columns()
        self.view.setAccessibleName(tr("Queue"))
        self._show_rows()
        self._restyle()

    @Slot()
    def _follow_rules(self) -> None:
        rules = self._picture.sites[0].rules
        if rules is not self._rules:
            self._rules = rules
            self._set_columns()

    def _set_columns(self) -> None:
        self.table.columns = columns(self._widths(), ended=self._lists_ended)
        self.table.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self.table.columns) - 1)
        self.view.fit_columns()

    def _widths(self) -> Widths:
        return widths(self._rules, self._picture.names(), self._theme)

    @Slot()
    def _land(self) -> None:
        """The first picture is whole: the cursor begins on the most urgent case."""
        site = self._picture.sites[0]
        whole = site.complete or site.link is not LinkState.LIVE
        if whole and self._selection.case is None and self.table.rowCount():
            self.view.select_key(self.table.key_at(0))
            if not isinstance(QApplication.focusWidget(), QLineEdit):
                self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- rows -----------------------------------------------------------------------------------

    def _show_rows(self) -> None:
        rows = [self._row(case) for case in self._picture.cases() if self._holds(case)]
        self.table.show_instead([row for row in rows if row.matches(self._filtered)])
        self._say_title()

    def _row(self, case: Case) -> Row:
        return self._rows.row(case, self._box, unread=case.id in self._fresh)

    def _holds(self, case: Case) -> bool:
        now = self._picture.seen_now(case.id)
        soon, me = self._picture.soon_percent(case.id), self._picture.user(case.id)
        return self._box.holds(case, now, soon, me)

    @Slot(object)
    def _take(self, change: Change) -> None:
        self.table.drop(change.gone)
        self._put(change.upserted)
        self._land()

    def _put(self, cases: Iterable[Case]) -> None:
        here: list[Case] = []
        away: list[Case] = []
        for case in cases:
            (here if self._holds(case) else away).append(case)
        self.table.drop(case.id for case in away)
        if self._picture.sites[0].complete:
            self._fresh.update(case.id for case in here if self.table.row_of(case.id) < 0)
        rows = map(self._row, here)
        self.table.upsert(row for row in rows if row.matches(self._filtered))
        self._say_title()

    @Slot()
    def _move_with_time(self) -> None:
        """A case becomes soon or late by itself: those two boxes are looked through again. An
        order that nobody has or reads in time shows it in every box."""
        self._watch_orders()
        if self._box.states or self._box.marked is not None:
            return
        here = {case.id: case for case in self._picture.cases() if self._holds(case)}
        self.table.drop(key for key in self.table.keys_shown() if key not in here)
        self._put(case for key, case in here.items() if self.table.row_of(key) < 0)

    @Slot()
    def _watch_orders(self) -> None:
        """Orders go wrong with time alone; and an inspector's name may come later than the case."""
        rows = [self.table.row_at(number) for number in range(self.table.rowCount())]
        out = [(row, self._row(row.case)) for row in rows if row.case.order is not None]
        self.table.upsert(new for old, new in out if new.holder != old.holder)

    @Slot()
    def _name_holders(self) -> None:
        """Names came of people who have cases in hand."""
        rows = [self.table.row_at(number) for number in range(self.table.rowCount())]
        self.table.upsert(self._row(row.case) for row in rows if row.case.claim is not None)

    @Slot(object)
    def _refresh(self, case_id: CaseId | None) -> None:
        case = self._picture.case(case_id)
        number = self.table.row_of(case.id) if case is not None else -1
        if case is not None and number >= 0 and not self.table.is_gone(number):
            self.table.upsert([self._row(case)])

    @Slot(str)
    def _refilter(self, text: str) -> None:
        self._filtered = text.strip().casefold()
        self._show_rows()

    @Slot()
    def _enter_filter(self) -> None:
        if self._filtered and not self.table.rowCount():
            self.not_here.emit(self.filter.text().strip())
        else:
            self.focus_rows()

    @Slot()
    def _leave_filter(self) -> None:
        """Every row again; the cursor stays with the open case."""
        self.filter.clear()
        self.view.select_key(self._selection.case)
        self.focus_rows()
        QTimer.singleShot(0, self, self._bring_into_sight)  # the rows have their places then

    @Slot()
    def _widen(self) -> None:
        """Esc in the rows, or where they would be: one step back, if there is one."""
        if self._filtered:
            self._leave_filter()

    @Slot()
    def _bring_into_sight(self) -> None:
        self.view.scrollTo(self.view.currentIndex())

    @Slot()
    def _thaw(self) -> None:
        self.table.release("typing")

    # --- the cursor -----------------------------------------------------------------------------

    @Slot(QModelIndex, int, int)
    def _before_removal(self, _parent: QModelIndex, first: int, last: int) -> None:
        """The open case leaves this box: the desk keeps it open instead of jumping to another."""
        current = self.view.currentIndex()
        if current.isValid() and first <= current.row() <= last:
            self._vacated = first
            self.view.selectionModel().clear()

    @Slot(object)
    def _cursor_moved(self, key: CaseId | None) -> None:
        if key is None:
            return
        self._selection.select(key)
        if key in self._fresh:
            self._fresh.discard(key)
            self._refresh(key)

    @Slot(object)
    def _follow(self, case: CaseId | None) -> None:
        if case == self.view.selected_key():
            return
        if case is None or not self.view.select_key(case):
            self.view.selectionModel().clear()

    @Slot()
    def _follow_marks(self) -> None:
        self.marks.put(self._selection.marks)
        self._say_title()

    @Slot(object)
    def _activate(self, _key: object) -> None:
        self.activated.emit()

    # --- looks ----------------------------------------------------------------------------------

    @Slot()
    def _say_title(self) -> None:
        self._title.setText(tr(self._box.title, n=self._picture.ended_hours()))
        self._count.setText(self._counted() if self._picture.has_cases else "")
        self._count.set_tone("accent" if self._selection.marks else "muted")
        self.next_key.setVisible(self._picture.works_at_centre)
        self._say_condition()

    @property
    def _lists_ended(self) -> bool:
        return self._box.group == "ended"

    def _counted(self) -> str:
        """How many cases the box has; of a selection, how many, and how many are not in it."""
        marks, count = self._selection.marks, self.table.count_here()
        if not marks:
            said = tr("1 case") if count == 1 else tr("{n} cases", n=f"{count:,}")
            order = tr("the last first") if self._lists_ended else tr("by time left")
            return f"{said} · {order}"
        away = sum(not self.has(case) for case in marks)
        said = tr("{n} of {count} selected", n=f"{len(marks) - away:,}", count=f"{count:,}")
        return f"{said} · {tr('{n} selected elsewhere', n=f'{away:,}')}" if away else said

    @Slot()
    def _say_condition(self) -> None:
        if not self._picture.has_cases and self._picture.sites[0].link is LinkState.LOST:
            said = tr("No case could be fetched yet; the desk tries again by itself.")
            self._pane.show_condition("offline", said)
        elif not self._picture.has_cases:
            self._pane.show_condition("loading", tr("Waiting for the first cases …"))
        elif self._filtered:
            said = tr("No case here matches the filter. Enter looks in all years.")
            self._pane.show_condition("empty", said)
        else:
            self._pane.show_condition("empty", tr("Nothing waits in this box."))

    @Slot()
    def _restyle(self) -> None:
        px = self._theme.px
        self._head.setContentsMargins(px(14), px(5), px(12), px(5))
        self._head.setSpacing(px(12))
        self.filter.setFixedWidth(px(200))
        self.next_key.set_words(tr(OFFERS[TAKE_NEXT.name]))
        self.filter.setPlaceholderText(tr("Filter …  Ctrl+F"))
        layout = self.layout()
        if layout is not None:
            layout.setContentsMargins(1, 1, 1, px(2))


def _nothing() -> None:
    """The delegate's clock: each row asks its own log's."""
