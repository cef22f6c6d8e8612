"""Below: what is this case, and what do I do. Facts left, acts in the middle, history right."""

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from casework.case import Case
from casework.decider import Personal
from casework.reporting import FIRST_REPORTER, receipt_number, spoken
from casework.rules.register import Component
from casework.terms import CaseId, DeadlineBasis, State, Urgency
from casework.wire import CaseDetail, HistoryRow
from console.album import Album
from console.clocks import link_clock, span
from console.component_book import ComponentBook
from console.dossier import Dossier, case_table
from console.export.table import Table
from console.inspectors import Inspectors
from console.panes.acts import ActsPane
from console.panes.batch_acts import BatchActsPane
from console.panes.component_words import facts
from console.panes.photos import PhotosPane
from console.picture import Ask, Change, Opened, Picture
from console.record import Line, lines
from console.selection import Selection
from console.standing import STANDING, standing_facts
from console.wording import SOURCES, STATES, URGENCIES, limit, mark, refusal, tr
from widgets.pane_notice import PaneNotice
from widgets.plain_label import PlainLabel
from widgets.scrolled import scrolled
from widgets.theme import Theme
from widgets.timeline import Step, Timeline

SECOND_MS = 1_000
FACTS: tuple[tuple[str, str], ...] = (
    ("state", mark("State")),
    *STANDING,
    ("class", mark("Class")),
    ("closing", mark("Closed when")),
    ("due", mark("Case due")),
    ("limit", mark("Limit")),
    ("source", mark("Source")),
    ("component", mark("Register")),
    ("keepers", mark("Owner")),
    ("grid", mark("Grid")),
    ("unit", mark("Unit")),
    ("contact", mark("Contact")),
    ("reply", mark("Reply")),
    ("receipt", mark("Receipt no.")),
    ("reference", mark("Reference")),
)
TOWARDS_CLOSING = frozenset({State.FEEDBACK, State.CHECKING, State.PENDING_CLOSE})


