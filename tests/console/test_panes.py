"""Each pane with a list's `append` as its ask: it shows, it asks, it never decides."""

from datetime import timedelta

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QWidget
from pytestqt.qtbot import QtBot

from backend_client.notices import Answered, Joined, LinkState
from casework import acts, life
from casework.applications import ApproveApplication
from casework.case import Case
from casework.decider import Grant
from casework.procedures.log import SetPace
from casework.queries import CaseQuery
from casework.rulebook import Queues, ReasonedAct
from casework.terms import (
    CaseId,
    DeadlineBasis,
    Role,
    State,
    UnitId,
    Urgency,
)
from casework.wire import Nack
from console import vocabulary, wording
from console.clocks import soon_percent
from console.key_sections import COLUMNS
from console.panes.acts import ActsPane
from console.panes.boxes import BOXES, BoxesPane
from console.panes.detail import DetailPane
from console.panes.keys import KeysPane
from console.panes.notice import NoticeLine
from console.panes.queue import QueuePane
from console.panes.report import ReportPane
from console.panes.signin import SignIn, SignInPane
from console.panes.topbar import TopBar
from console.picture import Wish
from console.questions import question
from console.selection import Selection
from tests.console import cases
from tests.console.fake_desk import FakeDesk
from widgets.plain_label import PlainLabel
from widgets.theme import Theme

Mode = QAbstractItemModelTester.FailureReportingMode


def words(widget: QWidget) -> str:
    """All that a person reads on the labels that are not hidden."""
    labels = widget.findChildren(QLabel)
    return "\n".join(label.text() for label in labels if not label.isHidden())


# --- boxes ------------------------------------------------------------------------------------


def counted(pane: BoxesPane) -> dict[object, str]:
    return {box.key: box.count for box in pane.list._boxes.boxes}


def test_the_boxes_count_live(desk: FakeDesk, theme: Theme, qtbot: QtBot) -> None:
    pane = BoxesPane(desk.picture, theme, desk.picture.now)
    qtbot.addWidget(pane)
    case = replace(
        cases.one(State.FILED), link_since=cases.NOW, link_due=cases.NOW + timedelta(hours=1)
    )
    desk.show(case)
    assert (counted(pane)["filed"], counted(pane)["late"]) == ("1", "0")
    desk.steady.seconds += 3700
    pane.show_counts()
    assert (counted(pane)["filed"], counted(pane)["late"]) == ("1", "1")
    desk.show(replace(case, state=State.CLOSED, link_due=None, due=None, ended_at=cases.NOW))
    assert (counted(pane)["filed"], counted(pane)["late"], counted(pane)["closed"]) == (
        "0",
        "0",
        "1",
    )


@pytest.mark.parametrize(("percent", "soon"), [(25, "0"), (50, "1")])
def test_the_rule_book_says_from_which_share_of_its_span_a_clock_is_due_soon(
    theme: Theme, qtbot: QtBot, percent: int, soon: str
) -> None:
    desk = FakeDesk()
    rules = replace(cases.rules(), queues=Queues(soon_percent=percent))
    desk.hear(Joined(welcome=cases.welcome(), rules=rules))
    pane = BoxesPane(desk.picture, theme, desk.picture.now)
    qtbot.addWidget(pane)
    hour = timedelta(hours=1)
    desk.show(
        replace(
            cases.one(State.FILED), link_since=cases.NOW - 6 * hour, link_due=cases.NOW + 4 * hour
        )
    )
    assert counted(pane)["soon"] == soon


def test_the_box_of_closed_cases_says_how_long_they_stay(theme: Theme, qtbot: QtBot) -> None:
    desk = FakeDesk()
    pane = BoxesPane(desk.picture, theme, desk.picture.now)
    qtbot.addWidget(pane)
    desk.join(replace(cases.welcome(), ended_hours=48))
    assert "Closed, 48 h" in [box.title for box in pane.list._boxes.boxes]


@pytest.mark.parametrize(("state", "shown"), [(State.DISPATCHED, False), (State.CHECKING, True)])
def test_a_case_towards_its_closing_shows_the_condition_and_always_its_big_class(
    desk: FakeDesk, theme: Theme, qtbot: QtBot, state: State, shown: bool
) -> None:
    selection = Selection()
    pane = DetailPane(desk.picture, selection, desk.picture.ask, theme)
    qtbot.addWidget(pane)
    case = cases.one(state)
    desk.show(case)
    selection.select(case.id)
    of = desk.picture.case_class(case)
    assert of is not None
    (condition,) = (each for each in of.conditions if each.id == case.condition)
    said = words(pane)
    assert condition.closing_en
    assert (condition.closing_en in said.split("\n"), of.big_name_en in said) == (shown, True)


