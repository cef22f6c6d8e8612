"""What no screen code may contain: markup for strangers' text, nested loops, hidden holders."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = sorted(
    path.relative_to(ROOT).as_posix()
    for folder in ("widgets", "console")
    for path in (ROOT / folder).rglob("*.py")
)
FORBIDDEN = {
    "a bare label": re.compile(r"(?<!\w)QLabel\("),
    "markup": re.compile(
        r"\.setHtml\(|\.appendHtml\(|\.insertHtml\(|\bRichText\b|\bMarkdownText\b"
    ),
    "a nested event loop": re.compile(r"\bprocessEvents\("),
    "a Qt thread": re.compile(r"\bQThread\b"),
    "a lambda that holds a widget": re.compile(r"\.connect\(\s*lambda\b"),
}


def offences(source: str) -> list[str]:
    return [name for name, pattern in FORBIDDEN.items() if pattern.search(source)]


@pytest.mark.parametrize("file", FILES)
def test_screen_code_keeps_the_rules(file: str) -> None:
    assert offences((ROOT / file).read_text("utf-8")) == []


def test_widgets_hold_no_word_of_any_language_but_english() -> None:
    chinese = re.compile(r"[\"'][^\"'\n]*[\u4e00-\u9fff]")
    assert [
        path.name for path in (ROOT / "widgets").rglob("*.py") if chinese.search(path.read_text())
    ] == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("QLabel('x')", ["a bare label"]),
        ("class PlainLabel(QLabel):\n    PlainLabel('x')", []),
        ("view.setHtml(text)", ["markup"]),
        ("button.clicked.connect(lambda: self.go())", ["a lambda that holds a widget"]),
        ("app.processEvents()", ["a nested event loop"]),
    ],
)
def test_the_rules_can_be_broken(source: str, found: list[str]) -> None:
    assert offences(source) == found
