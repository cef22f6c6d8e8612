"""Signs on the map: people above the points, told apart by shape, named from near by."""

import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from widgets.map_canvas import MapCanvas
from widgets.map_frame import MapFrame
from widgets.map_rings import Ring, beside
from widgets.map_signs import LOOKS, Look, Sign, SignOverlay, Tie, draw_sign
from widgets.theme import PALETTES, Theme

LI = Sign("li", 0.0, 0.0, label="李明 · 3 min old", hint="李明 · free")
WANG = Sign("wang", 900.0, 0.0, look="busy", hint="王强 · on an order")


@pytest.fixture
def overlay(theme: Theme) -> SignOverlay:
    return SignOverlay(theme)


@pytest.fixture
def canvas(theme: Theme, overlay: SignOverlay, qtbot: QtBot) -> MapCanvas:
    canvas = MapCanvas(theme)
    qtbot.addWidget(canvas)
    canvas.resize(400, 300)
    canvas.grab()
    canvas.add_overlay(overlay)
    canvas.fit(QRectF(-2_000, -1_500, 4_000, 3_000))
    return canvas


def ink(canvas: MapCanvas) -> bytes:
    image = canvas.grab().toImage()
    return bytes(image.constBits())


def drawn(look: Look, theme: Theme) -> QImage:
    image = QImage(24, 24, QImage.Format.Format_ARGB32)
    image.fill(theme.color("land"))
    painter = QPainter(image)
    draw_sign(painter, look, QRectF(5, 5, 14, 14), theme)
    painter.end()
    return image.convertToFormat(QImage.Format.Format_Grayscale8)


@pytest.mark.parametrize("palette", PALETTES)
def test_no_look_is_told_by_its_colour_alone(palette: str) -> None:
    theme = Theme(palette)
    inked = {}
    for look in LOOKS:
        image, land = drawn(look, theme), theme.color("land").lightness()
        dots = [QPoint(x, y) for x in range(24) for y in range(24)]
        marked = [d for d in dots if abs(image.pixelColor(d).lightness() - land) > 40]
        inked[look] = frozenset((d.x(), d.y()) for d in marked)
    assert len(inked["busy"]) > 1.4 * len(inked["open"])
    corner = {(x, y) for x in range(17, 20) for y in range(4, 8)}
    assert inked["lost"] & corner
    assert not inked["open"] & corner


def test_what_is_shown_is_drawn_and_what_is_the_same_is_no_news(
    canvas: MapCanvas, overlay: SignOverlay
) -> None:
    empty = ink(canvas)
    assert overlay.show([LI, WANG])
    full = ink(canvas)
    assert full != empty
    assert not overlay.show([LI, WANG])
    assert overlay.show([])
    assert ink(canvas) == empty


def test_names_show_from_near_by(canvas: MapCanvas, overlay: SignOverlay) -> None:
    overlay.show([LI])
    overlay.labels_from = 10.0
    plain = ink(canvas)
    overlay.labels_from = 0.01
    overlay.forget()
    assert ink(canvas) != plain


def test_from_far_away_only_the_tied_one_shows(canvas: MapCanvas, overlay: SignOverlay) -> None:
    empty = ink(canvas)
    overlay.shows_from = 100.0
    overlay.show([LI, WANG])
    assert ink(canvas) == empty
    overlay.show([LI, WANG], Tie("li", 500.0, 500.0))
    assert ink(canvas) != empty


def test_the_pointer_finds_out_who_stands_there(canvas: MapCanvas, overlay: SignOverlay) -> None:
    overlay.show([LI, WANG])
    canvas.grab()
    frame = canvas.frame
    at = frame.to_screen(LI.x, LI.y)
    assert overlay.hint(at + QPointF(3, 3), frame) == "李明 · free"
    assert overlay.hint(frame.to_screen(WANG.x, WANG.y), frame) == "王强 · on an order"
    assert overlay.hint(at + QPointF(40, 40), frame) == ""
    overlay.shows_from = 100.0
    assert overlay.hint(at, frame) == ""


def test_a_drag_only_shifts_the_picture(canvas: MapCanvas, overlay: SignOverlay) -> None:
    overlay.show([LI, WANG])
    canvas.grab()
    before = overlay._drawn
    canvas.pan(60, 20)
    canvas.grab()
    assert overlay._drawn is before
    canvas.zoom(1.5)
    canvas.grab()
    assert overlay._drawn is not before


def test_a_key_that_the_map_does_not_know_is_passed_on(canvas: MapCanvas, qtbot: QtBot) -> None:
    with qtbot.waitSignal(canvas.key_pressed) as pressed:
        QTest.keyClick(canvas, Qt.Key.Key_Comma)
    assert pressed.args == [Qt.Key.Key_Comma.value]


def test_the_name_of_the_tied_one_gives_way_to_the_edge(
    canvas: MapCanvas, overlay: SignOverlay
) -> None:
    """Nothing of it is lost: as much is inked at the edge as in the middle."""
    inked = []
    for x in (0.0, 1_700.0):
        overlay.show([])
        empty = canvas.grab().toImage()
        sign = Sign("li", x, 0.0, label="A long name and its age")
        overlay.show([sign], Tie("li", x, 0.0))
        full = canvas.grab().toImage()
        dots = [(x, y) for x in range(400) for y in range(300)]
        inked.append(sum(empty.pixel(*dot) != full.pixel(*dot) for dot in dots))
    assert inked[1] > 0.9 * inked[0]


FRAME = MapFrame(0.0, 0.0, 0.1, 400, 300)
MIDDLE = QPointF(200, 150)


@pytest.mark.parametrize("away", [QPointF(0, 0), QPointF(3, -4), QPointF(-10, 0)])
def test_a_sign_stands_beside_a_ring_whose_figure_it_would_hide(away: QPointF) -> None:
    (place,) = beside([MIDDLE + away], [Ring(0, 0, 14)], FRAME, 5)
    gone = place - MIDDLE
    assert (gone.x() ** 2 + gone.y() ** 2) ** 0.5 >= 14 + 5
    assert QPointF.dotProduct(gone, away) >= 0, "straight out, to the side it was on"


def test_a_sign_that_hides_no_figure_stays_in_its_place() -> None:
    there = MIDDLE + QPointF(40, 0)
    assert beside([there], [Ring(0, 0, 14)], FRAME, 5) == [there]
    assert beside([there], [], FRAME, 5) == [there]


def test_between_two_rings_a_sign_finds_a_way_out_of_both() -> None:
    rings = [Ring(-100, 0, 14), Ring(100, 0, 14)]
    (place,) = beside([MIDDLE + QPointF(-2, 1)], rings, FRAME, 5)
    assert all(not ring.box(FRAME).adjusted(3, 3, -3, -3).contains(place) for ring in rings)


def test_the_pointer_finds_a_sign_where_it_gave_way_to(theme: Theme, overlay: SignOverlay) -> None:
    overlay.show([LI])
    image = QImage(400, 300, QImage.Format.Format_ARGB32)
    painter = QPainter(image)
    overlay.paint(painter, FRAME, 1.0, [Ring(0, 0, 30)])
    painter.end()
    assert overlay.hint(MIDDLE, FRAME) == ""
    assert overlay.hint(MIDDLE - QPointF(0, 38), FRAME) == "李明 · free"
