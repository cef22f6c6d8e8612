"""Clusters: a count with a ring split by state.

A cluster in the colour of its worst state would turn a whole city centre red; the ring shows how
much of it is late, and the count how many there are.
"""

from collections.abc import Iterable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from widgets.map_points import IN_TIME, LATE, OTHER, SOON, Cluster
from widgets.theme import Theme, Token

_RADIUS, _RING, _FONT = 10.5, 2.5, 9
_CIRCLE, _TOP = 16 * 360, 16 * 90  # Qt counts sixteenths of a degree
_THOUSAND = 1_000
_RING_ORDER: tuple[tuple[int, Token], ...] = (
    (LATE, "late"),
    (SOON, "soon"),
    (IN_TIME, "in_time"),
    (OTHER, "border"),
)


def count_text(count: int) -> str:
    """Return the count in at most three characters: 999, 1k, 25k."""
    return str(count) if count < _THOUSAND else f"{count // _THOUSAND}k"


def paint_clusters(painter: QPainter, clusters: Iterable[Cluster], theme: Theme) -> None:
    """Paint the clusters, those with late points uppermost."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(theme.font(_FONT))
    radius = _RADIUS * theme.scale / 100
    for cluster in sorted(clusters, key=lambda cluster: cluster.counts[LATE]):
        box = QRectF(0, 0, 2 * radius, 2 * radius)
        box.moveCenter(QPointF(cluster.x, cluster.y))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("pane"))
        painter.drawEllipse(box)
        _paint_ring(painter, box, cluster, theme)
        painter.setPen(theme.color("text"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, count_text(cluster.total))


def _paint_ring(painter: QPainter, box: QRectF, cluster: Cluster, theme: Theme) -> None:
    width = _RING * theme.scale / 100
    inside = box.adjusted(width / 2, width / 2, -width / 2, -width / 2)
    start = _TOP
    for code, token in _RING_ORDER:
        span = round(_CIRCLE * cluster.counts[code] / cluster.total)
        if span:
            pen = QPen(theme.color(token), width)
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            painter.setPen(pen)
            painter.drawArc(inside, start, -span)
            start -= span
