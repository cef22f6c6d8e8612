"""受理登記 (Ctrl+N): the call taker's form, by keys alone, one path for the hand.

Tab and Enter walk the fields in the order of a call: what, where, in whose words, who. Each change
is kept on the disk; Ctrl+N again lays the report aside for another call. The receipt number of the
last case stands beside the fields until the next report begins.
"""

from typing import NamedTuple

from msgspec.structs import replace
from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from backend_client.drafts import Drafts, Owner
from casework.rulebook import RuleBook
from casework.terms import CaseId, Role
from console.panes.begun_list import BegunList
from console.panes.receipt import OPEN_KEY
from console.panes.report_form import ReportForm
from console.panes.report_state import ReportState, command_of
from console.picture import Addresses, Ask, Picture, Refusal, Reported, Wish
from console.refusals import refusal
from console.report_drafts import BegunReport, ReportDrafts
from console.wording import tr
from widgets.scrolled import scrolled
from widgets.theme import Theme

PAUSE_MS = 200
REPORT = "report"
"""Name of the wish."""
DISCARD_KEY = "Ctrl+Shift+D"


class _Sent(NamedTuple):
    """A report on its way, and the draft it is kept under until the answer."""

    wish: Wish
    draft: str


class ReportPane(QFrame):
    """Asks for a new case; Ctrl+Enter sends, Esc goes back and loses nothing."""

    closed = Signal()
    case_wanted = Signal(object)
    """`CaseId` to open."""
    pinned = Signal(object)
    """`Point | None`: the place under way, for the map."""

    def __init__(
        self,
        picture: Picture,
        ask: Ask,
        theme: Theme,
        drafts: Drafts | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("pane", "true")
        self._picture, self._ask = picture, ask
        self._rules: RuleBook | None = None
        self._sent: list[_Sent] = []
        self._recorded: ReportState | None = None
        self._store = drafts or Drafts()
        self._drafts = ReportDrafts(self._store)
        self._draft = self._drafts.new_name()
        self._wanted = ""
        self._left_open = ""
        """The words that were asked about as no position, once."""
        self._pause = QTimer(self, interval=PAUSE_MS, singleShot=True)
        self.form = ReportForm(theme)
        self.begun = BegunList(theme)
        self.form.receipt.add(self.begun)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 1, 1, 1)
        layout.addWidget(scrolled(self.form))
        self._connect()
        self._bind_keys()
        theme.changed.connect(self.speak)
        self.speak()
        self._follow_person()

    def _connect(self) -> None:
        form, picture = self.form, self._picture
        form.go.clicked.connect(self.report)
        form.back.clicked.connect(self.closed)
        form.receipt.opened.connect(self.case_wanted)
        form.place.changed.connect(self._pin)
        form.edited.connect(self._edited)
        form.place.looked_for.connect(self._ask_later)
        self._pause.timeout.connect(self._look_for)
        picture.addresses.connect(self._offer_earlier)
        self.begun.resumed.connect(self._resume)
        picture.refused.connect(self._refused)
        picture.reported.connect(self._reported)
        picture.sites_changed.connect(self._follow_person)
        picture.sites_changed.connect(self._follow_rules)

    def _bind_keys(self) -> None:
        keys = (
            ("Ctrl+Return", self.report),
            ("Ctrl+Enter", self.report),
            (OPEN_KEY, self.form.receipt.open_case),
            (DISCARD_KEY, self.discard),
            ("Esc", self.closed),
        )
        for key, act in keys:
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

    @property
    def tall(self) -> int:
        """Pixels in which every field is whole."""
        return self.form.tall + 2

    def add_below_place(self, widget: QWidget) -> None:
        """Put something that belongs to the place under its line, such as what stands near."""
        self.form.place.add_below(widget)

    @Slot()
    def speak(self) -> None:
        """The language or the scale is another."""
        self.form.speak()
        self._rules = None
        self._follow_rules()
        self._say_kept(is_empty=self.form.state.is_empty)
        if self._recorded is not None and self.form.receipt.case is not None:
            self._show_receipt(self.form.receipt.case, self._recorded)
        self._show_begun()

    def _in_words(self, state: ReportState) -> ReportState:
        """With its class in the language in use, whatever it was typed in."""
        if self._rules is None or state.kind is None:
            return state
        of = self._rules.case_class(state.kind, state.code)
        name = self._picture.names().class_of(of) if of is not None else state.class_text
        return replace(state, class_text=name)

    def _what(self, state: ReportState) -> str:
        said = self._in_words(state)
        return " · ".join(filter(None, (said.class_text, said.address or said.place_text)))

    @Slot()
    def _follow_rules(self) -> None:
        site = self._picture.sites[0]
        if site.rules is not None and site.rules is not self._rules:
            self._rules = site.rules
            self._store.expire(site.rules.intake.draft_days)
            self.form.follow_rules(site.rules, site.names)

    @Slot()
    def _follow_person(self) -> None:
        """Somebody else's drafts are not shown; what this person left is taken up again."""
        site = self._picture.sites[0]
        if site.welcome is None:
            return
        owner = Owner(site.server, site.welcome.user)
        if owner == self._drafts.owner:
            return
        self._drafts.belong_to(owner)
        self.form.receipt.clear()
        self._sent = []
        self.form.work_as(self.role)
        last = list(self._drafts.begun)[-1:]
        self._load(last[0] if last else self._drafts.new_name())

    # --- drafts -----------------------------------------------------------------------------------

    def begin(self) -> None:
        """Put the cursor in the first field; a report under way goes on."""
        self.form.case_class.line.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def begin_another(self) -> None:
        """Another call comes in: lay this report aside, if there is anything in it."""
        if not self.form.state.is_empty:
            self._load(self._drafts.new_name())
        self.begin()

    @Slot()
    def discard(self) -> None:
        """Throw the report on the form away."""
        self._drafts.drop(self._draft)
        self._load(self._drafts.new_name())
        self.begin()

    @Slot(str)
    def _resume(self, name: str) -> None:
        self._load(name)
        self.begin()

    def _load(self, name: str) -> None:
        """Show this draft, or an empty form; the source stays, for calls come in a row."""
        begun = self._drafts.begun.get(name)
        self._draft = name
        source = self.form.state.source
        self.form.show_state(begun.state if begun is not None else ReportState(source=source))
        if begun is not None and begun.refused:
            self._say_refusal(begun.refused, **begun.detail)
        elif begun is not None and begun.asked:
            self._say(tr("Sent, but no answer came: look whether the case exists."))
        self._show_begun()

    @Slot()
    def _edited(self) -> None:
        """Keep the change; typing also begins the next report: the number has been read out."""
        state, before = self.form.state, self._drafts.begun.get(self._draft)
        self.form.answer.setText("")
        if state.is_empty:
            self._drafts.drop(self._draft)
        elif before is None or before.state != state:
            began = before.began if before is not None else self._picture.now()
            self._drafts.keep(self._draft, BegunReport(state=state, began=began))
            self.form.receipt.clear()
        self._say_kept(is_empty=state.is_empty)

    def _say_kept(self, *, is_empty: bool) -> None:
        if is_empty:
            self.form.kept.setText("")
        elif self._drafts.is_kept:
            self.form.kept.setText(tr("Draft kept · {key} discards", key=DISCARD_KEY))
        else:
            self.form.kept.setText(tr("This draft is not on the disk: send it soon."))

    def _show_begun(self) -> None:
        on_the_way = {sent.draft for sent in self._sent}
        waiting = [
            (name, replace(begun, state=self._in_words(begun.state)))
            for name, begun in self._drafts.begun.items()
            if name != self._draft and name not in on_the_way
        ]
        self.begun.show_begun(waiting, self._picture.names())
        self.form.give_room()

    # --- filling ----------------------------------------------------------------------------------

    @Slot(float, float)
    def place(self, lat: float, lon: float) -> None:
        """The position, by a click on the map in WGS-84 degrees."""
        self.form.place.place_at(lat, lon)

    @Slot()
    def _pin(self) -> None:
        place = self.form.place
        self.pinned.emit(None if place.doubt else place.point)  # the sea at (0, 0) is no place

    @Slot(str)
    def _ask_later(self, text: str) -> None:
        """Ask the server in a pause of the typing, not for each letter."""
        self._wanted = text
        if text:
            self._pause.start()
        else:
            self._pause.stop()

    @Slot()
    def _look_for(self) -> None:
        self._picture.look_for_address(self._wanted)

    @Slot(object)
    def _offer_earlier(self, addresses: Addresses) -> None:
        self.form.place.offer_earlier(addresses.text, addresses.found)

    # --- sending ----------------------------------------------------------------------------------

    @property
    def role(self) -> Role:
        """The post the report is made in: acceptor before inspector."""
        welcome = self._picture.sites[0].welcome
        held = {grant.role for grant in welcome.grants} if welcome is not None else set()
        return Role.ACCEPTOR if Role.ACCEPTOR in held or not held else Role.INSPECTOR

    @Slot()
    def report(self) -> None:
        """Ask for a new case, or say what is missing and go there."""
        form, of = self.form, self.form.case_class.chosen
        if of is None:
            self._say(tr("Choose a class from the list."))
            form.case_class.setFocus()
        elif form.place.doubt:
            self._say(refusal(form.place.doubt))
            form.place.setFocus()
        elif form.place.undecided not in ("", self._left_open):
            self._left_open = form.place.undecided
            self._say(
                tr(
                    "“{place}” is no position yet: ↓ chooses one, Ctrl+Enter again records the case"
                    " without.",
                    place=self._left_open,
                )
            )
            form.place.setFocus()
        else:
            state = form.state
            self._send(state, Wish(REPORT, None, self.role, command_of(state, of.kind, of.code)))

    def _send(self, state: ReportState, wish: Wish) -> None:
        """The form is free for the next call at once; the draft stays until the answer."""
        before = self._drafts.begun.get(self._draft)
        began = before.began if before is not None else self._picture.now()
        self._drafts.keep(self._draft, BegunReport(state=state, began=began, asked=True))
        self._sent.append(_Sent(wish, self._draft))
        self._left_open = ""
        self._load(self._drafts.new_name())
        self.begin()
        self.form.answer.set_tone("accent")
        self.form.answer.setText(tr("Sent; waiting for the server …"))
        self._ask(wish)

    def _say(self, sentence: str) -> None:
        self.form.answer.set_tone("late")
        self.form.answer.setText(sentence)

    def _say_refusal(self, code: str, **detail: str) -> None:
        if code.startswith("place."):
            self.form.place.refuse(code)
            self.form.place.setFocus()
        self._say(refusal(code, **detail))

    def _answered(self, wish: Wish) -> _Sent | None:
        found = next((sent for sent in self._sent if sent.wish is wish), None)
        if found is not None:
            self._sent.remove(found)
        return found

    @Slot(object)
    def _refused(self, refused: Refusal) -> None:
        """Back on the form, if that is free; else it waits among the reports begun."""
        sent = self._answered(refused.wish)
        begun = self._drafts.begun.get(sent.draft) if sent is not None else None
        if sent is None or begun is None:
            return
        back = BegunReport(
            state=begun.state, began=begun.began, refused=refused.code, detail=refused.detail
        )
        self._drafts.keep(sent.draft, back)
        if self.form.state.is_empty:
            self._load(sent.draft)
            self._say_refusal(refused.code, **refused.detail)
        else:
            self._show_begun()

    def _show_receipt(self, case: CaseId, state: ReportState) -> None:
        self.form.receipt.show_case(case, self._picture.number(case), self._what(state))

    @Slot(object)
    def _reported(self, reported: Reported) -> None:
        sent = self._answered(reported.wish)
        begun = self._drafts.begun.get(sent.draft) if sent is not None else None
        if sent is None or begun is None:
            return
        self._drafts.drop(sent.draft)
        state = begun.state
        self._recorded = state
        self._show_receipt(reported.case, state)
        if self.form.state.is_empty:
            self.form.answer.setText("")
        self._show_begun()
