"""出處 and 處理類型 at the desk: what a limit rests on, what is shirked, who may file specially."""

import pytest
from msgspec.structs import replace
from pytestqt.qtbot import QtBot

from casework.acts import FileCase, Handling
from casework.case import Case
from casework.decider import Personal
from casework.pack.files import MARKS
from casework.rules.origins import Listed
from casework.scheme import CaseClass
from casework.terms import Kind, Role, State
from console.dossier import Dossier, facts
from console.names import Names
from console.offers import SPECIAL_KEY, Said, offers
from console.origins import LISTS, ORIGINS, origin, told, whole_origin
from console.panes.class_field import ClassField
from console.panes.detail import DetailPane
from console.selection import Selection
from tests.console import cases
from tests.console.fake_desk import FakeDesk
from widgets.theme import Theme

LITTER = cases.rules().case_class(Kind.INCIDENT, "0102")
"""暴露垃圾: its limit of two hours stands in the annual report."""


class Seat:
    """A desk at which one case after the other is opened."""

    def __init__(self, desk: FakeDesk, theme: Theme, qtbot: QtBot) -> None:
        self.desk, self.selection = desk, Selection()
        self.pane = DetailPane(desk.picture, self.selection, desk.wishes.append, theme)
        qtbot.addWidget(self.pane)

    def fact(self, case: Case, name: str) -> str:
        """What the case's pane says of it."""
        self.desk.show(case)
        self.selection.select(case.id)
        self.desk.answer_questions()
        return self.pane.facts.values[name].text()


@pytest.fixture
def seat(desk: FakeDesk, theme: Theme, qtbot: QtBot) -> Seat:
    return Seat(desk, theme, qtbot)


def of_class(of: CaseClass) -> Case:
    """A case that was filed by the first condition of this class."""
    first = of.conditions[0]
    filed = cases.one(State.DISPATCHED)
    return replace(
        filed, kind=of.kind, code=of.code, name=of.name, condition=first.id, limit=first.general
    )


def test_every_mark_and_every_list_has_its_words() -> None:
    assert ORIGINS.keys() == set(MARKS)
    assert LISTS.keys() == set(Listed)


def test_the_limit_says_what_it_rests_on(seat: Seat) -> None:
    assert LITTER is not None
    said = seat.fact(of_class(LITTER), "limit")
    assert said == "2 h, day and night · from the annual report"


def test_the_sheet_of_the_case_says_all_that_is_known_of_its_limit() -> None:
    assert LITTER is not None
    case, names = of_class(LITTER), Names(cases.rules())
    of = Dossier(case, Personal(), (), LITTER, names)
    assert of.limit_rests_on.startswith("from the annual report: general limit of 2 h; its clock")
    titles = [fact.title for fact in facts(of)]
    assert titles[titles.index("Limit") + 1] == "The limit rests on"
    assert facts(of._replace(case=replace(case, shirked=2)))[-1].value == 2


def test_a_limit_of_ours_says_so(seat: Seat) -> None:
    of = next(o for o in cases.rules().scheme.classes if o.conditions[:1] != () and o != LITTER)
    assert seat.fact(of_class(of), "limit").endswith(" · assumed")


def test_a_limit_that_the_rule_book_has_no_more_rests_on_nothing(seat: Seat) -> None:
    assert LITTER is not None
    extended = LITTER.conditions[0].extended
    assert extended is not None
    old = replace(of_class(LITTER), limit=replace(extended, milli=extended.milli + 1000))
    assert "·" not in seat.fact(old, "limit")


def test_a_mark_that_nobody_knows_is_shown_as_it_is() -> None:
    assert (origin("hearsay: a friend"), whole_origin("hearsay: a friend")) == (
        "hearsay",
        "hearsay: a friend",
    )


def test_each_condition_of_the_picker_says_what_it_rests_on(theme: Theme, qtbot: QtBot) -> None:
    field = ClassField(theme)
    qtbot.addWidget(field)
    field.follow_rules(cases.rules(), Names(cases.rules()))
    assert LITTER is not None
    field.choose(LITTER)
    assert field.condition.itemText(0).endswith(" · from the annual report")


def test_the_page_of_keys_counts_what_of_the_city_is_assumed() -> None:
    lines = list(told(cases.rules()))
    assert "Filing conditions and limits: 150 assumed · 3 from the annual report" in lines
    assert "Responsibility grids: 195 invented" in lines


def test_what_was_shirked_stands_with_the_state(seat: Seat) -> None:
    case = replace(cases.one(State.DISPATCHED), shirked=2)
    assert seat.fact(case, "state").endswith(" · shirked 2")


def test_only_a_component_may_be_filed_specially() -> None:
    scheme = cases.rules().scheme.classes
    case = cases.one(State.PREFILED)
    for kind in Kind:
        of = next(each for each in scheme if each.kind is kind)
        found = {offer.name: offer for offer in offers(case, cases.ACTOR, of, cases.rules())}
        assert ("file_special" in found) is (kind is Kind.COMPONENT)
    offer = found["file_special"]
    assert (offer.key, offer.role) == (SPECIAL_KEY, Role.SHIFT_LEADER)
    assert offer.command(Said()) == FileCase(handling=Handling.SPECIAL)
