"""The scenes of the gallery: how each pane is brought into sight, and who sits before it."""

from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import QRectF

from backend_client.notices import LinkState
from casework.acts import PassForFiling
from casework.terms import Role, State
from console.panes.map import MapPane
from console.panes.report_state import ReportState
from console.picture import Refusal, Wish
from watchdesk.gallery_seat import Post, Seat
from watchdesk.identities import DUTY

Show = Callable[[Seat], None]
DAY = Post(DUTY)
SIGHT = 3_000
"""Metres of ground in sight around an inspector, at least."""
CHIEF = Post((*DUTY, Role.ADMINISTRATOR))


class Scene(NamedTuple):
    """One picture: `panes` are the modules of `console.panes` that it is for. `first` is done
    before the window settles, `then` after the open case has come; `rest` milliseconds pass before
    each picture where something asks only in a pause."""

    name: str
    panes: tuple[str, ...]
    first: Show
    then: Show = lambda _: None
    rest: int = 0


def _work(post: Post, box: str = "") -> Show:
    def show(seat: Seat) -> None:
        seat.join(post)
        seat.show_cases(post)
        if box:
            seat.window.open_box(box)

    return show


def _type_report(seat: Seat) -> None:
    seat.window.below.show_report()
    form = seat.window.report.form
    form.show_state(
        ReportState(
            class_text="垃圾",
            place_text="22.5431, 114.0579",
            address="前进二路与流塘路口",
            text="垃圾堆放两日未清，气味较大。",
            name="王女士",
            phone="13800002190",
        )
    )


def _refuse_act(seat: Seat) -> None:
    case = seat.window.selection.case
    wish = Wish("pass_for_filing", case, Role.ACCEPTOR, PassForFiling())
    seat.picture.refused.emit(Refusal(wish, "case.held", {"by": "陈静"}))


def _select(seat: Seat) -> None:
    """Ten cases of the open box, and two that have moved on since they were selected."""
    here = seat.window.queue.table.keys_shown()[:10]
    moved = [case.id for case in seat.picture.cases() if case.state is State.FILED][:2]
    seat.window.selection.mark([*here, *moved])


def _preview(seat: Seat) -> None:
    _select(seat)
    acts = seat.window.batch.acts
    acts.chosen.emit(acts.offers[0])


def _carry_out(seat: Seat) -> None:
    """The server answers all but the last one; two it refuses."""
    _preview(seat)
    seat.window.batch.preview.carry_out()
    asked = [seat.picture.pending(case) for case in sorted(seat.window.selection.marks)]
    wishes = [each[0] for each in asked if each]
    for number, wish in enumerate(wishes[:-1]):
        if number in _REFUSED:
            seat.picture.refused.emit(Refusal(wish, "case.held", {"by": "陈静"}))
        else:
            seat.picture.granted.emit(wish)


_REFUSED = (2, 5)


def _press(name: str) -> Show:
    return lambda seat: seat.window.detail.acts.buttons[name].click()


def _lost(seat: Seat) -> None:
    seat.link(LinkState.LOST, "link.unreachable")


def _nobody(seat: Seat) -> None:
    seat.window.signing_in.wants_person(0)


def _turned_away(seat: Seat) -> None:
    seat.window.signing_in.wants_person(0, "chen")
    seat.link(LinkState.REFUSED, "sign_in.wrong")


def _go_to_inspector(seat: Seat) -> None:
    """Near enough to read names, at the inspector of the open case."""
    pane = seat.window.map
    overlay = pane.inspectors.overlay if isinstance(pane, MapPane) else None
    tie = overlay.tie if overlay is not None else None
    for sign in overlay.signs if overlay is not None else ():
        if isinstance(pane, MapPane) and tie is not None and sign.key == tie.key:
            side = max(2.2 * abs(tie.x - sign.x), 2.2 * abs(tie.y - sign.y), SIGHT)
            pane.canvas.fit(QRectF(sign.x - side / 2, sign.y - side / 2, side, side))


def _show_inspectors(seat: Seat) -> None:
    seat.window.below.show_orders()
    seat.window.below.show_orders()


def _find(seat: Seat) -> None:
    seat.window.below.show_find()
    seat.window.finder.text.setText("前进路")
    seat.window.finder.text.returnPressed.emit()


