"""An opened case as a whole: its facts and its record, typed, for files and for paper.

It holds what the screen may show and no more: a reporter's name and number are as masked as there.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from PySide6.QtGui import QImage

from casework.case import Assignment, Case
from casework.counting import counting
from casework.decider import Personal
from casework.replies import HistoryRow, PhotoRow
from casework.reporting import receipt_number
from casework.rules.origins import basis_of_limit
from casework.scheme import CaseClass
from casework.terms import AssignmentState, ClosingKind, DeadlineBasis
from console.export.table import Column, Fact, Kind, Table, Value
from console.names import Names
from console.origins import whole_origin
from console.record import Line, lines
from console.vocabulary import (
    ASSIGNMENTS,
    CLOSINGS,
    HANDLINGS,
    KINDS,
    SOURCES,
    STATES,
    URGENCIES,
    limit,
)
from console.wording import tr

_E7 = 10_000_000


class Dossier(NamedTuple):
    """案卷 with its texts and history; `of` is its class where the rule book knows it, `pictures`
    the small ones of its photos that are here, by the photo's number."""

    case: Case
    texts: Personal
    history: tuple[HistoryRow, ...]
    of: CaseClass | None
    names: Names
    photos: tuple[PhotoRow, ...] = ()
    pictures: Mapping[int, QImage] = {}

    @property
    def record(self) -> tuple[Line, ...]:
        """Every step in words."""
        return lines(self.history, self.names)

    @property
    def receipt(self) -> str:
        """回執號 of the first reporter."""
        return receipt_number(self.case.id, 1)

    @property
    def place(self) -> str:
        """District, street and address."""
        return " · ".join(filter(None, (self.names.place(self.case), self.texts.address)))

    @property
    def position(self) -> str:
        """Latitude, longitude in degrees (WGS-84), "" where the case has none."""
        point = self.case.point
        return f"{point.lat / _E7:.6f}, {point.lon / _E7:.6f}" if point is not None else ""

    @property
    def condition(self) -> str:
        """立案條件 in words."""
        return self._condition(closing=False)

    @property
    def closing(self) -> str:
        """結案條件 of the filing condition."""
        return self._condition(closing=True)

    def _condition(self, *, closing: bool) -> str:
        for each in self.of.conditions if self.of is not None else ():
            if each.id == self.case.condition:
                return self.names.closing(each) if closing else self.names.condition(each)
        return ""

    @property
    def limit(self) -> str:
        """時限, once filed."""
        return limit(self.case.limit) if self.case.filed_by is not None else ""

    @property
    def limit_rests_on(self) -> str:
        """Where the limit comes from, with what the city's data say of it."""
        conditions = self.of.conditions if self.of is not None else ()
        filed = next((each for each in conditions if each.id == self.case.condition), None)
        return whole_origin(basis_of_limit(filed, self.case.limit))

    @property
    def about_due(self) -> str:
        """Where the deadline comes from, where that is not plain."""
        if self.case.due is None:
            return tr("no fixed limit") if self.case.assignments else ""
        if self.case.due_basis is DeadlineBasis.RECORD:
            return tr("deadline carried by the record")
        return tr("provisional: the calendar ends before this day") * self.case.due_provisional

    @property
    def units(self) -> tuple[Assignment, ...]:
        """The lead first; who gave the case back last."""
        back = AssignmentState.RETURNED
        return tuple(sorted(self.case.assignments, key=lambda a: (a.state is back, not a.lead)))


def facts(of: Dossier) -> tuple[Fact, ...]:
    """Everything known of the case but its record; what is unknown is left out."""
    every = (*_identity(of), *_where(of), *_clocks(of))
    return tuple(fact for fact in every if fact.value not in (None, ""))


