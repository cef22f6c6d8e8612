"""A case in a colleague's hands: dull keys with the reason, people by name, passing on."""

from datetime import timedelta

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from backend_client.notices import Fetched, Tick
from casework import claims
from casework.case import Case, Claim
from casework.decider import Grant
from casework.enquiries import (
    Colleague,
    ColleaguesQuery,
    ColleaguesReply,
    NamesQuery,
    NamesReply,
    PersonName,
)
from casework.replies import ReplyBody
from casework.terms import Role, State, UserId
from console.batch.offers import batch_offers
from console.panes.acts import ActsPane
from console.panes.batch_fields import BatchFields
from console.panes.queue import QueuePane
from console.selection import Selection
from console.standing import Named, standing_facts
from tests.console import cases
from tests.console.fake_desk import FakeDesk
from widgets.theme import Theme

WANG, LI = UserId("wang"), UserId("li")
TOLD = PersonName(user=WANG, name="王强", post="派遣员")


def held(state: State = State.FILED, minutes: int = 0) -> Case:
    since = cases.NOW - timedelta(minutes=minutes)
    return replace(cases.one(state), claim=Claim(user=WANG, since=since))


def answer(desk: FakeDesk, query: type, body: ReplyBody) -> None:
    """Answer the last question of this kind."""
    refs = [ref for ref, (_, each) in enumerate(desk.questions, 1) if isinstance(each, query)]
    desk.hear(Fetched(ref=refs[-1], body=body))


def write(field: QLineEdit, text: str) -> None:
    """As an input method does: Qt's test keyboard has no Chinese."""
    field.setText(text)
    field.textEdited.emit(text)


def told_names(desk: FakeDesk) -> None:
    answer(desk, NamesQuery, NamesReply(people=(TOLD,)))


@pytest.fixture
def pane(desk: FakeDesk, theme: Theme, qtbot: QtBot) -> ActsPane:
    pane = ActsPane(desk.picture, desk.wishes.append, theme)
    qtbot.addWidget(pane)
    return pane


def opened(pane: ActsPane, desk: FakeDesk, case: Case) -> None:
    desk.show(case)
    told_names(desk)
    pane.show_case(case)


def test_what_moves_a_case_is_dull_while_a_colleague_has_it(pane: ActsPane, desk: FakeDesk) -> None:
    opened(pane, desk, held())
    dispatch = pane.buttons["dispatch"]
    assert not dispatch.isEnabled()
    assert "王强 派遣员" in dispatch.toolTip()
    assert pane.answer.text() == "王强 派遣员 has this case in hand."
    pane.do_suggested()
    assert desk.wishes == []


@pytest.mark.parametrize("name", ["take_over", "note", "urge"])
def test_taking_over_and_what_moves_nothing_stay_possible(
    pane: ActsPane, desk: FakeDesk, name: str
) -> None:
    opened(pane, desk, held())
    assert pane.buttons[name].isEnabled()


def test_a_claim_that_nobody_touches_keeps_others_away_for_so_long_only(
    pane: ActsPane, desk: FakeDesk
) -> None:
    minutes = cases.rules().queues.claim_minutes
    opened(pane, desk, held(minutes=minutes - 1))
    assert not pane.buttons["dispatch"].isEnabled()
    desk.steady.seconds += 61
    desk.hear(Tick(log=cases.LOG, at=cases.NOW + timedelta(seconds=61), milli_speed=1000, head=9))
    pane.pass_time()
    assert pane.buttons["dispatch"].isEnabled()
    assert pane.answer.text() == ""


def test_ones_own_case_is_not_dull(pane: ActsPane, desk: FakeDesk) -> None:
    case = replace(held(), claim=Claim(user=cases.ACTOR.user, since=cases.NOW))
    desk.show(case)
    pane.show_case(case)
    assert pane.buttons["dispatch"].isEnabled()


# --- by name --------------------------------------------------------------------------------------


def test_the_queue_says_by_name_who_has_a_case(desk: FakeDesk, theme: Theme, qtbot: QtBot) -> None:
    queue = QueuePane(desk.picture, Selection(), theme)
    qtbot.addWidget(queue)
    queue.show_box("filed")
    desk.show(held())
    assert queue.table.row_at(0).holder.startswith("✎ wang")
    told_names(desk)
    assert queue.table.row_at(0).holder.startswith("✎ 王强")


