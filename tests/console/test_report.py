"""The call taker's form: by keys alone, its place, its receipt, its drafts."""

from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from backend_client.drafts import Drafts, Owner
from backend_client.notices import Answered, Fetched, LinkState
from casework import acts
from casework.decider import Grant, Personal
from casework.queries import AddressQuery
from casework.replies import AddressReply, EarlierAddress
from casework.rules.placing import Locator
from casework.rules.responsibility import responsibility_grid
from casework.terms import AreaId, CaseId, Kind, Point, Role, Source, Urgency, UserId, point
from casework.wire import Ack, Nack
from console import names, vocabulary
from console.panes.report import ReportPane
from console.settings import Settings
from console.window import DeskWindow
from tests.console import cases
from tests.console.fake_desk import FakeDesk
from widgets.plain_label import PlainLabel
from widgets.theme import Theme

DOWN, ENTER, TAB, SPACE = (
    Qt.Key.Key_Down,
    Qt.Key.Key_Return,
    Qt.Key.Key_Tab,
    Qt.Key.Key_Space,
)
CONTROL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
OWNER = Owner("ws://127.0.0.1:8700", "chen")


@pytest.fixture
def window(desk: FakeDesk, theme: Theme, settings: Settings, qtbot: QtBot) -> DeskWindow:
    window = DeskWindow(desk.picture, desk.picture.ask, theme, settings)
    qtbot.addWidget(window)
    window.show()
    window.load_map()
    window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)
    press(Qt.Key.Key_N, CONTROL, at=window)
    assert focused() is window.report.form.case_class.line
    return window


def focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def press(
    key: Qt.Key,
    modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
    at: QWidget | None = None,
) -> None:
    QTest.keyClick(at or focused(), key, modifier)


def write(text: str) -> None:
    QTest.keyClicks(focused(), text)


def words(widget: QWidget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(PlainLabel))


def sent(desk: FakeDesk) -> acts.ReportCase:
    command = desk.sent[-1][-1]
    assert isinstance(command, acts.ReportCase)
    return command


def acknowledge(desk: FakeDesk, order: int = 42) -> None:
    ask = f"ask-{len(desk.sent):04}"
    stream = f"case/{cases.LOG}-20080613-{order:05}"
    desk.hear(
        Answered(id=ask, answer=Ack(id=ask, log=cases.LOG, number=9, stream=stream, version=1))
    )


def refuse(desk: FakeDesk, code: str) -> None:
    ask = f"ask-{len(desk.sent):04}"
    desk.hear(Answered(id=ask, answer=Nack(id=ask, code=code)))


# --- the hand's path --------------------------------------------------------------------------


def test_enter_goes_on_from_every_field_but_the_text(window: DeskWindow) -> None:
    form = window.report.form
    write("exposed")
    press(ENTER)
    press(ENTER)
    assert focused() is form.place.line
    form.source.setFocus()
    press(ENTER)
    assert focused() is form.urgency
    press(ENTER)
    press(ENTER)
    assert focused() not in (form.urgency, form.wants_reply)


def test_an_inspector_s_own_find_comes_from_the_inspector_and_may_be_done_on_the_spot(
    window: DeskWindow, desk: FakeDesk
) -> None:
    desk.join(replace(cases.welcome(), user=UserId("wu"), grants=(Grant(role=Role.INSPECTOR),)))
    form = window.report.form
    form.case_class.line.setFocus()
    write("exposed")
    press(ENTER)
    form.handled.setFocus()
    press(SPACE)
    press(ENTER, CONTROL)
    command = sent(desk)
    assert (command.source, command.handled) == (Source.INSPECTOR, True)
    assert not form.handled.isChecked()


def test_a_call_taker_deals_with_nothing_on_the_spot(window: DeskWindow, desk: FakeDesk) -> None:
    assert window.report.form.handled.isHidden()
    assert window.report.form.state.source is Source.PHONE


