"""An order shows how it stands, and the inspector's own desk confirms it by itself."""

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace
from pytestqt.qtbot import QtBot

from backend_client.notices import Fetched
from casework.acts import MarkDelivered, MarkRead
from casework.case import Case, Order
from casework.decider import Grant, Personal
from casework.enquiries import InspectorRow, InspectorsReply
from casework.replies import CaseDetail, HistoryRow
from casework.terms import Role, State, UserId
from console.deliveries import Deliveries
from console.inspectors import Inspectors
from console.names import Names
from console.orders import in_full, in_short, out_on
from console.panes.queue import QueuePane
from console.selection import Selection
from tests.console import cases
from tests.console.fake_desk import FakeDesk
from widgets.theme import Theme

LI = UserId("li")
MINUTE = timedelta(minutes=1)


def order(to: UserId | None = LI, **told: Any) -> Case:
    out = Order(sent_at=cases.NOW, due=cases.NOW + 30 * MINUTE, **told)
    return replace(cases.one(State.CHECKING), inspector=to, order=out)


@pytest.fixture
def own(qtbot: QtBot) -> FakeDesk:
    desk = FakeDesk()
    desk.join(replace(cases.welcome(), user=LI, grants=(Grant(role=Role.INSPECTOR),)))
    return desk


def test_an_order_is_confirmed_once_when_it_arrives(own: FakeDesk) -> None:
    Deliveries(own.picture, Selection(), own.wishes.append, own.picture)
    own.show(order())
    own.show(order())
    assert [wish.command for wish in own.wishes] == [MarkDelivered()]
    assert own.wishes[0].role is Role.INSPECTOR


def test_an_order_is_read_when_its_case_is_opened(own: FakeDesk) -> None:
    selection = Selection()
    Deliveries(own.picture, selection, own.wishes.append, own.picture)
    case = order(delivered_at=cases.NOW)
    own.show(case)
    assert own.wishes == []
    selection.select(case.id)
    assert [wish.command for wish in own.wishes] == [MarkRead()]


def test_another_ones_order_is_not_confirmed(own: FakeDesk) -> None:
    Deliveries(own.picture, Selection(), own.wishes.append, own.picture)
    own.show(order(UserId("wang")))
    own.show(order(None))
    assert own.wishes == []


@pytest.mark.parametrize(
    ("minutes", "told", "words"),
    [
        (1, {}, "Order sent · li"),
        (3, {}, "▲ Order not delivered · li"),
        (3, {"delivered_at": cases.NOW}, "Order delivered · li"),
        (11, {"delivered_at": cases.NOW}, "▲ Order not read · li"),
        (11, {"delivered_at": cases.NOW, "read_at": cases.NOW}, "Order read · li"),
        (31, {"delivered_at": cases.NOW, "read_at": cases.NOW}, "▲ Order late · li"),
        (31, {}, "▲ Order not delivered · li"),
    ],
)
def test_an_order_says_how_it_stands(minutes: int, told: dict[str, Any], words: str) -> None:
    case = order(**told)
    found = out_on(case, cases.rules(), cases.NOW + minutes * MINUTE)
    assert found is not None
    assert in_short(found, case.inspector or "") == words


def test_an_open_case_says_since_when_its_order_stands_so() -> None:
    names, read = Names(cases.rules()), cases.NOW + 2 * MINUTE
    case = order(delivered_at=cases.NOW, read_at=read)
    found = out_on(case, cases.rules(), read)
    assert found is not None
    at = names.moment(read, read)
    assert in_full(found, "李明", names, read) == f"李明 · Order read {at}"
    assert in_full(found, "", names, read).startswith("any inspector of the area · ")


def test_the_queue_calls_the_inspector_by_name_as_soon_as_it_is_known(
    desk: FakeDesk, theme: Theme, qtbot: QtBot
) -> None:
    queue = QueuePane(desk.picture, Selection(), theme)
    qtbot.addWidget(queue)
    queue.show_box("checking")
    desk.show(order())
    assert queue.table.row_at(0).holder == "Order sent · li"
    row = InspectorRow(user=LI, name="李明")
    desk.hear(Fetched(ref=len(desk.questions), body=InspectorsReply(inspectors=(row,))))
    assert queue.table.row_at(0).holder == "Order sent · 李明"


def test_somebody_who_may_not_ask_for_inspectors_learns_the_name_from_the_case(
    qtbot: QtBot,
) -> None:
    desk = FakeDesk()
    desk.join(replace(cases.welcome(), grants=(Grant(role=Role.OBSERVER),)))
    inspectors, case = Inspectors(desk.picture), order()
    assert desk.questions == []
    desk.show(case)
    sent = HistoryRow(
        number=1, at=cases.NOW, type="CheckOrdered", actor=LI, role=Role.ACCEPTOR, inspector="李明"
    )
    desk.picture.open(case.id)
    detail = CaseDetail(case=case, number=9, texts=Personal(), history=(sent,))
    desk.hear(Fetched(ref=len(desk.questions), body=detail))
    assert inspectors.name(LI) == "李明"


def test_the_queue_shows_by_itself_that_an_order_was_not_delivered(
    desk: FakeDesk, theme: Theme, qtbot: QtBot
) -> None:
    queue = QueuePane(desk.picture, Selection(), theme)
    qtbot.addWidget(queue)
    queue.show_box("checking")
    case = order()
    desk.show(case)
    assert queue.table.row_at(0).holder == "Order sent · li"
    desk.steady.seconds += 180
    queue._move_with_time()
    assert queue.table.row_at(0).holder == "▲ Order not delivered · li"
