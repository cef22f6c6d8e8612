"""How the gallery brings each pane and state of the desk into sight, as keys and servers would."""

from collections.abc import Callable

from PySide6.QtCore import QRectF
from PySide6.QtGui import QShortcut

from backend_client.notices import LinkState
from casework.acts import PassForFiling
from casework.case import Case
from casework.terms import Role, State
from console.panes.ground import Ground
from console.panes.map import MapPane
from console.picture import Refusal, Wish
from console.wording import tr
from watchdesk.gallery_day import COLLEAGUE
from watchdesk.gallery_seat import Post, Seat
from watchdesk.identities import DUTY
from widgets.phrase_list import OPEN_KEYS

Show = Callable[[Seat], None]
DAY = Post(DUTY)
GREENING = Post((Role.UNIT,), "greening")
CHIEF = Post((*DUTY, Role.ADMINISTRATOR))
LID = "0103"
"""雨水井盖, a component's class."""
SIGHT, NEAR = 3_000, 260
"""Metres of ground in sight around an inspector, at least, and around a component."""


def work(post: Post, box: str = "") -> Show:
    def show(seat: Seat) -> None:
        seat.join(post)
        seat.show_cases(post)
        if box:
            seat.window.open_box(box)

    return show


def refuse_act(seat: Seat) -> None:
    case = seat.window.selection.case
    wish = Wish("pass_for_filing", case, Role.ACCEPTOR, PassForFiling())
    seat.picture.refused.emit(Refusal(wish, "case.held", {"by": "陈静"}))


def select(seat: Seat) -> None:
    """Ten cases of the open box, and two that have moved on since they were selected."""
    here = seat.window.queue.table.keys_shown()[:10]
    moved = [case.id for case in seat.picture.cases() if case.state is State.FILED][:2]
    seat.window.selection.mark([*here, *moved])


def preview(seat: Seat) -> None:
    select(seat)
    acts = seat.window.batch.acts
    acts.chosen.emit(acts.offers[0])


def carry_out(seat: Seat) -> None:
    """The server answers all but the last one; two it refuses."""
    preview(seat)
    seat.window.batch.preview.carry_out()
    asked = [seat.picture.pending(case) for case in sorted(seat.window.selection.marks)]
    wishes = [each[0] for each in asked if each]
    for number, wish in enumerate(wishes[:-1]):
        if number in _REFUSED:
            seat.picture.refused.emit(Refusal(wish, "case.held", {"by": "陈静"}))
        else:
            seat.picture.granted.emit(wish)


_REFUSED = (2, 5)


def press(name: str) -> Show:
    return lambda seat: seat.window.detail.acts.buttons[name].click()


def lost(seat: Seat) -> None:
    seat.link(LinkState.LOST, "link.unreachable")


def nobody(seat: Seat) -> None:
    seat.window.signing_in.wants_person(0)


def turned_away(seat: Seat) -> None:
    seat.window.signing_in.wants_person(0, "chen")
    seat.link(LinkState.REFUSED, "sign_in.wrong")


def go_to_inspector(seat: Seat) -> None:
    """Near enough to read names, at the inspector of the open case."""
    pane = seat.window.map
    overlay = pane.inspectors.overlay if isinstance(pane, MapPane) else None
    tie = overlay.tie if overlay is not None else None
    for sign in overlay.signs if overlay is not None else ():
        if isinstance(pane, MapPane) and tie is not None and sign.key == tie.key:
            side = max(2.2 * abs(tie.x - sign.x), 2.2 * abs(tie.y - sign.y), SIGHT)
            pane.canvas.fit(QRectF(sign.x - side / 2, sign.y - side / 2, side, side))


def show_inspectors(seat: Seat) -> None:
    seat.window.below.show_orders()
    seat.window.below.show_orders()


def find(seat: Seat) -> None:
    seat.window.below.show_find()
    seat.window.finder.text.setText("灯塔路")
    seat.window.finder.text.returnPressed.emit()


