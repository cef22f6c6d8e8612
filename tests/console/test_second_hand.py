"""All that counts down in the window is told by one second hand."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from msgspec.structs import replace
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from casework.case import Case, Order
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


def suspended(desk: FakeDesk) -> Case:
    now = desk.picture.now()
    return replace(
        cases.one(State.DISPATCHED),
        state=State.SUSPENDED,
        link_since=now - timedelta(hours=1),
        link_due=None,
        resumes_at=now + timedelta(hours=1),
    )


def ordered(desk: FakeDesk) -> Case:
    now = desk.picture.now()
    case = cases.one(State.VERIFYING)
    order = replace(case.order or Order(sent_at=now), due=now + timedelta(hours=1))
    return replace(case, order=order)


@pytest.mark.parametrize(
    ("made", "words"),
    [(suspended, "goes on in 1:00"), (ordered, "1:00 left for the order")],
)
def test_the_head_says_what_time_is_left_for(
    desk: FakeDesk,
    theme: Theme,
    settings: Settings,
    qtbot: QtBot,
    made: Callable[[FakeDesk], Case],
    words: str,
) -> None:
    window = DeskWindow(desk.picture, desk.picture.ask, theme, settings)
    qtbot.addWidget(window)
    case = made(desk)
    desk.show(case)
    window.open_box("suspended" if case.state is State.SUSPENDED else "verifying")
    assert words in said(window.detail)
