"""What stands at the edge of a row stands apart from what comes next."""

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QImage, QPainter

from widgets.cell_delegate import CellDelegate, padded
from widgets.theme import MEASURES, PALETTES, Theme

ROOM = QRect(0, 0, 120, 30)
APART = 3


@pytest.mark.parametrize("palette", PALETTES)
@pytest.mark.parametrize("scale", [100, 125, 150])
def test_the_tick_of_a_marked_row_touches_neither_edge_nor_mark(palette: str, scale: int) -> None:
    theme = Theme(palette, scale)
    image = QImage(ROOM.size(), QImage.Format.Format_ARGB32)
    blank = QColor(255, 255, 255)
    image.fill(blank)
    painter = QPainter(image)
    CellDelegate(theme)._paint_tick(painter, ROOM)
    painter.end()
    inked = [
        x
        for x in range(ROOM.width())
        if any(image.pixelColor(x, y) != blank for y in range(ROOM.height()))
    ]
    assert inked
    assert inked[0] >= theme.px(MEASURES.edge)
    assert padded(ROOM, 0, theme).left() - inked[-1] > theme.px(APART) - 1
