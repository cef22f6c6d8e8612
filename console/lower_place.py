"""What stands under the queue: the open case, or what takes its place for a while."""

from functools import partial

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QStackedWidget

from casework.rules.register import Component
from casework.terms import CaseId, Role
from console.batch.batch import Batch
from console.origins import told
from console.panes.detail import DetailPane
from console.panes.find import FindPane
from console.panes.keys import KeysPane
from console.panes.nearby_components import NearbyComponents
from console.panes.orders import OrdersPane
from console.panes.photo_view import PhotoView
from console.panes.record import RecordPane
from console.panes.report import ReportPane
from console.picture import Picture
from console.refusals import refusal
from console.selection import Selection


class LowerPlace(QStackedWidget):
    """One pane at a time; `came_back` when the open case has its place again."""

    came_back = Signal()
    refused = Signal(str)
    """In words why a pane does not open."""

    def __init__(
        self,
        picture: Picture,
        selection: Selection,
        detail: DetailPane,
        report: ReportPane,
        nearby: NearbyComponents,
        *,
        keys: KeysPane,
        photo: PhotoView,
        record: RecordPane,
    ) -> None:
        super().__init__()
        self._picture, self._selection, self._nearby = picture, selection, nearby
        self._detail, self._report = detail, report
        self._keys, self._photo, self._record = keys, photo, record
        self._orders: OrdersPane | None = None
        for pane in (detail, report, keys, photo, record):
            self.addWidget(pane)
        for closing in (report.closed, keys.closed, record.closed):
            closing.connect(self.show_detail)
        photo.closed.connect(self._leave_photo)
        detail.photos.opened.connect(self._show_photo)
        report.case_wanted.connect(self._open_reported)
        selection.moved.connect(self._case_moved)

    def least(self, room: int, case_least: int) -> int:
        """The height it cannot do without, of `room` pixels: a case may be scrolled, a call needs
        all its fields at once, and who looks a key up sees them all."""
        shown = self.currentWidget()
        if shown is self._report or shown is self._keys:
            return min(shown.tall, room * 3 // 4)
        return min(case_least, room // 2)

    # --- the open case and its photos -----------------------------------------------------------

    @Slot()
    def show_detail(self) -> None:
        """The open case."""
        self.setCurrentWidget(self._detail)
        self.came_back.emit()

    @Slot()
    def show_record(self) -> None:
        """The open case's whole record."""
        self.setCurrentWidget(self._record)
        self._record.begin()

    @Slot(int)
    def _show_photo(self, place: int) -> None:
        """A photo, larger than the strip has room for."""
        case = self._selection.case
        if case is not None:
            self.setCurrentWidget(self._photo)
            self._photo.show_photo(case, self._detail.photos.photos, place)

    @Slot()
    def _leave_photo(self) -> None:
        self.setCurrentWidget(self._detail)
        self._detail.photos.strip.setFocus()

    @Slot()
    def _case_moved(self) -> None:
        """Another case was chosen: its photos are others."""
        if self.currentWidget() is self._photo:
            self.setCurrentWidget(self._detail)

    # --- orders to inspectors -------------------------------------------------------------------

    def take_in(self, orders: OrdersPane) -> None:
        """The list of orders has its place here too."""
        self._orders = orders
        self.addWidget(orders)
        orders.closed.connect(self.show_detail)
        orders.case_wanted.connect(self._open_reported)

    @Slot()
    def show_orders(self) -> None:
        """All orders to inspectors; once they are in sight the inspectors, and back."""
        orders = self._orders
        if orders is None:
            return
        if self.currentWidget() is orders:
            orders.turn_over()
            return
        self.setCurrentWidget(orders)
        orders.begin()

    # --- finding a case -------------------------------------------------------------------------

    def hold_find(self, find: FindPane) -> None:
        """Make room for finding a case that is perhaps not at hand."""
        self._find = find
        self.addWidget(find)
        find.closed.connect(self.show_detail)
        find.opened.connect(self._show_found)

    @Slot()
    def show_find(self) -> None:
        """The field to look in, with what was found last."""
        self.look_everywhere("")

    @Slot(str)
    def look_everywhere(self, text: str) -> None:
        """Look for a text; the one case it means is opened."""
        self.setCurrentWidget(self._find)
        self._find.begin(text)

    @Slot()
    def _show_found(self) -> None:
        """The case found, which the queue perhaps does not hold: the cursor stays out of it."""
        self.setCurrentWidget(self._detail)
        self._detail.timeline.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- an act on several cases ----------------------------------------------------------------

    def hold(self, batch: Batch) -> None:
        """Its preview and its result come here when they are wanted."""
        for page, shown in (
            (batch.preview, batch.preview_shown),
            (batch.result, batch.result_shown),
        ):
            self.addWidget(page)
            shown.connect(partial(self.setCurrentWidget, page))
        batch.left.connect(self.show_detail)

    # --- the page of keys -----------------------------------------------------------------------

    @Slot()
    def show_keys(self) -> None:
        """The page of keys."""
        rules = self._picture.sites[0].rules
        notices = rules.notices if rules is not None else ()
        self._keys.show_notices((*notices, *told(rules)))
        self.setCurrentWidget(self._keys)
        self._keys.setFocus()

    # --- a new case -----------------------------------------------------------------------------

    @Slot()
    def show_report(self) -> None:
        """The form for a new case, if the person may report one."""
        welcome = self._picture.sites[0].welcome
        held = {grant.role for grant in welcome.grants} if welcome is not None else set()
        if not held & {Role.ACCEPTOR, Role.INSPECTOR}:
            if welcome is not None:
                self.refused.emit(refusal("report.not_yours"))
            return
        if self.currentWidget() is self._report:
            self._report.begin_another()
            return
        self.setCurrentWidget(self._report)
        self._report.begin()

    @Slot(float, float)
    def place(self, lat: float, lon: float) -> None:
        """A click on the map is the place of a report while its form is open."""
        if self.currentWidget() is self._report:
            self._report.place(lat, lon)

    @Slot(object)
    def take_component(self, component: Component) -> None:
        """A component picked on the map is the reported one while the form is open."""
        if self.currentWidget() is self._report:
            self._nearby.take(component)

    @Slot(object)
    def _open_reported(self, case: CaseId) -> None:
        self.show_detail()
        self._selection.select(case)
