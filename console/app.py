"""The console as a program: one window, its links, and, without a screen, its photographs."""

import signal
from pathlib import Path
from types import FrameType
from typing import NamedTuple

from PySide6.QtCore import QLocale, QObject, QTimer, Slot
from PySide6.QtWidgets import QApplication

import resources
from backend_client.credentials import Credentials, Trust, checked_address
from backend_client.drafts import Drafts
from backend_client.link import Link
from backend_client.notices import Notify
from casework.decider import Refused
from console import wording
from console.album import Album
from console.bridge import Bridge
from console.camera import Camera, Look, looks
from console.counters import Counters, Seen
from console.panes.signin import SignIn
from console.people import People
from console.picture import Picture
from console.qt_words import QtWords
from console.settings import LANGUAGES, Settings, default_file
from console.window import DeskWindow
from widgets.theme import PALETTES, Theme, load_fonts

PHOTOGRAPH_MS = 30_000
"""How long a console without a person runs before its photographs, unless it is told."""


class Server(NamedTuple):
    """A case server and who signs in there; None asks in the sign-in pane, of `user` if named.
    `trust` says whose certificate it may show."""

    address: str
    credentials: Credentials | None = None
    user: str = ""
    trust: Trust = Trust()


class PracticeIdentity(NamedTuple):
    """Somebody to work as in a practice log."""

    name: str
    credentials: Credentials


class Options(NamedTuple):
    """How to run. Empty language and palette take the person's settings, or else the site's
    (`site_language`, `site_palette`). `device` is the seat's name in the record. After `seconds`
    the console closes by itself, with `screenshot_dir` once it has photographed itself; 0 leaves
    it open."""

    servers: tuple[Server, ...]
    identities: tuple[PracticeIdentity, ...] = ()
    language: str = ""
    palette: str = ""
    scale: int = 0
    box: str = ""
    screenshot_dir: Path | None = None
    seconds: float = 0.0
    cache_dir: Path | None = None
    settings_file: Path | None = None
    drafts_file: Path | None = None
    """Where what is typed and not sent is kept; None keeps it in memory only."""
    device: str = "console"
    site_language: str = ""
    site_palette: str = ""


class Outcome(NamedTuple):
    """What a run came to."""

    status: int
    screenshots: tuple[Path, ...]
    seen: Seen