def test_a_whole_report_is_made_without_a_mouse(window: DeskWindow, desk: FakeDesk) -> None:
    write("exposed")
    press(ENTER)
    press(TAB)
    write("dongmen")
    press(DOWN)
    press(ENTER)
    press(ENTER)
    write("gate 3")
    press(TAB)
    write("Li")
    press(ENTER)
    write("13800002190")
    press(TAB)
    press(DOWN)
    press(TAB)
    press(DOWN)
    press(TAB)
    press(SPACE)
    press(ENTER, CONTROL)
    command = sent(desk)
    of = cases.rules().case_class(Kind.INCIDENT, "0102")
    assert of is not None
    assert (command.kind, command.code, command.condition) == (
        of.kind,
        of.code,
        of.conditions[0].id,
    )
    assert command.personal == Personal(
        name="Li", phone="13800002190", address="Dongmen Pedestrian Street", text="gate 3"
    )
    assert command.point == point(22.546, 114.119)
    assert (command.source, command.urgency, command.wants_reply) == (
        Source.APP,
        Urgency.URGENT,
        True,
    )


def test_the_first_source_is_the_phone_and_the_first_class_an_incident(
    window: DeskWindow, desk: FakeDesk
) -> None:
    write("other")
    press(ENTER)
    press(ENTER, CONTROL)
    assert (sent(desk).source, sent(desk).kind) == (Source.PHONE, Kind.INCIDENT)


@pytest.mark.parametrize("typed", ["0102", "暴露", "Exposed"])
def test_a_class_is_found_by_code_name_or_english(
    window: DeskWindow, desk: FakeDesk, typed: str
) -> None:
    line = window.report.form.case_class.line
    line.setText(typed)
    line.typed.emit(typed)
    press(ENTER)
    chosen = window.report.form.case_class.chosen
    assert chosen is not None
    assert chosen.code == "0102"


def test_each_condition_shows_its_own_limit_and_is_sent(window: DeskWindow, desk: FakeDesk) -> None:
    of = next(each for each in cases.rules().scheme.classes if len(each.conditions) > 1)
    window.report.form.case_class.choose(of)
    box = window.report.form.case_class.condition
    assert all(
        vocabulary.limit(each.general) in box.itemText(n) for n, each in enumerate(of.conditions)
    )
    box.setFocus()
    press(DOWN)
    press(ENTER, CONTROL)
    assert sent(desk).condition == of.conditions[1].id


def test_esc_first_puts_the_candidates_away_and_then_the_form(window: DeskWindow) -> None:
    write("exposed")
    press(Qt.Key.Key_Escape)
    assert window.below.currentWidget() is window.report
    press(Qt.Key.Key_Escape)
    assert window.below.currentWidget() is window.detail
    press(Qt.Key.Key_N, CONTROL, at=window)
    assert window.report.form.case_class.line.text() == "exposed"


# --- the place --------------------------------------------------------------------------------


def place_words(window: DeskWindow) -> str:
    return words(window.report.form.place)


def test_district_street_and_grid_show_before_saving(window: DeskWindow) -> None:
    here = Locator(cases.rules()).place(point(22.55, 114.05))
    names = desk_names(window)
    window.report.form.place.setFocus()
    write("wgs84 22.55 114.05")
    shown = place_words(window)
    assert names.area(here.district) in shown
    assert names.area(here.street) in shown
    assert str(here.grid) in shown
    grid = responsibility_grid(cases.rules(), here.grid, here.street)
    assert grid is not None
    assert f"responsibility grid {grid.id}" in shown, "its name is Chinese"


def desk_names(window: DeskWindow) -> names.Names:
    return window._picture.names()


def test_the_system_of_bare_figures_is_said_and_the_others_are_offered(
    window: DeskWindow, desk: FakeDesk
) -> None:
    window.report.form.place.setFocus()
    write("22.55,114.05")
    assert "GCJ-02" in place_words(window)
    offered = window.report.form.place.line.list
    systems = [offered.item(row).text().split()[0] for row in range(offered.count())]
    assert systems == ["GCJ-02", "WGS-84", "BD-09"]
    press(DOWN)
    press(TAB)
    assert window.report.form.place.point == point(22.55, 114.05)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("0, 0", "The position is empty (0, 0)."),
        ("39.9 116.4", "The position lies outside the city."),
        ("N114.05 E22.55", "Latitude and longitude are exchanged."),
        ("449999001", "The rule book has no street or district with this code."),
    ],
)
def test_what_is_no_place_is_said_at_the_place_and_not_sent(
    window: DeskWindow, desk: FakeDesk, typed: str, sentence: str
) -> None:
    write("0102")
    press(ENTER)
    window.report.form.place.setFocus()
    write(typed)
    assert sentence in place_words(window)
    press(ENTER, CONTROL)
    assert desk.sent == []
    assert sentence in window.report.form.answer.text()


