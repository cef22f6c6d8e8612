"""At 1366×768, in each language, what an operator works with is whole and in sight."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from backend_client.notices import Fetched
from casework.enquiries import InspectorRow, InspectorsQuery, InspectorsReply
from casework.rules.proposal import Reason
from casework.terms import CaseId, State, UserId
from console import wording
from console.settings import LANGUAGES, Settings
from console.window import DeskWindow
from tests.console import cases
from tests.console.fake_desk import FakeDesk
from widgets.key_button import KeyButton
from widgets.theme import Theme

LINKS = (
    State.REGISTERED,
    State.PREFILED,
    State.FILED,
    State.DISPATCHED,
    State.FEEDBACK,
    State.PENDING_CLOSE,
)
ESSENTIAL = ("state", "due", "limit", "unit")


@pytest.fixture
def small(desk: FakeDesk, theme: Theme, settings: Settings, qtbot: QtBot) -> DeskWindow:
    window = DeskWindow(desk.picture, desk.picture.ask, theme, settings)
    qtbot.addWidget(window)
    desk.show(*cases.cases(300))
    window.resize(1366, 768)
    window.show()
    window.load_map()
    return window


def walk(small: DeskWindow, language: str, link: State) -> None:
    wording.use(language)
    small.speak()
    small.open_box(link)
    for _ in range(3):
        QApplication.processEvents()


def cut(within: QWidget) -> set[str]:
    """Words of labels and keys in sight that have less room than they need."""
    found: set[str] = set()
    for label in within.findChildren(QLabel):
        if label.isVisible() and not label.wordWrap():
            wide = label.fontMetrics().horizontalAdvance(label.text())
            if wide > label.contentsRect().width():
                found.add(label.text())
        elif label.isVisible() and label.height() < label.heightForWidth(label.width()):
            found.add(label.text())
    for key in within.findChildren(KeyButton):
        if key.isVisible() and key.width() < key.sizeHint().width():
            found.add(key.accessibleName())
    return found


def below(place: QWidget, pane: QWidget) -> int:
    """Pixels of a widget that reach out below what shows it."""
    bottom = place.mapTo(pane, QPoint(0, place.height())).y()
    return max(bottom - pane.height(), 0)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_act_and_no_heading_of_a_case_is_cut(small: DeskWindow, language: str) -> None:
    found = {}
    for link in LINKS:
        walk(small, language, link)
        found[link] = cut(small.detail) - {small.detail._where.text()}
    assert found == {link: set() for link in LINKS}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_act_and_the_essential_facts_are_in_sight(small: DeskWindow, language: str) -> None:
    hidden = {}
    for link in LINKS:
        walk(small, language, link)
        keys = {name: key for name, key in small.detail.acts.buttons.items() if key.isVisible()}
        facts = {key: small.detail.facts.values[key] for key in ESSENTIAL}
        seen = {**keys, **{key: fact for key, fact in facts.items() if fact.isVisible()}}
        hidden[link] = {name for name, part in seen.items() if below(part, small.detail) > 0}
    assert hidden == {link: set() for link in LINKS}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("link", [State.REGISTERED, State.FEEDBACK])
def test_three_inspectors_leave_every_act_in_sight(
    desk: FakeDesk, small: DeskWindow, language: str, link: State
) -> None:
    walk(small, language, link)
    propose(desk, small.selection.case)
    for _ in range(3):
        QApplication.processEvents()
    acts = small.detail.acts
    assert len(acts.sent.cards) == 3
    keys = [*acts.buttons.values(), *acts.sent.cards]
    assert [key.accessibleName() for key in keys if below(key, small.detail) > 0] == []
    assert cut(acts) == set()


def propose(desk: FakeDesk, case: CaseId | None) -> None:
    """The server proposes three inspectors, each with all that can be said of one."""
    wanted = InspectorsQuery(case=case, limit=12)
    refs = [ref for ref, (_, query) in enumerate(desk.questions, 1) if query == wanted]
    rows = tuple(
        InspectorRow(
            user=UserId(f"inspector.{number}"),
            name=f"演练监督员-00{number}",
            open_orders=2,
            metres=metres,
            reasons=(Reason.OWN_GRID, Reason.ON_DUTY, Reason.NEAR),
            proposed=True,
        )
        for number, metres in enumerate((818, 1_600, 12_300), 1)
    )
    desk.hear(Fetched(ref=refs[-1], body=InspectorsReply(inspectors=rows)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_strip_the_boxes_and_the_page_of_keys_are_whole(
    small: DeskWindow, language: str
) -> None:
    walk(small, language, State.FILED)
    assert cut(small.top) == set()
    small.below.show_keys()
    QApplication.processEvents()
    assert cut(small.below) == set()


def test_the_page_of_keys_is_scrolled_by_keys(small: DeskWindow) -> None:
    walk(small, "en", State.FILED)
    small.below.show_keys()
    QApplication.processEvents()
    bar = small.keys._scrolled.verticalScrollBar()
    QTest.keyClick(small.keys, Qt.Key.Key_End)
    assert bar.value() == bar.maximum() > 0
    QTest.keyClick(small.keys, Qt.Key.Key_Home)
    assert bar.value() == 0


def test_a_question_keeps_its_place_when_the_case_changes(small: DeskWindow) -> None:
    walk(small, "en", State.REGISTERED)
    small.detail.acts.buttons["cancel"].click()
    small.detail.acts.speak()
    assert small.detail.acts.prompt.isVisible()
    assert not any(key.isVisible() for key in small.detail.acts.buttons.values())
