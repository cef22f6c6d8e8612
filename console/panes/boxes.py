"""Left: where work waits, as boxes with live counts."""

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime
from typing import Literal, NamedTuple

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from casework.case import Case
from casework.terms import Role, State, UserId
from console.clocks import standing
from console.export.table import Column, Kind, Table
from console.picture import Change, Picture
from console.tally import Counts, Tally
from console.vocabulary import STATES
from console.wording import mark, tr
from widgets.box_list import Box, BoxList
from widgets.plain_label import Tone
from widgets.theme import Theme

Group = Literal["links", "marked", "clocks", "ended"]


class BoxOf(NamedTuple):
    """One box: its English title and which cases lie in it. `states` are empty for a clock."""

    key: str
    title: str
    group: Group
    states: tuple[State, ...] = ()
    marked: Callable[[Case, UserId | None], bool] | None = None
    """Instead of states: what of a live case puts it here, for the person at the desk."""

    def holds(self, case: Case, now: datetime, soon_percent: int, me: UserId | None) -> bool:
        """Whether a case lies in the box at `now`."""
        if self.marked is not None:
            return not case.ended and self.marked(case, me)
        if self.states:
            return case.state in self.states
        return standing(case, now, soon_percent) == self.key


_LINKS = (
    State.REGISTERED,
    State.VERIFYING,
    State.PREFILED,
    State.FILED,
    State.DISPATCHED,
    State.HANDLING,
    State.SUSPENDED,
    State.FEEDBACK,
    State.CHECKING,
    State.PENDING_CLOSE,
)


def _mine(case: Case, me: UserId | None) -> bool:
    """我的: claimed by this person, or an order to them."""
    claimed = case.claim is not None and case.claim.user == me
    return me is not None and (claimed or case.inspector == me)


def _applied(case: Case, _me: UserId | None) -> bool:
    return case.application is not None


def _urged(case: Case, _me: UserId | None) -> bool:
    return case.urged > 0


BOXES: tuple[BoxOf, ...] = (
    *(BoxOf(state.value, STATES[state], "links", (state,)) for state in _LINKS),
    BoxOf("mine", mark("Mine"), "marked", marked=_mine),
    BoxOf("applied", mark("To approve"), "marked", marked=_applied),
    BoxOf("urged", mark("Under urge"), "marked", marked=_urged),
    BoxOf("soon", mark("Due soon"), "clocks"),
    BoxOf("late", mark("Overdue"), "clocks"),
    BoxOf("closed", mark("Closed, {n} h"), "ended", (State.CLOSED,)),
    BoxOf(
        "dropped",
        mark("Not filed, void"),
        "ended",
        (State.ANSWERED, State.NOT_FILED, State.CANCELLED),
    ),
)
_NEVER_A_UNITS = {"registered", "verifying", "prefiled", "filed", "dropped", "mine"}
"""A unit sees a case from its dispatch on: boxes before it, or of cases that never came to one,
would always be empty."""


def boxes_of(roles: Collection[Role]) -> tuple[BoxOf, ...]:
    """The boxes that can hold something for a person with these roles."""
    if set(roles) == {Role.UNIT}:
        return tuple(box for box in BOXES if box.key not in _NEVER_A_UNITS)
    return BOXES


BY_KEY = {box.key: box for box in BOXES}


