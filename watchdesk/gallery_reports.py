"""How the gallery shows a report under way: its form, what it offers, and what became of it."""

from msgspec.structs import replace
from PySide6.QtWidgets import QLineEdit

from casework.terms import Kind, State
from console.panes.report_state import ReportState
from watchdesk.gallery_seat import Seat
from watchdesk.gallery_shows import LID

GARBAGE = "0102"
"""暴露垃圾, an incident's class."""
SAID = ReportState(
    address="前进二路与流塘路口",
    text="垃圾堆放两日未清，气味较大。",
    name="王女士",
    phone="13800002190",
)


def begin_report(seat: Seat, state: ReportState = SAID) -> None:
    """The form with what was said, a class and a place on the map."""
    seat.window.below.show_report()
    form, rules = seat.window.report.form, seat.picture.sites[0].rules
    form.show_state(state)
    of = rules.case_class(Kind.INCIDENT, GARBAGE) if rules is not None else None
    if of is not None:
        form.case_class.choose(of)
    seat.window.report.place(22.5585, 113.8970)


def doubt_place(seat: Seat) -> None:
    """Coordinates that cannot be the city's."""
    begin_report(seat, replace(SAID, address=""))
    seat.window.report.place(0.0, 0.0)


def look_for_class(seat: Seat) -> None:
    """A part of a class's name, and what it may mean."""
    seat.window.below.show_report()
    _type(seat.window.report.form.case_class.line, "垃圾")


def look_for_place(seat: Seat) -> None:
    """A part of an address, and what earlier cases know."""
    begin_report(seat, replace(SAID, address=""))
    line = seat.window.report.form.place.line
    line.setFocus()
    _type(line, "前进")


def _type(line: QLineEdit, text: str) -> None:
    line.setText(text)
    line.textEdited.emit(text)  # as a hand would


def report_component(seat: Seat) -> None:
    """A class of components, beside one that the register knows."""
    begin_report(seat)
    form, rules = seat.window.report.form, seat.picture.sites[0].rules
    of = rules.case_class(Kind.COMPONENT, LID) if rules is not None else None
    if of is not None:
        form.case_class.choose(of)
    seat.window.report.place(*seat.register.any_of(LID).point.degrees)


def send_report(seat: Seat) -> None:
    """Recorded: its number is read out."""
    begin_report(seat)
    seat.window.report.report()
    case = next(each.id for each in seat.picture.cases() if each.state is State.REGISTERED)
    seat.grant_last(stream=f"case/{case}")


def lay_aside(seat: Seat) -> None:
    """Three calls at once: two reports wait, one of them was refused."""
    begin_report(seat)
    seat.window.report.report()
    begin_report(seat, replace(SAID, text="井盖松动，车过有响声。", name="陈先生"))
    seat.refuse_last("case.unknown_condition", code=GARBAGE)
    seat.window.below.show_report()
    begin_report(seat, replace(SAID, text="路灯不亮。", name="", phone=""))
