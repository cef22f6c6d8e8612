"""Every list beside the queue as a file, and nobody's text a formula in any of them."""

import csv
import io
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QRectF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from backend_client.notices import Fetched
from casework.queries import BoxQuery, NearQuery, Query
from casework.replies import ComponentMark, ComponentsReply, MarksReply
from casework.terms import UserId
from console.component_book import ComponentBook
from console.export.csv import write_csv
from console.export.table import Origin, Table
from console.export.xlsx import write_xlsx
from console.panes.map import MapPane
from console.panes.nearby_components import NearbyComponents
from console.panes.place_words import Chosen
from console.panes.report_form import ReportForm
from console.selection import Selection
from console.settings import Settings
from tests.console import cases
from tests.console.export.reading import raw_parts, sheets
from tests.console.fake_desk import FakeDesk
from tests.console.test_components import HERE, ID, LID, class_of
from tests.console.test_people import LI, Office
from widgets.theme import Theme

ORIGIN = Origin(city="深圳市", by="陈静", at=cases.NOW)
EVIL = ("=1+1", "+1", "-1", "@SUM(1)", "\tx", "\rx", "＝1", " =1")
"""What a spreadsheet would reckon with, or that hides such a sign behind white space."""


def asked(desk: FakeDesk, kind: type[Query]) -> int:
    """The reference of the last question of a kind, 0 for none."""
    refs = (ref for ref, (_, query) in enumerate(desk.questions, 1) if isinstance(query, kind))
    return max(refs, default=0)


@pytest.fixture
def map_pane(desk: FakeDesk, theme: Theme, qtbot: QtBot) -> MapPane:
    pane = MapPane(desk.picture, Selection(), theme)
    qtbot.addWidget(pane)
    pane.resize(500, 700)
    pane.show()
    return pane


@pytest.fixture
def nearby(desk: FakeDesk, theme: Theme, qtbot: QtBot) -> NearbyComponents:
    """The report's form, of a class of components at a place."""
    form = ReportForm(theme)
    found = NearbyComponents(desk.picture, ComponentBook(desk.picture), form, theme)
    qtbot.addWidget(form)
    qtbot.addWidget(found)
    form.case_class.choose(class_of("0103"))
    form.place.choose(Chosen(point=HERE))
    qtbot.waitUntil(lambda: asked(desk, NearQuery) > 0)
    return found


@pytest.fixture
def office(qtbot: QtBot, theme: Theme, settings: Settings) -> Office:
    """The people's page of an administrator."""
    found = Office(qtbot, theme, settings)
    QTest.keyClick(found.window, Qt.Key.Key_F12)
    found.tell(LI)
    return found


def exported(office: Office) -> str:
    """Which pane the key would export now."""
    return type(office.window.outputs.pane).__name__


def is_plain(table: Table, said: str) -> bool:
    """Whether the text stands in both files, and computes in neither."""
    book = write_xlsx(table, ORIGIN)
    lines = csv.reader(io.StringIO(write_csv(table, ORIGIN).decode("utf-8-sig"), newline=""))
    fields = [field for line in lines for field in line]
    (cells,) = sheets(book)
    return (
        "<f" not in raw_parts(book).replace("<fo", "").replace("<fi", "")
        and said in [cell.text for cell in cells.values() if cell.type == "s"]
        and "'" + said in fields
        and said not in fields
    )


# --- components -------------------------------------------------------------------------------


def test_the_map_gives_the_districts_from_far_away(map_pane: MapPane, desk: FakeDesk) -> None:
    desk.show(*cases.cases(300))
    table = map_pane.as_table()
    live = [case for case in cases.cases(300) if not case.ended]
    assert sum(int(str(row[-1])) for row in table.rows) == len(live)
    assert all(sum(map(int, map(str, row[1:-1]))) == row[-1] for row in table.rows)


def test_the_map_gives_the_components_in_sight_from_near_by(
    map_pane: MapPane, desk: FakeDesk, qtbot: QtBot
) -> None:
    assert map_pane._ground is not None
    x, y = map_pane._ground.place(*HERE.degrees)
    map_pane.canvas.fit(QRectF(x - 50, y - 50, 100, 100))
    qtbot.waitUntil(lambda: asked(desk, BoxQuery) > 0)
    here = ComponentMark(id=ID, code="0103", point=HERE, state=LID.state)
    beyond = replace(HERE, lat=HERE.lat + 10_000)
    marks = (here, ComponentMark(id=ID, code="0103", point=beyond, state=LID.state))
    ref = asked(desk, BoxQuery)
    desk.hear(Fetched(ref=ref, body=MarksReply(marks=marks, more=True)))
    table = map_pane.as_table()
    assert [row[0] for row in table.rows] == [ID]
    assert table.wanted == "Not every component of this place: look closer."
    assert table.rows[0][4:6] == HERE.degrees


def test_components_near_a_report_are_given_with_their_keepers_and_metres(
    nearby: NearbyComponents, desk: FakeDesk
) -> None:
    assert nearby.as_table() is None
    found = ComponentsReply(components=(LID,))
    desk.hear(Fetched(ref=asked(desk, NearQuery), body=found))
    table = nearby.as_table()
    assert table is not None
    row = dict(zip([each.title for each in table.columns], table.rows[0], strict=True))
    assert (row["Id"], row["State"], row["Metres away"]) == (ID, "Damaged", 0)
    assert (row["Owner"], row["Invented"]) == ("Water Group", True)


def test_a_component_s_note_is_no_formula(nearby: NearbyComponents, desk: FakeDesk) -> None:
    every = tuple(replace(LID, note=said) for said in EVIL)
    desk.hear(Fetched(ref=asked(desk, NearQuery), body=ComponentsReply(components=every)))
    table = nearby.as_table()
    assert table is not None
    assert [said for said in EVIL if not is_plain(table, said)] == []


# --- people -----------------------------------------------------------------------------------


def test_a_person_s_name_is_no_formula(office: Office) -> None:
    people = [replace(LI, user=UserId(f"u{n}"), name=said) for n, said in enumerate(EVIL)]
    office.tell(*people)
    table = office.page.as_table()
    assert [said for said in EVIL if not is_plain(table, said)] == []


def test_a_list_of_people_is_given_with_what_each_line_comes_to(
    office: Office, tmp_path: Path
) -> None:
    file = tmp_path / "people.csv"
    file.write_text("user,name,roles\nsun,孙六,acceptor\n=x,周七,acceptor\n")
    office.page.begin_import()
    office.page.imports.file.setText(str(file))
    QTest.keyClick(office.page.imports.file, Qt.Key.Key_Return)
    table = office.page.imports.as_table()
    assert [row[:3] for row in table.rows] == [(2, "sun", False), (3, "=x", True)]
    assert is_plain(table, "=x")


def test_the_list_beside_the_people_is_what_the_key_exports_while_it_has_the_focus(
    office: Office, qtbot: QtBot
) -> None:
    office.page.begin_import()
    qtbot.waitUntil(office.page.imports.file.hasFocus)
    assert exported(office) == "PeopleImportPanel"
    office.page.focus_rows()
    qtbot.waitUntil(office.page.view.hasFocus)
    assert exported(office) == "PeoplePage"
