"""What figures of the screen need: an application, drawn off-screen so that no display is in it."""

import os
from pathlib import Path

from PySide6.QtWidgets import QApplication

import resources
from widgets.theme import Theme, load_fonts

SIZE = (1366, 768)


def application() -> QApplication:
    """The one application of this process."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QApplication.instance()
    return app if isinstance(app, QApplication) else QApplication(["benchmarks"])


def theme(app: QApplication) -> Theme:
    """The console's look, with the shipped font."""
    folder = resources.root() / "fonts"
    files = [Path(str(file)) for file in folder.iterdir() if file.name.endswith(".ttf")]
    made = Theme("day", 100, load_fonts(files))
    made.dress(app)
    return made
