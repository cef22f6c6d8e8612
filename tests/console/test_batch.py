"""批量處理: one act on several cases – preview, each its own command, what is refused, one undo."""

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from backend_client.notices import Answered, Changed, Fetched, Joined, LinkState
from casework import acts, claims
from casework.applications import ApproveApplication
from casework.case import Case, Claim
from casework.decider import Command, Grant
from casework.enquiries import (
    InspectorRow,
    InspectorsQuery,
    InspectorsReply,
    Proposed,
    ProposedQuery,
    ProposedReply,
)
from casework.replies import ReplyBody
from casework.terms import CaseId, Role, State, UserId
from casework.wire import Ack, Nack
from console.batch import running
from console.batch.running import Standing
from console.settings import Settings
from console.window import DeskWindow
from tests.console import cases
from tests.console.fake_desk import FakeDesk
from widgets.theme import Theme

SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
CENTRE = (Role.ACCEPTOR, Role.SHIFT_LEADER, Role.DISPATCHER)


class Seat:
    """One desk with its window, at a box."""

    def __init__(self, qtbot: QtBot, theme: Theme, settings: Settings) -> None:
        self.qtbot = qtbot
        self.desk = FakeDesk()
        grants = tuple(Grant(role=role) for role in CENTRE)
        self.desk.join(replace(cases.welcome(), grants=grants))
        self.window = DeskWindow(self.desk.picture, self.desk.picture.ask, theme, settings)
        qtbot.addWidget(self.window)
        self.desk.show(*cases.cases(800))
        self.window.show()
        self.active()
        self.batch = self.window.batch
        self.answered = 0

    def at(self, box: str) -> "Seat":
        self.window.open_box(box)
        self.window.queue.focus_rows()
        QApplication.processEvents()
        return self

    def select(self, count: int) -> tuple[CaseId, ...]:
        """The first rows of the box, by Shift and Down."""
        for _ in range(count - 1):
            QTest.keyClick(self.window.queue.view, Qt.Key.Key_Down, SHIFT)
        QApplication.processEvents()
        assert len(self.window.selection.batch) == count
        return self.window.selection.batch

    def press_enter(self) -> None:
        focus: QWidget | None = self.window.focusWidget()
        assert focus is not None
        QTest.keyClick(focus, Qt.Key.Key_Return)
        QApplication.processEvents()

    def preview(self, name: str) -> None:
        offer = next(o for o in self.batch.acts.offers if o.name == name)
        self.batch.acts.chosen.emit(offer)

    def select_refused_again(self) -> None:
        """What was refused stays selected; one more case makes it a set."""
        queue = self.window.queue
        marks = self.window.selection.marks
        keys = [key for key in queue.table.keys_shown() if key not in marks]
        self.window.selection.mark({*marks, keys[0]})

    @property
    def shown(self) -> object:
        return self.window.below.currentWidget()

    @property
    def asked(self) -> list[tuple[str, Command]]:
        return [(stream, command) for _, stream, _, _, command in self.desk.sent]

    def active(self) -> None:
        """Shortcuts and floating lists want the window to be the active one."""
        with self.qtbot.waitActive(self.window):
            self.window.activateWindow()

    def undo(self) -> None:
        self.active()
        QTest.keyClick(self.window, Qt.Key.Key_Z, CTRL)

    def answer(self, *, refused: int = 0) -> None:
        """Answer all that was sent and has no answer; the first `refused` of them with no."""
        for number in range(self.answered, len(self.desk.sent)):
            ask_id, (_, stream, version, _, _) = f"ask-{number + 1:04}", self.desk.sent[number]
            if number - self.answered < refused:
                nack = Nack(id=ask_id, code="case.held", detail={"by": "li"})
                self.desk.hear(Answered(id=ask_id, answer=nack))
            else:
                ack = Ack(id=ask_id, log=cases.LOG, number=9, stream=stream, version=version)
                self.desk.hear(Answered(id=ask_id, answer=ack))
        self.answered = len(self.desk.sent)

    def said(self) -> dict[CaseId, str]:
        """What the table of the page in sight says of each case."""
        page = self.batch.preview if self.shown is self.batch.preview else self.batch.result
        return {row.case: row.said for row in page.table.shown()}

    def case(self, case: CaseId) -> Case:
        found = self.desk.picture.case(case)
        assert found is not None
        return found


@pytest.fixture
def seat(qtbot: QtBot, theme: Theme, settings: Settings) -> Seat:
    return Seat(qtbot, theme, settings)


# --- selecting ------------------------------------------------------------------------------------


