"""What is known of the open case: its text, and its facts with what an act hangs on first."""

from datetime import datetime

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from casework.case import Case
from casework.counting import stands
from casework.decider import Personal
from casework.reporting import FIRST_REPORTER, receipt_number, spoken
from casework.rules.origins import basis_of_limit
from casework.terms import AT_THE_UNITS, DeadlineBasis, State, Urgency
from console.component_book import ComponentBook
from console.inspectors import Inspectors
from console.origins import origin
from console.panes.component_words import facts
from console.picture import Picture
from console.standing import STANDING, Named, standing_facts
from console.vocabulary import CLOSINGS, SOURCES, URGENCIES, limit, standing
from console.wording import mark, tr
from widgets.plain_label import PlainLabel
from widgets.theme import Theme

FACTS: tuple[tuple[str, str], ...] = (
    ("state", mark("State")),
    ("opened", mark("Reported on")),
    ("ended", mark("Ended on")),
    ("first_ended", mark("First ended")),
    *(each for each in STANDING if each[0] != "centre"),
    ("due", mark("Case due")),
    ("limit", mark("Limit")),
    ("unit", mark("Unit")),
    ("closing", mark("Closed when")),
    ("contact", mark("Contact")),
    ("reply", mark("Reply")),
    ("big_class", mark("Big class")),
    *(each for each in STANDING if each[0] == "centre"),
    ("component", mark("Register")),
    ("keepers", mark("Owner")),
    ("source", mark("Source")),
    ("grid", mark("Grid")),
    ("receipt", mark("Receipt no.")),
    ("reference", mark("Reference")),
)
"""The first are those that an act hangs on: they are in sight in the smallest window."""
TOWARDS_CLOSING = frozenset({State.FEEDBACK, State.CHECKING, State.PENDING_CLOSE})


