"""The panes together: one selection, keys that move, the saved seat."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from backend_client.notices import Answered, LinkState
from casework import acts
from casework.case import Order
from casework.claims import TakeNext
from casework.terms import LogId, Role, State, UserId
from casework.wire import Ack, Nack
from console.camera import Camera, Look, looks
from console.counters import Counters
from console.panes.map import MapPane
from console.picture import Wish
from console.settings import Settings
from console.window import DeskWindow
from tests.console import cases
from tests.console.fake_desk import FakeDesk
from widgets.theme import Theme

ROOT = Path(__file__).parents[2]


@pytest.fixture
def window(desk: FakeDesk, theme: Theme, settings: Settings, qtbot: QtBot) -> DeskWindow:
    window = DeskWindow(desk.picture, desk.picture.ask, theme, settings)
    qtbot.addWidget(window)
    desk.show(*cases.cases(300))
    window.show()
    window.load_map()
    return window


def test_queue_map_and_case_agree_on_the_selection(window: DeskWindow, desk: FakeDesk) -> None:
    window.open_box("dispatched")
    case = cases.one(State.DISPATCHED)
    assert isinstance(window.map, MapPane)
    window.map.canvas.picked.emit(case.id)
    assert window.queue.view.selected_key() == case.id
    assert window.map.canvas._selected == case.id
    assert window.detail._number.text() == case.id.partition("-")[2]


def test_before_anybody_has_signed_in_no_link_is_said_to_be_made(
    theme: Theme, settings: Settings, qtbot: QtBot
) -> None:
    desk = FakeDesk()
    window = DeskWindow(desk.picture, desk.picture.ask, theme, settings)
    qtbot.addWidget(window)
    assert "Connecting …" in said(window)
    window.signing_in.wants_person(0)
    assert "Not signed in" in said(window)
    desk.picture.leave(0)
    assert "Connecting …" in said(window)


def said(window: DeskWindow) -> str:
    """What the lamp in the top bar says."""
    return window.top.strip.lamp.accessibleName()


def marked(window: DeskWindow) -> list[object]:
    """The rows of the queue that are painted as the open one."""
    table, view = window.queue.table, window.queue.view
    return [table.key_at(index.row()) for index in view.selectionModel().selectedRows()]


@pytest.mark.parametrize("box", ["filed", "late", "feedback"])
def test_the_row_of_the_open_case_is_marked_in_every_box(
    window: DeskWindow, qtbot: QtBot, box: str
) -> None:
    """Also where Qt, by giving the rows the focus, chose the current one."""
    with qtbot.waitActive(window):
        window.activateWindow()
    window.queue.focus_rows()
    window.open_box(box)
    assert window.selection.case is not None
    assert marked(window) == [window.selection.case]


def test_a_box_that_holds_the_open_case_opens_on_it(window: DeskWindow) -> None:
    window.open_box("filed")
    last = window.queue.table.key_at(window.queue.table.rowCount() - 1)
    window.open_box("feedback")
    window.selection.select(last)
    window.open_box("filed")
    assert (window.selection.case, marked(window)) == (last, [last])


def test_the_keys_go_where_they_say(window: DeskWindow) -> None:
    QTest.keyClick(window, Qt.Key.Key_4, Qt.KeyboardModifier.ControlModifier)
    assert window.boxes.list.chosen_key() == "filed"
    QTest.keyClick(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert window.focusWidget() is window.queue.filter
    QTest.keyClick(window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert window.below.currentWidget() is window.report
    QTest.keyClick(window.report.form.case_class.line, Qt.Key.Key_Escape)
    assert window.below.currentWidget() is window.detail


@pytest.fixture
def noting(window: DeskWindow, qtbot: QtBot) -> DeskWindow:
    """The active window with a note's question open."""
    with qtbot.waitActive(window):
        window.activateWindow()
    window.open_box("filed")
    window.queue.focus_rows()
    window.detail.acts.buttons["note"].click()
    return window


def test_after_an_answered_question_the_keys_are_the_queue_s(noting: DeskWindow) -> None:
    field = noting.detail.acts.prompt.field
    field.setText("等回电")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert noting.focusWidget() is noting.queue.view


def test_enter_in_the_queue_goes_back_into_an_open_question(noting: DeskWindow) -> None:
    noting.queue.focus_rows()
    QTest.keyClick(noting.queue.view, Qt.Key.Key_Return)
    assert noting.focusWidget() is noting.detail.acts.prompt.field


def test_a_call_is_taken_while_a_question_is_open(noting: DeskWindow) -> None:
    QTest.keyClick(
        noting.detail.acts.prompt.field, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier
    )
    assert noting.below.currentWidget() is noting.report


