"""Right: where. Districts and streets, the computed grid near by, cases by time left.

A rule book without outlines draws the points only. numpy comes with the map, after the window.
"""

from collections.abc import Iterable
from datetime import datetime

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QPainterPath, QResizeEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from casework.case import Case
from casework.rulebook import Area, AreaLevel, RuleBook
from casework.rules import grid
from casework.rules.geo import Box
from casework.rules.projection import to_globe, to_plane
from casework.terms import ENDED, AreaId, CaseId, point
from console.clocks import standing
from console.panes.legend import Legend
from console.picture import Change, Picture
from console.selection import Selection
from console.tally import Counts
from console.wording import Names, tr
from widgets.map_canvas import MapCanvas
from widgets.map_frame import MapFrame
from widgets.map_layers import GridLines, MapLabel, MapLayer
from widgets.map_points import IN_TIME, LATE, OTHER, SOON
from widgets.theme import Theme

RECOUNT_MS = 5_000
STREET_NAMES_FROM = 0.02
STREETS_FROM = 0.008
GRID_FROM = 0.12
MOST_CELLS = 6_000
CODES = {"late": LATE, "soon": SOON, "in_time": IN_TIME, "none": OTHER}


class Ground:
    """The outlines of a rule book in metres of its own Gauss–Krüger zone."""

    def __init__(self, rules: RuleBook) -> None:
        self.meridian = rules.central_meridian
        self._areas = [area for area in rules.areas if area.rings]
        self._grids: dict[AreaId, grid.UnitGrid] | None = None
        self.outlined = bool(self._areas)

    def place(self, lat: float, lon: float) -> tuple[float, float]:
        """(east, north) in metres of a WGS-84 position in degrees."""
        east, north = to_plane(lat, lon, self.meridian)
        return east, north

    def layers(self, names: Names) -> list[MapLayer]:
        """Streets under districts, each with its name in its middle."""
        return [
            self._layer("streets", AreaLevel.STREET, names, STREET_NAMES_FROM),
            self._layer("districts", AreaLevel.DISTRICT, names, 0.0),
        ]

    def _layer(self, name: str, level: AreaLevel, names: Names, names_from: float) -> MapLayer:
        areas = [area for area in self._areas if area.level is level]
        paths = [self._path(area) for area in areas]
        labels = tuple(
            MapLabel(path.boundingRect().center().x(), path.boundingRect().center().y(), text)
            for area, path in zip(areas, paths, strict=True)
            if (text := names.area(area.id))
        )
        streets = level is AreaLevel.STREET
        return MapLayer(
            name=name,
            paths=tuple(paths),
            fill="land" if streets else None,
            line="line" if streets else "border",
            names=labels,
            names_from=names_from,
        )

    def _path(self, area: Area) -> QPainterPath:
        path = QPainterPath()
        path.setFillRule(Qt.FillRule.OddEvenFill)
        for ring in area.rings:
            corners = [QPointF(*self.place(*corner.degrees)) for corner in ring]
            path.moveTo(corners[0])
            for corner in corners[1:]:
                path.lineTo(corner)
            path.closeSubpath()
        return path

    def grid_lines(self, seen: QRectF) -> GridLines:
        """The 100 m cells of all streets in sight; none while too many are."""
        if seen.width() * seen.height() > MOST_CELLS * grid.CELL**2:
            return GridLines()
        if self._grids is None:
            self._grids = grid.unit_grids(self._areas, self.meridian)
        south, west = to_globe(seen.left(), seen.top(), self.meridian)
        north, east = to_globe(seen.right(), seen.bottom(), self.meridian)
        low, high = point(south, west), point(north, east)
        box = Box(low.lat, low.lon, high.lat, high.lon)
        sides = [
            (*self.place(*one.degrees), *self.place(*other.degrees))
            for lattice in self._grids.values()
            for _, (nw, ne, _se, sw) in grid.cells_in(lattice, box)
            for one, other in ((nw, ne), (nw, sw))
        ]
        return GridLines(np.array(sides, float)) if sides else GridLines()


