"""Centre: what is next. One box as a live table, most urgent first."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import NamedTuple

from PySide6.QtCore import QModelIndex, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from casework.case import Case, urgency_key
from casework.terms import CaseId, DeadlineBasis, State, Urgency
from console.clocks import link_clock, span
from console.panes.boxes import BY_KEY, BoxOf
from console.picture import Change, Picture
from console.selection import Selection
from console.wording import SOURCES, STATES, URGENCIES, mark, tr
from widgets.due_delegate import Due, DueDelegate
from widgets.live_table import Column, LiveTable
from widgets.plain_label import PlainLabel, Tone
from widgets.table_view import LiveTablePane, LiveTableView
from widgets.theme import Theme

FREEZE_MS = 3_000
RECHECK_MS = 2_000
_FAR = datetime.max.replace(tzinfo=UTC)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_AFTER_OPEN = 3
BEFORE_DISPATCH = (State.REGISTERED, State.VERIFYING, State.PREFILED, State.FILED)


class Row(NamedTuple):
    """One case as the table shows it, its words made once."""

    case: Case
    number: str
    name: str
    place: str
    source: str
    holder: str
    deadline: str
    deadline_reason: str
    unread: bool
    pending: bool

    def matches(self, wanted: str) -> bool:
        """Whether number, class, place or unit holds the text, in any case."""
        words = (self.case.id, self.name, self.place, self.holder)
        return any(wanted in word.casefold() for word in words)


def row_order(row: Row) -> tuple[int, datetime, CaseId]:
    """Most urgent first; ended cases after all open ones, the latest first."""
    case = row.case
    if case.ended_at is not None:
        return _AFTER_OPEN, _EPOCH + (_FAR - case.ended_at), case.id
    return urgency_key(case)


DEADLINE = 1
"""The column of the case's own deadline: hidden where no limit has started yet."""
TITLES: tuple[tuple[str, str], ...] = (
    ("clock", mark("Time left")),
    ("deadline", mark("Case due")),
    ("number", mark("Case no.")),
    ("name", mark("Class")),
    ("place", mark("Place")),
    ("source", mark("Source")),
    ("holder", mark("Unit or state")),
)


def _muted(_row: Row) -> Tone:
    return "muted"


def columns() -> tuple[Column[Row], ...]:
    """The columns in the language in use."""
    title = {key: tr(english) for key, english in TITLES}
    clock: Column[Row] = Column(
        title["clock"], lambda row: row.number, sort=row_order, width=148, painter="due"
    )
    deadline: Column[Row] = Column(
        title["deadline"],
        lambda row: row.deadline,
        sort=lambda row: row.case.due,
        width=104,
        tooltip=lambda row: row.deadline_reason,
        tone=lambda row: "muted" if row.case.due is None else "text",
    )
    number: Column[Row] = Column(
        title["number"],
        lambda row: row.number,
        sort=lambda row: row.case.id,
        width=128,
        tooltip=lambda row: row.case.id,
        tone=_muted,
    )
    name: Column[Row] = Column(title["name"], lambda row: row.name, width=0)
    place: Column[Row] = Column(title["place"], lambda row: row.place, width=0)
    source: Column[Row] = Column(title["source"], lambda row: row.source, width=80, tone=_muted)
    holder: Column[Row] = Column(title["holder"], lambda row: row.holder, width=0)
    return clock, deadline, number, name, place, source, holder


