"""The gallery: every pane has a picture, and no picture is blank."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

import console.panes
from console import wording
from watchdesk import places
from watchdesk.failure import DeskError
from watchdesk.gallery import PACK, Gallery, run
from watchdesk.gallery_city import Morning
from watchdesk.gallery_scenes import PARTS, SCENES, scenes
from watchdesk.options import parser

COLOURS = 40
"""An empty window in one palette has a handful; text alone brings more by its soft edges."""
LOOKED_AT = ("record", "signin_refused")


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


def test_the_pictures_are_named_by_their_look_and_not_blank(tmp_path: Path) -> None:
    gallery = Gallery(Morning(places.pack(PACK), days=1), tmp_path)
    wanted = [scene for scene in SCENES if scene.name in LOOKED_AT]
    taken = [p for scene in wanted for p in gallery.take(scene, "zh_CN", "night", ((1366, 768),))]
    assert sorted(p.name for p in taken) == sorted(
        f"{name}-1366x768-zh_CN-night.png" for name in LOOKED_AT
    )
    poor = [path.name for path in taken if _colours(path) < COLOURS]
    assert poor == []


def test_a_pane_finds_the_scenes_that_show_it() -> None:
    assert [scene.name for scene in scenes("record")] == ["record"]
    assert [scene.name for scene in scenes("once_card")] == [s.name for s in scenes("people")]


def test_a_pane_that_is_none_is_refused(tmp_path: Path) -> None:
    asked = parser().parse_args(["gallery", "--only", "atlantis", "--out", str(tmp_path / "g")])
    with pytest.raises(DeskError, match="'atlantis' is no pane"):
        run(asked)


def _colours(path: Path) -> int:
    image = QImage(str(path))
    rows = range(0, image.height(), 3)
    return len({image.pixel(x, y) for y in rows for x in range(0, image.width(), 3)})
