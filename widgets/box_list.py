"""The boxes where work waits, each with its live count; the arrow keys walk through them."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QRect,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from widgets.live_table import Index
from widgets.painted_line import RIGHT, paint_line
from widgets.plain_label import Tone, one_line
from widgets.theme import MEASURES, Theme

_GAP, _EDGE_ROOM = 11, 6


@dataclass(frozen=True, slots=True)
class Box:
    """One box: `count` is shown as given ("–" is not 0); a rule is drawn above a new group."""

    key: Hashable
    title: str
    count: str = ""
    tone: Tone = "muted"
    starts_group: bool = False


class _Boxes(QAbstractListModel):
    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.boxes: tuple[Box, ...] = ()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  (Qt's own default)
        return 0 if parent.isValid() else len(self.boxes)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        box = self.boxes[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return one_line(box.title)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return one_line(f"{box.title} {box.count}")
        return None

    def show(self, boxes: Sequence[Box]) -> None:
        """Take over the boxes; unless boxes came or went, only the changed ones are told."""
        old, new = self.boxes, tuple(boxes)
        if [box.key for box in old] != [box.key for box in new]:
            self.beginResetModel()
            self.boxes = new
            self.endResetModel()
            return
        self.boxes = new
        for row, (was, now) in enumerate(zip(old, new, strict=True)):
            if was != now:
                self.dataChanged.emit(self.index(row), self.index(row))


class _BoxDelegate(QStyledItemDelegate):
    def __init__(self, theme: Theme, boxes: _Boxes, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme
        self._model = boxes

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        above = _GAP if self._model.boxes[index.row()].starts_group else 0
        return QSize(self._theme.px(120), self._theme.px(MEASURES.row + above))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme, px = self._theme, self._theme.px
        box = self._model.boxes[index.row()]
        room: QRect = option.rect
        painter.save()
        if box.starts_group:
            rule = QRect(room.left() + px(10), room.top() + px(5), room.width() - px(20), 1)
            painter.fillRect(rule, theme.color("line"))
            room = room.adjusted(0, px(_GAP), 0, 0)
        is_selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if is_selected:
            self._paint_selection(painter, room)
        inside = room.adjusted(px(18), 0, -px(16), 0)
        self._paint_words(painter, inside, box, is_selected)
        painter.restore()

    def _paint_selection(self, painter: QPainter, room: QRect) -> None:
        theme, px = self._theme, self._theme.px
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("selected"))
        card = room.adjusted(px(_EDGE_ROOM) - 1, 1, -px(_EDGE_ROOM) + 1, -1)
        painter.drawRoundedRect(card, px(4), px(4))
        edge = QRect(card.left(), card.top() + px(6), px(MEASURES.edge), card.height() - px(12))
        painter.fillRect(edge, theme.color("accent"))

    def _paint_words(self, painter: QPainter, room: QRect, box: Box, is_selected: bool) -> None:
        theme = self._theme
        counted = paint_line(
            painter, room, box.count, theme.font(), theme.color(box.tone), side=RIGHT
        )
        left = room.adjusted(0, 0, -counted - theme.px(8), 0)
        paint_line(painter, left, box.title, theme.font(bold=is_selected), theme.color("text"))


class BoxList(QListView):
    """Shows boxes and says which was `chosen`, by its key."""

    chosen = Signal(object)
    went_on = Signal()
    """Enter: to what lies in the box."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._boxes = _Boxes(self)
        self.setModel(self._boxes)
        self.setItemDelegate(_BoxDelegate(theme, self._boxes, self))
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        theme.changed.connect(self._restyle)

    def show_boxes(self, boxes: Sequence[Box]) -> None:
        """Show these boxes; the chosen one stays chosen as long as it is there."""
        before = self.chosen_key()
        self._boxes.show(boxes)
        if before is not None and self.chosen_key() is None:
            self.blockSignals(True)
            self.choose(before)
            self.blockSignals(False)

    def boxes(self) -> tuple[Box, ...]:
        """The boxes as they are shown."""
        return self._boxes.boxes

    def choose(self, key: Hashable) -> bool:
        """Move to the box with this key; return whether there is one."""
        for row, box in enumerate(self._boxes.boxes):
            if box.key == key:
                self.setCurrentIndex(self._boxes.index(row))
                return True
        return False

    def chosen_key(self) -> Hashable | None:
        index = self.currentIndex()
        return self._boxes.boxes[index.row()].key if index.isValid() else None

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        if current.isValid():
            self.chosen.emit(self._boxes.boxes[current.row()].key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.went_on.emit()
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Do nothing: letters are commands, never a search by type-ahead."""

    @Slot()
    def _restyle(self) -> None:
        self.scheduleDelayedItemsLayout()
        self.viewport().update()
