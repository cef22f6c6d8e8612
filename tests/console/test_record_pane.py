"""The whole record of the open case, by keys alone."""

from datetime import timedelta

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from backend_client.notices import Fetched
from casework.queries import CaseQuery
from casework.terms import State
from console import wording
from console.settings import Settings
from console.window import DeskWindow
from tests.console import cases
from tests.console.fake_desk import FakeDesk
from widgets.theme import Theme


@pytest.fixture
def window(desk: FakeDesk, theme: Theme, settings: Settings, qtbot: QtBot) -> DeskWindow:
    window = DeskWindow(desk.picture, desk.picture.ask, theme, settings)
    qtbot.addWidget(window)
    desk.show(*cases.cases(300))
    window.show()
    window.open_box("pending_close")
    window.queue.focus_rows()
    return window


def acts(window: DeskWindow) -> list[str]:
    table = window.record.table
    return [table.row_at(number).line.act for number in range(table.rowCount())]


def said(window: DeskWindow) -> list[str]:
    return window.record.said.text().split("\n")


def test_h_opens_the_record_on_its_last_step_and_escape_goes_back(
    window: DeskWindow, desk: FakeDesk
) -> None:
    desk.answer_questions()
    QTest.keyClick(window, Qt.Key.Key_H)
    assert window.below.currentWidget() is window.record
    assert acts(window)[0] == "Reported"
    assert window.record.view.selected_key() == len(acts(window))
    QTest.keyClick(window.record.view, Qt.Key.Key_Escape)
    assert window.below.currentWidget() is window.detail


def test_the_cursor_shows_what_was_said_at_its_step_whole(
    window: DeskWindow, desk: FakeDesk
) -> None:
    desk.answer_questions()
    window.below.show_record()
    QTest.keyClick(window.record.view, Qt.Key.Key_Home)
    assert said(window) == ["Reported · 李明 Acceptor", "Nothing was said at this step."]
    QTest.keyClick(window.record.view, Qt.Key.Key_Down)
    assert said(window) == ["Passed for filing · 李明 Acceptor", "情况属实"]


def test_a_record_that_is_not_here_yet_is_waited_for_and_then_shown(
    window: DeskWindow, desk: FakeDesk
) -> None:
    window.below.show_record()
    assert acts(window) == []
    desk.answer_questions()
    assert acts(window)[:2] == ["Reported", "Passed for filing"]
    assert window.record.view.selected_key() == len(acts(window)), "on its last step then, too"


def test_a_case_that_is_in_another_box_stays_open_when_its_record_is_left(
    window: DeskWindow,
) -> None:
    window.open_box("filed")
    away = cases.one(State.PENDING_CLOSE)
    assert window.queue.table.rowCount()
    window.selection.select(away.id)
    window.below.show_record()
    window.record.closed.emit()
    assert window.below.currentWidget() is window.detail
    assert window.selection.case == away.id


def test_another_case_brings_its_own_record(window: DeskWindow, desk: FakeDesk) -> None:
    desk.answer_questions()
    window.below.show_record()
    other = window.queue.table.key_at(1)
    window.selection.select(other)
    assert acts(window) == [], "not yet fetched: never another case's record"
    desk.answer_questions()
    assert desk.picture.number(other) in window.record._title.text()


def test_the_record_speaks_the_language_in_use(window: DeskWindow, desk: FakeDesk) -> None:
    desk.answer_questions()
    window.below.show_record()
    wording.use("zh_CN")
    window.speak()
    assert acts(window)[0] == "受理登记"
    assert [column.title for column in window.record.table.columns][:2] == ["序号", "操作"]


def test_the_record_is_what_ctrl_e_exports(window: DeskWindow, desk: FakeDesk) -> None:
    desk.answer_questions()
    window.below.show_record()
    table = window.record.as_table()
    assert table is not None
    assert len(table.rows) == len(acts(window))


def test_instants_name_the_year_where_the_steps_lie_in_several(
    window: DeskWindow, desk: FakeDesk
) -> None:
    """A case of an earlier system was handled years ago and taken over today."""
    asked = [(n, q) for n, (_, q) in enumerate(desk.questions, 1) if isinstance(q, CaseQuery)]
    ref, query = asked[-1]
    told = cases.detail(query.case, 300)
    earlier = replace(told.history[0], at=told.history[0].at - timedelta(days=400))
    desk.hear(Fetched(ref=ref, body=replace(told, history=(earlier, *told.history))))
    QTest.keyClick(window, Qt.Key.Key_H)
    assert window.record.table.row_at(0).done.startswith("2007-")