def empty(seat: Seat) -> None:
    seat.join(DAY)
    seat.show_none()


def both(*shows: Show) -> Show:
    """One after the other."""

    def show(seat: Seat) -> None:
        for each in shows:
            each(seat)

    return show


# --- one case -----------------------------------------------------------------------------------


def open_one(wanted: Callable[[Case], object]) -> Show:
    """Select the first case of the open box of which this is true."""

    def show(seat: Seat) -> None:
        cases = (seat.picture.case(key) for key in seat.window.queue.table.keys_shown())
        found = next((each.id for each in cases if each is not None and wanted(each)), None)
        seat.window.selection.select(found)

    return show


def has_component(case: Case) -> bool:
    """It is about a component of the register."""
    return case.component is not None


def is_a_colleagues(case: Case) -> bool:
    """Somebody else has it in hand."""
    return case.claim is not None and case.claim.user == COLLEAGUE


def apply_for_suspension(seat: Seat) -> None:
    """The unit is asked why, and until when."""
    buttons = seat.window.detail.acts.buttons
    buttons["apply_suspension"].click()


def ask_enter(seat: Seat) -> None:
    """The suggested act is asked for, and the server is slow."""
    seat.window.detail.acts.do_suggested()


def open_phrases(seat: Seat) -> None:
    """The sentences for the opinion."""
    field = seat.window.detail.acts.fields.opinion
    field.setFocus()
    keys = [each for each in field.findChildren(QShortcut) if each.key().toString() in OPEN_KEYS]
    keys[0].activated.emit()


def search_unit(seat: Seat) -> None:
    """Another unit is looked for."""
    units = seat.window.detail.acts.units
    units.search.setFocus()
    units.search.setText("环卫")


# --- lists and words ----------------------------------------------------------------------------


def filter_to_nothing(seat: Seat) -> None:
    """A filter that no row meets."""
    seat.window.queue.filter.setText("不存在的街道")


def find_nothing(seat: Seat) -> None:
    """No case has it."""
    seat.window.below.show_find()
    seat.window.finder.text.setText("不存在的地址")
    seat.window.finder.text.returnPressed.emit()


def save_file(seat: Seat) -> None:
    """A list was exported."""
    seat.window.notice.say_saved(tr("Saved: {file}", file="/home/zhou/待受理 2008-06-12.xlsx"))


def open_menu(seat: Seat) -> None:
    """F10."""
    seat.window.top.menu_key.click()


# --- components and people ----------------------------------------------------------------------


def go_to_component(seat: Seat) -> None:
    """Near enough to read names, at a component whose card is open."""
    pane, rules = seat.window.map, seat.picture.sites[0].rules
    part = seat.register.any_of(LID)
    if isinstance(pane, MapPane) and rules is not None:
        x, y = Ground(rules).place(*part.point.degrees)
        pane.canvas.fit(QRectF(x - NEAR / 2, y - NEAR / 2, NEAR, NEAR))
        pane.canvas.mark_picked.emit(part.id)


def show_once(seat: Seat) -> None:
    """A password was made anew: it is shown once."""
    seat.window.pages.show_people()
    people = seat.window.pages.people
    for _ in range(2):  # the first press asks
        people.form.reset.click()
    seat.grant_last(once="7Q4K-MWX2-93TD")


LIST = """user,name,roles,post,job_number
luo,罗敏,acceptor,受理员,441201
song,宋佳,dispatcher@440305,派遣员,441202
chen,陈静,acceptor; dispatcher,受理员,440000
ma,马国华,mayor,受理员,441203
"""


def read_list(seat: Seat) -> None:
    """A list of people was read: what would be done, and what cannot."""
    seat.window.pages.show_people()
    people = seat.window.pages.people
    people.begin_import()
    file = seat.folder / "people.csv"
    file.write_text(LIST, "utf-8")
    people.imports.file.setText(str(file))
    people.imports.slips.setText("~/people.passwords.csv")
    people.imports.read()
    people.imports.file.setText("~/people.csv")