def test_the_selection_counts_itself_and_one_case_alone_keeps_its_own_acts(seat: Seat) -> None:
    seat.at("prefiled")
    QTest.keyClick(seat.window.queue.view, Qt.Key.Key_Space)
    assert seat.window.detail._acts_place.currentIndex() == 0
    QTest.keyClick(seat.window.queue.view, Qt.Key.Key_Down, SHIFT)
    assert seat.window.detail._acts_place.currentIndex() == 1
    assert seat.window.queue._count.text() == "2 of 8 selected"
    assert seat.batch.acts._title.text() == "2 cases selected"


def test_ctrl_a_selects_the_box_that_is_shown_and_escape_lets_it_go(seat: Seat) -> None:
    seat.at("filed")
    QTest.keyClick(seat.window.queue.view, Qt.Key.Key_A, CTRL)
    assert set(seat.window.selection.marks) == set(seat.window.queue.table.keys_shown())
    QTest.keyClick(seat.window.queue.view, Qt.Key.Key_Escape)
    assert seat.window.selection.marks == frozenset()


def test_a_case_that_leaves_the_box_stays_selected_and_is_counted_apart(seat: Seat) -> None:
    first, *_ = seat.at("prefiled").select(3)
    seat.window.queue.table.release(seat.window.queue.view._holder)
    seat.desk.show(replace(seat.case(first), state=State.FILED))
    assert first in seat.window.selection.marks
    assert seat.window.queue._count.text() == "2 of 7 selected · 1 selected elsewhere"


def test_another_box_begins_with_an_empty_selection(seat: Seat) -> None:
    seat.at("prefiled").select(3)
    seat.at("filed")
    assert seat.window.selection.marks == frozenset()


# --- what the set allows --------------------------------------------------------------------------


def test_each_act_says_how_many_of_the_set_may_take_it(seat: Seat) -> None:
    chosen = seat.at("filed").select(4)
    moved = replace(seat.case(chosen[0]), state=State.PREFILED)
    seat.desk.show(moved)
    seat.qtbot.waitUntil(lambda: "file" in seat.batch.acts.buttons)
    counts = {o.name: len(o.takes) for o in seat.batch.acts.offers}
    assert (counts["dispatch"], counts["file"], counts["note"]) == (3, 1, 4)
    assert seat.batch.acts.offers[0].name == "dispatch", "what most of them suggest comes first"


def test_no_two_acts_of_a_mixed_set_have_one_key(seat: Seat) -> None:
    seat.window.selection.mark(case.id for case in seat.desk.picture.cases())
    keys = [offer.key for offer in seat.batch.acts.offers if offer.key]
    assert len(keys) == len(set(keys))


def test_a_telephone_number_is_not_looked_up_for_a_set(seat: Seat) -> None:
    seat.at("filed").select(2)
    assert "show_contact" not in seat.batch.acts.buttons


# --- preview --------------------------------------------------------------------------------------


def test_an_act_on_a_set_sends_nothing_before_its_preview_was_answered(seat: Seat) -> None:
    seat.at("prefiled").select(3)
    QTest.keyClick(seat.window.queue.view, Qt.Key.Key_Return)
    assert (seat.shown, seat.asked) == (seat.batch.preview, [])
    QTest.keyClick(seat.batch.preview.fields.opinion, Qt.Key.Key_Escape)
    assert (seat.shown, seat.asked) == (seat.window.detail, [])
    assert len(seat.window.selection.batch) == 3


def test_the_preview_lists_those_that_cannot_with_the_reason_first(seat: Seat) -> None:
    held, moved, *others = seat.at("prefiled").select(4)
    claim = Claim(user=UserId("li"), since=cases.NOW)
    seat.desk.show(
        replace(seat.case(held), claim=claim), replace(seat.case(moved), state=State.FILED)
    )
    seat.preview("file")
    assert seat.batch.preview._count.text() == "4 cases: 2 will be done, 2 cannot"
    said = seat.said()
    assert list(said)[:2] == sorted((held, moved))
    assert said[held] == "✕ li has this case in hand."
    assert said[moved] == '✕ The case has moved on: it is now "To dispatch".'
    assert all(said[case].startswith("limit: ") for case in others)


def test_the_preview_follows_what_others_do(seat: Seat) -> None:
    first, *_ = seat.at("prefiled").select(2)
    seat.preview("file")
    seat.desk.hear(Changed(log=cases.LOG, gone=(first,), number=10, at=cases.NOW))
    seat.qtbot.waitUntil(lambda: "1 cannot" in seat.batch.preview._count.text())
    assert seat.said()[first] == "✕ The case is no longer in your sight."


