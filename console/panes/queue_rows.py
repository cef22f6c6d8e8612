"""What the queue shows of a case: its row, its columns, its order."""

from datetime import UTC, datetime
from typing import NamedTuple

from casework.case import Case
from casework.counting import stands, urgency_key
from casework.terms import (
    AT_THE_UNITS,
    BEFORE_DISPATCH,
    CENTRE_ROLES,
    CaseId,
    DeadlineBasis,
    State,
    Urgency,
)
from console.clocks import link_clock, span
from console.inspectors import Inspectors
from console.orders import in_short, out_on
from console.panes.boxes import BoxOf
from console.panes.queue_widths import LONGEST_CLASS, PADDING, Widths
from console.picture import Picture
from console.standing import holder
from console.vocabulary import APPLICATIONS, SOURCES, standing
from console.wording import mark, tr
from widgets.due_delegate import Due
from widgets.live_table import Column
from widgets.plain_label import Tone

_FAR = datetime.max.replace(tzinfo=UTC)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_AFTER_OPEN = 3


class Row(NamedTuple):
    """One case as the table shows it, its words made once."""

    case: Case
    number: str
    name: str
    place: str
    street: str
    source: str
    holder: str
    deadline: str
    deadline_reason: str
    unread: bool
    pending: bool

    def matches(self, wanted: str) -> bool:
        """Whether number (also an earlier system's), class, place or unit holds the text, in any
        case."""
        words = (self.case.id, self.case.reference, self.name, self.place, self.holder)
        return any(wanted in word.casefold() for word in words)


def row_order(row: Row) -> tuple[int, datetime, CaseId]:
    """Most urgent first; ended cases after all open ones, the latest first."""
    case = row.case
    if case.ended_at is not None:
        return _AFTER_OPEN, _EPOCH + (_FAR - case.ended_at), case.id
    return urgency_key(case)


DEADLINE = 1
"""The column of the case's own deadline: hidden where no limit has started yet."""
TITLES: tuple[tuple[str, str], ...] = (
    ("clock", mark("Time left")),
    ("deadline", mark("Case due")),
    ("number", mark("Case no.")),
    ("name", mark("Class")),
    ("place", mark("Place")),
    ("source", mark("Source")),
    ("holder", mark("Unit or state")),
)


PRESSING = {Urgency.URGENT: mark("! {name}"), Urgency.CRITICAL: mark("!! {name}")}
"""As short as can be: the class's name is the thing. The case below says the word."""


def _muted(_row: Row) -> Tone:
    return "muted"


def columns(widths: Widths, *, ended: bool = False) -> tuple[Column[Row], ...]:
    """The columns in the language in use; where the room is short, a place is its street. Of cases
    that have `ended` the first tells when."""
    title = {key: tr(english) for key, english in TITLES}
    if ended:
        title["clock"] = tr("Ended")
    clock: Column[Row] = Column(
        title["clock"], lambda row: row.number, sort=row_order, width=120, painter="due"
    )
    deadline: Column[Row] = Column(
        title["deadline"],
        lambda row: row.deadline,
        sort=lambda row: row.case.due,
        width=96,
        tooltip=lambda row: row.deadline_reason,
        tone=lambda row: "muted" if row.case.due is None else "text",
    )
    number: Column[Row] = Column(
        title["number"],
        lambda row: row.number,
        sort=lambda row: row.case.id,
        width=120,
        tooltip=lambda row: row.case.id,
        tone=_muted,
    )
    name: Column[Row] = Column(
        title["name"], lambda row: row.name, width=0, least=min(widths.name, LONGEST_CLASS)
    )
    place: Column[Row] = Column(
        title["place"],
        lambda row: row.place,
        width=0,
        least=widths.street + PADDING,
        grow=2,
        brief=lambda row: row.street,
        whole=widths.place,
    )
    source: Column[Row] = Column(
        title["source"], lambda row: row.source, width=84, gives_way=1, tone=_muted
    )
    holder: Column[Row] = Column(
        title["holder"], lambda row: row.holder, width=0, least=widths.unit + PADDING, grow=2
    )
    return clock, deadline, number, name, place, source, holder


