"""A place that scrolls up and down, with the pane's own ground behind what it holds."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QWidget


def scrolled(inside: QWidget) -> QScrollArea:
    """`inside`, as wide as the place and as high as it likes; the keys stay with the pane."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QScrollArea.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.viewport().setAutoFillBackground(False)
    area.setWidget(inside)
    inside.setAutoFillBackground(False)  # setWidget has switched it on
    policy = inside.sizePolicy()
    policy.setHorizontalPolicy(QSizePolicy.Policy.Ignored)  # else it never narrows with the place
    inside.setSizePolicy(policy)
    return area
