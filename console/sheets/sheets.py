"""The sheets of one case, filled in: 案卷表 for the file, 派遣單 for the unit that does the work.

The job sheet carries neither the reporter's name nor number: the work does not need them.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from casework.decider import Refused
from casework.photos import PhotoKind
from casework.replies import HistoryRow, PhotoRow
from casework.terms import AssignmentState
from console.dossier import Dossier, assignment_words, facts
from console.export.csv import hours
from console.export.table import Fact, Kind, Origin, local
from console.record import Line
from console.sheets.paper import Edges, pdf
from console.sheets.sheet import Sheet
from console.sheets.writing import Said
from console.vocabulary import PHOTOS, URGENCIES
from console.wording import tr

_PAIR = (14.0, 36.0, 14.0, 36.0)
_UNITS = (34.0, 12.0, 14.0, 20.0, 20.0)
_RECORD = (28.0, 33.0, 23.0, 23.0, 13.0, 14.0)
_BESIDE = 3
_LONG = 22
"""Signs above which a fact takes the whole width."""


def case_sheet(of: Dossier, origin: Origin, family: str) -> bytes:
    """案卷表: all facts, the units and the whole record, opinion by opinion, as a PDF."""
    sheet = Sheet(family)
    sheet.title(tr("Case sheet"))
    sheet.table(_PAIR, _pairs(_words(of, facts(of), (tr("Unit"),))))
    if of.units:
        sheet.heading(tr("Units"))
        sheet.table(_UNITS, _units(of))
    _photos(sheet, of, of.photos)
    sheet.heading(tr("Record"))
    sheet.table(_RECORD, _record(of), headed=True)
    title = tr("Case sheet {n}", n=of.case.id)
    return pdf(sheet.laid_out, _edges(of, origin, family), title)


def job_sheet(of: Dossier, origin: Origin, family: str) -> bytes:
    """派遣單: what the unit is to do, by when, and room for the result, as a PDF.

    Raises: Refused: `sheet.not_dispatched`: no unit has the case.
    """
    if all(each.state is AssignmentState.RETURNED for each in of.case.assignments):
        raise Refused("sheet.not_dispatched")
    sheet = Sheet(family)
    sheet.title(tr("Job sheet"))
    sheet.table(_PAIR, _pairs(_job(of)))
    sheet.heading(tr("Units"))
    sheet.table(_UNITS, _units(of))
    feedback = _feedback(of)
    if feedback:
        sheet.heading(tr("Feedback"))
        sheet.table((22.0, 20.0, 58.0), feedback)
    _photos(sheet, of, [row for row in of.photos if row.photo.kind is not PhotoKind.AFTER])
    sheet.space_to_write(tr("Result"), 38)
    signed = (tr("Handled by"), tr("Finished at"), tr("Signature"))
    blank = tuple(Said("\n") for _ in signed)
    sheet.table((1, 1, 1), (tuple(Said(each, label=True) for each in signed), blank))
    title = tr("Job sheet {n}", n=of.case.id)
    return pdf(sheet.laid_out, _edges(of, origin, family), title)


def _photos(sheet: Sheet, of: Dossier, photos: Sequence[PhotoRow]) -> None:
    """Three beside each other, below each its kind, when it was taken and by whom. A picture that
    is not at the desk leaves its name."""
    if not photos:
        return
    rows: list[list[Said]] = []
    for first in range(0, len(photos), _BESIDE):
        some = photos[first : first + _BESIDE]
        blank = [Said("")] * (_BESIDE - len(some))
        pictures = [Said(tr("Not here yet"), picture=of.pictures.get(row.number)) for row in some]
        rows.append([*pictures, *blank])
        words = [Said(_caption(of, row), label=True, follows=True) for row in some]
        rows.append([*words, *blank])
    sheet.heading(tr("Photos"))
    sheet.table((1.0,) * _BESIDE, rows)


def _caption(of: Dossier, row: PhotoRow) -> str:
    at = _moment(of, row.photo.shot or row.at)
    return " · ".join((tr(PHOTOS[row.photo.kind]), at, row.name or row.actor))


def _edges(of: Dossier, origin: Origin, family: str) -> Edges:
    at = f"{local(origin.at, of.names.zone):%Y-%m-%d %H:%M}"
    return Edges(
        left=origin.city,
        right=tr("Case {n} · receipt {receipt}", n=of.case.id, receipt=of.receipt),
        foot=tr("Printed {at} by {who}", at=at, who=origin.by),
        page=lambda n, every: tr("page {n} of {all}", n=n, all=every),
        mark=origin.practice,
        family=family,
    )


def _moment(of: Dossier, at: datetime | None) -> str:
    return f"{of.names.local(at):%Y-%m-%d %H:%M}" if at is not None else ""


def _words(of: Dossier, known: Sequence[Fact], without: Sequence[str]) -> list[tuple[str, str]]:
    """Titles and words, on the city's wall clock."""
    return [
        (
            fact.title,
            _moment(of, fact.value)
            if fact.kind is Kind.INSTANT and isinstance(fact.value, datetime)
            else str(fact.value),
        )
        for fact in known
        if fact.title not in without
    ]