def test_enter_on_a_row_does_the_suggested_act_and_goes_on_to_the_next(
    window: DeskWindow, desk: FakeDesk, qtbot: QtBot
) -> None:
    window.open_box("pending_close")
    first = window.selection.case
    assert first is not None
    QTest.keyClick(window.queue.view, Qt.Key.Key_Return)
    assert [sent[1] for sent in desk.sent] == [f"case/{first}"]
    assert window.selection.case == first, "nothing looks done before it is"
    case = desk.picture.case(first)
    assert case is not None
    ack = Ack(id="ask-0001", log=cases.LOG, number=10, stream="", version=case.version + 1)
    desk.hear(Answered(id="ask-0001", answer=ack))
    done = replace(case, version=case.version + 1, state=State.CLOSED, ended_at=cases.NOW)
    desk.show(done)
    assert window.selection.case not in (None, first)


def test_a_letter_in_the_opinion_is_a_letter(
    window: DeskWindow, desk: FakeDesk, qtbot: QtBot
) -> None:
    window.open_box("pending_close")
    window.detail.acts.fields.opinion.setFocus()
    QTest.keyClicks(window.detail.acts.fields.opinion, "cx")
    assert (window.detail.acts.fields.opinion.text(), desk.sent) == ("cx", [])


def test_an_opinion_that_was_being_typed_comes_back_with_its_case(
    window: DeskWindow, desk: FakeDesk
) -> None:
    window.open_box("pending_close")
    case, opinion = window.selection.case, window.detail.acts.fields.opinion
    assert case is not None
    QTest.keyClicks(opinion, "half a sen")
    window.open_box("filed")
    assert opinion.text() == ""
    window.open_box("pending_close")
    window.selection.select(case)
    assert opinion.text() == "half a sen"


def test_an_opinion_is_dropped_once_its_act_is_durable_and_comes_back_when_it_is_refused(
    window: DeskWindow, desk: FakeDesk
) -> None:
    window.open_box("pending_close")
    case, opinion = window.selection.case, window.detail.acts.fields.opinion
    assert case is not None
    QTest.keyClicks(opinion, "all clean")
    QTest.keyClick(window.queue.view, Qt.Key.Key_Return)
    assert opinion.text() == ""
    desk.hear(Answered(id="ask-0001", answer=Nack(id="ask-0001", code="case.not_yours")))
    assert opinion.text() == "all clean"
    QTest.keyClick(window.queue.view, Qt.Key.Key_Return)
    ack = Ack(id="ask-0002", log=cases.LOG, number=10, stream="", version=1)
    desk.hear(Answered(id="ask-0002", answer=ack))
    window.open_box("filed")
    window.selection.select(case)
    assert opinion.text() == ""


def test_a_refused_sign_in_shows_the_sign_in_pane(
    theme: Theme, settings: Settings, qtbot: QtBot
) -> None:
    desk = FakeDesk()
    window = DeskWindow(desk.picture, desk.picture.ask, theme, settings)
    qtbot.addWidget(window)
    desk.link(LinkState.REFUSED, "sign_in.wrong")
    assert window.pages.currentWidget() is window.sign_in
    assert window.sign_in.answer.text() == "User or password is wrong."
    desk.join()
    assert window.pages.currentWidget() is not window.sign_in


def test_the_card_signs_in_to_each_server_in_its_turn_and_stays_for_the_one_that_refuses(
    theme: Theme, settings: Settings, qtbot: QtBot
) -> None:
    desk = FakeDesk(servers=2)
    window = DeskWindow(desk.picture, desk.picture.ask, theme, settings)
    qtbot.addWidget(window)
    for number in range(2):
        window.signing_in.wants_person(number)
    assert (window.signing_in.turns.site, window.sign_in.server.text()) == (
        0,
        "ws://127.0.0.1:8700",
    )
    desk.join()
    assert window.pages.currentWidget() is window.sign_in
    assert (window.signing_in.turns.site, window.sign_in.server.text()) == (
        1,
        "ws://127.0.0.1:8701",
    )
    assert "ws://127.0.0.1:8701" in window.sign_in.card.hint.text()
    desk.link(LinkState.REFUSED, "sign_in.wrong", site=1)
    assert window.pages.currentWidget() is window.sign_in
    assert window.sign_in.answer.text() == "User or password is wrong."
    desk.join(cases.welcome(LogId("yantian")), site=1)
    assert window.pages.currentWidget() is not window.sign_in


