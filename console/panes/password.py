"""One's own password: chosen before anything else when somebody else gave it, or at will (F10)."""

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


class NewPassword(NamedTuple):
    """What the person typed, for the server of this number."""

    site: int
    old: str
    new: str

    def __repr__(self) -> str:
        return f"NewPassword(site={self.site})"


class PasswordPane(QWidget):
    """A card in the middle of an empty window. What was typed is handed over and forgotten."""

    wanted = Signal(object)
    """`NewPassword`."""
    left = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._site, self._forced = theme, 0, False
        self._title, self._hint = PlainLabel(size="heading"), PlainLabel(tone="muted", wrap=True)
        hidden = QLineEdit.EchoMode.Password
        self.old, self.new = QLineEdit(echoMode=hidden), QLineEdit(echoMode=hidden)
        self.again = QLineEdit(echoMode=hidden)
        self._labels = [PlainLabel(tone="muted") for _ in range(3)]
        self.answer = PlainLabel(tone="late", wrap=True)
        self.go = KeyButton("", "Enter", theme, suggested=True, bind=False)
        self.back = KeyButton("", "Esc", theme, bind=False)
        self._form = QFormLayout()
        self._form.setLabelAlignment(Qt.AlignmentFlag.AlignVCenter)
        for label, field in zip(self._labels, self._fields, strict=True):
            label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
            self._form.addRow(label, field)
            field.returnPressed.connect(self._next)
        self._lay_out()
        self.go.clicked.connect(self._want)
        self.back.clicked.connect(self.left)
        escape = QShortcut(Qt.Key.Key_Escape, self)
        escape.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        escape.activated.connect(self.back.click)
        theme.changed.connect(self.speak)
        self.speak()

    @property
    def _fields(self) -> tuple[QLineEdit, QLineEdit, QLineEdit]:
        return self.old, self.new, self.again

    def _lay_out(self) -> None:
        self._card = QFrame()
        self._card.setProperty("pane", "true")
        self._inside = QVBoxLayout(self._card)
        for part in (self._title, self._hint):
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

    def begin(self, site: int, *, forced: bool) -> None:
        """Ask for a new password at this server; `forced`: nothing else can be done first."""
        self._site, self._forced = site, forced
        for field in self._fields:
            field.clear()
        self.answer.setText("")
        self.go.set_reason("")
        self.speak()
        self.old.setFocus()

    def refused(self, code: str, detail: dict[str, str]) -> None:
        """Say why not, and wait for another try."""
        self.answer.set_tone("late")
        self.answer.setText(refusal(code, **detail))
        self.go.set_reason("")
        field = self.old if code in ("password.wrong", "sign_in.too_many") else self.new
        field.setFocus()
        field.selectAll()

    def changed(self) -> None:
        """It is done; the card waits to be left."""
        self.answer.set_tone("done")
        self.answer.setText(tr("The password was changed."))
        self.go.set_reason(tr("The password was changed."))
        self.back.setFocus()

    @Slot()
    def _next(self) -> None:
        if self.again.hasFocus():
            self._want()
        else:
            self.focusNextChild()

    @Slot()
    def _want(self) -> None:
        if not self.go.isEnabled():
            return
        if self.new.text() != self.again.text():
            self.refused("password.differs", {})
            return
        if not self.old.text() or not self.new.text():
            (self.new if self.old.text() else self.old).setFocus()
            return
        self.answer.setText("")
        self.go.set_reason(tr("Changing the password …"))
        wish = NewPassword(self._site, self.old.text(), self.new.text())
        for field in self._fields:
            field.clear()
        self.wanted.emit(wish)

    @Slot()
    def speak(self) -> None:
        """The language or the scale is another."""
        px = self._theme.px
        self._card.setFixedWidth(px(440))
        self._inside.setContentsMargins(px(24), px(20), px(24), px(20))
        self._inside.setSpacing(px(12))
        self._form.setSpacing(px(8))
        self._title.setText(tr("Your password"))
        given = tr("Somebody else gave you this password. Choose one that only you know.")
        other = tr("Other desks where you are signed in will ask for the new one.")
        self._hint.setText(given if self._forced else other)
        words = (tr("Password now"), tr("New password"), tr("Again"))
        for label, field, text in zip(self._labels, self._fields, words, strict=True):
            label.setText(text)
            field.setAccessibleName(text)
        self.go.set_words(tr("Change"))
        self.back.set_words(tr("Sign in as somebody else …") if self._forced else tr("Back"))
