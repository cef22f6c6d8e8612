"""The one-time password, shown once, large enough to be written down, and gone when it is left."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from console.wording import tr
from widgets.key_button import KeyButton
from widgets.plain_label import PlainLabel
from widgets.theme import Theme


class OnceCard(QWidget):
    """Shows and forgets."""

    left = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._whose = theme, ""
        self.title = PlainLabel(size="heading")
        self._hint = PlainLabel(tone="muted", wrap=True)
        self.password = PlainLabel(size="display")
        self.password.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByKeyboard)
        self._said = PlainLabel(tone="done", wrap=True)
        self.copy = KeyButton("", "Ctrl+C", theme)
        self.back = KeyButton("", "Esc", theme, bind=False)
        self.copy.clicked.connect(self._copy)
        self.back.clicked.connect(self.left)
        keys = QHBoxLayout()
        keys.addWidget(self.copy)
        keys.addStretch(1)
        keys.addWidget(self.back)
        self._whole = QVBoxLayout(self)
        for part in (self.title, self._hint, self.password, self._said):
            self._whole.addWidget(part)
        self._whole.addStretch(1)
        self._whole.addLayout(keys)
        self.speak()

    def show_once(self, user: str, password: str) -> None:
        """Show it until the card is left."""
        self._whose = user
        self.password.setText(password)
        self._said.setText("")
        self.speak()
        self.copy.setFocus()

    def forget(self) -> None:
        """Nobody reads it here again."""
        self._whose = ""
        self.password.setText("")

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.password.text())
        self._said.setText(tr("Copied."))

    def speak(self) -> None:
        """The language or the scale is another."""
        px = self._theme.px
        self._whole.setContentsMargins(px(14), px(10), px(14), px(10))
        self._whole.setSpacing(px(12))
        self.title.setText(tr("One-time password of {user}", user=self._whose))
        self._hint.setText(
            tr(
                "Write it down or copy it now: it is shown once. Whoever signs in with it chooses "
                "a password of their own first."
            )
        )
        self.copy.set_words(tr("Copy"))
        self.back.set_words(tr("Noted"))
