"""Finding a case that no queue holds: what is asked, what is listed, and that it opens, by keys."""

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from backend_client.notices import Answered, Fetched, LinkState
from casework import acts
from casework.case import Case
from casework.finding import FindQuery, FindReply, FoundBy, FoundCase
from casework.queries import CaseQuery
from casework.terms import Role, State
from casework.wire import Ack
from console.picture import Wish
from console.settings import Settings
from console.window import DeskWindow
from tests.console import cases
from tests.console.fake_desk import FakeDesk
from widgets.plain_label import PlainLabel
from widgets.theme import Theme

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def window(desk: FakeDesk, theme: Theme, settings: Settings, qtbot: QtBot) -> DeskWindow:
    """A desk whose queue holds no ended case."""
    window = DeskWindow(desk.picture, desk.picture.ask, theme, settings)
    qtbot.addWidget(window)
    desk.show(*(case for case in cases.cases(300) if not case.ended))
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    return window


def old(number: int = 0) -> Case:
    """An ended case that this desk does not hold."""
    return [case for case in cases.cases(300) if case.state is State.CLOSED][number]


def asked(desk: FakeDesk) -> list[str]:
    return [query.text for _, query in desk.questions if isinstance(query, FindQuery)]


def words(pane: QWidget) -> str:
    return "\n".join(each.text() for each in pane.findChildren(PlainLabel))


def answer(desk: FakeDesk, *found: Case, more: bool = False) -> None:
    """The server's answer to the last question for a case."""
    refs = [n for n, (_, query) in enumerate(desk.questions, 1) if isinstance(query, FindQuery)]
    told = (FoundCase(case=case, by=FoundBy.ADDRESS, address="前进路 1 号") for case in found)
    desk.hear(Fetched(ref=refs[-1], body=FindReply(cases=tuple(told), more=more)))