class BoxesPane(QFrame):
    """Counts follow each change at once and the clock each second."""

    chosen = Signal(object)
    """Key of a box of `BOXES`."""
    counted = Signal(object)
    """`Counts`, each time they are shown."""

    def __init__(
        self,
        picture: Picture,
        theme: Theme,
        now: Callable[[], datetime],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("pane", "true")
        self._picture, self._now, self._theme = picture, now, theme
        self._tally = self._new_tally()
        self._rules = [site.rules for site in picture.sites]
        self.list = BoxList(theme, self)
        self.list.setAccessibleName(tr("Boxes"))
        self.list.chosen.connect(self.chosen)
        layout = QVBoxLayout(self)
        layout.addWidget(self.list, 1)
        self._under = QVBoxLayout()
        layout.addLayout(self._under)
        self._picture.second_hand.struck.connect(self.show_counts)
        picture.changed.connect(self._take)
        picture.sites_changed.connect(self._follow_rules)
        theme.changed.connect(self._restyle)
        self._restyle()
        self._tally.upsert(picture.cases())
        self.show_counts()

    @property
    def boxes(self) -> tuple[BoxOf, ...]:
        """What this person's desk shows."""
        welcomes = [site.welcome for site in self._picture.sites if site.welcome is not None]
        return boxes_of({grant.role for welcome in welcomes for grant in welcome.grants})

    def key_of(self, number: int) -> str:
        """Key of the box at this place, from 1; "" beyond the last."""
        boxes = self.boxes
        return boxes[number - 1].key if number <= len(boxes) else ""

    def _new_tally(self) -> Tally:
        return Tally(self._picture.soon_percent, self._marks)

    def _marks(self, case: Case) -> tuple[str, ...]:
        """Keys of the marked boxes that a case lies in."""
        me = self._picture.user(case.id)
        marked = (box for box in BOXES if box.marked is not None and not case.ended)
        return tuple(box.key for box in marked if box.marked and box.marked(case, me))

    def add(self, part: QWidget) -> None:
        """Put something under the boxes that also shows by itself how it stands."""
        self._under.addWidget(part)

    def choose(self, key: str) -> None:
        """Open a box."""
        self.list.choose(key)

    @Slot()
    def speak(self) -> None:
        """The language is another."""
        self.list.setAccessibleName(tr("Boxes"))
        self.show_counts()

    @Slot()
    def show_counts(self) -> None:
        """Count at this instant."""
        counts, hours = self._tally.counts(self._now()), self._picture.ended_hours()
        here = self.boxes
        boxes = [_shown(box, counts, here[at - 1 : at], hours) for at, box in enumerate(here)]
        if not self._picture.has_cases:
            boxes = [replace(box, count="–", tone="muted") for box in boxes]
        self.list.show_boxes(boxes)
        self.counted.emit(counts)

    def as_table(self) -> Table:
        """The boxes with their counts; a count that is not known stays empty."""
        columns = (Column(tr("Box"), width=24), Column(tr("Cases"), Kind.NUMBER, 12))
        rows = tuple((box.title, _number(box.count)) for box in self.list.boxes())
        return Table(tr("Boxes"), columns, rows, self._picture.names().zone)

    @Slot(object)
    def _take(self, change: Change) -> None:
        self._tally.drop(change.gone)
        self._tally.upsert(change.upserted)
        self.show_counts()

    @Slot()
    def _follow_rules(self) -> None:
        rules = [site.rules for site in self._picture.sites]
        if any(now is not before for now, before in zip(rules, self._rules, strict=True)):
            self._rules = rules
            self._tally = self._new_tally()
            self._tally.upsert(self._picture.cases())
        self.show_counts()

    @Slot()
    def _restyle(self) -> None:
        layout = self.layout()
        if layout is not None:
            layout.setContentsMargins(1, self._theme.px(8), 1, self._theme.px(8))
        close = self._theme.px(5)  # a count of two digits leaves the word beside it whole
        self._under.setContentsMargins(close, self._theme.px(4), close, 0)


def _number(count: str) -> int | None:
    digits = count.replace(",", "")
    return int(digits) if digits.isdigit() else None


def _shown(box: BoxOf, counts: Counts, above: tuple[BoxOf, ...], hours: int) -> Box:
    if box.marked is not None:
        count = counts.marks.get(box.key, 0)
    elif box.states:
        count = sum(counts.states.get(state, 0) for state in box.states)
    else:
        count = counts.late if box.key == "late" else counts.soon
    tone: Tone = "muted"
    if count and box.key == "late":
        tone = "late"
    elif count and box.key == "soon":
        tone = "soon"
    starts = bool(above) and above[0].group != box.group
    title = tr(box.title, n=hours)
    return Box(key=box.key, title=title, count=f"{count:,}", tone=tone, starts_group=starts)
