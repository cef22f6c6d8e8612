"""The table view speaks of keys, never jumps, and says how it stands."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from widgets.due_delegate import Due, DueDelegate
from widgets.live_table import Column, LiveTable
from widgets.plain_label import Tone
from widgets.table_view import LiveTablePane, LiveTableView
from widgets.theme import Theme


@dataclass(frozen=True)
class Line:
    key: int
    left: int


Table = LiveTable[Line, int]


def late_is_red(line: Line) -> Tone:
    return "late" if line.left < 0 else "muted"


def a_view(
    qtbot: QtBot, theme: Theme, count: int, now: list[int] | None = None, pause_ms: int = 20
) -> LiveTableView:
    clock = now or [0]
    columns: tuple[Column[Line], ...] = (
        Column("left", lambda _: "", sort=lambda line: line.left, painter="due"),
        Column("key", lambda line: str(line.key), align="right", tone=late_is_red),
        Column("text", lambda line: f"a long text {line.key} " * 9, width=0),
    )
    table: Table = LiveTable(columns, key=lambda line: line.key)
    table.upsert(Line(key, key) for key in range(count))
    due = DueDelegate(theme, due_of, lambda: clock[0])
    view = LiveTableView(table, theme, painters={"due": due}, pause_ms=pause_ms)
    qtbot.addWidget(view)
    view.resize(600, 300)
    view.show()
    return view


def due_of(line: Line, now: int) -> Due:
    left = line.left - now
    return Due("late" if left < 0 else "in_time", left, left / 100, str(abs(left)))


def test_enter_and_double_click_say_the_key(qtbot: QtBot, theme: Theme) -> None:
    view = a_view(qtbot, theme, 20)
    said: list[object] = []
    view.activated_key.connect(said.append)
    view.select_key(7)
    QTest.keyClick(view, Qt.Key.Key_Return)
    place = view.visualRect(view.table.index(3, 1)).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    QTest.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert said == [7, 3]


@pytest.mark.parametrize(
    ("key", "reached"),
    [
        (Qt.Key.Key_Home, 0),
        (Qt.Key.Key_End, 199),
        (Qt.Key.Key_Down, 101),
        (Qt.Key.Key_Up, 99),
        (Qt.Key.Key_9, 100),  # a digit is a command of the window, not a search
    ],
)
def test_keys_walk_through_the_rows(qtbot: QtBot, theme: Theme, key: Qt.Key, reached: int) -> None:
    view = a_view(qtbot, theme, 200)
    view.select_key(100)
    QTest.keyClick(view, key)
    assert view.selected_key() == reached


def test_the_cursor_says_its_key_and_none_when_it_is_nowhere(qtbot: QtBot, theme: Theme) -> None:
    view = a_view(qtbot, theme, 3)
    said: list[object] = []
    view.current_key.connect(said.append)
    view.select_key(2)
    view.table.drop([0, 1, 2])
    assert (said[0], said[-1], view.select_key(2)) == (2, None, False)


def test_no_row_moves_under_the_pointer(qtbot: QtBot, theme: Theme) -> None:
    view = a_view(qtbot, theme, 5, pause_ms=400)  # longer than a busy machine takes from here …
    QTest.mouseMove(view.viewport(), QPoint(50, 40))
    QTest.mouseMove(view.viewport(), QPoint(52, 41))
    view.table.upsert([Line(4, -1)])
    assert view.table.keys_shown() == [0, 1, 2, 3, 4]  # … to here
    qtbot.waitUntil(lambda: view.table.keys_shown() == [4, 0, 1, 2, 3])


def test_time_passes_without_a_change_of_the_model(qtbot: QtBot, theme: Theme) -> None:
    now = [0]
    view = a_view(qtbot, theme, 5, now)
    changes: list[object] = []
    view.table.dataChanged.connect(changes.append)
    before = view.grab().toImage()
    now[0] = 50
    view.repaint_clocks()
    assert view.grab().toImage() != before
    assert changes == []


def test_widths_and_order_of_columns_are_remembered(qtbot: QtBot, theme: Theme) -> None:
    view = a_view(qtbot, theme, 5)
    view.setColumnWidth(1, 222)
    view.sortByColumn(1, Qt.SortOrder.DescendingOrder)
    other = a_view(qtbot, theme, 5)
    assert other.restore_layout(view.save_layout())
    assert (other.columnWidth(1), other.table.key_at(0)) == (222, 4)
    assert not other.restore_layout(b"no layout")
    assert not other.restore_layout(b"")


def test_rows_are_thirty_pixels_at_full_size_and_follow_the_scale(
    qtbot: QtBot, theme: Theme
) -> None:
    view = a_view(qtbot, theme, 5)
    assert view.rowHeight(0) == 30
    theme.use("night", 150)
    assert view.rowHeight(0) == 45


@pytest.mark.parametrize(
    ("count", "condition", "rows_shown", "notice_shown"),
    [
        (0, "empty", False, True),
        (0, "loading", False, True),
        (0, "offline", False, True),
        (5, "empty", True, False),
        (5, "stale", True, True),
        (5, "offline", True, True),
        (5, "ready", True, False),
    ],
)
def test_a_pane_is_never_blank_and_old_rows_stay(
    qtbot: QtBot, theme: Theme, count: int, condition: str, rows_shown: bool, notice_shown: bool
) -> None:
    pane = LiveTablePane(a_view(qtbot, theme, count), theme)
    qtbot.addWidget(pane)
    pane.show()
    pane.show_condition(condition, "one sentence", "act")  # type: ignore[arg-type]
    assert (pane.view.isVisible(), pane._notice.isVisible()) == (rows_shown, notice_shown)


def test_the_first_row_takes_the_place_of_the_notice(qtbot: QtBot, theme: Theme) -> None:
    pane = LiveTablePane(a_view(qtbot, theme, 0), theme)
    qtbot.addWidget(pane)
    pane.show()
    pane.show_condition("empty", "nothing waits", "see all")
    with qtbot.waitSignal(pane.act_asked):
        QTest.mouseClick(pane._notice._act, Qt.MouseButton.LeftButton)
    pane.view.table.upsert([Line(1, 1)])
    assert pane.view.isVisible()


@pytest.fixture
def pane_and_field(qtbot: QtBot, theme: Theme) -> Iterator[tuple[LiveTablePane, QLineEdit]]:
    """A pane without rows over a field, in an active window."""
    window = QWidget()
    pane, field = LiveTablePane(a_view(qtbot, theme, 0), theme), QLineEdit()
    box = QVBoxLayout(window)
    box.addWidget(pane)
    box.addWidget(field)
    qtbot.addWidget(window)
    pane.show_condition("empty", "nothing waits")
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    yield pane, field
    window.hide()


def test_rows_that_come_leave_the_focus_in_the_field_one_types_in(
    pane_and_field: tuple[LiveTablePane, QLineEdit],
) -> None:
    pane, field = pane_and_field
    pane.focus_rows()
    field.setFocus()
    pane.view.table.upsert([Line(1, 1)])
    assert field.hasFocus()


def test_the_rows_take_the_focus_that_was_kept_for_them(
    pane_and_field: tuple[LiveTablePane, QLineEdit],
) -> None:
    pane, _ = pane_and_field
    pane.focus_rows()
    pane.view.table.upsert([Line(1, 1)])
    assert pane.view.hasFocus()


def test_a_pane_whose_last_row_goes_keeps_the_focus(
    pane_and_field: tuple[LiveTablePane, QLineEdit],
) -> None:
    pane, _ = pane_and_field
    pane.view.table.upsert([Line(1, 1)])
    pane.focus_rows()
    pane.view.table.show_instead([])
    assert pane.hasFocus()
