"""`H`: the open case's whole record in the lower place, one row a step, its opinion in full.

The cursor walks through the steps; who took the chosen one and what was said stands whole below.
"""

from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from console.clocks import span
from console.dossier import Dossier, case_table
from console.export.table import Table
from console.names import Names
from console.record import Line
from console.wording import mark, tr
from widgets.columns import Column
from widgets.key_button import KeyButton
from widgets.live_table import LiveTable
from widgets.plain_label import PlainLabel, Tone
from widgets.scrolled import scrolled
from widgets.table_view import LiveTablePane, LiveTableView
from widgets.theme import Theme

_SAID_HEIGHT = 66
"""Pixels at 100 %: three lines; a longer opinion scrolls."""
TITLES: tuple[str, ...] = (
    mark("No."),
    mark("Act"),
    mark("Person · post · unit"),
    mark("Link left"),
    mark("Received"),
    mark("Done at"),
    mark("Time used"),
    mark("Late by"),
    mark("Opinion"),
)

LATE, SAID = 7, 8
"""Columns that are hidden where no step has anything to say in them."""


class Row(NamedTuple):
    """One step of the record, its instants in words."""

    number: int
    line: Line
    received: str
    done: str

    @property
    def who(self) -> str:
        """Person, post and unit, and to whom it went."""
        return self.line.parties

    @property
    def used(self) -> str:
        """用時 in the link left."""
        return span(int(self.line.used.total_seconds())) if self.line.used is not None else ""

    @property
    def late(self) -> str:
        """By how much too long, with a mark beside its colour."""
        if self.line.late_by is None:
            return ""
        return f"▲ {span(int(self.line.late_by.total_seconds()))}"


def _late(_row: Row) -> Tone:
    return "late"


def _muted(_row: Row) -> Tone:
    return "muted"


def columns(*, of_years: bool = False) -> tuple[Column[Row], ...]:
    """The columns in the language in use; where the room is short the instants give way. They are
    wider where they name the year."""
    instant = 136 if of_years else 100
    no, act, who, left, received, done, used, late, said = (tr(title) for title in TITLES)
    return (
        Column(no, lambda r: str(r.number), sort=lambda r: r.number, width=60, tone=_muted),
        Column(act, lambda r: r.line.act, width=124),
        Column(who, lambda r: r.who, width=0, least=190, grow=3),
        Column(left, lambda r: r.line.left, width=92, tone=_muted),
        Column(received, lambda r: r.received, width=instant, gives_way=1, tone=_muted),
        Column(done, lambda r: r.done, sort=lambda r: r.line.at, width=instant),
        Column(used, lambda r: r.used, sort=lambda r: r.line.used, width=88, align="right"),
        Column(late, lambda r: r.late, sort=lambda r: r.line.late_by, width=96, tone=_late),
        Column(said, lambda r: r.line.said, width=0, least=70, grow=3),
    )


class RecordPane(QFrame):
    """Shows what `opened` gives; reads, never asks."""

    closed = Signal()

    def __init__(
        self, opened: Callable[[], Dossier | None], theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("pane", "true")
        self._opened, self._theme = opened, theme
        self._of_years = False
        self._begins = False
        """Opened, and the record not here yet: its last step is to be chosen."""
        self._title = PlainLabel(size="heading")
        self._count = PlainLabel(tone="muted")
        self._close = KeyButton("", "Esc", theme, bind=False)
        self._close.clicked.connect(self.closed)
        head = QHBoxLayout()
        head.addWidget(self._title)
        head.addWidget(self._count)
        head.addStretch(1)
        head.addWidget(self._close)
        self.table: LiveTable[Row, int] = LiveTable(columns(), lambda row: row.number, parent=self)
        self.view = LiveTableView(self.table, theme)
        self.view.current_key.connect(self._say)
        self._pane = LiveTablePane(self.view, theme)
        self.said = PlainLabel(wrap=True, selectable=True)
        self.said.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._whole = scrolled(self.said)
        self._box = QVBoxLayout(self)
        self._box.addLayout(head)
        self._box.addWidget(self._pane, 1)
        self._box.addWidget(self._whole)
        leave = QShortcut(Qt.Key.Key_Escape, self)
        leave.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        leave.activated.connect(self.closed)
        theme.changed.connect(self.speak)
        self.speak()

    def begin(self) -> None:
        """Show the open case's record, the cursor on its last step."""
        self._begins = True
        self.look_again()
        self.view.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def as_table(self) -> Table | None:
        """The case with its whole record."""
        dossier = self._opened()
        return case_table(dossier) if dossier is not None else None

    @Slot()
    def look_again(self) -> None:
        """Another case is open, or this one has moved on."""
        if self.isHidden():
            return
        dossier = self._opened()
        if dossier is None:
            self._title.setText(tr("Record"))
            self._count.setText("")
            self.table.show_instead(())
            self._pane.show_condition("loading", tr("Fetching the text …"))
            return
        self._of_years = _spans_years(dossier)
        self.table.columns = columns(of_years=self._of_years)
        form = "%Y-%m-%d %H:%M" if self._of_years else "%m-%d %H:%M"
        rows = [_row(n, line, dossier.names, form) for n, line in enumerate(dossier.record, 1)]
        self.table.show_instead(rows)
        self.view.want_column(LATE, any(row.late for row in rows))
        self.view.want_column(SAID, any(row.line.said for row in rows))
        name = dossier.names.case_class(dossier.case)
        number = dossier.case.id.partition("-")[2] or dossier.case.id
        self._title.setText(f"{tr('Record')} · {number} · {name}")
        self._count.setText(tr("{n} steps", n=len(rows)))
        if self._begins and rows:
            self._begins = False
            self.view.select_key(len(rows))
        self._say(self.view.selected_key())

    @Slot(object)
    def _say(self, key: object) -> None:
        number = self.table.row_of(key) if isinstance(key, int) else -1
        if number < 0:
            self.said.setText("")
            return
        row = self.table.row_at(number)
        said = row.line.said or tr("Nothing was said at this step.")
        self.said.setText(f"{row.line.act} · {row.who}\n{said}")

    @Slot()
    def speak(self) -> None:
        """The language or the scale is another."""
        px = self._theme.px
        self._box.setContentsMargins(px(14), px(10), px(14), px(10))
        self._box.setSpacing(px(6))
        self._whole.setFixedHeight(px(_SAID_HEIGHT))
        self._close.set_words(tr("Back"))
        self.table.columns = columns(of_years=self._of_years)
        self.table.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(TITLES) - 1)
        self.view.setAccessibleName(tr("Record"))
        self.view.fit_columns()
        self.look_again()


def _spans_years(dossier: Dossier) -> bool:
    """Whether the steps lie in several years: of a case of an earlier system mostly."""
    return len({dossier.names.local(line.at).year for line in dossier.record}) > 1


def _row(number: int, line: Line, names: Names, form: str) -> Row:
    received = names.local(line.received).strftime(form) if line.received is not None else ""
    return Row(number, line, received, names.local(line.at).strftime(form))
