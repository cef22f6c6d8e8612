"""All orders in one list, worst first; how many are bad shows also while it is shut."""

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from backend_client.notices import Fetched, Joined
from casework.case import Case, Order
from casework.enquiries import InspectorRow, InspectorsReply
from casework.orders_over import Ending, OrderOver, OrdersOverQuery, OrdersOverReply
from casework.terms import CaseId, State, UserId, point
from console.export.table import Kind
from console.inspectors import Inspectors, Presence, presence
from console.order_book import DONE, GIVEN_ANEW, WITHDRAWN, OrderBook
from console.panes.orders import OrdersPane
from console.panes.orders_counter import OrdersCounter
from console.picture import Change
from tests.console import cases
from tests.console.fake_desk import FakeDesk
from widgets.theme import Theme

MINUTE = timedelta(minutes=1)
LIMIT = 30 * MINUTE
LI = InspectorRow(user=UserId("li"), name="李明", on_duty_since=cases.NOW, open_orders=1)


def order(number: int, minutes: int, *, to: str = "li", **told: int) -> Case:
    """An order given so many minutes ago; `told`: minutes after that at which it came so far."""
    sent = cases.NOW - minutes * MINUTE
    came: dict[str, Any] = {name: sent + after * MINUTE for name, after in told.items()}
    out = Order(sent_at=sent, due=sent + LIMIT, **came)
    return replace(
        cases.one(State.CHECKING),
        id=CaseId(f"shenzhen-20080613-{number:05}"),
        inspector=UserId(to),
        order=out,
        link_since=sent,
        link_due=sent + LIMIT,
    )


REST = order(1, 5, delivered_at=1, read_at=2)
SOON = order(2, 25, delivered_at=1, read_at=2)
LATE = order(3, 31, delivered_at=1, read_at=2)
UNREAD = order(4, 12, delivered_at=0)
UNDELIVERED = order(5, 3)
EVERY = (REST, SOON, LATE, UNREAD, UNDELIVERED)


@pytest.fixture
def pane(desk: FakeDesk, theme: Theme, qtbot: QtBot) -> OrdersPane:
    pane = OrdersPane(desk.picture, Inspectors(desk.picture), OrderBook(desk.picture), theme)
    qtbot.addWidget(pane)
    pane.resize(1000, 400)
    pane.show()
    return pane


def shown(pane: OrdersPane) -> list[CaseId]:
    return [pane.table.row_at(n).case.id for n in range(pane.table.rowCount())]


def test_the_worst_order_comes_first(pane: OrdersPane, desk: FakeDesk) -> None:
    desk.show(*EVERY)
    assert shown(pane) == [each.id for each in (UNDELIVERED, UNREAD, LATE, SOON, REST)]
    assert [pane.table.row_at(n).tone for n in range(5)] == ["late", "late", "late", "soon", "text"]
    assert pane.count.text() == "5 out · ▲ 3 · ended in the last 2 h: 0"


def test_an_order_goes_up_the_list_with_time_alone(pane: OrdersPane, desk: FakeDesk) -> None:
    desk.show(SOON, order(6, 1))
    desk.steady.seconds += 120
    pane.look_again()
    assert shown(pane)[0] == order(6, 1).id
    assert pane.table.row_at(0).stands == "▲ Order not delivered"


def test_inspectors_are_called_by_name_once_it_is_known(pane: OrdersPane, desk: FakeDesk) -> None:
    desk.show(REST)
    assert pane.table.row_at(0).inspector == "li"
    desk.hear(Fetched(ref=len(desk.questions), body=InspectorsReply(inspectors=(LI,))))
    assert pane.table.row_at(0).inspector == "李明"


def test_the_filter_narrows_by_inspector_case_and_words(pane: OrdersPane, desk: FakeDesk) -> None:
    desk.show(*EVERY, order(7, 5, to="wang", delivered_at=1, read_at=2))
    for wanted, found in (("WANG", 1), ("not read", 1), ("00003", 1), ("check", 6), ("moon", 0)):
        pane.filter.setText(wanted)
        assert pane.table.rowCount() == found, wanted