class Rows:
    """Makes rows from cases, in the words of each case's own rule book."""

    def __init__(self, picture: Picture, inspectors: Inspectors) -> None:
        self._picture, self._inspectors = picture, inspectors

    def row(self, case: Case, box: BoxOf, *, unread: bool) -> Row:
        """A case as the table of a box shows it now."""
        names = self._picture.names(case.id)
        name = names.case_class(case)
        if case.urgency is not Urgency.NORMAL:
            name = tr(PRESSING[case.urgency], name=name)
        if case.urged:
            name = tr("urged · {name}", name=name)
        due, reason = self._deadline(case)
        return Row(
            case=case,
            number=self._picture.number(case.id),
            name=name,
            place=names.place(case),
            street=names.area(case.street) or names.place(case),
            source=tr(SOURCES[case.source]),
            holder=self._holder(case, several_states=len(box.states) != 1),
            deadline=due,
            deadline_reason=reason,
            unread=unread,
            pending=bool(self._picture.pending(case.id)),
        )

    def _holder(self, case: Case, *, several_states: bool) -> str:
        """How an order stands that is out; what a unit applies for; else the unit; before a
        dispatch the one that the rule book suggests, so marked, or another centre that has it."""
        names = self._picture.names(case.id)
        order = out_on(case, self._picture.site_of(case.id).rules, self._picture.now(case.id))
        if order is not None:
            return in_short(order, self._inspectors.name(case.inspector, case.id))
        asking = case.application
        if asking is not None and asking.waiting is not None:
            asked = tr(APPLICATIONS[asking.waiting.kind])
            return f"{tr('Applies for')} {asked} · {names.unit(asking.unit)}"
        unit = names.unit(case.lead)
        away = self._other_centre(case)
        if case.state in BEFORE_DISPATCH and away:
            unit = away
        elif case.state in BEFORE_DISPATCH:
            lead = self._picture.responsible(case).lead
            unit = f"→ {names.unit(lead)}" if lead else tr("→ to be chosen")
        rules = self._picture.site_of(case.id).rules
        name = self._picture.staff.name(case.claim.user, case.id) if case.claim else ""
        held = holder(case, name, self._picture.now(case.id), rules)
        said = [tr("✎ {user}", user=held) if held else ""]
        if several_states:
            said.append(standing(case.state, case.closing))
        return " · ".join(filter(None, (*said, unit))) or "–"

    def _other_centre(self, case: Case) -> str:
        """The centre that has the case, where this person may act for others only."""
        actor = self._picture.site_of(case.id).actor
        held = actor.grants if actor is not None else ()
        own = {grant.centre for grant in held if grant.role in CENTRE_ROLES}
        if not own or None in own or case.centre in own:
            return ""
        return self._picture.names(case.id).centre(case.centre)

    def _deadline(self, case: Case) -> tuple[str, str]:
        if case.due is None:
            return _no_deadline(case)
        if case.state in AT_THE_UNITS and stands(case):
            return tr("clock stands"), tr("It goes on with what is left of it.")
        names = self._picture.names(case.id)
        text = names.moment(case.due, self._picture.now(case.id))
        if case.due_basis is DeadlineBasis.RECORD:
            return f"{text} *", tr("* deadline carried by the record")
        if case.due_provisional:
            return f"{text} ~", tr("~ provisional: the calendar ends before this day")
        return text, ""

    def due(self, row: Row, _: object) -> Due:
        """The present link's clock as the delegate paints it."""
        case = row.case
        now = self._picture.seen_now(case.id)
        clock = link_clock(case, self._picture.soon_percent(case.id))
        if clock is None:
            if case.ended_at is not None:
                names = self._picture.names(case.id)
                return Due("done", 0, 0, names.moment(case.ended_at, now))
            return Due("none", 0, 0, tr("no clock"))
        left = clock.left(now)
        standing = clock.standing(now)
        text = tr("late {span}", span=span(left)) if standing == "late" else span(left)
        return Due(standing, left, clock.share(now), text)


def _no_deadline(case: Case) -> tuple[str, str]:
    if case.state in BEFORE_DISPATCH:
        return "–", tr("The limit starts later.")
    if case.due_basis is DeadlineBasis.NONE and case.state is not State.NOT_FILED:
        return tr("open"), tr("No fixed limit: as the case requires.")
    return "–", ""
