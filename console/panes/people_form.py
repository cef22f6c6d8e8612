"""One account in fields: to add somebody, or to change who they are and what they may do."""

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from casework.decider import Command, Personal, Refused
from casework.grants import check
from casework.procedures.account import ChangeGrants, DescribeAccount
from casework.replies import AccountRow
from casework.rulebook import RuleBook
from casework.staff_list import new_account
from console.names import Names
from console.panes.grants_editor import GrantsEditor
from console.refusals import refusal
from console.wording import mark, tr
from widgets.key_button import KeyButton
from widgets.plain_label import PlainLabel
from widgets.scrolled import scrolled
from widgets.theme import Theme

LABELS = (
    mark("Sign-in name"),
    mark("Name"),
    mark("Post title"),
    mark("Job number"),
    mark("Phone"),
)


class Wanted(NamedTuple):
    """What the person at the desk wants done: commands about one account, in order."""

    user: str
    version: int
    commands: tuple[Command, ...]


class PeopleForm(QWidget):
    """`saved` says what is wanted; nothing is shown as done before the server has said so."""

    saved = Signal(object)
    """`Wanted`."""
    left = Signal()
    disable_asked = Signal()
    reset_asked = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._account: AccountRow | None = None
        self._rules: RuleBook | None = None
        self.title = PlainLabel(size="heading")
        self.about = PlainLabel(tone="muted", size="label", wrap=True)
        self.user, self.name = QLineEdit(maxLength=40), QLineEdit(maxLength=100)
        self.post, self.job_number = QLineEdit(maxLength=60), QLineEdit(maxLength=60)
        self.phone = QLineEdit(maxLength=40)
        self.posts = GrantsEditor(theme)
        self.answer = PlainLabel(tone="late", wrap=True)
        self.save = KeyButton("", "Ctrl+Enter", theme, suggested=True, bind=False)
        self.back = KeyButton("", "Esc", theme, bind=False)
        self.reset = KeyButton("", "F8", theme)
        self.disable = KeyButton("", "F7", theme)
        self._labels = [PlainLabel(tone="muted", size="label") for _ in LABELS]
        self._posts_label = PlainLabel(size="strong")
        self._lay_out()
        self._connect()
        self.speak()

    @property
    def fields(self) -> Sequence[QLineEdit]:
        """In the order of the labels."""
        return self.user, self.name, self.post, self.job_number, self.phone

    def _lay_out(self) -> None:
        self._grid = QGridLayout()
        for at, (label, field) in enumerate(zip(self._labels, self.fields, strict=True)):
            row, side = divmod(at + 1, 2)  # the sign-in name has a row of its own
            alone = at == 0
            self._grid.addWidget(label, row, 0 if alone or not side else 2)
            place = (row, 1, 1, 3) if alone else (row, 1 if not side else 3, 1, 1)
            self._grid.addWidget(field, *place)
        for column in (1, 3):
            self._grid.setColumnStretch(column, 1)
        inside = QWidget()
        self._inside = QVBoxLayout(inside)
        self._inside.setContentsMargins(0, 0, 0, 0)
        self._inside.addLayout(self._grid)
        self._inside.addWidget(self._posts_label)
        self._inside.addWidget(self.posts)
        self._inside.addStretch(1)
        self._keys = QGridLayout()
        for at, key in enumerate((self.disable, self.reset, self.back, self.save)):
            side = Qt.AlignmentFlag.AlignRight if at % 2 else Qt.AlignmentFlag.AlignLeft
            self._keys.addWidget(key, at // 2, at % 2, side)
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        self._whole = QVBoxLayout(self)
        self._whole.addLayout(head)
        self._whole.addWidget(self.about)
        self._whole.addWidget(scrolled(inside), 1)
        self._whole.addWidget(self.answer)
        self._whole.addLayout(self._keys)

    def _connect(self) -> None:
        self.save.clicked.connect(self.want)
        self.back.clicked.connect(self.left)
        self.disable.clicked.connect(self.disable_asked)
        self.reset.clicked.connect(self.reset_asked)
        for field in self.fields:
            field.returnPressed.connect(self._next)

    @Slot()
    def _next(self) -> None:
        self.focusNextChild()

    # --- what is shown --------------------------------------------------------------------------

    @property
    def account(self) -> AccountRow | None:
        """The account in the fields; None while somebody is added."""
        return self._account

    def begin_new(self) -> None:
        """Empty fields for somebody who is added."""
        self._account = None
        for field in self.fields:
            field.clear()
        self.posts.show_grants(())
        self.answer.setText("")
        self._say()
        self.user.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def show_account(self, account: AccountRow, about: str) -> None:
        """Fields of somebody who is there."""
        self._account = account
        values = (account.user, account.name, account.post, account.job_number, account.phone)
        for field, value in zip(self.fields, values, strict=True):
            field.setText(value)
            field.setCursorPosition(0)
        self.posts.show_grants(account.grants)
        self.about.setText(about)
        self.answer.setText("")
        self._say()

    def enter(self) -> None:
        """Go to the first field that can be changed."""
        field = self.user if self._account is None else self.name
        field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        field.selectAll()

    def refused(self, code: str, detail: dict[str, str]) -> None:
        """Say why not."""
        self.answer.setText(refusal(code, **detail))

    def is_edited(self) -> bool:
        """Whether something here is not as it is kept."""
        if self._account is None:
            return any(field.text() for field in self.fields) or bool(self.posts.line.text())
        try:
            return bool(self._changes(self._account))
        except Refused:
            return True

    # --- what is wanted -------------------------------------------------------------------------

    @Slot()
    def want(self) -> None:
        """Say what is to be done; what the rule book forbids is told here already."""
        account = self._account
        try:
            commands = (self._adding(),) if account is None else self._changes(account)
        except Refused as refused:
            self.refused(refused.code, refused.detail)
            return
        self.answer.setText("")
        if account is None:
            self.saved.emit(Wanted("", 0, commands))
        elif commands:
            self.saved.emit(Wanted(account.user, account.version, commands))
        else:
            self.left.emit()

    def _adding(self) -> Command:
        held = self.posts.grants()
        if self._rules is not None:
            check(held, self._rules)
        return new_account(
            user=self.user.text().strip(),
            name=self.name.text().strip(),
            grants=held,
            post=self.post.text().strip(),
            job_number=self.job_number.text().strip(),
            personal=self._personal(),
        )

    def _changes(self, account: AccountRow) -> tuple[Command, ...]:
        """Raises: Refused."""
        commands: list[Command] = []
        held = self.posts.grants()
        if held != account.grants:
            if self._rules is not None:
                check(held, self._rules)
            commands.append(ChangeGrants(grants=held))
        values = [field.text().strip() for field in self.fields[1:]]
        if values != [account.name, account.post, account.job_number, account.phone]:
            if not values[0]:
                raise Refused("account.malformed")
            told = DescribeAccount(
                name=values[0], post=values[1], job_number=values[2], personal=self._personal()
            )
            commands.append(told)
        return tuple(commands)

    def _personal(self) -> Personal | None:
        phone = self.phone.text().strip()
        return Personal(phone=phone) if phone else None

    # --- words ----------------------------------------------------------------------------------

    def follow_rules(self, rules: RuleBook | None, names: Names) -> None:
        """Areas, centres and units of this rule book from now on."""
        self._rules = rules
        self.posts.follow_rules(rules, names)

    @Slot()
    def speak(self) -> None:
        """The language or the scale is another."""
        px = self._theme.px
        self._whole.setContentsMargins(px(14), px(10), px(14), px(10))
        self._whole.setSpacing(px(8))
        self._inside.setSpacing(px(8))
        self._inside.setContentsMargins(0, 0, px(12), 0)  # the scroll bar's own room
        self._grid.setHorizontalSpacing(px(10))
        self._grid.setVerticalSpacing(px(6))
        for label, english in zip(self._labels, LABELS, strict=True):
            label.setText(tr(english))
        for field, english in zip(self.fields, LABELS, strict=True):
            field.setAccessibleName(tr(english))
        self._posts_label.setText(tr("Posts"))
        self.posts.speak()
        self.back.set_words(tr("Back"))
        self._say()

    def _say(self) -> None:
        account = self._account
        self.title.setText(tr("Add a person") if account is None else account.name)
        self.about.setVisible(account is not None)
        self.save.set_words(tr("Add") if account is None else tr("Save"))
        self.user.setReadOnly(account is not None)
        for key in (self.disable, self.reset):
            key.setVisible(account is not None)
        if account is not None:
            self.disable.set_words(tr("Disable") if account.enabled else tr("Let in again"))
            self.reset.set_words(tr("Reset password"))

    def ask_nothing(self) -> None:
        """No key has to be pressed once more."""
        self.answer.setText("")
        self._say()

    def confirm_reset(self) -> None:
        """Ask for the same key once more."""
        self.ask_nothing()
        self.reset.set_words(tr("Reset: press again"))

    def confirm_save(self, left_behind: str) -> None:
        """Ask for the same key once more, and say what nobody would have in hand then."""
        self.answer.setText(left_behind)
        self.save.set_words(tr("Save: press again"))

    def confirm_disable(self, left_behind: str) -> None:
        """Ask for the same key once more, and say what nobody would have in hand then."""
        if self._account is not None:
            self.answer.setText(left_behind)
            self.disable.set_words(tr("Disable: press again"))
