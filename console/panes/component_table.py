"""Components as a table to be exported: those offered near a place, those that the map shows."""

from collections.abc import Iterable

from casework.replies import ComponentMark
from casework.rulebook import RuleBook
from casework.rules.geo import distance
from casework.rules.register import Component
from casework.terms import Point
from console.export.table import Column, Kind, Table, Value
from console.names import Names
from console.panes.component_words import class_name, own_name
from console.vocabulary import COMPONENT_STATES
from console.wording import tr


def near_table(
    components: Iterable[Component], near: Point, rules: RuleBook | None, names: Names
) -> Table:
    """Everything the register says of components near a position, with metres from it."""
    columns = (
        *_mark_columns(),
        Column(tr("Component's name"), width=24),
        Column(tr("Owner"), width=24),
        Column(tr("Maintainer"), width=24),
        Column(tr("District"), width=14),
        Column(tr("Street"), width=14),
        Column(tr("Grid"), width=20),
        Column(tr("Metres away"), Kind.NUMBER, 12),
        Column(tr("Invented"), Kind.BOOLEAN, 10),
        Column(tr("Note"), width=40),
    )
    rows = tuple(
        (
            *_mark(
                ComponentMark(id=of.id, code=of.code, point=of.point, state=of.state), rules, names
            ),
            *_register(of, near, rules, names),
        )
        for of in components
    )
    return Table(tr("Components near by"), columns, rows, names.zone)


def marks_table(
    marks: Iterable[ComponentMark], rules: RuleBook | None, names: Names, *, more: bool
) -> Table:
    """The components in sight on the map; `more`: some were left out where many stand."""
    rows = tuple(_mark(each, rules, names) for each in marks)
    wanted = tr("Not every component of this place: look closer.") if more else ""
    return Table(tr("Components on the map"), _mark_columns(), rows, names.zone, wanted)


def _mark_columns() -> tuple[Column, ...]:
    return (
        Column(tr("Id"), width=22),
        Column(tr("Class"), width=18),
        Column(tr("Class code"), width=12),
        Column(tr("State"), width=12),
        Column(tr("Latitude"), Kind.NUMBER, 14),
        Column(tr("Longitude"), Kind.NUMBER, 14),
    )


def _mark(of: ComponentMark, rules: RuleBook | None, names: Names) -> tuple[Value, ...]:
    lat, lon = of.point.degrees
    said = class_name(of.code, rules, names)
    return of.id, said, of.code, tr(COMPONENT_STATES[of.state]), lat, lon


def _register(
    of: Component, near: Point, rules: RuleBook | None, names: Names
) -> tuple[Value, ...]:
    return (
        own_name(of, rules),
        names.unit(of.owner),
        names.unit(of.maintainer),
        names.area(of.place.district),
        names.area(of.place.street),
        of.grid,
        round(distance(of.point, near)),
        of.invented,
        of.note,
    )