def test_each_case_gets_its_own_command_with_the_version_that_was_seen(seat: Seat) -> None:
    chosen = seat.at("prefiled").select(3)
    seat.preview("file")
    QTest.keyClicks(seat.batch.preview.fields.opinion, "all clear")
    seat.press_enter()
    versions = {stream: version for _, stream, version, _, _ in seat.desk.sent}
    assert versions == {f"case/{case}": seat.case(case).version for case in chosen}
    opinions = {c.opinion for _, c in seat.asked if isinstance(c, acts.FileCase)}
    assert opinions == {"all clear"}


def test_a_dispatch_goes_to_each_cases_proposed_unit(seat: Seat) -> None:
    chosen = seat.at("filed").select(5)
    seat.preview("dispatch")
    seat.press_enter()
    picture = seat.desk.picture
    proposed = {f"case/{c}": picture.responsible(seat.case(c)).lead for c in chosen}
    sent = {stream: c.lead for stream, c in seat.asked if isinstance(c, acts.DispatchCase)}
    assert sent == {stream: lead for stream, lead in proposed.items() if lead is not None}


def test_a_case_for_whose_class_the_rule_book_names_no_unit_says_so_before(seat: Seat) -> None:
    first, *_ = seat.at("filed").select(3)
    nobodys = replace(seat.case(first), code="9999", component_unit=None)
    seat.desk.show(nobodys)
    seat.preview("dispatch")
    assert seat.said()[first] == "✕ The rule book names no unit for it: choose one for all."


def test_a_dispatch_goes_to_one_unit_for_all_when_one_is_chosen(seat: Seat) -> None:
    seat.at("filed").select(3)
    seat.preview("dispatch")
    unit = cases.rules().units[4]
    line = seat.batch.preview.fields.unit
    seat.active()
    line.setFocus()
    QTest.keyClicks(line, unit.id)
    QTest.keyClick(line, Qt.Key.Key_Return)
    seat.press_enter()
    sent = {c.lead for _, c in seat.asked if isinstance(c, acts.DispatchCase)}
    assert (sent, len(seat.asked)) == ({unit.id}, 3)


def test_half_a_units_name_is_no_unit(seat: Seat) -> None:
    seat.at("filed").select(3)
    seat.preview("dispatch")
    seat.batch.preview.fields.unit.setText("xyz")
    seat.batch.preview.carry_out()
    assert seat.asked == []
    assert seat.batch.preview._answer.text() == "Fill this in first: Lead unit"


def test_an_act_with_a_reason_waits_until_one_is_chosen(seat: Seat) -> None:
    seat.at("prefiled").select(3)
    seat.preview("decline")
    assert seat.batch.preview._count.text() == "3 cases: 3 will be done"
    seat.batch.preview.carry_out()
    assert seat.asked == []
    field = seat.batch.preview.fields._fields["reason"]
    QTest.keyClick(field, Qt.Key.Key_Down)
    seat.press_enter()
    assert len({c.reason for _, c in seat.asked if isinstance(c, acts.DeclineCase)}) == 1
    assert len(seat.asked) == 3


def test_a_note_waits_until_it_is_written(seat: Seat) -> None:
    seat.at("filed").select(2)
    seat.preview("note")
    seat.batch.preview.carry_out()
    assert seat.asked == []
    QTest.keyClicks(seat.batch.preview.fields.opinion, "seen")
    seat.press_enter()
    assert [command for _, command in seat.asked] == [acts.AddNote(opinion="seen")] * 2


def reply(seat: Seat, kind: type, body: ReplyBody) -> None:
    """Answer the last question of a kind."""
    refs = [ref for ref, (_, query) in enumerate(seat.desk.questions, 1) if isinstance(query, kind)]
    seat.desk.hear(Fetched(ref=refs[-1], body=body))


def proposed(seat: Seat) -> tuple[CaseId, ...]:
    """Two cases to be checked, each with another inspector proposed."""
    chosen = seat.at("feedback").select(2)
    seat.preview("order_check")
    found = (
        Proposed(case=chosen[0], user=UserId("wu"), name="吴建华"),
        Proposed(case=chosen[1], user=UserId("lin"), name="林晓明"),
    )
    reply(seat, ProposedQuery, ProposedReply(proposed=found))
    everybody = tuple(
        InspectorRow(user=UserId(user), name=name)
        for user, name in (("wu", "吴建华"), ("lin", "林晓明"), ("zhang", "张远"))
    )
    reply(seat, InspectorsQuery, InspectorsReply(inspectors=everybody))
    return chosen