def test_the_closing_condition_is_in_the_language_of_the_window(desk: FakeDesk) -> None:
    condition = next(c for of in cases.rules().schemes[0].classes for c in of.conditions)
    names = desk.picture.names()
    assert names.closing(condition) == condition.closing_en
    assert names.closing(replace(condition, closing_en="")) == condition.closing
    wording.use("zh_CN")
    assert names.closing(condition) == condition.closing


def test_an_unknown_count_is_a_dash_and_not_0(theme: Theme, qtbot: QtBot) -> None:
    desk = FakeDesk()
    pane = BoxesPane(desk.picture, theme, desk.picture.now)
    qtbot.addWidget(pane)
    assert set(counted(pane).values()) == {"–"}
    desk.join()
    desk.show(cases.one(State.FILED))
    assert (counted(pane)["filed"], counted(pane)["checking"]) == ("1", "0")


def test_every_state_has_exactly_one_box() -> None:
    states = [state for box in BOXES for state in box.states]
    assert sorted(states) == sorted(State)


# --- queue ------------------------------------------------------------------------------------


@pytest.fixture
def selection(qapp: object) -> Selection:
    return Selection()


@pytest.fixture
def queue(desk: FakeDesk, selection: Selection, theme: Theme, qtbot: QtBot) -> QueuePane:
    pane = QueuePane(desk.picture, selection, theme)
    qtbot.addWidget(pane)
    return pane


def test_the_queue_is_lawful_while_the_city_lives(
    desk: FakeDesk, queue: QueuePane, selection: Selection
) -> None:
    model: QAbstractItemModel = queue.table
    tester = QAbstractItemModelTester(model, Mode.Warning)  # held: an unheld one checks nothing
    every = list(cases.cases(300))
    desk.show(*every)

    def soon(case: Case) -> int:
        return soon_percent(case, cases.rules())

    for box in BOXES:
        queue.show_box(box.key)
        held = {case.id for case in every if box.holds(case, cases.NOW, soon(case), None)}
        assert set(queue.table.keys_shown()) == held
        if held:
            assert selection.case in held, "an opened box opens its most urgent case"
    assert tester is not None


def test_the_most_urgent_case_stands_first(desk: FakeDesk, queue: QueuePane) -> None:
    desk.show(*cases.cases(300))
    queue.show_box("filed")
    ranks = [(row.case.urgency, row.case.link_due) for row in queue.table._rows]
    order = {"critical": 0, "urgent": 1, "normal": 2}
    assert ranks == sorted(ranks, key=lambda rank: (order[rank[0]], rank[1]))


def test_the_filter_finds_number_class_place_and_unit(desk: FakeDesk, queue: QueuePane) -> None:
    case = cases.one(State.DISPATCHED)
    desk.show(*cases.cases(300))
    queue.show_box("dispatched")
    names = desk.picture.names()
    wanted = (case.id[-5:], names.case_class(case), names.place(case), names.unit(case.lead))
    for text in wanted:
        queue.filter.setText(text.upper())
        assert case.id in queue.table.keys_shown(), text
    queue.filter.setText("no such thing")
    assert queue.table.keys_shown() == []
    assert "No case here matches" in words(queue)


def test_the_filter_finds_the_number_of_an_earlier_system(desk: FakeDesk, queue: QueuePane) -> None:
    case = replace(cases.one(State.DISPATCHED), reference="CG-2006-77")
    desk.show(*cases.cases(300), case)
    queue.show_box("dispatched")
    queue.filter.setText("cg-2006")
    assert queue.table.keys_shown() == [case.id]


def test_no_row_moves_while_somebody_types(desk: FakeDesk, queue: QueuePane) -> None:
    shown = [case for case in cases.cases(300) if case.state is State.DISPATCHED][:5]
    desk.show(*shown)
    queue.show_box("dispatched")
    before = queue.table.keys_shown()
    queue.freeze()
    desk.show(replace(shown[-1], link_due=cases.NOW - timedelta(days=900), version=99))
    assert queue.table.keys_shown() == before
    queue._thaw()
    assert queue.table.keys_shown()[0] == shown[-1].id


def test_the_open_case_stays_open_when_another_person_moves_it_on(
    desk: FakeDesk, queue: QueuePane, selection: Selection
) -> None:
    first, second = [case for case in cases.cases(300) if case.state is State.FILED][:2]
    desk.show(first, second)
    queue.show_box("filed")
    selection.select(first.id)
    desk.show(replace(first, state=State.DISPATCHED, version=9))
    assert selection.case == first.id
    assert queue.view.selected_key() is None
    queue.step_on(first.id)
    assert selection.case == second.id


