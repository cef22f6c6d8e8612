"""The map keeps the ground under the pointer, finds what is clicked, and pans smoothly."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis.strategies import floats, integers, lists, sampled_from, tuples
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QPainterPath
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from widgets.map_canvas import MapCanvas
from widgets.map_clusters import count_text
from widgets.map_frame import MapFrame
from widgets.map_layers import GridLines, MapLabel, MapLayer, round_length
from widgets.map_points import LATE, PointCloud, Visible, clusters_of
from widgets.theme import Theme

LEFT = Qt.MouseButton.LeftButton


def square(size: float) -> MapLayer:
    path = QPainterPath()
    path.addRect(QRectF(-size, -size, 2 * size, 2 * size))
    return MapLayer("land", (path,), names=(MapLabel(0, 0, "district"),))


def a_map(qtbot: QtBot, theme: Theme, points: int = 0) -> MapCanvas:
    canvas = MapCanvas(theme)
    qtbot.addWidget(canvas)
    canvas.resize(800, 600)
    canvas.set_layers([square(10_000)])
    if points:
        dice = np.random.default_rng(1)
        place = dice.normal(0, 3_000, (points, 2)).clip(-9_900, 9_900)
        codes = dice.integers(0, 4, points)
        canvas.set_points(place[:, 0], place[:, 1], codes, range(points))
    with qtbot.waitExposed(canvas):  # repaint() does nothing before
        canvas.show()
    canvas.grab()
    return canvas


FRAMES = tuples(
    floats(-1e5, 1e5),
    floats(-1e5, 1e5),
    floats(1e-3, 1.0),
    integers(100, 2_000),
    integers(100, 999),
).map(lambda parts: MapFrame(*parts))
PLACES = tuples(floats(0, 2_000), floats(0, 1_000)).map(lambda parts: QPointF(*parts))


@given(frame=FRAMES, place=PLACES)
def test_from_screen_to_ground_and_back_is_the_same_place(frame: MapFrame, place: QPointF) -> None:
    back = frame.to_screen(*frame.to_world(place))
    assert (back.x(), back.y()) == pytest.approx((place.x(), place.y()), abs=1e-3)
    mapped = frame.transform().map(QPointF(*frame.to_world(place)))
    assert (mapped.x(), mapped.y()) == pytest.approx((place.x(), place.y()), abs=1e-3)


@given(frame=FRAMES, place=PLACES, factor=floats(0.1, 10))
def test_the_ground_under_the_pointer_stays_there_when_zooming(
    frame: MapFrame, place: QPointF, factor: float
) -> None:
    after = frame.zoomed(factor, place).to_world(place)
    assert after == pytest.approx(frame.to_world(place), abs=0.01)


@given(lists(tuples(floats(0, 500), floats(0, 500), integers(0, 3)), max_size=60))
def test_clusters_and_single_points_together_are_all_points(
    points: list[tuple[float, float, int]],
) -> None:
    x, y, code = np.array(points, float).reshape(-1, 3).T
    seen = Visible(x, y, code.astype(np.uint8))
    clusters, single = clusters_of(seen, (3.0, 5.0), 40.0, 4)
    assert sum(cluster.total for cluster in clusters) + int(single.sum()) == len(points)
    assert all(cluster.total >= 4 for cluster in clusters)
    late = sum(cluster.counts[LATE] for cluster in clusters)
    assert late + int((code[single] == LATE).sum()) == sum(c == LATE for _, _, c in points)


KEYS = lists(integers(0, 9), max_size=6)


@given(lists(tuples(sampled_from(["update", "drop"]), KEYS), max_size=8))
def test_points_are_kept_by_key(steps: list[tuple[str, list[int]]]) -> None:
    cloud, expected = PointCloud(), dict[int, float]()
    for turn, (verb, keys) in enumerate(steps):
        if verb == "drop":
            cloud.drop(keys)
            expected = {key: x for key, x in expected.items() if key not in keys}
        else:
            x = [float(turn)] * len(keys)
            cloud.update(x, x, [1] * len(keys), keys)
            expected |= dict.fromkeys(keys, float(turn))
    assert {key: cloud.place_of(key) for key in cloud.keys} == {
        key: (x, x) for key, x in expected.items()
    }


def test_points_need_a_key_each() -> None:
    with pytest.raises(ValueError, match="one length"):
        PointCloud().set([1.0], [1.0], [0], [])


def test_a_click_picks_the_nearest_point_and_says_where(qtbot: QtBot, theme: Theme) -> None:
    canvas = a_map(qtbot, theme)
    canvas.set_points([0.0, 4_000.0], [0.0, 4_000.0], [0, 2], ["near", "far"])
    picked: list[object] = []
    places: list[tuple[float, float]] = []
    canvas.picked.connect(picked.append)
    canvas.clicked.connect(lambda x, y: places.append((x, y)))
    spot = canvas.frame.to_screen(4_000, 4_000).toPoint()
    QTest.mouseClick(canvas, LEFT, pos=spot + QPoint(4, -3))
    QTest.mouseClick(canvas, LEFT, pos=QPoint(30, 30))
    assert picked == ["far"]
    assert [len(place) for place in places] == [2, 2]
    assert places[0] == pytest.approx((4_000, 4_000), abs=200)


def test_a_drag_moves_the_ground_and_picks_nothing(qtbot: QtBot, theme: Theme) -> None:
    canvas = a_map(qtbot, theme, 100)
    places: list[float] = []
    canvas.clicked.connect(lambda x, _: places.append(x))
    before = canvas.frame
    QTest.mousePress(canvas, LEFT, pos=QPoint(400, 300))
    QTest.mouseMove(canvas, QPoint(440, 300))
    QTest.mouseMove(canvas, QPoint(500, 320))
    QTest.mouseRelease(canvas, LEFT, pos=QPoint(500, 320))
    assert canvas.frame.x == pytest.approx(before.x - 100 / before.scale)
    assert canvas.frame.y == pytest.approx(before.y + 20 / before.scale)
    assert places == []


@pytest.mark.parametrize(("side", "crowded"), [((320, 430), True), ((800, 600), False)])
def test_points_that_a_small_map_cannot_tell_apart_are_counted(
    qtbot: QtBot, theme: Theme, side: tuple[int, int], crowded: bool
) -> None:
    canvas = a_map(qtbot, theme, points=900)
    canvas.resize(*side)
    canvas.grab()
    assert bool(canvas._shown._clusters) is crowded


def test_a_click_on_a_cluster_goes_closer(qtbot: QtBot, theme: Theme) -> None:
    canvas = a_map(qtbot, theme, 20_000)
    before = canvas.frame.scale
    cluster = canvas._shown._clusters[0]
    shift = canvas._shown._points.offset(canvas.frame) if canvas._shown._points else None
    assert shift is not None
    QTest.mouseClick(canvas, LEFT, pos=(QPointF(cluster.x, cluster.y) + shift).toPoint())
    assert canvas.frame.scale == before * 2


def test_keys_pan_zoom_and_return(qtbot: QtBot, theme: Theme) -> None:
    canvas = a_map(qtbot, theme)
    home = canvas.frame
    QTest.keyClick(canvas, Qt.Key.Key_Plus)
    QTest.keyClick(canvas, Qt.Key.Key_Right)
    assert canvas.frame.scale == pytest.approx(home.scale * 1.25)
    assert canvas.frame.x > home.x
    QTest.keyClick(canvas, Qt.Key.Key_Minus)
    QTest.keyClick(canvas, Qt.Key.Key_0)
    assert canvas.frame == home


def test_keys_go_closer_to_what_is_chosen_and_keep_it_where_it_is(
    qtbot: QtBot, theme: Theme
) -> None:
    canvas = a_map(qtbot, theme)
    canvas.set_points([2_000], [-1_500], [0], ["case"])
    canvas.select("case")
    before = canvas.frame.to_screen(2_000, -1_500)
    for _ in range(12):
        QTest.keyClick(canvas, Qt.Key.Key_Plus)
    after = canvas.frame.to_screen(2_000, -1_500)
    assert (after.x(), after.y()) == pytest.approx((before.x(), before.y()))


def test_a_chosen_point_out_of_sight_draws_nobody_away(qtbot: QtBot, theme: Theme) -> None:
    canvas = a_map(qtbot, theme)
    canvas.set_points([900_000], [0], [0], ["case"])
    canvas.select("case")
    before = canvas.frame
    QTest.keyClick(canvas, Qt.Key.Key_Plus)
    assert (canvas.frame.x, canvas.frame.y) == pytest.approx((before.x, before.y))


def test_a_place_out_of_sight_comes_to_the_middle_at_the_same_scale(
    qtbot: QtBot, theme: Theme
) -> None:
    canvas = a_map(qtbot, theme)
    canvas.zoom(8)
    before = canvas.frame
    canvas.show_place(9_000, -9_000)
    assert canvas.frame == replace(before, x=9_000, y=-9_000)


def test_a_place_in_sight_moves_nothing(qtbot: QtBot, theme: Theme) -> None:
    canvas = a_map(qtbot, theme)
    before = canvas.frame
    canvas.show_place(9_000, -9_000)
    assert canvas.frame is before


def test_a_map_that_is_not_shown_yet_stays_at_its_home(qtbot: QtBot, theme: Theme) -> None:
    canvas = MapCanvas(theme)
    qtbot.addWidget(canvas)
    canvas.set_layers([square(10_000)])
    canvas.show_place(90_000, 0)
    canvas.resize(800, 600)
    with qtbot.waitExposed(canvas):
        canvas.show()
    assert (canvas.frame.x, canvas.frame.y) == (0, 0)


def test_late_points_are_painted_until_they_are_dropped(qtbot: QtBot, theme: Theme) -> None:
    canvas = a_map(qtbot, theme)
    canvas.set_points([2_000.0], [2_000.0], [LATE], ["late"])
    spot = canvas.frame.to_screen(2_000, 2_000).toPoint() + QPoint(0, 2)
    assert canvas.grab().toImage().pixelColor(spot) == theme.color("late")
    canvas.drop_points(["late"])
    assert canvas.grab().toImage().pixelColor(spot) == theme.color("land")


def test_grid_lines_are_asked_for_only_when_near(qtbot: QtBot, theme: Theme) -> None:
    asked: list[QRectF] = []

    def grid_of(seen: QRectF) -> GridLines:
        asked.append(seen)
        return GridLines(np.array([[0.0, -50.0, 0.0, 50.0]]))

    canvas = a_map(qtbot, theme)
    canvas.set_grid(grid_of, from_scale=0.1)
    canvas.grab()
    assert asked == []
    canvas.zoom(10)
    canvas.grab()
    assert asked[0].contains(canvas.frame.bounds())


@pytest.mark.parametrize(
    ("longest", "length"), [(1, 1), (4.9, 2), (5, 5), (99, 50), (1_000, 1_000), (0.3, 0.2)]
)
def test_the_scale_bar_is_a_round_length(longest: float, length: float) -> None:
    assert round_length(longest) == pytest.approx(length)


@pytest.mark.parametrize(
    ("count", "text"), [(4, "4"), (999, "999"), (1_000, "1k"), (25_400, "25k")]
)
def test_counts_fit_their_ring(count: int, text: str) -> None:
    assert count_text(count) == text
