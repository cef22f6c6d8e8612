"""Inspectors on the map: where they are, the open case's own one, and how they are put away."""

from dataclasses import replace as changed
from typing import Any

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from backend_client.notices import Fetched
from casework.case import Order
from casework.decider import Grant
from casework.enquiries import InspectorRow, InspectorsQuery, InspectorsReply
from casework.terms import Role, State, UserId, point
from console.panes.map import MapPane
from console.selection import Selection
from tests.console import cases
from tests.console.fake_desk import FakeDesk
from widgets.map_signs import Tie
from widgets.theme import Theme

HERE = {"point": point(22.55, 114.05), "at": cases.NOW, "on_duty_since": cases.NOW}


def inspector(user: str, **told: Any) -> InspectorRow:
    return InspectorRow(user=UserId(user), name=user.title(), **told)


ROWS = (
    inspector("free", **HERE),
    inspector("busy", open_orders=2, **HERE),
    inspector("stale", stale=True, **HERE),
    inspector("off"),
    inspector("mute", on_duty_since=cases.NOW),
)


@pytest.fixture
def selection() -> Selection:
    return Selection()


@pytest.fixture
def pane(desk: FakeDesk, selection: Selection, theme: Theme, qtbot: QtBot) -> MapPane:
    pane = MapPane(desk.picture, selection, theme)
    qtbot.addWidget(pane)
    pane.resize(500, 700)
    pane.show()
    tell(desk)
    return pane


def tell(desk: FakeDesk) -> None:
    asked = [n for n, (_, q) in enumerate(desk.questions, 1) if isinstance(q, InspectorsQuery)]
    desk.hear(Fetched(ref=asked[-1], body=InspectorsReply(inspectors=ROWS)))


def test_who_is_on_duty_and_has_a_position_has_a_sign(pane: MapPane) -> None:
    signs = {sign.key: sign for sign in pane.inspectors.overlay.signs}
    looks = {key: sign.look for key, sign in signs.items()}
    assert looks == {"free": "open", "busy": "busy", "stale": "lost"}
    assert signs[UserId("busy")].hint == "Busy · on an order · orders 2 · 0 min old"
    assert signs[UserId("busy")].label == "Busy · 0 min old"


def test_the_legend_counts_also_those_who_never_said_where(pane: MapPane) -> None:
    said = pane.inspectors.legend.accessibleName()
    assert said == "free 1 · on an order 1 · silent too long 2"
    assert pane.inspectors.legend.isVisible()


def test_a_line_leads_from_the_open_case_to_the_inspector_of_its_order(
    pane: MapPane, desk: FakeDesk, selection: Selection
) -> None:
    case = cases.one(State.CHECKING)
    ordered = replace(case, inspector=UserId("busy"), order=Order(sent_at=cases.NOW))
    desk.show(ordered)
    selection.select(case.id)
    assert case.point is not None
    assert pane._ground is not None
    assert pane.inspectors.overlay.tie == Tie("busy", *pane._ground.place(*case.point.degrees))
    desk.show(replace(ordered, version=case.version + 1, order=None, inspector=None))
    assert pane.inspectors.overlay.tie is None


def test_a_key_on_the_map_puts_them_away_and_asks_no_more(pane: MapPane) -> None:
    assert pane.inspectors._inspectors._again.isActive()
    QTest.keyClick(pane.canvas, Qt.Key.Key_Comma)
    assert pane.inspectors.overlay.signs == ()
    assert pane.inspectors.legend.accessibleName() == "Inspectors are not shown"
    assert not pane.inspectors._inspectors._again.isActive()
    QTest.keyClick(pane.canvas, Qt.Key.Key_Comma)
    assert len(pane.inspectors.overlay.signs) == 3


def test_where_nobody_may_be_known_of_there_is_no_legend(theme: Theme, qtbot: QtBot) -> None:
    desk = FakeDesk()
    desk.join(replace(cases.welcome(), grants=(Grant(role=Role.OBSERVER),)))
    pane = MapPane(desk.picture, Selection(), theme)
    qtbot.addWidget(pane)
    pane.show()
    assert pane.inspectors.legend.isHidden()


def test_a_position_grows_old_by_itself(pane: MapPane, desk: FakeDesk) -> None:
    desk.steady.seconds += 180
    pane.inspectors.show_signs()
    first = pane.inspectors.overlay.signs[0]
    assert first == changed(first, label="Free · 3 min old", hint="Free · free · 3 min old")