class Rows:
    """Makes rows from cases, in the words of each case's own rule book."""

    def __init__(self, picture: Picture) -> None:
        self._picture = picture

    def row(self, case: Case, box: BoxOf, *, unread: bool) -> Row:
        """A case as the table of a box shows it now."""
        names = self._picture.names(case.id)
        name = names.case_class(case)
        if case.urgency is not Urgency.NORMAL:
            name = f"{tr(URGENCIES[case.urgency])} · {name}"
        due, reason = self._deadline(case)
        several = len(self._picture.sites) > 1
        return Row(
            case=case,
            number=str(case.id) if several else case.id.partition("-")[2] or str(case.id),
            name=name,
            place=names.place(case),
            source=tr(SOURCES[case.source]),
            holder=self._holder(case, several_states=len(box.states) != 1),
            deadline=due,
            deadline_reason=reason,
            unread=unread,
            pending=bool(self._picture.pending(case.id)),
        )

    def _holder(self, case: Case, *, several_states: bool) -> str:
        """The unit; before a dispatch the one that the rule book suggests, so marked."""
        names = self._picture.names(case.id)
        unit = names.unit(case.lead)
        if case.state in BEFORE_DISPATCH:
            lead = self._picture.responsible(case).lead
            unit = f"→ {names.unit(lead)}" if lead else tr("→ to be chosen")
        if not several_states:
            return unit or "–"
        return " · ".join(filter(None, (tr(STATES[case.state]), unit)))

    def _deadline(self, case: Case) -> tuple[str, str]:
        if case.due is None:
            if case.state in BEFORE_DISPATCH:
                return "–", tr("The limit starts later.")
            if case.due_basis is DeadlineBasis.NONE and case.state is not State.NOT_FILED:
                return tr("open"), tr("No fixed limit: as the case requires.")
            return "–", ""
        names = self._picture.names(case.id)
        text = names.moment(case.due, self._picture.now(case.id))
        if case.due_basis is DeadlineBasis.RECORD:
            return f"{text} *", tr("* deadline carried by the record")
        if case.due_provisional:
            return f"{text} ~", tr("~ provisional: the calendar ends before this day")
        return text, ""

    def due(self, row: Row, _: object) -> Due:
        """The present link's clock as the delegate paints it."""
        case = row.case
        now = self._picture.now(case.id)
        clock = link_clock(case, self._picture.soon_percent())
        if clock is None:
            if case.ended_at is not None:
                names = self._picture.names(case.id)
                return Due("done", 0, 0, names.moment(case.ended_at, now))
            return Due("none", 0, 0, tr("no clock"))
        left = clock.left(now)
        standing = clock.standing(now)
        text = tr("late {span}", span=span(left)) if standing == "late" else span(left)
        return Due(standing, left, clock.share(now), text)


