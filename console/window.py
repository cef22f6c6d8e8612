"""The desk's window: panes in their places, one selection, the keys that move between them."""

from PySide6.QtCore import QByteArray, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMainWindow,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from backend_client.drafts import Drafts
from backend_client.notices import LinkState
from casework.acts import MarkDelivered, MarkRead, ReportCase, TakeBack
from casework.claims import TakeNext
from casework.life import HOLDERS, TAKE_NEXT
from casework.rules.register import Component
from casework.terms import CENTRE_ROLES, CaseId, Role
from console.album import Album
from console.borders import Borders
from console.component_book import ComponentBook
from console.deliveries import Deliveries
from console.opinion_drafts import OpinionDrafts
from console.outputs import Outputs
from console.pages import Pages
from console.panes.boxes import BoxesPane
from console.panes.detail import DetailPane
from console.panes.keys import KeysPane
from console.panes.nearby_components import NearbyComponents
from console.panes.notice import NoticeLine
from console.panes.photo_view import PhotoView
from console.panes.queue import QueuePane
from console.panes.record import RecordPane
from console.panes.report import ReportPane
from console.panes.signin import SignIn, SignInPane
from console.panes.topbar import TopBar
from console.people import People
from console.phrases import OPINION, REPORT, Phrases
from console.picture import Ask, Change, Picture, Wish
from console.selection import Selection
from console.settings import Settings
from console.turns import Turns
from console.wording import REFUSALS, tr
from widgets.pane_notice import PaneNotice
from widgets.theme import MEASURES, Theme

