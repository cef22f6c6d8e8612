"""The desk as it stands when it opens, before anybody chose a look."""

from pathlib import Path

from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from console.app import Desk, Options, Server


def test_a_desk_opens_in_the_look_that_choosing_it_again_would_give(
    tmp_path: Path, qapp: QApplication, qtbot: QtBot
) -> None:
    """It is dressed once its parts have their places; none of them may have kept other clothes."""
    qapp.setStyleSheet("")
    qapp.setFont(QFont())
    options = Options((Server("ws://127.0.0.1:9"),), settings_file=tmp_path / "console.ini")
    desk = Desk(options, qapp)
    qtbot.addWidget(desk.window)
    with qtbot.waitExposed(desk.window):
        desk.window.show()
    desk.window.load_map()
    try:
        at_first = _settled(desk)
        desk.theme.dress(qapp)
        assert _settled(desk) == at_first
    finally:
        desk.stop()


def _settled(desk: Desk) -> bytes:
    QApplication.processEvents()
    image = desk.window.grab().toImage()  # its bytes live as long as it does
    return bytes(image.constBits())