class Desk(QObject):
    """Everything that lives as long as the program."""

    def __init__(self, options: Options, app: QApplication) -> None:
        super().__init__()
        self._options, self._app = options, app
        self._qt_words = QtWords(app)
        file = options.settings_file or default_file()
        self.settings = Settings(file, options.site_palette or "day")
        chosen = options.language or self.settings.language or options.site_language
        wording.use(chosen or _system_language())
        self._qt_words.speak()
        palette = options.palette or self.settings.palette
        family = font_family()
        self.theme = Theme(palette, options.scale or self.settings.scale, family)
        app.setFont(self.theme.font())  # parts measure their words while they are being built
        self.bridge = Bridge(self)
        addresses = [server.address for server in options.servers]
        self.picture = Picture(addresses, self.bridge.ask, self.bridge.fetch)
        self.people = People(self.picture, self.bridge.ask, self.bridge.fetch, self)
        self.album = Album(self.picture, self.picture.ask, self.bridge.upload, self.bridge.download)
        self.counters = Counters(self.picture)
        names = tuple(identity.name for identity in options.identities)
        self.drafts = Drafts(options.drafts_file)
        self._open_known()
        self.window = DeskWindow(
            self.picture,
            self.picture.ask,
            self.theme,
            self.settings,
            names,
            drafts=self.drafts,
            people=self.people,
            album=self.album,
        )
        self.theme.dress(app)  # once all parts have their place: each move dresses them anew
        self._connect()

    def _connect(self) -> None:
        bridge, window = self.bridge, self.window
        for told in (bridge.changed, bridge.link, bridge.answered, bridge.fetched):
            told.connect(self.picture.hear)
            told.connect(self.people.hear)
        bridge.moved.connect(self.album.hear)
        window.sign_in_wanted.connect(self._sign_in)
        window.identity_chosen.connect(self._work_as)
        window.language_chosen.connect(self._speak)
        window.palette_chosen.connect(self._colour)
        window.scale_chosen.connect(self._scale)

    def _open_known(self) -> None:
        """Start the links whose credentials are known: they fetch the cases while the window is
        being built, and what they say waits for the first turn of Qt's loop."""
        self.bridge.start()
        for number, server in enumerate(self._options.servers):
            if server.credentials is not None:
                self._open(number, server.credentials)

    def start(self) -> None:
        """Ask who signs in where that is not known, and open the box that was named."""
        for number, server in enumerate(self._options.servers):
            if server.credentials is None:
                self.window.signing_in.wants_person(number, server.user)
        if self._options.box:
            self.window.open_box(self._options.box)

    def _open(self, number: int, credentials: Credentials) -> None:
        address = self.picture.sites[number].server
        device, cache_dir = self._options.device, self._options.cache_dir
        trust = self._options.servers[number].trust

        def link(notify: Notify) -> Link:
            return Link(address, credentials, device, notify, cache_dir, trust=trust)

        self.bridge.open(number, link)

    @Slot(object)
    def _sign_in(self, wish: SignIn) -> None:
        number = self.window.signing_in.turns.site
        self.picture.sites[number].server = wish.server
        try:
            checked_address(wish.server)
        except Refused as refused:
            self.window.sign_in.refused(refused.code)
            return
        self.picture.leave(number)
        self._open(number, Credentials(user=wish.user, password=wish.password))

    @Slot(int)
    def _work_as(self, number: int) -> None:
        self.picture.leave(0)
        self._open(0, self._options.identities[number].credentials)

    @Slot(str)
    def _speak(self, language: str) -> None:
        self.settings.language = language
        self._use_language(language)

    def _use_language(self, language: str) -> None:
        wording.use(language)
        self._qt_words.speak()
        self.window.speak()

    @Slot(str)
    def _colour(self, palette: str) -> None:
        self.settings.palette = palette
        self._use_look(palette, self.theme.scale)

    @Slot(int)
    def _scale(self, scale: int) -> None:
        self.settings.scale = scale
        self._use_look(self.theme.palette, scale)

    def _use_look(self, palette: str, scale: int) -> None:
        if (palette, scale) != (self.theme.palette, self.theme.scale):
            self.theme.use(palette, scale)
            self.theme.dress(self._app)

    def put_on(self, look: Look) -> None:
        """Take the look of one photograph; the seat's settings stay."""
        if look.language != wording.language():
            self._use_language(look.language)
        self._use_look(look.palette, self.theme.scale)

    def stop(self) -> None:
        """End the links and keep the seat's settings."""
        if self._options.screenshot_dir is None:
            self.window.keep_layout()
        self.window.outputs.stop()
        self.bridge.stop()
        self.drafts.close()


def run_console(options: Options) -> Outcome:
    """Run the console and tell what it saw."""
    app = application()
    desk = Desk(options, app)
    camera = None
    milliseconds = round(options.seconds * 1000)
    if options.screenshot_dir is not None:
        languages = (options.language,) if options.language else LANGUAGES
        palettes = (options.palette,) if options.palette else tuple(PALETTES)
        wanted = looks(languages, palettes)
        camera = Camera(desk.window, options.screenshot_dir, wanted, desk.put_on)
        camera.done.connect(app.quit)
        QTimer.singleShot(milliseconds or PHOTOGRAPH_MS, camera.start)
    elif milliseconds:
        QTimer.singleShot(milliseconds, app.quit)
    desk.window.show()
    QTimer.singleShot(0, desk.start)
    before = signal.signal(signal.SIGINT, _interrupted)
    try:
        status = app.exec()
    finally:
        signal.signal(signal.SIGINT, before)
        seen = desk.counters.seen()
        desk.stop()
    taken = tuple(camera.taken) if camera is not None else ()
    desk.window.close()
    return Outcome(status, taken, seen)


def application() -> QApplication:
    """The one that is there, or a new one."""
    app = QApplication.instance()
    return app if isinstance(app, QApplication) else QApplication(["watchdesk"])


def _interrupted(_number: int, _frame: FrameType | None) -> None:
    """Ctrl-C in the terminal; the bridge's timer lets Python see it."""
    QApplication.quit()


def font_family() -> str:
    """The shipped family; Chinese shows on a machine without Chinese fonts."""
    folder = resources.root() / "fonts"
    files = [Path(str(file)) for file in folder.iterdir() if file.name.endswith(".ttf")]
    return load_fonts(files)


def _system_language() -> str:
    """The person's own language where there is a catalogue for it."""
    name = QLocale.system().name()
    if name in ("zh_HK", "zh_TW", "zh_MO"):
        return "zh_HK"
    return "zh_CN" if name.startswith("zh") else wording.ENGLISH
