"""Right: where. Districts and streets, the computed grid near by, cases by time left.

A rule book without outlines draws the points only. numpy comes with the map, after the window.
"""

from collections import Counter
from collections.abc import Iterable

from PySide6.QtCore import QPointF, QRectF, QTimer, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from casework.rulebook import RuleBook
from casework.rules.projection import to_globe
from casework.terms import ENDED, AreaId, CaseId, Point
from casework.territory import AreaLevel
from console.clocks import Standing
from console.component_book import ComponentBook
from console.export.table import Table
from console.inspectors import Inspectors
from console.panes.component_layer import ComponentLayer
from console.panes.districts import District, DistrictsPanel
from console.panes.ground import Ground
from console.panes.inspector_layer import InspectorLayer
from console.panes.legend import Legend
from console.picture import Change, Picture
from console.plots import Plot, Plots
from console.selection import Selection
from console.tally import Counts
from console.wording import tr
from widgets.map_canvas import MapCanvas
from widgets.map_points import IN_TIME, LATE, OTHER, SOON
from widgets.theme import Theme

RECOUNT_MS = 5_000
GRID_FROM = 0.12
CANVAS_LEAST = 0.62
"""Height of the map by its width below which the districts' panel gives way."""
Points = tuple[list[float], list[float], list[int], list[CaseId]]
"""East and north in metres, how each stands, and which case it is."""
CODES = {"late": LATE, "soon": SOON, "in_time": IN_TIME, "none": OTHER}


class MapPane(QFrame):
    """Cases where they are; a click picks one, and tells the place for a report's form."""

    placed = Signal(float, float)
    """A click, as latitude and longitude in degrees."""

    def __init__(
        self,
        picture: Picture,
        selection: Selection,
        theme: Theme,
        book: ComponentBook | None = None,
        parent: QWidget | None = None,
        *,
        inspectors: Inspectors | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("pane", "true")
        self._picture, self._selection, self._theme = picture, selection, theme
        self._rules: RuleBook | None = None
        self._ground: Ground | None = None
        self._plots = Plots(picture)
        self._fitted = False
        self._unplaced = 0
        self._drawn: Points | None = None
        self._stale = False
        """Single points have changed since all were drawn."""
        self._pins_case = False
        self.canvas = MapCanvas(theme, self)
        self.canvas.setAccessibleName(tr("Map"))
        book = book or ComponentBook(picture)
        self.components = ComponentLayer(self.canvas, picture, book, theme)
        inspectors = inspectors or Inspectors(picture, self)
        self.inspectors = InspectorLayer(self.canvas, picture, selection, inspectors, theme)
        self.inspectors.switched.connect(self._give_room)
        self.districts = DistrictsPanel(theme, self)
        self.legend = Legend(theme, self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 1, 1, 1)
        layout.setSpacing(0)
        layout.addWidget(self.canvas, 1)
        layout.addWidget(self.districts)
        layout.addWidget(self.legend)
        layout.addWidget(self.inspectors.legend)
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
        self.components.put_away()
        self.components.show_marks()
        self.inspectors.show_signs()
        self._show_all()

    @Slot()
    def _follow_rules(self) -> None:
        rules = self._picture.sites[0].rules
        if rules is None or rules is self._rules:
            return
        self._rules, self._ground = rules, Ground(rules)
        self._plots.stand_on(self._ground.place)
        self.canvas.set_layers(self._ground.layers(self._picture.names()))
        self.canvas.set_grid(self._ground.grid_lines, GRID_FROM)
        self.components.follow_rules(rules, self._ground)
        self.inspectors.follow_rules(self._ground)
        self.canvas.fit()
        self._show_all()

    @Slot(object)
    def _take(self, change: Change) -> None:
        shown = len(self._drawn[-1]) if self._drawn is not None else 0
        if len(change.gone) + len(change.upserted) > shown:
            self._show_all()
            return
        self._stale = True
        gone = [*change.gone, *(case.id for case in change.upserted if case.ended)]
        self.canvas.drop_points(gone)
        live = self._plots.of(case for case in change.upserted if not case.ended)
        self.canvas.update_points(*_points(live))

    @Slot()
    def _show_all(self) -> None:
        plots = self._plots.every()
        points = _points(plots)
        if self._stale or points != self._drawn:
            self._drawn, self._stale = points, False
            self.canvas.set_points(*points)
        self._count_districts(plots)
        self._unplaced = sum(plot.case.point is None for plot, _ in plots)
        xs, ys, _, _ = points
        if xs and self._ground is not None and not (self._ground.outlined or self._fitted):
            self._fitted = True
            self.canvas.fit(QRectF(QPointF(min(xs), min(ys)), QPointF(max(xs), max(ys))))

    def _count_districts(self, plots: Iterable[tuple[Plot, Standing]]) -> None:
        """Every open case in sight, with a position or without, by its district."""
        counts: dict[AreaId | None, Counter[Standing]] = {}
        for plot, standing in plots:
            counts.setdefault(plot.case.district, Counter())[standing] += 1
        names, areas = self._picture.names(), self._rules.areas if self._rules is not None else ()
        rows = [
            District(names.area(area.id), dict(counts[area.id]))
            for area in areas
            if area.level is AreaLevel.DISTRICT and area.id in counts
        ]
        self.districts.show_districts(rows)
        self._give_room()

    @Slot()
    def _give_room(self) -> None:
        signs = self.inspectors.legend
        legends = self.legend.sizeHint().height() + (
            0 if signs.isHidden() else signs.sizeHint().height()
        )
        rest = self.height() - legends - self.districts.sizeHint().height()
        enough = rest >= CANVAS_LEAST * self.width()
        self.districts.setVisible(enough and self.districts.has_rows)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._give_room()

    def as_table(self) -> Table:
        """The components in sight; from farther away how the districts stand."""
        near = self.components.as_table()
        return near if near is not None else self.districts.table(self._picture.names().zone)

    @Slot(object)
    def show_counts(self, counts: Counts) -> None:
        """The legend's figures: the same count as the boxes'."""
        if not self._picture.has_cases:
            return  # nothing known yet is not 0
        live = sum(n for state, n in counts.states.items() if state not in ENDED)
        self.legend.show_counts(
            late=counts.late,
            soon=counts.soon,
            in_time=live - counts.late - counts.soon,
            unplaced=self._unplaced,
        )

    @Slot(object)
    def show_pin(self, at: Point | None) -> None:
        """The place of the report under way; None takes the pin away."""
        ground = self._ground
        place = None if at is None or ground is None else ground.place(*at.degrees)
        self.canvas.set_pin(place)
        self._pins_case = False
        if place is not None:
            self.canvas.show_place(*place)

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
        """Ring the open case and bring it into sight; one that has ended is no point: a pin."""
        self.canvas.select(case)
        found, ground = self._picture.known(case), self._ground
        if self._pins_case:
            self.show_pin(None)
        if found is None or found.point is None or ground is None:
            return
        place = ground.place(*found.point.degrees)
        self.canvas.show_place(*place)
        if found.ended:
            self.canvas.set_pin(place)
            self._pins_case = True


def _points(plots: Iterable[tuple[Plot, Standing]]) -> Points:
    """What of the plots has a place on the map."""
    xs, ys, codes, keys = [], [], [], []
    for plot, standing in plots:
        if plot.at is not None:
            xs.append(plot.at[0])
            ys.append(plot.at[1])
            codes.append(CODES.get(standing, OTHER))
            keys.append(plot.case.id)
    return xs, ys, codes, keys
