"""SQL of the component register (部件庫): read rows, and the questions that the map and a report's
form ask.

Every question takes the grants of who asks and leaves out what they do not cover: centre roles,
inspectors and observers see their areas, a unit what it owns, maintains or has in its area, an
administrator, who keeps the register, everything.
"""

from collections.abc import Iterable, Mapping, Sequence
from math import cos, radians
from typing import Any

import msgspec
from sqlalchemy import (
    ColumnElement,
    Connection,
    Float,
    Select,
    and_,
    cast,
    false,
    literal,
    or_,
    select,
    true,
)

from case_server import tiles
from case_server.statements import Statement
from case_server.tables import component_row, stream_state, upsert
from casework.decider import Grant
from casework.replies import ComponentMark
from casework.rulebook import RuleBook
from casework.rules.geo import Box, box_around, distance
from casework.rules.register import Component, component_stream
from casework.terms import ComponentId, ComponentState, LogId, Point, Role

MOST_ROWS = 64
"""Rows of tiles, some 14 km, up to which a box is asked for run by run."""
_WRITE = Statement(lambda dialect: upsert(component_row, dialect))
_ROW = component_row.c


def write_components(connection: Connection, log: LogId, states: Mapping[str, Any]) -> None:
    """One row a component, as the transaction left it."""
    found = [state for state in states.values() if isinstance(state, Component)]
    if found:
        _WRITE.run(connection, [_values(log, component) for component in found])


def _values(log: LogId, component: Component) -> dict[str, object]:
    place = component.place
    return {
        "log": log,
        "component": component.id,
        "code": component.code,
        "owner": component.owner,
        "maintainer": component.maintainer,
        "district": place.district,
        "street": place.street,
        "state": component.state.value,
        "lat": place.point.lat,
        "lon": place.point.lon,
        "tile": tiles.tile(place.point),
    }


# --- who sees what -----------------------------------------------------------------------------


def _visible(grants: Iterable[Grant], rules: RuleBook) -> ColumnElement[bool]:
    ways: list[ColumnElement[bool]] = []
    for grant in grants:
        areas = set(grant.areas)
        if grant.role is Role.UNIT:
            unit = rules.unit(grant.unit) if grant.unit is not None else None
            ways += [_ROW.owner == grant.unit, _ROW.maintainer == grant.unit]
            areas = {unit.area} if unit is not None and unit.area is not None else set()
        elif not areas and grant.centre is not None:
            centre = rules.centre(grant.centre)
            areas = {centre.area} if centre is not None and centre.area is not None else set()
        if grant.role is Role.ADMINISTRATOR or (grant.role is not Role.UNIT and not areas):
            return true()
        ways += [_ROW.district.in_(areas), _ROW.street.in_(areas)] if areas else []
    return or_(*ways) if ways else false()


# --- questions ---------------------------------------------------------------------------------


def in_box(
    connection: Connection, log: LogId, seer: tuple[Sequence[Grant], RuleBook], box: Box, limit: int
) -> tuple[list[ComponentMark], bool]:
    """At most `limit` components in a box, and whether there are more. Those removed are left
    out."""
    where = and_(_ROW.log == log, _standing(), _within(box), _visible(*seer))
    columns = select(_ROW.component, _ROW.code, _ROW.lat, _ROW.lon, _ROW.state)
    found = connection.execute(columns.where(where).limit(limit + 1)).all()
    marks = [
        ComponentMark(
            id=row.component,
            code=row.code,
            point=Point(row.lat, row.lon),
            state=ComponentState(row.state),
        )
        for row in found[:limit]
    ]
    return marks, len(found) > limit


def nearest(
    connection: Connection,
    log: LogId,
    seer: tuple[Sequence[Grant], RuleBook],
    at: Point,
    *,
    metres: int,
    code: str = "",
    limit: int = 9,
) -> list[Component]:
    """The components within `metres` of a position, the nearest first. Those removed are left
    out; `code` asks for one class only."""
    away = _away(at)
    where = [_ROW.log == log, _standing(), _within(box_around(at, metres)), _visible(*seer)]
    if code:
        where.append(_ROW.code == code)
    picked = select(_ROW.component).where(*where).order_by(away, _ROW.component).limit(limit)
    ids = [ComponentId(id) for (id,) in connection.execute(picked)]
    found = _folds(connection, log, ids)
    near = [found[id] for id in ids if id in found]
    return [each for each in near if distance(each.point, at) <= metres]


def by_id(
    connection: Connection,
    log: LogId,
    seer: tuple[Sequence[Grant], RuleBook],
    ids: Sequence[ComponentId],
) -> list[Component]:
    """Those of these components that exist and may be seen, in the order of the ids asked for."""
    picked = select(_ROW.component).where(_ROW.log == log, _ROW.component.in_(ids), _visible(*seer))
    found = _folds(connection, log, [ComponentId(id) for (id,) in connection.execute(picked)])
    return [found[id] for id in dict.fromkeys(ids) if id in found]


def _folds(
    connection: Connection, log: LogId, ids: Sequence[ComponentId]
) -> dict[ComponentId, Component]:
    streams = [component_stream(id) for id in ids]
    bodies: Select[Any] = select(stream_state.c.body).where(
        stream_state.c.log == log, stream_state.c.stream.in_(streams)
    )
    folds = (msgspec.json.decode(body, type=Component) for (body,) in connection.execute(bodies))
    return {component.id: component for component in folds}


def _standing() -> ColumnElement[bool]:
    return _ROW.state != ComponentState.REMOVED.value


def _within(box: Box) -> ColumnElement[bool]:
    """In the box: by tiles, which the index has, then exactly."""
    spans = [(tiles.tile(Point(box.south, box.west)), tiles.tile(Point(box.north, box.east)))]
    if tiles.rows_of(box) <= MOST_ROWS:
        spans = list(tiles.runs(box))
    return and_(
        or_(*(_ROW.tile.between(first, last) for first, last in spans)),
        _ROW.lat.between(box.south, box.north),
        _ROW.lon.between(box.west, box.east),
    )


def _away(at: Point) -> ColumnElement[float]:
    """Square of the distance, near enough to sort by."""
    narrow = cos(radians(at.degrees[0]))
    north = cast(_ROW.lat, Float) - literal(float(at.lat))
    east = (cast(_ROW.lon, Float) - literal(float(at.lon))) * literal(narrow)
    return north * north + east * east