def test_the_exchange_that_is_offered_is_taken_by_enter(window: DeskWindow) -> None:
    window.report.form.place.setFocus()
    write("wgs84 N114.05 E22.55")
    press(ENTER)
    assert window.report.form.place.point == point(22.55, 114.05)


def test_a_click_on_the_map_fills_the_place_and_sets_the_pin(window: DeskWindow) -> None:
    pinned: list[Point | None] = []
    window.report.pinned.connect(pinned.append)
    window.map.placed.emit(22.55, 114.05)  # type: ignore[attr-defined]  # the map, loaded late
    assert pinned == [point(22.55, 114.05)]
    assert "grid 4403" in place_words(window)


def test_the_maps_middle_is_taken_by_the_space_bar(window: DeskWindow) -> None:
    press(Qt.Key.Key_F6, at=window)
    press(Qt.Key.Key_Plus)
    press(SPACE)
    assert window.report.form.place.point is not None
    assert "grid 4403" in place_words(window)


def test_a_click_on_the_map_is_no_place_while_no_report_is_open(window: DeskWindow) -> None:
    press(Qt.Key.Key_Escape)
    window.map.placed.emit(22.55, 114.05)  # type: ignore[attr-defined]  # the map, loaded late
    assert window.report.form.place.point is None


def test_a_street_by_name_is_a_place_without_a_point(window: DeskWindow, desk: FakeDesk) -> None:
    write("0102")
    press(ENTER)
    window.report.form.place.setFocus()
    write("Lianhua")
    for _ in range(2):
        press(DOWN)
    press(ENTER)
    press(ENTER, CONTROL)
    assert (sent(desk).point, sent(desk).street) == (None, "440304008")


def test_words_that_may_be_a_listed_place_are_asked_about_once(
    window: DeskWindow, desk: FakeDesk
) -> None:
    """A case without a position belongs to no district: nobody records one unawares."""
    write("0102")
    press(ENTER)
    window.report.form.place.setFocus()
    write("Lianhua")
    press(ENTER, CONTROL)
    assert desk.sent == []
    assert "Lianhua" in window.report.form.answer.text()
    assert window.report.form.place.line.hasFocus()
    press(ENTER, CONTROL)
    assert (sent(desk).point, sent(desk).street) == (None, None)


def test_words_that_are_no_known_place_stay_the_address(window: DeskWindow, desk: FakeDesk) -> None:
    write("0102")
    press(ENTER)
    window.report.form.place.setFocus()
    write("Qqq lane 5")
    press(ENTER, CONTROL)
    personal = sent(desk).personal
    assert personal is not None
    assert personal.address == "Qqq lane 5"


def test_an_address_that_a_person_wrote_is_not_replaced(window: DeskWindow) -> None:
    form = window.report.form
    form.address.setFocus()
    write("house 7")
    form.place.setFocus()
    write("dongmen")
    press(DOWN)
    press(ENTER)
    assert form.address.text() == "house 7"


def test_what_the_server_says_of_the_place_stands_at_the_place(
    window: DeskWindow, desk: FakeDesk
) -> None:
    write("0102")
    press(ENTER)
    press(ENTER, CONTROL)
    refuse(desk, "place.placeholder")
    assert 'This position stands for "unknown".' in place_words(window)
    assert window.report.form.case_class.line.text() == "Exposed garbage", "nothing is lost"


def test_a_widget_finds_its_room_below_the_place(window: DeskWindow) -> None:
    near = PlainLabel("3 lamps near")
    window.report.add_below_place(near)
    assert near.parent() is window.report.form.place


def test_places_of_earlier_cases_are_offered_below_and_taken(
    window: DeskWindow, desk: FakeDesk, qtbot: QtBot
) -> None:
    form = window.report.form
    form.place.setFocus()
    write("lane 5")
    asked = len(desk.questions)
    qtbot.waitUntil(lambda: len(desk.questions) > asked)
    assert desk.questions[-1][1] == AddressQuery(text="lane 5")
    known = EarlierAddress(
        case=CaseId("shenzhen-20080612-00007"),
        address="Water lane 5",
        point=point(22.55, 114.05),
        district=AreaId("440304"),
    )
    desk.hear(Fetched(ref=len(desk.questions), body=AddressReply(addresses=(known,))))
    offered = form.place.line.list
    assert "earlier case 20080612-00007" in offered.item(offered.count() - 1).text()
    for _ in range(offered.count()):
        press(DOWN)
    press(ENTER)
    assert (form.place.point, form.address.text()) == (known.point, "Water lane 5")
    assert "grid 4403" in place_words(window)


