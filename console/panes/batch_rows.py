"""The cases of a set, one row each: number, class, place, and what is to be said of it."""

from collections.abc import Iterable
from typing import NamedTuple

from casework.acts import DispatchCase, FileCase, Handling
from casework.decider import Command
from casework.scheme import Condition, Limit
from casework.terms import CaseId
from console.names import street_of
from console.picture import Picture
from console.vocabulary import STATES, limit
from console.wording import tr
from widgets.columns import Column
from widgets.live_table import LiveTable
from widgets.plain_label import Tone
from widgets.table_view import LiveTableView
from widgets.theme import Theme


class Row(NamedTuple):
    """One case; `rank` puts what needs an eye first."""

    case: CaseId
    rank: int
    number: str
    name: str
    place: str
    said: str
    tone: Tone


class BatchRows:
    """Makes rows, in the words of each case's own rule book."""

    def __init__(self, picture: Picture) -> None:
        self._picture = picture

    def row(self, case_id: CaseId, rank: int, said: str, tone: Tone) -> Row:
        """A case with what is said of it; one out of sight has its number only."""
        case, names = self._picture.case(case_id), self._picture.names(case_id)
        several = len(self._picture.sites) > 1
        number = str(case_id) if several else case_id.partition("-")[2] or str(case_id)
        name = names.case_class(case) if case is not None else ""
        place = names.place(case) if case is not None else ""
        return Row(case_id, rank, number, name, place, said, tone)

    def outcome(self, case_id: CaseId, command: Command) -> str:
        """What a command would do to a case, in short: whom it goes to, which limit it has."""
        names = self._picture.names(case_id)
        if isinstance(command, DispatchCase):
            more = tr(" · {n} more join", n=len(command.joint)) if command.joint else ""
            return f"→ {names.unit(command.lead)}{more}"
        case = self._picture.case(case_id)
        if case is None:
            return ""
        if isinstance(command, FileCase):
            of = self._picture.case_class(case)
            conditions = of.conditions if of is not None else ()
            chosen = next((each for each in conditions if each.id == command.condition), None)
            return tr("limit: {limit}", limit=limit(_limit(chosen, command.handling)))
        return tr("now: {state}", state=tr(STATES[case.state]))


def _limit(of: Condition | None, handling: Handling) -> Limit | None:
    if of is None or handling is Handling.SPECIAL:
        return None
    return of.extended if handling is Handling.EXTENDED else of.general


def columns(title: str) -> tuple[Column[Row], ...]:
    """In the language in use; `title` heads what is said of each case."""
    return (
        Column(tr("Case no."), lambda r: r.number, sort=lambda r: (r.rank, r.case), width=126),
        Column(tr("Class"), lambda r: r.name, width=0, least=150, grow=2),
        Column(
            tr("Place"),
            lambda r: r.place,
            width=0,
            least=110,
            gives_way=1,
            brief=lambda r: street_of(r.place),
            whole=150,
        ),
        Column(title, lambda r: r.said, width=0, least=270, grow=3, tone=lambda r: r.tone),
    )


class BatchTable(LiveTableView):
    """Scrolls; nothing is chosen in it. `title`, in English, heads what is said of each case."""

    def __init__(self, theme: Theme, title: str) -> None:
        self._title = title
        self._rows: LiveTable[Row, CaseId] = LiveTable(columns(tr(title)), lambda row: row.case)
        super().__init__(self._rows, theme)
        self._rows.setParent(self)

    def show_rows(self, rows: Iterable[Row]) -> None:
        """Show exactly these."""
        self._rows.show_instead(rows)

    def shown(self) -> list[Row]:
        """The rows in their order."""
        return [self._rows.row_at(number) for number in range(self._rows.rowCount())]

    def speak(self) -> None:
        """The language is another."""
        self._rows.columns = columns(tr(self._title))
        self._rows.headerDataChanged.emit(self.horizontalHeader().orientation(), 0, 3)
        self.setAccessibleName(tr("Selected cases"))
        self.fit_columns()
