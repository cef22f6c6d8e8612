"""Moving about the desk: which box is open, and the keys that go from pane to pane."""

from collections.abc import Callable, Mapping
from typing import Protocol, runtime_checkable

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QWidget

from casework.terms import Role
from console.pages import Pages
from console.panes.boxes import BoxesPane
from console.panes.queue import QueuePane
from console.picture import Picture

FIRST_BOX = {
    Role.ACCEPTOR: "registered",
    Role.SHIFT_LEADER: "prefiled",
    Role.DISPATCHER: "filed",
    Role.UNIT: "dispatched",
    Role.INSPECTOR: "mine",
}


@runtime_checkable
class Filtered(Protocol):
    """A pane whose rows can be narrowed by a text."""

    def focus_filter(self) -> None:
        """Go to the filter."""


_NUMBERS = range(1, 11)
"""Places of the boxes that a digit opens, the tenth by 0."""


class Moving(QObject):
    """Opens boxes and puts the focus where it is wanted."""

    report_wanted = Signal()
    """The form for a new case."""

    def __init__(
        self, picture: Picture, boxes: BoxesPane, queue: QueuePane, pages: Pages, window: QWidget
    ) -> None:
        super().__init__(window)
        self._picture, self._window = picture, window
        self._boxes, self._queue, self._pages = boxes, queue, pages
        self._placed = False
        self._box_keys: dict[QShortcut, int] = {}
        boxes.chosen.connect(queue.show_box)
        pages.went_home.connect(self._came_home)

    def bind(self, keys: Mapping[str, Callable[[], object]]) -> None:
        """Let each key do its move, wherever the focus is; Ctrl and a digit open a box."""
        for key, move in keys.items():
            QShortcut(QKeySequence(key), self._window).activated.connect(move)
        for number in _NUMBERS:
            shortcut = QShortcut(QKeySequence(f"Ctrl+{number % 10}"), self._window)
            shortcut.activated.connect(self._box_key)
            self._box_keys[shortcut] = number

    def open_box(self, key: str) -> None:
        """Open a box as if it were clicked."""
        self._placed = True
        self._boxes.choose(key)

    def begin_anew(self) -> None:
        """Somebody else comes: the next first box is theirs."""
        self._placed = False

    @Slot()
    def open_first_box(self) -> None:
        """Open where the person's own work waits, once."""
        welcome = self._picture.sites[0].welcome
        if self._placed or welcome is None:
            return
        roles = [grant.role for grant in welcome.grants if grant.role in FIRST_BOX]
        self.open_box(FIRST_BOX[roles[0]] if roles else "late")
        self._focus_desk()

    @Slot()
    def _came_home(self) -> None:
        self.open_first_box()
        self._focus_desk()

    def _focus_desk(self) -> None:
        if self._pages.currentWidget() is self._pages.desk:
            self._queue.focus_rows()

    @Slot()
    def _box_key(self) -> None:
        shortcut = self.sender()
        key = (
            self._boxes.key_of(self._box_keys[shortcut]) if isinstance(shortcut, QShortcut) else ""
        )
        if key:
            self.open_box(key)
            self._queue.focus_rows()

    @Slot()
    def focus_filter(self) -> None:
        """The filter of the page in sight; of the desk's panes the one with the focus, or the
        queue's."""
        at = self._pages.people if self._pages.at_people else QApplication.focusWidget()
        while at is not None and not isinstance(at, Filtered):
            at = at.parentWidget()
        (at or self._queue).focus_filter()

    @Slot()
    def begin_new(self) -> None:
        """Something new of the page in sight: a person, or a case."""
        if self._pages.at_people:
            self._pages.people.begin_new()
        else:
            self.report_wanted.emit()
