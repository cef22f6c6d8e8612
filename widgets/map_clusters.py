"""Clusters: a count with a ring split by state.

A cluster in the colour of its worst state would turn a whole city centre red; the ring shows how
much of it is late, and the count how many there are.
"""

import math
from collections.abc import Iterable

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from widgets.map_points import IN_TIME, LATE, OTHER, SOON, Cluster
from widgets.theme import Theme, Token

_SMALLEST, _LARGEST, _RING, _FONT = 10.0, 19.0, 2.5, 10
_CIRCLE, _TOP = 16 * 360, 16 * 90  # Qt counts sixteenths of a degree
_THOUSAND = 1_000
_FREE = 0.85
"""Of the two radii: nearer than that one ring lies on the other's figure."""
RING_ORDER: tuple[tuple[int, Token], ...] = (
    (LATE, "late"),
    (SOON, "soon"),
    (IN_TIME, "in_time"),
    (OTHER, "muted"),
)


def count_text(count: int) -> str:
    """Return the count in at most three characters: 999, 1k, 25k."""
    return str(count) if count < _THOUSAND else f"{count // _THOUSAND}k"


def radius_of(count: int) -> float:
    """Return the radius in pixels at 100 %: the area tells the count, in powers of ten."""
    return min(_SMALLEST + 3.0 * max(math.log10(count) - 0.6, 0.0), _LARGEST)


def cluster_box(cluster: Cluster, theme: Theme) -> QRectF:
    """Return where the cluster is drawn, in pixels."""
    radius = radius_of(cluster.total) * theme.scale / 100
    return QRectF(cluster.x - radius, cluster.y - radius, 2 * radius, 2 * radius)


def apart(clusters: list[Cluster], theme: Theme) -> list[Cluster]:
    """Return the clusters with those joined of which one would hide the other's figure."""
    found = list(clusters)
    while (pair := _closest(found, theme)) is not None:
        one, other = (found.pop(at) for at in sorted(pair, reverse=True))
        found.append(_joined(one, other))
    return found


def _closest(clusters: list[Cluster], theme: Theme) -> tuple[int, int] | None:
    """The two that reach farthest over each other, None if all figures are free."""
    x, y = np.array([(each.x, each.y) for each in clusters]).reshape(-1, 2).T
    radius = np.array([radius_of(each.total) for each in clusters]) * theme.scale / 100
    away = np.hypot(x[:, None] - x, y[:, None] - y)
    free = away / np.maximum(radius[:, None] + radius, 1) + np.eye(len(clusters)) * _FREE
    if not free.size or free.min() >= _FREE:
        return None
    one, other = np.unravel_index(int(free.argmin()), free.shape)
    return int(one), int(other)


def _joined(one: Cluster, other: Cluster) -> Cluster:
    """Both as one, where most of its points are."""
    whole = one.total + other.total
    x = (one.x * one.total + other.x * other.total) / whole
    y = (one.y * one.total + other.y * other.total) / whole
    both = zip(one.counts, other.counts, strict=True)
    return Cluster(x, y, tuple(mine + theirs for mine, theirs in both))


def paint_clusters(painter: QPainter, clusters: Iterable[Cluster], theme: Theme) -> None:
    """Paint the clusters, those with late points uppermost."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(theme.font(_FONT))
    for cluster in sorted(clusters, key=lambda cluster: cluster.counts[LATE]):
        box = cluster_box(cluster, theme)
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
    for code, token in RING_ORDER:
        span = round(_CIRCLE * cluster.counts[code] / cluster.total)
        if span:
            pen = QPen(theme.color(token), width)
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            painter.setPen(pen)
            painter.drawArc(inside, start, -span)
            start -= span
