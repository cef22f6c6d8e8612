"""Sentences to put into the field one is writing in: filtered as one types, a digit takes one.

The list floats at its field. `wanted` asks for what to show there; what is taken is written where
the cursor stands and can be undone. A person's own sentences are kept by whoever listens.
"""

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFrame,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from widgets.plain_label import PlainLabel, one_line, plain_tooltip
from widgets.theme import Theme

OPEN_KEYS = ("Ctrl+Space", "F9")
"""The second one where the first switches the input method."""
OWN_KEY = Qt.Key.Key_S
_MOST_NUMBERED, _ROWS, _WIDE, _TALL = 9, 9, 460, 300
_TEXT = Qt.ItemDataRole.UserRole
_OWN = Qt.ItemDataRole.UserRole + 1

TextField = QLineEdit | QPlainTextEdit


class Phrase(NamedTuple):
    """One sentence; a person's own may be removed."""

    text: str
    is_own: bool = False


class PhraseWords(NamedTuple):
    """What the list says, in the language in use."""

    placeholder: str
    empty: str
    hint: str
    own: str


class PhraseList(QFrame):
    """One list for a window; each field that is `attach`ed opens it by `OPEN_KEYS`."""

    wanted = Signal(object)
    """The field it was opened for; answer with `offer`."""
    own_added = Signal(object, str)
    """The field and its text, to be kept as the person's own."""
    own_removed = Signal(object, str)

    def __init__(self, theme: Theme, window: QWidget) -> None:
        super().__init__(window)
        self.setProperty("pane", "true")
        self._theme = theme
        self._window = window
        self._field: TextField | None = None
        self._phrases: tuple[Phrase, ...] = ()
        self._words = PhraseWords("", "", "", "")
        self.filter = QLineEdit()
        self.list = QListWidget()
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._empty = PlainLabel(tone="muted", wrap=True)
        self._hint = PlainLabel(tone="muted", size="label", wrap=True)
        self._box = QVBoxLayout(self)
        for part in (self.filter, self.list, self._empty, self._hint):
            self._box.addWidget(part)
        self.filter.textChanged.connect(self._fill)
        self.filter.installEventFilter(self)
        self.list.itemClicked.connect(self._take)
        self.hide()

    def attach(self, field: TextField) -> None:
        """Let this field open the list."""
        for key in OPEN_KEYS:
            shortcut = QShortcut(QKeySequence(key), field)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(self._open)

    def set_words(self, words: PhraseWords) -> None:
        """The language is another."""
        self._words = words
        self.filter.setPlaceholderText(words.placeholder)
        self._empty.setText(words.empty)
        self._hint.setText(words.hint)

    def offer(self, phrases: Sequence[Phrase]) -> None:
        """Show these for the field that asked."""
        self._phrases = tuple(phrases)
        self._fill(self.filter.text())

    # --- opening and closing ----------------------------------------------------------------------

    @Slot()
    def _open(self) -> None:
        field = self.sender().parent()
        if not isinstance(field, QLineEdit | QPlainTextEdit):
            return
        self._field = field
        self.filter.clear()
        self.wanted.emit(field)
        self._place(field)
        self.show()
        self.raise_()
        self.filter.setFocus(Qt.FocusReason.PopupFocusReason)

    def _place(self, field: QWidget) -> None:
        px, window = self._theme.px, self._window
        margin = px(8)
        self._box.setContentsMargins(margin, margin, margin, margin)
        self._box.setSpacing(px(6))
        wide = min(max(field.width(), px(_WIDE)), window.width())
        tall = min(px(_TALL), window.height())
        corner = field.mapTo(window, QPoint(0, field.height() + 2))
        if corner.y() + tall > window.height():
            corner.setY(max(field.mapTo(window, QPoint(0, 0)).y() - tall - 2, 0))
        corner.setX(max(min(corner.x(), window.width() - wide), 0))
        self.setGeometry(corner.x(), corner.y(), wide, tall)

    @Slot()
    def close_list(self) -> None:
        """Back to the field."""
        self.hide()
        if self._field is not None:
            self._field.setFocus(Qt.FocusReason.PopupFocusReason)

    # --- finding and taking -----------------------------------------------------------------------

    @Slot(str)
    def _fill(self, text: str) -> None:
        wanted = text.strip().casefold()
        found = [each for each in self._phrases if wanted in each.text.casefold()]
        self.list.clear()
        for number, phrase in enumerate(found, 1):
            cap = str(number) if number <= _MOST_NUMBERED else " "
            own = f"  [{self._words.own}]" if phrase.is_own else ""
            item = QListWidgetItem(f"{cap}   {one_line(phrase.text)}{own}")
            item.setData(_TEXT, phrase.text)
            item.setData(_OWN, phrase.is_own)
            item.setToolTip(plain_tooltip(phrase.text))
            self.list.addItem(item)
        self.list.setCurrentRow(0 if found else -1)
        self.list.setVisible(bool(found))
        self._empty.setVisible(not found)

    @Slot(QListWidgetItem)
    def _take(self, item: QListWidgetItem) -> None:
        field, text = self._field, str(item.data(_TEXT))
        self.close_list()
        if isinstance(field, QPlainTextEdit):
            field.insertPlainText(text)
        elif field is not None:
            field.insert(text)

    def _take_row(self, row: int) -> bool:
        if not 0 <= row < self.list.count():
            return False
        self._take(self.list.item(row))
        return True

    # --- keys -------------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The filter line has the focus; its keys belong to the list."""
        if event.type() is QEvent.Type.FocusOut and watched is self.filter:
            self.hide()
        if not isinstance(event, QKeyEvent) or watched is not self.filter:
            return super().eventFilter(watched, event)
        if event.type() is QEvent.Type.ShortcutOverride:
            if event.key() == Qt.Key.Key_Escape or self._is_own_key(event):
                event.accept()
                return True
        elif event.type() is QEvent.Type.KeyPress and self._pressed(event):
            return True
        return super().eventFilter(watched, event)

    def _pressed(self, event: QKeyEvent) -> bool:
        key = Qt.Key(event.key())
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(key, 0)
        if step:
            last = self.list.count() - 1
            self.list.setCurrentRow(min(max(self.list.currentRow() + step, 0), last))
            return True
        if key == Qt.Key.Key_Escape:
            self.close_list()
            return True
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._take_row(self.list.currentRow())
            return True
        if Qt.Key.Key_1 <= key <= Qt.Key.Key_9 and not event.modifiers():
            return self._take_row(key - Qt.Key.Key_1)
        return self._own(event)

    def _is_own_key(self, event: QKeyEvent) -> bool:
        return event.key() == OWN_KEY and event.modifiers() == Qt.KeyboardModifier.ControlModifier

    def _own(self, event: QKeyEvent) -> bool:
        """Ctrl+S keeps what stands in the field; Del removes the person's own that is marked."""
        field, row = self._field, self.list.currentRow()
        if field is None:
            return False
        if self._is_own_key(event):
            text = field.toPlainText() if isinstance(field, QPlainTextEdit) else field.text()
            if text.strip():
                self.own_added.emit(field, text.strip())
                self.wanted.emit(field)
            return True
        if event.key() == Qt.Key.Key_Delete and row >= 0 and self.list.item(row).data(_OWN):
            self.own_removed.emit(field, str(self.list.item(row).data(_TEXT)))
            self.wanted.emit(field)
            return True
        return False
