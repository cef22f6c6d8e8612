"""The laws of the live table, under Qt's own model tester."""

from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import (
    SearchStrategy,
    booleans,
    integers,
    lists,
    none,
    one_of,
    sampled_from,
    tuples,
)
from PySide6.QtCore import QItemSelectionModel, QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication, QTableView

from widgets import live_table
from widgets.live_table import Column, LiveTable

UP, DOWN = Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder
Mode = QAbstractItemModelTester.FailureReportingMode


@dataclass(frozen=True)
class Line:
    key: int
    rank: int | None = 0
    text: str = ""


Table = LiveTable[Line, int]

COLUMNS: tuple[Column[Line], ...] = (
    Column("rank", lambda line: str(line.rank), sort=lambda line: line.rank),
    Column("text", lambda line: line.text),
)


def a_table(lines: list[Line] | None = None) -> Table:
    table: Table = LiveTable(COLUMNS, key=lambda line: line.key)
    table.upsert(lines or [])
    return table


def shown(table: Table) -> list[Line]:
    return [table.row_at(number) for number in range(table.rowCount())]


def in_order(lines: list[Line], descending: bool = False) -> list[Line]:
    """The plain statement of the order that the model keeps by bisection."""
    by_key = sorted(lines, key=lambda line: line.key)
    known = [line for line in by_key if line.rank is not None]
    known.sort(key=lambda line: line.rank or 0, reverse=descending)
    return known + [line for line in by_key if line.rank is None]


LINES: SearchStrategy[Line] = tuples(
    integers(0, 30), one_of(none(), integers(0, 5)), sampled_from(["a", "b"])
).map(lambda parts: Line(*parts))
STEPS = lists(
    tuples(
        sampled_from(["upsert", "drop", "replace", "hold", "release", "sort"]),
        lists(LINES, max_size=12),
        booleans(),
    ),
    max_size=25,
)


def step(table: Table, expected: dict[int, Line], verb: str, lines: list[Line]) -> None:
    keys = {line.key for line in lines}
    if verb == "upsert":
        table.upsert(lines)
        expected |= {line.key: line for line in lines}
    elif verb == "drop":
        table.drop(keys)
        for key in keys:
            expected.pop(key, None)
    elif verb == "replace":
        table.replace(lines)
        expected.clear()
        expected |= {line.key: line for line in lines}


@pytest.mark.parametrize("few", [1_000, 0], ids=["re-sorting", "row by row"])
@given(steps=STEPS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_order_of_changes_is_a_lawful_and_sorted_model(
    qapp: QApplication,
    monkeypatch: pytest.MonkeyPatch,
    few: int,
    steps: list[tuple[str, list[Line], bool]],
) -> None:
    monkeypatch.setattr(live_table, "_FEW", few)
    table = a_table()
    tester = QAbstractItemModelTester(table, Mode.Warning)  # held: an unheld one checks nothing
    expected: dict[int, Line] = {}
    descending = False
    for verb, lines, flag in steps:
        marks = [
            (QPersistentModelIndex(table.index(n, 0)), table.key_at(n))
            for n in range(table.rowCount())
        ]
        if verb == "sort":
            descending = flag
            table.sort(0, DOWN if flag else UP)
        elif verb in ("hold", "release"):
            getattr(table, verb)()
        else:
            step(table, expected, verb, lines)
        assert all(table.key_at(mark.row()) == key for mark, key in marks if mark.isValid())
        assert [table.row_of(key) for key in table.keys_shown()] == list(range(table.rowCount()))
        if not table.is_held:
            assert shown(table) == in_order(list(expected.values()), descending)
    table.release()
    assert shown(table) == in_order(list(expected.values()), descending)
    assert tester.model() is table


def test_nothing_moves_while_the_table_is_held(qapp: QApplication) -> None:
    table = a_table([Line(1, 10), Line(2, 20), Line(3, 30)])
    table.hold("typing")
    table.upsert([Line(3, 1), Line(9, 0)])
    table.drop([2])
    assert (shown(table), table.is_gone(1)) == (
        [Line(1, 10), Line(2, 20), Line(3, 1), Line(9, 0)],
        True,
    )
    table.release("typing")
    assert shown(table) == [Line(9, 0), Line(3, 1), Line(1, 10)]


def test_a_table_held_by_two_moves_only_when_both_have_released_it(qapp: QApplication) -> None:
    table = a_table([Line(1, 10), Line(2, 20)])
    table.hold("typing")
    table.hold("pointer")
    table.upsert([Line(2, 1)])
    table.release("typing")
    assert table.keys_shown() == [1, 2]
    table.release("pointer")
    assert table.keys_shown() == [2, 1]


@pytest.mark.parametrize("count", [40, 4_000], ids=["row by row", "re-sorting"])
def test_the_selection_stays_on_the_same_key(qapp: QApplication, count: int) -> None:
    table = a_table([Line(key, key) for key in range(count)])
    view = QTableView()
    view.setModel(table)
    rows = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
    view.selectionModel().setCurrentIndex(table.index(7, 0), rows)
    table.upsert([Line(key, -key) for key in range(count)])
    table.drop(range(20, count))
    assert [table.key_at(index.row()) for index in view.selectionModel().selectedRows()] == [7]
    assert table.key_at(view.currentIndex().row()) == 7


def test_one_batch_tells_one_range(qapp: QApplication) -> None:
    table = a_table([Line(key, key) for key in range(100)])
    told: list[tuple[int, int]] = []
    table.dataChanged.connect(lambda first, last: told.append((first.row(), last.row())))
    table.upsert([Line(5, 5, "x"), Line(40, 40, "x"), Line(5, 5, "y"), Line(60, 60)])
    assert told == [(5, 40)]


def test_new_neighbours_arrive_in_one_step(qapp: QApplication) -> None:
    table = a_table([Line(0, 0), Line(100, 100)])
    told: list[tuple[int, int]] = []
    table.rowsInserted.connect(lambda _, first, last: told.append((first, last)))
    table.upsert([Line(key, key) for key in (50, 51, 52, 101)])
    assert told == [(2, 2), (1, 3)]


def test_hostile_text_is_shown_for_what_it_is(qapp: QApplication) -> None:
    table = a_table([Line(1, 1, "a\u202eb\n<b>c")])
    index = table.index(0, 1)
    assert index.data() == "a[U+202E]b <b>c"
    assert "&lt;b&gt;" in index.data(Qt.ItemDataRole.ToolTipRole)
