"""The desk's window: panes in their places, one selection, the keys that move between them."""

from PySide6.QtCore import QByteArray, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QVBoxLayout, QWidget

from backend_client.drafts import Drafts
from casework.life import TAKE_NEXT
from casework.terms import CaseId
from console.album import Album
from console.batch.batch import Batch
from console.borders import Borders
from console.component_book import ComponentBook
from console.deliveries import Deliveries
from console.inspectors import Inspectors
from console.lower_place import LowerPlace
from console.moving import Moving
from console.nearing import Nearing
from console.notice_place import NoticePlace
from console.opinion_drafts import OpinionDrafts, SetOpinionDrafts
from console.order_book import OrderBook
from console.outputs import Outputs
from console.pages import Pages
from console.panes import orders
from console.panes.boxes import BoxesPane
from console.panes.detail import DetailPane
from console.panes.find import FIND_KEY, FindPane
from console.panes.keys import KeysPane
from console.panes.nearby_components import NearbyComponents
from console.panes.notice import NoticeLine
from console.panes.orders import OrdersPane
from console.panes.orders_counter import OrdersCounter
from console.panes.photo_view import PhotoView
from console.panes.queue import QueuePane
from console.panes.record import RecordPane
from console.panes.report import ReportPane
from console.panes.signin import SignInPane
from console.panes.topbar import TopBar
from console.people import People
from console.phrases import OPINION, REPORT, Phrases
from console.picture import Ask, Picture
from console.selection import Selection
from console.settings import Settings
from console.signing_in import SigningIn
from console.stepping import Stepping
from console.wording import tr
from widgets.pane_notice import PaneNotice
from widgets.theme import MEASURES, Theme

CASE_LEAST, MAP_LEAST = 240, 260
CENTRE_LEAST = 320
"""Queue and case: what the case wants in this window must not keep it from getting smaller."""
MAP_BEHIND_MS, MAP_WAITS_MS = 50, 2_000
"""How long the map stays behind the frame with the first rows, and how long it waits for them."""
PEOPLE_KEY = "F12"
UNDO_KEY = "Ctrl+Z"


