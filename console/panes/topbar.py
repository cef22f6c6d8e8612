"""Top: where am I, am I connected, who am I, what is the time. The practice mark never hides."""

from PySide6.QtCore import QPoint, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from backend_client.notices import LinkState
from casework.procedures.log import SetPace
from casework.terms import Role
from console.picture import LONG_AGO, Ask, Picture, Wish
from console.site import Site
from console.vocabulary import ROLES, WEEKDAYS
from console.wording import NATIVE_NAMES, PALETTES, language, tr
from widgets.key_button import KeyButton
from widgets.plain_label import PlainLabel, plain_tooltip
from widgets.status_strip import Link, StatusStrip
from widgets.theme import Theme

SPEEDS = (1, 10, 60, 600)
TICK_MS = 250
PACERS = (Role.SHIFT_LEADER, Role.ADMINISTRATOR)
_MOST_POSTS = 2
_FRESH = 10.0
"""Seconds after which the age is whole seconds and the lamp no longer green."""


class TopBar(QWidget):
    """The status strip with the practice clock's dial and the desk's menu."""

    language_chosen = Signal(str)
    palette_chosen = Signal(str)
    scale_chosen = Signal(int)
    identity_chosen = Signal(int)
    """Number of a practice identity to sign in as."""
    keys_asked = Signal()
    find_asked = Signal()
    export_asked = Signal()
    case_sheet_asked = Signal()
    job_sheet_asked = Signal()
    sign_in_asked = Signal()
    people_asked = Signal()
    password_asked = Signal()

    def __init__(
        self,
        picture: Picture,
        ask: Ask,
        theme: Theme,
        identities: tuple[str, ...],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._picture, self._ask, self._theme = picture, ask, theme
        self._identities = identities
        self.strip = StatusStrip(theme)
        self._speeds = QWidget()
        self._speed_row = QHBoxLayout(self._speeds)
        self._speed_row.addStretch(1)
        self._pace = PlainLabel(tone="muted")
        fixed = self._pace.sizePolicy().Policy.Fixed
        self._pace.setSizePolicy(fixed, fixed)
        self._speed_row.addWidget(self._pace)
        self.speed_keys = {speed: self._speed_key(speed) for speed in SPEEDS}
        self._speed_row.addStretch(1)
        self.strip.set_centre(self._speeds)
        self.menu_key = KeyButton("", "F10", theme)
        self.menu_key.clicked.connect(self._open_menu)
        layout = self.strip.layout()
        if layout is not None:
            layout.addWidget(self.menu_key)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.strip)
        self.menu = QMenu(self)
        self._tick = QTimer(self, interval=TICK_MS)
        self._tick.timeout.connect(self.show_time)
        self._tick.start()
        picture.sites_changed.connect(self.speak)
        theme.changed.connect(self._restyle)
        self._restyle()
        self.speak()

    def _speed_key(self, speed: int) -> KeyButton:
        button = KeyButton(f"{speed}×", "", self._theme)
        button.setProperty("speed", speed)
        button.clicked.connect(self._set_speed)
        self._speed_row.addWidget(button)
        return button

    # --- what is shown ----------------------------------------------------------------------------

    @Slot()
    def speak(self) -> None:
        """Everything that does not change with each second."""
        site = self._picture.sites[0]
        city = " + ".join(filter(None, (each.names.city() for each in self._picture.sites)))
        self.strip.set_titles(tr("Watchdesk"), city)
        practice = any(each.welcome and each.welcome.practice for each in self._picture.sites)
        self.strip.practice.show_text(tr("PRACTICE") if practice else "")
        self._speeds.setVisible(practice)
        for speed, button in self.speed_keys.items():
            button.set_suggested(site.milli_speed == speed * 1000)
            button.setToolTip(tr("Practice clock: {n} times real time", n=speed))
            button.setVisible(_pacer(site) is not None)
        self._say_pace(site)
        self.strip.set_people(self._person(site))
        self.menu_key.set_words(tr("Menu"))
        self.show_time()

    def _say_pace(self, site: Site) -> None:
        """The dial's lit key says the speed; where no key does, the words do."""
        pace = f"{site.milli_speed / 1000:g}"
        lit = _pacer(site) is not None and site.milli_speed in [s * 1000 for s in SPEEDS]
        said = tr("Practice clock") if lit else tr("Practice clock {n}×", n=pace)
        self._pace.setText(tr("Practice clock by the records") if not site.milli_speed else said)
        self._pace.setToolTip(tr("Practice clock: {n} times real time", n=pace))

    def _person(self, site: Site) -> str:
        """Name and posts; more than two posts are counted, the tooltip names them all."""
        if site.welcome is None:
            return ""
        roles = [tr(ROLES[role]) for role in dict.fromkeys(g.role for g in site.welcome.grants)]
        units = [site.names.unit(grant.unit) for grant in site.welcome.grants if grant.unit]
        self.strip.setToolTip(plain_tooltip(" · ".join((site.welcome.name, *roles, *units))))
        if len(roles) > _MOST_POSTS:
            roles = [tr("{n} posts", n=len(roles))]
        return " · ".join([site.welcome.name, *roles, *units[:1]])

    @Slot()
    def show_time(self) -> None:
        """The lamp, the age of the data and the log's clock."""
        worst = max(self._picture.sites, key=self._badness)
        link, word = self._lamp(worst)
        self.strip.lamp.show_link(link, word, self._age(worst))
        names, now = self._picture.names(), self._picture.now()
        if now > LONG_AGO:
            here = names.local(now)
            day = tr(WEEKDAYS[here.weekday()])
            self.strip.set_clock(f"{here:%m-%d} {day} {here:%H:%M:%S}")

    def _badness(self, site: Site) -> tuple[bool, float]:
        age = self._picture.age(site)
        return not self._picture.is_live(site), age if age is not None else float("inf")

    def _lamp(self, site: Site) -> tuple[Link, str]:
        if self._picture.is_live(site):
            late = (self._picture.age(site) or 0.0) > _FRESH
            return ("stale" if late else "connected"), tr("Connected")
        if site.link is LinkState.CONNECTING and not site.awaits_person:
            return "stale", tr("Connecting …")
        if site.link in (LinkState.REFUSED, LinkState.CONNECTING):
            return "offline", tr("Not signed in")
        return "offline", tr("Link lost")

    def _age(self, site: Site) -> str:
        age = self._picture.age(site)
        if age is None:
            return tr("saved picture") if site.saved_at is not None else tr("no data yet")
        shown = f"{age:.1f}" if age < _FRESH else f"{age:.0f}"
        return tr("data {n} s old", n=shown)

    # --- the dial and the menu --------------------------------------------------------------------

    @Slot()
    def _set_speed(self) -> None:
        button = self.sender()
        if isinstance(button, KeyButton):
            self._pace_by(int(button.property("speed")))

    def _pace_by(self, speed: int) -> None:
        role = _pacer(self._picture.sites[0])
        if role is not None:
            self._ask(Wish("pace", None, role, SetPace(speed=float(speed))))

    @Slot()
    def _open_menu(self) -> None:
        self.fill_menu()
        corner = self.menu_key.mapToGlobal(QPoint(0, self.menu_key.height()))
        self.menu.popup(corner)

    def fill_menu(self) -> None:
        """Everything a seat may choose."""
        self.menu.clear()
        if self._identities:
            people = self.menu.addMenu(tr("Work as"))
            for number, name in enumerate(self._identities):
                self._add(people, name, ("identity", number))
        self._add(self.menu, tr("Sign in as somebody else …"), ("sign_in", 0))
        if any(each.welcome is not None for each in self._picture.sites):
            self._add(self.menu, tr("Change the own password …"), ("password", 0))
        if any(_administers(each) for each in self._picture.sites):
            self._add(self.menu, tr("People") + "\tF12", ("people", 0))
        self.menu.addSeparator()
        site = self._picture.sites[0]
        if _pacer(site) is not None:
            speeds = {speed: f"{speed}×" for speed in SPEEDS}
            self._add_choice(tr("Practice clock"), "pace", speeds, site.milli_speed // 1000)
        self._add_choice(tr("Language"), "language", dict(NATIVE_NAMES), language())
        palettes = {name: tr(words) for name, words in PALETTES.items()}
        self._add_choice(tr("Colours"), "palette", palettes, self._theme.palette)
        scales = {n: f"{n} %" for n in (90, 100, 110, 125, 150, 175)}
        self._add_choice(tr("Size"), "scale", scales, self._theme.scale)
        self.menu.addSeparator()
        self._add(self.menu, tr("Find a case") + "\tCtrl+Shift+F", ("find", 0))
        self._add(self.menu, tr("Export the list or case …") + "\tCtrl+E", ("export", 0))
        self._add(self.menu, tr("Case sheet …") + "\tCtrl+P", ("case_sheet", 0))
        self._add(self.menu, tr("Job sheet …") + "\tCtrl+Shift+P", ("job_sheet", 0))
        self.menu.addSeparator()
        self._add(self.menu, tr("Keys") + "\t?", ("keys", 0))

    def _add(self, menu: QMenu, text: str, what: tuple[str, object]) -> QAction:
        action = menu.addAction(text.replace("&", "&&"))
        action.setData(what)
        action.triggered.connect(self._chosen)
        return action

    def _add_choice(
        self, title: str, kind: str, values: dict[str, str] | dict[int, str], now: object
    ) -> None:
        menu = self.menu.addMenu(title)
        group = QActionGroup(menu)
        for value, text in values.items():
            action = self._add(menu, text, (kind, value))
            action.setCheckable(True)
            action.setChecked(value == now)
            group.addAction(action)

    @Slot()
    def _chosen(self) -> None:
        action = self.sender()
        if not isinstance(action, QAction):
            return
        kind, value = action.data()
        chosen = {
            "identity": self.identity_chosen,
            "language": self.language_chosen,
            "palette": self.palette_chosen,
            "scale": self.scale_chosen,
        }
        asked = {
            "find": self.find_asked,
            "export": self.export_asked,
            "case_sheet": self.case_sheet_asked,
            "job_sheet": self.job_sheet_asked,
            "keys": self.keys_asked,
            "people": self.people_asked,
            "password": self.password_asked,
        }
        if kind == "pace":
            self._pace_by(value)
        elif kind in chosen:
            chosen[kind].emit(value)
        else:
            asked.get(kind, self.sign_in_asked).emit()

    @Slot()
    def _restyle(self) -> None:
        self._speed_row.setContentsMargins(0, 0, 0, 0)
        self._speed_row.setSpacing(self._theme.px(4))
        for button in self.speed_keys.values():
            button.setFixedWidth(self._theme.px(62))


def _administers(site: Site) -> bool:
    if site.welcome is None or site.welcome.must_change:
        return False
    return any(grant.role is Role.ADMINISTRATOR for grant in site.welcome.grants)


def _pacer(site: Site) -> Role | None:
    """The post in which this person may turn the practice clock, None without one."""
    if site.welcome is None or not site.welcome.practice:
        return None
    held = {grant.role for grant in site.welcome.grants}
    return next((role for role in PACERS if role in held), None)
