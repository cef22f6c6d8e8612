"""What a pane says when it cannot simply show its rows: one sentence and the next act.

Empty and loading fill the pane; stale and offline are a strip over rows that are still shown,
because an old picture with its age is worth more than none.
"""

from typing import Literal

from PySide6.QtCore import QRectF, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QBoxLayout, QSizePolicy, QWidget

from widgets.key_button import KeyButton
from widgets.plain_label import PlainLabel, Tone
from widgets.shapes import State, draw_state
from widgets.theme import Theme, Token

Condition = Literal["ready", "empty", "loading", "stale", "offline", "refused"]

_LOOKS: dict[Condition, tuple[State, Token, Tone]] = {
    "ready": ("none", "in_time", "muted"),
    "empty": ("done", "in_time", "muted"),
    "loading": ("in_time", "in_time", "muted"),
    "stale": ("soon", "soon", "soon"),
    "offline": ("late", "late", "late"),
    "refused": ("late", "late", "late"),
}


class _Shape(QWidget):
    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.condition: Condition = "ready"

    def paintEvent(self, event: QPaintEvent) -> None:
        state, token, _ = _LOOKS[self.condition]
        painter = QPainter(self)
        room = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        draw_state(painter, state, room, self._theme.color(token))
        painter.end()


class PaneNotice(QWidget):
    """Shape, sentence and act; across the middle of a pane, or as a strip on its top. One that
    floats over other things has a border, and its sentence takes the lines that it needs."""

    act_asked = Signal()

    def __init__(
        self, theme: Theme, parent: QWidget | None = None, *, floats: bool = False
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._is_strip, self._floats = False, floats
        self._shape = _Shape(theme, self)
        self._sentence = PlainLabel(parent=self, wrap=floats, size="label" if floats else "body")
        self._act = KeyButton("", "", theme, parent=self)
        self._act.clicked.connect(self._ask)
        self._box = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        theme.changed.connect(self._lay_out)
        self._lay_out()

    def say(self, condition: Condition, sentence: str, act: str = "") -> None:
        """Show the condition in one sentence; an empty act shows no button."""
        self._shape.condition = condition
        self._sentence.setText(sentence)
        self._sentence.set_tone(_LOOKS[condition][2])
        self._act.set_words(act)
        self._act.setVisible(bool(act))
        self.setAccessibleName(sentence)
        self._shape.update()

    def become_strip(self, is_strip: bool) -> None:
        if is_strip != self._is_strip:
            self._is_strip = is_strip
            self._lay_out()

    @Slot()
    def _ask(self) -> None:
        self.act_asked.emit()

    @Slot()
    def _lay_out(self) -> None:
        while self._box.takeAt(0) is not None:
            continue
        px = self._theme.px
        size = px(10 if self._is_strip else 16)
        self._shape.setFixedSize(size, size)
        self._box.setSpacing(px(8 if self._is_strip else 12))
        across = Qt.AlignmentFlag.AlignVCenter if self._is_strip else Qt.AlignmentFlag.AlignHCenter
        direction = QBoxLayout.Direction
        if self._is_strip:
            self._box.setDirection(direction.LeftToRight)
            above = px(2 if self._floats else 4)
            self._box.setContentsMargins(px(14), above, px(8), above)
            tall = QSizePolicy.Policy.Preferred if self._floats else QSizePolicy.Policy.Fixed
            self.setSizePolicy(QSizePolicy.Policy.Preferred, tall)
        else:
            self._box.setDirection(direction.TopToBottom)
            self._box.setContentsMargins(px(24), px(24), px(24), px(24))
            self._box.addStretch(1)
            self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self._box.addWidget(self._shape, 0, across)
        if self._floats:
            self._box.addWidget(self._sentence, 1)
        else:
            self._box.addWidget(self._sentence, 0, across)
        if self._is_strip and not self._floats:
            self._box.addStretch(1)
        self._box.addWidget(self._act, 0, across)
        if not self._is_strip:
            self._box.addStretch(2)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.color("raised" if self._is_strip else "pane"))
        if self._floats:
            painter.setPen(self._theme.color("line"))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        if self._is_strip:
            token = _LOOKS[self._shape.condition][1]
            painter.fillRect(0, 0, self._theme.px(3), self.height(), self._theme.color(token))
        painter.end()
