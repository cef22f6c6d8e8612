"""What the widget tests share: no screen, and the shipped font when it is there."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from widgets.theme import Theme, load_fonts

FONTS = Path(__file__).parents[2] / "resources" / "fonts"


@pytest.fixture(scope="session")
def family(qapp: QApplication) -> str:
    return load_fonts(FONTS.glob("*.ttf"))


@pytest.fixture
def theme(qapp: QApplication, family: str) -> Iterator[Theme]:
    theme = Theme("day", 100, family)
    theme.dress(qapp)
    yield theme
    qapp.setStyleSheet("")
