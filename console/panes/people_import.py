"""A list of people before it is taken: what would be done, line by line, and what is refused."""

from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from casework import staff_list
from casework.procedures.account import AddAccount, ChangeGrants
from casework.staff_list import BadLine, Plan, Step
from console.export import table as export
from console.export.table import Table
from console.panes.people_rows import posts_words
from console.people import People
from console.people_import import PeopleImport
from console.refusals import refusal
from console.wording import mark, tr
from widgets.key_button import KeyButton
from widgets.live_table import Column, LiveTable
from widgets.plain_label import PlainLabel, Tone
from widgets.table_view import LiveTablePane, LiveTableView
from widgets.theme import Theme

PASSWORDS = ".passwords.txt"


class Line(NamedTuple):
    """One line of the list as the table shows it."""

    key: tuple[int, int]
    line: int
    user: str
    said: str
    bad: bool


class PeopleImportPanel(QWidget):
    """Reads a file, shows the plan, and does it when asked."""

    left = Signal()

    def __init__(self, people: People, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._people, self._theme = people, theme
        self._plan: Plan | None = None
        self.work = PeopleImport(people, self)
        self.title = PlainLabel(size="heading")
        self.file = QLineEdit()
        self.choose = KeyButton("", "F8", theme)
        self.slips = QLineEdit()
        self._labels = [PlainLabel(tone="muted", size="label") for _ in range(2)]
        self.said = PlainLabel(wrap=True)
        self.answer = PlainLabel(tone="late", wrap=True)
        self.table: LiveTable[Line, tuple[int, int]] = LiveTable(
            _columns(), lambda line: line.key, parent=self
        )
        self.view = LiveTableView(self.table, theme)
        self._pane = LiveTablePane(self.view, theme)
        self.whole = PlainLabel(tone="muted", wrap=True)
        """The chosen line's words whole: the column cuts a long refusal short."""
        self.go = KeyButton("", "Ctrl+Enter", theme, suggested=True, bind=False)
        self.back = KeyButton("", "Esc", theme, bind=False)
        self._lay_out()
        self.file.returnPressed.connect(self.read)
        self.view.current_key.connect(self._say_whole)
        self.choose.clicked.connect(self._choose)
        self.go.clicked.connect(self.take)
        self.back.clicked.connect(self.left)
        self.work.progressed.connect(self._say)
        self.work.finished.connect(self._finished)
        self.speak()

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.addWidget(self.file, 1)
        row.addWidget(self.choose)
        keys = QHBoxLayout()
        keys.addStretch(1)
        keys.addWidget(self.back)
        keys.addWidget(self.go)
        self._whole = QVBoxLayout(self)
        self._whole.addWidget(self.title)
        self._whole.addWidget(self._labels[0])
        self._whole.addLayout(row)
        self._whole.addWidget(self._labels[1])
        self._whole.addWidget(self.slips)
        self._whole.addWidget(self.said)
        self._whole.addWidget(self._pane, 1)
        self._whole.addWidget(self.whole)
        self._whole.addWidget(self.answer)
        self._whole.addLayout(keys)

    def begin(self) -> None:
        """An empty panel."""
        if self.work.running:
            return
        self._plan = None
        self._show((), ())
        self.answer.setText("")
        self._say()
        self.file.setFocus()

    @Slot()
    def _choose(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self, tr("List of people"), "", "CSV (*.csv)")
        if chosen:
            self.file.setText(chosen)
            self.read()

    @Slot()
    def read(self) -> None:
        """Read the file and show what it asks for."""
        path = Path(self.file.text().strip()).expanduser()
        rules = self._people.rules
        if rules is None or self.work.running:
            return
        try:
            data = path.read_bytes()
        except OSError as error:
            why = error.strerror or str(error)
            self.answer.setText(tr("{file} cannot be read: {why}", file=path.name, why=why))
            return
        self._plan = staff_list.plan(data, self._people.rows.values(), rules)
        if not self.slips.text():
            self.slips.setText(str(path.with_suffix(PASSWORDS)))
        self._show(self._plan.steps, self._plan.bad)
        self.answer.setText("")
        self._say()
        self.go.setFocus()

    def _show(self, steps: tuple[Step, ...], bad: tuple[BadLine, ...]) -> None:
        lines = [Line((each.line, 0), each.line, each.user, _refused(each), True) for each in bad]
        for order, step in enumerate(steps, 1):
            said = self._words(step)
            lines.append(Line((step.line, order), step.line, step.user, said, False))
        self.table.show_instead(lines)
        self._say_whole(self.view.selected_key())

    @Slot(object)
    def _say_whole(self, key: object) -> None:
        shown = (self.table.row_at(number) for number in range(self.table.rowCount()))
        self.whole.setText(next((line.said for line in shown if line.key == key), ""))

    def as_table(self) -> Table:
        """The lines in sight, in their order, for a file."""
        columns = (
            export.Column(tr("Line"), export.Kind.NUMBER, 8),
            export.Column(tr("Sign-in name"), width=16),
            export.Column(tr("Refused"), export.Kind.BOOLEAN, 10),
            export.Column(tr("What is done"), width=60),
        )
        shown = (self.table.row_at(number) for number in range(self.table.rowCount()))
        rows = tuple((line.line, line.user, line.bad, line.said) for line in shown)
        return Table(tr("People from a list"), columns, rows, self._people.names.zone)

    def _words(self, step: Step) -> str:
        names = self._people.names
        match step.command:
            case AddAccount(name=name, grants=grants):
                return tr("add {name}: {posts}", name=name, posts=posts_words(grants, names))
            case ChangeGrants(grants=grants):
                return tr("other posts: {posts}", posts=posts_words(grants, names))
            case _:
                return tr("other name, post or number")

    @Slot()
    def take(self) -> None:
        """Do what the list asks for; its good lines only."""
        if self._plan is None:
            self.read()
            return
        if self.work.running or not self._plan.steps:
            return
        path = Path(self.slips.text().strip()).expanduser()
        try:
            self.view.setFocus()  # the key that was pressed rests now, and would pass the focus on
            self.work.start(self._plan, path)
        except OSError as error:
            why = error.strerror or str(error)
            self.answer.setText(refusal("export.failed", file=path.name, why=why))

    @Slot()
    def _finished(self) -> None:
        self._plan = None
        self._show((), tuple(self.work.bad))
        self._say()
        self._people.refresh()

    @Slot()
    def _say(self) -> None:
        plan, work = self._plan, self.work
        adds = sum(step.adds for step in plan.steps) if plan is not None else 0
        if work.running:
            said = tr("{n} of {total} done …", n=work.done, total=work.total)
        elif plan is not None:
            said = tr(
                "{adds} to add, {changes} to change, {same} as listed already, {bad} refused",
                adds=adds,
                changes=len({step.user for step in plan.steps if not step.adds}),
                same=plan.same,
                bad=len(plan.bad),
            )
        elif work.total:
            said = tr(
                "{n} done, {bad} refused. One-time passwords: {file}",
                n=work.done,
                bad=len(work.bad),
                file=self.slips.text(),
            )
        else:
            said = tr("Columns: user, name, roles; if wanted post, job_number, phone.")
        self.said.setText(said)
        ready = plan is not None and bool(plan.steps) and not work.running
        self.go.setEnabled(ready or (plan is None and not work.running))
        self.go.set_words(tr("Take the list") if plan is not None else tr("Read the list"))
        empty = tr("Nothing to do.") if plan is not None or work.total else tr("No list read yet.")
        self._pane.show_condition("empty", empty)

    def speak(self) -> None:
        """The language or the scale is another."""
        px = self._theme.px
        self._whole.setContentsMargins(px(14), px(10), px(14), px(10))
        self._whole.setSpacing(px(8))
        self.title.setText(tr("People from a list"))
        self._labels[0].setText(tr("CSV file"))
        self._labels[1].setText(tr("File for the one-time passwords, for your eyes only"))
        self.file.setAccessibleName(tr("CSV file"))
        self.choose.set_words(tr("Choose …"))
        self.back.set_words(tr("Back"))
        self.table.columns = _columns()
        if self._plan is not None:
            self._show(self._plan.steps, self._plan.bad)
        self._say()


EXPECTED: dict[str, str] = {
    "user": mark("1 to 40 of a-z, 0-9, dot, hyphen, underscore, beginning with a letter or digit."),
    "name": mark("1 to 100 characters."),
    "post": mark("At most 60 characters."),
    "job_number": mark("At most 60 characters."),
    "phone": mark("A telephone number as text."),
    "roles": mark("At most 40 posts."),
}
"""What a column of a list holds, said where a cell is malformed."""


def _refused(bad: BadLine) -> str:
    """Which column is wrong, and what is expected there."""
    said = refusal(bad.code, **bad.detail)
    if bad.code == "account.malformed" and bad.column in EXPECTED:
        said = tr(EXPECTED[bad.column])
    return tr("Column {column}: {said}", column=bad.column, said=said) if bad.column else said


def _tone(line: Line) -> Tone:
    return "late" if line.bad else "text"


def _columns() -> tuple[Column[Line], ...]:
    return (
        Column(
            tr("Line"),
            lambda line: str(line.line),
            sort=lambda line: line.key,
            width=66,
            align="right",
            tone=lambda _: "muted",
        ),
        Column(tr("Sign-in name"), lambda line: line.user, width=110, tone=_tone),
        Column(tr("What is done"), lambda line: line.said, width=0, least=160, tone=_tone),
    )