def test_the_card_says_that_the_server_does_not_answer_and_takes_another_try(
    theme: Theme, settings: Settings, qtbot: QtBot
) -> None:
    desk = FakeDesk()
    window = DeskWindow(desk.picture, desk.picture.ask, theme, settings)
    qtbot.addWidget(window)
    window.signing_in.wants_person(0)
    window.sign_in.trying()
    desk.link(LinkState.LOST, "link.unreachable")
    assert "does not answer" in window.sign_in.answer.text()
    assert window.sign_in.go.isEnabled()


def test_a_server_that_does_not_answer_keeps_nobody_from_the_other(
    theme: Theme, settings: Settings, qtbot: QtBot
) -> None:
    desk = FakeDesk(servers=2)
    window = DeskWindow(desk.picture, desk.picture.ask, theme, settings)
    qtbot.addWidget(window)
    for number in range(2):
        window.signing_in.wants_person(number)
    desk.link(LinkState.LOST, "link.unreachable")
    assert window.sign_in.server.text() == "ws://127.0.0.1:8701"
    assert window.sign_in.answer.text().startswith("ws://127.0.0.1:8700: ")
    desk.join(cases.welcome(LogId("yantian")), site=1)
    assert window.pages.currentWidget() is window.pages.desk


def test_the_desk_opens_where_the_last_server_asked_for_does_not_answer(
    theme: Theme, settings: Settings, qtbot: QtBot
) -> None:
    desk = FakeDesk(servers=2)
    window = DeskWindow(desk.picture, desk.picture.ask, theme, settings)
    qtbot.addWidget(window)
    for number in range(2):
        window.signing_in.wants_person(number)
    desk.join()
    desk.link(LinkState.LOST, "link.unreachable", site=1)
    assert window.pages.currentWidget() is window.pages.desk


def test_a_person_who_is_named_is_asked_for_the_password_only(
    theme: Theme, settings: Settings, qtbot: QtBot
) -> None:
    desk = FakeDesk()
    window = DeskWindow(desk.picture, desk.picture.ask, theme, settings)
    qtbot.addWidget(window)
    window.signing_in.wants_person(0, "zhang")
    assert window.sign_in.user.text() == "zhang"
    assert window.focusWidget() is window.sign_in.password


def test_who_leaves_the_card_is_not_asked_again_until_they_wish(
    theme: Theme, settings: Settings, qtbot: QtBot
) -> None:
    desk = FakeDesk(servers=2)
    window = DeskWindow(desk.picture, desk.picture.ask, theme, settings)
    qtbot.addWidget(window)
    desk.join()
    desk.link(LinkState.REFUSED, "sign_in.wrong", site=1)
    assert window.signing_in.turns.site == 1
    window.sign_in.left.emit()
    desk.link(LinkState.LOST, "link.cut")
    assert window.pages.currentWidget() is not window.sign_in
    window.signing_in.show()
    assert window.signing_in.turns.site == 1


def test_tab_walks_from_the_opinion_through_the_acts_to_the_history(window: DeskWindow) -> None:
    window.open_box("filed")
    acts = window.detail.acts
    walked: list[QWidget] = []
    at: QWidget | None = acts.fields.opinion
    while at is not None and at is not window.detail.timeline:
        walked.append(at)
        at = at.nextInFocusChain()
    keys = [widget for widget in walked if widget in acts.buttons.values()]
    assert keys == list(acts.buttons.values()), "the suggested act first, and none left out"


def test_who_looks_at_the_sign_in_card_comes_back_to_the_desk(window: DeskWindow) -> None:
    window.signing_in.show()
    assert window.notice.isHidden()
    QTest.keyClick(window.sign_in.user, Qt.Key.Key_Escape)
    assert window.pages.currentWidget() is not window.sign_in


def test_a_seat_remembers_its_layout_and_choices(settings: Settings, tmp_path: Path) -> None:
    settings.language, settings.palette, settings.scale = "zh_CN", "night", 125
    settings.flush()
    again = Settings(tmp_path / "console.ini")
    assert (again.language, again.palette, again.scale) == ("zh_CN", "night", 125)


def test_an_impossible_setting_reads_as_the_default(tmp_path: Path) -> None:
    file = tmp_path / "console.ini"
    file.write_text("[General]\nlanguage=xx\npalette=pink\nscale=9000\n", "utf-8")
    settings = Settings(file)
    assert (settings.language, settings.palette, settings.scale) == ("", "day", 175)


