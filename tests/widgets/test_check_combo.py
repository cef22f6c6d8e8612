"""A chooser of several entries, by keys: opened, filtered by typing, ticked."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from widgets.check_combo import CheckCombo

pytestmark = pytest.mark.qt_log_ignore(r"This plugin does not support", extend=True)
"""What an off-screen list says when it opens."""


@pytest.fixture
def combo(qtbot: QtBot) -> CheckCombo:
    combo = CheckCombo()
    qtbot.addWidget(combo)
    combo.offer([(1, "罗湖 · East beat"), (2, "福田 · West beat"), (3, "福田 · Harbour")], "none")
    combo.show()
    combo.setFocus()
    return combo


def seen(combo: CheckCombo) -> list[int]:
    rows = range(combo.count())
    return [row + 1 for row in rows if not combo.list.isRowHidden(row)]


def press(combo: CheckCombo, key: Qt.Key) -> None:
    QTest.keyClick(combo.list, key)


def test_a_letter_opens_the_list_with_what_holds_it(combo: CheckCombo) -> None:
    QTest.keyClick(combo, Qt.Key.Key_H)
    assert combo.list.isVisible()
    assert seen(combo) == [3]


def test_what_is_typed_leaves_what_holds_it_and_backspace_takes_it_back(combo: CheckCombo) -> None:
    QTest.keyClick(combo, Qt.Key.Key_Down)
    assert seen(combo) == [1, 2, 3]
    QTest.keyClicks(combo.list, "beat")
    assert seen(combo) == [1, 2]
    for _ in "beat":
        press(combo, Qt.Key.Key_Backspace)
    assert seen(combo) == [1, 2, 3]


def test_space_ticks_the_first_that_is_left(combo: CheckCombo) -> None:
    QTest.keyClick(combo, Qt.Key.Key_Down)
    QTest.keyClicks(combo.list, "west")
    press(combo, Qt.Key.Key_Space)
    assert combo.values() == [2]


def test_words_of_an_input_method_filter_too(combo: CheckCombo) -> None:
    QTest.keyClick(combo, Qt.Key.Key_Down)
    words = QInputMethodEvent()
    words.setCommitString("福田")
    QApplication.sendEvent(combo.list, words)
    assert seen(combo) == [2, 3]


def test_escape_leaves_the_filter_first_and_then_the_list(combo: CheckCombo) -> None:
    QTest.keyClick(combo, Qt.Key.Key_Down)
    QTest.keyClicks(combo.list, "west")
    press(combo, Qt.Key.Key_Escape)
    assert (combo.list.isVisible(), seen(combo)) == (True, [1, 2, 3])
    press(combo, Qt.Key.Key_Escape)
    assert not combo.list.isVisible()


def test_closed_it_says_what_is_ticked_whatever_was_typed(combo: CheckCombo) -> None:
    QTest.keyClick(combo, Qt.Key.Key_Down)
    QTest.keyClicks(combo.list, "harbour")
    press(combo, Qt.Key.Key_Space)
    press(combo, Qt.Key.Key_Return)
    assert combo.accessibleDescription() == "福田 · Harbour"
