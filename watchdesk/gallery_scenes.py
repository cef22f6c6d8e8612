"""The scenes of the gallery: which panes each shows, and who sits before it."""

from typing import NamedTuple

from casework.terms import Role
from watchdesk import gallery_reports as reports
from watchdesk import gallery_shows as shows
from watchdesk.gallery_seat import Post
from watchdesk.gallery_shows import CHIEF, DAY, Show


class Scene(NamedTuple):
    """One picture: `panes` are the modules of `console.panes` that it is for. `first` is done
    before the window settles, `then` after the open case has come, and with `again` in each look
    anew, where it goes when the language is another; `rest` milliseconds pass before each picture
    where something asks only in a pause."""

    name: str
    panes: tuple[str, ...]
    first: Show
    then: Show = lambda _: None
    rest: int = 0
    again: bool = False


ASKED = 400
"""Milliseconds: what is asked in a pause has been answered."""
_DESK = ("boxes", "queue", "detail", "acts", "topbar", "map", "photos")
SCENES = (
    Scene("desk_acceptor", _DESK, shows.work(Post((Role.ACCEPTOR,)))),
    Scene("desk_shift_leader", _DESK, shows.work(Post((Role.SHIFT_LEADER,)))),
    Scene("desk_dispatcher", (*_DESK, "dispatch"), shows.work(Post((Role.DISPATCHER,)))),
    Scene("desk_unit", _DESK, shows.work(Post((Role.UNIT,), "greening"))),
    Scene("desk_inspector", _DESK, shows.work(Post((Role.INSPECTOR,)))),
    Scene("desk_duty_handling", _DESK, shows.work(DAY, "handling")),
    Scene(
        "batch", ("batch_acts",), shows.work(Post((Role.SHIFT_LEADER,)), "prefiled"), shows.select
    ),
    Scene(
        "batch_preview",
        ("batch_preview", "batch_fields"),
        shows.work(Post((Role.SHIFT_LEADER,)), "prefiled"),
        shows.preview,
    ),
    Scene(
        "batch_result",
        ("batch_result",),
        shows.work(Post((Role.SHIFT_LEADER,)), "prefiled"),
        shows.carry_out,
    ),
    Scene("prompt", ("prompt",), shows.work(Post((Role.ACCEPTOR,))), shows.press("cancel")),
    Scene("report", ("report", "report_form"), shows.work(DAY), reports.begin_report),
    Scene("report_class", ("report", "class_field"), shows.work(DAY), reports.look_for_class),
    Scene(
        "report_place",
        ("report", "place_field"),
        shows.work(DAY),
        reports.look_for_place,
        rest=ASKED,
    ),
    Scene("report_doubt", ("report",), shows.work(DAY), reports.doubt_place),
    Scene(
        "report_component",
        ("report", "nearby_components"),
        shows.work(DAY),
        reports.report_component,
        rest=ASKED,
    ),
    Scene("report_receipt", ("report", "receipt"), shows.work(DAY), reports.send_report),
    Scene("report_begun", ("report", "begun_list"), shows.work(DAY), reports.lay_aside),
    Scene(
        "prompt_until",
        ("prompt",),
        shows.work(shows.GREENING, "handling"),
        shows.apply_for_suspension,
    ),
    Scene(
        "prompt_colleague",
        ("prompt", "chosen_field"),
        shows.work(Post((Role.ACCEPTOR,))),
        shows.press("pass_on"),
    ),
    Scene("act_waiting", ("acts",), shows.work(Post((Role.ACCEPTOR,))), shows.ask_enter),
    Scene(
        "acts_phrases",
        ("acts",),
        shows.work(Post((Role.ACCEPTOR,))),
        shows.open_phrases,
        again=True,
    ),
    Scene(
        "acts_unit_search",
        ("acts", "dispatch"),
        shows.work(Post((Role.DISPATCHER,))),
        shows.search_unit,
        again=True,
    ),
    Scene("case_applied", ("acts", "detail"), shows.work(Post((Role.SHIFT_LEADER,)), "applied")),
    Scene("case_suspended", ("detail",), shows.work(DAY, "suspended")),
    Scene(
        "case_held",
        ("acts", "queue"),
        shows.work(Post((Role.ACCEPTOR,))),
        shows.open_one(shows.is_a_colleagues),
    ),
    Scene("case_mine", ("queue", "detail"), shows.work(DAY, "mine")),
    Scene("case_closed", ("detail",), shows.work(DAY, "closed")),
    Scene(
        "case_component",
        ("detail",),
        shows.work(DAY, "handling"),
        shows.open_one(shows.has_component),
    ),
    Scene("queue_filtered", ("queue",), shows.work(DAY), shows.filter_to_nothing),
    Scene("menu", ("topbar",), shows.work(CHIEF), shows.open_menu, again=True),
    Scene("notice_saved", ("notice",), shows.work(DAY), shows.save_file, again=True),
    Scene("find_nothing", ("find",), shows.work(DAY), shows.find_nothing),
    Scene(
        "record", ("record",), shows.work(DAY, "handling"), lambda s: s.window.below.show_record()
    ),
    Scene("find", ("find",), shows.work(DAY), shows.find),
    Scene(
        "orders", ("orders",), shows.work(DAY, "checking"), lambda s: s.window.below.show_orders()
    ),
    Scene(
        "map_inspectors",
        ("map", "inspector_layer"),
        shows.work(DAY, "checking"),
        shows.go_to_inspector,
    ),
    Scene(
        "map_components",
        ("map", "component_layer"),
        shows.work(DAY),
        shows.go_to_component,
        again=True,
        rest=ASKED,
    ),
    Scene(
        "inspectors",
        ("orders", "inspector_rows"),
        shows.work(DAY, "checking"),
        shows.show_inspectors,
    ),
    Scene("keys", ("keys",), shows.work(DAY), lambda s: s.window.below.show_keys()),
    Scene(
        "photo_view",
        ("photo_view",),
        shows.work(DAY, "handling"),
        lambda s: s.window.detail.photos.opened.emit(0),
    ),
    Scene(
        "people",
        ("people", "people_form"),
        shows.work(CHIEF),
        lambda s: s.window.pages.show_people(),
    ),
    Scene("people_import", ("people_import",), shows.work(CHIEF), shows.read_list),
    Scene("people_once", ("people", "once_card"), shows.work(CHIEF), shows.show_once),
    Scene("password", ("password",), shows.work(DAY), lambda s: s.window.pages.show_password()),
    Scene("signin", ("signin",), shows.nobody),
    Scene("signin_refused", ("signin",), shows.turned_away),
    Scene("desk_waiting", ("queue", "boxes"), lambda seat: seat.join(DAY)),
    Scene("desk_empty", ("queue", "detail"), shows.empty),
    Scene("desk_lost", ("notice", "topbar"), shows.work(DAY), shows.lost),
    Scene("act_refused", ("acts",), shows.work(Post((Role.ACCEPTOR,))), shows.refuse_act),
)
PARTS = {
    "act_answer": "acts",
    "act_fields": "acts",
    "act_keys": "acts",
    "act_words": "acts",
    "asking_card": "signin",
    "batch_page": "batch_preview",
    "batch_rows": "batch_preview",
    "case_facts": "detail",
    "component_table": "map",
    "component_words": "detail",
    "districts": "map",
    "found_rows": "find",
    "grants_editor": "people",
    "ground": "map",
    "legend": "map",
    "inspector_chooser": "detail",
    "order_rows": "orders",
    "orders_counter": "boxes",
    "people_rows": "people",
    "place_words": "report",
    "queue_rows": "queue",
    "queue_table": "queue",
    "queue_widths": "queue",
    "report_state": "report",
}
"""Modules that show nothing by themselves, with the pane they belong to."""


def scenes(only: str = "") -> tuple[Scene, ...]:
    """Those of this name, or that show this pane; all for ""."""
    pane = PARTS.get(only, only)
    return tuple(s for s in SCENES if not only or s.name == only or pane in s.panes)