def test_the_camera_takes_every_look(window: DeskWindow, tmp_path: Path, qtbot: QtBot) -> None:
    worn: list[Look] = []
    camera = Camera(window, tmp_path, looks(("en",), ("day",)), worn.append)
    with qtbot.waitSignal(camera.done):
        camera.start()
    assert [path.name for path in camera.taken] == [
        "watchdesk-en-day-1366x768.png",
        "watchdesk-en-day-1920x1080.png",
    ]
    assert len(worn) == 2


def test_the_counters_count_steps_and_not_the_first_picture(desk: FakeDesk) -> None:
    counters = Counters(desk.picture)
    filed, closing = cases.one(State.FILED), cases.one(State.PENDING_CLOSE)
    desk.show(filed, closing)
    assert counters.seen()[:3] == (0, 0, 0)
    desk.show(replace(filed, state=State.DISPATCHED), replace(closing, state=State.CLOSED))
    desk.show(cases.one(State.REGISTERED))
    assert counters.seen()[:3] == (1, 1, 1)


def test_the_window_needs_neither_numpy_nor_workbooks_to_open() -> None:
    """Start to first live row ≤ 2.5 s: heavy packages come with what needs them."""
    code = (
        "import sys, console.app\n"
        "print([n for n in ('numpy', 'pyqtgraph', 'sqlalchemy', 'xlsxwriter') if n in sys.modules])"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "[]"


def test_the_map_stays_behind_the_first_rows_and_needs_none(
    desk: FakeDesk, theme: Theme, settings: Settings, qtbot: QtBot
) -> None:
    window = DeskWindow(desk.picture, desk.picture.ask, theme, settings)
    qtbot.addWidget(window)
    window.show()
    desk.show(*cases.cases(30))
    assert not isinstance(window.map, MapPane), "it would keep the rows from being painted"
    qtbot.waitUntil(lambda: isinstance(window.map, MapPane))


def test_the_page_of_people_is_made_when_it_is_first_asked_for(window: DeskWindow) -> None:
    def made() -> list[str]:
        pages = window.pages
        return [type(pages.widget(number)).__name__ for number in range(pages.count())]

    assert "PeoplePage" not in made()
    assert window.pages.people in window.pages.children()
    assert made().count("PeoplePage") == 1


def test_a_run_of_some_seconds_closes_by_itself(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path\n"
        "from console.app import Options, Server, run_console\n"
        f"settings = Path({str(tmp_path / 'console.ini')!r})\n"
        "servers = (Server('ws://127.0.0.1:9'),)\n"
        "options = Options(servers, seconds=0.2, settings_file=settings)\n"
        "sys.exit(run_console(options).status)"
    )
    where = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=where, check=True, timeout=30)


# --- the next case, and the last act --------------------------------------------------------------


def test_g_asks_for_the_next_case_of_the_open_link(window: DeskWindow, desk: FakeDesk) -> None:
    window.open_box("filed")
    QTest.keyClick(window, Qt.Key.Key_G)
    *_, (_, stream, _, role, command) = desk.sent
    assert (stream, role, command) == ("", Role.DISPATCHER, TakeNext(states=(State.FILED,)))


@pytest.mark.parametrize("state", [State.VERIFYING, State.CHECKING])
def test_g_in_a_box_of_orders_asks_for_one_that_is_late(
    window: DeskWindow, desk: FakeDesk, state: State
) -> None:
    """It is the inspector's turn, and the acceptor's again when the order is late."""
    window.open_box(state)
    QTest.keyClick(window, Qt.Key.Key_G)
    *_, (_, _, _, role, command) = desk.sent
    assert (role, command) == (Role.ACCEPTOR, TakeNext(states=(state,)))


def test_the_case_that_was_taken_is_opened(window: DeskWindow, desk: FakeDesk) -> None:
    window.open_box("filed")
    QTest.keyClick(window, Qt.Key.Key_G)
    taken = cases.one(State.FILED)
    ack = Ack(id="ask-0001", log=cases.LOG, number=9, stream=f"case/{taken.id}", version=1)
    desk.hear(Answered(id=f"ask-{len(desk.sent):04}", answer=ack))
    assert window.selection.case == taken.id


def test_a_filter_does_not_hide_the_case_that_was_taken(window: DeskWindow, desk: FakeDesk) -> None:
    window.open_box("filed")
    window.queue.filter.setText("nothing is called so")
    QTest.keyClick(window, Qt.Key.Key_G)
    taken = cases.one(State.FILED)
    ack = Ack(id="ask-0001", log=cases.LOG, number=9, stream=f"case/{taken.id}", version=1)
    desk.hear(Answered(id=f"ask-{len(desk.sent):04}", answer=ack))
    assert window.queue.has(taken.id)
    assert window.queue.box_key == "filed"


