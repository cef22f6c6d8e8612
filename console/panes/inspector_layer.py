"""The map's inspectors: a sign for each who is on duty and has said where, and for the open case a
line to the inspector whom its order went to. They can be switched off.
"""

from collections import Counter

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from casework.case import Case
from casework.enquiries import InspectorRow
from casework.terms import CaseId
from console.inspectors import PRESENCES, Inspectors, Presence, presence
from console.panes.ground import Ground
from console.panes.inspector_rows import age
from console.picture import Change, Picture
from console.selection import Selection
from console.wording import tr
from widgets.map_canvas import MapCanvas
from widgets.map_signs import Look, Sign, SignOverlay, Tie, draw_sign
from widgets.theme import MEASURES, Theme

KEY = ","
"""On the map: switch the layer."""
AGES_MS = 60_000
LOOKS: dict[Presence, Look] = {
    Presence.FREE: "open",
    Presence.ON_ORDER: "busy",
    Presence.SILENT: "lost",
}
_SHAPE, _GAP, _BETWEEN = 12, 5, 12
_CAP = 18


class InspectorLegend(QAbstractButton):
    """One line under the map: each sign with its word and its count; pressed, it switches the
    layer."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._entries: tuple[tuple[Look | None, str], ...] = ()
        self.setCheckable(True)
        self.setChecked(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.hide()

    def show_counts(self, counts: Counter[Presence]) -> None:
        """Show how many are free, on an order, silent; nothing where nobody may be known of."""
        entries: list[tuple[Look | None, str]] = [
            (look, f"{tr(PRESENCES[found])} {counts[found]}") for found, look in LOOKS.items()
        ]
        if not self.isChecked():
            entries = [(None, tr("Inspectors are not shown"))]
        self._entries = tuple(entries)
        said = " · ".join(words for _, words in entries)
        self.setAccessibleName(said)
        self.setToolTip(tr("Inspectors on the map: show or hide (, on the map)"))
        self.setVisible(bool(counts))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(200), self._theme.px(MEASURES.row))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, px = self._theme, self._theme.px
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("raised"))
        painter.fillRect(0, 0, self.width(), 1, theme.color("line"))
        metrics, left = QFontMetrics(theme.font(MEASURES.label)), px(MEASURES.padding)
        painter.setFont(theme.font(MEASURES.label))
        for look, words in self._entries:
            if look is not None:
                size = px(_SHAPE)
                draw_sign(
                    painter, look, QRectF(left, (self.height() - size) / 2, size, size), theme
                )
                left += size + px(_GAP)
            painter.setPen(theme.color("text" if look is not None else "muted"))
            wide = metrics.horizontalAdvance(words)
            painter.drawText(left, 0, wide + 2, self.height(), 0x81, words)
            left += wide + px(_BETWEEN)
        self._paint_key(painter, left)
        if self.hasFocus():
            painter.setPen(theme.color("accent"))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()

    def _paint_key(self, painter: QPainter, left: int) -> None:
        """The key that switches the layer, at the right end, if there is room for it."""
        side = self._theme.px(_CAP)
        edge = self.width() - self._theme.px(MEASURES.padding) - side
        if edge < left:
            return
        cap = QRect(edge, (self.height() - side) // 2, side, side)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self._theme.color("line"))
        painter.setBrush(self._theme.color("pane"))
        painter.drawRoundedRect(cap, self._theme.px(4), self._theme.px(4))
        painter.setPen(self._theme.color("text"))
        painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, KEY)


class InspectorLayer(QObject):
    """Keeps the canvas's signs as the desk knows the inspectors."""

    switched = Signal(bool)

    def __init__(
        self,
        canvas: MapCanvas,
        picture: Picture,
        selection: Selection,
        inspectors: Inspectors,
        theme: Theme,
    ) -> None:
        super().__init__(canvas)
        self._canvas, self._picture, self._selection = canvas, picture, selection
        self._inspectors, self._theme = inspectors, theme
        self._ground: Ground | None = None
        self.overlay = SignOverlay(theme)
        self.legend = InspectorLegend(theme)
        canvas.add_overlay(self.overlay)
        canvas.key_pressed.connect(self._key)
        canvas.installEventFilter(self)
        self.legend.toggled.connect(self._switch)
        inspectors.changed.connect(self.show_signs)
        selection.moved.connect(self.show_signs)
        picture.changed.connect(self._case_changed)
        theme.changed.connect(self._redraw)
        self.startTimer(AGES_MS)

    @property
    def is_on(self) -> bool:
        """Whether the layer is shown."""
        return self.legend.isChecked()

    def follow_rules(self, ground: Ground) -> None:
        """Show on this ground from now on."""
        self._ground = ground
        self.show_signs()

    @Slot()
    def show_signs(self) -> None:
        """Somebody moved, another case is open, time passed, or the language is another."""
        rows = list(self._inspectors.rows.values())
        self.legend.show_counts(Counter(presence(row) for row in rows))
        signs: list[Sign] = []
        if self.is_on and self._ground is not None:
            signs = [self._sign(row, self._ground) for row in rows if _is_placed(row)]
        if self.overlay.show(signs, self._tie()):
            self._canvas.update()

    def _sign(self, row: InspectorRow, ground: Ground) -> Sign:
        found, now = presence(row), self._picture.now()
        assert row.point is not None  # `_is_placed`
        x, y = ground.place(*row.point.degrees)
        old = age(row, now)
        busy = tr("orders {n}", n=row.open_orders) if row.open_orders else ""
        said = filter(None, (row.name, tr(PRESENCES[found]), busy, old))
        return Sign(row.user, x, y, LOOKS[found], f"{row.name} · {old}", " · ".join(said))

    def _tie(self) -> Tie | None:
        """From the inspector whom the open case's order went to, to the case."""
        case = self._picture.case(self._selection.case)
        if case is None or not _is_ordered(case) or case.point is None or self._ground is None:
            return None
        return Tie(case.inspector, *self._ground.place(*case.point.degrees))

    @Slot(object)
    def _case_changed(self, change: Change) -> None:
        opened: CaseId | None = self._selection.case
        if any(case.id == opened for case in change.upserted):
            self.show_signs()

    @Slot(int)
    def _key(self, key: int) -> None:
        if key == Qt.Key.Key_Comma:
            self.legend.toggle()

    @Slot(bool)
    def _switch(self, on: bool) -> None:
        self._watch(on and self._canvas.isVisible())
        self.show_signs()
        self.switched.emit(on)

    def _watch(self, watching: bool) -> None:
        if watching:
            self._inspectors.watch(self)
        else:
            self._inspectors.look_away(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Positions are asked for only while the map is in sight."""
        if event.type() in (QEvent.Type.Show, QEvent.Type.Hide):
            self._watch(event.type() == QEvent.Type.Show and self.is_on)
        return super().eventFilter(watched, event)

    def timerEvent(self, _event: object) -> None:
        self.show_signs()

    @Slot()
    def _redraw(self) -> None:
        self.overlay.forget()
        self.legend.updateGeometry()
        self._canvas.update()


def _is_placed(row: InspectorRow) -> bool:
    return row.point is not None and row.on_duty_since is not None


def _is_ordered(case: Case) -> bool:
    return case.order is not None and case.inspector is not None
