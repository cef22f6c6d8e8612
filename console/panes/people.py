"""People (F12, administrators): who may sign in and what they may do, as a live table; beside it
one account in fields, a list to take in, or a one-time password."""

from datetime import UTC, datetime

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from casework.decider import Command, Grant
from casework.enquiries import DepartureReply
from casework.procedures.account import (
    AddAccount,
    ChangeGrants,
    DisableAccount,
    EnableAccount,
    ResetPassword,
)
from casework.replies import AccountRow
from casework.terms import UserId
from casework.wire import Passwords
from console.export.table import Table
from console.panes.once_card import OnceCard
from console.panes.people_form import PeopleForm, Wanted
from console.panes.people_import import PeopleImportPanel
from console.panes.people_rows import PersonRow, columns, left_behind, row_of, state_words, table_of
from console.people import Answer, People
from console.wording import tr
from widgets.key_button import KeyButton
from widgets.live_table import LiveTable
from widgets.plain_label import PlainLabel
from widgets.table_view import LiveTablePane, LiveTableView
from widgets.theme import Theme

BESIDE = 470
"""Pixels at 100 % of the side with the fields."""


class PeoplePage(QWidget):
    """In place of the desk. Asks; what is shown is what the server has said."""

    left = Signal()

    def __init__(self, people: People, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._people, self._theme = people, theme
        self._filtered = ""
        self._confirming: UserId | None = None
        self._leaving: UserId | None = None
        self._resetting: UserId | None = None
        """Whose password is reset when the key is pressed once more."""
        self._giving_up: Wanted | None = None
        """Takes posts away; the server is asked first what would stay behind, …"""
        self._agreed: Wanted | None = None
        """…, and where something would, this is done when the key is pressed once more."""
        self._waiting: list[Wanted] = []
        self._mine: Command | None = None
        """The command under way that was given here, not by a list."""
        self._select: str = ""
        self.table: LiveTable[PersonRow, UserId] = LiveTable(
            columns(), lambda row: row.account.user, parent=self
        )
        self.view = LiveTableView(self.table, theme)
        self._pane = LiveTablePane(self.view, theme)
        self.title = PlainLabel(size="heading")
        self.count = PlainLabel(tone="muted")
        self.filter = QLineEdit(clearButtonEnabled=True)
        self.add = KeyButton("", "Ctrl+N", theme, bind=False)
        self.list = KeyButton("", "Ctrl+I", theme, bind=False)
        self.form = PeopleForm(theme)
        self.imports = PeopleImportPanel(people, theme)
        self.once = OnceCard(theme)
        self._nobody = QWidget()
        """Beside a table without rows: no key acts on somebody who is not in sight."""
        self.beside = QStackedWidget()
        self._lay_out()
        self._connect()
        self._bind_keys()
        self.speak()

    def _lay_out(self) -> None:
        for panel in (self.form, self.imports, self.once, self._nobody):
            self.beside.addWidget(panel)
        self._head = QHBoxLayout()
        self._head.addWidget(self.title)
        self._head.addWidget(self.count)
        self._head.addStretch(1)
        for part in (self.filter, self.add, self.list):
            self._head.addWidget(part)
        left, right = QFrame(), QFrame()
        for frame in (left, right):
            frame.setProperty("pane", "true")
        self._rows = QVBoxLayout(left)
        self._rows.setSpacing(0)
        self._rows.addLayout(self._head)
        self._rows.addWidget(self._pane, 1)
        fields = QVBoxLayout(right)
        fields.setContentsMargins(1, 1, 1, 1)
        fields.addWidget(self.beside)
        self._right = right
        self._whole = QHBoxLayout(self)
        self._whole.addWidget(left, 1)
        self._whole.addWidget(right)

    def _connect(self) -> None:
        self._people.changed.connect(self._show)
        self._people.answered.connect(self._answered)
        self._people.departure.connect(self._ask_once_more)
        self.view.current_key.connect(self._cursor_moved)
        self.view.activated_key.connect(self._enter)
        self.filter.textChanged.connect(self._refilter)
        self.filter.returnPressed.connect(self.focus_rows)
        self.add.clicked.connect(self.begin_new)
        self.list.clicked.connect(self.begin_import)
        self.form.saved.connect(self._save)
        self.form.left.connect(self.focus_rows)
        self.form.disable_asked.connect(self._disable)
        self.form.reset_asked.connect(self._reset)
        self.imports.left.connect(self._back_to_form)
        self.once.left.connect(self._leave_once)
        self._theme.changed.connect(self.speak)
        self._minute = QTimer(self, interval=60_000)
        self._minute.timeout.connect(self._show)
        self._minute.start()

    def _bind_keys(self) -> None:
        keys = (
            ("Esc", self._escape),
            ("Ctrl+Return", self._go),
            ("Ctrl+Enter", self._go),
            ("Ctrl+I", self.begin_import),
        )
        for key, act in keys:
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

    # --- moving about ---------------------------------------------------------------------------

    def open(self) -> None:
        """The page is shown: ask how things stand."""
        self._people.refresh()
        self.focus_rows()
        QTimer.singleShot(0, self, self._bring_into_sight)  # the page has its size then

    @Slot()
    def _bring_into_sight(self) -> None:
        """The person beside whom the fields stand is seen in the table."""
        self.view.scrollTo(self.view.currentIndex())

    def _is_in_sight(self) -> bool:
        seen = self.view.viewport().rect()
        return seen.intersects(self.view.visualRect(self.view.currentIndex()))

    @Slot()
    def focus_rows(self) -> None:
        """Go to the table."""
        self._pane.focus_rows()
        if self.view.selected_key() is None and self.table.rowCount():
            self.view.select_key(self.table.key_at(0))
        self._show_account()

    @Slot()
    def focus_filter(self) -> None:
        """Go to the filter."""
        self.filter.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.filter.selectAll()

    @Slot()
    def begin_new(self) -> None:
        """Empty fields for somebody new."""
        self._forget_once()
        self.beside.setCurrentWidget(self.form)
        self.form.begin_new()

    @Slot()
    def begin_import(self) -> None:
        """A list of people."""
        self._forget_once()
        self.beside.setCurrentWidget(self.imports)
        self.imports.begin()

    @Slot()
    def _escape(self) -> None:
        """One step back: the filter, a panel, the fields, the page."""
        here = self.beside.currentWidget()
        if self.filter.hasFocus() and self.filter.text():
            self.filter.clear()
        elif here is self.once:
            self._leave_once()
        elif here is self.imports:
            self._back_to_form()
        elif self.view.hasFocus() or self._pane.hasFocus():
            self._leave_rows()
        else:
            self.focus_rows()

    def _leave_rows(self) -> None:
        """Everybody again where a filter is set, else the desk."""
        if self.filter.text():
            self.filter.clear()
            self.focus_rows()
        else:
            self.left.emit()

    @Slot()
    def _go(self) -> None:
        if self.beside.currentWidget() is self.form:
            self.form.want()
        elif self.beside.currentWidget() is self.imports:
            self.imports.take()

    @Slot()
    def _back_to_form(self) -> None:
        self.beside.setCurrentWidget(self.form)
        self.focus_rows()

    @Slot()
    def _leave_once(self) -> None:
        self._forget_once()
        self._back_to_form()

    def _forget_once(self) -> None:
        self.once.forget()

    @Slot(object)
    def _enter(self, _key: object) -> None:
        self.beside.setCurrentWidget(self.form)
        self._show_account()
        self.form.enter()

    # --- rows -----------------------------------------------------------------------------------

    @Slot()
    def _show(self) -> None:
        names = self._people.names
        was_in_sight = self._is_in_sight()
        self.table.replace(self._matching())
        if was_in_sight:  # people who come and go move the row; who has scrolled away stays there
            self._bring_into_sight()
        self.form.follow_rules(self._people.rules, names)
        self._say_count()
        if self._select and self.view.select_key(self._select):
            self._select = ""
        elif self.view.selected_key() is None and self.table.rowCount():
            self.view.select_key(self.table.key_at(0))
        elif not self._is_typing() and not (self._confirming or self._leaving or self._resetting):
            self._show_account()  # not while the key has still to be pressed once more

    def _matching(self) -> list[PersonRow]:
        """Who matches the filter, as they are now."""
        now, names = datetime.now(UTC), self._people.names
        rows = (row_of(account, names, now) for account in self._people.rows.values())
        return [row for row in rows if row.matches(self._filtered)]

    def _is_typing(self) -> bool:
        """Somebody is in the fields: they are not written over."""
        focused = QApplication.focusWidget()
        return focused is not None and self.form.isAncestorOf(focused)

    def _say_count(self) -> None:
        everybody = self._people.rows.values()
        here = sum(bool(row.seats) for row in everybody)
        said = tr("{n} people · {here} signed in now", n=len(everybody), here=here)
        if self._filtered:
            said = tr("{n} of {count} people", n=self.table.count_here(), count=len(everybody))
        self.count.setText(said if self._people.known else "")
        if not self._people.known:
            self._pane.show_condition("loading", tr("Waiting for the accounts …"))
        elif self._filtered:
            self._pane.show_condition("empty", tr("Nobody here matches the filter."))
        else:
            self._pane.show_condition("empty", tr("Nobody has an account yet."))

    @Slot(str)
    def _refilter(self, text: str) -> None:
        """Those who match, at once: also while the table is held for the arrow keys."""
        before = self.view.selected_key()
        self._filtered = text.strip().casefold()
        self.table.show_instead(self._matching())
        if not self.view.select_key(before) and self.table.rowCount():
            self.view.select_key(self.table.key_at(0))
        QTimer.singleShot(0, self, self._bring_into_sight)  # the rows have their places then
        self._say_count()
        self._show_account()

    @Slot(object)
    def _cursor_moved(self, _key: object) -> None:
        if self.beside.currentWidget() in (self.form, self._nobody):
            self._show_account()

    def _forget_keys(self) -> None:
        """No key waits to be pressed once more."""
        self._confirming = self._leaving = self._resetting = None
        self._giving_up = self._agreed = None

    def _current(self) -> AccountRow | None:
        key = self.view.selected_key()
        return self._people.rows.get(UserId(str(key))) if key is not None else None

    def _show_account(self) -> None:
        self._forget_keys()
        account = self._current()
        here = self.beside.currentWidget()
        if account is not None:
            self.form.show_account(account, self._about(account))
        if here is self.form and account is None:
            self.beside.setCurrentWidget(self._nobody)
        elif here is self._nobody and account is not None:
            self.beside.setCurrentWidget(self.form)

    def _about(self, account: AccountRow) -> str:
        said = [state_words(account)]
        if account.seats:
            said.append(tr("signed in at {seats}", seats=", ".join(account.seats)))
        elif account.signed_in_at is not None:
            here = self._people.names.local(account.signed_in_at)
            said.append(tr("last signed in {at}", at=f"{here:%Y-%m-%d %H:%M}"))
        else:
            said.append(tr("never signed in"))
        return " · ".join(said)

    def as_table(self) -> Table:
        """The rows in sight, in their order, for a file."""
        rows = (self.table.row_at(number) for number in range(self.table.rowCount()))
        return table_of(rows, self._people.names.zone, self.filter.text())

    # --- acts -----------------------------------------------------------------------------------

    @Slot(object)
    def _save(self, wanted: Wanted) -> None:
        """What takes posts away is done at once only where nothing stays behind."""
        agreed = self._agreed
        self._forget_keys()
        self.form.ask_nothing()
        account, kept = self.form.account, _kept(wanted)
        if account is not None and kept is not None and wanted != agreed:
            gives_up = not set(account.grants) <= set(kept)
            if gives_up and self._people.look_behind(account.user, kept):
                self._giving_up = wanted
                return
        self._want(wanted)

    @Slot(object)
    def _want(self, wanted: Wanted) -> None:
        """The first command now, each other when the one before is durable."""
        first, *rest = wanted.commands
        self._waiting = []
        if rest:
            self._waiting = [Wanted(wanted.user, wanted.version + 1, tuple(rest))]
        passwords = Passwords() if isinstance(first, AddAccount) else None
        self._ask(first, wanted.user, wanted.version, passwords)

    def _ask(
        self, command: Command, user: str, version: int, passwords: Passwords | None = None
    ) -> None:
        self._mine = command
        self._people.ask(command, user, version, passwords)

    @Slot()
    def _disable(self) -> None:
        account = self.form.account
        if account is None:
            return
        self._ask_nothing_of_reset()
        self._giving_up = self._agreed = None
        if not account.enabled:
            self._ask(EnableAccount(), account.user, account.version)
        elif self._confirming == account.user:
            self._confirming = None
            self._ask(DisableAccount(), account.user, account.version)
        else:
            self._leaving = account.user
            self._people.look_behind(account.user)

    @Slot(object)
    def _ask_once_more(self, told: DepartureReply) -> None:
        """Disable? What would stay behind is known now."""
        account, behind = self.form.account, left_behind(told, self._people.names)
        if account is None or told.user != account.user:
            return
        if told.user == self._leaving:
            self._leaving, self._confirming = None, account.user
            self.form.confirm_disable(behind)
        elif self._giving_up is not None:
            wanted, self._giving_up = self._giving_up, None
            if not behind:
                self._want(wanted)
                return
            self._agreed = wanted
            self.form.confirm_save(behind)

    @Slot()
    def _reset(self) -> None:
        """The password that the person knows ends with it: the key is pressed twice."""
        account = self.form.account
        if account is None:
            return
        if self._resetting == account.user:
            self._ask_nothing_of_reset()
            self._ask(ResetPassword(), account.user, account.version, Passwords())
        else:
            self._confirming, self._leaving, self._resetting = None, None, account.user
            self.form.confirm_reset()

    def _ask_nothing_of_reset(self) -> None:
        if self._resetting is not None:
            self._resetting = None
            self.form.ask_nothing()

    @Slot(object)
    def _answered(self, answer: Answer) -> None:
        if answer.command is not self._mine:
            return
        self._mine = None
        if answer.code:
            self._waiting = []
            self.form.refused(answer.code, answer.detail)
            return
        if self._waiting:
            self._want(self._waiting[0])
            return
        user = answer.user
        if isinstance(answer.command, AddAccount):
            user = self._select = answer.command.user
        if answer.once:
            self.beside.setCurrentWidget(self.once)
            self.once.show_once(user, answer.once)
        else:
            self._pane.focus_rows()

    # --- looks ----------------------------------------------------------------------------------

    @Slot()
    def speak(self) -> None:
        """The language or the scale is another; the keys say again what they do at once."""
        self._forget_keys()
        px = self._theme.px
        self._whole.setContentsMargins(px(8), px(8), px(8), px(8))
        self._whole.setSpacing(px(8))
        self._rows.setContentsMargins(1, 1, 1, px(6))
        self._head.setContentsMargins(px(14), px(9), px(12), px(9))
        self._head.setSpacing(px(12))
        self._right.setFixedWidth(px(BESIDE))
        self.filter.setFixedWidth(px(170))
        self.filter.setPlaceholderText(tr("Filter …  Ctrl+F"))
        self.title.setText(tr("People"))
        self.add.set_words(tr("Add"))
        self.list.set_words(tr("From a list"))
        self.table.columns = columns()
        self.view.fit_columns()
        self.view.setAccessibleName(tr("People"))
        for panel in (self.form, self.imports, self.once):
            panel.speak()
        self._show()


def _kept(wanted: Wanted) -> tuple[Grant, ...] | None:
    """What the person would hold; None where posts are not touched."""
    changed = (each for each in wanted.commands if isinstance(each, ChangeGrants))
    return next((each.grants for each in changed), None)
