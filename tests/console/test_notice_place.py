"""A notice stands over the middle of the top bar: nothing moves, nothing that counts is covered."""

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from backend_client.notices import LinkState
from console.settings import Settings
from console.window import DeskWindow
from tests.console import cases
from tests.console.fake_desk import FakeDesk
from widgets.theme import Theme

SENTENCE = "There is no folder /a/long/way/to/nowhere/that/needs/more/than/one/line. " * 2


@pytest.fixture
def window(desk: FakeDesk, theme: Theme, settings: Settings, qtbot: QtBot) -> DeskWindow:
    window = DeskWindow(desk.picture, desk.picture.ask, theme, settings)
    qtbot.addWidget(window)
    desk.show(*cases.cases(30))
    window.resize(1366, 768)
    window.show()
    QApplication.processEvents()
    return window


def place(window: DeskWindow, part: QWidget) -> QRect:
    return QRect(part.mapTo(window, QPoint(0, 0)), part.size())


def panes(window: DeskWindow) -> list[QRect]:
    return [place(window, pane) for pane in (window.boxes, window.queue, window.detail)]


def test_a_refusal_moves_no_pane(window: DeskWindow) -> None:
    before = panes(window)
    window.notice.say_refused(SENTENCE)
    QApplication.processEvents()
    assert window.notice.isVisible()
    assert panes(window) == before


def test_a_notice_covers_neither_the_link_nor_the_practice_mark(window: DeskWindow) -> None:
    window.notice.say_refused(SENTENCE)
    QApplication.processEvents()
    covered = place(window, window.notice)
    strip = window.top.strip
    kept = (strip.practice, strip.lamp, window.top.menu_key)
    assert [part for part in kept if covered.intersects(place(window, part))] == []


def test_a_long_sentence_is_whole(window: DeskWindow) -> None:
    window.notice.say_refused(SENTENCE)
    QApplication.processEvents()
    label = window.notice.refusal._sentence
    assert label.height() >= label.heightForWidth(label.width())


def test_without_anything_to_say_the_dial_can_be_pressed(window: DeskWindow) -> None:
    window.notice.say_refused("No.")
    window.notice.refusal.act_asked.emit()
    assert not window.notice.isVisible()


def test_it_follows_the_bar_when_the_window_is_another(window: DeskWindow) -> None:
    window.notice.say_refused("No.")
    window.resize(1920, 1080)
    QApplication.processEvents()
    middle = window.top.strip.middle()
    assert (window.notice.x(), window.notice.width()) == (middle.x(), middle.width())


def test_in_a_narrow_bar_it_stands_below_as_wide_as_the_window(
    window: DeskWindow, theme: Theme
) -> None:
    window.notice.say_refused("No.")
    theme.use("day", 175)
    window.resize(1024, 700)
    QApplication.processEvents()
    assert window.notice.y() == window.top.height()
    assert window.notice.width() == window.width()


def test_the_card_that_asks_who_is_there_stands_alone(window: DeskWindow, desk: FakeDesk) -> None:
    desk.link(LinkState.LOST, "link.unreachable")
    assert window.notice.isVisible()
    window.signing_in.wants_person(0)
    assert not window.notice.isVisible()
