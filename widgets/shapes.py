"""One shape for each state, so that no state is told by its colour alone.

▲ late, ◆ due soon, ● in time, ‖ paused, ✓ done, – nothing to say. They are drawn, not typed:
a font may lack them or draw them in different sizes.
"""

from typing import Literal, get_args

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

from widgets.theme import Token

State = Literal["late", "soon", "in_time", "paused", "done", "none"]
STATES: tuple[State, ...] = get_args(State)

STATE_TOKENS: dict[State, Token] = {
    "late": "late",
    "soon": "soon",
    "in_time": "in_time",
    "paused": "in_time",
    "done": "done",
    "none": "in_time",
}


def state_path(state: State, box: QRectF) -> QPainterPath:
    """Return the filled outline of the state's shape inside the square `box`."""
    path = QPainterPath()
    if state == "late":
        corners = [QPointF(box.center().x(), box.top()), box.bottomRight(), box.bottomLeft()]
        path.addPolygon(QPolygonF(corners))
        path.closeSubpath()
    elif state == "soon":
        middle = box.center()
        corners = [
            QPointF(middle.x(), box.top()),
            QPointF(box.right(), middle.y()),
            QPointF(middle.x(), box.bottom()),
            QPointF(box.left(), middle.y()),
        ]
        path.addPolygon(QPolygonF(corners))
        path.closeSubpath()
    elif state == "in_time":
        path.addEllipse(box.adjusted(0.5, 0.5, -0.5, -0.5))
    elif state == "paused":
        width = box.width() * 0.28
        path.addRect(QRectF(box.left() + width * 0.4, box.top(), width, box.height()))
        path.addRect(QRectF(box.right() - width * 1.4, box.top(), width, box.height()))
    elif state == "none":
        path.addRect(QRectF(box.left(), box.center().y() - 0.75, box.width(), 1.5))
    return path


def draw_state(painter: QPainter, state: State, box: QRectF, colour: QColor) -> None:
    """Draw the state's shape inside the square `box`; the painter's pen and brush are kept."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if state == "done":
        pen = QPen(colour, max(1.6, box.width() / 5))
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        tick = [(0.05, 0.55), (0.38, 0.88), (0.95, 0.15)]
        painter.drawPolyline(
            [
                QPointF(box.left() + box.width() * across, box.top() + box.height() * down)
                for across, down in tick
            ]
        )
    else:
        painter.fillPath(state_path(state, box), colour)
    painter.restore()