def _pairs(known: Sequence[tuple[str, str]]) -> list[list[Said]]:
    """Two facts a line; a long one, or one without a neighbour, takes the whole line."""
    rows: list[list[Said]] = []
    waiting: list[Said] = []
    for title, words in (each for each in known if each[1]):
        cells = [Said(title, label=True), Said(words)]
        if len(words) > _LONG or "\n" in words:
            rows += [_whole(waiting)] if waiting else []
            rows.append(_whole(cells))
            waiting = []
        elif waiting:
            rows.append([*waiting, *cells])
            waiting = []
        else:
            waiting = cells
    return rows + ([_whole(waiting)] if waiting else [])


def _whole(cells: Sequence[Said]) -> list[Said]:
    return [cells[0], cells[1]._replace(across=3)]


def _units(of: Dossier) -> list[list[Said]]:
    titles = (tr("Unit"), tr("Part"), tr("State"), tr("Since"), tr("Until"))
    rows = [[Said(title, label=True) for title in titles]]
    for held in of.units:
        words = (
            of.names.unit(held.unit),
            tr("lead") if held.lead else tr("joint"),
            assignment_words(held),
            _moment(of, held.since),
            _moment(of, held.until),
        )
        rows.append([Said(each) for each in words])
    return rows


def _record(of: Dossier) -> list[list[Said]]:
    titles = (
        tr("Act (link left)"),
        tr("Person · post · unit"),
        tr("Received"),
        tr("Done at"),
        tr("Time used"),
        tr("Late by"),
    )
    rows = [[Said(title, label=True) for title in titles]]
    for line in of.record:
        rows.append(_step(of, line))
        if line.said:
            rows.append([Said(line.said, across=len(titles), follows=True)])
    return rows


def _step(of: Dossier, line: Line) -> list[Said]:
    return [
        Said(tr("{act} ({link})", act=line.act, link=line.left) if line.left else line.act),
        Said(line.parties),
        Said(_moment(of, line.received)),
        Said(_moment(of, line.at)),
        Said(_span(line.used)),
        Said(_span(line.late_by), late=True),
    ]


def _span(span: timedelta | None) -> str:
    return hours(span) if span is not None else ""


def _job(of: Dossier) -> list[tuple[str, str]]:
    case, names = of.case, of.names
    sent = _last(of, "CaseDispatched")
    opinion = f"{sent.opinion}\n{sent.name or sent.actor}" if sent and sent.opinion else ""
    big = names.big_class(of.of) if of.of is not None else ""
    due = " · ".join(filter(None, (_moment(of, case.due), of.about_due)))
    return [
        (tr("Case no."), case.id),
        (tr("Receipt no."), of.receipt),
        (tr("Class"), " / ".join(filter(None, (big, f"{names.case_class(case)} ({case.code})")))),
        (tr("Urgency"), tr(URGENCIES[case.urgency])),
        (tr("Filing condition"), of.condition),
        (tr("Closed when"), of.closing),
        (tr("Limit"), of.limit),
        (tr("Case due"), due),
        (tr("Dispatched at"), _moment(of, sent.at) if sent is not None else ""),
        (tr("Grid"), case.grid or ""),
        (tr("Place"), of.place),
        (tr("Position"), of.position),
        (tr("Problem"), of.texts.text),
        (tr("Dispatcher's opinion"), opinion),
    ]


def _last(of: Dossier, act: str) -> HistoryRow | None:
    return next((row for row in reversed(of.history) if row.type == act), None)


def _feedback(of: Dossier) -> list[list[Said]]:
    """What the units said since the last dispatch."""
    sent = _last(of, "CaseDispatched")
    since = sent.number if sent is not None else 0
    return [
        [
            Said(of.names.unit(row.unit), label=True),
            Said(_moment(of, row.at)),
            Said(row.opinion or "–"),
        ]
        for row in of.history
        if row.type == "UnitFedBack" and row.number > since
    ]
