"""What the console's tests share."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from console import wording
from console.settings import Settings
from tests.console.fake_desk import FakeDesk
from widgets.theme import Theme


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    wording.use(wording.ENGLISH)
    yield
    wording.use(wording.ENGLISH)


@pytest.fixture
def theme(qapp: QApplication) -> Theme:
    return Theme("day", 100, "Noto Sans SC")


@pytest.fixture
def desk(qapp: QApplication) -> FakeDesk:
    desk = FakeDesk()
    desk.join()
    return desk


@pytest.fixture
def settings(qapp: QApplication, tmp_path: Path) -> Settings:
    return Settings(tmp_path / "console.ini")