def test_a_case_that_was_passed_on_leaves_the_box_though_its_answer_comes_late(
    queue: QueuePane, desk: FakeDesk
) -> None:
    case = cases.one(State.FILED)
    desk.show(case)
    queue.show_box("filed")
    queue.table.hold("hand")
    desk.show(replace(case, state=State.DISPATCHED, version=case.version + 1))
    desk.picture.pending_changed.emit(case.id)
    queue.table.release("hand")
    assert queue.table.rowCount() == 0


def test_the_first_whole_picture_puts_the_cursor_on_the_most_urgent_case(
    desk: FakeDesk, queue: QueuePane, selection: Selection
) -> None:
    queue.show_box("filed")
    filed = [case for case in cases.cases(300) if case.state is State.FILED]
    desk.show(*filed)
    assert selection.case == queue.table.key_at(0)
    before = selection.case
    desk.show(replace(filed[0], id=CaseId("shenzhen-20080613-99999"), urgency=Urgency.CRITICAL))
    assert selection.case == before, "once it is somewhere, news does not move it"


def deadline_of(queue: QueuePane, case: Case) -> str:
    return queue.table.row_at(queue.table.row_of(case.id)).deadline


def test_a_deadline_says_where_it_comes_from(desk: FakeDesk, queue: QueuePane) -> None:
    case = replace(cases.one(State.DISPATCHED), due=cases.NOW)
    carried = replace(case, due_basis=DeadlineBasis.RECORD)
    guessed = replace(case, due_basis=DeadlineBasis.RULE, due_provisional=True)
    free = replace(case, due=None, due_basis=DeadlineBasis.NONE)
    shown = []
    queue.show_box("dispatched")
    for each in (carried, guessed, free):
        desk.show(each)
        shown.append(deadline_of(queue, each))
    assert shown == ["10:41 *", "10:41 ~", "open"]


def test_a_deadline_that_stands_says_so(desk: FakeDesk, queue: QueuePane) -> None:
    case = replace(cases.one(State.DISPATCHED), due=cases.NOW)
    lead = replace(case.assignments[0], lead=True, left=5_000)
    queue.show_box("dispatched")
    desk.show(replace(case, assignments=(lead,)))
    assert deadline_of(queue, case) == "clock stands"


def test_an_empty_box_says_so(queue: QueuePane, desk: FakeDesk) -> None:
    desk.show(cases.one(State.FILED))
    queue.show_box("checking")
    assert "Nothing waits in this box." in words(queue)


def test_a_box_of_cases_that_ended_is_headed_by_when(desk: FakeDesk, queue: QueuePane) -> None:
    desk.show(cases.one(State.CLOSED), cases.one(State.FILED))
    queue.show_box("closed")
    head = [queue.table.headerData(0, Qt.Orientation.Horizontal)]
    queue.show_box("filed")
    head.append(queue.table.headerData(0, Qt.Orientation.Horizontal))
    assert head == ["Ended", "Time left"]


def test_one_case_is_no_plural(desk: FakeDesk, queue: QueuePane) -> None:
    desk.show(cases.one(State.FILED))
    queue.show_box("filed")
    assert "1 case · by time left" in words(queue)


def test_the_queue_speaks_chinese_when_told(desk: FakeDesk, queue: QueuePane) -> None:
    case = cases.one(State.FILED)
    desk.show(case)
    queue.show_box("filed")
    wording.use("zh_CN")
    queue.speak()
    head = queue.table.headerData(0, Qt.Orientation.Horizontal)
    assert (head, queue.table.row_at(0).name.endswith(case.name)) == ("环节剩余", True)


# --- acts and detail --------------------------------------------------------------------------


@pytest.fixture
def acts_pane(desk: FakeDesk, theme: Theme, qtbot: QtBot) -> ActsPane:
    pane = ActsPane(desk.picture, desk.wishes.append, theme)
    qtbot.addWidget(pane)
    return pane


SUGGESTIONS = {
    State.REGISTERED: acts.PassForFiling,
    State.VERIFYING: acts.VerifyReport,
    State.PREFILED: acts.FileCase,
    State.FEEDBACK: acts.OrderCheck,
    State.CHECKING: acts.CheckCase,
    State.PENDING_CLOSE: acts.CloseCase,
}


@pytest.mark.parametrize("state", SUGGESTIONS)
def test_enter_asks_for_the_next_step_of_the_main_line(
    acts_pane: ActsPane, desk: FakeDesk, state: State
) -> None:
    desk.show(cases.one(state))
    acts_pane.show_case(cases.one(state))
    acts_pane.fields.opinion.setText("已核对")
    acts_pane.do_suggested()
    assert [type(wish.command) for wish in desk.wishes] == [SUGGESTIONS[state]]
    assert getattr(desk.wishes[0].command, "opinion", "") == "已核对"
    assert acts_pane.fields.opinion.text() == ""


