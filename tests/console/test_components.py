"""Components at the desk: on the map from near by, near a report's place, beside a case."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QRectF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from backend_client.notices import Fetched, Joined
from casework.queries import BoxQuery, ComponentQuery, NearQuery, Query
from casework.replies import ComponentMark, ComponentsReply, MarksReply, ReplyBody
from casework.rulebook import Register
from casework.rules.geo import Box
from casework.rules.register import Component, ComponentPlace
from casework.scheme import CaseClass
from casework.terms import ComponentId, ComponentState, GridCode, Kind, Point, State, UnitId, point
from console.component_book import ComponentBook
from console.panes.detail import DetailPane
from console.panes.map import MapPane
from console.panes.nearby_components import NearbyComponents
from console.panes.report_form import ReportForm
from console.panes.report_state import command_of
from console.selection import Selection
from tests.console import cases
from tests.console.fake_desk import FakeDesk
from widgets.plain_label import PlainLabel
from widgets.theme import Theme

ID = ComponentId("4403030103000001")
HERE = point(22.5431, 114.1179)
BORN = datetime(2008, 6, 1, tzinfo=UTC)
BOX = Box(HERE.lat - 1000, HERE.lon - 1000, HERE.lat + 1000, HERE.lon + 1000)
LID = Component(
    id=ID,
    scheme="cjt214-2007",
    code="0103",
    name="雨水井盖",
    owner="water_group",
    maintainer="power",
    place=ComponentPlace(point=HERE, grid=GridCode("440303001001002")),
    state=ComponentState.DAMAGED,
    basis="invented: practice",
    registered_at=BORN,
    changed_at=BORN,
)


def asked(desk: FakeDesk, kind: type[Query]) -> list[tuple[int, Query]]:
    return [
        (ref, query) for ref, (_, query) in enumerate(desk.questions, 1) if isinstance(query, kind)
    ]


def answer(desk: FakeDesk, kind: type[Query], body: ReplyBody) -> None:
    ref, _ = asked(desk, kind)[-1]
    desk.hear(Fetched(ref=ref, body=body))


def marks(*components: Component) -> MarksReply:
    return MarksReply(
        marks=tuple(
            ComponentMark(id=c.id, code=c.code, point=c.point, state=c.state) for c in components
        )
    )


def words(widget: object) -> str:
    labels = widget.findChildren(PlainLabel)  # type: ignore[attr-defined]  # any widget
    return "\n".join(label.text() for label in labels if not label.isHidden())


def class_of(code: str, kind: Kind = Kind.COMPONENT) -> CaseClass:
    found = cases.rules().case_class(kind, code)
    assert found is not None
    return found


# --- the book ---------------------------------------------------------------------------------


def test_a_box_is_asked_for_when_the_map_rests_and_not_again_while_it_is_at_hand(
    desk: FakeDesk, qtbot: QtBot
) -> None:
    book = ComponentBook(desk.picture, desk.steady)
    for shift in range(5):
        book.look(replace(BOX, north=BOX.north + shift))
    qtbot.waitUntil(lambda: len(asked(desk, BoxQuery)) == 1)
    with qtbot.waitSignal(book.marks_changed):
        answer(desk, BoxQuery, marks(LID))
    book.look(BOX)
    assert not book._rest.isActive()
    desk.steady.seconds += 61
    book.look(BOX)
    assert book._rest.isActive()


def test_a_box_that_held_more_is_asked_for_again_from_nearer(desk: FakeDesk, qtbot: QtBot) -> None:
    book = ComponentBook(desk.picture, desk.steady)
    book.look(BOX)
    qtbot.waitUntil(lambda: len(asked(desk, BoxQuery)) == 1)
    answer(desk, BoxQuery, replace(marks(LID), more=True))
    book.look(BOX)
    assert book._rest.isActive()


def test_far_away_nothing_is_asked(desk: FakeDesk) -> None:
    book = ComponentBook(desk.picture, desk.steady)
    book.look(BOX)
    book.look_away()
    assert not book._rest.isActive()


# --- the map ----------------------------------------------------------------------------------


@pytest.fixture
def map_pane(theme: Theme, qtbot: QtBot) -> Callable[[FakeDesk], MapPane]:
    def made(desk: FakeDesk) -> MapPane:
        pane = MapPane(desk.picture, Selection(), theme)
        qtbot.addWidget(pane)
        pane.resize(500, 500)
        pane.show()
        return pane

    return made


def look_at(pane: MapPane, metres: float) -> None:
    assert pane._ground is not None
    x, y = pane._ground.place(*HERE.degrees)
    pane.canvas.fit(QRectF(x - metres / 2, y - metres / 2, metres, metres))


@pytest.mark.parametrize(("cm", "shown"), [(20, False), (200, True)])
def test_the_rule_book_says_from_which_scale_components_show(
    map_pane: Callable[[FakeDesk], MapPane], qapp: object, cm: int, shown: bool
) -> None:
    desk = FakeDesk()
    desk.join()
    register = Register(map_cm_per_pixel=cm)
    rules = replace(cases.rules(), register=register)
    desk.hear(Joined(welcome=cases.welcome(), rules=rules))
    pane = map_pane(desk)
    look_at(pane, 300)
    assert pane.canvas.shows_marks is shown


@pytest.mark.parametrize(("cm", "labelled"), [(5, False), (100, True)])
def test_the_rule_book_says_from_which_scale_components_are_named(
    map_pane: Callable[[FakeDesk], MapPane], qapp: object, cm: int, labelled: bool
) -> None:
    desk = FakeDesk()
    desk.join()
    rules = replace(cases.rules(), register=Register(label_cm_per_pixel=cm))
    desk.hear(Joined(welcome=cases.welcome(), rules=rules))
    pane = map_pane(desk)
    look_at(pane, 300)
    shown = pane.canvas._shown.marks
    assert (pane.canvas.frame.scale >= shown.labels_from) is labelled


def test_a_component_picked_on_the_map_opens_its_card_and_a_click_elsewhere_puts_it_away(
    map_pane: Callable[[FakeDesk], MapPane], desk: FakeDesk, qtbot: QtBot
) -> None:
    pane = map_pane(desk)
    look_at(pane, 200)
    qtbot.waitUntil(lambda: bool(asked(desk, BoxQuery)))
    answer(desk, BoxQuery, marks(LID))
    QTest.keyClick(pane.canvas, Qt.Key.Key_Period)
    with qtbot.waitSignal(pane.components.picked):
        answer(desk, ComponentQuery, ComponentsReply(components=(LID,)))
    card = pane.components.card
    said = words(card)
    assert card.isVisible()
    assert all(word in said for word in (ID, "Damaged", "invented", "Water Group, kept by"))
    pane.canvas.mark_picked.emit(None)
    assert not card.isVisible()


@pytest.mark.parametrize("above", [True, False])
def test_the_card_does_not_cover_the_component_that_it_tells_of(
    map_pane: Callable[[FakeDesk], MapPane], desk: FakeDesk, qtbot: QtBot, above: bool
) -> None:
    pane = map_pane(desk)
    look_at(pane, 200)
    qtbot.waitUntil(lambda: bool(asked(desk, BoxQuery)))
    answer(desk, BoxQuery, marks(LID))
    pane.canvas.pan(0, (-1 if above else 1) * pane.canvas.height() // 3)
    pane.canvas.mark_picked.emit(LID.id)
    answer(desk, ComponentQuery, ComponentsReply(components=(LID,)))
    ground = pane._ground
    assert ground is not None
    mark = pane.canvas.frame.to_screen(*ground.place(*LID.point.degrees)).toPoint()
    assert pane.canvas.rect().contains(mark)
    assert not pane.components.card.geometry().contains(mark)


# --- the report -------------------------------------------------------------------------------


@pytest.fixture
def form(desk: FakeDesk, theme: Theme, qtbot: QtBot) -> ReportForm:
    form = ReportForm(theme)
    qtbot.addWidget(form)
    form.speak()
    form.follow_rules(cases.rules(), desk.picture.names())
    form.show()
    return form


@pytest.fixture
def nearby(desk: FakeDesk, form: ReportForm, theme: Theme) -> NearbyComponents:
    book = ComponentBook(desk.picture, desk.steady)
    nearby = NearbyComponents(desk.picture, book, form, theme)
    nearby.book_of_test = book  # type: ignore[attr-defined]  # held as the window holds it
    form.place.add_below(nearby)
    return nearby


def offer(desk: FakeDesk, form: ReportForm, qtbot: QtBot, at: Point = HERE) -> None:
    before = len(asked(desk, NearQuery))
    form.case_class.choose(class_of("0103"))
    form.place.place_at(*at.degrees)
    qtbot.waitUntil(lambda: len(asked(desk, NearQuery)) > before)
    answer(desk, NearQuery, ComponentsReply(components=(LID,)))


def test_the_nearest_are_offered_for_a_component_s_class_and_a_position(
    desk: FakeDesk, form: ReportForm, nearby: NearbyComponents, qtbot: QtBot
) -> None:
    assert nearby.isHidden()
    offer(desk, form, qtbot)
    _, query = asked(desk, NearQuery)[-1]
    assert query == NearQuery(point=HERE, code="0103")
    assert nearby.list.count() == 1
    assert "0 m" in nearby.list.item(0).text()
    assert ID in nearby.list.item(0).text()


def test_alt_and_its_number_takes_one_and_alt_0_lets_it_go(
    desk: FakeDesk, form: ReportForm, nearby: NearbyComponents, qtbot: QtBot
) -> None:
    offer(desk, form, qtbot, Point(HERE.lat + 100, HERE.lon))
    nearby.take_number(1)
    command = command_of(form.state, Kind.COMPONENT, "0103")
    assert (command.component, command.point, command.grid) == (ID, HERE, LID.grid)
    assert ID in words(nearby)
    nearby.take_number(0)
    assert command_of(form.state, Kind.COMPONENT, "0103").component is None


def test_another_class_lets_the_component_go(
    desk: FakeDesk, form: ReportForm, nearby: NearbyComponents, qtbot: QtBot
) -> None:
    offer(desk, form, qtbot)
    nearby.take_number(1)
    form.case_class.choose(class_of("0118"))
    assert form.place.chosen is not None
    assert form.place.chosen.component is None
    form.case_class.choose(class_of("0103"))
    nearby.take(LID)
    form.case_class.choose(class_of("0102", Kind.INCIDENT))
    assert form.place.chosen.component is None
    assert nearby.isHidden()


def test_another_place_lets_the_component_go(
    desk: FakeDesk, form: ReportForm, nearby: NearbyComponents, qtbot: QtBot
) -> None:
    offer(desk, form, qtbot)
    nearby.take_number(1)
    form.place.place_at(22.55, 114.12)
    assert form.place.chosen is not None
    assert form.place.chosen.component is None


def test_nothing_near_is_said(
    desk: FakeDesk, form: ReportForm, nearby: NearbyComponents, qtbot: QtBot
) -> None:
    offer(desk, form, qtbot)
    form.place.place_at(22.55, 114.12)
    qtbot.waitUntil(lambda: len(asked(desk, NearQuery)) == 2)
    answer(desk, NearQuery, ComponentsReply(components=()))
    assert "no such component" in words(nearby)


# --- the case ---------------------------------------------------------------------------------


def test_a_case_shows_its_component(desk: FakeDesk, theme: Theme, qtbot: QtBot) -> None:
    selection = Selection()
    pane = DetailPane(desk.picture, selection, desk.picture.ask, theme)
    qtbot.addWidget(pane)
    case = replace(cases.one(State.FILED), component=ID)
    desk.show(case)
    selection.select(case.id)
    assert ID in words(pane)
    answer(desk, ComponentQuery, ComponentsReply(components=(LID,)))
    said = words(pane)
    assert f"{ID} · Damaged · invented" in said
    assert "Water Group, kept by Power Supply Bureau" in said


def test_the_register_s_unit_is_suggested_for_a_component_s_case(desk: FakeDesk) -> None:
    case = replace(cases.one(State.FILED), component=ID, component_unit=UnitId("power"))
    desk.show(case)
    assert desk.picture.responsible(case).lead == "power"
