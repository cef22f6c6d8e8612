"""習慣用語: sentences by key and digit, those of the acts at hand first, and a person's own."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from casework.terms import State
from console import wording
from console.settings import Settings
from console.window import DeskWindow
from tests.console import cases
from tests.console.fake_desk import FakeDesk
from widgets.phrase_list import PhraseList
from widgets.theme import Theme

CONTROL = Qt.KeyboardModifier.ControlModifier
SPACE = Qt.Key.Key_Space


@pytest.fixture
def window(desk: FakeDesk, theme: Theme, settings: Settings, qtbot: QtBot) -> DeskWindow:
    window = DeskWindow(desk.picture, desk.picture.ask, theme, settings)
    qtbot.addWidget(window)
    desk.show(*cases.cases(300))
    window.show()
    window.load_map()
    window.activateWindow()
    window.open_box("pending_close")
    QApplication.processEvents()
    with qtbot.waitActive(window):
        window.activateWindow()
    window.detail.acts.fields.opinion.setFocus()
    return window


def shown(phrases: PhraseList) -> list[str]:
    rows = [phrases.list.item(row).text() for row in range(phrases.list.count())]
    return [text.lstrip("0123456789 ") for text in rows]


def citys(act: str) -> list[str]:
    return [each.text_en for each in cases.rules().phrases_for([act])]


def open_list(window: DeskWindow) -> PhraseList:
    QTest.keyClick(window.detail.acts.fields.opinion, SPACE, CONTROL)
    phrases = window.phrases.list
    assert phrases.isVisible()
    return phrases


def test_the_sentences_of_the_suggested_act_come_first(window: DeskWindow) -> None:
    phrases = open_list(window)
    first = citys("close")
    assert shown(phrases)[: len(first)] == first
    assert set(citys("file")).isdisjoint(shown(phrases))


def test_a_digit_inserts_where_the_cursor_stands(window: DeskWindow) -> None:
    opinion = window.detail.acts.fields.opinion
    QTest.keyClicks(opinion, "ab")
    opinion.setCursorPosition(1)
    phrases = open_list(window)
    QTest.keyClick(phrases.filter, Qt.Key.Key_2)
    assert opinion.text() == f"a{citys('close')[1]}b"
    assert not phrases.isVisible()
    assert QApplication.focusWidget() is opinion


def test_typing_filters_and_enter_takes_the_marked_one(window: DeskWindow) -> None:
    phrases = open_list(window)
    QTest.keyClicks(phrases.filter, "told")
    assert all("told" in text for text in shown(phrases))
    QTest.keyClick(phrases.filter, Qt.Key.Key_Return)
    assert window.detail.acts.fields.opinion.text() == "Dealt with and the reporter told; closed."


def test_esc_only_puts_the_list_away(window: DeskWindow) -> None:
    phrases = open_list(window)
    QTest.keyClick(phrases.filter, Qt.Key.Key_Escape)
    assert not phrases.isVisible()
    assert window.detail.acts.fields.opinion.text() == ""
    assert QApplication.focusWidget() is window.detail.acts.fields.opinion


def test_the_second_key_opens_the_list_too(window: DeskWindow) -> None:
    QTest.keyClick(window.detail.acts.fields.opinion, Qt.Key.Key_F9)
    assert window.phrases.list.isVisible()


def test_an_inserted_sentence_is_kept_as_the_cases_draft(window: DeskWindow) -> None:
    case = window.selection.case
    phrases = open_list(window)
    QTest.keyClick(phrases.filter, Qt.Key.Key_1)
    window.open_box("filed")
    window.open_box("pending_close")
    window.selection.select(case)
    assert window.detail.acts.fields.opinion.text() == citys("close")[0]


def test_a_sentence_of_ones_own_is_kept_offered_first_and_removed(
    window: DeskWindow, settings: Settings
) -> None:
    QTest.keyClicks(window.detail.acts.fields.opinion, "Seen it myself.")
    phrases = open_list(window)
    QTest.keyClick(phrases.filter, Qt.Key.Key_S, CONTROL)
    assert shown(phrases)[0] == "Seen it myself.  [own]"
    assert settings.phrases("chen", "opinion") == ["Seen it myself."]
    assert settings.phrases("wang", "opinion") == settings.phrases("chen", "report") == []
    QTest.keyClick(phrases.filter, Qt.Key.Key_Delete)
    assert settings.phrases("chen", "opinion") == []
    assert "Seen it myself.  [own]" not in shown(phrases)


def test_a_question_that_is_answered_in_words_has_its_sentences_too(window: DeskWindow) -> None:
    window.detail.acts.buttons["note"].click()
    field = window.detail.acts.prompt.field
    QTest.keyClick(field, SPACE, CONTROL)
    phrases = window.phrases.list
    assert phrases.isVisible()
    first = citys("note")
    assert shown(phrases)[: len(first)] == first


def test_a_citys_sentence_cannot_be_removed(window: DeskWindow) -> None:
    phrases = open_list(window)
    before = shown(phrases)
    QTest.keyClick(phrases.filter, Qt.Key.Key_Delete)
    assert shown(phrases) == before


def test_the_form_of_a_report_has_its_own_sentences_in_the_language_in_use(
    window: DeskWindow,
) -> None:
    wording.use("zh_CN")
    window.speak()
    window.below.show_report()
    window.report.form.text.setFocus()
    QTest.keyClick(window.report.form.text, SPACE, CONTROL)
    phrases = window.phrases.list
    assert shown(phrases) == [each.text for each in cases.rules().phrases_for(["report"])]
    QTest.keyClick(phrases.filter, Qt.Key.Key_1)
    assert window.report.form.text.toPlainText() == cases.rules().phrases_for(["report"])[0].text


def test_a_dispatcher_is_offered_what_a_dispatch_says(window: DeskWindow) -> None:
    window.open_box("filed")
    assert window.selection.case is not None
    assert cases.one(State.FILED).state is State.FILED
    window.detail.acts.fields.opinion.setFocus()
    assert shown(open_list(window))[:2] == citys("dispatch")[:2]
