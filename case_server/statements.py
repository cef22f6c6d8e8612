"""SQL that a desk runs at every commit, compiled once; afterwards values go straight to the driver.

SQLAlchemy's own way from a clause to the driver costs some 0.15 ms a statement, which a desk would
pay ten times a commit, however small. What the clauses say stays in SQLAlchemy's words.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, CursorResult, bindparam
from sqlalchemy.sql.expression import ClauseElement

SIZES = (1, 4, 16, 64)
"""How many values an IN list may be made for; shorter ones are filled up with the last value."""

Values = Mapping[str, object]


class Statement:
    """One statement; `make` builds it for a dialect's name.

    Values are handed on as they are: text, integers, booleans and bytes, which both drivers take.
    """

    def __init__(self, make: Callable[[str], ClauseElement]) -> None:
        self._make = make
        self._compiled: dict[str, tuple[str, Sequence[str] | None]] = {}

    def run(self, connection: Connection, values: Values | Sequence[Values]) -> CursorResult[Any]:
        """Execute it once, or once for each of several rows."""
        name = connection.dialect.name
        if name not in self._compiled:
            compiled = self._make(name).compile(dialect=connection.dialect)
            self._compiled[name] = (str(compiled), getattr(compiled, "positiontup", None))
        sql, order = self._compiled[name]
        given: Any = values
        if order is not None:
            one = isinstance(values, Mapping)
            given = _in_order(values, order) if one else [_in_order(row, order) for row in values]
        return connection.exec_driver_sql(sql, given)


def _in_order(values: Any, order: Sequence[str]) -> tuple[object, ...]:
    return tuple([values[name] for name in order])


class Finder:
    """A SELECT of the rows whose `column` is one of many values, for lists of any length."""

    def __init__(
        self, column: ColumnElement[str], make: Callable[[ColumnElement[bool]], ClauseElement]
    ) -> None:
        def statement(size: int) -> Statement:
            among = column.in_([bindparam(f"v{n}") for n in range(size)])
            return Statement(lambda _dialect: make(among))

        self._by_size = {size: statement(size) for size in SIZES}

    def run(self, connection: Connection, wanted: Sequence[str], others: Values) -> Iterator[Any]:
        """The rows; `others` are the statement's further values."""
        most = SIZES[-1]
        for start in range(0, len(wanted), most):
            part = wanted[start : start + most]
            size = next(size for size in SIZES if size >= len(part))
            filled = [*part, *[part[-1]] * (size - len(part))]
            values = {f"v{n}": value for n, value in enumerate(filled)}
            yield from self._by_size[size].run(connection, {**others, **values})