def _identity(of: Dossier) -> Iterator[Fact]:
    case, names, class_ = of.case, of.names, of.of
    yield Fact(tr("Case no."), case.id)
    yield Fact(tr("Receipt no."), of.receipt)
    yield Fact(tr("Reference"), case.reference)
    yield Fact(tr("State"), tr(STATES[case.state]))
    yield Fact(tr("Urgency"), tr(URGENCIES[case.urgency]))
    yield Fact(tr("Source"), tr(SOURCES[case.source]))
    yield Fact(tr("Kind"), tr(KINDS[case.kind]))
    yield Fact(tr("Big class"), names.big_class(class_) if class_ is not None else "")
    yield Fact(tr("Class"), f"{names.case_class(case)} ({case.code})")
    yield Fact(tr("Filing condition"), of.condition)
    yield Fact(tr("Closed when"), of.closing)
    yield Fact(tr("Problem"), of.texts.text)
    yield Fact(tr("Contact"), " ".join(filter(None, (of.texts.name, of.texts.phone))))
    yield Fact(tr("Reporters"), case.reporters, Kind.NUMBER)


def _where(of: Dossier) -> Iterator[Fact]:
    yield Fact(tr("Place"), of.place)
    yield Fact(tr("Grid"), of.case.grid or "")
    yield Fact(tr("Position"), of.position)
    yield Fact(tr("Unit"), "\n".join(_unit(of, each) for each in of.units))


def _unit(of: Dossier, held: Assignment) -> str:
    part = tr("lead") if held.lead else tr("joint")
    return f"{of.names.unit(held.unit)} ({part}, {assignment_words(held)})"


def assignment_words(held: Assignment) -> str:
    """How a unit stands with its part of the case."""
    return tr(ASSIGNMENTS.get(held.state, held.state))


def _clocks(of: Dossier) -> Iterator[Fact]:
    case, clock = of.case, counting(of.case)
    handling = tr(HANDLINGS[case.handling]) if case.filed_by is not None else ""
    yield _instant(tr("Reported at"), case.opened_at)
    yield _instant(tr("In this link since"), case.link_since)
    yield _instant(tr("This link due"), clock.due if clock is not None else None)
    yield Fact(tr("Handling type"), handling)
    yield Fact(tr("Limit"), of.limit)
    yield Fact(tr("The limit rests on"), of.limit_rests_on)
    yield _instant(tr("Case due"), case.due)
    yield Fact(tr("About the due time"), of.about_due)
    yield _instant(tr("Handled at"), case.handled_at)
    yield _instant(tr("Ended at"), case.ended_at)
    yield Fact(tr("Closing kind"), _closing(case.closing))
    yield _instant(tr("First ended at"), case.first_ended_at)
    yield Fact(tr("First closing kind"), _closing(case.first_closing))
    yield Fact(tr("Reworks"), case.rework or None, Kind.NUMBER)
    yield Fact(tr("Returns"), case.returns or None, Kind.NUMBER)
    yield Fact(tr("Shirked"), case.shirked or None, Kind.NUMBER)


def _closing(kind: ClosingKind | None) -> str:
    return tr(CLOSINGS[kind]) if kind is not None else ""


def _instant(title: str, at: datetime | None) -> Fact:
    return Fact(title, at, Kind.INSTANT)


def case_table(of: Dossier) -> Table:
    """案卷: its facts and its record, one row a step."""
    columns = (
        Column(tr("No."), Kind.NUMBER, 6),
        Column(tr("Time"), Kind.INSTANT, 20),
        Column(tr("Act"), width=18),
        Column(tr("Person"), width=14),
        Column(tr("Post"), width=14),
        Column(tr("Unit"), width=24),
        Column(tr("To"), width=24),
        Column(tr("Taken from"), width=24),
        Column(tr("Link left"), width=14),
        Column(tr("Received"), Kind.INSTANT, 20),
        Column(tr("Time used"), Kind.DURATION, 12),
        Column(tr("Late"), Kind.BOOLEAN, 8),
        Column(tr("Late by"), Kind.DURATION, 12),
        Column(tr("Reason"), width=24),
        Column(tr("Opinion"), width=60),
    )
    rows = tuple(_row(number, line) for number, line in enumerate(of.record, 1))
    title = tr("Case {n}", n=of.case.id)
    return Table(title, columns, rows, of.names.zone, facts=facts(of))


def _row(number: int, line: Line) -> tuple[Value, ...]:
    late = None if line.used is None else line.late_by is not None
    return (
        number,
        line.at,
        line.act,
        line.person,
        line.post,
        line.unit,
        line.to,
        line.taken_from,
        line.left,
        line.received,
        line.used,
        late,
        line.late_by,
        line.reason,
        line.opinion,
    )
