"""Text of strangers on the screen: plain, and with nothing in it that the eye cannot see.

Citizens' text is hostile. It is never taken for markup, and the characters that reorder or hide
text (a right-to-left override turns `gpj.exe` into `exe.jpg`) are shown by their number.
`PlainLabel` is the only label of the product; a test forbids the bare one.
"""

import html
import re
from typing import Literal

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

Tone = Literal["text", "muted", "accent", "late", "soon", "done"]
Size = Literal["body", "label", "strong", "heading", "display"]

# Cc but tab and newline; soft hyphen; Arabic letter mark; Hangul and Khmer fillers; Mongolian
# separators; zero width; bidi embeddings, overrides, isolates; line and paragraph separators;
# invisible operators; interlinear marks; byte order mark; tags; surrogates left alone.
_UNSEEN = re.compile(
    "[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5"
    "\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\uffff"
    "\ud800-\udfff\U000e0000-\U000e0fff]"
)
_GAPS = re.compile(r"[ \t\r\n\u2028\u2029]+")


def visible(text: str) -> str:
    """Return the text with every invisible or reordering character shown as `[U+202E]`.

    Tab and newline stay: they lay text out and hide nothing.
    """
    return _UNSEEN.sub(lambda found: f"[U+{ord(found[0]):04X}]", text)


def one_line(text: str) -> str:
    """Return the text made `visible`, on one line, its runs of white space one space each."""
    return visible(_GAPS.sub(" ", text).strip())


def plain_tooltip(text: str) -> str:
    """Return a tooltip that shows the text as it is.

    Qt guesses whether a tooltip is markup; escaped markup leaves it nothing to guess.
    """
    if not text:
        return ""
    return f"<p style='white-space:pre-wrap'>{html.escape(visible(text))}</p>"


class PlainLabel(QLabel):
    """One label: plain text, elided with the whole text as its tooltip, or wrapped."""

    def __init__(
        self,
        text: str = "",
        parent: QWidget | None = None,
        *,
        tone: Tone = "text",
        size: Size = "body",
        wrap: bool = False,
        selectable: bool = False,
    ) -> None:
        super().__init__(parent)
        self._text = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wrap)
        self.setProperty("tone", tone)
        self.setProperty("textSize", size)
        self._elides = not (wrap or selectable)
        if selectable:
            self.setTextInteractionFlags(
                Qt.TextInteractionFlag.TextSelectableByMouse
                | Qt.TextInteractionFlag.TextSelectableByKeyboard
            )
        if self._elides:
            self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setText(text)

    def setText(self, text: str) -> None:
        shown = visible(text) if self.wordWrap() else one_line(text)
        if shown == self._text:
            return
        self._text = shown
        super().setText(shown)
        self._offer_the_rest()

    def set_tone(self, tone: Tone) -> None:
        if tone == self.property("tone"):
            return
        self.setProperty("tone", tone)
        self.style().unpolish(self)
        self.style().polish(self)

    def minimumSizeHint(self) -> QSize:
        hint = super().minimumSizeHint()
        if self._elides:
            hint.setWidth(min(hint.width(), self.fontMetrics().averageCharWidth() * 3))
        return hint

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._offer_the_rest()

    def _offer_the_rest(self) -> None:
        self.setToolTip(plain_tooltip(self._text) if self._is_cut(self.contentsRect()) else "")

    def _is_cut(self, room: QRect) -> bool:
        return self._elides and self.fontMetrics().horizontalAdvance(self._text) > room.width()

    def paintEvent(self, event: QPaintEvent) -> None:
        room = self.contentsRect()
        if not self._is_cut(room):
            super().paintEvent(event)
            return
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        cut = self.fontMetrics().elidedText(self._text, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, self.alignment(), cut)
        painter.end()
