"""The view of a live table: dense rows, one selected, everything reachable by keys.

The view holds the table still while the pointer moves over its rows or arrows are pressed, and
lets go after a pause, so that no row slips away under a click.
"""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import (
    QByteArray,
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QRect,
    Qt,
    QTimer,
    Signal,
    Slot,
)
from PySide6.QtGui import QHideEvent, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QVBoxLayout, QWidget

from widgets.cell_delegate import CellDelegate
from widgets.columns import fitted
from widgets.live_table import Index, LiveTable
from widgets.pane_notice import Condition, PaneNotice
from widgets.table_header import TableHeader
from widgets.theme import MEASURES, Theme

_FLAGS = QItemSelectionModel.SelectionFlag
_TRIGGERS = QAbstractItemView.EditTrigger


class LiveTableView(QTableView):
    """Shows one `LiveTable`; speaks of rows by their keys.

    `activated_key` is Enter or a double click; `current_key` follows the cursor, None if it
    is nowhere. `painters` gives the delegate of each `Column.painter`.
    """

    activated_key = Signal(object)
    current_key = Signal(object)

    def __init__(
        self,
        table: LiveTable[Any, Any],
        theme: Theme,
        *,
        painters: Mapping[str, CellDelegate] | None = None,
        pause_ms: int = 3_000,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.table = table
        self._theme = theme
        self._painters = {"": CellDelegate(theme, self), **(painters or {})}
        self._wanted = [True] * len(table.columns)
        self._fitted = False
        self._pause = QTimer(self, singleShot=True, interval=pause_ms)
        self._pause.timeout.connect(self._let_go)
        self.setHorizontalHeader(TableHeader(theme, self))
        self.setModel(table)
        self._set_up()
        self._restyle()
        theme.changed.connect(self._restyle)
        self.doubleClicked.connect(self._activate)

    def _set_up(self) -> None:
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(_TRIGGERS.NoEditTriggers)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setSortIndicator(0, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)
        for number, column in enumerate(self.table.columns):
            self.setItemDelegateForColumn(number, self._painters[column.painter])

    @Slot()
    def _restyle(self) -> None:
        rows = self.verticalHeader()
        rows.setMinimumSectionSize(self._theme.px(MEASURES.row))
        rows.setDefaultSectionSize(self._theme.px(MEASURES.row))
        self.fit_columns()
        self.viewport().update()

    # --- widths -----------------------------------------------------------------------

    def want_column(self, number: int, wanted: bool) -> None:
        """Say whether a column has anything to tell; one that has not is hidden at any width."""
        self._wanted[number] = wanted
        self.fit_columns()

    def fit_columns(self) -> None:
        """Give every column its width in the room there is."""
        columns, factor = self.table.columns, self._theme.scale / 100
        widths = fitted(columns, self._wanted, self.viewport().width() / factor)
        grows = any(not column.width for column in columns)
        self.horizontalHeader().setStretchLastSection(not grows)
        for number, width in enumerate(widths):
            self.setColumnHidden(number, width == 0)
            if width and (grows or not self._fitted):
                self.setColumnWidth(number, int(width * factor))
        self._fitted = True

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit_columns()

    def save_layout(self) -> bytes:
        """Return widths, order and sorting of the columns, for `restore_layout`."""
        return bytes(self.horizontalHeader().saveState().data())

    def restore_layout(self, state: bytes) -> bool:
        """Take up a saved layout; return False, changing nothing, if it does not fit."""
        return bool(state) and self.horizontalHeader().restoreState(QByteArray(state))

    # --- rows by key ------------------------------------------------------------------

    def select_key(self, key: object) -> bool:
        """Move the cursor to the key's row; return whether the table has it."""
        number = self.table.row_of(key)
        if number < 0:
            return False
        index = self.table.index(number, 0)
        self.selectionModel().setCurrentIndex(index, _FLAGS.ClearAndSelect | _FLAGS.Rows)
        self.scrollTo(index)
        return True

    def selected_key(self) -> object | None:
        """Return the key under the cursor, None if the cursor is nowhere."""
        index = self.currentIndex()
        return self.table.key_at(index.row()) if index.isValid() else None

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        if current.isValid() and not self.selectionModel().isSelected(current):
            # Qt gives a table that gets the focus a current row that it does not mark
            self.selectionModel().select(current, _FLAGS.ClearAndSelect | _FLAGS.Rows)
        self.current_key.emit(self.table.key_at(current.row()) if current.isValid() else None)

    @Slot(QModelIndex)
    def _activate(self, index: QModelIndex) -> None:
        if index.isValid():
            self.activated_key.emit(self.table.key_at(index.row()))

    # --- keys and pointer -------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        last = self.table.rowCount() - 1
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._activate(self.currentIndex())
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End) and last >= 0:
            self.select_key(self.table.key_at(0 if key == Qt.Key.Key_Home else last))
        else:
            super().keyPressEvent(event)
        self._hold_a_while()

    def keyboardSearch(self, search: str) -> None:
        """Do nothing: letters are commands here, never a search by type-ahead."""

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self._hold_a_while()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._let_go()

    def _hold_a_while(self) -> None:
        self.table.hold(self._holder)
        self._pause.start()

    @Slot()
    def _let_go(self) -> None:
        self._pause.stop()
        self.table.release(self._holder)

    @property
    def _holder(self) -> str:
        return f"view {id(self)}"

    # --- clocks -----------------------------------------------------------------------

    @Slot()
    def repaint_clocks(self) -> None:
        """Repaint the columns that count time, and nothing else; who shows them says when."""
        height = self.viewport().height()
        for number, column in enumerate(self.table.columns):
            if column.painter:
                left = self.columnViewportPosition(number)
                self.viewport().update(QRect(left, 0, self.columnWidth(number), height))

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._let_go()


class LiveTablePane(QWidget):
    """A live table with its designed states; `act_asked` is the button of the notice."""

    act_asked = Signal()

    def __init__(self, view: LiveTableView, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.view = view
        self._notice = PaneNotice(theme, self)
        self._condition: Condition = "ready"
        self._notice.act_asked.connect(self.act_asked)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self._notice)
        box.addWidget(view, 1)
        for signal in (view.table.rowsInserted, view.table.rowsRemoved):
            signal.connect(self._arrange)
        self._arrange()

    def show_condition(self, condition: Condition, sentence: str = "", act: str = "") -> None:
        """Say how the pane stands; `ready` hides the notice, rows win over empty and loading."""
        self._condition = condition
        self._notice.say(condition, sentence, act)
        self._arrange()

    @Slot()
    def focus_rows(self) -> None:
        """Go to the rows. Without rows the pane keeps the focus for them: Qt would let a hidden
        view take it on showing itself, out of whatever field one is typing in by then."""
        (self if self.view.isHidden() else self.view).setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot()
    def _arrange(self) -> None:
        is_here = self.hasFocus() or self.view.hasFocus()
        self._show_rows_or_notice()
        if is_here:
            self.focus_rows()

    def _show_rows_or_notice(self) -> None:
        has_rows = self.view.table.rowCount() > 0
        is_strip = has_rows and self._condition in ("stale", "offline", "refused")
        is_cover = not has_rows and self._condition != "ready"
        self._notice.become_strip(is_strip)
        self._notice.setVisible(is_strip or is_cover)
        self.view.setVisible(not is_cover)
