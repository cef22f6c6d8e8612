"""The borders between the panes: proportions by the window's size until a hand moves one.

The queue and the case come first; the map and the boxes narrow with the window. Lengths are
pixels at 100 %, so that a large scale counts as a small window.
"""

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QSplitter, QWidget

from console.settings import Settings
from widgets.theme import MEASURES, Theme

_NARROW, _WIDE = 1366, 1920
_MAP_NARROW, _MAP_WIDE, _MAP_LEAST = 0.235, 0.34, 0.2
_BOXES_NARROW, _BOXES_WIDE = 158, 168
_CASE_SHARE, _CASE_LEAST, _CASE_MOST = 0.35, 314, 0.52


def _between(width: float, narrow: float, wide: float) -> float:
    """From `narrow` at 1366 to `wide` at 1920, and on along the same line."""
    return narrow + (wide - narrow) * (width - _NARROW) / (_WIDE - _NARROW)


def map_share(width: float) -> float:
    """The map's part of a window `width` pixels wide: 0.2 … 0.34."""
    return min(max(_between(width, _MAP_NARROW, _MAP_WIDE), _MAP_LEAST), _MAP_WIDE)


def boxes_width(width: float) -> int:
    """Pixels for the boxes in a window `width` pixels wide."""
    wanted = _between(width, _BOXES_NARROW, _BOXES_WIDE)
    return round(min(max(wanted, _BOXES_NARROW), _BOXES_WIDE))


def case_height(height: float) -> int:
    """Pixels for the case under a queue, of `height` for both: a good third, if that is enough."""
    return round(min(max(_CASE_SHARE * height, _CASE_LEAST), _CASE_MOST * height))


class Borders(QObject):
    """Two splitters: queue over case, and both beside the map."""

    boxes_wide = Signal(int)
    """The width that the boxes shall have, in pixels of the screen."""

    def __init__(self, theme: Theme, queue: QWidget, below: QWidget, beside: QWidget) -> None:
        super().__init__()
        self._theme = theme
        self.centre = QSplitter(Qt.Orientation.Vertical, childrenCollapsible=False)
        self.centre.addWidget(queue)
        self.centre.addWidget(below)
        self.across = QSplitter(Qt.Orientation.Horizontal, childrenCollapsible=False)
        self.across.addWidget(self.centre)
        self.across.addWidget(beside)
        self._by_hand: set[str] = set()
        self._named = {"below": self.centre, "beside": self.across}
        for splitter in self._named.values():
            splitter.splitterMoved.connect(self._moved)

    @Slot()
    def _moved(self) -> None:
        splitter = self.sender()
        self._by_hand.update(name for name, each in self._named.items() if each is splitter)

    def share(self, window: QWidget) -> None:
        """Give each pane its part of the window, but leave alone what a hand has set."""
        factor = self._theme.scale / 100
        width = window.width() / factor
        self.boxes_wide.emit(self._theme.px(boxes_width(width)))
        if "beside" not in self._by_hand:
            beside = round(window.width() * map_share(width))
            self.across.setSizes([max(self.across.width() - beside, 1), beside])
        if "below" not in self._by_hand:
            height = self.centre.height() - self.centre.handleWidth()
            below = self._theme.px(case_height(height / factor))
            self.centre.setSizes([max(height - below, 1), below])

    def restyle(self) -> None:
        """The scale is another."""
        for splitter in self._named.values():
            splitter.setHandleWidth(self._theme.px(MEASURES.gap))

    def restore(self, settings: Settings) -> None:
        """Take up what a hand has set before."""
        for name, splitter in self._named.items():
            saved = settings.layout(name)
            if not saved.isEmpty() and splitter.restoreState(saved):
                self._by_hand.add(name)

    def keep(self, settings: Settings) -> None:
        """Remember what a hand has set."""
        for name in self._by_hand:
            settings.keep_layout(name, self._named[name].saveState())