def press(key: Qt.Key, *, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    here = QApplication.focusWidget()
    assert here is not None
    QTest.keyClick(here, key, modifier)


def look_for(window: DeskWindow, desk: FakeDesk, text: str, qtbot: QtBot) -> None:
    press(Qt.Key.Key_F, modifier=CTRL | SHIFT)
    qtbot.waitUntil(window.finder.text.hasFocus)
    QTest.keyClicks(window.finder.text, text)
    press(Qt.Key.Key_Return)
    assert asked(desk)[-1] == text


def test_the_one_case_that_a_text_means_opens_with_two_keys_and_the_text(
    window: DeskWindow, desk: FakeDesk, qtbot: QtBot
) -> None:
    look_for(window, desk, "CG-2007-1", qtbot)
    answer(desk, old())
    assert window.selection.case == old().id
    assert window.below.currentWidget() is window.detail
    desk.answer_questions()
    dossier = window.detail.dossier()
    assert dossier is not None
    assert dossier.case.id == old().id


def test_the_server_looks_while_somebody_types(
    window: DeskWindow, desk: FakeDesk, qtbot: QtBot
) -> None:
    press(Qt.Key.Key_F, modifier=CTRL | SHIFT)
    qtbot.waitUntil(window.finder.text.hasFocus)
    QTest.keyClicks(window.finder.text, "qianjin")
    qtbot.waitUntil(lambda: asked(desk) == ["qianjin"])


def test_of_several_cases_the_rows_choose(window: DeskWindow, desk: FakeDesk, qtbot: QtBot) -> None:
    look_for(window, desk, "qianjin", qtbot)
    answer(desk, old(0), old(1))
    assert window.below.currentWidget() is window.finder
    qtbot.waitUntil(window.finder.view.hasFocus)
    press(Qt.Key.Key_Down)
    press(Qt.Key.Key_Return)
    assert window.selection.case == old(1).id


def test_a_case_at_hand_opens_as_it_is_in_the_queue(
    window: DeskWindow, desk: FakeDesk, qtbot: QtBot
) -> None:
    case = cases.one(State.DISPATCHED)
    look_for(window, desk, "qianjin", qtbot)
    answer(desk, replace(case, version=1))
    assert desk.picture.known(case.id) == case


def test_the_record_of_a_case_found_is_read_as_any_other(
    window: DeskWindow, desk: FakeDesk, qtbot: QtBot
) -> None:
    look_for(window, desk, "CG-2007-1", qtbot)
    answer(desk, old())
    desk.answer_questions()
    press(Qt.Key.Key_H)
    assert window.below.currentWidget() is window.record
    assert window.record.table.rowCount() == len(cases.detail(old().id, 300).history)


def test_the_filter_asks_the_server_when_no_row_matches(
    window: DeskWindow, desk: FakeDesk, qtbot: QtBot
) -> None:
    press(Qt.Key.Key_F, modifier=CTRL)
    qtbot.waitUntil(window.queue.filter.hasFocus)
    QTest.keyClicks(window.queue.filter, "CG-2007-1")
    press(Qt.Key.Key_Return)
    assert asked(desk) == ["CG-2007-1"]
    answer(desk, old())
    assert window.selection.case == old().id


def test_a_note_on_a_case_found_goes_with_its_version_and_is_read_again(
    window: DeskWindow, desk: FakeDesk, qtbot: QtBot
) -> None:
    look_for(window, desk, "CG-2007-1", qtbot)
    answer(desk, old())
    note = acts.AddNote(opinion="x")
    desk.picture.ask(Wish("note", old().id, Role.ACCEPTOR, note))
    assert desk.sent[-1][1:3] == (f"case/{old().id}", old().version)
    before = len([q for _, q in desk.questions if isinstance(q, CaseQuery)])
    ack = Ack(id="ask-0001", log=cases.LOG, number=9, stream="", version=old().version + 1)
    desk.hear(Answered(id="ask-0001", answer=ack))
    assert len([q for _, q in desk.questions if isinstance(q, CaseQuery)]) == before + 1
    assert window.selection.case == old().id


def test_a_case_found_elsewhere_leaves_no_filter_that_empties_the_box(
    window: DeskWindow, desk: FakeDesk
) -> None:
    window.open_box("filed")
    before = window.queue.table.rowCount()
    window.queue.focus_filter()
    window.queue.filter.setText(old().id)
    press(Qt.Key.Key_Return)
    assert window.queue.table.rowCount() == 0
    answer(desk, old())
    assert window.queue.filter.text() == ""
    assert window.queue.table.rowCount() == before > 0
    assert window.selection.case == old().id


def test_a_case_that_ended_long_ago_is_read_and_reopened_and_nothing_else(
    window: DeskWindow, desk: FakeDesk, qtbot: QtBot
) -> None:
    look_for(window, desk, "CG-2007-1", qtbot)
    answer(desk, old())
    assert set(window.detail.acts.buttons) == {"reopen", "show_contact"}
    assert window.detail.photos.button.isHidden()


def test_nothing_found_and_a_lost_link_say_so(
    window: DeskWindow, desk: FakeDesk, qtbot: QtBot
) -> None:
    look_for(window, desk, "zzz", qtbot)
    answer(desk)
    assert "No case that you may see has that." in words(window.finder)
    desk.link(LinkState.LOST)
    press(Qt.Key.Key_Return)
    assert "The link is lost" in words(window.finder)


def test_an_answer_to_an_earlier_text_is_passed_over(
    window: DeskWindow, desk: FakeDesk, qtbot: QtBot
) -> None:
    look_for(window, desk, "a", qtbot)
    first = len(desk.questions)
    window.finder.begin("b")
    desk.hear(Fetched(ref=first, body=FindReply(cases=())))
    assert window.finder._found is None
    answer(desk, old(0), old(1))
    assert window.finder.table.rowCount() == 2


def test_the_cases_found_are_exported(window: DeskWindow, desk: FakeDesk, qtbot: QtBot) -> None:
    look_for(window, desk, "qianjin", qtbot)
    answer(desk, old(0), old(1), more=True)
    table = window.finder.as_table()
    assert ([row[0] for row in table.rows], table.wanted) == ([old(0).id, old(1).id], "qianjin")
    assert table.rows[0][7] == "前进路 1 号"
    assert window.finder._count.text() == "the latest 2; type more of it"


def test_escape_goes_from_the_rows_to_the_field_and_back_to_the_case(
    window: DeskWindow, desk: FakeDesk, qtbot: QtBot
) -> None:
    look_for(window, desk, "qianjin", qtbot)
    answer(desk, old(0), old(1))
    qtbot.waitUntil(window.finder.view.hasFocus)
    press(Qt.Key.Key_Escape)
    assert window.finder.text.hasFocus()
    press(Qt.Key.Key_Escape)
    assert window.below.currentWidget() is window.detail
