"""A choice from a list: words that have no room end in …, and the tooltip says them whole."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox, QStylePainter

from widgets.plain_label import one_line, plain_tooltip

_EDGE = 4
"""Pixels that the style keeps free on either side of the words."""


class Choice(QComboBox):
    """Qt cuts the words at the edge of the field."""

    def __init__(self) -> None:
        super().__init__()
        self._tooltip = ""

    def setToolTip(self, text: str) -> None:
        self._tooltip = text
        super().setToolTip(text)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, option = QStylePainter(self), QStyleOptionComboBox()
        self.initStyleOption(option)
        field = self.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox,
            option,
            QStyle.SubControl.SC_ComboBoxEditField,
            self,
        )
        whole, room = one_line(self.currentText()), field.width() - 2 * _EDGE
        shown = self.fontMetrics().elidedText(whole, Qt.TextElideMode.ElideRight, room)
        option.currentText = shown
        super().setToolTip(plain_tooltip(whole) if shown != whole else self._tooltip)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        painter.end()
