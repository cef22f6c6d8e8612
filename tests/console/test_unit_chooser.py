"""What a dispatcher reads of units beside their names: trade, the city's note, what is assumed."""

import pytest
from msgspec.structs import replace
from pytestqt.qtbot import QtBot

from casework.rules.classification import Responsible
from casework.terms import Kind, UnitId
from casework.territory import Responsibility
from console import wording
from console.names import Names
from console.panes.dispatch import UnitChooser
from console.panes.ground import Ground
from console.site import Site
from tests.console import cases
from widgets.theme import Theme

POWER = UnitId("power")
NOTE = "小区内由物业负责"


@pytest.fixture
def units(theme: Theme, qtbot: QtBot) -> UnitChooser:
    units = UnitChooser(theme)
    qtbot.addWidget(units)
    units.show()
    return units


@pytest.fixture
def site() -> Site:
    site = Site("ws://127.0.0.1")
    site.take_rules(cases.rules())
    return site


def rows(units: UnitChooser) -> list[str]:
    return [units.list.item(row).text() for row in range(units.list.count())]


def hint(units: UnitChooser, site: Site, note: str, basis: str) -> str:
    entry = Responsibility(kind=Kind.COMPONENT, code="0101", note=note, basis=basis)
    units.offer(Responsible(POWER, ()), site, entry)
    return units._hint.text()


def test_a_unit_is_found_by_its_trade(units: UnitChooser, site: Site) -> None:
    units.offer(Responsible(POWER, ()), site)
    units.search.setText("电力")
    assert "Power Supply Bureau" in rows(units), "the trade has no English"


def test_in_chinese_a_unit_says_its_trade(
    units: UnitChooser, site: Site, request: pytest.FixtureRequest
) -> None:
    request.addfinalizer(lambda: wording.use(wording.ENGLISH))
    wording.use("zh_CN")
    units.offer(Responsible(POWER, ()), site)
    units.search.setText("电力")
    assert "深圳供电局 · 电力" in rows(units)


def test_the_city_s_note_on_the_class_is_read_before_the_dispatch(
    units: UnitChooser, site: Site
) -> None:
    assert hint(units, site, NOTE, "report") == NOTE


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (None, "The rule book names no unit for this class: choose."),
        (
            Responsibility(kind=Kind.COMPONENT, code="0101"),
            "No unit is named while the place is not known: choose.",
        ),
    ],
)
def test_why_no_unit_is_named_is_said(
    units: UnitChooser, site: Site, entry: Responsibility | None, said: str
) -> None:
    units.offer(Responsible(None, ()), site, entry)
    assert units._hint.text() == said


@pytest.mark.parametrize("basis", ["assumed", "invented", "implied: 3 of 5 records"])
def test_a_responsibility_that_no_source_names_says_so(
    units: UnitChooser, site: Site, basis: str
) -> None:
    assert hint(units, site, "", basis) == "Who answers for this class is assumed."


def test_a_responsibility_of_a_source_says_nothing(units: UnitChooser, site: Site) -> None:
    assert hint(units, site, "", "report: 一(二)") == ""


def test_an_invented_outline_says_so_beside_its_name() -> None:
    rules = cases.rules()
    one, other = (area for area in rules.areas[-2:])
    areas = (replace(one, invented=True), replace(other, invented=False))
    book = replace(rules, areas=areas)
    streets, _ = Ground(book).layers(Names(book))
    names = Names(book)
    said = [label.text for label in streets.names]
    assert said == [f"≈ {names.area(one.id)}", names.area(other.id)]
