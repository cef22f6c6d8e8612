"""The small painted widgets: what they say, what they answer to keys, and that they show it."""

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from widgets.box_list import Box, BoxList
from widgets.due_delegate import Due, paint_due
from widgets.icons import icon
from widgets.key_button import KeyButton
from widgets.shapes import STATES, State
from widgets.status_strip import StatusStrip
from widgets.theme import Theme, Token
from widgets.timeline import Step, Timeline

ROOM = QRect(0, 0, 170, 30)


def painted(due: Due, theme: Theme, room: QRect = ROOM) -> QImage:
    image = QImage(room.size(), QImage.Format.Format_RGB32)
    image.fill(theme.color("pane"))
    painter = QPainter(image)
    paint_due(painter, room, due, theme)
    painter.end()
    return image


def colours_in(image: QImage, area: QRect) -> set[str]:
    return {
        image.pixelColor(x, y).name()
        for x in range(area.left(), area.right() + 1)
        for y in range(area.top(), area.bottom() + 1)
    }


@pytest.mark.parametrize(
    ("state", "token"),
    [("late", "late"), ("soon", "soon"), ("in_time", "in_time"), ("done", "done")],
)
def test_a_state_is_told_by_its_shape_in_its_colour(
    theme: Theme, state: State, token: Token
) -> None:
    image = painted(Due(state, 60, 0.5, ""), theme)
    assert theme.color(token).name() in colours_in(image, QRect(0, 8, 12, 14))


def test_each_state_looks_different_without_colour(theme: Theme) -> None:
    ground = theme.color("pane").rgb()
    outlines = [
        painted(Due(state, 60, 0.0, ""), theme).copy(0, 0, 14, 30).createMaskFromColor(ground)
        for state in STATES
    ]
    assert all(one != two for n, one in enumerate(outlines) for two in outlines[n + 1 :])


@pytest.mark.parametrize(
    ("share", "filled"), [(0.0, False), (0.4, False), (1.0, True), (7.0, True)]
)
def test_the_bar_shows_the_share_that_is_left(theme: Theme, share: float, filled: bool) -> None:
    image = painted(Due("in_time", 60, share, "0:01"), theme)
    right = image.pixelColor(128, 15).name()
    assert (right == theme.color("in_time").name()) is filled


def test_a_narrow_cell_keeps_the_words_and_leaves_the_bar_out(theme: Theme) -> None:
    image = painted(Due("late", -60, 0.0, "0:01"), theme, QRect(0, 0, 90, 30))
    assert theme.color("late").name() not in colours_in(image, QRect(80, 0, 10, 30))


# --- boxes --------------------------------------------------------------------------------

BOXES = [
    Box("a", "first", "1"),
    Box("b", "second", "2", "late", starts_group=True),
    Box("c", "third"),
]


def test_the_arrow_keys_walk_through_the_boxes(qtbot: QtBot, theme: Theme) -> None:
    boxes = BoxList(theme)
    qtbot.addWidget(boxes)
    boxes.show_boxes(BOXES)
    chosen: list[object] = []
    boxes.chosen.connect(chosen.append)
    boxes.choose("a")
    QTest.keyClick(boxes, Qt.Key.Key_Down)
    QTest.keyClick(boxes, Qt.Key.Key_Down)
    QTest.keyClick(boxes, Qt.Key.Key_Up)
    QTest.keyClick(boxes, Qt.Key.Key_T)
    assert chosen == ["a", "b", "c", "b"]


def test_new_counts_and_new_boxes_leave_the_choice_alone(qtbot: QtBot, theme: Theme) -> None:
    boxes = BoxList(theme)
    qtbot.addWidget(boxes)
    boxes.show_boxes(BOXES)
    boxes.choose("b")
    said: list[object] = []
    boxes.chosen.connect(said.append)
    boxes.show_boxes([Box("a", "first", "9"), *BOXES[1:]])
    boxes.show_boxes([Box("z", "new"), *BOXES])
    assert (boxes.chosen_key(), said) == ("b", [])


# --- keys ---------------------------------------------------------------------------------