class CaseFacts(QWidget):
    """A part of the case's pane; a fact that there is not has no row."""

    def __init__(
        self, picture: Picture, book: ComponentBook, inspectors: Inspectors, theme: Theme
    ) -> None:
        super().__init__()
        self._picture, self._book, self._inspectors = picture, book, inspectors
        self._theme = theme
        self.story = PlainLabel(wrap=True, selectable=True)
        self._labels = {key: PlainLabel(tone="muted", size="label") for key, _ in FACTS}
        self.values = {key: PlainLabel(wrap=True) for key, _ in FACTS}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.story)
        self._rows = QGridLayout()
        self._rows.setColumnStretch(1, 1)
        for number, (key, _) in enumerate(FACTS):
            label = self._labels[key]
            label.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
            self._rows.addWidget(label, number, 0, Qt.AlignmentFlag.AlignTop)
            self._rows.addWidget(self.values[key], number, 1)
        column.addLayout(self._rows)
        column.addStretch(1)
        theme.changed.connect(self.speak)
        self.speak()

    def show_case(self, case: Case, texts: Personal | None, instead: str) -> None:
        """Show this case; while its texts are not here, say `instead` why."""
        told = (texts.text or tr("No description was given.")) if texts is not None else instead
        self.story.setText(told)
        for key, value in self._facts_of(case, texts or Personal()).items():
            self.values[key].setText(value)
            self.values[key].setVisible(bool(value))
            self._labels[key].setVisible(bool(value))

    def show_none(self) -> None:
        """No case is open."""
        self.story.setText("")
        for part in (*self.values.values(), *self._labels.values()):
            part.hide()

    def say_standing(self, case: Case) -> None:
        """A name came, or time passed: how an order stands, or who has the case, is another now."""
        said = self._standing_facts(case)
        for key in ("order", "held"):
            self.values[key].setText(said[key])

    def _facts_of(self, case: Case, texts: Personal) -> dict[str, str]:
        names = self._picture.names(case.id)
        units = [names.unit(a.unit) for a in case.assignments if a.state != "returned"]
        rework = tr(" · rework {n}", n=case.rework) if case.rework else ""
        shirked = tr(" · shirked {n}", n=case.shirked) if case.shirked else ""
        pressing = f" · {tr(URGENCIES[case.urgency])}" if case.urgency is not Urgency.NORMAL else ""
        contact = " ".join(filter(None, (texts.name, texts.phone)))
        return {
            "state": standing(case.state, case.closing) + pressing + rework + shirked,
            "opened": self._moment(case, case.opened_at) if case.imported_at else "",
            "ended": self._moment(case, case.ended_at),
            "first_ended": self._first_ended(case),
            **self._standing_facts(case),
            **self._class_facts(case),
            "due": self._deadline(case),
            "limit": self._limit(case) if case.filed_by is not None else "",
            "source": tr(SOURCES[case.source]),
            **self._component_facts(case),
            "grid": case.grid or "",
            "unit": tr(", ").join(units) if units else "",
            "contact": contact,
            "reply": tr("The reporter wants a reply.") if case.wants_reply else "",
            "receipt": spoken(receipt_number(case.id, FIRST_REPORTER)),
            "reference": case.reference,
        }

    def _moment(self, case: Case, at: datetime | None) -> str:
        """An instant of the case: its record tells no report and no end of an earlier system."""
        now = self._picture.now(case.id)
        return self._picture.names(case.id).moment(at, now) if at is not None else ""

    def _first_ended(self, case: Case) -> str:
        """When a case that was reopened had ended before, and how if it was closed."""
        if case.first_ended_at is None:
            return ""
        at = f"{self._picture.names(case.id).local(case.first_ended_at):%m-%d %H:%M}"
        closed = tr(CLOSINGS[case.first_closing]) if case.first_closing is not None else ""
        return " · ".join(filter(None, (at, closed)))

    def _standing_facts(self, case: Case) -> dict[str, str]:
        """Who has it in hand, what is applied for, how far an order has come."""
        rules, names = self._picture.site_of(case.id).rules, self._picture.names(case.id)
        claim, now = case.claim, self._picture.seen_now(case.id)
        held = self._picture.staff.in_full(claim.user, case.id) if claim is not None else ""
        inspector = self._inspectors.name(case.inspector, case.id)
        return standing_facts(case, now, rules, names, Named(held, inspector))

    def _component_facts(self, case: Case) -> dict[str, str]:
        """部件 that the case is about, as the register has it now; its id until that is here."""
        if case.component is None:
            return facts(None, self._picture.names())
        found = self._book.component(case.component)
        if found is None:
            return {"component": case.component, "keepers": ""}
        return facts(found, self._picture.names(case.id))

    def _class_facts(self, case: Case) -> dict[str, str]:
        """大類 (the small class is the title); 結案條件 from the feedback on."""
        of, names = self._picture.case_class(case), self._picture.names(case.id)
        if of is None:
            return {"big_class": "", "closing": ""}
        filed = [names.closing(each) for each in of.conditions if each.id == case.condition]
        closing = "".join(filed) if case.state in TOWARDS_CLOSING else ""
        return {"big_class": names.big_class(of), "closing": closing}

    def _limit(self, case: Case) -> str:
        """The limit, and what it rests on."""
        of = self._picture.case_class(case)
        conditions = of.conditions if of is not None else ()
        filed = next((each for each in conditions if each.id == case.condition), None)
        rests_on = origin(basis_of_limit(filed, case.limit))
        return " · ".join(filter(None, (limit(case.limit), rests_on)))

    def _deadline(self, case: Case) -> str:
        if case.due is None:
            return tr("no fixed limit") if case.assignments else ""
        if case.state in AT_THE_UNITS and stands(case):
            return tr("clock stands")
        names = self._picture.names(case.id)
        text = f"{names.local(case.due):%m-%d %H:%M}"
        if case.due_basis is DeadlineBasis.RECORD:
            return tr("{at} (carried by the record)", at=text)
        return tr("{at} (provisional)", at=text) if case.due_provisional else text

    @Slot()
    def speak(self) -> None:
        """The language or the scale is another."""
        px = self._theme.px
        self._rows.setHorizontalSpacing(px(10))
        self._rows.setVerticalSpacing(px(2))
        self._rows.setContentsMargins(0, px(6), 0, 0)
        for key, english in FACTS:
            self._labels[key].setText(tr(english))
