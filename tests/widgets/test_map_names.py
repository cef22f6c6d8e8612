"""Names on the map give way to the clusters' figures, and stay while nothing comes."""

import pytest
from PySide6.QtCore import QRectF
from pytestqt.qtbot import QtBot

from widgets.map_clusters import apart, cluster_box
from widgets.map_frame import MapFrame
from widgets.map_layers import MapLabel
from widgets.map_names import NamePlaces
from widgets.map_points import Cluster
from widgets.theme import Theme

FRAME = MapFrame(0.0, 0.0, 0.01, 400, 300)
HERE = (MapLabel(0, 0, "福田区"),)
MIDDLE = QRectF(185, 135, 30, 30)


def room(places: NamePlaces, theme: Theme, *taken: QRectF, frame: MapFrame = FRAME) -> QRectF:
    (placed,) = places.find(HERE, frame, theme, taken)
    return placed.room


def test_a_name_stands_at_its_place_where_that_is_free(theme: Theme) -> None:
    middle = room(NamePlaces(), theme).center()
    assert (middle.x(), middle.y()) == pytest.approx((200, 150))


def test_a_name_hides_no_figure_if_a_place_near_by_is_free(theme: Theme) -> None:
    assert not room(NamePlaces(), theme, MIDDLE).intersects(MIDDLE)


def test_a_name_never_leaves_the_place_it_names(theme: Theme) -> None:
    everywhere = QRectF(0, 0, 400, 300)
    for taken in (MIDDLE, MIDDLE.adjusted(-30, -30, 30, 30), everywhere):
        moved = room(NamePlaces(), theme, taken).center() - QRectF(0, 0, 400, 300).center()
        assert max(abs(moved.x()), abs(moved.y())) <= 28


def test_a_name_stays_while_what_is_taken_does_not_come_over_it(theme: Theme) -> None:
    places = NamePlaces()
    before = room(places, theme, MIDDLE)
    away = MIDDLE.translated(MIDDLE.center() - before.center())
    assert room(places, theme, away) == before
    assert room(places, theme) == before


def test_a_name_gives_way_to_what_comes_over_it(theme: Theme) -> None:
    places = NamePlaces()
    before = room(places, theme)
    assert room(places, theme, MIDDLE) != before


def test_places_are_found_anew_in_another_look(theme: Theme) -> None:
    places = NamePlaces()
    before = room(places, theme, MIDDLE)
    assert room(places, theme, frame=FRAME.moved(40, 0)) != before


def test_of_two_names_that_share_a_place_both_are_readable(theme: Theme) -> None:
    names = (MapLabel(0, 0, "福田区"), MapLabel(0, 0, "罗湖区"))
    one, other = NamePlaces().find(names, FRAME, theme, ())
    assert not one.room.intersects(other.room)


def test_a_name_without_room_is_left_out(theme: Theme) -> None:
    crowd = tuple(MapLabel(0, 0, "龙岗区") for _ in range(60))
    placed = NamePlaces().find(crowd, FRAME, theme, ())
    assert 0 < len(placed) < 60


def test_clusters_that_hide_each_others_figures_are_one(qtbot: QtBot, theme: Theme) -> None:
    near = [Cluster(10, 10, (4, 0, 0, 0)), Cluster(18, 10, (8, 0, 3, 0)), Cluster(90, 10, (5,) * 4)]
    joined, far = sorted(apart(near, theme), key=lambda each: each.x)
    assert joined.counts == (12, 0, 3, 0)
    assert far == near[2]
    assert not cluster_box(joined, theme).intersects(cluster_box(far, theme))


def test_no_points_make_no_clusters(theme: Theme) -> None:
    assert apart([], theme) == []