CASE_LEAST, MAP_LEAST = 240, 260
PEOPLE_KEY = "F12"
UNDO_KEY = "Ctrl+Z"
FIRST_BOX = {
    Role.ACCEPTOR: "registered",
    Role.SHIFT_LEADER: "prefiled",
    Role.DISPATCHER: "filed",
    Role.UNIT: "dispatched",
    Role.INSPECTOR: "checking",
}


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
        self._stepping: CaseId | None = None
        self._placed = False
        self.turns = Turns()
        self.top = TopBar(picture, ask, theme, identities)
        self.notice = NoticeLine(picture, theme)
        self.boxes = BoxesPane(picture, theme, picture.now)
        self.queue = QueuePane(picture, self.selection, theme)
        album = album or Album(picture, ask)
        self.book = ComponentBook(picture)
        self.detail = DetailPane(picture, self.selection, ask, theme, album=album, book=self.book)
        self.photo = PhotoView(picture, album, theme)
        drafts = drafts or Drafts()
        self.report = ReportPane(picture, ask, theme, drafts)
        self.nearby = NearbyComponents(picture, self.book, self.report.form, theme)
        self.report.form.receipt.add(self.nearby)
        OpinionDrafts(picture, self.selection, self.detail.acts.opinion, drafts)
        self.deliveries = Deliveries(picture, self.selection, ask, self)
        self.phrases = Phrases(picture, self.selection, settings, theme, self)
        self.phrases.attach(self.detail.acts.opinion, OPINION)
        self.phrases.attach(self.report.form.text, REPORT)
        self.keys = KeysPane(theme)
        self.record = RecordPane(self.detail.dossier, theme)
        self.sign_in = SignInPane(theme, picture.sites[0].server)
        self.map: QWidget = PaneNotice(theme)
        self.outputs = Outputs(self, picture, settings, self.queue, self.detail.dossier)
        self._lay_out()
        self._connect()
        self._bind_keys()
        self._restore()
        self._restyle()
        self.speak()

    def _lay_out(self) -> None:
        self.below = QStackedWidget()
        for pane in (self.detail, self.report, self.keys, self.photo, self.record):
            self.below.addWidget(pane)
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
        self.pages.currentChanged.connect(self._page_changed)
        for part in (self.top, self.notice):
            box.addWidget(part)
        box.addWidget(self.pages, 1)
        self.setCentralWidget(whole)

    def _connect(self) -> None:
        self.boxes.chosen.connect(self._open_box)
        self.queue.activated.connect(self.detail.acts.do_suggested)
        self.detail.typing.connect(self.queue.freeze)
        for closing in (self.report.closed, self.keys.closed, self.record.closed):
            closing.connect(self.show_detail)
        self.photo.closed.connect(self._leave_photo)
        self.detail.photos.opened.connect(self._show_photo)
        self.report.case_wanted.connect(self._open_reported)
        self.below.currentChanged.connect(self._share)
        self.detail.shown.connect(self.record.look_again)
        self.top.keys_asked.connect(self.show_keys)
        self.top.export_asked.connect(self.outputs.export)
        self.top.case_sheet_asked.connect(self.outputs.print_case)
        self.top.job_sheet_asked.connect(self.outputs.print_job)
        self.notice.folder_asked.connect(self.outputs.open_folder)
        self.outputs.saved.connect(self.notice.say_saved)
        self.outputs.refused.connect(self.notice.say_refused)
        self.top.people_asked.connect(self.pages.show_people)
        self.top.password_asked.connect(self.pages.show_password)
        self.pages.went_home.connect(self._came_home)
        self.pages.sign_in_asked.connect(self.show_sign_in)
        self.sign_in.wanted.connect(self._want_sign_in)
        self.sign_in.left.connect(self._leave_sign_in)
        for asked in (self.top.sign_in_asked, self.notice.sign_in_asked):
            asked.connect(self.show_sign_in)
        self.top.identity_chosen.connect(self._choose_identity)
        self.top.language_chosen.connect(self.language_chosen)
        self.top.palette_chosen.connect(self.palette_chosen)
        self.top.scale_chosen.connect(self.scale_chosen)
        self.selection.moved.connect(self._case_moved)
        self._picture.sites_changed.connect(self._sites_changed)
        self._picture.granted.connect(self._granted)
        self._picture.taken.connect(self._taken)
        self.queue.next_wanted.connect(self.take_next)
        self._picture.changed.connect(self._changed)
        self._theme.changed.connect(self._restyle)

    def _bind_keys(self) -> None:
        moves = {
            "F2": self.boxes.list.setFocus,
            "F3": self.queue.focus_rows,
            "F4": self.detail.acts.opinion.setFocus,
            "F6": self._focus_map,
            "Ctrl+F": self._focus_filter,
            "Ctrl+N": self._begin_new,
            PEOPLE_KEY: self.pages.show_people,
            "H": self.show_record,
            "?": self.show_keys,
            TAKE_NEXT.key: self.take_next,
            UNDO_KEY: self.undo,
        }
        for key, move in moves.items():
            QShortcut(QKeySequence(key), self).activated.connect(move)
        self._box_keys = {}
        for number in range(1, 10):
            shortcut = QShortcut(QKeySequence(f"Ctrl+{number}"), self)
            shortcut.activated.connect(self._box_key)
            self._box_keys[shortcut] = number

    # --- the map comes after the first rows -------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if isinstance(self.map, PaneNotice):
            self.queue.focus_rows()
            QTimer.singleShot(0, self.load_map)

    @Slot()
    def load_map(self) -> None:
        """Put the map in its place; numpy is imported here, not at the start."""
        from console.panes.map import MapPane

        if not isinstance(self.map, PaneNotice):
            return
        pane = MapPane(self._picture, self.selection, self._theme, self.book)
        self.boxes.counted.connect(pane.show_counts)
        pane.placed.connect(self._place)
        pane.components.picked.connect(self._take_component)
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
        self.below.setMinimumHeight(self._below_least())
        self.map.setMinimumWidth(min(self._theme.px(MAP_LEAST), self.width() // 4))
        self.borders.share(self)

    def _below_least(self) -> int:
        """A case may be scrolled; a call needs all its fields at once."""
        if self.below.currentWidget() is self.report:
            return min(self.report.tall, self.height() * 3 // 4)
        return min(self._theme.px(CASE_LEAST), self.height() // 2)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share()
        QTimer.singleShot(0, self._share)

    @Slot()
    def _focus_map(self) -> None:
        canvas = getattr(self.map, "canvas", None)
        if canvas is not None:
            canvas.setFocus(Qt.FocusReason.ShortcutFocusReason)

    # --- moving about -----------------------------------------------------------------------

    def open_box(self, key: str) -> None:
        """Open a box as if it were clicked."""
        self._placed = True
        self.boxes.choose(key)

    @Slot(object)
    def _open_box(self, key: str) -> None:
        self.queue.show_box(key)

    @Slot(float, float)
    def _place(self, lat: float, lon: float) -> None:
        """A click on the map is the place of a report while its form is open."""
        if self.below.currentWidget() is self.report:
            self.report.place(lat, lon)

    @Slot(object)
    def _take_component(self, component: Component) -> None:
        if self.below.currentWidget() is self.report:
            self.nearby.take(component)

    @Slot(object)
    def _open_reported(self, case: CaseId) -> None:
        self.show_detail()
        self.selection.select(case)

    @Slot()
    def _box_key(self) -> None:
        shortcut = self.sender()
        key = self.boxes.key_of(self._box_keys[shortcut]) if isinstance(shortcut, QShortcut) else ""
        if key:
            self.open_box(key)
            self.queue.focus_rows()

    @Slot()
    def _focus_filter(self) -> None:
        people = self.pages.people
        (people if self.pages.currentWidget() is people else self.queue).focus_filter()

    @Slot()
    def _begin_new(self) -> None:
        people = self.pages.people
        if self.pages.currentWidget() is people:
            people.begin_new()
        else:
            self.show_report()

    @Slot()
    def show_detail(self) -> None:
        """The open case in the lower place."""
        self.below.setCurrentWidget(self.detail)
        self.queue.focus_rows()

    @Slot(int)
    def _show_photo(self, place: int) -> None:
        """A photo in the lower place, larger than the strip has room for."""
        case = self.selection.case
        if case is not None:
            self.below.setCurrentWidget(self.photo)
            self.photo.show_photo(case, self.detail.photos.photos, place)

    @Slot()
    def _leave_photo(self) -> None:
        self.below.setCurrentWidget(self.detail)
        self.detail.photos.strip.setFocus()

    @Slot()
    def _case_moved(self) -> None:
        """Another case was chosen: its photos are others."""
        if self.below.currentWidget() is self.photo:
            self.below.setCurrentWidget(self.detail)

    @Slot()
    def show_record(self) -> None:
        """The open case's whole record in the lower place."""
        self.below.setCurrentWidget(self.record)
        self.record.begin()

    @Slot()
    def show_keys(self) -> None:
        """The page of keys in the lower place."""
        rules = self._picture.sites[0].rules
        self.keys.show_notices(rules.notices if rules is not None else ())
        self.below.setCurrentWidget(self.keys)
        self.keys.setFocus()

    @Slot()
    def show_report(self) -> None:
        """The form for a new case in the lower place, if the person may report one."""
        welcome = self._picture.sites[0].welcome
        held = {grant.role for grant in welcome.grants} if welcome is not None else set()
        if not held & {Role.ACCEPTOR, Role.INSPECTOR}:
            return
        if self.below.currentWidget() is self.report:
            self.report.begin_another()
            return
        self.below.setCurrentWidget(self.report)
        self.report.begin()

    @Slot()
    def show_sign_in(self) -> None:
        """The sign-in card instead of the desk, for the server whose turn it is."""
        sites = self._picture.sites
        self.pages.setCurrentWidget(self.sign_in)
        site = sites[self.turns.take()]
        self.sign_in.ask_for(site.server, several=len(sites) > 1)
        self.sign_in.begin(may_leave=any(each.welcome is not None for each in sites))

    def wants_person(self, site: int, user: str = "") -> None:
        """This server's credentials are not known: the card asks for them in its turn."""
        self.sign_in.user.setText(user or self.sign_in.user.text())
        self.turns.wait(site)
        self.show_sign_in()

    @Slot()
    def _leave_sign_in(self) -> None:
        self.turns.leave()
        self.pages.go_home()

    @Slot(int)
    def _page_changed(self, page: int) -> None:
        """The sign-in card says itself what was refused."""
        self.notice.setHidden(self.pages.widget(page) is self.sign_in)

    @Slot(object)
    def _want_sign_in(self, wish: SignIn) -> None:
        self.sign_in_wanted.emit(wish)

    @Slot(int)
    def _choose_identity(self, number: int) -> None:
        self._placed = False
        self.identity_chosen.emit(number)

    @Slot()
    def _sites_changed(self) -> None:
        before = self.turns.site
        self._take_turns()
        asked = self._picture.sites[before]
        if self.pages.must_change():
            return
        if self.turns.waiting:
            if self.turns.take() != before or self.pages.currentWidget() is not self.sign_in:
                self.show_sign_in()
        elif asked.link is LinkState.LIVE and asked.welcome is not None:
            self.pages.signed_in()
            self._first_box()
        site = self._picture.sites[self.turns.site]
        if site.link is LinkState.REFUSED:
            self.sign_in.refused(site.code)

    def _take_turns(self) -> None:
        for number, site in enumerate(self._picture.sites):
            if site.link is LinkState.LIVE and site.welcome is not None:
                self.turns.signed_in(number)
            elif site.link is LinkState.REFUSED and not site.cases:
                self.turns.wait(number)

    @Slot()
    def _came_home(self) -> None:
        self._first_box()
        if self.pages.currentWidget() is self._desk:
            self.queue.focus_rows()

    def _first_box(self) -> None:
        """Open where the person's own work waits, once."""
        welcome = self._picture.sites[0].welcome
        if self._placed or welcome is None:
            return
        roles = [grant.role for grant in welcome.grants if grant.role in FIRST_BOX]
        self.open_box(FIRST_BOX[roles[0]] if roles else "late")
        if self.pages.currentWidget() is self._desk:
            self.queue.focus_rows()

    # --- the next case from the queue -------------------------------------------------------

    @Slot()
    def take_next(self) -> None:
        """Ask for the most urgent free case: of the open box's link, if that is this person's."""
        welcome = self._picture.sites[0].welcome
        held = [grant.role for grant in welcome.grants] if welcome is not None else []
        own = [role for role in held if role in CENTRE_ROLES]
        if not own:
            return
        state = self.queue.box_state
        if state is not None and HOLDERS.get(state) in own:
            self._ask(Wish(TAKE_NEXT.name, None, HOLDERS[state], TakeNext(states=(state,))))
        else:
            self._ask(Wish(TAKE_NEXT.name, None, own[0], TakeNext()))

    @Slot()
    def undo(self) -> None:
        """Take this desk's last act back, whatever case is open now, and open its case again."""
        last = self._picture.last_act
        if last is None or last.case is None or last.role not in CENTRE_ROLES:
            self.notice.say_refused(tr(REFUSALS["undo.nothing"]))
            return
        self._stepping = None
        self.selection.select(last.case)
        self._ask(Wish("take_back", last.case, last.role, TakeBack()))

    @Slot(object)
    def _taken(self, case: CaseId) -> None:
        self._stepping = None
        if self._picture.case(case) is not None and not self.queue.has(case):
            self.open_box("mine")
        self.selection.select(case)
        self.show_detail()

    # --- after an own act: the next case ----------------------------------------------------

    @Slot(object)
    def _granted(self, wish: Wish) -> None:
        quiet = ReportCase | TakeBack | MarkDelivered | MarkRead
        if isinstance(wish.command, quiet) or wish.case is None:
            return
        if wish.case == self.selection.case:
            self._stepping = wish.case
            self.queue.step_on(wish.case)

    @Slot(object)
    def _changed(self, change: Change) -> None:
        stepping = self._stepping
        if stepping is None:
            return
        if stepping != self.selection.case:
            self._stepping = None
        elif stepping in change.gone or any(case.id == stepping for case in change.upserted):
            self._stepping = None
            self.queue.step_on(stepping)

    # --- looks ------------------------------------------------------------------------------

    def speak(self) -> None:
        """The language is another: every pane says its words anew."""
        self.setWindowTitle(tr("Watchdesk"))
        for pane in (
            self.top,
            self.boxes,
            self.queue,
            self.detail,
            self.report,
            self.keys,
            self.photo,
            self.record,
        ):
            pane.speak()
        for page in (self.sign_in, self.pages.people, self.pages.password):
            page.speak()
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