def test_an_answer_for_what_is_no_longer_typed_is_passed_over(
    window: DeskWindow, desk: FakeDesk, qtbot: QtBot
) -> None:
    window.report.form.place.setFocus()
    write("qqq")
    asked = len(desk.questions)
    qtbot.waitUntil(lambda: len(desk.questions) > asked)
    write("w")
    known = EarlierAddress(case=CaseId("shenzhen-20080612-00007"), address="qqq 1")
    desk.hear(Fetched(ref=len(desk.questions), body=AddressReply(addresses=(known,))))
    assert window.report.form.place.line.list.count() == 0


def test_figures_are_not_asked_of_the_server(window: DeskWindow, desk: FakeDesk) -> None:
    window.report.form.place.setFocus()
    write("wgs84 22.55 114.05")
    assert window.report._wanted == ""


# --- the receipt ------------------------------------------------------------------------------


def record(window: DeskWindow, desk: FakeDesk) -> None:
    write("0102")
    press(ENTER)
    press(ENTER, CONTROL)
    acknowledge(desk)


def test_the_receipt_number_stands_in_groups_until_the_next_report_begins(
    window: DeskWindow, desk: FakeDesk
) -> None:
    record(window, desk)
    number = window.report.form.receipt.number
    assert number.isVisible()
    assert number.text() == "2008 0613 0004 21"
    assert "Case 20080613-00042" in words(window.report.form.receipt)
    write("p")
    assert not number.isVisible()


def test_a_key_opens_the_case_just_recorded(window: DeskWindow, desk: FakeDesk) -> None:
    record(window, desk)
    press(Qt.Key.Key_O, CONTROL)
    assert window.below.currentWidget() is window.detail
    assert window.selection.case == "shenzhen-20080613-00042"


def test_the_source_stays_for_the_next_call_and_the_rest_is_empty(
    window: DeskWindow, desk: FakeDesk
) -> None:
    window.report.form.source.setCurrentIndex(window.report.form.source.findData(Source.WECHAT))
    record(window, desk)
    assert window.report.form.state.source is Source.WECHAT
    assert window.report.form.state.is_empty


# --- drafts -----------------------------------------------------------------------------------


@pytest.fixture
def drafts(tmp_path: Path) -> Drafts:
    return Drafts(tmp_path / "drafts.sqlite")


def pane(desk: FakeDesk, theme: Theme, drafts: Drafts, qtbot: QtBot) -> ReportPane:
    made = ReportPane(desk.picture, desk.picture.ask, theme, drafts)
    qtbot.addWidget(made)
    made.show()
    return made


def test_what_was_typed_is_there_again_after_a_crash(
    desk: FakeDesk, theme: Theme, drafts: Drafts, qtbot: QtBot
) -> None:
    first = pane(desk, theme, drafts, qtbot)
    of = cases.rules().case_class(Kind.INCIDENT, "0102")
    assert of is not None
    first.form.case_class.choose(of)
    first.place(22.55, 114.05)
    first.form.text.setPlainText("门口有垃圾")
    first.form.wants_reply.setChecked(True)
    again = pane(desk, theme, drafts, qtbot)
    assert again.form.state == first.form.state
    assert not again.form.state.is_empty


def test_a_second_call_lays_the_first_aside_with_its_time_and_a_key(
    window: DeskWindow, desk: FakeDesk
) -> None:
    write("0102")
    press(ENTER)
    press(Qt.Key.Key_N, CONTROL, at=window)
    assert window.report.form.state.is_empty
    begun = window.report.begun
    assert begun.buttons[0].isVisible()
    assert "10:41" in begun.buttons[0].accessibleName()
    write("0103")
    press(Qt.Key.Key_1, ALT | CONTROL)
    assert window.report.form.state.code == "0102"
    assert begun.buttons[0].isVisible(), "the second one waits now"


