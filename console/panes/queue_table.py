"""The queue as a table to be exported: the columns in sight, in their order, with typed values."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from console.clocks import link_clock
from console.export.table import Column, Kind, Table, Value
from console.panes.queue_rows import TITLES, Row
from console.picture import Picture
from console.vocabulary import URGENCIES
from console.wording import tr
from widgets.table_view import LiveTableView


class Given(NamedTuple):
    """One column of the file, and its value of a row."""

    column: Column
    value: Callable[[Row], Value]


class QueueTable:
    """Turns the rows in sight into a table; one column may give several, so that each is typed."""

    def __init__(self, picture: Picture) -> None:
        self._picture = picture

    def table(self, view: LiveTableView, title: str, wanted: str) -> Table:
        """The rows as they stand, without those that are only shown as gone."""
        given = [each for number in _in_sight(view) for each in self._given(view, number)]
        live = view.table
        rows = [live.row_at(n) for n in range(live.rowCount()) if not live.is_gone(n)]
        return Table(
            title,
            tuple(each.column for each in given),
            tuple(tuple(each.value(row) for each in given) for row in rows),
            self._picture.names().zone,
            wanted,
        )

    def _given(self, view: LiveTableView, number: int) -> list[Given]:
        special = {
            "clock": self._clock,
            "deadline": _deadline,
            "number": _number,
            "name": self._name,
        }
        key = TITLES[number][0] if number < len(TITLES) else ""
        if key in special:
            return special[key]()
        shown = view.table.columns[number]
        return [Given(Column(shown.title, width=24), shown.display)]

    def _clock(self) -> list[Given]:
        return [
            Given(Column(tr("This link due"), Kind.INSTANT, 20), self._due),
            Given(Column(tr("Left or late by"), Kind.DURATION, 14), self._left),
            Given(Column(tr("Late"), Kind.BOOLEAN, 8), self._late),
        ]

    def _due(self, row: Row) -> datetime | None:
        clock = link_clock(row.case, self._picture.soon_percent(row.case.id))
        return clock.due if clock is not None else None

    def _left(self, row: Row) -> timedelta | None:
        due = self._due(row)
        return abs(due - self._picture.now(row.case.id)) if due is not None else None

    def _late(self, row: Row) -> bool | None:
        due = self._due(row)
        return self._picture.now(row.case.id) >= due if due is not None else None

    def _name(self) -> list[Given]:
        return [
            Given(Column(tr("Class"), width=24), self._class_name),
            Given(Column(tr("Urgency"), width=10), lambda row: tr(URGENCIES[row.case.urgency])),
        ]

    def _class_name(self, row: Row) -> str:
        return self._picture.names(row.case.id).case_class(row.case)


def _deadline() -> list[Given]:
    return [
        Given(Column(tr("Case due"), Kind.INSTANT, 20), lambda row: row.case.due),
        Given(Column(tr("About the due time"), width=24), lambda row: row.deadline_reason),
    ]


def _number() -> list[Given]:
    return [Given(Column(tr("Case no."), width=28), lambda row: row.case.id)]


def _in_sight(view: LiveTableView) -> list[int]:
    """Column numbers from left to right, without the hidden ones."""
    header = view.horizontalHeader()
    every = (header.logicalIndex(place) for place in range(header.count()))
    return [number for number in every if not view.isColumnHidden(number)]
