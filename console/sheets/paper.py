"""A4 pages: margins, head and foot on each, the practice mark across, and the PDF's bytes."""

from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QPagedPaintDevice,
    QPageSize,
    QPainter,
    QPdfWriter,
    QPen,
    QTextDocument,
)

from console.sheets.text_layer import searchable
from widgets.plain_label import one_line

DOTS_PER_INCH = 300
DOTS_PER_MM = DOTS_PER_INCH / 25.4
_WIDE_MM, _TALL_MM, _SIDE_MM, _TOP_MM, _FOOT_MM = 210, 297, 16, 22, 18
WIDE_MM = _WIDE_MM - 2 * _SIDE_MM
"""Between the margins."""
_WIDTH = WIDE_MM * DOTS_PER_MM
_HEIGHT = (_TALL_MM - _TOP_MM - _FOOT_MM) * DOTS_PER_MM
_GREY, _LINE, _MARK = QColor("#5A6875"), QColor("#9AA5B1"), QColor("#E3E7EB")
_SMALL, _HUGE = 8, 110
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class Edges(NamedTuple):
    """What stands on every page. `page` says "page n of all"; `mark` goes across, "" for none."""

    left: str
    right: str
    foot: str
    page: Callable[[int, int], str]
    mark: str
    family: str


LayOut = Callable[[QPagedPaintDevice, QSizeF], QTextDocument]


def pdf(lay_out: LayOut, edges: Edges, title: str) -> bytes:
    """A document on as many pages as it needs; `lay_out` makes it for a page's size."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(DOTS_PER_INCH)
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    writer.setPageMargins(QMarginsF(0, 0, 0, 0))
    writer.setTitle(title)
    writer.setCreator("Watchdesk")
    document = lay_out(writer, QSizeF(_WIDTH, _HEIGHT))
    painter = QPainter(writer)
    pages = document.pageCount()
    for number in range(pages):
        if number:
            writer.newPage()
        _paint_mark(painter, edges)
        _paint_edges(painter, edges, edges.page(number + 1, pages))
        painter.save()
        painter.translate(_SIDE_MM * DOTS_PER_MM, _TOP_MM * DOTS_PER_MM - number * _HEIGHT)
        document.drawContents(painter, QRectF(0, number * _HEIGHT, _WIDTH, _HEIGHT))
        painter.restore()
    painter.end()
    return searchable(bytes(buffer.data().data()), edges.family)


def sheet_font(family: str, size: float, *, strong: bool = False) -> QFont:
    """The family at `size` points.

    Without the language's own shapes (`locl`): Qt's PDF does not say which digits those glyphs
    are, so that neither a search nor a copy finds a case's number.
    """
    font = QFont(family)
    font.setPointSizeF(size)
    font.setFeature(QFont.Tag("locl"), 0)
    if strong:
        font.setWeight(QFont.Weight.DemiBold)
    return font


def _paint_edges(painter: QPainter, edges: Edges, page: str) -> None:
    mm = DOTS_PER_MM
    left, wide = _SIDE_MM * mm, _WIDTH
    painter.setFont(sheet_font(edges.family, _SMALL))
    painter.setPen(_GREY)
    head = QRectF(left, 10 * mm, wide, 7 * mm)
    foot = QRectF(left, (_TALL_MM - 14) * mm, wide, 7 * mm)
    painter.drawText(head, _LEFT, one_line(edges.left))
    painter.drawText(head, _RIGHT, one_line(edges.right))
    painter.drawText(foot, _LEFT, one_line(edges.foot))
    painter.drawText(foot, _RIGHT, page)
    painter.setPen(QPen(_LINE, 0.2 * mm))
    for line in (head.bottom(), foot.top()):
        painter.drawLine(QPointF(left, line), QPointF(left + wide, line))


def _paint_mark(painter: QPainter, edges: Edges) -> None:
    """Across the page, under what is written, as large as the words allow."""
    if not edges.mark:
        return
    mm = DOTS_PER_MM
    painter.save()
    painter.translate(_WIDE_MM * mm / 2, _TALL_MM * mm / 2)
    painter.rotate(-45)
    painter.setFont(sheet_font(edges.family, _HUGE, strong=True))
    painter.setPen(_MARK)
    room = QRectF(-150 * mm, -40 * mm, 300 * mm, 80 * mm)
    painter.drawText(room, Qt.AlignmentFlag.AlignCenter, edges.mark)
    painter.restore()