def test_enter_opens_the_case_of_an_order(pane: OrdersPane, desk: FakeDesk, qtbot: QtBot) -> None:
    desk.show(*EVERY)
    pane.begin()
    with qtbot.waitSignal(pane.case_wanted) as opened:
        QTest.keyClick(pane.view, Qt.Key.Key_Return)
    assert opened.args == [UNDELIVERED.id]


def test_an_order_that_is_over_stays_at_the_end_for_a_while(
    pane: OrdersPane, desk: FakeDesk
) -> None:
    desk.show(REST, LATE)
    answered = replace(LATE, state=State.PENDING_CLOSE, order=None, inspector=None)
    desk.show(answered)
    assert shown(pane) == [REST.id, LATE.id]
    assert pane.table.row_at(1).stands == f"✓ {DONE}"
    assert pane.count.text() == "1 out · ▲ 0 · ended in the last 2 h: 1"
    desk.steady.seconds += 2 * 3_600 + 1
    pane.look_again()
    assert shown(pane) == [REST.id]


def test_how_an_order_ended_is_told_by_where_its_case_went(desk: FakeDesk) -> None:
    book = OrderBook(desk.picture)
    desk.show(*EVERY)
    desk.show(
        replace(REST, state=State.FEEDBACK, order=None, inspector=None),
        replace(SOON, state=State.HANDLING, order=None, inspector=None),
        replace(LATE, order=Order(sent_at=cases.NOW), inspector=UserId("wang")),
        replace(UNREAD, state=State.CANCELLED, ended_at=cases.NOW, order=None, inspector=None),
    )
    how = {over.case.id: over.how for over in book.over()}
    assert how == {REST.id: WITHDRAWN, SOON.id: DONE, LATE.id: GIVEN_ANEW, UNREAD.id: WITHDRAWN}


def test_a_case_that_leaves_the_desk_s_sight_takes_its_order_with_it(desk: FakeDesk) -> None:
    book = OrderBook(desk.picture)
    desk.show(REST, LATE)
    desk.picture.changed.emit(Change((), (LATE.id,)))
    assert [found.case.id for found in book.out()] == [REST.id]
    assert book.over() == []


def test_a_bad_order_shows_under_the_boxes_while_the_list_is_shut(
    desk: FakeDesk, theme: Theme, qtbot: QtBot
) -> None:
    counter = OrdersCounter(OrderBook(desk.picture), "F5", theme)
    qtbot.addWidget(counter)
    desk.show(REST)
    assert counter.accessibleName() == "Orders 1 F5"
    desk.show(SOON)
    assert counter.accessibleName() == "Orders ◆ 1 F5"
    desk.show(order(8, 1))
    desk.steady.seconds += 120
    counter.count()
    assert counter.accessibleName() == "Orders ▲ 1 F5"
    assert "not delivered 1" in counter.toolTip()


def test_the_file_of_the_list_has_typed_instants_and_no_signs(
    pane: OrdersPane, desk: FakeDesk
) -> None:
    desk.show(UNDELIVERED)
    table = pane.as_table()
    kinds = {column.title: column.kind for column in table.columns}
    assert kinds["Sent at"] is Kind.INSTANT
    assert kinds["Left or late by"] is Kind.DURATION
    (line,) = table.rows
    said = dict(zip(kinds, line, strict=True))
    assert (said["How it stands"], said["Late"]) == ("Order not delivered", False)
    assert said["Left or late by"] == 27 * MINUTE


# --- the inspectors ------------------------------------------------------------------------------


def inspector(user: str, **told: Any) -> InspectorRow:
    return InspectorRow(user=UserId(user), name=user, **told)


HERE = {"point": point(22.5, 114.0), "at": cases.NOW - 4 * MINUTE}
FREE = inspector("free", on_duty_since=cases.NOW, **HERE)
BUSY = inspector("busy", on_duty_since=cases.NOW, open_orders=2, **HERE)
STALE = inspector("stale", on_duty_since=cases.NOW, stale=True, **HERE)
NEVER = inspector("never", on_duty_since=cases.NOW)
OFF = inspector("off")


