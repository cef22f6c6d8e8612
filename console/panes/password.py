"""One's own password: chosen before anything else when somebody else gave it, or at will (F10)."""

from typing import NamedTuple

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from console.panes.asking_card import AskingCard
from console.wording import tr
from widgets.theme import Theme


class NewPassword(NamedTuple):
    """What the person typed, for the server of this number."""

    site: int
    old: str
    new: str

    def __repr__(self) -> str:
        return f"NewPassword(site={self.site})"


class PasswordPane(QWidget):
    """What was typed is handed over and forgotten."""

    wanted = Signal(object)
    """`NewPassword`."""
    left = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._site, self._forced = 0, False
        hidden = QLineEdit.EchoMode.Password
        self.old, self.new = QLineEdit(echoMode=hidden), QLineEdit(echoMode=hidden)
        self.again = QLineEdit(echoMode=hidden)
        self.card = AskingCard(theme, self._fields)
        self.answer, self.go, self.back = self.card.answer, self.card.go, self.card.back
        for field in self._fields:
            field.returnPressed.connect(self._next)
        self.go.clicked.connect(self._want)
        self.back.clicked.connect(self.left)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.card)
        self.speak()

    @property
    def _fields(self) -> tuple[QLineEdit, QLineEdit, QLineEdit]:
        return self.old, self.new, self.again

    def begin(self, site: int, *, forced: bool) -> None:
        """Ask for a new password at this server; `forced`: nothing else can be done first."""
        self._site, self._forced = site, forced
        for field in self._fields:
            field.clear()
        self.card.say("")
        self.go.set_reason("")
        self.speak()
        self.old.setFocus()

    def refused(self, code: str, detail: dict[str, str]) -> None:
        """Say why not, and wait for another try."""
        self.card.say_refused(code, **detail)
        self.go.set_reason("")
        field = self.old if code in ("password.wrong", "sign_in.too_many") else self.new
        field.setFocus()
        field.selectAll()

    def changed(self) -> None:
        """It is done; the card waits to be left."""
        self.card.say(tr("The password was changed."), "done")
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
        self.card.say("")
        self.go.set_reason(tr("Changing the password …"))
        wish = NewPassword(self._site, self.old.text(), self.new.text())
        for field in self._fields:
            field.clear()
        self.wanted.emit(wish)

    @Slot()
    def speak(self) -> None:
        """The language is another."""
        self.card.title.setText(tr("Your password"))
        given = tr("Somebody else gave you this password. Choose one that only you know.")
        other = tr("Other desks where you are signed in will ask for the new one.")
        self.card.hint.setText(given if self._forced else other)
        self.card.name_fields((tr("Password now"), tr("New password"), tr("Again")))
        self.card.say_again()
        self.go.set_words(tr("Change"))
        self.back.set_words(tr("Sign in as somebody else …") if self._forced else tr("Back"))
