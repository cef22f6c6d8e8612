"""Photographs of the main window in each language, palette and size, without a screen."""

from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QObject, QSize, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication, QWidget

SETTLE_MS = 250
"""Between a new look and its photograph: layouts and the map follow in the event loop."""


class Look(NamedTuple):
    """How the window shall look in one photograph."""

    language: str
    palette: str
    width: int
    height: int

    @property
    def file_name(self) -> str:
        """Name of the PNG."""
        return f"watchdesk-{self.language}-{self.palette}-{self.width}x{self.height}.png"


SIZES = ((1366, 768), (1920, 1080))


def looks(languages: tuple[str, ...], palettes: tuple[str, ...]) -> list[Look]:
    """Every combination, one size after the other so that the window changes little."""
    return [
        Look(language, palette, *size)
        for size, language, palette in product(SIZES, languages, palettes)
    ]


class Camera(QObject):
    """Takes the photographs one after the other, then says that it is done."""

    done = Signal()

    def __init__(
        self, window: QWidget, folder: Path, wanted: list[Look], put_on: Callable[[Look], None]
    ) -> None:
        super().__init__()
        self._window, self._folder, self._put_on = window, folder, put_on
        self._wanted = list(wanted)
        self.taken: list[Path] = []

    @Slot()
    def start(self) -> None:
        """Begin with the first look."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self._next()

    def _next(self) -> None:
        if not self._wanted:
            self.done.emit()
            return
        look = self._wanted[0]
        self._put_on(look)
        self._window.resize(QSize(look.width, look.height))
        QTimer.singleShot(SETTLE_MS, self._take)

    @Slot()
    def _take(self) -> None:
        path = self._folder / self._wanted.pop(0).file_name
        QApplication.sendPostedEvents()  # what a case has just changed is laid out first
        if self._window.grab().save(str(path)):
            self.taken.append(path)
        self._next()
