"""Proportions: the queue and the case first, at every size."""

import pytest
from pytestqt.qtbot import QtBot

from casework.terms import State
from console import wording
from console.borders import boxes_width, case_height, map_share
from console.panes.queue_rows import columns
from console.panes.queue_widths import Widths, widths
from console.settings import Settings
from console.window import DeskWindow
from tests.console import cases
from tests.console.fake_desk import FakeDesk
from widgets.columns import Column, fitted
from widgets.theme import Theme


def test_the_map_has_at_most_its_share() -> None:
    assert map_share(1366) <= 0.30
    assert map_share(1920) <= 0.36
    assert map_share(3840) <= 0.36


@pytest.mark.parametrize("width", range(900, 3000, 150))
def test_a_wider_window_never_narrows_a_pane(width: int) -> None:
    assert boxes_width(width) <= boxes_width(width + 150)
    assert width * map_share(width) < (width + 150) * map_share(width + 150)


@pytest.mark.parametrize("height", [600, 768, 1080, 1440])
def test_the_queue_has_the_greater_part_of_a_tall_window(height: int) -> None:
    assert case_height(height) <= 0.52 * height
    assert height < 1000 or case_height(height) <= 0.40 * height


def test_source_gives_way_and_the_cases_own_deadline_never() -> None:
    shown = columns(Widths(name=200, place=200, street=80, unit=150))
    whole = sum(column.width or column.least for column in shown)
    hidden = []
    for room in (whole, whole - 1, 300):
        widths = fitted(shown, [True] * len(shown), room)
        hidden.append([c.title for c, width in zip(shown, widths, strict=True) if not width])
    assert hidden == [[], ["Source"], ["Source"]]


@pytest.fixture
def small(desk: FakeDesk, theme: Theme, settings: Settings, qtbot: QtBot) -> DeskWindow:
    window = DeskWindow(desk.picture, desk.picture.ask, theme, settings)
    qtbot.addWidget(window)
    desk.show(*cases.cases(300))
    window.resize(1366, 768)
    window.show()
    window.load_map()
    return window


def test_number_and_chinese_class_are_whole_in_a_small_window(small: DeskWindow) -> None:
    wording.use("zh_CN")
    small.speak()
    small.open_box(State.FILED)
    view, metrics = small.queue.view, small.fontMetrics()
    for number in range(small.queue.table.rowCount()):
        row = small.queue.table.row_at(number)
        assert metrics.horizontalAdvance(row.number) <= view.columnWidth(2) - 16
        assert metrics.horizontalAdvance(row.name) <= view.columnWidth(3) - 16
    assert small.map.width() <= 0.30 * small.width()


@pytest.mark.parametrize("language", ["en", "zh_CN", "zh_HK"])
def test_ten_rows_with_street_and_unit_are_whole_in_a_small_window(
    small: DeskWindow, desk: FakeDesk, theme: Theme, language: str
) -> None:
    wording.use(language)
    small.speak()
    view, table, metrics = small.queue.view, small.queue.table, small.fontMetrics()
    longest = widths(desk.picture.sites[0].rules, desk.picture.names(), theme).unit
    for box in (State.REGISTERED, State.FILED, State.HANDLING):
        small.open_box(box)
        assert view.viewport().height() >= 10 * view.rowHeight(0)
        cut = {
            text
            for row in map(table.row_at, range(table.rowCount()))
            for number, text in ((4, row.street), (6, row.holder))
            if view.columnWidth(number) - 16 < metrics.horizontalAdvance(text) <= longest
        }
        assert cut == set()


def test_a_place_is_its_street_where_its_district_has_no_room() -> None:
    words: Column[str] = Column(
        "Place", lambda row: row, brief=lambda row: row.split(" · ")[1], whole=120
    )
    assert words.shown("福田区 · 华强北街道", 119) == "华强北街道"
    assert words.shown("福田区 · 华强北街道", 120) == "福田区 · 华强北街道"
