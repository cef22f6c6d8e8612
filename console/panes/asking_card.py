"""A card in the middle of an empty window that asks: fields below each other, an answer, keys."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import (
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from console.refusals import refusal
from widgets.key_button import KeyButton
from widgets.plain_label import PlainLabel, Tone
from widgets.theme import Theme

_WIDE = 440
_SAID_LINES = 2


class AskingCard(QWidget):
    """What is asked, and what happens with it, is its owner's; Esc presses `back`."""

    def __init__(
        self, theme: Theme, fields: Sequence[QLineEdit], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme, self._fields = theme, tuple(fields)
        self._refused: tuple[str, dict[str, str]] = ("", {})
        self.title = PlainLabel(size="heading")
        self.hint = PlainLabel(tone="muted", wrap=True)
        self.answer = PlainLabel(tone="late", wrap=True)
        self.answer.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.go = KeyButton("", "Enter", theme, suggested=True, bind=False)
        self.back = KeyButton("", "Esc", theme, bind=False)
        self._labels = [PlainLabel(tone="muted") for _ in fields]
        self._form = QFormLayout()
        self._form.setLabelAlignment(Qt.AlignmentFlag.AlignVCenter)
        for label, field in zip(self._labels, self._fields, strict=True):
            label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
            self._form.addRow(label, field)
        self._lay_out()
        escape = QShortcut(Qt.Key.Key_Escape, self)
        escape.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        escape.activated.connect(self.back.click)
        theme.changed.connect(self.restyle)
        self.restyle()

    def _lay_out(self) -> None:
        self._card = QFrame()
        self._card.setProperty("pane", "true")
        self._inside = QVBoxLayout(self._card)
        for part in (self.title, self.hint):
            self._inside.addWidget(part)
        self._inside.addLayout(self._form)
        self._inside.addWidget(self.answer)
        keys = QHBoxLayout()
        keys.addStretch(1)
        keys.addWidget(self.back)
        keys.addWidget(self.go)
        self._inside.addLayout(keys)
        across = QHBoxLayout()
        across.addStretch(1)
        across.addWidget(self._card)
        across.addStretch(1)
        down = QVBoxLayout(self)
        down.addStretch(2)
        down.addLayout(across)
        down.addStretch(3)

    def name_fields(self, words: Sequence[str]) -> None:
        """The words beside the fields, in the language in use."""
        for label, field, text in zip(self._labels, self._fields, words, strict=True):
            label.setText(text)
            field.setAccessibleName(text)

    def say(self, sentence: str, tone: Tone = "late") -> None:
        """Say this below the fields; "" takes it away."""
        self._refused = ("", {})
        self.answer.set_tone(tone)
        self.answer.setText(sentence)

    def say_refused(self, code: str, **detail: str) -> None:
        """Say why not, and again in each language that is chosen; "" takes it away."""
        self.say(refusal(code, **detail) if code else "")
        self._refused = (code, detail)

    def say_again(self) -> None:
        """The language is another."""
        code, detail = self._refused
        if code:
            self.say_refused(code, **detail)

    @Slot()
    def restyle(self) -> None:
        """The scale is another."""
        px = self._theme.px
        self._card.setFixedWidth(px(_WIDE))
        self._inside.setContentsMargins(px(24), px(20), px(24), px(20))
        self._inside.setSpacing(px(12))
        self._form.setSpacing(px(8))
        # room for two lines at all times: the card keeps its size when it answers
        self.answer.setMinimumHeight(self.answer.fontMetrics().lineSpacing() * _SAID_LINES)