def test_each_name_is_asked_for_once(desk: FakeDesk) -> None:
    desk.show(held())
    desk.show(held(), replace(held(), id=cases.one(State.PREFILED).id))
    asked = [query for _, query in desk.questions if isinstance(query, NamesQuery)]
    assert asked == [NamesQuery(users=(WANG,))]


def test_ones_own_name_is_known_without_asking(desk: FakeDesk) -> None:
    case = replace(held(), claim=Claim(user=cases.ACTOR.user, since=cases.NOW))
    desk.show(case)
    assert desk.picture.staff.name(cases.ACTOR.user, case.id) == "陈静"
    assert not [query for _, query in desk.questions if isinstance(query, NamesQuery)]


def test_an_inspectors_name_is_asked_for_by_who_may_not_ask_for_inspectors(desk: FakeDesk) -> None:
    desk.join(replace(cases.welcome(), grants=(Grant(role=Role.INSPECTOR),)))
    desk.show(replace(cases.one(State.CHECKING), inspector=LI))
    asked = [query for _, query in desk.questions if isinstance(query, NamesQuery)]
    assert asked == [NamesQuery(users=(LI,))]


def test_a_refusal_names_the_person(desk: FakeDesk) -> None:
    desk.show(held())
    told_names(desk)
    said = desk.picture.staff.named({"by": "wang", "case": "wang"}, held().id)
    assert said == {"by": "王强", "case": "wang"}


def test_whose_turn_it_is_names_the_other_inspector(pane: ActsPane, desk: FakeDesk) -> None:
    """The order went to somebody else: "the inspector's" would read as one's own."""
    desk.join(replace(cases.welcome(), grants=(Grant(role=Role.INSPECTOR),)))
    case = replace(cases.one(State.CHECKING), inspector=LI)
    desk.show(case)
    pane.show_case(case)
    assert pane._nothing.text() == "The next step is the Inspector's: li."
    answer(desk, NamesQuery, NamesReply(people=(PersonName(user=LI, name="李明"),)))
    pane.pass_time()
    assert pane._nothing.text() == "The next step is the Inspector's: 李明."


def test_whose_turn_it_is_names_the_unit(pane: ActsPane, desk: FakeDesk) -> None:
    desk.join(replace(cases.welcome(), grants=(Grant(role=Role.ACCEPTOR),)))
    case = cases.one(State.DISPATCHED)
    desk.show(case)
    pane.show_case(case)
    unit = desk.picture.names(case.id).unit(case.lead)
    assert pane._nothing.text() == f"The next step is the Unit's: {unit}."


# --- passing on -----------------------------------------------------------------------------------

COLLEAGUES = ColleaguesReply(
    colleagues=(
        Colleague(user=WANG, name="王强", post="派遣员", present=True, in_hand=2),
        Colleague(user=LI, name="李明"),
    )
)


def passing_on(pane: ActsPane, desk: FakeDesk) -> None:
    case = cases.one(State.FILED)
    desk.show(case)
    pane.show_case(case)
    pane.buttons["pass_on"].click()


def test_whom_to_pass_a_case_to_is_chosen_from_who_could_take_it(
    pane: ActsPane, desk: FakeDesk
) -> None:
    passing_on(pane, desk)
    assert desk.questions[-1][1] == ColleaguesQuery(
        case=cases.one(State.FILED).id, role=Role.DISPATCHER
    )
    answer(desk, ColleaguesQuery, COLLEAGUES)
    listed = [pane.prompt.list.item(row).text() for row in range(pane.prompt.list.count())]
    assert listed == [
        "● 王强 (wang) · 派遣员 · present · 2 in hand",
        "○ 李明 (li) · not signed in",
    ]
    QTest.keyClick(pane.prompt.field, Qt.Key.Key_Down)
    QTest.keyClick(pane.prompt.field, Qt.Key.Key_Return)
    assert desk.wishes[-1].command == claims.PassOn(to=LI)


