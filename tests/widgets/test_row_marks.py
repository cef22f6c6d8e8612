"""Several rows are marked by keys and by mouse, and stay marked while rows move and leave."""

from dataclasses import dataclass

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from widgets.live_table import Column, LiveTable
from widgets.marking_view import MarkingTableView
from widgets.row_marks import RowMarks
from widgets.theme import Theme

NO = Qt.KeyboardModifier.NoModifier
SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
K = Qt.Key


@dataclass(frozen=True)
class Line:
    key: int
    order: int


@pytest.fixture
def view(qtbot: QtBot, theme: Theme) -> MarkingTableView:
    marked: list[RowMarks] = []
    column: Column[Line] = Column("key", lambda line: str(line.key), sort=lambda line: line.order)
    table: LiveTable[Line, int] = LiveTable(
        (column,), lambda line: line.key, is_marked=lambda line: line.key in marked[0].keys
    )
    marked.append(RowMarks(table, table))
    table.upsert(Line(key, key) for key in range(10))
    view = MarkingTableView(table, theme, marked[0])
    table.setParent(view)
    qtbot.addWidget(view)
    view.resize(300, 400)
    view.show()
    view.select_key(3)
    return view


def click(view: MarkingTableView, key: int, modifier: Qt.KeyboardModifier = NO) -> None:
    place = view.visualRect(view.table.index(view.table.row_of(key), 0)).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, modifier, place)


@pytest.mark.parametrize(
    ("keys", "marked", "cursor"),
    [
        ([(K.Key_Space, NO)], {3}, 3),
        ([(K.Key_Space, NO), (K.Key_Space, NO)], set(), 3),
        ([(K.Key_Insert, NO), (K.Key_Insert, NO)], {3, 4}, 5),
        ([(K.Key_Down, SHIFT), (K.Key_Down, SHIFT)], {3, 4, 5}, 5),
        ([(K.Key_Down, SHIFT), (K.Key_Down, SHIFT), (K.Key_Up, SHIFT)], {3, 4}, 4),
        ([(K.Key_Up, SHIFT)], {2, 3}, 2),
        ([(K.Key_End, SHIFT)], set(range(3, 10)), 9),
        ([(K.Key_Home, SHIFT)], {0, 1, 2, 3}, 0),
        ([(K.Key_A, CTRL)], set(range(10)), 3),
        ([(K.Key_A, CTRL), (K.Key_Escape, NO)], set(), 3),
        ([(K.Key_Down, SHIFT), (K.Key_Down, NO), (K.Key_Down, NO)], {3, 4}, 6),
        (
            [(K.Key_Down, SHIFT), (K.Key_Down, NO), (K.Key_Down, NO), (K.Key_Down, SHIFT)],
            {3, 4, 6, 7},
            7,
        ),
    ],
)
def test_keys_mark_rows(
    view: MarkingTableView,
    keys: list[tuple[Qt.Key, Qt.KeyboardModifier]],
    marked: set[int],
    cursor: int,
) -> None:
    for key, modifier in keys:
        QTest.keyClick(view, key, modifier)
    assert view.marks.keys == marked
    assert view.selected_key() == cursor


def test_ctrl_click_adds_to_the_open_row_and_takes_away_again(view: MarkingTableView) -> None:
    click(view, 6, CTRL)
    assert view.marks.keys == {3, 6}
    click(view, 6, CTRL)
    assert view.marks.keys == {3}


def test_shift_click_marks_all_between(view: MarkingTableView) -> None:
    click(view, 6, SHIFT)
    assert view.marks.keys == {3, 4, 5, 6}


def test_a_plain_click_opens_a_marked_row_and_lets_all_go_on_another(
    view: MarkingTableView,
) -> None:
    click(view, 6, CTRL)
    click(view, 3)
    assert view.marks.keys == {3, 6}
    assert view.selected_key() == 3
    click(view, 8)
    assert view.marks.keys == frozenset()
    assert view.selected_key() == 8


def test_marks_stay_with_their_keys_while_rows_move_and_leave(view: MarkingTableView) -> None:
    QTest.keyClick(view, K.Key_Down, SHIFT)
    view.table.release(view._holder)
    view.table.upsert([Line(3, 99)])
    view.table.drop([4])
    assert view.marks.keys == {3, 4}
    assert [view.table.is_marked(view.table.row_of(key)) for key in (3, 5)] == [True, False]


def test_a_reach_whose_first_row_has_left_begins_anew(view: MarkingTableView) -> None:
    QTest.keyClick(view, K.Key_Down, SHIFT)
    view.table.release(view._holder)
    view.table.drop([3])
    QTest.keyClick(view, K.Key_Down, SHIFT)
    assert view.marks.keys == {3, 4, 5}