def test_esc_in_the_rows_lets_the_filter_go_and_keeps_the_case(window: DeskWindow) -> None:
    window.open_box("filed")
    queue = window.queue
    before = queue.table.rowCount()
    last = queue.table.key_at(before - 1)
    queue.filter.setText(last.partition("-")[2])
    queue.focus_rows()
    QTest.keyClick(queue.view, Qt.Key.Key_Escape)
    assert (queue.filter.text(), queue.table.rowCount()) == ("", before)
    assert queue.view.selected_key() == window.selection.case == last


def test_esc_in_the_rows_lets_the_marks_go_before_the_filter(window: DeskWindow) -> None:
    window.open_box("filed")
    queue = window.queue
    queue.filter.setText(queue.table.key_at(0).partition("-")[2])
    queue.focus_rows()
    QTest.keyClick(queue.view, Qt.Key.Key_Space)
    QTest.keyClick(queue.view, Qt.Key.Key_Escape)
    assert queue.filter.text()
    assert not window.selection.marks
    QTest.keyClick(queue.view, Qt.Key.Key_Escape)
    assert queue.filter.text() == ""


def test_enter_in_the_boxes_goes_on_to_the_rows(window: DeskWindow) -> None:
    QTest.keyClick(window, Qt.Key.Key_F2)
    QTest.keyClick(window.boxes.list, Qt.Key.Key_Down)
    QTest.keyClick(window.boxes.list, Qt.Key.Key_Return)
    assert window.focusWidget() is window.queue.view


def test_ctrl_and_nought_opens_the_tenth_box(window: DeskWindow) -> None:
    QTest.keyClick(window, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
    assert window.queue.box_key == window.boxes.key_of(10) == "pending_close"


def test_ctrl_z_takes_the_last_act_back_whatever_case_is_open_now(
    window: DeskWindow, desk: FakeDesk
) -> None:
    done, other = cases.one(State.FILED), cases.one(State.PREFILED)
    wish = Wish("withdraw", done.id, Role.DISPATCHER, acts.WithdrawDispatch(reason="x"))
    desk.picture.ask(wish)
    ack = Ack(id="x", log=cases.LOG, number=9, stream=f"case/{done.id}", version=done.version)
    desk.hear(Answered(id=f"ask-{len(desk.sent):04}", answer=ack))
    window.selection.select(other.id)
    QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert desk.sent[-1][1:] == (
        f"case/{done.id}",
        done.version,
        Role.DISPATCHER,
        acts.TakeBack(),
    )
    assert window.selection.case == done.id


def test_ctrl_z_before_any_act_says_that_there_is_nothing(
    window: DeskWindow, desk: FakeDesk
) -> None:
    before = len(desk.sent)
    QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert len(desk.sent) == before
    said = [label.text() for label in window.notice.refusal.findChildren(QLabel)]
    assert "There is nothing to undo." in said


def test_one_key_lists_all_orders_and_enter_opens_the_case_of_the_worst(
    window: DeskWindow, desk: FakeDesk
) -> None:
    case = cases.one(State.CHECKING)
    sent = case.link_since
    desk.show(replace(case, inspector=UserId("li"), order=Order(sent_at=sent)))
    QTest.keyClick(window, Qt.Key.Key_F5)
    assert window.below.currentWidget() is window.orders
    worst = window.orders.table.row_at(0).case.id
    assert worst == case.id
    QTest.keyClick(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert window.focusWidget() is window.orders.filter
    QTest.keyClick(window.orders.filter, Qt.Key.Key_Escape)
    QTest.keyClick(window.orders.view, Qt.Key.Key_Return)
    assert window.selection.case == worst
    assert window.below.currentWidget() is window.detail


def test_the_same_key_turns_to_the_inspectors_and_esc_leaves(window: DeskWindow) -> None:
    for people in (False, True, False):
        QTest.keyClick(window, Qt.Key.Key_F5)
        assert window.orders.shows_people is people
    QTest.keyClick(window.orders.view, Qt.Key.Key_Escape)
    assert window.below.currentWidget() is window.detail


def test_the_page_of_keys_does_not_keep_the_window_tall(window: DeskWindow) -> None:
    window.resize(1366, 1080)
    window.below.show_keys()
    for _ in range(3):
        QApplication.processEvents()
    window.resize(1366, 768)
    assert window.height() == 768


def test_the_heading_of_the_ended_says_for_how_long(window: DeskWindow) -> None:
    window.open_box("closed")
    assert window.queue._title.text() == "Closed, 24 h"
