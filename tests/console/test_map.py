"""The map at the desk: open cases, the one that is chosen, and where it looks."""

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPointF
from pytestqt.qtbot import QtBot

from casework.case import Case
from casework.terms import State
from console.panes.legend import Legend
from console.panes.map import MapPane
from console.selection import Selection
from tests.console import cases
from tests.console.fake_desk import FakeDesk
from widgets.theme import Theme


@pytest.fixture
def selection() -> Selection:
    return Selection()


@pytest.fixture
def pane(desk: FakeDesk, selection: Selection, theme: Theme, qtbot: QtBot) -> MapPane:
    """A map that shows the whole city, then its middle from near by."""
    pane = MapPane(desk.picture, selection, theme)
    qtbot.addWidget(pane)
    pane.resize(500, 700)
    with qtbot.waitExposed(pane):
        pane.show()
    desk.show(*cases.cases(300))
    pane.canvas.zoom(40)
    return pane


def seen_at(pane: MapPane, case: Case) -> QPointF:
    assert pane._ground is not None
    assert case.point is not None
    return pane.canvas.frame.to_screen(*pane._ground.place(*case.point.degrees))


def far_off(pane: MapPane, *states: State) -> Case:
    """A case that is out of sight."""
    sight = pane.canvas.rect()
    return next(
        case
        for case in cases.cases(300)
        if case.state in states and not sight.contains(seen_at(pane, case).toPoint())
    )


def test_a_chosen_case_out_of_sight_comes_into_the_middle(
    pane: MapPane, selection: Selection
) -> None:
    case, scale = far_off(pane, State.DISPATCHED), pane.canvas.frame.scale
    selection.select(case.id)
    middle = seen_at(pane, case)
    wide, tall = pane.canvas.width(), pane.canvas.height()
    assert (middle.x(), middle.y()) == pytest.approx((wide / 2, tall / 2), abs=1)
    assert pane.canvas.frame.scale == scale


def test_a_narrow_legend_says_in_a_second_line_what_the_first_has_no_room_for(
    theme: Theme, qtbot: QtBot
) -> None:
    legend = Legend(theme)
    qtbot.addWidget(legend)
    legend.show_counts(late=123, soon=45, in_time=678, unplaced=1)
    legend.resize(900, 24)
    assert len(legend.lines()) == 1
    one = legend.sizeHint().height()
    legend.resize(260, 24)
    assert [words for line in legend.lines() for _, words in line][-1] == "without a position 1"
    assert len(legend.lines()) == 2
    assert legend.sizeHint().height() == 2 * one


def test_a_pin_out_of_sight_comes_into_sight(pane: MapPane) -> None:
    case = far_off(pane, State.DISPATCHED)
    pane.show_pin(case.point)
    assert pane.canvas.rect().contains(seen_at(pane, case).toPoint())


def test_a_chosen_case_in_sight_moves_nothing(pane: MapPane, selection: Selection) -> None:
    pane.canvas.fit()
    before = pane.canvas.frame
    selection.select(cases.one(State.DISPATCHED).id)
    assert pane.canvas.frame == before


def test_a_case_that_has_ended_is_shown_by_a_pin_while_it_is_open(
    pane: MapPane, desk: FakeDesk, selection: Selection
) -> None:
    ended = far_off(pane, State.CLOSED)
    selection.select(ended.id)
    assert pane._ground is not None
    assert ended.point is not None
    assert pane.canvas._pin == pane._ground.place(*ended.point.degrees)
    selection.select(cases.one(State.DISPATCHED).id)
    assert pane.canvas._pin is None


def test_the_map_shows_open_cases_and_a_click_selects(
    pane: MapPane, desk: FakeDesk, selection: Selection
) -> None:
    live = {case.id for case in cases.cases(300) if not case.ended}
    assert set(pane.canvas._shown.cloud.keys) == live
    case = cases.one(State.FILED)
    pane.canvas.picked.emit(case.id)
    assert selection.case == case.id
    desk.show(replace(case, state=State.CLOSED, ended_at=cases.NOW))
    assert case.id not in pane.canvas._shown.cloud.keys


def test_a_rule_book_without_outlines_draws_points_only(
    desk: FakeDesk, selection: Selection, theme: Theme, qtbot: QtBot
) -> None:
    bare = replace(cases.rules(), areas=())
    desk.picture.sites[0].take_rules(bare)
    pane = MapPane(desk.picture, selection, theme)
    qtbot.addWidget(pane)
    desk.show(cases.one(State.FILED), cases.one(State.CHECKING))
    assert len(pane.canvas._shown.cloud) == 2
    assert all(not layer.paths for layer in pane.canvas._shown.layers)
