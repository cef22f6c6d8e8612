"""Text of strangers is shown as what it is."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis.strategies import characters, text
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from widgets.plain_label import PlainLabel, one_line, plain_tooltip, visible


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("道路积水 40 厘米", "道路积水 40 厘米"),
        ("photo\u202egpj.exe", "photo[U+202E]gpj.exe"),
        ("a\u200bb", "a[U+200B]b"),
        ("\u2066left\u2069", "[U+2066]left[U+2069]"),
        ("bell\u0007", "bell[U+0007]"),
        ("\ufeffmark", "[U+FEFF]mark"),
        ("soft\u00adhyphen", "soft[U+00AD]hyphen"),
        ("tag\U000e0041", "tag[U+E0041]"),
        ("two\nlines\tand a tab", "two\nlines\tand a tab"),
        ("𠮷野家 café ①", "𠮷野家 café ①"),
        ("<b>bold</b> & more", "<b>bold</b> & more"),
    ],
)
def test_what_the_eye_cannot_see_is_shown_by_its_number(raw: str, shown: str) -> None:
    assert visible(raw) == shown


@given(text(characters(codec="utf-8")))
def test_nothing_that_reorders_or_hides_text_is_left(raw: str) -> None:
    left = {unicodedata.category(sign) for sign in visible(raw) if sign not in "\t\n"}
    hidden = {sign for sign in visible(raw) if unicodedata.category(sign) == "Cf"}
    assert "Cc" not in left
    assert all(unicodedata.bidirectional(sign) in ("AN", "AL", "L", "NSM", "ON") for sign in hidden)


@given(text())
def test_one_line_is_one_line(raw: str) -> None:
    assert not re.search(r"[\r\n\u2028\u2029]", one_line(raw))


def test_a_tooltip_is_never_markup_of_the_citizen() -> None:
    assert "<img" not in plain_tooltip("<img src=x> & </p>")
    assert plain_tooltip("") == ""


def test_a_label_takes_nothing_for_markup(qtbot: QtBot) -> None:
    label = PlainLabel("<b>x</b>")
    qtbot.addWidget(label)
    assert (label.textFormat(), label.text()) == (Qt.TextFormat.PlainText, "<b>x</b>")


def test_a_cut_text_is_whole_in_its_tooltip(qtbot: QtBot) -> None:
    label = PlainLabel("前进二路与流塘路口下穿通道积水" * 3)
    qtbot.addWidget(label)
    label.resize(80, 20)
    label.show()
    assert "下穿通道" in label.toolTip()
    label.resize(3_000, 20)
    assert label.toolTip() == ""


def test_a_label_is_selectable_only_where_asked(qtbot: QtBot) -> None:
    label = PlainLabel("20080613-04189", selectable=True)
    qtbot.addWidget(label)
    assert label.textInteractionFlags() & Qt.TextInteractionFlag.TextSelectableByMouse