def test_the_printed_key_presses_the_button(qtbot: QtBot, theme: Theme) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    button = KeyButton("acknowledge", "F8", theme, parent=window)
    with qtbot.waitActive(window):
        window.show()
    with qtbot.waitSignal(button.clicked):
        QTest.keyClick(window, Qt.Key.Key_F8)
    assert button.accessibleName() == "acknowledge F8"


def test_a_button_that_cannot_be_pressed_says_why(qtbot: QtBot, theme: Theme) -> None:
    button = KeyButton("send", "2", theme)
    qtbot.addWidget(button)
    button.set_reason("not <on> duty")
    assert (button.isEnabled(), "not &lt;on&gt; duty" in button.toolTip()) == (False, True)
    button.set_reason("")
    assert (button.isEnabled(), button.toolTip()) == (True, "")


def test_the_suggested_act_is_the_one_with_the_accent(qtbot: QtBot, theme: Theme) -> None:
    button = KeyButton("send", "Enter", theme, bind=False)
    qtbot.addWidget(button)
    button.resize(button.sizeHint())
    plain = button.grab().toImage().pixelColor(6, 5).name()
    button.set_suggested(True)
    suggested = button.grab().toImage().pixelColor(6, 5).name()
    assert (plain, suggested) == (theme.color("raised").name(), theme.color("selected").name())


# --- steps --------------------------------------------------------------------------------


@pytest.mark.parametrize("vertical", [True, False])
def test_a_long_timeline_scrolls_to_where_the_matter_stands(
    qtbot: QtBot, theme: Theme, vertical: bool
) -> None:
    steps = Timeline(theme, vertical=vertical)
    qtbot.addWidget(steps)
    steps.resize(300, 120)
    steps.show()
    steps.show_steps(
        [Step(f"08:{n}", "step", "person", "said <b>this</b> " * 20) for n in range(9)]
    )
    bar = steps.verticalScrollBar() if vertical else steps.horizontalScrollBar()
    assert bar.value() == bar.maximum() > 0
    steps.resize(200, 110)
    assert bar.value() == bar.maximum()
    steps.show_steps([])
    assert bar.maximum() == 0


def test_a_long_opinion_is_shown_whole(qtbot: QtBot, theme: Theme) -> None:
    steps = Timeline(theme)
    qtbot.addWidget(steps)
    steps.resize(300, 400)
    short, long = Step("1", "t", opinion="x"), Step("1", "t", opinion="积水" * 160)
    assert steps._height_of(long) > steps._height_of(short) + 5 * 13


# --- the strip ----------------------------------------------------------------------------


def test_a_long_title_is_shown_whole(qtbot: QtBot, theme: Theme) -> None:
    timeline = Timeline(theme)
    qtbot.addWidget(timeline)
    timeline.resize(200, 80)
    timeline.show()
    timeline.show_steps([Step("10:50", "Closed")] * 3)
    short = timeline.verticalScrollBar().maximum()
    timeline.show_steps([Step("10:50", "Applied for: suspension until 2008-06-19 10:50")] * 3)
    assert timeline.verticalScrollBar().maximum() > short


def test_the_lamp_says_word_and_age(qtbot: QtBot, theme: Theme) -> None:
    strip = StatusStrip(theme)
    qtbot.addWidget(strip)
    strip.lamp.show_link("offline", "no connection", "12 s old")
    assert strip.lamp.accessibleName() == "no connection · 12 s old"


def test_the_practice_mark_shows_only_in_practice(qtbot: QtBot, theme: Theme) -> None:
    strip = StatusStrip(theme)
    qtbot.addWidget(strip)
    strip.show()
    assert not strip.practice.isVisible()
    strip.practice.show_text("PRACTICE")
    assert strip.practice.isVisible()


def test_the_command_bar_stands_in_the_middle(qtbot: QtBot, theme: Theme) -> None:
    strip = StatusStrip(theme)
    qtbot.addWidget(strip)
    bar = QWidget()
    strip.set_centre(bar)
    strip.resize(1_200, 44)
    strip.show()
    assert strip.practice.x() < bar.x() < strip.lamp.x()


def test_icons_come_in_the_tone_of_the_theme(theme: Theme) -> None:
    image = icon("mdi6.map-marker", theme).pixmap(32, 32).toImage()
    assert theme.color("muted").name() in colours_in(image, image.rect())