def test_the_preview_names_whom_each_case_of_a_set_would_get_and_sends_just_these(
    seat: Seat,
) -> None:
    first, second = proposed(seat)
    assert seat.said() == {first: "→ 吴建华", second: "→ 林晓明"}
    seat.press_enter()
    assert dict(seat.asked) == {
        f"case/{first}": acts.OrderCheck(inspector=UserId("wu")),
        f"case/{second}": acts.OrderCheck(inspector=UserId("lin")),
    }


def test_a_set_of_orders_goes_to_one_inspector_who_is_named(seat: Seat) -> None:
    first, second = proposed(seat)
    field = seat.batch.preview.fields.inspector
    field.setFocus()
    field.setText("张")
    field.textEdited.emit("张")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert seat.said() == {first: "→ 张远", second: "→ 张远"}


def test_half_an_inspectors_name_is_nobody(seat: Seat) -> None:
    proposed(seat)
    field = seat.batch.preview.fields.inspector
    field.setText("张")
    field.textEdited.emit("张")
    seat.batch.preview.carry_out()
    assert seat.asked == []


def test_words_for_a_set_are_not_lost(seat: Seat) -> None:
    """Esc, another act, other cases: the act that is begun again has them, no other one."""
    seat.at("filed").select(2)
    seat.preview("note")
    opinion = seat.batch.preview.fields.opinion
    QTest.keyClicks(opinion, "seen on site")
    QTest.keyClick(opinion, Qt.Key.Key_Escape)
    seat.preview("urge")
    assert opinion.text() == ""
    seat.at("prefiled").select(3)
    seat.preview("note")
    assert opinion.text() == "seen on site"


def test_words_for_a_set_stay_until_every_case_has_taken_them(seat: Seat) -> None:
    seat.at("filed").select(2)
    seat.preview("note")
    opinion = seat.batch.preview.fields.opinion
    QTest.keyClicks(opinion, "seen")
    seat.press_enter()
    seat.answer(refused=1)
    seat.select_refused_again()
    seat.preview("note")
    assert opinion.text() == "seen"
    seat.press_enter()
    seat.answer()
    seat.at("filed").select(2)
    seat.preview("note")
    assert opinion.text() == ""


def test_a_set_is_urged_in_one_leaders_name(seat: Seat) -> None:
    seat.at("filed").select(2)
    seat.preview("urge")
    field = seat.batch.preview.fields._fields["leader"]
    QTest.keyClicks(field, "Wang")
    seat.press_enter()
    assert [command for _, command in seat.asked] == [claims.UrgeCase(leader="Wang")] * 2


def test_of_a_set_those_that_a_leader_must_agree_to_are_approved_apart(seat: Seat) -> None:
    rules = tuple(replace(each, leader_from=2) for each in cases.rules().applications)
    grants = (Grant(role=Role.SHIFT_LEADER),)
    welcome = replace(cases.welcome(), grants=grants)
    seat.desk.hear(Joined(welcome=welcome, rules=replace(cases.rules(), applications=rules)))
    first, second, *_ = (each for each in cases.cases(800) if each.state is State.DISPATCHED)
    suspended_once = (0, 1, 0, 0)
    seat.desk.show(cases.asking(first), replace(cases.asking(second), approved=suspended_once))
    seat.at("applied").select(2)
    keys = {offer.name: offer.key for offer in seat.batch.acts.offers}
    assert keys["approve"] != keys["approve_agreed"]
    seat.preview("approve_agreed")
    QTest.keyClicks(seat.batch.preview.fields._fields["agreed"], "Wang")
    seat.press_enter()
    assert seat.asked == [(f"case/{second.id}", ApproveApplication(leader="Wang"))]


# --- the result -----------------------------------------------------------------------------------


def test_the_refused_are_listed_and_stay_selected(seat: Seat) -> None:
    chosen = seat.at("prefiled").select(5)
    seat.preview("file")
    seat.press_enter()
    seat.answer(refused=2)
    refused = {CaseId(stream.removeprefix("case/")) for stream, _ in seat.asked[:2]}
    assert seat.shown is seat.batch.result
    assert seat.batch.result._count.text() == "3 of 5 done · 2 not done"
    said = seat.said()
    assert set(list(said)[:2]) == refused
    assert {said[case] for case in refused} == {"li has this case in hand."}
    assert seat.window.selection.marks == refused
    assert seat.window.selection.case in refused
    assert {said[case] for case in set(chosen) - refused} == {"done"}


def test_a_refused_case_of_a_set_does_not_shout_on_the_notice_line(seat: Seat) -> None:
    seat.at("prefiled").select(3)
    seat.preview("file")
    seat.press_enter()
    seat.answer(refused=1)
    assert seat.window.notice.refusal.isHidden()


