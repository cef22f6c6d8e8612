"""Orders to inspectors: the server proposes, Enter takes the first, a number key another."""

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from backend_client.notices import Fetched
from casework import acts
from casework.case import Case, Claim
from casework.decider import Grant
from casework.enquiries import InspectorRow, InspectorsQuery, InspectorsReply
from casework.queries import Query
from casework.replies import ReplyBody
from casework.rules.proposal import Reason
from casework.terms import Role, State, UserId
from console import wording
from console.inspectors import EVERYBODY, Inspectors, distance
from console.panes.acts import ActsPane
from console.panes.detail import DetailPane
from console.panes.inspector_chooser import _in_words
from console.selection import Selection
from tests.console import cases
from tests.console.fake_desk import FakeDesk
from widgets.theme import Theme

FIRST = InspectorRow(
    user=UserId("inspector.001"),
    name="演练监督员-001",
    open_orders=1,
    metres=320,
    reasons=(Reason.OWN_GRID, Reason.ON_DUTY, Reason.FREE, Reason.NEAR),
    proposed=True,
)
SECOND = InspectorRow(
    user=UserId("inspector.002"),
    name="演练监督员-002",
    metres=2480,
    reasons=(Reason.ON_DUTY, Reason.FREE, Reason.NEAR),
    proposed=True,
)


def reply(desk: FakeDesk, query: Query, body: ReplyBody | None, code: str = "") -> None:
    """Answer the last time that this was asked."""
    asked = [number for number, (_, each) in enumerate(desk.questions, 1) if each == query]
    desk.hear(Fetched(ref=asked[-1], body=body, code=code))


def propose(desk: FakeDesk, case: Case, *rows: InspectorRow) -> None:
    reply(desk, InspectorsQuery(case=case.id, limit=12), InspectorsReply(inspectors=rows))


@pytest.fixture
def pane(desk: FakeDesk, theme: Theme, qtbot: QtBot) -> ActsPane:
    pane = ActsPane(desk.picture, desk.wishes.append, theme)
    qtbot.addWidget(pane)
    return pane


def show(
    desk: FakeDesk, pane: ActsPane, state: State = State.FEEDBACK, case: Case | None = None
) -> Case:
    case = case or cases.one(state)
    desk.show(case)
    pane.show_case(case)
    return case


def ordered(desk: FakeDesk) -> UserId | None:
    command = desk.wishes[-1].command
    assert isinstance(command, acts.OrderCheck | acts.OrderVerification)
    return command.inspector


def test_enter_sends_the_first_who_is_proposed(desk: FakeDesk, pane: ActsPane) -> None:
    propose(desk, show(desk, pane), FIRST, SECOND)
    assert [card.accessibleName() for card in pane.sent.cards] == [
        "演练监督员-001 320 m · own grid · orders 1 1",
        "演练监督员-002 2.5 km 2",
    ]
    assert "own grid · on duty · free" in pane.sent.cards[0].toolTip()
    assert "→ 演练监督员-001" in pane.buttons["order_check"].accessibleName()
    pane.do_suggested()
    assert ordered(desk) == FIRST.user


def test_a_number_key_sends_another(desk: FakeDesk, pane: ActsPane) -> None:
    propose(desk, show(desk, pane), FIRST, SECOND)
    assert pane.sent.cards[1].shortcut().toString() == "2"
    pane.sent.cards[1].click()
    assert "→ 演练监督员-002" in pane.buttons["order_check"].accessibleName()
    pane.do_suggested()
    assert ordered(desk) == SECOND.user
    assert [card._chosen for card in pane.sent.cards] == [False, True]


def test_a_choice_stays_when_the_server_proposes_anew(desk: FakeDesk, pane: ActsPane) -> None:
    case = show(desk, pane)
    propose(desk, case, FIRST, SECOND)
    pane.sent.cards[1].click()
    pane.sent.offer(case)
    propose(desk, case, SECOND, FIRST)
    assert pane.sent.chosen == SECOND.user


def test_a_verification_is_ordered_by_its_own_key(desk: FakeDesk, pane: ActsPane) -> None:
    propose(desk, show(desk, pane, State.REGISTERED), SECOND)
    pane.buttons["order_verification"].click()
    assert ordered(desk) == SECOND.user


def test_without_anybody_the_order_is_open_to_the_area_and_says_so(
    desk: FakeDesk, pane: ActsPane
) -> None:
    propose(desk, show(desk, pane))
    assert pane.sent._hint.text().startswith("Nobody to propose")
    pane.do_suggested()
    assert ordered(desk) is None


def test_what_was_proposed_for_another_case_is_not_offered(desk: FakeDesk, pane: ActsPane) -> None:
    case = show(desk, pane)
    show(desk, pane, State.REGISTERED)
    propose(desk, case, FIRST)
    assert pane.sent.chosen is None


def test_where_no_order_can_be_given_nobody_is_asked_for(desk: FakeDesk, pane: ActsPane) -> None:
    case = show(desk, pane, State.FILED)
    assert pane.sent.isHidden()
    assert (0, InspectorsQuery(case=case.id, limit=12)) not in desk.questions


