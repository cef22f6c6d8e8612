"""Sign in: server, user, password. The password is handed over and forgotten."""

from typing import NamedTuple

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from console.panes.asking_card import AskingCard
from console.refusals import refusal
from console.wording import tr
from widgets.theme import Theme


class SignIn(NamedTuple):
    """What the person typed."""

    server: str
    user: str
    password: str


class SignInPane(QWidget):
    """Who signs in where; the password goes with the wish and stays nowhere."""

    wanted = Signal(object)
    """`SignIn`."""
    left = Signal()
    """Back to the desk as it is."""

    def __init__(self, theme: Theme, server: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._named = ""
        self.server = QLineEdit(server)
        self.user = QLineEdit()
        self.password = QLineEdit(echoMode=QLineEdit.EchoMode.Password)
        fields = (self.server, self.user, self.password)
        self.card = AskingCard(theme, fields)
        self.answer, self.go, self.back = self.card.answer, self.card.go, self.card.back
        for field in fields:
            field.returnPressed.connect(self._want)
        self.go.clicked.connect(self._want)
        self.back.clicked.connect(self.left)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.card)
        self.speak()

    @Slot()
    def speak(self) -> None:
        """The language is another."""
        self.card.title.setText(tr("Watchdesk"))
        self._say_hint()
        self.card.name_fields((tr("Server"), tr("User"), tr("Password")))
        self.card.say_again()
        self.go.set_words(tr("Sign in"))
        self.back.set_words(tr("Back"))

    def ask_for(self, server: str, *, several: bool) -> None:
        """Ask for a person at this server, named where there are several."""
        if server != self.server.text():
            self.card.say("")
            self.server.setText(server)
        self._named = server if several else ""
        self.go.set_reason("")
        self._say_hint()

    def _say_hint(self) -> None:
        several = tr("Sign in to {server}.", server=self._named)
        self.card.hint.setText(several if self._named else tr("Sign in to the case server."))

    def begin(self, *, may_leave: bool) -> None:
        """Go to the first field that is still empty; without a desk there is no way back."""
        self.back.setVisible(may_leave)
        self.back.setEnabled(may_leave)
        (self.password if self.user.text() else self.user).setFocus()

    def refused(self, code: str) -> None:
        """Say why not, and wait for another try."""
        self.card.say_refused(code)
        self.go.set_reason("")
        self.password.setFocus()
        self.password.selectAll()

    def unheard(self, server: str, code: str) -> None:
        """The server named could not be reached: its link tries on, and another try may be made."""
        self.card.say_refused("sign_in.unheard", server=server, why=refusal(code))
        self.go.set_reason("")

    def trying(self) -> None:
        """A try is under way."""
        self.card.say("")
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
