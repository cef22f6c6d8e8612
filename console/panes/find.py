"""`Ctrl+Shift+F`: a case that is perhaps not at hand, by a number or a part of its address.

The server looks while one types. Enter opens the case where only one was found, else it goes to
the rows; a case that no queue holds is opened as it was found.
"""

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from casework.terms import CaseId
from console.export.table import Table
from console.finding import Finding, Found
from console.panes.found_rows import FoundRow, columns, rows_of, table_of
from console.picture import Picture
from console.refusals import refusal
from console.selection import Selection
from console.wording import mark, tr
from widgets.key_button import KeyButton
from widgets.live_table import LiveTable
from widgets.plain_label import PlainLabel
from widgets.table_view import LiveTablePane, LiveTableView
from widgets.theme import Theme

PAUSE_MS = 250
FIND_KEY = "Ctrl+Shift+F"
_FIELD = 420
HINT = mark("A case number, a receipt number, an old number, or a part of the address.")


class FindPane(QFrame):
    """Asks and shows; `opened` when a case was chosen."""

    closed = Signal()
    opened = Signal()

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
        self._finding = Finding(picture, self)
        self._found: Found | None = None
        self._opens = False
        self._title = PlainLabel(size="heading")
        self._count = PlainLabel(tone="muted")
        self.text = QLineEdit(clearButtonEnabled=True)
        self._close = KeyButton("", "Esc", theme, bind=False)
        self.table: LiveTable[FoundRow, CaseId] = LiveTable(
            columns(), lambda row: row.case.id, parent=self
        )
        self.view = LiveTableView(self.table, theme)
        self._pane = LiveTablePane(self.view, theme)
        self._head = QHBoxLayout()
        for label in (self._title, self._count):
            label.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._head.addWidget(self._title)
        self._head.addWidget(self.text, 100)
        self._head.addWidget(self._count)
        self._head.addStretch(1)
        self._head.addWidget(self._close)
        self._box = QVBoxLayout(self)
        self._box.addLayout(self._head)
        self._box.addWidget(self._pane, 1)
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._connect()
        self.speak()

    def _connect(self) -> None:
        self._pause.timeout.connect(self._look)
        self._finding.found.connect(self._show)
        self.text.textEdited.connect(self._typed)
        self.text.textChanged.connect(self._cleared)
        self.text.returnPressed.connect(self._enter)
        self.view.activated_key.connect(self._open)
        self._close.clicked.connect(self.closed)
        self._theme.changed.connect(self.speak)
        for key, act in ((Qt.Key.Key_Escape, self._escape), (Qt.Key.Key_Down, self._go_down)):
            shortcut = QShortcut(key, self if key == Qt.Key.Key_Escape else self.text)
            inside = Qt.ShortcutContext.WidgetWithChildrenShortcut
            shortcut.setContext(inside)
            shortcut.activated.connect(act)

    def begin(self, text: str = "") -> None:
        """Go to the field; with a text, look for it and open the one case it means."""
        if text:
            self.text.setText(text)
            self._opens = True
            self._look()
        self.text.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.text.selectAll()

    def as_table(self) -> Table:
        """The rows in sight, in their order, for a file."""
        rows = (self.table.row_at(number) for number in range(self.table.rowCount()))
        wanted = self._found.text if self._found is not None else ""
        return table_of(rows, self._picture.names().zone, wanted)

    # --- looking ------------------------------------------------------------------------------

    @Slot()
    def _typed(self) -> None:
        self._opens = False
        self._found = None
        self._pause.start()

    @Slot(str)
    def _cleared(self, text: str) -> None:
        if not text.strip():
            self._look()

    @Slot()
    def _look(self) -> None:
        self._pause.stop()
        self._found = None
        wanted = self.text.text().strip()
        if wanted:
            self._finding.look(wanted)
        else:
            self._finding.forget()
            self.table.show_instead(())
        self._say()

    @Slot(object)
    def _show(self, found: Found) -> None:
        self._found = found
        self.table.show_instead(rows_of(found.cases, self._picture))
        self._say()
        if self.table.rowCount():
            self.view.select_key(self.table.key_at(0))
            if self._opens:
                self._open_or_go()
        self._opens = False

    @Slot()
    def _enter(self) -> None:
        if self._found is not None and self.table.rowCount():
            self._open_or_go()
        else:
            self._opens = True
            self._look()

    def _open_or_go(self) -> None:
        if self.table.rowCount() == 1:
            self._open(self.table.key_at(0))
        else:
            self._go_down()

    @Slot()
    def _go_down(self) -> None:
        if self.table.rowCount():
            self.view.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot()
    def _escape(self) -> None:
        """From the rows to the field, from the field to the open case."""
        if self.view.hasFocus():
            self.text.setFocus(Qt.FocusReason.ShortcutFocusReason)
        else:
            self.closed.emit()

    @Slot(object)
    def _open(self, key: CaseId) -> None:
        number = self.table.row_of(key)
        if number < 0:
            return
        self._picture.look_up(self.table.row_at(number).case)
        self._selection.select(key)
        self.opened.emit()

    # --- looks --------------------------------------------------------------------------------

    def _say(self) -> None:
        found = self._found
        count = self.table.rowCount()
        if not self.text.text().strip():
            self._pane.show_condition("empty", tr(HINT))
        elif found is None:
            self._pane.show_condition("loading", tr("Looking in all years …"))
        elif found.code:
            self._pane.show_condition("offline", refusal(found.code))
        else:
            self._pane.show_condition("empty", tr("No case that you may see has that."))
        known = found is not None and count > 0
        many = tr("the latest {n}; type more of it", n=count)
        said = many if found is not None and found.more else tr("{n} found", n=count)
        self._count.setText(said if known else "")

    @Slot()
    def speak(self) -> None:
        """The language or the scale is another."""
        px = self._theme.px
        self._box.setContentsMargins(px(14), px(10), px(14), px(10))
        self._box.setSpacing(px(6))
        self._head.setSpacing(px(12))
        self.text.setMaximumWidth(px(_FIELD))
        self._title.setText(tr("Find a case"))
        self.text.setPlaceholderText(tr("Number, receipt, old number or address"))
        self.text.setAccessibleName(tr("Find a case"))
        self._close.set_words(tr("Back"))
        self.table.columns = columns()
        self.table.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(columns()) - 1)
        self.view.setAccessibleName(tr("Cases found"))
        self.view.fit_columns()
        if self._found is not None:
            self.table.show_instead(rows_of(self._found.cases, self._picture))
        self._say()