def test_who_is_where_is_asked_by_the_centre_only(theme: Theme, qtbot: QtBot) -> None:
    for role, asks in ((Role.ACCEPTOR, True), (Role.INSPECTOR, False)):
        desk = FakeDesk()
        inspectors = Inspectors(desk.picture)
        inspectors.watch(desk)
        desk.join(replace(cases.welcome(), grants=(Grant(role=role),)))
        assert ((0, InspectorsQuery(limit=EVERYBODY)) in desk.questions) is asks


def test_names_come_with_the_list_and_an_unknown_one_is_shown_as_it_is(desk: FakeDesk) -> None:
    inspectors = Inspectors(desk.picture)
    inspectors.refresh()
    reply(desk, InspectorsQuery(limit=EVERYBODY), InspectorsReply(inspectors=(FIRST,)))
    assert inspectors.name(FIRST.user) == "演练监督员-001"
    assert (inspectors.name(UserId("li")), inspectors.name(None)) == ("li", "")


def test_distances_read_as_metres_or_kilometres() -> None:
    assert [distance(metres) for metres in (None, 0, 999, 1000, 12_340)] == [
        "", "0 m", "999 m", "1.0 km", "12.3 km",
    ]  # fmt: skip


def test_reasons_are_said_in_the_language_in_use(desk: FakeDesk, pane: ActsPane) -> None:
    propose(desk, show(desk, pane), FIRST)
    wording.use("zh_CN")
    pane.speak()
    assert "本责任网格 · 在岗 · 空闲" in pane.sent.cards[0].toolTip()


# --- anybody of the area, by name -----------------------------------------------------------------

THIRD, FOURTH, FAR = (
    replace(SECOND, user=UserId(f"inspector.00{n}"), name=name)
    for n, name in ((3, "演练监督员-003"), (4, "演练监督员-004"), (7, "张远"))
)
EVERYONE = (FIRST, SECOND, THIRD, FOURTH, FAR)


def write(pane: ActsPane, text: str) -> None:
    pane.sent.search.setText(text)
    pane.sent.search.textEdited.emit(text)


@pytest.fixture
def looking(desk: FakeDesk, pane: ActsPane, qtbot: QtBot) -> Case:
    """A case to be checked, the pane in front, and the field of names at hand."""
    case = show(desk, pane)
    propose(desk, case, *EVERYONE[:4])
    pane.show()
    with qtbot.waitActive(pane):
        pane.activateWindow()
    QTest.keyClick(pane, Qt.Key.Key_O, Qt.KeyboardModifier.ShiftModifier)
    assert pane.sent.search.hasFocus()
    return case


def test_everybody_who_may_be_sent_is_found_by_name(
    desk: FakeDesk, pane: ActsPane, looking: Case
) -> None:
    """The three proposed are the best; the person wanted may be another."""
    write(pane, "张")
    everybody = InspectorsQuery(case=looking.id, limit=EVERYBODY)
    reply(desk, everybody, InspectorsReply(inspectors=EVERYONE))
    QTest.keyClick(pane.sent.search, Qt.Key.Key_Return)
    assert pane.sent.chosen == FAR.user
    assert "→ 张远" in pane.buttons["order_check"].accessibleName()
    assert not pane.sent.search.hasFocus()
    pane.do_suggested()
    assert desk.wishes[-1].command == acts.OrderCheck(inspector=FAR.user)


def test_the_three_proposed_stay_where_they_are_when_everybody_is_known(
    desk: FakeDesk, pane: ActsPane, looking: Case
) -> None:
    write(pane, "inspector.00")
    everybody = InspectorsQuery(case=looking.id, limit=EVERYBODY)
    reply(desk, everybody, InspectorsReply(inspectors=EVERYONE))
    assert len(pane.sent.cards) == 3
    assert pane.sent.chosen == FIRST.user


def test_enter_in_the_field_takes_a_name_and_sends_nothing(
    desk: FakeDesk, theme: Theme, qtbot: QtBot
) -> None:
    """The case's own Enter does its suggested act from anywhere else."""
    selection = Selection()
    detail = DetailPane(desk.picture, selection, desk.wishes.append, theme)
    qtbot.addWidget(detail)
    case = cases.one(State.FEEDBACK)
    desk.show(case)
    selection.select(case.id)
    propose(desk, case, *EVERYONE[:4])
    with qtbot.waitActive(detail):
        detail.show()
        detail.activateWindow()
    QTest.keyClick(detail, Qt.Key.Key_O, Qt.KeyboardModifier.ShiftModifier)
    sent = detail.acts.sent
    for key in ("9", "9"):
        QTest.keyClicks(sent.search, key)
    QTest.keyClick(sent.search, Qt.Key.Key_Return)
    assert (sent.chosen, desk.wishes) == (FIRST.user, []), "nobody is called that: none is taken"
    assert sent._hint.text() == "Nobody of the area is called that."
    sent.search.clear()
    QTest.keyClicks(sent.search, "004")
    QTest.keyClick(sent.search, Qt.Key.Key_Return)
    assert (sent.chosen, desk.wishes) == (FOURTH.user, [])