class DetailPane(QFrame):
    """The selected case. Texts and history are fetched when it is opened and when it changes."""

    typing = Signal()
    shown = Signal()
    """What is known of the open case is shown, or no case is."""

    def __init__(
        self,
        picture: Picture,
        selection: Selection,
        ask: Ask,
        theme: Theme,
        *,
        album: Album | None = None,
        book: ComponentBook | None = None,
        inspectors: Inspectors | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("pane", "true")
        self._picture, self._selection, self._theme = picture, selection, theme
        self._detail: CaseDetail | None = None
        self._texts = ""
        self._inspectors = inspectors or Inspectors(picture, self)
        self._inspectors.changed.connect(self._say_standing)
        self.acts = ActsPane(picture, ask, theme, inspectors=self._inspectors)
        self._batch: BatchActsPane | None = None
        self.photos = PhotosPane(picture, album or Album(picture, ask), theme)
        self.timeline = Timeline(theme)
        self._build()
        self._book = book or ComponentBook(picture)
        self._book.known.connect(self._component_came)
        selection.moved.connect(self.look_again)
        picture.changed.connect(self._changed)
        picture.opened.connect(self._opened)
        picture.sites_changed.connect(self._reopen)
        theme.changed.connect(self._restyle)
        self._restyle()
        self.look_again()

    def _build(self) -> None:
        self._number = PlainLabel(size="heading")
        self._name = PlainLabel(size="heading")
        self._where = PlainLabel(tone="muted")
        self._clock = PlainLabel()
        fixed = QSizePolicy.Policy.Fixed
        for label in (self._number, self._clock):
            label.setSizePolicy(fixed, fixed)  # a long name or place gives way first
        self._head = QHBoxLayout()
        self._where.setSizePolicy(QSizePolicy.Policy.Ignored, fixed)
        self._head.addWidget(self._number)
        self._head.addWidget(self._name)
        self._head.addWidget(self._where, 1)
        self._head.addWidget(self._clock)
        self._story = PlainLabel(wrap=True, selectable=True)
        self._labels = {key: PlainLabel(tone="muted", size="label") for key, _ in FACTS}
        self._values = {key: PlainLabel(wrap=True) for key, _ in FACTS}
        self._facts = self._facts_column()
        self._columns = QHBoxLayout()
        self._columns.addWidget(self._facts, 8)
        self._acts_place = QStackedWidget()
        self._acts_place.addWidget(scrolled(self.acts))
        self._columns.addWidget(self._acts_place, 14)
        self._columns.addWidget(self.timeline, 8)
        self._case_view = QWidget()
        self._body = QVBoxLayout(self._case_view)
        self._body.addLayout(self._head)
        self._body.addLayout(self._columns, 1)
        self._empty = PaneNotice(self._theme)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._case_view)
        self._stack.addWidget(self._empty)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(1, 1, 1, 1)
        whole.addWidget(self._stack)
        self.acts.typing.connect(self.typing)
        self._second = QTimer(self, interval=SECOND_MS)
        self._second.timeout.connect(self._count_down)
        self._second.start()
        for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            enter = QShortcut(key, self)
            enter.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            enter.activated.connect(self.do_suggested)

    def _facts_column(self) -> QScrollArea:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._story)
        column.addWidget(self.photos)
        self._rows = QGridLayout()
        self._rows.setColumnStretch(1, 1)
        for number, (key, _) in enumerate(FACTS):
            self._rows.addWidget(self._labels[key], number, 0, Qt.AlignmentFlag.AlignTop)
            self._rows.addWidget(self._values[key], number, 1)
        column.addLayout(self._rows)
        column.addStretch(1)
        return scrolled(inside)

    # --- the acts of one case, or of a set ------------------------------------------------------

    def act_on_sets(self, acts: BatchActsPane) -> None:
        """These take the acts' place while several cases are selected."""
        self._batch = acts
        self._acts_place.addWidget(scrolled(acts))
        self._selection.marked.connect(self._choose_acts)

    @Slot()
    def do_suggested(self) -> None:
        """Enter: the suggested act, of the set if there is one."""
        if self._batch is not None and self._selection.batch:
            self._batch.do_suggested()
        else:
            self.acts.do_suggested()

    @Slot()
    def focus_acts(self) -> None:
        """Go to the acts: the opinion of one case, the first key of a set."""
        if self._batch is not None and self._selection.batch:
            self._batch.focus_first()
        else:
            self.acts.opinion.setFocus()

    @Slot()
    def _choose_acts(self) -> None:
        self._acts_place.setCurrentIndex(int(bool(self._selection.batch)))
        if self._case() is None:
            self.look_again()

    # --- which case -----------------------------------------------------------------------------

    @Slot()
    def look_again(self) -> None:
        """Show the selected case, and ask for its texts when they are not those of now."""
        case_id = self._selection.case
        case = self._case()
        if case is None:
            self._say_empty(case_id)
            self.acts.show_case(None)
            self.photos.show_photos(None, ())
            return
        self._stack.setCurrentWidget(self._case_view)
        if self._detail is None or self._detail.case.id != case.id:
            self._detail, self._texts = None, tr("Fetching the text …")
        if self._detail is None or self._detail.case.version < case.version:
            self._picture.open(case.id)
            if case.component is not None:
                self._book.look_up(case.component, case.id)
        self._show(case)
        self.acts.show_case(case)

    def dossier(self) -> Dossier | None:
        """The open case as a whole, None until its texts and history are here."""
        case, detail = self._case(), self._detail
        if case is None or detail is None or detail.case.id != case.id:
            return None
        of, names = self._picture.case_class(case), self._picture.names(case.id)
        return Dossier(case, detail.texts, detail.history, of, names)

    def as_table(self) -> Table | None:
        """The open case: its facts and its record."""
        dossier = self.dossier()
        return case_table(dossier) if dossier is not None else None

    def speak(self) -> None:
        """The language is another."""
        self.acts.speak()
        self.photos.speak()
        self._restyle()
        self.look_again()

    @Slot(object)
    def _component_came(self, component: Component) -> None:
        case = self._case()
        if case is not None and case.component == component.id:
            self._show(case)

    def _case(self) -> Case | None:
        """The case as replicated; one that was looked up as it was last opened."""
        return self._picture.known(self._selection.case)

    def _say_empty(self, case: CaseId | None) -> None:
        if self._selection.batch:
            self._say_none()
            return
        if case is not None:
            self._empty.say("empty", tr("Case {n} is no longer in your sight.", n=case))
        elif self._picture.has_cases:
            self._empty.say("empty", tr("Choose a case above or on the map."))
        else:
            self._empty.say("loading", tr("The chosen case will stand here."))
        self._stack.setCurrentWidget(self._empty)
        self.shown.emit()

    def _say_none(self) -> None:
        """No case is open while several are selected: their acts stand here alone."""
        for label in (self._number, self._name, self._where, self._clock, self._story):
            label.setText("")
        for key, value in self._values.items():
            value.hide()
            self._labels[key].hide()
        self.timeline.show_steps([])
        self._stack.setCurrentWidget(self._case_view)
        self.shown.emit()

    @Slot(object)
    def _changed(self, change: Change) -> None:
        case = self._selection.case
        if case in change.gone or any(each.id == case for each in change.upserted):
            self.look_again()

    @Slot()
    def _reopen(self) -> None:
        if self._detail is None:
            self.look_again()

    @Slot(object)
    def _opened(self, opened: Opened) -> None:
        if opened.case != self._selection.case:
            return
        if opened.detail is not None:
            self._detail = opened.detail
        else:
            self._texts = tr("The text cannot be shown: {why}", why=refusal(opened.code))
        case = self._case()
        if case is not None:
            self._show(case)
            if self._picture.case(case.id) is None:
                self.acts.show_case(case)  # looked up: no change tells of it

    # --- what is shown ----------------------------------------------------------------------------

    def _show(self, case: Case) -> None:
        names = self._picture.names(case.id)
        several = len(self._picture.sites) > 1
        self._number.setText(case.id if several else case.id.partition("-")[2] or case.id)
        self._name.setText(names.case_class(case))
        texts = self._detail.texts if self._detail is not None else Personal()
        self._where.setText(" · ".join(filter(None, (names.place(case), texts.address))))
        told = texts.text or tr("No description was given.")
        self._story.setText(told if self._detail is not None else self._texts)
        for key, value in self._facts_of(case, texts).items():
            self._values[key].setText(value)
            self._values[key].setVisible(bool(value))
            self._labels[key].setVisible(bool(value))
        history = self._detail.history if self._detail is not None else ()
        self.timeline.show_steps(self._steps(case, history))
        self.photos.show_photos(case, self._detail.photos if self._detail is not None else ())
        self._count_down()
        self.shown.emit()

    def _facts_of(self, case: Case, texts: Personal) -> dict[str, str]:
        names = self._picture.names(case.id)
        units = [names.unit(a.unit) for a in case.assignments if a.state != "returned"]
        rework = tr(" · rework {n}", n=case.rework) if case.rework else ""
        pressing = f" · {tr(URGENCIES[case.urgency])}" if case.urgency is not Urgency.NORMAL else ""
        contact = " ".join(filter(None, (texts.name, texts.phone)))
        return {
            "state": tr(STATES[case.state]) + pressing + rework,
            **self._standing_facts(case),
            **self._class_facts(case),
            "due": self._deadline(case),
            "limit": limit(case.limit) if case.filed_by is not None else "",
            "source": tr(SOURCES[case.source]),
            **self._component_facts(case),
            "grid": case.grid or "",
            "unit": "、".join(units) if units else "",
            "contact": contact,
            "reply": tr("The reporter wants a reply.") if case.wants_reply else "",
            "receipt": spoken(receipt_number(case.id, FIRST_REPORTER)),
            "reference": case.reference,
        }

    def _standing_facts(self, case: Case) -> dict[str, str]:
        """Who has it in hand, what is applied for, how far an order has come."""
        rules, names = self._picture.site_of(case.id).rules, self._picture.names(case.id)
        inspector = self._inspectors.name(case.inspector)
        return standing_facts(case, self._picture.now(case.id), rules, names, inspector)

    @Slot()
    def _say_standing(self) -> None:
        """A name came, or time passed: how an order stands is another now."""
        case = self._case()
        if case is not None and case.order is not None:
            self._values["order"].setText(self._standing_facts(case)["order"])

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
            return {"class": "", "closing": ""}
        filed = [each.closing for each in of.conditions if each.id == case.condition]
        closing = "".join(filed) if case.state in TOWARDS_CLOSING else ""
        return {"class": names.big_class(of), "closing": closing}

    def _deadline(self, case: Case) -> str:
        if case.due is None:
            return tr("no fixed limit") if case.assignments else ""
        names = self._picture.names(case.id)
        text = f"{names.local(case.due):%m-%d %H:%M}"
        if case.due_basis is DeadlineBasis.RECORD:
            return tr("{at} (carried by the record)", at=text)
        return tr("{at} (provisional)", at=text) if case.due_provisional else text

    @Slot()
    def _count_down(self) -> None:
        case = self._case()
        if case is None:
            return
        self._say_standing()
        clock = link_clock(case, self._picture.soon_percent(case.id))
        if clock is None:
            self._clock.setText("" if case.ended else tr("no clock"))
            self._clock.set_tone("muted")
            return
        now = self._picture.now(case.id)
        standing, left = clock.standing(now), clock.left(now)
        if standing == "late":
            self._clock.setText(tr("▲ late by {span}", span=span(left)))
            self._clock.set_tone("late")
        else:
            self._clock.setText(tr("{span} left in this link", span=span(left)))
            self._clock.set_tone("soon" if standing == "soon" else "muted")

    def _steps(self, case: Case, history: tuple[HistoryRow, ...]) -> list[Step]:
        names, now = self._picture.names(case.id), self._picture.now(case.id)
        found = lines(history, names)
        return [
            Step(
                time=names.moment(line.at, now),
                title=line.act,
                person=" → ".join(filter(None, (f"{line.who} {line.unit}".strip(), line.to))),
                opinion=line.said,
                used=_time_used(line),
                state="late" if line.late_by is not None else "done",
                is_now=number == len(found),
            )
            for number, line in enumerate(found, 1)
        ]

    @Slot()
    def _restyle(self) -> None:
        px = self._theme.px
        self._body.setContentsMargins(px(14), px(10), px(14), px(10))
        self._body.setSpacing(px(8))
        self._head.setSpacing(px(14))
        self._columns.setSpacing(px(18))
        self._rows.setHorizontalSpacing(px(10))
        self._rows.setVerticalSpacing(px(3))
        self._rows.setContentsMargins(0, px(8), 0, 0)
        for key, english in FACTS:
            self._labels[key].setText(tr(english))
        self.timeline.setAccessibleName(tr("Record"))


def _time_used(line: Line) -> str:
    """In which link, how long, and by how much too long."""
    if line.used is None:
        return ""
    used = f"{line.left} {span(int(line.used.total_seconds()))}"
    if line.late_by is None:
        return used
    late = tr("▲ late by {span}", span=span(int(line.late_by.total_seconds())))
    return f"{used} · {late}"
