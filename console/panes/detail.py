"""Below: what is this case, and what do I do. Facts left, acts in the middle, history right."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from casework.case import Case
from casework.counting import Counted, counting
from casework.replies import CaseDetail, HistoryRow
from casework.rules.register import Component
from casework.terms import CaseId
from console.album import Album
from console.clocks import link_clock, span
from console.component_book import ComponentBook
from console.dossier import Dossier, case_table
from console.export.table import Table
from console.inspectors import Inspectors
from console.panes.acts import ActsPane
from console.panes.batch_acts import BatchActsPane
from console.panes.case_facts import CaseFacts
from console.panes.photos import PhotosPane
from console.picture import Ask, Change, Opened, Picture
from console.record import Line, lines
from console.refusals import refusal
from console.selection import Selection
from console.vocabulary import LEFT
from console.wording import tr
from widgets.pane_notice import PaneNotice
from widgets.plain_label import PlainLabel
from widgets.scrolled import scrolled
from widgets.theme import Theme
from widgets.timeline import Step, Timeline

_FACTS, _ACTS, _PAST = 17, 34, 16
"""Shares of the width: two inspectors side by side among the acts of a window of 1366."""


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
        self._inspectors.changed.connect(self._count_down)
        self.acts = ActsPane(picture, ask, theme, inspectors=self._inspectors)
        self._batch: BatchActsPane | None = None
        self.photos = PhotosPane(picture, album or Album(picture, ask), theme)
        self.timeline = Timeline(theme)
        self._book = book or ComponentBook(picture)
        self.facts = CaseFacts(picture, self._book, self._inspectors, theme)
        self._build()
        self._book.known.connect(self._component_came)
        selection.moved.connect(self.look_again)
        picture.changed.connect(self._changed)
        picture.opened.connect(self._opened)
        picture.sites_changed.connect(self._reopen)
        picture.staff.changed.connect(self._count_down)
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
        self._columns = QHBoxLayout()
        self._columns.addWidget(scrolled(self.facts), _FACTS)
        self._columns.addWidget(self._acts_column(), _ACTS)
        self._columns.addLayout(self._past_column(), _PAST)
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
        self._picture.second_hand.struck.connect(self._count_down)
        for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            enter = QShortcut(key, self)
            enter.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            enter.activated.connect(self.do_suggested)

    def _acts_column(self) -> QStackedWidget:
        """What was answered stays in sight below the keys, however many there are."""
        of_one = QWidget()
        inside = QVBoxLayout(of_one)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(scrolled(self.acts), 1)
        inside.addWidget(self.acts.answer)
        self._acts_place = QStackedWidget()
        self._acts_place.addWidget(of_one)
        return self._acts_place

    def _past_column(self) -> QVBoxLayout:
        """What was seen and done so far."""
        self._past = QVBoxLayout()
        self._past.addWidget(self.photos)
        self._past.addWidget(self.timeline, 1)
        return self._past

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
            self.acts.fields.opinion.setFocus()

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
        pictures = self.photos.pictures()
        return Dossier(case, detail.texts, detail.history, of, names, detail.photos, pictures)

    def as_table(self) -> Table | None:
        """The open case: its facts and its record."""
        dossier = self.dossier()
        return case_table(dossier) if dossier is not None else None

    def speak(self) -> None:
        """The language is another."""
        self.acts.speak()
        self.photos.speak()
        self.facts.speak()
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
        for label in (self._number, self._name, self._where, self._clock):
            label.setText("")
        self.facts.show_none()
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
        self._number.setText(self._picture.number(case.id))
        self._name.setText(names.case_class(case))
        texts = self._detail.texts if self._detail is not None else None
        address = texts.address if texts is not None else ""
        self._where.setText(" · ".join(filter(None, (names.place(case), address))))
        self.facts.show_case(case, texts, self._texts)
        history = self._detail.history if self._detail is not None else ()
        self.timeline.show_steps(self._steps(case, history))
        self.photos.show_photos(case, self._detail.photos if self._detail is not None else ())
        self._count_down()
        self.shown.emit()

    @Slot()
    def _count_down(self) -> None:
        case = self._case()
        if case is None:
            return
        self.facts.say_standing(case)
        self.acts.pass_time()
        clock = link_clock(case, self._picture.soon_percent(case.id))
        if clock is None:
            self._clock.setText("" if case.ended else tr("no clock"))
            self._clock.set_tone("muted")
            return
        now = self._picture.seen_now(case.id)
        standing, left = clock.standing(now), clock.left(now)
        if standing == "late":
            self._clock.setText(tr("▲ late by {span}", span=span(left)))
            self._clock.set_tone("late")
        else:
            counted = counting(case)
            words = LEFT[counted.of if counted is not None else Counted.LINK]
            self._clock.setText(tr(words, span=span(left)))
            self._clock.set_tone("soon" if standing == "soon" else "muted")

    def _steps(self, case: Case, history: tuple[HistoryRow, ...]) -> list[Step]:
        names, now = self._picture.names(case.id), self._picture.now(case.id)
        found = lines(history, names)
        return [
            Step(
                time=names.moment(line.at, now),
                title=line.act,
                person=line.parties,
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
        self._body.setContentsMargins(px(14), px(6), px(14), px(8))
        self._body.setSpacing(px(5))
        self._head.setSpacing(px(14))
        self._columns.setSpacing(px(14))
        self._past.setSpacing(px(6))
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
