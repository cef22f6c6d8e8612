"""回執號: the number of the case just recorded, large enough to read out, until the next report.

While nothing has been recorded, the keys of the form stand here. Likely repeats of what is being
typed will share this column.
"""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from casework.reporting import FIRST_REPORTER, receipt_number, spoken
from casework.terms import CaseId
from console.wording import mark, tr
from widgets.key_button import KeyButton
from widgets.plain_label import PlainLabel
from widgets.theme import Theme

KEYS: tuple[tuple[str, str], ...] = (
    ("↑ ↓ Enter", mark("choose what is offered below a field")),
    ("Tab / Enter", mark("next field")),
    ("Ctrl+Enter", mark("record the case")),
    ("Ctrl+Space / F9", mark("sentences for the report's text")),
    ("Ctrl+N", mark("another call comes in: begin a second report")),
    ("Esc", mark("back to the cases; nothing is lost")),
)
OPEN_KEY = "Ctrl+O"


class ReceiptPanel(QWidget):
    """The last case of this form. It decides nothing; `opened` asks to show the case."""

    opened = Signal(object)
    """`CaseId`."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.case: CaseId | None = None
        self._said = ""
        self._title = PlainLabel(size="strong")
        self.number = PlainLabel(size="display", selectable=True, tone="done")
        self._what = PlainLabel(wrap=True)
        self._case = PlainLabel(tone="muted", selectable=True)
        self.open = KeyButton("", OPEN_KEY, theme, bind=False)
        self.open.clicked.connect(self.open_case)
        self._extra = QVBoxLayout()
        self._others: list[QWidget] = []
        self._keys_title = PlainLabel(size="strong")
        self._keys = QGridLayout()
        self._hints = [self._hint(row) for row in range(len(KEYS))]
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        for part in (self._title, self.number, self._what, self._case, self.open):
            self._layout.addWidget(part)
        self._layout.addLayout(self._extra)
        self._layout.addWidget(self._keys_title)
        self._layout.addLayout(self._keys)
        self._layout.addStretch(1)
        self.speak()

    def _hint(self, row: int) -> tuple[PlainLabel, PlainLabel]:
        hint = PlainLabel(tone="muted", size="label"), PlainLabel(size="label", wrap=True)
        for column, part in enumerate(hint):
            self._keys.addWidget(part, row, column, Qt.AlignmentFlag.AlignTop)
        self._keys.setColumnStretch(1, 1)
        return hint

    @property
    def has_more(self) -> bool:
        """Whether anything but the keys stands here."""
        return self.case is not None or any(not each.isHidden() for each in self._others)

    def add(self, widget: QWidget) -> None:
        """Put something else that helps during a call between the number and the keys."""
        self._others.append(widget)
        self._extra.addWidget(widget)

    def show_keys(self, shown: bool) -> None:
        """Show the keys of the form, or leave their room to the rest."""
        for part in (self._keys_title, *(part for hint in self._hints for part in hint)):
            part.setVisible(shown)

    def show_case(self, case: CaseId, number: str, what: str) -> None:
        """A case was recorded: its number as people say it, its class and place in a line."""
        self.case, self._said = case, number
        self._what.setText(what)
        self.speak()

    def clear(self) -> None:
        """The next report begins: the number has been read out."""
        self.case = None
        self.speak()

    @Slot()
    def open_case(self) -> None:
        """Show the case, if there is one."""
        if self.case is not None:
            self.opened.emit(self.case)

    @Slot()
    def speak(self) -> None:
        """The language or the scale is another."""
        px, case = self._theme.px, self.case
        self._layout.setSpacing(px(8))
        self._keys.setHorizontalSpacing(px(12))
        self._keys.setVerticalSpacing(px(4))
        self._title.setText(tr("Receipt number"))
        self._keys_title.setText(tr("Keys of this form"))
        for part in (self._title, self.number, self._what, self._case, self.open):
            part.setVisible(case is not None)
        if case is not None:
            self.number.setText(spoken(receipt_number(case, FIRST_REPORTER)))
            self._case.setText(tr("Case {n}", n=self._said))
        self.open.set_words(tr("Open the case"))
        for (key, words), (shown, english) in zip(self._hints, KEYS, strict=True):
            key.setText(shown)
            words.setText(tr(english))
