"""What Qt says by itself is in the language of the window."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QFileInfo
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QFileDialog,
    QFileIconProvider,
    QLabel,
    QLineEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from console import wording
from console.qt_words import QtWords

ENGLISH_WORD = re.compile("[A-Za-z]{2,}")
CHINESE = ["zh_CN", "zh_HK"]


@pytest.fixture
def words(qapp: QApplication) -> Iterator[QtWords]:
    words = QtWords(qapp)
    yield words
    wording.use(wording.ENGLISH)
    words.speak()


def dialog(folder: Path, mode: QFileDialog.AcceptMode, qtbot: QtBot) -> QFileDialog:
    made = QFileDialog(None, "", str(folder))
    made.setOption(QFileDialog.Option.DontUseNativeDialog)
    made.setAcceptMode(mode)
    qtbot.addWidget(made)
    return made


def english_of(part: QWidget) -> Iterator[str]:
    """What the part says, and whispers, that is English."""
    said = [part.toolTip(), part.accessibleName(), part.accessibleDescription()]
    if isinstance(part, QLabel | QAbstractButton):
        said.append(part.text())
    yield from (each for each in said if ENGLISH_WORD.search(each))


@pytest.mark.parametrize("language", CHINESE)
@pytest.mark.parametrize("mode", QFileDialog.AcceptMode)
def test_the_dialog_for_a_file_says_nothing_in_english(
    language: str, mode: QFileDialog.AcceptMode, words: QtWords, tmp_path: Path, qtbot: QtBot
) -> None:
    wording.use(language)
    words.speak()
    made = dialog(tmp_path, mode, qtbot)
    parts = made.findChildren(QWidget)
    assert [each for part in parts for each in english_of(part)] == []


@pytest.mark.parametrize("language", CHINESE)
def test_what_a_folder_is_called_in_the_dialog_is_chinese(
    language: str, words: QtWords, tmp_path: Path
) -> None:
    wording.use(language)
    words.speak()
    said = QFileIconProvider().type(QFileInfo(str(tmp_path)))
    assert said
    assert not ENGLISH_WORD.search(said)


@pytest.mark.parametrize("language", CHINESE)
def test_the_menu_of_a_field_says_nothing_in_english(
    language: str, words: QtWords, qtbot: QtBot
) -> None:
    wording.use(language)
    words.speak()
    field = QLineEdit()
    qtbot.addWidget(field)
    menu = field.createStandardContextMenu()
    qtbot.addWidget(menu)
    said = [each.text().split("\t")[0] for each in menu.actions()]
    assert len(said) > 1
    assert [each for each in said if ENGLISH_WORD.search(each)] == []


def test_back_in_english_qt_speaks_english(words: QtWords, tmp_path: Path, qtbot: QtBot) -> None:
    wording.use("zh_HK")
    words.speak()
    wording.use(wording.ENGLISH)
    words.speak()
    made = dialog(tmp_path, QFileDialog.AcceptMode.AcceptSave, qtbot)
    assert {label.text() for label in made.findChildren(QLabel)} >= {"&Look in:", "Files of &type:"}
