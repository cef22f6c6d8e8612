"""Marks on the map: from near by only, picked by hand or key, never in the way of the points."""

import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from widgets.map_canvas import MapCanvas
from widgets.map_marks import CONDITIONS, FAMILIES, Condition, Mark, draw_mark, mark_path
from widgets.theme import Theme

HERE = Mark("lid", 0.0, 0.0, label="Cover")
NEAR = Mark("lamp", 20.0, 0.0, family=1, condition="missing", label="Lamp")


@pytest.fixture
def canvas(theme: Theme, qtbot: QtBot) -> MapCanvas:
    canvas = MapCanvas(theme)
    qtbot.addWidget(canvas)
    canvas.resize(400, 300)
    canvas.grab()  # a widget that was never shown has no size before
    canvas.show_marks_from(1.0, 5.0)
    canvas.set_marks([HERE, NEAR])
    canvas.fit(QRectF(-40, -30, 80, 60))
    return canvas


def ink(canvas: MapCanvas) -> bytes:
    image = canvas.grab().toImage()
    return bytes(image.constBits())


def test_marks_show_from_their_scale_on(canvas: MapCanvas) -> None:
    with_marks = ink(canvas)
    canvas.set_marks([])
    assert ink(canvas) != with_marks
    canvas.set_marks([HERE, NEAR])
    canvas.show_marks_from(100.0, 200.0)
    far = ink(canvas)
    canvas.set_marks([])
    assert (ink(canvas) == far, canvas.shows_marks) == (True, False)


def test_labels_show_from_a_closer_scale_on(canvas: MapCanvas) -> None:
    canvas.show_marks_from(1.0, 100.0)
    plain = ink(canvas)
    canvas.show_marks_from(1.0, 1.0)
    assert ink(canvas) != plain


def test_a_click_picks_the_mark_and_one_beside_it_none(canvas: MapCanvas, qtbot: QtBot) -> None:
    picked: list[object] = []
    canvas.mark_picked.connect(picked.append)
    for x in (0.0, -30.0):
        place = canvas.frame.to_screen(x, 0.0).toPoint()
        QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=place)
    assert picked == ["lid", None]


def test_a_point_goes_before_the_mark_below_it(canvas: MapCanvas) -> None:
    canvas.set_points([0.0], [0.0], [0], ["case"])
    canvas.repaint()
    picked: list[object] = []
    canvas.mark_picked.connect(picked.append)
    canvas.picked.connect(picked.append)
    place = canvas.frame.to_screen(0.0, 0.0).toPoint()
    QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=place)
    assert picked == ["case", None]


def test_the_full_stop_walks_the_marks_from_the_middle_outwards(canvas: MapCanvas) -> None:
    picked: list[object] = []
    canvas.mark_picked.connect(picked.append)
    canvas.mark_picked.connect(canvas.ring_mark)
    for _ in range(3):
        QTest.keyClick(canvas, Qt.Key.Key_Period)
    assert picked == ["lid", "lamp", "lid"]


def test_the_full_stop_far_away_picks_nothing_and_goes_near_what_is_chosen(
    canvas: MapCanvas,
) -> None:
    canvas.set_points([60.0], [-40.0], [0], ["case"])
    canvas.select("case")
    canvas.show_marks_from(50.0, 200.0)
    picked: list[object] = []
    canvas.mark_picked.connect(picked.append)
    QTest.keyClick(canvas, Qt.Key.Key_Period)
    assert picked == []
    assert (canvas.frame.x, canvas.frame.y, canvas.frame.scale) == (60.0, -40.0, 50.0)


def test_a_ring_stands_around_the_mark_that_was_picked(canvas: MapCanvas) -> None:
    plain = ink(canvas)
    canvas.ring_mark("lid")
    assert ink(canvas) != plain


def test_each_family_has_an_outline_of_its_own() -> None:
    box = QRectF(0, 0, 20, 20)
    grid = [QPointF(x + 0.5, y + 0.5) for x in range(20) for y in range(20)]
    outlines = {
        tuple(mark_path(family, box).intersects(QRectF(at, at + QPointF(0.4, 0.4))) for at in grid)
        for family in range(FAMILIES)
    }
    assert len(outlines) == FAMILIES


def test_a_condition_is_told_by_more_than_its_colour(
    theme: Theme, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    from PySide6.QtGui import QColor, QImage, QPainter

    monkeypatch.setattr(theme, "color", lambda *_: QColor("black"))

    def drawn(condition: Condition) -> bytes:
        image = QImage(24, 24, QImage.Format.Format_ARGB32)
        image.fill(Qt.GlobalColor.white)
        painter = QPainter(image)
        draw_mark(painter, 3, condition, QRectF(4, 4, 16, 16), theme)
        painter.end()
        return bytes(image.constBits())

    assert len({drawn(condition) for condition in CONDITIONS}) >= 3