def _empty(seat: Seat) -> None:
    seat.join(DAY)
    seat.show_none()


_DESK = ("boxes", "queue", "detail", "acts", "topbar", "map", "photos")
SCENES = (
    Scene("desk_acceptor", _DESK, _work(Post((Role.ACCEPTOR,)))),
    Scene("desk_shift_leader", _DESK, _work(Post((Role.SHIFT_LEADER,)))),
    Scene("desk_dispatcher", (*_DESK, "dispatch"), _work(Post((Role.DISPATCHER,)))),
    Scene("desk_unit", _DESK, _work(Post((Role.UNIT,), "greening"))),
    Scene("desk_inspector", _DESK, _work(Post((Role.INSPECTOR,)))),
    Scene("desk_duty_handling", _DESK, _work(DAY, "handling")),
    Scene("batch", ("batch_acts",), _work(Post((Role.SHIFT_LEADER,)), "prefiled"), _select),
    Scene(
        "batch_preview",
        ("batch_preview", "batch_fields"),
        _work(Post((Role.SHIFT_LEADER,)), "prefiled"),
        _preview,
    ),
    Scene(
        "batch_result",
        ("batch_result",),
        _work(Post((Role.SHIFT_LEADER,)), "prefiled"),
        _carry_out,
    ),
    Scene("prompt", ("prompt",), _work(Post((Role.ACCEPTOR,))), _press("cancel")),
    Scene("report", ("report", "report_form"), _work(DAY), _type_report),
    Scene("record", ("record",), _work(DAY, "handling"), lambda s: s.window.below.show_record()),
    Scene("find", ("find",), _work(DAY), _find),
    Scene("orders", ("orders",), _work(DAY, "checking"), lambda s: s.window.below.show_orders()),
    Scene("map_inspectors", ("map",), _work(DAY, "checking"), _go_to_inspector),
    Scene("inspectors", ("orders",), _work(DAY, "checking"), _show_inspectors),
    Scene("keys", ("keys",), _work(DAY), lambda s: s.window.below.show_keys()),
    Scene(
        "photo_view",
        ("photo_view",),
        _work(DAY, "handling"),
        lambda s: s.window.detail.photos.opened.emit(0),
    ),
    Scene(
        "people", ("people", "people_form"), _work(CHIEF), lambda s: s.window.pages.show_people()
    ),
    Scene(
        "people_import",
        ("people_import",),
        _work(CHIEF),
        lambda s: (s.window.pages.show_people(), s.window.pages.people.begin_import())[-1],
    ),
    Scene("password", ("password",), _work(DAY), lambda s: s.window.pages.show_password()),
    Scene("signin", ("signin",), _nobody),
    Scene("signin_refused", ("signin",), _turned_away),
    Scene("desk_waiting", ("queue", "boxes"), lambda s: s.join(DAY)),
    Scene("desk_empty", ("queue", "detail"), _empty),
    Scene("desk_lost", ("notice", "topbar"), _work(DAY), _lost),
    Scene("act_refused", ("acts",), _work(Post((Role.ACCEPTOR,))), _refuse_act),
)
PARTS = {
    "act_words": "acts",
    "asking_card": "signin",
    "batch_rows": "batch_preview",
    "begun_list": "report",
    "case_facts": "detail",
    "class_field": "report",
    "component_layer": "map",
    "component_table": "map",
    "component_words": "detail",
    "districts": "map",
    "found_rows": "find",
    "grants_editor": "people",
    "ground": "map",
    "legend": "map",
    "nearby_components": "report",
    "inspector_chooser": "detail",
    "inspector_layer": "map",
    "inspector_rows": "orders",
    "order_rows": "orders",
    "orders_counter": "boxes",
    "once_card": "people",
    "people_rows": "people",
    "place_field": "report",
    "place_words": "report",
    "queue_rows": "queue",
    "queue_table": "queue",
    "queue_widths": "queue",
    "receipt": "report",
    "report_state": "report",
}
"""Modules that show nothing by themselves, with the pane they belong to."""


def scenes(only: str = "") -> tuple[Scene, ...]:
    """Those of this name, or that show this pane; all for ""."""
    pane = PARTS.get(only, only)
    return tuple(s for s in SCENES if not only or s.name == only or pane in s.panes)