@pytest.mark.parametrize("part", ["王", "WAN", "ang"])
def test_a_part_of_the_name_or_sign_in_name_finds_a_colleague(
    pane: ActsPane, desk: FakeDesk, part: str
) -> None:
    passing_on(pane, desk)
    answer(desk, ColleaguesQuery, COLLEAGUES)
    write(pane.prompt.field, part)
    assert pane.prompt.list.count() == 1
    QTest.keyClick(pane.prompt.field, Qt.Key.Key_Return)
    assert desk.wishes[-1].command == claims.PassOn(to=WANG)


def test_nobody_is_passed_a_case_who_is_not_on_the_list(pane: ActsPane, desk: FakeDesk) -> None:
    passing_on(pane, desk)
    answer(desk, ColleaguesQuery, COLLEAGUES)
    write(pane.prompt.field, "somebody")
    QTest.keyClick(pane.prompt.field, Qt.Key.Key_Return)
    assert desk.wishes == []


def test_a_set_is_passed_on_to_one_colleague_of_the_list(
    desk: FakeDesk, theme: Theme, qtbot: QtBot
) -> None:
    of = cases.one(State.FILED)
    desk.show(of)
    fields = BatchFields(desk.picture, theme)
    qtbot.addWidget(fields)
    (offer,) = [each for each in batch_offers([of], desk.picture) if each.name == "pass_on"]
    fields.show_offer(offer, [of])
    answer(desk, ColleaguesQuery, COLLEAGUES)
    field = fields.first()
    assert isinstance(field, QLineEdit)
    fields.show()
    with qtbot.waitActive(fields):
        fields.activateWindow()
    field.setFocus()
    write(field, "李")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert fields.given().answers == {"colleague": LI}


# --- taken over -----------------------------------------------------------------------------------


def turn_told(pane: ActsPane, desk: FakeDesk, claim: Claim) -> str:
    """What a leader reads of a case that waits for the dispatcher."""
    desk.join(replace(cases.welcome(), grants=(Grant(role=Role.SHIFT_LEADER),)))
    case = replace(cases.one(State.FILED), claim=claim)
    desk.show(case)
    pane.show_case(case)
    return pane._nothing.text()


def test_who_took_a_case_over_is_told_how_to_let_it_go(pane: ActsPane, desk: FakeDesk) -> None:
    said = turn_told(pane, desk, Claim(user=cases.ACTOR.user, since=cases.NOW))
    assert said.endswith("the next step is the Dispatcher's: Shift+Q puts it back.")


def test_the_next_step_is_not_that_of_a_holder_who_let_the_case_lie(
    pane: ActsPane, desk: FakeDesk
) -> None:
    long_ago = cases.NOW - timedelta(minutes=cases.rules().queues.claim_minutes + 1)
    assert "wang" in turn_told(pane, desk, Claim(user=WANG, since=cases.NOW))
    assert "wang" not in turn_told(pane, desk, Claim(user=WANG, since=long_ago))


# --- suspended ------------------------------------------------------------------------------------


def test_a_suspension_ends_by_itself_and_not_with_enter(pane: ActsPane, desk: FakeDesk) -> None:
    desk.join(replace(cases.welcome(), grants=(Grant(role=Role.SHIFT_LEADER),)))
    until = cases.NOW + timedelta(days=7)
    case = replace(cases.one(State.DISPATCHED), state=State.SUSPENDED, resumes_at=until)
    desk.show(case)
    pane.show_case(case)
    pane.do_suggested()
    assert "resume" in pane.buttons
    assert desk.wishes == []
    assert pane._nothing.text().startswith("The case goes on by itself at 2008-06-20")


# --- urged ----------------------------------------------------------------------------------------


def test_the_queue_and_the_facts_say_that_a_case_is_urged(
    desk: FakeDesk, theme: Theme, qtbot: QtBot
) -> None:
    queue = QueuePane(desk.picture, Selection(), theme)
    qtbot.addWidget(queue)
    queue.show_box("filed")
    case = replace(cases.one(State.FILED), urged=1, reminders=2)
    desk.show(case)
    assert queue.table.row_at(0).name.startswith("urged · ")
    names = desk.picture.names(case.id)
    facts = standing_facts(case, cases.NOW, cases.rules(), names, Named())
    assert (facts["urged"], facts["reminded"]) == ("once", "2 times")
