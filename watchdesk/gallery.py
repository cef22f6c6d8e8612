"""`watchdesk gallery`: a picture of every pane, in each language and palette."""

import tempfile
from argparse import Namespace
from collections.abc import Iterator
from itertools import product
from pathlib import Path

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from console import wording
from console.app import application, font_family
from console.camera import SETTLE_MS, SIZES
from console.settings import LANGUAGES
from watchdesk import desk, places
from watchdesk.failure import DeskError
from watchdesk.gallery_city import Morning
from watchdesk.gallery_scenes import SCENES, Scene, scenes
from watchdesk.gallery_seat import Seat
from widgets.theme import PALETTES, Theme

PACK = "shenzhen"


def run(options: Namespace) -> int:
    """Take the pictures that were asked for and name each.

    Raises: DeskError: `gallery.pane`; OSError: the folder cannot be made.
    """
    wanted = scenes(options.only)
    if not wanted:
        names = ", ".join(sorted({s.name for s in SCENES} | {p for s in SCENES for p in s.panes}))
        sentence = f"{options.only!r} is no pane of the gallery; they are {names}."
        raise DeskError("gallery.pane", sentence)
    folder = desk.pictures_folder(options.out)
    assert folder is not None  # the option has a default
    desk.without_screen()
    gallery = Gallery(Morning(places.pack(PACK)), folder)
    languages = (options.language,) if options.language else LANGUAGES
    palettes = (options.palette,) if options.palette else tuple(PALETTES)
    sizes = tuple(s for s in SIZES if options.size in ("", f"{s[0]}x{s[1]}"))
    count = 0
    for language, palette in product(languages, palettes):
        for scene in wanted:
            for path in gallery.take(scene, language, palette, sizes):
                print(path, flush=True)
                count += 1
    print(f"{count} pictures")
    return 0


class Gallery:
    """Takes pictures; each scene has a window of its own, so that none shows the last one's."""

    def __init__(self, morning: Morning, folder: Path) -> None:
        self._morning, self._folder = morning, folder
        self._app = application()
        self._family = font_family()

    def take(
        self, scene: Scene, language: str, palette: str, sizes: tuple[tuple[int, int], ...]
    ) -> Iterator[Path]:
        """The files of one scene, one for each size (pixels)."""
        wording.use(language)
        theme = Theme(palette, 100, self._family)
        theme.dress(self._app)
        with tempfile.TemporaryDirectory() as seat_folder:
            seat = Seat(self._morning, theme, Path(seat_folder))
            window = seat.window
            window.resize(*sizes[0])
            window.show()
            scene.first(seat)
            _settle()
            scene.then(seat)
            for width, height in sizes:
                window.resize(width, height)
                _settle()
                name = f"{scene.name}-{width}x{height}-{language}-{palette}.png"
                path = self._folder / name
                if not window.grab().save(str(path)):
                    raise DeskError("gallery.unwritten", f"{path} could not be written.")
                yield path
            seat.leave()
            QApplication.processEvents()


def _settle() -> None:
    """Layouts, answers and the map follow in the event loop."""
    loop = QEventLoop()
    QTimer.singleShot(SETTLE_MS, loop.quit)
    loop.exec()