def test_dispatch_goes_to_the_unit_that_the_rule_book_names(
    acts_pane: ActsPane, desk: FakeDesk
) -> None:
    case = next(
        case
        for case in cases.cases(300)
        if case.state is State.FILED and desk.picture.responsible(case).lead
    )
    desk.show(case)
    lead, joint = desk.picture.responsible(case)
    acts_pane.show_case(case)
    acts_pane.do_suggested()
    assert [wish.command for wish in desk.wishes] == [acts.DispatchCase(lead=lead, joint=joint)]  # type: ignore[arg-type]


def test_dispatch_goes_to_the_unit_that_was_searched(acts_pane: ActsPane, desk: FakeDesk) -> None:
    case = cases.one(State.FILED)
    desk.show(case)
    acts_pane.show_case(case)
    acts_pane.units.search.setText("Water Group")
    acts_pane.do_suggested()
    command = desk.wishes[0].command
    assert isinstance(command, acts.DispatchCase)
    assert command.lead == "water_group"


def test_the_enter_key_names_the_unit_and_why(acts_pane: ActsPane, desk: FakeDesk) -> None:
    case = next(
        case
        for case in cases.cases(300)
        if case.state is State.FILED and desk.picture.responsible(case).lead
    )
    desk.show(case)
    acts_pane.show_case(case)
    unit = desk.picture.names().unit(desk.picture.responsible(case).lead)
    assert unit in acts_pane.buttons["dispatch"].accessibleName()
    assert "Responsibility table" in acts_pane.buttons["dispatch"].accessibleDescription()
    acts_pane.units.search.setText("Water Group")
    assert "Water Group" in acts_pane.buttons["dispatch"].accessibleName()
    assert "chosen by you" in acts_pane.buttons["dispatch"].accessibleDescription()


def test_the_approver_s_key_says_what_is_approved_until_when_and_for_whom(
    acts_pane: ActsPane, desk: FakeDesk
) -> None:
    case = cases.asking(cases.one(State.DISPATCHED))
    desk.show(case)
    acts_pane.show_case(case)
    names, key = desk.picture.names(), acts_pane.buttons["approve"]
    until = names.local(cases.NOW + timedelta(days=7))
    assert f"Approve: suspension until {until:%Y-%m-%d %H:%M}" in key.accessibleName()
    assert names.unit(case.assignments[0].unit) in key.accessibleDescription()


def where_a_leader_must_agree(desk: FakeDesk) -> None:
    kinds = tuple(replace(each, leader_from=1) for each in cases.rules().applications)
    desk.hear(Joined(welcome=cases.welcome(), rules=replace(cases.rules(), applications=kinds)))


def test_where_a_leader_must_agree_the_key_says_so_and_asks_who_did(
    acts_pane: ActsPane, desk: FakeDesk
) -> None:
    where_a_leader_must_agree(desk)
    case = cases.asking(cases.one(State.DISPATCHED))
    desk.show(case)
    acts_pane.show_case(case)
    assert "approve" not in acts_pane.buttons
    key = acts_pane.buttons["approve_agreed"]
    assert key.accessibleName().startswith("Approve: suspension until")
    assert "asks which leader agreed" in key.accessibleDescription()
    acts_pane.do_suggested()
    assert desk.wishes == []
    assert "Approve, leader agreed" in words(acts_pane)
    assert "Which leader agreed?" in words(acts_pane)
    acts_pane.prompt.field.setText("分管领导")
    QTest.keyClick(acts_pane.prompt.field, Qt.Key.Key_Return)
    assert desk.wishes[0].command == ApproveApplication(leader="分管领导")


def test_the_queue_says_what_a_unit_applies_for(desk: FakeDesk, queue: QueuePane) -> None:
    case = cases.asking(cases.one(State.DISPATCHED))
    desk.show(case)
    queue.show_box("dispatched")
    row = queue.table.row_at(queue.table.row_of(case.id))
    assert row.holder.startswith("Applies for suspension · ")


def test_a_unit_that_joins_can_be_left_out_and_another_let_in(
    acts_pane: ActsPane, desk: FakeDesk
) -> None:
    case = next(
        case for case in cases.cases(3_000) if case.state is State.FILED and _joined(desk, case)
    )
    desk.show(case)
    acts_pane.show_case(case)
    acts_pane.show()
    first, *others = _joined(desk, case)
    acts_pane.units.cards[first].click()
    assert acts_pane.units.joint == tuple(others)
    acts_pane.units.search.setText("Water Group")
    press = Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(acts_pane.units.search, Qt.Key.Key_Return, press)
    assert acts_pane.units.joint == (*others, "water_group")
    assert acts_pane.units.by_rule, "the lead is the rule book's again"