class MapPane(QFrame):
    """Cases where they are; a click picks one, and tells the place for a report's form."""

    placed = Signal(float, float)
    """A click, as latitude and longitude in degrees."""

    def __init__(
        self,
        picture: Picture,
        selection: Selection,
        theme: Theme,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("pane", "true")
        self._picture, self._selection, self._theme = picture, selection, theme
        self._rules: RuleBook | None = None
        self._ground: Ground | None = None
        self._fitted = False
        self._unplaced = 0
        self._look: tuple[float, float, float] | None = None
        self.canvas = MapCanvas(theme, self)
        self.canvas.setAccessibleName(tr("Map"))
        self.legend = Legend(theme, self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 1, 1, 1)
        layout.setSpacing(0)
        layout.addWidget(self.canvas, 1)
        layout.addWidget(self.legend)
        self._recount = QTimer(self, interval=RECOUNT_MS)
        self._recount.timeout.connect(self._show_all)
        self._recount.start()
        self.canvas.picked.connect(self._pick)
        self.canvas.clicked.connect(self._place)
        picture.changed.connect(self._take)
        picture.sites_changed.connect(self._follow_rules)
        selection.moved.connect(self._follow)
        self._follow_rules()
        self._follow(selection.case)

    @Slot()
    def speak(self) -> None:
        """The language is another: names are drawn anew."""
        self.canvas.setAccessibleName(tr("Map"))
        if self._ground is not None:
            self.canvas.set_layers(self._ground.layers(self._picture.names()))
        self._show_all()

    @Slot()
    def _follow_rules(self) -> None:
        rules = self._picture.sites[0].rules
        if rules is None or rules is self._rules:
            return
        self._rules, self._ground = rules, Ground(rules)
        self.canvas.set_layers(self._ground.layers(self._picture.names()))
        self.canvas.set_grid(self._ground.grid_lines, GRID_FROM)
        self._look = None
        self._refit()
        self._show_all()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        QTimer.singleShot(0, self._refit)

    @Slot()
    def _refit(self) -> None:
        """Fill a new size with the whole city, unless the operator has looked elsewhere."""
        if self._look in (None, _look(self.canvas.frame)):
            self.canvas.fit()
            self._look = _look(self.canvas.frame)

    @Slot(object)
    def _take(self, change: Change) -> None:
        if len(change.gone) + len(change.upserted) > len(self._shown()):
            self._show_all()
            return
        gone = [*change.gone, *(case.id for case in change.upserted if case.ended)]
        self.canvas.drop_points(gone)
        live = [case for case in change.upserted if not case.ended and case.point is not None]
        self.canvas.update_points(*self._points(live))

    def _shown(self) -> list[Case]:
        return [case for case in self._picture.cases() if not case.ended and case.point is not None]

    @Slot()
    def _show_all(self) -> None:
        cases = self._shown()
        self.canvas.set_points(*self._points(cases))
        self._unplaced = sum(case.point is None for case in self._picture.cases() if not case.ended)
        if cases and self._ground is not None and not (self._ground.outlined or self._fitted):
            self._fitted = True
            self.canvas.fit(self._extent(cases))

    def _points(
        self, cases: Iterable[Case]
    ) -> tuple[list[float], list[float], list[int], list[CaseId]]:
        ground = self._ground
        if ground is None:
            return [], [], [], []
        percent = self._picture.soon_percent()
        xs, ys, codes, keys = [], [], [], []
        for case in cases:
            if case.point is None:
                continue
            x, y = ground.place(*case.point.degrees)
            xs.append(x)
            ys.append(y)
            codes.append(self._code(case, self._picture.now(case.id), percent))
            keys.append(case.id)
        return xs, ys, codes, keys

    def _code(self, case: Case, now: datetime, percent: int) -> int:
        return CODES.get(standing(case, now, percent), OTHER)

    def _extent(self, cases: Iterable[Case]) -> QRectF:
        xs, ys, _, _ = self._points(cases)
        return QRectF(QPointF(min(xs), min(ys)), QPointF(max(xs), max(ys)))

    @Slot(object)
    def show_counts(self, counts: Counts) -> None:
        """The legend's figures: the same count as the boxes'."""
        live = sum(n for state, n in counts.states.items() if state not in ENDED)
        self.legend.show_counts(
            late=counts.late,
            soon=counts.soon,
            in_time=live - counts.late - counts.soon,
            unplaced=self._unplaced,
        )

    @Slot(object)
    def _pick(self, case: CaseId) -> None:
        self._selection.select(case)

    @Slot(float, float)
    def _place(self, x: float, y: float) -> None:
        if self._ground is not None:
            lat, lon = to_globe(x, y, self._ground.meridian)
            self.placed.emit(lat, lon)

    @Slot(object)
    def _follow(self, case: CaseId | None) -> None:
        self.canvas.select(case)


def _look(frame: MapFrame) -> tuple[float, float, float]:
    return frame.x, frame.y, frame.scale
