"""All that counts down in the window is told by one second hand."""

from datetime import timedelta

import pytest
from msgspec.structs import replace
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from casework.case import Case
from casework.terms import State
from console.second_hand import SecondHand
from console.settings import Settings
from console.window import DeskWindow
from tests.console import cases
from tests.console.fake_desk import FakeDesk, Steady
from widgets.plain_label import PlainLabel
from widgets.theme import Theme


def nearly_due(desk: FakeDesk) -> Case:
    """A case with 40 seconds left in its link."""
    case = cases.one(State.FILED)
    due = desk.picture.now() + timedelta(seconds=40)
    return replace(case, link_due=due, urgency=case.urgency, claim=None)


def said(part: QWidget) -> set[str]:
    return {label.text() for label in part.findChildren(PlainLabel)}


@pytest.mark.parametrize("passed", [0.0, 0.4, 0.9, 1.0, 1.6])
def test_a_case_s_row_and_its_head_never_differ(
    desk: FakeDesk, theme: Theme, settings: Settings, qtbot: QtBot, passed: float
) -> None:
    window = DeskWindow(desk.picture, desk.picture.ask, theme, settings)
    qtbot.addWidget(window)
    case = nearly_due(desk)
    desk.show(case)
    window.open_box("filed")
    desk.steady.seconds += passed
    desk.picture.second_hand.struck.emit()
    desk.steady.seconds = float(int(desk.steady.seconds)) + 0.95  # a row is painted later
    row = window.queue.table.row_at(0)
    left = window.queue._rows.due(row, None).text
    assert f"{left} left in this link" in said(window.detail)


def test_the_second_hand_strikes_after_each_full_second(qtbot: QtBot) -> None:
    steady = Steady()
    steady.seconds = 7.99
    hand = SecondHand(steady)
    assert hand.at() == 7.0
    with qtbot.waitSignal(hand.struck, timeout=500):
        steady.seconds = 8.0
    assert hand.at() == 8.0