def _joined(desk: FakeDesk, case: Case) -> tuple[UnitId, ...]:
    return desk.picture.responsible(case).joint


def test_a_class_without_a_unit_lets_the_dispatcher_choose(
    acts_pane: ActsPane, desk: FakeDesk
) -> None:
    case = replace(cases.one(State.FILED), code="none-such")
    desk.show(case)
    acts_pane.show_case(case)
    assert acts_pane.units.lead is None
    assert not acts_pane.units.list.isHidden()
    acts_pane.do_suggested()
    assert desk.wishes == []
    acts_pane.units.list.setCurrentRow(0)
    acts_pane.do_suggested()
    command = desk.wishes[0].command
    assert isinstance(command, acts.DispatchCase)
    assert command.lead == cases.rules().units[0].id


def test_a_return_needs_its_reason(acts_pane: ActsPane, desk: FakeDesk) -> None:
    case = cases.one(State.FILED)
    desk.show(case)
    acts_pane.show_case(case)
    acts_pane.buttons["send_back_filed"].click()
    assert desk.wishes == []
    assert "Why?" in words(acts_pane)
    last = min(acts_pane.prompt.list.count(), 9)
    assert f"1 … {last} or Enter: choose" in words(acts_pane)
    QTest.keyClick(acts_pane.prompt.list, Qt.Key.Key_2)
    command = desk.wishes[0].command
    assert isinstance(command, acts.SendBack)
    assert command.reason == acts_pane.fields.reason.itemData(2)


def test_a_reason_that_was_chosen_beforehand_is_not_asked_again(
    acts_pane: ActsPane, desk: FakeDesk
) -> None:
    case = cases.one(State.FILED)
    desk.show(case)
    acts_pane.show_case(case)
    acts_pane.fields.reason.setCurrentIndex(1)
    reason = acts_pane.fields.reason.itemData(1)
    acts_pane.buttons["send_back_filed"].click()
    assert desk.wishes[0].command == acts.SendBack(reason=reason)


def test_esc_leaves_the_question_and_nothing_is_sent(acts_pane: ActsPane, desk: FakeDesk) -> None:
    case = cases.one(State.FILED)
    desk.show(case)
    acts_pane.show_case(case)
    acts_pane.buttons["send_back_filed"].click()
    QTest.keyClick(acts_pane.prompt.list, Qt.Key.Key_Escape)
    assert desk.wishes == []
    assert acts_pane.prompt.isHidden()
    assert acts_pane.buttons["send_back_filed"].isEnabled()


def test_a_hand_over_asks_for_the_centre_and_then_for_the_reason(
    acts_pane: ActsPane, desk: FakeDesk
) -> None:
    case = cases.one(State.FILED)
    desk.show(case)
    acts_pane.show_case(case)
    acts_pane.buttons["hand_over"].click()
    QTest.keyClick(acts_pane.prompt.list, Qt.Key.Key_1)
    QTest.keyClick(acts_pane.prompt.list, Qt.Key.Key_1)
    command = desk.wishes[0].command
    assert isinstance(command, acts.HandOver)
    assert command.to in {centre.id for centre in cases.rules().centres} - {case.centre}
    assert command.reason in cases.rules().reasons_for(ReasonedAct.HAND_OVER)


def test_an_ended_case_is_reopened_into_a_link_by_two_numbers(
    acts_pane: ActsPane, desk: FakeDesk
) -> None:
    case = cases.one(State.CLOSED)
    desk.show(case)
    acts_pane.show_case(case)
    acts_pane.buttons["reopen"].click()
    QTest.keyClick(acts_pane.prompt.list, Qt.Key.Key_3)
    QTest.keyClick(acts_pane.prompt.list, Qt.Key.Key_1)
    command = desk.wishes[0].command
    assert isinstance(command, acts.ReopenCase)
    assert command.link is State.FILED


def test_the_reasons_are_those_of_the_rule_book_for_the_act(
    acts_pane: ActsPane, desk: FakeDesk
) -> None:
    desk.show(cases.one(State.FILED))
    acts_pane.show_case(cases.one(State.FILED))
    offered = [
        acts_pane.fields.reason.itemData(n) for n in range(1, acts_pane.fields.reason.count())
    ]
    known = {r.id for r in cases.rules().reasons if r.act in ("send_back", "SendBack")}
    known |= {r.id for r in cases.rules().reasons if r.act in ("cancel", "CancelCase")}
    assert set(offered) == known


