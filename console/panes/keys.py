"""`?`: every key of the desk on one page, the acts' own keys from the table of acts; below them
what is assumed in the city's data, as its rule book says it."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QShortcut
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from casework.life import ACTS, TAKE_NEXT
from console.offers import SPECIAL_KEY
from console.panes.dispatch import SEARCH_KEY
from console.panes.inspector_chooser import SEARCH_KEY as INSPECTOR_KEY
from console.vocabulary import OFFERS
from console.wording import mark, tr
from widgets.key_button import KeyButton
from widgets.plain_label import PlainLabel
from widgets.scrolled import scrolled
from widgets.theme import Theme

KEYS: tuple[tuple[str, str], ...] = (
    ("Enter", mark("Do the suggested act")),
    ("↑ ↓ Home End", mark("Walk through the rows")),
    ("Shift+↑ ↓", mark("Select the rows one passes")),
    ("Space  Insert", mark("Queue: select the row, and go on")),
    ("Ctrl+A", mark("Queue: select all that is shown")),
    ("Esc", mark("Leave a field, close a pane, select none")),
    ("F2", mark("Go to the boxes")),
    ("F3", mark("Go to the queue")),
    ("F4", mark("Go to the acts and the opinion")),
    ("F5", mark("All orders; once more: the inspectors")),
    ("F6", mark("Go to the map")),
    ("F10", mark("Menu: language, colours, size, work as")),
    (SEARCH_KEY, mark("Dispatch: search another unit")),
    ("2 … 9", mark("Dispatch: let a unit join or not")),
    ("1 … 3", mark("Order: send another inspector")),
    (INSPECTOR_KEY, mark("Order: search all inspectors by name")),
    ("Ctrl+1 … 9, 0", mark("Open a box")),
    ("Ctrl+F", mark("Filter the queue")),
    ("Ctrl+Shift+F", mark("Find a case of any year")),
    ("Ctrl+N", mark("Report a case")),
    ("Ctrl+E", mark("Export the list or case as XLSX or CSV")),
    ("H", mark("The case's whole record")),
    ("Ctrl+P", mark("Case sheet as PDF")),
    ("Ctrl+Shift+P", mark("Job sheet as PDF")),
    ("Ctrl+Shift+E", mark("Open the folder of the last file")),
    ("Ctrl+Enter", mark("Send the report")),
    ("← → + − 0", mark("Photo: next, closer, farther, whole")),
    ("Tab", mark("Next field")),
    ("Ctrl+Space F9", mark("Sentences for the field one writes in")),
    ("+  −  0", mark("Map: closer, farther, whole city")),
    ("F12", mark("People (administrators)")),
    ("Space", mark("Map: its middle is the place of the report")),
    (".", mark("Map: the next component, near by")),
    (",", mark("Map: show the inspectors or not")),
    ("Alt+1 … 9, 0", mark("Report: take a component near by, or none")),
    ("?", mark("This page")),
)
_COLUMNS = 3
_SHARES = (9, 9, 7)
"""The last column holds acts: their words are short."""
_LINE = 21
_SPARE = 36
"""Pixels at 100 %: the page's own edges."""


class KeysPane(QFrame):
    """Reads, never asks."""

    closed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("pane", "true")
        self._theme = theme
        self._title = PlainLabel(size="heading")
        self._close = KeyButton("", "Esc", theme, bind=False)
        self._close.clicked.connect(self.closed)
        self._head = QHBoxLayout()
        self._head.addWidget(self._title)
        self._head.addStretch(1)
        self._head.addWidget(self._close)
        self._across = QHBoxLayout()
        self._grids = [QGridLayout() for _ in range(_COLUMNS)]
        for grid, share in zip(self._grids, _SHARES, strict=True):
            grid.setColumnStretch(1, 1)
            self._across.addLayout(grid, share)
            grid.setRowStretch(-(-len(_all_keys()) // _COLUMNS), 1)  # what is left stays below
        self._words: list[tuple[PlainLabel, str]] = []
        for number, (key, english) in enumerate(_all_keys()):
            self._add(number, key, english)
        self._assumed = PlainLabel(size="heading")
        self._notices = PlainLabel(wrap=True, tone="muted")
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(self._across)
        column.addWidget(self._assumed)
        column.addWidget(self._notices)
        column.addStretch(1)
        self._box = QVBoxLayout(self)
        self._box.addLayout(self._head)
        self._page = page
        self._scrolled = scrolled(page)
        self._box.addWidget(self._scrolled, 1)
        leave = QShortcut(Qt.Key.Key_Escape, self)
        leave.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        leave.activated.connect(self.closed)
        theme.changed.connect(self.speak)
        self.show_notices(())
        self.speak()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What does not fit is scrolled by keys too."""
        bar = self._scrolled.verticalScrollBar()
        steps = {
            Qt.Key.Key_Up: -self._theme.px(_LINE),
            Qt.Key.Key_Down: self._theme.px(_LINE),
            Qt.Key.Key_PageUp: -bar.pageStep(),
            Qt.Key.Key_PageDown: bar.pageStep(),
            Qt.Key.Key_Home: -bar.maximum(),
            Qt.Key.Key_End: bar.maximum(),
        }
        step = steps.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            bar.setValue(bar.value() + step)

    @property
    def tall(self) -> int:
        """Pixels in which every key is in sight."""
        return (
            self._head.sizeHint().height()
            + self._across.heightForWidth(self._page.width())
            + (self._theme.px(_SPARE))
        )

    def show_notices(self, notices: Sequence[str]) -> None:
        """What the rule book says of its own assumptions; nothing, if it says nothing."""
        self._assumed.setVisible(bool(notices))
        self._notices.setText("\n".join(notices))

    def _add(self, number: int, key: str, english: str) -> None:
        rows = -(-len(_all_keys()) // _COLUMNS)
        column, row = divmod(number, rows)
        cap, words = PlainLabel(key, tone="accent"), PlainLabel(wrap=True)
        cap.setMinimumWidth(cap.sizeHint().width())
        for at, label in enumerate((cap, words)):
            self._grids[column].addWidget(label, row, at, Qt.AlignmentFlag.AlignTop)
        self._words.append((words, english))

    @Slot()
    def speak(self) -> None:
        """The language or the scale is another."""
        px = self._theme.px
        self._box.setContentsMargins(px(14), px(10), px(14), px(10))
        self._across.setSpacing(px(16))
        for grid in self._grids:
            grid.setHorizontalSpacing(px(10))
            grid.setVerticalSpacing(px(2))
        self._title.setText(tr("Keys"))
        self._assumed.setText(tr("What is assumed in this city's data"))
        self._close.set_words(tr("Back"))
        for label, english in self._words:
            label.setText(tr(english))


def _all_keys() -> list[tuple[str, str]]:
    found = {act.name: act for act in ACTS if not act.name.startswith("send_back")}
    found.pop("report")
    found.pop("cancel_any")
    words = {name: OFFERS[name] for name, act in found.items() if act.key}
    words[TAKE_NEXT.name], found[TAKE_NEXT.name] = OFFERS[TAKE_NEXT.name], TAKE_NEXT
    acts = [(found[name].key, english) for name, english in words.items()]
    noes = [(f"Shift+{found[name].key}", OFFERS[no]) for name, no in _NOES.items()]
    special = (SPECIAL_KEY, OFFERS["file_special"])
    return [*KEYS, *acts, *noes, special, ("B", mark("Send back to the link before"))]


_NOES = {"verify": "verify_not", "check": "check_not", "file": "file_extended"}
"""Acts with a second answer: the same key with Shift."""