class DeskWindow(QMainWindow):
    """Everything one seat sees. It wires panes; it decides nothing."""

    sign_in_wanted = Signal(object)
    """`SignIn`."""
    identity_chosen = Signal(int)
    language_chosen = Signal(str)
    palette_chosen = Signal(str)
    scale_chosen = Signal(int)

    def __init__(
        self,
        picture: Picture,
        ask: Ask,
        theme: Theme,
        settings: Settings,
        identities: tuple[str, ...] = (),
        *,
        drafts: Drafts | None = None,
        people: People | None = None,
        album: Album | None = None,
    ) -> None:
        super().__init__()
        self._accounts = people or People(picture, _to_nobody, lambda *_: 0)
        self._picture, self._ask, self._theme, self._settings = picture, ask, theme, settings
        self.selection = Selection()
        self.top = TopBar(picture, ask, theme, identities)
        self.notice = NoticeLine(picture, theme)
        self.boxes = BoxesPane(picture, theme, picture.seen_now)
        self.inspectors = Inspectors(picture, self)
        self.queue = QueuePane(picture, self.selection, theme, inspectors=self.inspectors)
        album = album or Album(picture, ask)
        self.book = ComponentBook(picture)
        self.detail = DetailPane(
            picture,
            self.selection,
            ask,
            theme,
            album=album,
            book=self.book,
            inspectors=self.inspectors,
        )
        self.batch = Batch(picture, ask, self.selection, theme, self)
        self.detail.act_on_sets(self.batch.acts)
        self.photo = PhotoView(picture, album, theme)
        drafts = drafts or Drafts()
        self.report = ReportPane(picture, ask, theme, drafts)
        self.nearby = NearbyComponents(picture, self.book, self.report.form, theme)
        self.report.form.receipt.add(self.nearby)
        OpinionDrafts(picture, self.selection, self.detail.acts.fields.opinion, drafts)
        SetOpinionDrafts(picture, self.batch, drafts)
        self.deliveries = Deliveries(picture, self.selection, ask, self)
        self.nearing = Nearing(picture, self)
        self.phrases = Phrases(picture, self.selection, settings, theme, self)
        acts = self.detail.acts
        self.phrases.attach(acts.fields.opinion, OPINION)
        self.phrases.attach(acts.prompt.field, OPINION, acts.asking)
        self.phrases.attach(self.batch.preview.fields.opinion, OPINION)
        self.phrases.attach(self.report.form.text, REPORT)
        self.keys = KeysPane(theme)
        self.finder = FindPane(picture, self.selection, theme)
        self.record = RecordPane(self.detail.dossier, theme)
        self.order_book = OrderBook(picture, self)
        self.orders = OrdersPane(picture, self.inspectors, self.order_book, theme)
        self.bad_orders = OrdersCounter(self.order_book, orders.KEY, theme)
        self.boxes.add(self.bad_orders)
        self.sign_in = SignInPane(theme, picture.sites[0].server)
        self.map: QWidget = PaneNotice(theme)
        self.outputs = Outputs(self, picture, settings, self.queue, self.detail.dossier)
        self._lay_out()
        self._set_going()
        self._connect()
        self._bind_keys()
        self._restore()
        self._restyle()
        self.speak()

    def _lay_out(self) -> None:
        self.below = LowerPlace(
            self._picture,
            self.selection,
            self.detail,
            self.report,
            self.nearby,
            keys=self.keys,
            photo=self.photo,
            record=self.record,
        )
        self.below.take_in(self.orders)
        self.below.hold_find(self.finder)
        self.below.hold(self.batch)
        self.borders = Borders(self._theme, self.queue, self.below, self.map)
        self.borders.boxes_wide.connect(self.boxes.setFixedWidth)
        self._desk = QWidget()
        self._row = QHBoxLayout(self._desk)
        self._row.addWidget(self.boxes)
        self._row.addWidget(self.borders.across, 1)
        self.pages = Pages(self._picture, self._accounts, self._theme, self._desk, self.sign_in)
        whole = QWidget()
        box = QVBoxLayout(whole)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self.top)
        box.addWidget(self.pages, 1)
        self._notices = NoticePlace(self.notice, self.top, whole, self._theme)
        self.setCentralWidget(whole)

    def _set_going(self) -> None:
        """What moves the panes, each with one idea of its own."""
        picture = self._picture
        self.moving = Moving(picture, self.boxes, self.queue, self.pages, self)
        self.signing_in = SigningIn(picture, self.pages, self.sign_in, self)
        self.stepping = Stepping(picture, self._ask, self.selection, self.queue, self)

    def _connect(self) -> None:
        self.boxes.list.went_on.connect(self.queue.focus_rows)
        self.queue.activated.connect(self.detail.do_suggested)
        self.detail.acts.settled.connect(self.queue.focus_rows)
        for writing in (self.detail.typing, self.batch.preview.fields.typing):
            writing.connect(self.queue.freeze)
        self.detail.shown.connect(self.record.look_again)
        self.bad_orders.clicked.connect(self.below.show_orders)
        self.below.came_back.connect(self.queue.come_back)
        self.below.currentChanged.connect(self._share)
        self.queue.not_here.connect(self.below.look_everywhere)
        self.finder.opened.connect(self.queue.drop_idle_filter)
        self.stepping.taken.connect(self._open_taken)
        self.stepping.undo_refused.connect(self.notice.say_refused)
        self.stepping.several_to_undo.connect(self.batch.take_back)
        self.batch.held.connect(self.stepping.hold_undo)
        self.batch.undo_wanted.connect(self.stepping.undo)
        self.signing_in.arrived.connect(self.moving.open_first_box)
        self.moving.report_wanted.connect(self.below.show_report)
        self.sign_in.wanted.connect(self.sign_in_wanted)
        self.notice.sign_in_asked.connect(self.signing_in.show)
        self.notice.folder_asked.connect(self.outputs.open_folder)
        self.outputs.saved.connect(self.notice.say_saved)
        for refusing in (self.outputs, self.pages, self.below):
            refusing.refused.connect(self.notice.say_refused)
        self.nearing.told.connect(self.notice.say_near)
        self.signing_in.shown.connect(self._notices.put_away)
        self._theme.changed.connect(self._restyle)
        self._connect_top()

    def _connect_top(self) -> None:
        top = self.top
        top.keys_asked.connect(self.below.show_keys)
        top.find_asked.connect(self.below.show_find)
        top.export_asked.connect(self.outputs.export)
        top.case_sheet_asked.connect(self.outputs.print_case)
        top.job_sheet_asked.connect(self.outputs.print_job)
        top.people_asked.connect(self.pages.show_people)
        top.password_asked.connect(self.pages.show_password)
        top.sign_in_asked.connect(self.signing_in.show)
        top.identity_chosen.connect(self._choose_identity)
        top.language_chosen.connect(self.language_chosen)
        top.palette_chosen.connect(self.palette_chosen)
        top.scale_chosen.connect(self.scale_chosen)

    def _bind_keys(self) -> None:
        self.moving.bind(
            {
                "F2": self.boxes.list.setFocus,
                "F3": self.queue.focus_rows,
                "F4": self.detail.focus_acts,
                "F6": self._focus_map,
                "Ctrl+F": self.moving.focus_filter,
                "Ctrl+N": self.moving.begin_new,
                PEOPLE_KEY: self.pages.show_people,
                "H": self.below.show_record,
                orders.KEY: self.below.show_orders,
                FIND_KEY: self.below.show_find,
                "?": self.below.show_keys,
                TAKE_NEXT.key: self.stepping.take_next,
                UNDO_KEY: self.stepping.undo,
            }
        )

    # --- the map comes after the first rows -------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if isinstance(self.map, PaneNotice):
            self.queue.focus_rows()
            once = Qt.ConnectionType.SingleShotConnection
            self._picture.changed.connect(self._map_may_come, once)
            waits = MAP_BEHIND_MS if self._picture.has_cases else MAP_WAITS_MS
            QTimer.singleShot(waits, self.load_map)

    @Slot()
    def _map_may_come(self) -> None:
        """Rows have come."""
        QTimer.singleShot(MAP_BEHIND_MS, self.load_map)

    @Slot()
    def load_map(self) -> None:
        """Put the map in its place; numpy is imported here, not at the start."""
        from console.panes.map import MapPane

        if not isinstance(self.map, PaneNotice):
            return
        pane = MapPane(
            self._picture, self.selection, self._theme, self.book, inspectors=self.inspectors
        )
        self.boxes.counted.connect(pane.show_counts)
        pane.placed.connect(self.below.place)
        pane.components.picked.connect(self.below.take_component)
        self.report.pinned.connect(pane.show_pin)
        pane.districts.chosen.connect(self.queue.filter.setText)
        self.borders.across.replaceWidget(1, pane)
        self.map.deleteLater()
        self.map = pane
        self._restyle()
        self._share()
        self.boxes.show_counts()

    @Slot()
    def _share(self) -> None:
        """Room for each pane by the size of the window."""
        least = self.below.least(self.height(), self._theme.px(CASE_LEAST))
        self.below.setMinimumHeight(least)
        self.borders.centre.setMinimumHeight(self._theme.px(CENTRE_LEAST))
        self.map.setMinimumWidth(min(self._theme.px(MAP_LEAST), self.width() // 4))
        self.borders.share(self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share()
        QTimer.singleShot(0, self._share)

    @Slot()
    def _focus_map(self) -> None:
        canvas = getattr(self.map, "canvas", None)
        if canvas is not None:
            canvas.setFocus(Qt.FocusReason.ShortcutFocusReason)

    # --- what the person asks for -----------------------------------------------------------

    def open_box(self, key: str) -> None:
        """Open a box as if it were clicked."""
        self.moving.open_box(key)

    @Slot(object)
    def _open_taken(self, case: CaseId) -> None:
        """The case from the queue: without a filter that hides it, and at this seat's own box when
        the open one does not hold it."""
        if self._picture.case(case) is not None and not self.queue.has(case):
            self.queue.filter.clear()
            if not self.queue.has(case):
                self.open_box("mine")
        self.selection.select(case)
        self.below.show_detail()

    @Slot(int)
    def _choose_identity(self, number: int) -> None:
        self.moving.begin_anew()
        self.selection.mark(())
        self.identity_chosen.emit(number)

    # --- looks ------------------------------------------------------------------------------

    def speak(self) -> None:
        """The language is another: every pane says its words anew."""
        self.setWindowTitle(tr("Watchdesk"))
        panes = (
            self.detail,
            self.report,
            self.keys,
            self.photo,
            self.record,
            self.orders,
            self.finder,
        )
        for pane in (self.top, self.notice, self.nearing, self.boxes, self.queue, *panes):
            pane.speak()
        self.pages.speak()
        self.nearby.speak()
        self.bad_orders.count()
        self.batch.speak()
        self.phrases.speak()
        if isinstance(self.map, PaneNotice):
            self.map.say("loading", tr("The map is being drawn …"))
        else:
            self.map.speak()  # type: ignore[attr-defined]  # MapPane, imported late

    @Slot()
    def _restyle(self) -> None:
        gap = self._theme.px(MEASURES.gap)
        self._row.setContentsMargins(gap, gap, gap, gap)
        self._row.setSpacing(gap)
        self.borders.restyle()
        self._share()

    def _restore(self) -> None:
        self.resize(1366, 768)
        self.restoreGeometry(self._settings.layout("window"))
        self.borders.restore(self._settings)
        self.queue.view.restore_layout(bytes(self._settings.layout("columns").data()))

    def keep_layout(self) -> None:
        """Remember sizes and columns for the next time."""
        self._settings.keep_layout("window", self.saveGeometry())
        self.borders.keep(self._settings)
        self._settings.keep_layout("columns", QByteArray(self.queue.view.save_layout()))
        self._settings.flush()


def _to_nobody(*_: object, **__: object) -> str:
    """A desk without accounts sends no command about them."""
    return ""