def test_a_note_needs_its_words(acts_pane: ActsPane, desk: FakeDesk) -> None:
    case = cases.one(State.CLOSED)
    desk.show(case)
    acts_pane.show_case(case)
    acts_pane.buttons["note"].click()
    assert desk.wishes == []
    acts_pane.prompt.field.setText("来电感谢")
    QTest.keyClick(acts_pane.prompt.field, Qt.Key.Key_Return)
    assert desk.wishes[0].command == acts.AddNote(opinion="来电感谢")


def test_a_note_that_is_written_already_goes_by_its_key(
    acts_pane: ActsPane, desk: FakeDesk
) -> None:
    case = cases.one(State.CLOSED)
    desk.show(case)
    acts_pane.show_case(case)
    acts_pane.fields.opinion.setText("来电感谢")
    acts_pane.buttons["note"].click()
    assert desk.wishes[0].command == acts.AddNote(opinion="来电感谢")


def test_a_pending_act_is_shown_as_pending_and_nothing_else_can_be_pressed(
    desk: FakeDesk, theme: Theme, qtbot: QtBot
) -> None:
    pane = ActsPane(desk.picture, desk.picture.ask, theme)
    qtbot.addWidget(pane)
    case = cases.one(State.PENDING_CLOSE)
    desk.show(case)
    pane.show_case(case)
    pane.do_suggested()
    pane.do_suggested()
    assert len(desk.sent) == 1
    assert '"Close" was sent; waiting for the server …' in words(pane)
    assert not any(button.isEnabled() for button in pane.buttons.values())
    desk.hear(Answered(id="ask-0001", answer=Nack(id="ask-0001", code="case.stale")))
    assert '"Close" was refused: Somebody was faster' in words(pane)
    assert pane.buttons["close"].isEnabled()


def test_a_lost_link_disables_the_acts_and_says_why(acts_pane: ActsPane, desk: FakeDesk) -> None:
    case = cases.one(State.PENDING_CLOSE)
    desk.show(case)
    acts_pane.show_case(case)
    desk.link(LinkState.LOST, "link.cut")
    assert not acts_pane.buttons["close"].isEnabled()
    assert "The link is lost" in acts_pane.buttons["close"].toolTip()


def test_a_hand_over_offers_the_centre_of_the_case_s_own_district_first(desk: FakeDesk) -> None:
    desk.join()
    site, case = desk.picture.sites[0], cases.one(State.FILED)
    (first, _), *others = question("centre", case, site, cases.NOW).options
    own = next(each for each in cases.rules().centres if each.area == case.district)
    assert first == own.id
    assert len(others) == len(cases.rules().centres) - 2, "all but the case's own"


def test_a_dispatcher_of_one_centre_sees_which_cases_another_has(
    desk: FakeDesk, queue: QueuePane
) -> None:
    case = cases.one(State.FILED)
    own = next(each for each in cases.rules().centres if each.area == case.district)
    grant = Grant(role=Role.DISPATCHER, centre=own.id)
    desk.join(replace(cases.welcome(), grants=(grant,)))
    queue.show_box("filed")
    desk.show(case)
    assert queue.table.row_at(0).holder == "City centre"
    desk.show(replace(case, centre=own.id))
    assert queue.table.row_at(0).holder.startswith("→ ")


def test_a_post_without_the_next_step_is_told_whose_it_is(
    desk: FakeDesk, theme: Theme, qtbot: QtBot
) -> None:
    pane = ActsPane(desk.picture, desk.wishes.append, theme)
    qtbot.addWidget(pane)
    desk.join(replace(cases.welcome(), grants=(Grant(role=Role.DISPATCHER),)))
    case = cases.one(State.PENDING_CLOSE)
    desk.show(case)
    pane.show_case(case)
    assert "The next step is the Shift leader's: City centre." in words(pane)
    pane.do_suggested()
    assert desk.wishes == []


@pytest.fixture
def detail(desk: FakeDesk, selection: Selection, theme: Theme, qtbot: QtBot) -> DetailPane:
    pane = DetailPane(desk.picture, selection, desk.wishes.append, theme)
    qtbot.addWidget(pane)
    return pane


def test_the_case_shows_its_facts_and_its_record(
    detail: DetailPane, desk: FakeDesk, selection: Selection
) -> None:
    case = cases.one(State.PENDING_CLOSE)
    desk.show(case)
    selection.select(case.id)
    desk.answer_questions()
    said = words(detail)
    assert case.id.partition("-")[2] in said
    assert "王** 138****2190" in said
    steps = detail.timeline._steps
    assert [step.title for step in steps][:3] == ["Reported", "Passed for filing", "Filed"]
    assert steps[1].opinion == "情况属实"


