"""Where notices stand: over the free middle of the top bar, so that no pane moves for one."""

from PySide6.QtCore import QEvent, QObject, QRect, Slot
from PySide6.QtWidgets import QWidget

from console.panes.notice import NoticeLine
from console.panes.topbar import TopBar
from widgets.theme import Theme

_EDGE = 3
_LEAST = 360
"""Pixels at 100 %: in a narrower middle they stand below the bar, as wide as the window."""


class NoticePlace(QObject):
    """Keeps the notices where they belong; several at once reach down over the panes."""

    def __init__(self, notice: NoticeLine, top: TopBar, whole: QWidget, theme: Theme) -> None:
        super().__init__(whole)
        self._notice, self._top, self._whole, self._theme = notice, top, whole, theme
        self._is_away = False
        notice.setParent(whole)
        for watched in (whole, *top.strip.middle_ends):
            watched.installEventFilter(self)
        notice.changed.connect(self.fit)
        theme.changed.connect(self.fit)
        self.fit()

    @Slot(bool)
    def put_away(self, is_away: bool) -> None:
        """Show no notice while a card asks who is there."""
        self._is_away = is_away
        self.fit()

    @Slot()
    def fit(self) -> None:
        """Take the room that there is now."""
        if self._is_away or self._notice.is_silent:
            self._notice.hide()
            return
        room = self._room()
        self._notice.setGeometry(room)
        self._notice.show()
        self._notice.raise_()

    def _room(self) -> QRect:
        edge, bar = self._theme.px(_EDGE), self._top.height()
        middle = self._top.strip.middle()
        if middle.width() < self._theme.px(_LEAST):
            return QRect(0, bar, self._whole.width(), self._tall(self._whole.width()))
        tall = max(self._tall(middle.width()), bar - 2 * edge - 1)
        return QRect(middle.left(), edge, middle.width(), tall)

    def _tall(self, width: int) -> int:
        return self._notice.heightForWidth(width)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The window or what stands in the bar has another size."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move):
            self.fit()
        return super().eventFilter(watched, event)
