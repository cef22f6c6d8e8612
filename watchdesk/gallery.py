"""`watchdesk gallery`: a picture of every pane, in each language and palette, and pages of them."""

import tempfile
from argparse import Namespace
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import product
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, Qt, QTimer
from PySide6.QtGui import QImage, QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QWidget

from console import wording
from console.app import application, font_family
from console.camera import SETTLE_MS, SIZES, Look
from console.qt_words import QtWords
from console.settings import LANGUAGES
from watchdesk import desk, places
from watchdesk.failure import DeskError
from watchdesk.gallery_city import Morning
from watchdesk.gallery_pages import file_of, write_pages
from watchdesk.gallery_scenes import SCENES, Scene, scenes
from watchdesk.gallery_seat import Seat
from widgets.theme import PALETTES, Theme

PACK = "shenzhen"
_QUICKLY = 80
"""What a picture's file is worth to Qt, 0 to 100: some a tenth larger than the smallest, and
written in two thirds of the time (1920×1080: 0.11 s instead of 0.17 s)."""
_TURNS = 4
"""Turns of the event loop after another look: layouts, and what was asked because of them."""


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
    seen = looks(options)
    if options.compare:
        return _compare(gallery, wanted, seen)
    count = 0
    for scene in wanted:
        for path in gallery.take(scene, seen):
            print(path, flush=True)
            count += 1
    index = write_pages(folder, SCENES)
    print(f"{count} pictures; {index} leafs through them")
    return 0


def _compare(gallery: "Gallery", wanted: Sequence[Scene], seen: Sequence[Look]) -> int:
    different = [path for scene in wanted for path in gallery.compare(scene, seen)]
    for path in different:
        print(path)
    print(f"{len(different)} pictures are others in a window of their own")
    return int(bool(different))


def looks(options: Namespace) -> tuple[Look, ...]:
    """Those that were asked for, so that what is dear to change changes seldom."""
    languages = (options.language,) if options.language else LANGUAGES
    palettes = (options.palette,) if options.palette else tuple(PALETTES)
    sizes = tuple(s for s in SIZES if options.size in ("", f"{s[0]}x{s[1]}"))
    every = product(palettes, languages, sizes)
    return tuple(Look(language, palette, *size) for palette, language, size in every)


class Gallery:
    """Takes pictures. Each scene has a window of its own, so that none shows the last one's; it
    changes its look as a person would, in the menu."""

    def __init__(self, morning: Morning, folder: Path) -> None:
        self._morning, self._folder = morning, folder
        self._app = application()
        self._app.setCursorFlashTime(0)  # a cursor that blinks is in a picture or not, by chance
        self._qt_words = QtWords(self._app)
        self._theme = Theme(family=font_family())
        self._theme.dress(self._app)

    def take(self, scene: Scene, wanted: Sequence[Look]) -> Iterator[Path]:
        """The files of one scene, one for each look."""
        with self.sit(scene, wanted[0]) as seat:
            window = seat.window
            for look in wanted:
                self._put_on(look, seat)
                if scene.again:
                    scene.then(seat)
                _wait(scene.rest)
                path = self._folder / file_of(scene.name, look)
                if not _photograph(window).save(str(path), "PNG", _QUICKLY):
                    raise DeskError("gallery.unwritten", f"{path} could not be written.")
                yield path

    @contextmanager
    def sit(self, scene: Scene, look: Look) -> Iterator[Seat]:
        """The seat of a scene as soon as everything is in sight."""
        self._dress(look)
        with tempfile.TemporaryDirectory() as folder:
            seat = Seat(self._morning, self._theme, Path(folder))
            seat.window.resize(look.width, look.height)
            seat.window.show()
            scene.first(seat)
            _wait(SETTLE_MS)
            scene.then(seat)
            _wait(max(SETTLE_MS, scene.rest))
            yield seat
            seat.leave()
            # a window that is only left would be dressed again with each palette
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    def compare(self, scene: Scene, wanted: Sequence[Look]) -> Iterator[Path]:
        """The files of a scene that are others in a window that never had another look."""
        taken = list(self.take(scene, wanted))
        for look, path in zip(wanted, taken, strict=True):
            with tempfile.TemporaryDirectory() as folder:
                own = Gallery(self._morning, Path(folder))
                (alone,) = own.take(scene, [look])
                if QImage(str(alone)) != QImage(str(path)):
                    yield path

    def _dress(self, look: Look) -> None:
        if look.language != wording.language():
            wording.use(look.language)
            self._qt_words.speak()
        if look.palette != self._theme.palette:
            self._theme.use(look.palette, 100)
            self._theme.dress(self._app)

    def _put_on(self, look: Look, seat: Seat) -> None:
        speaks = look.language != wording.language()
        self._dress(look)
        if speaks:
            seat.window.speak()
        seat.window.resize(look.width, look.height)
        for _ in range(_TURNS):
            _wait(0)


def _photograph(window: QWidget) -> QPixmap:
    """The window with what floats above it: a menu is a window of its own."""
    pixmap = window.grab()
    painter = QPainter(pixmap)
    for above in QApplication.topLevelWidgets():
        if above.isVisible() and above.windowType() == Qt.WindowType.Popup:
            painter.drawPixmap(window.mapFromGlobal(above.pos()), above.grab())
    painter.end()
    return pixmap


def _wait(milliseconds: int) -> None:
    """Layouts, answers and the map follow in the event loop."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()