def test_a_case_is_fetched_again_only_when_it_has_changed(
    detail: DetailPane, desk: FakeDesk, selection: Selection
) -> None:
    case = cases.one(State.FILED)
    desk.show(case)
    selection.select(case.id)
    desk.answer_questions()
    desk.show(case)
    asked = [each for _, each in desk.questions if isinstance(each, CaseQuery)]
    assert asked == [CaseQuery(case=case.id)]
    desk.show(replace(case, version=case.version + 1, notes=1))
    assert desk.questions[-1] == (0, CaseQuery(case=case.id))
    assert len([each for _, each in desk.questions if isinstance(each, CaseQuery)]) == 2


def test_no_case_is_a_designed_state(detail: DetailPane, desk: FakeDesk) -> None:
    assert "The chosen case will stand here." in words(detail)
    desk.show(cases.one(State.FILED))
    desk.join()
    assert "Choose a case above or on the map." in words(detail)


def test_markup_of_a_stranger_is_shown_as_it_is(
    detail: DetailPane, desk: FakeDesk, selection: Selection
) -> None:
    case = replace(cases.one(State.FILED), reference="<img src=file:///etc/passwd>")
    desk.show(case)
    selection.select(case.id)
    label = detail.facts.values["reference"]
    assert (label.text(), label.textFormat()) == (case.reference, Qt.TextFormat.PlainText)


# --- bar, notices -----------------------------------------------------------------------------


@pytest.fixture
def bar(desk: FakeDesk, theme: Theme, qtbot: QtBot) -> TopBar:
    bar = TopBar(desk.picture, desk.wishes.append, theme, ("陈静 受理员",))
    qtbot.addWidget(bar)
    return bar


def test_the_age_of_the_data_is_always_there(bar: TopBar, desk: FakeDesk) -> None:
    desk.steady.seconds += 4.2
    bar.show_time()
    assert "Connected · data 4.2 s old" in words(bar)
    desk.steady.seconds += 10
    bar.show_time()
    assert "Link lost · data 14 s old" in words(bar)


def test_the_practice_mark_and_the_log_clock_are_shown(bar: TopBar) -> None:
    assert bar.strip.practice._text == "PRACTICE"
    assert "06-13 Fri 10:41:27" in words(bar)


@pytest.mark.parametrize("role", [Role.SHIFT_LEADER, Role.ADMINISTRATOR])
def test_who_leads_the_shift_or_administers_turns_the_practice_clock(
    bar: TopBar, desk: FakeDesk, role: Role
) -> None:
    desk.join(replace(cases.welcome(), grants=(Grant(role=Role.DISPATCHER),)))
    assert bar.speed_keys[60].isHidden(), "a dispatcher may not"
    desk.join(replace(cases.welcome(), grants=(Grant(role=Role.DISPATCHER), Grant(role=role))))
    assert not bar.speed_keys[60].isHidden()
    bar.speed_keys[60].click()
    assert desk.wishes == [Wish("pace", None, role, SetPace(speed=60.0))]


def test_the_menu_turns_the_practice_clock_too(bar: TopBar, desk: FakeDesk) -> None:
    desk.join(replace(cases.welcome(), grants=(Grant(role=Role.SHIFT_LEADER),)))
    bar.fill_menu()
    dial = next(a.menu() for a in bar.menu.actions() if a.text() == "Practice clock")
    assert isinstance(dial, QMenu)
    next(action for action in dial.actions() if action.text() == "600×").trigger()
    assert desk.wishes == [Wish("pace", None, Role.SHIFT_LEADER, SetPace(speed=600.0))]


def test_a_real_log_has_no_dial(desk: FakeDesk, theme: Theme, qtbot: QtBot) -> None:
    bar = TopBar(desk.picture, desk.wishes.append, theme, ())
    qtbot.addWidget(bar)
    desk.join(cases.welcome(practice=False))
    assert bar._speeds.isHidden()
    assert bar.strip.practice.isHidden()


def test_the_menu_switches_posts(bar: TopBar, qtbot: QtBot) -> None:
    bar.fill_menu()
    people = bar.menu.actions()[0].menu()
    assert isinstance(people, QMenu)
    with qtbot.waitSignal(bar.identity_chosen) as blocker:
        people.actions()[0].trigger()
    assert blocker.args == [0]


