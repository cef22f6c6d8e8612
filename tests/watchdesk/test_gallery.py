"""The gallery: every pane has a picture, and no picture is blank."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget

import console.panes
from console import wording
from console.camera import Look
from console.panes.begun_list import BegunList
from console.panes.component_layer import ComponentCard
from console.panes.nearby_components import NearbyComponents
from console.panes.once_card import OnceCard
from console.panes.receipt import ReceiptPanel
from watchdesk import places
from watchdesk.failure import DeskError
from watchdesk.gallery import PACK, Gallery, run
from watchdesk.gallery_city import Morning
from watchdesk.gallery_pages import file_of, write_pages
from watchdesk.gallery_scenes import PARTS, SCENES, scenes
from watchdesk.options import parser

COLOURS = 40
"""An empty window in one palette has a handful; text alone brings more by its soft edges."""
LOOKED_AT = ("record", "signin_refused")
NIGHT = Look("zh_CN", "night", 1366, 768)


@pytest.fixture(autouse=True)
def english(qapp: QApplication) -> Iterator[None]:
    sheet, font = qapp.styleSheet(), qapp.font()
    yield
    wording.use(wording.ENGLISH)
    qapp.setStyleSheet(sheet)
    qapp.setFont(font)


def test_every_pane_is_in_the_gallery_or_a_part_of_one_that_is() -> None:
    modules = {file.stem for file in Path(console.panes.__path__[0]).glob("*.py")} - {"__init__"}
    shown = {pane for scene in SCENES for pane in scene.panes}
    assert modules == shown | PARTS.keys()
    assert not shown & PARTS.keys()
    assert set(PARTS.values()) <= shown


@pytest.fixture(scope="module")
def morning() -> Morning:
    return Morning(places.pack(PACK), days=1)


def test_the_pictures_are_named_by_their_look_and_not_blank(
    morning: Morning, tmp_path: Path
) -> None:
    gallery = Gallery(morning, tmp_path)
    wanted = [scene for scene in SCENES if scene.name in LOOKED_AT]
    taken = [path for scene in wanted for path in gallery.take(scene, [NIGHT])]
    assert sorted(p.name for p in taken) == sorted(
        f"{name}-1366x768-zh_CN-night.png" for name in LOOKED_AT
    )
    poor = [path.name for path in taken if _colours(path) < COLOURS]
    assert poor == []


def test_a_picture_that_cannot_be_written_is_said(morning: Morning, tmp_path: Path) -> None:
    (scene,) = [scene for scene in SCENES if scene.name == LOOKED_AT[1]]
    with pytest.raises(DeskError) as wrong:
        next(Gallery(morning, tmp_path / "gone").take(scene, [NIGHT]))
    assert wrong.value.code == "gallery.unwritten"


@pytest.mark.parametrize("name", ["people", "report", "desk_acceptor"])
def test_a_window_that_changes_its_look_shows_what_a_new_one_shows(
    morning: Morning, tmp_path: Path, name: str
) -> None:
    (scene,) = [each for each in SCENES if each.name == name]
    changed, new = tmp_path / "changed", tmp_path / "new"
    for folder in (changed, new):
        folder.mkdir()
    *_, last = Gallery(morning, changed).take(scene, [Look("en", "day", 1366, 768), NIGHT])
    (whole,) = Gallery(morning, new).take(scene, [NIGHT])
    assert QImage(str(last)) == QImage(str(whole))


def test_pages_lead_to_the_same_scene_in_every_look(tmp_path: Path) -> None:
    for look in (NIGHT, Look("en", "day", 1366, 768)):
        (tmp_path / file_of("record", look)).touch()
    index = write_pages(tmp_path, SCENES)
    page = (tmp_path / "zh_CN-night-1366x768.html").read_text("utf-8")
    assert "zh_CN-night-1366x768.html#record" in index.read_text("utf-8")
    assert "src='record-1366x768-zh_CN-night.png'" in page
    assert "href='en-day-1366x768.html#record'" in page
    assert "keys" not in page


def test_a_pane_finds_the_scenes_that_show_it() -> None:
    assert [scene.name for scene in scenes("record")] == ["record"]
    assert [scene.name for scene in scenes("ground")] == [s.name for s in scenes("map")]
    assert [scene.name for scene in scenes("once_card")] == ["people_once"]


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("people_once", OnceCard),
        ("report_receipt", ReceiptPanel),
        ("report_begun", BegunList),
        ("report_component", NearbyComponents),
        ("map_components", ComponentCard),
    ],
)
def test_what_comes_only_after_something_was_done_is_in_its_picture(
    morning: Morning, tmp_path: Path, name: str, part: type[QWidget]
) -> None:
    (scene,) = [each for each in SCENES if each.name == name]
    with Gallery(morning, tmp_path).sit(scene, NIGHT) as seat:
        assert any(found.isVisible() for found in seat.window.findChildren(part))


def test_a_pane_that_is_none_is_refused(tmp_path: Path) -> None:
    asked = parser().parse_args(["gallery", "--only", "atlantis", "--out", str(tmp_path / "g")])
    with pytest.raises(DeskError, match="'atlantis' is no pane"):
        run(asked)


def _colours(path: Path) -> int:
    image = QImage(str(path))
    rows = range(0, image.height(), 3)
    return len({image.pixel(x, y) for y in rows for x in range(0, image.width(), 3)})