def test_who_has_not_said_for_too_long_where_is_silent() -> None:
    of = [presence(each) for each in (FREE, BUSY, STALE, NEVER, OFF)]
    silent = Presence.SILENT
    assert of == [Presence.FREE, Presence.ON_ORDER, silent, silent, Presence.OFF]


def test_once_more_the_key_shows_who_is_free_first(pane: OrdersPane, desk: FakeDesk) -> None:
    everybody = (OFF, STALE, BUSY, NEVER, FREE)
    desk.hear(Fetched(ref=len(desk.questions), body=InspectorsReply(inspectors=everybody)))
    pane.turn_over()
    people = [pane.people.row_at(n) for n in range(pane.people.rowCount())]
    assert [line.of.user for line in people] == ["free", "busy", "never", "stale", "off"]
    assert [line.position for line in people] == ["4 min old"] * 2 + ["none yet", "4 min old", ""]
    assert pane.count.text() == "on duty 4 · free 1"
    table = pane.as_table()
    assert [line[3] for line in table.rows] == [0, 2, 0, 0, 0]


def test_positions_are_asked_for_only_while_they_are_shown(
    pane: OrdersPane, desk: FakeDesk
) -> None:
    assert pane._inspectors._again.isActive()
    pane.hide()
    assert not pane._inspectors._again.isActive()


def over(number: int, minutes: int) -> OrderOver:
    """An order that was done so many minutes ago, as the server tells it."""
    at = cases.NOW - minutes * MINUTE
    return OrderOver(case=order(number, minutes + 9), at=at, how=Ending.DONE)


def recalled(desk: FakeDesk) -> list[int]:
    numbered = enumerate(desk.questions, 1)
    return [ref for ref, (_, query) in numbered if isinstance(query, OrdersOverQuery)]


def test_what_ended_before_the_desk_was_started_is_asked_for_once(
    pane: OrdersPane, desk: FakeDesk
) -> None:
    pane.begin()
    (ref,) = recalled(desk)
    assert desk.questions[ref - 1][1] == OrdersOverQuery(since=cases.NOW - timedelta(hours=2))
    desk.hear(Fetched(ref=ref, body=OrdersOverReply(orders=(over(7, 60), over(8, 30)))))
    rows = [pane.table.row_at(number) for number in range(pane.table.rowCount())]
    assert [(row.case.id[-1], row.is_over) for row in rows] == [("8", True), ("7", True)]
    pane.begin()
    assert recalled(desk) == [ref]


def test_what_this_desk_saw_end_is_not_listed_twice(pane: OrdersPane, desk: FakeDesk) -> None:
    out = order(7, 20)
    desk.show(out)
    desk.show(replace(out, state=State.PENDING_CLOSE, order=None, inspector=None))
    pane.begin()
    told = OrderOver(case=out, at=cases.NOW, how=Ending.DONE)
    desk.hear(Fetched(ref=recalled(desk)[0], body=OrdersOverReply(orders=(told,))))
    assert pane.table.rowCount() == 1


@pytest.mark.parametrize(("minutes", "said"), [(90, "90 min"), (180, "3 h")])
def test_the_heading_says_for_how_long_ended_orders_are_listed_by_the_rule_book(
    pane: OrdersPane, desk: FakeDesk, minutes: int, said: str
) -> None:
    rules = cases.rules()
    rules = replace(rules, orders=replace(rules.orders, over_minutes=minutes))
    desk.hear(Joined(welcome=cases.welcome(), rules=rules))
    desk.show(LATE)
    desk.show(replace(LATE, state=State.PENDING_CLOSE, order=None, inspector=None))
    assert pane.count.text().endswith(f"ended in the last {said}: 1")
    desk.steady.seconds += 60 * minutes + 1
    pane.look_again()
    assert pane.count.text().endswith(f"ended in the last {said}: 0")
