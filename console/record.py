"""A case's record in words: one line a step, as timeline, record, sheet and file show it."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from casework.replies import HistoryRow
from casework.terms import Application, CentreId, ClosingKind, Role, State
from console.names import Names
from console.vocabulary import APPLICATIONS, CLOSINGS, ROLES, STATES, STEPS
from console.wording import mark, tr

_ANSWERS = {
    ("ReportVerified", True): mark("confirmed"),
    ("ReportVerified", False): mark("not confirmed"),
    ("CaseChecked", True): mark("passed"),
    ("CaseChecked", False): mark("not passed"),
}

_INTO = frozenset({"CaseReopened", "CaseSentBack", "StepTakenBack"})
"""Steps that may lead into several links."""
_TAKES = frozenset({"ClaimTakenOver"})
"""Steps whose colleague is who had the case, not who got it."""


class Line(NamedTuple):
    """One step. `received`, `used` and `left` are of the link that the step left, None and ""
    for what moves nothing; `late_by` is None in time."""

    at: datetime
    act: str
    person: str
    post: str
    unit: str
    to: str
    left: str
    received: datetime | None
    used: timedelta | None
    late_by: timedelta | None
    reason: str
    opinion: str
    taken_from: str = ""
    """Who had the case until it was taken over."""

    @property
    def said(self) -> str:
        """Reason and opinion, whole."""
        return " ".join(filter(None, (self.reason, self.opinion)))

    @property
    def parties(self) -> str:
        """Person, post and unit, and to whom it went or from whom it was taken."""
        here = " ".join(filter(None, (self.who, self.unit)))
        if self.taken_from:
            return f"{here} ← {self.taken_from}"
        return " → ".join(filter(None, (here, self.to)))

    @property
    def who(self) -> str:
        """Person and post, the post once where the name says it already."""
        return self.person if self.post in self.person else f"{self.person} {self.post}"


def lines(history: Iterable[HistoryRow], names: Names) -> tuple[Line, ...]:
    """The whole record in the language in use, opinion by opinion."""
    return tuple(_line(row, names) for row in history)


def _line(row: HistoryRow, names: Names) -> Line:
    centres = [names.centre(CentreId(each)) for each in row.centres]
    unit = " ".join(filter(None, (names.unit(row.unit), *centres[:-1])))
    taken = row.colleague if row.type in _TAKES else ""
    given = "" if taken else row.colleague
    others = [names.unit(each) for each in row.units if each != row.unit]
    return Line(
        at=row.at,
        act=_act(row, names),
        person=_person(row),
        post=row.post if row.imported else tr(ROLES[row.role]),
        unit=unit,
        to=tr(", ").join(filter(None, (*others, row.inspector, given, *centres[-1:]))),
        left=tr(STATES[row.left]) if row.left is not None else "",
        received=row.received,
        used=_used(row),
        late_by=timedelta(seconds=row.late_seconds) if row.late else None,
        reason=names.reason_of(row.reason),
        opinion=row.opinion,
        taken_from=taken,
    )


def _person(row: HistoryRow) -> str:
    """By name; what fell due by itself nobody did."""
    if row.imported:
        return row.name
    return tr(ROLES[row.role]) if row.role is Role.SYSTEM else row.name or row.actor


def _used(row: HistoryRow) -> timedelta | None:
    """Time that the link took by its own clock. A suspension has none: it lasted as long as it
    did."""
    if row.left is None:
        return None
    if row.left is State.SUSPENDED and row.received is not None:
        return row.at - row.received
    return timedelta(seconds=row.used_seconds)


def _act(row: HistoryRow, names: Names) -> str:
    """What was done, and what of it the name of the act does not tell."""
    if row.imported:
        return tr("{act} (imported)", act=row.act)
    said = _answer(row, names)
    return tr("{act}: {answer}", act=_step(row), answer=said) if said else _step(row)


def _step(row: HistoryRow) -> str:
    if row.closing not in (None, ClosingKind.NORMAL):
        return tr(CLOSINGS[row.closing])
    if row.back:
        return tr("Passed back")
    return tr(STEPS[row.type]) if row.type in STEPS else row.type


def _answer(row: HistoryRow, names: Names) -> str:
    """The answer of a verification or a check; into which link the case went where the act leaves
    that open; the leader who urges or agreed; what is applied for and, of a suspension, until
    when."""
    answer = _ANSWERS.get((row.type, bool(row.passed))) if row.passed is not None else None
    if answer is not None:
        return tr(answer)
    if row.type in _INTO and row.state is not None:
        return tr(STATES[row.state])
    end = applied_for(row.application, row.until, names)
    return " · ".join(filter(None, (end, row.leader)))


def applied_for(kind: Application | None, until: datetime | None, names: Names) -> str:
    """What is asked; of a suspension until when, by the city's wall clock. "" for nothing."""
    asked = tr(APPLICATIONS[kind]) if kind is not None else ""
    end = tr("until {at}", at=f"{names.local(until):%Y-%m-%d %H:%M}") if until is not None else ""
    return " ".join(filter(None, (asked, end)))