def test_an_acknowledged_report_is_no_draft_any_more(
    desk: FakeDesk, theme: Theme, drafts: Drafts, qtbot: QtBot
) -> None:
    made = pane(desk, theme, drafts, qtbot)
    of = cases.rules().case_class(Kind.INCIDENT, "0102")
    assert of is not None
    made.form.case_class.choose(of)
    made.report()
    assert len(drafts.all(OWNER, "report")) == 1, "kept until the answer"
    acknowledge(desk)
    assert drafts.all(OWNER, "report") == ()


def test_a_report_whose_answer_never_came_says_so_when_it_is_restored(
    desk: FakeDesk, theme: Theme, drafts: Drafts, qtbot: QtBot
) -> None:
    made = pane(desk, theme, drafts, qtbot)
    of = cases.rules().case_class(Kind.INCIDENT, "0102")
    assert of is not None
    made.form.case_class.choose(of)
    made.report()
    again = pane(desk, theme, drafts, qtbot)
    assert "look whether the case exists" in again.form.answer.text()


def test_a_refused_report_waits_while_the_next_is_typed(window: DeskWindow, desk: FakeDesk) -> None:
    write("0102")
    press(ENTER)
    press(ENTER, CONTROL)
    write("0103")
    refuse(desk, "place.outside")
    assert window.report.form.case_class.line.text() == "0103"
    assert "lies outside the city" in window.report.begun.buttons[0].accessibleDescription()


def test_a_report_that_a_lost_link_did_not_send_stays_on_the_form(
    window: DeskWindow, desk: FakeDesk
) -> None:
    write("0102")
    press(ENTER)
    desk.link(LinkState.CONNECTING)
    press(ENTER, CONTROL)
    assert desk.sent == []
    assert window.report.form.state.code == "0102"
    assert "nothing was sent" in window.report.form.answer.text()


def test_a_discarded_report_is_gone(
    desk: FakeDesk, theme: Theme, drafts: Drafts, qtbot: QtBot
) -> None:
    made = pane(desk, theme, drafts, qtbot)
    made.form.address.setText("x")
    made.discard()
    assert made.form.state.is_empty
    assert drafts.all(OWNER, "report") == ()


def test_nobody_sees_another_persons_draft(
    desk: FakeDesk, theme: Theme, drafts: Drafts, qtbot: QtBot
) -> None:
    drafts.keep(Owner("ws://127.0.0.1:8700", "wang"), "report", "a", b'{"state":{}}')
    made = pane(desk, theme, drafts, qtbot)
    assert made.form.state.is_empty
    assert not made.begun.buttons[0].isVisibleTo(made)


def test_a_narrow_place_leaves_the_hints_out_but_not_what_waits(
    desk: FakeDesk, theme: Theme, drafts: Drafts, qtbot: QtBot
) -> None:
    made = pane(desk, theme, drafts, qtbot)
    made.resize(560, 600)
    assert made.form.receipt.isHidden()
    made.form.address.setText("x")
    made.begin_another()
    assert not made.form.receipt.isHidden()
    made.resize(900, 600)
    assert "another call comes in" in words(made.form.receipt)


def test_an_inspector_reports_in_the_inspectors_post(
    theme: Theme, desk: FakeDesk, qtbot: QtBot
) -> None:
    assert pane(desk, theme, Drafts(), qtbot).role is Role.ACCEPTOR


@pytest.mark.parametrize("backwards", [False, True])
def test_tab_goes_round_and_round_within_the_form_in_the_order_of_a_call(
    window: DeskWindow, qtbot: QtBot, backwards: bool
) -> None:
    form = window.report.form
    window.activateWindow()
    qtbot.waitUntil(form.case_class.line.hasFocus)
    key = Qt.Key.Key_Backtab if backwards else Qt.Key.Key_Tab
    order = [form.case_class.line, form.place.line, form.address, form.text, form.name, form.phone]
    order += [form.source, form.urgency, form.wants_reply, form.go, form.back]
    walked = []
    for _ in range(len(order) + 3):
        walked.append(window.focusWidget())
        QTest.keyClick(window.focusWidget(), key)
    passed = [each for each in walked[: len(order) + 1] if each in order]
    wanted = [order[0], *order[:0:-1]] if backwards else order
    assert passed[: len(order)] == wanted
    assert all(form.isAncestorOf(each) for each in walked)