@pytest.mark.usefixtures("looking")
def test_esc_in_the_field_gives_the_keys_back(pane: ActsPane, qtbot: QtBot) -> None:
    """The window takes `settled` to the rows of the queue."""
    with qtbot.waitSignal(pane.settled):
        QTest.keyClick(pane.sent.search, Qt.Key.Key_Escape)
    assert pane.sent.search.isHidden()


HOLDER = replace(FIRST, reasons=(Reason.HAS_ORDER, *FIRST.reasons), proposed=False)
ASLEEP = replace(FAR, reasons=(Reason.OFF_DUTY, Reason.NO_POSITION), metres=None, proposed=False)


def test_only_whom_the_server_proposes_has_a_card(desk: FakeDesk, pane: ActsPane) -> None:
    propose(desk, show(desk, pane, State.CHECKING), SECOND, HOLDER, ASLEEP)
    assert len(pane.sent.cards) == 1
    assert pane.sent.chosen == SECOND.user


def test_who_is_not_proposed_may_be_named_and_the_list_says_why_not(
    desk: FakeDesk, pane: ActsPane, looking: Case
) -> None:
    write(pane, "张")
    everybody = InspectorsQuery(case=looking.id, limit=EVERYBODY)
    reply(desk, everybody, InspectorsReply(inspectors=(*EVERYONE[:4], ASLEEP)))
    assert "off duty · position unknown" in _in_words(ASLEEP)
    assert "has this order" in _in_words(HOLDER)
    QTest.keyClick(pane.sent.search, Qt.Key.Key_Return)
    pane.do_suggested()
    assert ordered(desk) == ASLEEP.user


def test_who_was_proposed_before_an_order_was_given_is_chosen_no_longer(
    desk: FakeDesk, pane: ActsPane
) -> None:
    case = show(desk, pane)
    propose(desk, case, FIRST, SECOND)
    given = replace(cases.one(State.CHECKING), id=case.id, inspector=FIRST.user)
    desk.show(given)
    pane.show_case(given)
    assert pane.sent.chosen is None


@pytest.mark.usefixtures("looking")
def test_a_number_takes_a_proposed_one_again(pane: ActsPane) -> None:
    write(pane, "004")
    QTest.keyClick(pane.sent.search, Qt.Key.Key_Return)
    assert pane.sent.chosen == FOURTH.user
    pane.sent.cards[1].click()
    assert (pane.sent.chosen, pane.sent.search.text()) == (SECOND.user, "")


def test_whom_one_case_was_to_go_to_is_not_kept_for_the_next(
    desk: FakeDesk, pane: ActsPane, looking: Case
) -> None:
    write(pane, "004")
    QTest.keyClick(pane.sent.search, Qt.Key.Key_Return)
    other = replace(looking, id=cases.one(State.FILED).id)
    desk.show(other)
    pane.show_case(other)
    assert (pane.sent.chosen, pane.sent.search.text()) == (None, "")


def test_nobody_is_chosen_while_a_colleague_has_the_case(desk: FakeDesk, pane: ActsPane) -> None:
    case = cases.one(State.FEEDBACK)
    held = replace(case, claim=Claim(user=UserId("he"), since=cases.NOW))
    desk.show(held)
    pane.show_case(held)
    assert pane.sent.isHidden()


def settled(pane: ActsPane) -> tuple[int, int]:
    """How tall the inspectors' place is, and where a key below it stands, once laid out."""
    for _ in range(5):
        QApplication.processEvents()
    return pane.sent.height(), pane.buttons["note"].mapTo(pane, QPoint()).y()


def test_the_keys_below_stay_where_they_are_while_inspectors_are_asked_for(
    desk: FakeDesk, pane: ActsPane
) -> None:
    pane.resize(420, 600)
    pane.show()
    three = (FIRST, SECOND, replace(SECOND, user=UserId("third")))
    first, second = [each for each in cases.cases(300) if each.state is State.FEEDBACK][:2]
    propose(desk, show(desk, pane, case=first), *three)
    before = settled(pane)
    show(desk, pane, case=second)
    assert pane.sent.cards == []
    while_asked = settled(pane)
    propose(desk, second, *three)
    assert (while_asked, settled(pane)) == (before, before)


@pytest.mark.parametrize("state", [State.REGISTERED, State.FEEDBACK])
def test_a_key_beside_the_proposed_looks_for_anybody_by_name(
    desk: FakeDesk, pane: ActsPane, state: State
) -> None:
    pane.show()
    propose(desk, show(desk, pane, state), FIRST)
    assert pane.sent.by_name.isVisible()
    assert pane.sent.by_name.accessibleName() == "By name Shift+O"
    pane.sent.by_name.click()
    assert (pane.sent.search.isVisible(), pane.sent.by_name.isVisible()) == (True, False)
