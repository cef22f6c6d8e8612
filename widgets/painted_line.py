"""One line of words, painted: cut with an ellipsis where room lacks, plain whatever it says."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter

from widgets.plain_label import one_line
from widgets.theme import MEASURES, Theme, Token

LEFT, RIGHT = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight


def paint_line(
    painter: QPainter,
    room: QRect,
    text: str,
    font: QFont,
    colour: QColor,
    *,
    side: Qt.AlignmentFlag = LEFT,
) -> int:
    """Paint the text in the middle of the room's height; the pixels that it took."""
    metrics = QFontMetrics(font)
    cut = metrics.elidedText(one_line(text), Qt.TextElideMode.ElideRight, room.width())
    painter.setFont(font)
    painter.setPen(colour)
    painter.drawText(room, side | Qt.AlignmentFlag.AlignVCenter, cut)
    return metrics.horizontalAdvance(cut)


def paint_words(
    painter: QPainter,
    room: QRect,
    text: str,
    theme: Theme,
    token: Token = "text",
    *,
    base: int = MEASURES.font,
    bold: bool = False,
    side: Qt.AlignmentFlag = LEFT,
) -> int:
    """The same in the theme's face of `base` pixels and one of its colours."""
    return paint_line(
        painter, room, text, theme.font(base, bold=bold), theme.color(token), side=side
    )