def test_a_lost_link_shows_with_the_age_of_the_picture(
    desk: FakeDesk, theme: Theme, qtbot: QtBot
) -> None:
    line = NoticeLine(desk.picture, theme)
    qtbot.addWidget(line)
    assert line.link.isHidden()
    desk.steady.seconds += 12
    line.show_link()
    assert not line.link.isHidden()
    assert "this picture is 12 s old" in words(line)


def test_a_refusal_is_one_line_until_it_is_put_away(
    desk: FakeDesk, theme: Theme, qtbot: QtBot
) -> None:
    line = NoticeLine(desk.picture, theme)
    qtbot.addWidget(line)
    case = cases.one(State.PENDING_CLOSE)
    desk.show(case)
    desk.picture.ask(Wish("close", case.id, Role.SHIFT_LEADER, acts.CloseCase()))
    desk.hear(Answered(id="ask-0001", answer=Nack(id="ask-0001", code="case.not_yours")))
    number = case.id.partition("-")[2]
    assert f"{number} · Close: This case belongs to another" in words(line)
    line.refusal.act_asked.emit()
    assert line.refusal.isHidden()


# --- forms ------------------------------------------------------------------------------------


def test_a_report_without_a_class_is_not_sent(desk: FakeDesk, theme: Theme, qtbot: QtBot) -> None:
    pane = ReportPane(desk.picture, desk.wishes.append, theme)
    qtbot.addWidget(pane)
    pane.report()
    assert desk.wishes == []
    assert "Choose a class from the list." in words(pane)


def test_signing_in_hands_the_password_over_and_forgets_it(theme: Theme, qtbot: QtBot) -> None:
    pane = SignInPane(theme, "ws://127.0.0.1:8700")
    qtbot.addWidget(pane)
    pane.user.setText("chen")
    pane.password.setText("geheim")
    with qtbot.waitSignal(pane.wanted) as blocker:
        pane.go.click()
    assert blocker.args == [SignIn("ws://127.0.0.1:8700", "chen", "geheim")]
    assert pane.password.text() == ""
    pane.refused("sign_in.wrong")
    assert "User or password is wrong." in words(pane)


def test_the_page_of_keys_names_every_act(theme: Theme, qtbot: QtBot) -> None:
    pane = KeysPane(theme)
    qtbot.addWidget(pane)
    said = set(words(pane).split("\n"))
    assert {act.key for act in life.ACTS if act.key} <= said
    kept = {act.name for act in life.ACTS if act.key and not act.name.startswith("send_back")}
    assert {vocabulary.OFFERS[name] for name in kept} <= said


@pytest.mark.parametrize("language", ["en", "zh_CN", "zh_HK"])
def test_the_page_of_keys_takes_one_line_a_key_in_a_small_window(
    theme: Theme, qapp: QApplication, qtbot: QtBot, language: str
) -> None:
    theme.dress(qapp)
    wording.use(language)
    pane = KeysPane(theme)
    qtbot.addWidget(pane)
    pane.resize(840, 600)  # what a window of 1366 pixels leaves
    pane.show()
    QApplication.processEvents()
    lines = [label for label in labels(pane) if label.wordWrap() and label.isVisible()]
    one = QFontMetrics(theme.font()).height()
    assert lines
    assert [each.text() for each in lines if each.height() >= 2 * one] == []


def test_the_page_of_keys_begins_with_the_ten_used_most(theme: Theme, qtbot: QtBot) -> None:
    pane = KeysPane(theme)
    qtbot.addWidget(pane)
    pane.resize(840, 600)
    pane.show()
    QApplication.processEvents()
    first = COLUMNS[0][0]
    said = [key for key, _ in first.keys]
    assert (first.title, len(said)) == ("Used most", 10)
    assert {"Enter", "G", "B", "N", "Ctrl+F"} <= set(said)
    places = {label.text(): label.mapTo(pane, label.rect().topLeft()) for label in labels(pane)}
    assert all(places[each.title].y() < places["Enter"].y() for each in (c[0] for c in COLUMNS))


def test_the_page_of_keys_says_what_the_rule_book_assumes(theme: Theme, qtbot: QtBot) -> None:
    pane = KeysPane(theme)
    qtbot.addWidget(pane)
    title = "What is assumed in this city's data"
    before = [label.isVisibleTo(pane) for label in labels(pane) if label.text() == title]
    pane.show_notices(("Limits are <b>assumed</b>.", "Borders are invented."))
    after = [label.isVisibleTo(pane) for label in labels(pane) if label.text() == title]
    assert (before, after) == ([False], [True])
    assert "Limits are <b>assumed</b>.\nBorders are invented." in {
        label.text() for label in labels(pane)
    }


def labels(pane: KeysPane) -> list[PlainLabel]:
    return pane.findChildren(PlainLabel)
