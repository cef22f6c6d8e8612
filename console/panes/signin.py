"""Sign in: server, user, password. The password is handed over and forgotten."""

from typing import NamedTuple

from PySide6.QtCore import Qt, Signal, Slot
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

from console.wording import refusal, tr
from widgets.key_button import KeyButton
from widgets.plain_label import PlainLabel
from widgets.theme import Theme


class SignIn(NamedTuple):
    """What the person typed."""

    server: str
    user: str
    password: str


class SignInPane(QWidget):
    """A card in the middle of an empty window."""

    wanted = Signal(object)
    """`SignIn`."""
    left = Signal()
    """Back to the desk as it is."""

    def __init__(self, theme: Theme, server: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._named = theme, ""
        self._title = PlainLabel(size="heading")
        self._hint = PlainLabel(tone="muted", wrap=True)
        self.server = QLineEdit(server)
        self.user = QLineEdit()
        self.password = QLineEdit(echoMode=QLineEdit.EchoMode.Password)
        self._labels = [PlainLabel(tone="muted") for _ in range(3)]
        self.answer = PlainLabel(tone="late", wrap=True)
        self.go = KeyButton("", "Enter", theme, suggested=True, bind=False)
        self._form = QFormLayout()
        self._form.setLabelAlignment(Qt.AlignmentFlag.AlignVCenter)
        for label, field in zip(self._labels, (self.server, self.user, self.password), strict=True):
            label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
            self._form.addRow(label, field)
            field.returnPressed.connect(self._want)
        self.go.clicked.connect(self._want)
        self._card = QFrame()
        self._card.setProperty("pane", "true")
        self._inside = QVBoxLayout(self._card)
        for part in (self._title, self._hint):
            self._inside.addWidget(part)
        self._inside.addLayout(self._form)
        self._inside.addWidget(self.answer)
        self.back = KeyButton("", "Esc", theme, bind=False)
        escape = QShortcut(Qt.Key.Key_Escape, self)
        escape.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        escape.activated.connect(self.back.click)
        self.back.clicked.connect(self.left)
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
        theme.changed.connect(self.speak)
        self.speak()

    @Slot()
    def speak(self) -> None:
        """The language or the scale is another."""
        px = self._theme.px
        self._card.setFixedWidth(px(420))
        self._inside.setContentsMargins(px(24), px(20), px(24), px(20))
        self._inside.setSpacing(px(12))
        self._form.setSpacing(px(8))
        self._title.setText(tr("Watchdesk"))
        self._say_hint()
        for label, text in zip(
            self._labels, (tr("Server"), tr("User"), tr("Password")), strict=True
        ):
            label.setText(text)
        self.go.set_words(tr("Sign in"))
        self.back.set_words(tr("Back"))

    def ask_for(self, server: str, *, several: bool) -> None:
        """Ask for a person at this server, named where there are several."""
        if server != self.server.text():
            self.answer.setText("")
            self.server.setText(server)
        self._named = server if several else ""
        self.go.set_reason("")
        self._say_hint()

    def _say_hint(self) -> None:
        several = tr("Sign in to {server}.", server=self._named)
        self._hint.setText(several if self._named else tr("Sign in to the case server."))

    def begin(self, *, may_leave: bool) -> None:
        """Go to the first field that is still empty; without a desk there is no way back."""
        self.back.setVisible(may_leave)
        self.back.setEnabled(may_leave)
        (self.password if self.user.text() else self.user).setFocus()

    def refused(self, code: str) -> None:
        """Say why not, and wait for another try."""
        self.answer.setText(refusal(code) if code else "")
        self.go.set_reason("")
        self.password.setFocus()
        self.password.selectAll()

    def trying(self) -> None:
        """A try is under way."""
        self.answer.setText("")
        self.go.set_reason(tr("Signing in …"))

    @Slot()
    def _want(self) -> None:
        if not self.user.text().strip():
            self.user.setFocus()
            return
        wish = SignIn(self.server.text().strip(), self.user.text().strip(), self.password.text())
        self.password.clear()
        self.trying()
        self.wanted.emit(wish)
