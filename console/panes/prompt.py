"""Questions of one act, one after the other, in place of the keys: a number answers, or typed words
and Enter; a long list is narrowed down by typing. Esc leaves. Never a dialog: the case stays in
sight.
"""

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from console.wording import tr
from widgets.plain_label import PlainLabel, one_line
from widgets.theme import Theme

_DIGITS = 9


class Asked(NamedTuple):
    """A question: the name its answer goes by, its words, and the answers to choose from.

    `typed`: the answer is written instead. `told`: the answers come later (`Prompt.tell`), and what
    is written narrows them down.
    """

    name: str
    words: str
    options: tuple[tuple[object, str], ...]
    typed: bool = False
    told: bool = False


class Prompt(QFrame):
    """Asks; says the answers when all are given."""

    answered = Signal(object)
    """`dict[str, object]` by the names of the questions."""
    left = Signal()
    typing = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._title = PlainLabel(size="heading")
        self._question = PlainLabel(wrap=True)
        self.list = QListWidget()
        self.list.itemActivated.connect(self._choose)
        self.field = QLineEdit(maxLength=2000)
        self.field.returnPressed.connect(self._typed)
        self.field.textEdited.connect(self.typing)
        self.field.textEdited.connect(self._narrow)
        self._advice = PlainLabel(tone="muted", size="label")
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        for part in (self._title, self._question, self.list, self.field, self._advice):
            self._box.addWidget(part)
        for watched in (self.list, self.field):
            watched.installEventFilter(self)
        self._waiting: list[Asked] = []
        self._answers: dict[str, object] = {}
        self._listed: tuple[tuple[object, str], ...] = ()

    def ask(self, act: str, questions: Sequence[Asked]) -> None:
        """Begin with the first question; the answers given for this act before are kept."""
        self._title.setText(act)
        self._waiting, self._answers = list(questions), {}
        self.show()
        self._next()

    @property
    def asking(self) -> Asked | None:
        """The question that waits for its answer."""
        return self._waiting[0] if self._waiting else None

    def _next(self) -> None:
        asked = self.asking
        if asked is None:
            self.answered.emit(dict(self._answers))
            return
        self._question.setText(asked.words)
        self.field.clear()
        self.field.setVisible(asked.typed or asked.told)
        self.field.setPlaceholderText(tr("Part of the name …") if asked.told else "")
        self.field.setAccessibleName(asked.words)
        self.list.setAccessibleName(asked.words)
        self._list(asked.options)
        self._say_advice(asked)
        if asked.told:
            self._advice.setText(tr("Looking for colleagues …"))
        self.go_in()

    def tell(self, name: str, options: Sequence[tuple[object, str]], instead: str) -> None:
        """The answers to a question came; `instead` says why there are none."""
        asked = self.asking
        if asked is None or asked.name != name or not asked.told:
            return
        self._waiting[0] = asked._replace(options=tuple(options))
        self._narrow()
        if not options:
            self._advice.setText(instead)

    @Slot()
    def _narrow(self) -> None:
        """Only the answers that hold what is written, in any case."""
        asked = self.asking
        if asked is None or not asked.told:
            return
        wanted = self.field.text().strip().casefold()
        self._list([each for each in asked.options if wanted in each[1].casefold()])
        self._say_advice(asked)

    def _list(self, options: Sequence[tuple[object, str]]) -> None:
        """Show these to choose from, the first marked; the numbers choose where nothing is
        written."""
        self._listed = tuple(options)
        by_number = self.asking is not None and not self.asking.told
        self.list.clear()
        for number, (_, words) in enumerate(self._listed, 1):
            key = f"{number}  " if number <= _DIGITS else "    "
            self.list.addItem((key if by_number else "") + one_line(words))
        self.list.setVisible(bool(self._listed))
        self.list.setFixedHeight(self._height())
        if self._listed:
            self.list.setCurrentRow(0)

    def go_in(self) -> None:
        """Go to the answers of the question that waits."""
        asked = self.asking
        chooses = asked is not None and bool(asked.options) and not asked.told
        where = self.list if chooses else self.field
        where.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _height(self) -> int:
        rows = min(max(self.list.count(), 1), 6)
        return rows * max(self.list.sizeHintForRow(0), self._theme.px(22)) + self._theme.px(6)

    def _say_advice(self, asked: Asked) -> None:
        if asked.told:
            self._advice.setText(
                tr("↑ ↓ and Enter: choose · typing narrows it down · Esc: back")
                if self._listed
                else tr("Nobody of that name could take it. Esc: back")
            )
        elif not asked.options and not asked.typed:
            self._advice.setText(tr("There is nothing to choose here. Esc: back"))
        elif asked.options:
            self._advice.setText(_how_to_choose(min(len(self._listed), _DIGITS)))
        else:
            self._advice.setText(tr("Enter: go on · Esc: back"))

    def _answer(self, value: object) -> None:
        asked = self._waiting.pop(0)
        self._answers[asked.name] = value
        self._next()

    @Slot(QListWidgetItem)
    def _choose(self, item: QListWidgetItem) -> None:
        if self._waiting:  # an item's own data would turn an enumeration into text
            self._answer(self._listed[self.list.row(item)][0])

    @Slot()
    def _typed(self) -> None:
        asked = self.asking
        if asked is not None and asked.told:
            if self.list.currentItem() is not None:
                self._choose(self.list.currentItem())
            return
        words = self.field.text().strip()
        if words and self._waiting:
            self._answer(words)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Numbers choose, Enter takes the marked one, Esc leaves; no key reaches the acts. Those
        of the window (Ctrl+N, F3 …) do: a call comes in while a question is open."""
        if not isinstance(event, QKeyEvent) or event.type() is not QEvent.Type.KeyPress:
            if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.ShortcutOverride:
                return self._keep_from_acts(event)
            return super().eventFilter(watched, event)
        key = Qt.Key(event.key())
        if key is Qt.Key.Key_Escape:
            self._waiting = []
            self.left.emit()
            return True
        if watched is self.field:
            return self._walk(key) or super().eventFilter(watched, event)
        if watched is not self.list:
            return super().eventFilter(watched, event)
        return self._key_in_list(key) or super().eventFilter(watched, event)

    def _keep_from_acts(self, event: QKeyEvent) -> bool:
        of_window = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if of_window or Qt.Key.Key_F1 <= event.key() <= Qt.Key.Key_F35:
            return False
        event.accept()
        return True

    def _walk(self, key: Qt.Key) -> bool:
        """From the field the marked answer is moved up and down."""
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(key, 0)
        if not step or not self._listed:
            return False
        last = len(self._listed) - 1
        self.list.setCurrentRow(min(max(self.list.currentRow() + step, 0), last))
        return True

    def _key_in_list(self, key: Qt.Key) -> bool:
        number = key.value - Qt.Key.Key_1.value
        is_numbered = self.asking is not None and not self.asking.told
        if is_numbered and 0 <= number < min(self.list.count(), _DIGITS):
            self._choose(self.list.item(number))
            return True
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.list.currentItem() is not None:
            self._choose(self.list.currentItem())
            return True
        return False


def _how_to_choose(last: int) -> str:
    """The keys that a list of so many numbered answers has."""
    if last < 2:  # noqa: PLR2004 one answer has no range of numbers
        return tr("1 or Enter: choose · Esc: back")
    return tr("1 … {last} or Enter: choose · Esc: back", last=last)