class QueuePane(QFrame):
    """Shows one box; the cursor is the shared selection. Holds still while somebody types."""

    activated = Signal()
    """Enter on a row: do the suggested act."""

    def __init__(
        self,
        picture: Picture,
        selection: Selection,
        theme: Theme,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("pane", "true")
        self._picture, self._selection, self._theme = picture, selection, theme
        self._rows = Rows(picture)
        self._box: BoxOf = BY_KEY["registered"]
        self._fresh: set[CaseId] = set()
        self._vacated = 0
        self._filtered = ""
        self._build()
        self._connect()
        self.show_box(self._box.key)

    def _build(self) -> None:
        theme = self._theme
        self.table: LiveTable[Row, CaseId] = LiveTable(
            columns(),
            lambda row: row.case.id,
            is_unread=lambda row: row.unread,
            is_pending=lambda row: row.pending,
            parent=self,
        )
        # before the view's own: Qt would move the cursor to a neighbour first
        self.table.rowsAboutToBeRemoved.connect(self._before_removal)
        due: DueDelegate[None] = DueDelegate(theme, self._rows.due, _nothing, self)
        self.view = LiveTableView(self.table, theme, painters={"due": due})
        self.view.setAccessibleName(tr("Queue"))
        self._pane = LiveTablePane(self.view, theme)
        self._title = PlainLabel(size="heading")
        self._count = PlainLabel(tone="muted")
        self.filter = QLineEdit(clearButtonEnabled=True)
        self._head = QHBoxLayout()
        self._head.addWidget(self._title)
        self._head.addWidget(self._count)
        self._head.addStretch(1)
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
        self.filter.returnPressed.connect(self.focus_rows)
        leave = QShortcut(Qt.Key.Key_Escape, self.filter)
        leave.setContext(Qt.ShortcutContext.WidgetShortcut)
        leave.activated.connect(self._leave_filter)
        self._freeze.timeout.connect(self._thaw)
        self._recheck.timeout.connect(self._move_with_time)
        self._recheck.start()
        self._picture.changed.connect(self._take)
        self._picture.pending_changed.connect(self._refresh)
        self._picture.sites_changed.connect(self._say_condition)
        self._selection.moved.connect(self._follow)
        self._theme.changed.connect(self._restyle)

    # --- what others ask ----------------------------------------------------------------------

    @Slot(object)
    def show_box(self, key: str) -> None:
        """Show the cases of a box; the cursor goes to its most urgent case."""
        self._box = BY_KEY[key]
        self._fresh.clear()
        starts_later = bool(self._box.states) and set(self._box.states) <= set(BEFORE_DISPATCH)
        self.view.setColumnHidden(DEADLINE, starts_later)
        self._show_rows()
        if self.view.selected_key() is None and self.table.rowCount():
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
        self.view.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if self.view.selected_key() is None and self.table.rowCount():
            self.view.select_key(self.table.key_at(0))

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
        self.table.columns = columns()
        self.table.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self.table.columns) - 1)
        self.view.setAccessibleName(tr("Queue"))
        self._show_rows()
        self._restyle()

    # --- rows -----------------------------------------------------------------------------------

    def _show_rows(self) -> None:
        rows = [self._row(case) for case in self._picture.cases() if self._holds(case)]
        self.table.show_instead([row for row in rows if row.matches(self._filtered)])
        self._say_title()

    def _row(self, case: Case) -> Row:
        return self._rows.row(case, self._box, unread=case.id in self._fresh)

    def _holds(self, case: Case) -> bool:
        now = self._picture.now(case.id)
        return self._box.holds(case, now, self._picture.soon_percent())

    @Slot(object)
    def _take(self, change: Change) -> None:
        self.table.drop(change.gone)
        self._put(change.upserted)

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
        """A case becomes soon or late by itself: those two boxes are looked through again."""
        if self._box.states:
            return
        here = {case.id: case for case in self._picture.cases() if self._holds(case)}
        self.table.drop(key for key in self.table.keys_shown() if key not in here)
        self._put(case for key, case in here.items() if self.table.row_of(key) < 0)

    @Slot(object)
    def _refresh(self, case_id: CaseId | None) -> None:
        case = self._picture.case(case_id)
        if case is not None and self.table.row_of(case.id) >= 0:
            self.table.upsert([self._row(case)])

    @Slot(str)
    def _refilter(self, text: str) -> None:
        self._filtered = text.strip().casefold()
        self._show_rows()

    @Slot()
    def _leave_filter(self) -> None:
        self.filter.clear()
        self.focus_rows()

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

    @Slot(object)
    def _activate(self, _key: object) -> None:
        self.activated.emit()

    # --- looks ----------------------------------------------------------------------------------

    def _say_title(self) -> None:
        count = self.table.rowCount()
        self._title.setText(tr(self._box.title))
        self._count.setText(tr("{n} cases · by time left", n=f"{count:,}"))
        self._say_condition()

    @Slot()
    def _say_condition(self) -> None:
        if not any(site.complete or site.cases for site in self._picture.sites):
            self._pane.show_condition("loading", tr("Waiting for the first cases …"))
        elif self._filtered:
            self._pane.show_condition("empty", tr("No case here matches the filter."))
        else:
            self._pane.show_condition("empty", tr("Nothing waits in this box."))

    @Slot()
    def _restyle(self) -> None:
        px = self._theme.px
        self._head.setContentsMargins(px(14), px(9), px(12), px(9))
        self._head.setSpacing(px(12))
        self.filter.setFixedWidth(px(200))
        self.filter.setPlaceholderText(tr("Filter …  Ctrl+F"))
        layout = self.layout()
        if layout is not None:
            layout.setContentsMargins(1, 1, 1, px(6))


def _nothing() -> None:
    """The delegate's clock: each row asks its own log's."""
