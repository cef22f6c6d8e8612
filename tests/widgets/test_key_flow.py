"""Keys stand in as few rows as their words allow, every row as wide as the place."""

import pytest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from widgets.key_button import KeyButton
from widgets.key_flow import KeyFlow, rows_of
from widgets.theme import Theme


@pytest.mark.parametrize(
    ("wide", "rows"),
    [
        ([100] * 6, [3, 3]),
        ([60] * 8, [4, 4]),
        ([180, 90, 90, 180], [2, 2]),
        ([220, 80, 80, 80, 220], [2, 2, 1]),
        ([500, 100], [1, 1]),
        ([], []),
    ],
)
def test_as_few_rows_as_the_width_allows(wide: list[int], rows: list[int]) -> None:
    laid = rows_of(wide, 360, 6)
    assert [len(row) for row in laid] == rows


@pytest.mark.parametrize("room", [200, 331, 700])
def test_no_key_is_narrower_than_it_needs_while_it_fits(room: int) -> None:
    wide = [138, 97, 95, 105, 113, 60, 200]
    given = [width for row in rows_of(wide, room, 6) for width in row]
    assert all(got >= needed for got, needed in zip(given, wide, strict=True))


def test_each_row_of_keys_that_stand_close_fills_the_room() -> None:
    rows = rows_of([180, 90, 90, 180], 360, 6)
    assert {sum(row) + 6 * (len(row) - 1) for row in rows} == {360}


def test_keys_of_one_column_stand_below_each_other() -> None:
    first, second = rows_of([100, 90, 80, 110, 70], 330, 6)
    assert second == first[:2]


def test_a_key_that_is_taken_away_leaves_its_room(qtbot: QtBot, theme: Theme) -> None:
    whole = QWidget()
    qtbot.addWidget(whole)
    flow = KeyFlow()
    box = QVBoxLayout(whole)
    box.addLayout(flow)
    box.addStretch(1)
    keys = [KeyButton(f"A longer act {n}", "F5", theme, fills=True) for n in range(3)]
    for key in keys:
        flow.addWidget(key)
    whole.resize(240, 400)
    whole.show()
    QApplication.processEvents()
    assert keys[2].y() > keys[1].y() > keys[0].y()
    flow.removeWidget(keys[0])
    keys[0].setParent(None)
    QApplication.processEvents()
    assert flow.count() == 2
    assert keys[1].y() == box.contentsMargins().top()