def test_every_case_is_pending_until_its_answer(seat: Seat) -> None:
    chosen = seat.at("prefiled").select(3)
    seat.preview("file")
    seat.press_enter()
    assert all(seat.desk.picture.pending(case) for case in chosen)
    assert seat.batch.result._count.text() == "0 of 3 done · 3 wait for the server's answer"


def test_a_large_set_leaves_at_the_servers_pace(
    seat: Seat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "AT_ONCE", 2)
    monkeypatch.setattr(running, "EVERY_MS", 1)
    seat.at("filed").select(8)
    seat.preview("note")
    QTest.keyClicks(seat.batch.preview.fields.opinion, "seen")
    seat.batch.preview.carry_out()
    assert len(seat.asked) == 2
    seat.qtbot.waitUntil(lambda: len(seat.asked) == 8)


def test_what_was_too_fast_is_asked_again(seat: Seat, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "EVERY_MS", 1)
    seat.at("prefiled").select(2)
    seat.preview("file")
    seat.press_enter()
    first = seat.asked[0]
    seat.desk.hear(Answered(id="ask-0001", answer=Nack(id="ask-0001", code="session.too_fast")))
    seat.qtbot.waitUntil(lambda: len(seat.asked) == 3)
    assert seat.asked[2] == first


def test_a_link_lost_midway_lists_what_was_not_sent_and_sends_nothing_twice(
    seat: Seat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "AT_ONCE", 2)
    monkeypatch.setattr(running, "EVERY_MS", 60_000)
    seat.at("filed").select(4)
    seat.preview("dispatch")
    ready = len(seat.batch.preview.plan.ready) if seat.batch.preview.plan else 0
    seat.batch.preview.carry_out()
    seat.desk.link(LinkState.LOST, "link.cut")
    act = seat.batch._running
    assert act is not None
    sent, unsent = act.among(Standing.SENT), act.among(Standing.REFUSED)
    assert (len(sent), len(unsent)) == (2, ready - 2)
    seat.batch.result.look_again()
    assert {seat.said()[case] for case in unsent} == {"The link is lost; nothing was sent."}
    assert "asked again by itself" in seat.batch.result._advice.text()
    seat.desk.link(LinkState.LIVE)
    seat.answer()
    assert (len(seat.asked), len(act.among(Standing.DONE))) == (2, 2)
    assert set(unsent) <= seat.window.selection.marks


def test_somebody_else_at_the_desk_ends_what_waited(seat: Seat) -> None:
    seat.at("prefiled").select(2)
    seat.preview("file")
    seat.press_enter()
    seat.desk.picture.leave(0)
    act = seat.batch._running
    assert act is not None
    assert {told.code for told in act.told.values()} == {"link.closed"}


# --- undo -----------------------------------------------------------------------------------------


def filed(seat: Seat, count: int) -> tuple[CaseId, ...]:
    chosen = seat.at("prefiled").select(count)
    seat.preview("file")
    seat.press_enter()
    seat.answer()
    return chosen


def test_ctrl_z_takes_the_whole_set_back(seat: Seat) -> None:
    chosen = filed(seat, 4)
    seat.undo()
    undone = seat.asked[4:]
    assert sorted(undone, key=lambda a: a[0]) == [(f"case/{c}", acts.TakeBack()) for c in chosen]
    assert seat.shown is seat.batch.result
    seat.answer(refused=1)
    assert seat.batch.result._count.text() == "3 of 4 done · 1 not done"
    assert seat.window.selection.marks == set(chosen), "the set may be acted on again"


def test_an_undo_goes_on_with_what_could_not_be_taken_back_before(seat: Seat) -> None:
    filed(seat, 3)
    seat.undo()
    left = seat.asked[3][0]
    seat.answer(refused=1)
    seat.undo()
    assert seat.asked[6:] == [(left, acts.TakeBack())]


def test_an_undo_waits_for_the_answers_of_the_act(seat: Seat) -> None:
    seat.at("prefiled").select(3)
    seat.preview("file")
    seat.press_enter()
    seat.undo()
    assert len(seat.asked) == 3
    assert not seat.window.notice.refusal.isHidden()


def test_an_act_that_cannot_be_undone_takes_no_earlier_one_with_it(seat: Seat) -> None:
    filed(seat, 2)
    seat.at("filed").select(2)
    seat.preview("claim")
    seat.press_enter()
    seat.answer()
    before = len(seat.asked)
    seat.undo()
    assert len(seat.asked) == before
