"""The page of people: an administrator adds, changes, disables and resets, by keys alone; and
everybody's own password."""

import stat
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from backend_client.notices import Answered, Fetched, LinkState, Notice, Tick
from casework.decider import Command, Grant, Personal
from casework.enquiries import DepartureQuery, DepartureReply, UnitLeft
from casework.procedures.account import (
    AddAccount,
    ChangeGrants,
    ChangePassword,
    DescribeAccount,
    DisableAccount,
    EnableAccount,
    ResetPassword,
)
from casework.queries import AccountsQuery, Query
from casework.replies import AccountRow, AccountsReply, ReplyBody
from casework.terms import AreaId, CentreId, Role, UnitId, UserId
from casework.wire import Ack, Nack, Passwords
from console.panes.people import PeoplePage
from console.people import People
from console.picture import Heard
from console.settings import Settings
from console.window import DeskWindow
from tests.console import cases
from tests.console.fake_desk import FakeDesk
from widgets.check_combo import CheckCombo
from widgets.theme import Theme

Field = TypeVar("Field")

CHIEF = (Grant(role=Role.ADMINISTRATOR), Grant(role=Role.SHIFT_LEADER))
LI = AccountRow(
    user=UserId("li"),
    version=3,
    name="李四",
    grants=(Grant(role=Role.ACCEPTOR),),
    phone="13800002190",
    has_password=True,
)
WU = AccountRow(
    user=UserId("wu"),
    version=1,
    name="吴五",
    grants=(Grant(role=Role.DISPATCHER, areas=(AreaId("440305"),)),),
    enabled=False,
    has_password=True,
)


class Office:
    """A desk window with a server that speaks when the test says so."""

    def __init__(self, qtbot: QtBot, theme: Theme, settings: Settings, *grants: Grant) -> None:
        self.desk = FakeDesk()
        self.asked: list[tuple[str, int, Role, Command, Passwords | None]] = []
        self.questions: list[Query] = []
        self.people = People(self.desk.picture, self._send, self._fetch)
        self.window = DeskWindow(
            self.desk.picture, self.desk.picture.ask, theme, settings, people=self.people
        )
        qtbot.addWidget(self.window)
        self.window.show()
        self.window.activateWindow()
        qtbot.waitUntil(self.window.isActiveWindow)
        self.join(*grants)

    def _send(
        self,
        site: int,
        stream: str,
        base_version: int,
        role: Role,
        command: Command,
        passwords: Passwords | None = None,
    ) -> str:
        self.asked.append((stream, base_version, role, command, passwords))
        return f"people-{len(self.asked)}"

    def _fetch(self, _site: int, query: Query) -> int:
        self.questions.append(query)
        return len(self.questions)

    def join(self, *grants: Grant, must_change: bool = False) -> None:
        welcome = replace(cases.welcome(), grants=grants or CHIEF, must_change=must_change)
        self.desk.join(welcome)

    def hear(self, notice: Notice) -> None:
        self.people.hear(Heard(0, notice))

    def tell(self, *rows: AccountRow) -> None:
        """Answer the last question for the accounts."""
        self.hear(Fetched(ref=len(self.questions), body=AccountsReply(accounts=rows)))

    def reply(self, body: ReplyBody) -> None:
        """Answer the last question."""
        self.hear(Fetched(ref=len(self.questions), body=body))

    def answer(self, once: str = "") -> None:
        """Grant the last command."""
        id = f"people-{len(self.asked)}"
        ack = Ack(id=id, log=cases.LOG, number=9, stream="", version=4, once=once)
        self.hear(Answered(id=id, answer=ack))

    def refuse(self, code: str, **detail: str) -> None:
        """Refuse the last command."""
        id = f"people-{len(self.asked)}"
        self.hear(Answered(id=id, answer=Nack(id=id, code=code, detail=detail)))

    @property
    def page(self) -> PeoplePage:
        return self.window.pages.people


@pytest.fixture
def office(qtbot: QtBot, theme: Theme, settings: Settings) -> Office:
    opened = Office(qtbot, theme, settings)
    opened.window.pages.show_people()
    opened.tell(LI, WU)
    return opened


def press(widget: QWidget, key: Qt.Key, *, ctrl: bool = False) -> None:
    mod = Qt.KeyboardModifier.ControlModifier if ctrl else Qt.KeyboardModifier.NoModifier
    QTest.keyClick(widget, key, mod)


def told(office: Office) -> list[str]:
    """What the line over the top bar says."""
    strip = office.window.notice.refusal
    return [] if strip.isHidden() else [label.text() for label in strip.findChildren(QLabel)]


def shown(page: PeoplePage) -> list[str]:
    return [page.table.row_at(row).account.user for row in range(page.table.rowCount())]


# --- where people belong ------------------------------------------------------------------------


def test_f12_shows_the_people_to_an_administrator_and_goes_back(
    qtbot: QtBot, theme: Theme, settings: Settings
) -> None:
    office = Office(qtbot, theme, settings)
    pages = office.window.pages
    assert pages.currentWidget() is pages.desk
    press(office.window, Qt.Key.Key_F12)
    assert pages.currentWidget() is pages.people
    assert isinstance(office.questions[-1], AccountsQuery)
    office.desk.picture.sites_changed.emit()
    assert pages.currentWidget() is pages.people, "a busy server does not throw anybody out"
    press(office.window, Qt.Key.Key_F12)
    assert pages.currentWidget() is pages.desk


def test_nobody_else_gets_there(qtbot: QtBot, theme: Theme, settings: Settings) -> None:
    office = Office(qtbot, theme, settings, Grant(role=Role.SHIFT_LEADER))
    press(office.window, Qt.Key.Key_F12)
    assert office.window.pages.currentWidget() is office.window.pages.desk
    assert office.questions == []
    assert "The people are in sight of an administrator only." in told(office)
    office.window.top.fill_menu()
    assert not any("People" in action.text() for action in office.window.top.menu.actions())


def test_who_keeps_accounts_only_lands_on_the_people_and_stays(
    qtbot: QtBot, theme: Theme, settings: Settings
) -> None:
    office = Office(qtbot, theme, settings, Grant(role=Role.ADMINISTRATOR))
    pages = office.window.pages
    assert pages.currentWidget() is pages.people
    office.page.view.setFocus()
    press(office.page.view, Qt.Key.Key_Escape)
    assert pages.currentWidget() is pages.people
    office.join(Grant(role=Role.ACCEPTOR))
    assert pages.currentWidget() is pages.desk


def test_a_change_elsewhere_is_asked_for_and_shown(office: Office, qtbot: QtBot) -> None:
    before = len(office.questions)
    tick = Tick(log=cases.LOG, at=cases.NOW, milli_speed=1000, head=9, people=7)
    office.hear(tick)
    qtbot.waitUntil(lambda: len(office.questions) > before)
    office.tell(LI, replace(WU, enabled=True), replace(LI, user=UserId("xu"), name="徐"))
    assert sorted(shown(office.page)) == ["li", "wu", "xu"]
    office.hear(tick)
    assert not office.people._soon.isActive(), "the same number is no news"


MANY = tuple(
    replace(LI, user=UserId(f"p{number:02}"), name=f"人员{number:02}") for number in range(80)
)


def in_sight(page: PeoplePage) -> bool:
    """Whether the row of the person beside whom the fields stand can be seen whole."""
    row = page.view.visualRect(page.view.currentIndex())
    return bool(page.view.viewport().rect().contains(row))


def test_the_page_opens_with_its_person_in_sight(office: Office, qtbot: QtBot) -> None:
    office.tell(*MANY)
    office.page.view.select_key("p79")
    office.page.view.scrollToTop()
    assert not in_sight(office.page)
    office.window.pages.show_people()
    office.window.pages.show_people()
    qtbot.waitUntil(lambda: in_sight(office.page))


def test_the_person_stays_in_sight_while_others_come_and_go(office: Office) -> None:
    office.tell(*MANY)
    office.page.view.select_key("p20")
    assert in_sight(office.page)
    before = tuple(
        replace(LI, user=UserId(f"a{number}"), name=f"新人{number}") for number in range(60)
    )
    office.tell(*before, *MANY)
    assert in_sight(office.page)


def test_several_posts_of_one_person_are_ticked_by_keys(office: Office) -> None:
    """At night one person is acceptor, leader and dispatcher."""
    office.page.view.select_key("li")
    press(office.page.view, Qt.Key.Key_Return)
    posts = office.page.form.posts
    ticks = {post.role: post.held for post in posts._posts}
    for role in (Role.SHIFT_LEADER, Role.DISPATCHER):
        for _ in range(40):
            if ticks[role].hasFocus():
                break
            focused = QApplication.focusWidget()
            assert focused is not None
            press(focused, Qt.Key.Key_Tab)
        press(ticks[role], Qt.Key.Key_Space)
    assert {grant.role for grant in posts.grants()} == {
        Role.ACCEPTOR,
        Role.SHIFT_LEADER,
        Role.DISPATCHER,
    }


def test_the_filter_finds_names_posts_and_states(office: Office) -> None:
    for text, found in (("李", ["li"]), ("nanshan", ["wu"]), ("disabled", ["wu"]), ("zz", [])):
        office.page.filter.setText(text)
        assert shown(office.page) == found


def test_who_is_filtered_out_goes_while_the_arrows_hold_the_table(office: Office) -> None:
    page = office.page
    office.tell(*MANY, WU)
    page.view.select_key("p79")
    press(page.view, Qt.Key.Key_Up)
    assert page.table.is_held
    page.filter.setText("人员1")
    page.filter.setFocus()
    press(page.filter, Qt.Key.Key_Return)
    assert shown(page) == [f"p{number}" for number in range(10, 20)]
    press(page.view, Qt.Key.Key_Down)
    assert (page.view.selected_key(), page.form.user.text()) == ("p11", "p11")
    assert in_sight(page)


def test_the_chosen_person_stays_chosen_and_in_sight_through_a_filter(
    office: Office, qtbot: QtBot
) -> None:
    page = office.page
    office.tell(*MANY, WU)
    page.view.select_key("p79")
    page.filter.setText("人员7")
    assert (page.view.selected_key(), page.form.user.text()) == ("p79", "p79")
    page.filter.clear()
    assert page.view.selected_key() == "p79"
    qtbot.waitUntil(lambda: in_sight(page))


def test_a_filter_that_nobody_matches_leaves_nobody_to_act_on(office: Office) -> None:
    page = office.page
    page.view.select_key("li")
    page.filter.setText("zz")
    assert not page.form.isVisible()
    page.filter.clear()
    assert page.form.isVisible()
    assert page.form.user.text() == page.view.selected_key()


def test_the_heading_counts_who_matches(office: Office) -> None:
    office.page.filter.setText("李")
    assert office.page.count.text() == "1 of 2 people"


def test_esc_in_the_rows_lets_everybody_back_before_it_leaves(office: Office) -> None:
    page, pages = office.page, office.window.pages
    page.filter.setText("李")
    page.focus_rows()
    press(page.view, Qt.Key.Key_Escape)
    assert sorted(shown(page)) == ["li", "wu"]
    assert pages.currentWidget() is page
    press(page.view, Qt.Key.Key_Escape)
    assert pages.currentWidget() is pages.desk


# --- one account -------------------------------------------------------------------------------


def test_somebody_is_added_by_keys_and_the_password_is_shown_once(
    office: Office, qtbot: QtBot
) -> None:
    page, form = office.page, office.page.form
    press(office.window, Qt.Key.Key_N, ctrl=True)
    QTest.keyClicks(form.user, "xu")
    QTest.keyClicks(form.name, "Xu Liu")
    QTest.keyClicks(form.posts.line, "acceptor; unit:greening")
    press(form.posts.line, Qt.Key.Key_Return, ctrl=True)
    ((stream, _, role, command, passwords),) = office.asked
    assert (stream, role, passwords) == ("", Role.ADMINISTRATOR, Passwords())
    held = (Grant(role=Role.ACCEPTOR), Grant(role=Role.UNIT, unit=UnitId("greening")))
    assert command == AddAccount(user="xu", name="Xu Liu", grants=held)
    assert page.beside.currentWidget() is form, "nothing looks done before it is"
    office.answer(once="k7mp-q2xz-9hwd")
    assert page.once.password.text() == "k7mp-q2xz-9hwd"
    press(page.once.copy, Qt.Key.Key_C, ctrl=True)
    qtbot.waitUntil(lambda: QGuiApplication.clipboard().text() == "k7mp-q2xz-9hwd")
    press(page.once.copy, Qt.Key.Key_Escape)
    assert page.once.password.text() == ""
    assert page.beside.currentWidget() is form


def test_what_the_rule_book_forbids_is_told_before_it_is_sent(office: Office) -> None:
    form = office.page.form
    office.page.begin_new()
    for text, said in (
        ("mayor", 'There is no post "mayor".'),
        ("unit:nobody", "The rule book has no unit nobody."),
        ("", "Give at least one post."),
    ):
        form.posts.line.setText(text)
        form.want()
        assert form.answer.text() == said
    assert office.asked == []


def test_a_name_and_posts_are_changed_one_after_the_other(office: Office) -> None:
    page, form = office.page, office.page.form
    page.view.select_key("li")
    press(page.view, Qt.Key.Key_Return)
    assert form.name.hasFocus()
    form.name.setText("李敏")
    form.posts.line.setText("dispatcher/440300")
    form.want()
    change = ChangeGrants(grants=(Grant(role=Role.DISPATCHER, centre=CentreId("440300")),))
    assert office.questions[-1] == DepartureQuery(user=LI.user, grants=change.grants)
    office.reply(DepartureReply(user=LI.user))
    assert [(asked[0], asked[1], asked[3]) for asked in office.asked] == [("account/li", 3, change)]
    office.answer()
    told = DescribeAccount(name="李敏", personal=Personal(phone="13800002190"))
    assert office.asked[-1][:2] == ("account/li", 4)
    assert office.asked[-1][3] == told


def test_a_refusal_is_told_and_nothing_more_is_sent(office: Office) -> None:
    form = office.page.form
    office.page.view.select_key("li")
    form.name.setText("李敏")
    form.posts.line.setText("observer")
    form.want()
    office.reply(DepartureReply(user=LI.user))
    office.refuse("account.last_administrator", user="li")
    assert form.answer.text() == "li is the last administrator: name another first."
    assert len(office.asked) == 1


def test_nothing_changed_is_nothing_sent(office: Office) -> None:
    office.page.view.select_key("li")
    office.page.form.want()
    assert office.asked == []


def last(office: Office) -> Command | None:
    """The command asked for last."""
    return office.asked[-1][3] if office.asked else None


def test_disabling_takes_the_key_twice_and_letting_in_again_once(
    office: Office, qtbot: QtBot
) -> None:
    page = office.page
    page.view.select_key("li")
    press(page.view, Qt.Key.Key_F7)
    qtbot.waitUntil(lambda: office.questions[-1] == DepartureQuery(user=LI.user))
    office.reply(DepartureReply(user=LI.user))
    assert page._confirming == "li"
    assert office.asked == []
    press(page.view, Qt.Key.Key_F7)
    qtbot.waitUntil(lambda: last(office) == DisableAccount())
    office.answer()
    page.view.select_key("wu")
    press(page.view, Qt.Key.Key_F7)
    qtbot.waitUntil(lambda: last(office) == EnableAccount())


def test_disabling_the_only_officer_of_a_unit_says_so_before_it_asks_again(
    office: Office,
) -> None:
    office.page.view.select_key("li")
    office.page.form.disable.click()
    assert office.questions[-1] == DepartureQuery(user=LI.user)
    unit = cases.rules().units[0]
    left = UnitLeft(unit=unit.id, cases=12)
    office.reply(DepartureReply(user=LI.user, units=(left,), in_hand=2))
    said = office.page.form.answer.text()
    name = office.people.names.unit(unit.id)
    assert f"The only enabled officer of {name}, with 12 open cases." in said
    assert "Has 2 open cases in hand." in said
    office.page.form.disable.click()
    assert last(office) == DisableAccount()


def give_up(office: Office) -> ChangeGrants:
    """The fields say that Li is an observer only; saved once."""
    office.page.view.select_key("li")
    office.page.form.posts.line.setText("observer")
    office.page.form.want()
    return ChangeGrants(grants=(Grant(role=Role.OBSERVER),))


def test_taking_a_unit_s_last_officer_away_says_so_and_takes_the_key_twice(office: Office) -> None:
    change = give_up(office)
    assert office.questions[-1] == DepartureQuery(user=LI.user, grants=change.grants)
    unit = cases.rules().units[0]
    office.reply(DepartureReply(user=LI.user, units=(UnitLeft(unit=unit.id, cases=12),)))
    form, name = office.page.form, office.people.names.unit(unit.id)
    assert form.answer.text() == f"The only enabled officer of {name}, with 12 open cases."
    assert form.save.accessibleName().startswith("Save: press again")
    assert office.asked == []
    form.want()
    assert last(office) == change


def test_posts_that_nobody_misses_are_taken_away_at_once(office: Office) -> None:
    change = give_up(office)
    assert office.asked == []
    office.reply(DepartureReply(user=LI.user))
    assert last(office) == change


def test_other_posts_than_those_that_were_confirmed_are_asked_about_anew(office: Office) -> None:
    give_up(office)
    office.reply(DepartureReply(user=LI.user, in_hand=2))
    office.page.form.posts.line.setText("observer@440305")
    office.page.form.want()
    assert office.asked == []
    assert isinstance(office.questions[-1], DepartureQuery)
    assert not office.page.form.save.accessibleName().startswith("Save: press again")


def test_a_post_more_takes_nothing_away_and_is_given_at_once(office: Office) -> None:
    office.page.view.select_key("li")
    office.page.form.posts.line.setText("acceptor; observer")
    office.page.form.want()
    assert last(office) == ChangeGrants(
        grants=(Grant(role=Role.ACCEPTOR), Grant(role=Role.OBSERVER))
    )


def test_what_stays_behind_is_said_of_the_person_in_sight_only(office: Office) -> None:
    office.page.view.select_key("li")
    office.page.form.disable.click()
    office.page.view.select_key("wu")
    office.reply(DepartureReply(user=LI.user, in_hand=2))
    assert office.page.form.answer.text() == ""


def test_another_person_is_not_disabled_by_a_key_pressed_for_the_first(office: Office) -> None:
    page = office.page
    office.tell(LI, replace(WU, enabled=True))
    for user in ("li", "wu"):
        page.view.select_key(user)
        page.form.disable.click()
    assert office.asked == []


def test_a_reset_shows_the_new_password(office: Office, qtbot: QtBot) -> None:
    page = office.page
    page.view.select_key("li")
    press(page.view, Qt.Key.Key_F8)
    qtbot.waitUntil(lambda: page._resetting == "li")
    assert office.asked == []
    press(page.view, Qt.Key.Key_F8)
    qtbot.waitUntil(lambda: last(office) == ResetPassword())
    assert office.asked[-1][4] == Passwords()
    office.answer(once="k7mp-q2xz-9hwd")
    assert page.beside.currentWidget() is page.once
    assert page.once.title.text() == "One-time password of li"


def test_no_other_key_and_no_other_person_is_the_second_press_of_a_reset(office: Office) -> None:
    page = office.page
    page.view.select_key("li")
    page.form.reset.click()
    page.form.disable.click()
    page.form.reset.click()
    page.view.select_key("wu")
    page.form.reset.click()
    assert office.asked == []


def test_a_save_between_the_two_presses_of_a_reset_begins_them_anew(office: Office) -> None:
    page = office.page
    page.view.select_key("li")
    page.form.reset.click()
    page.form.name.setText("李五")
    page.form.save.click()
    page.form.reset.click()
    assert [type(command) for _, _, _, command, _ in office.asked] == [DescribeAccount]


def test_what_somebody_types_is_not_written_over(office: Office) -> None:
    page = office.page
    page.view.select_key("li")
    press(page.view, Qt.Key.Key_Return)
    page.form.name.setText("half a na")
    office.tell(replace(LI, seats=("坐席 07",)), WU)
    assert page.form.name.text() == "half a na"


def test_the_people_in_sight_are_exported_as_they_are_sorted(office: Office) -> None:
    office.page.filter.setText("李")
    table = office.page.as_table()
    assert table.wanted == "李"
    assert [line[:3] for line in table.rows] == [("li", "李四", "acceptor")]
    assert len(table.rows[0]) == len(table.columns)
    assert office.page.filter.text() == "李"


# --- posts ---------------------------------------------------------------------------------------


def there(field: Field | None) -> Field:
    """A field that the line of a role must have."""
    assert field is not None
    return field


def test_ticks_write_the_short_form_and_the_short_form_ticks(office: Office) -> None:
    posts = office.page.form.posts
    office.page.begin_new()
    dispatcher = posts._posts[list(Role).index(Role.DISPATCHER)]
    dispatcher.held.click()
    areas = there(dispatcher.areas)
    areas.tick([AreaId("440305"), AreaId("440303")])
    areas.ticked.emit()
    there(dispatcher.centre).setCurrentIndex(1)
    assert posts.line.text() == "dispatcher@440303@440305/440300"
    press(posts.line, Qt.Key.Key_End)
    QTest.keyClicks(posts.line, "; acceptor")
    assert posts._posts[0].held.isChecked()
    assert len(posts.grants()) == 2


def test_an_inspector_s_grids_are_chosen_from_the_rule_book_s(office: Office) -> None:
    posts = office.page.form.posts
    office.page.begin_new()
    inspector = posts._posts[list(Role).index(Role.INSPECTOR)]
    inspector.held.click()
    grid = cases.rules().responsibility_grids[7]
    grids = there(inspector.grids)
    offered = dict(grids._offered)
    assert len(offered) == len(cases.rules().responsibility_grids)
    assert grid.name in offered[grid.id]
    grids.tick([grid.id])
    grids.ticked.emit()
    assert posts.grants() == (Grant(role=Role.INSPECTOR, grids=(grid.id,)),)


def test_a_grid_that_the_rule_book_does_not_know_stays_in_the_line(office: Office) -> None:
    posts = office.page.form.posts
    gone = Grant(role=Role.INSPECTOR, grids=("gone-01",))
    posts.show_grants([gone])
    assert posts.grants() == (gone,)
    assert posts.answer.text() == "Ticks cannot say this; change the line below."


def test_what_ticks_cannot_say_is_left_to_the_line(office: Office) -> None:
    posts = office.page.form.posts
    twice = (
        Grant(role=Role.DISPATCHER, centre=CentreId("440300")),
        Grant(role=Role.DISPATCHER, areas=(AreaId("440305"),)),
    )
    posts.show_grants(twice)
    assert posts.grants() == twice
    assert not posts._posts[0].held.isEnabled()
    assert posts.answer.text()
    posts.show_grants(twice[:1])
    assert posts._posts[0].held.isEnabled()


def test_no_field_of_a_role_that_cannot_use_it_is_made(office: Office) -> None:
    """A field without a place would be a window of its own, dressed with every change of looks."""
    made = office.page.form.posts.findChildren(CheckCombo)
    held = [where for post in office.page.form.posts._posts for where in post.listed()]
    assert set(made) == set(held)


@pytest.mark.qt_log_ignore(r"This plugin does not support", extend=True)
def test_areas_are_ticked_by_keys(office: Office) -> None:
    office.page.begin_new()
    areas = there(office.page.form.posts._posts[0].areas)
    office.page.form.posts._posts[0].held.click()
    press(areas, Qt.Key.Key_Down)
    areas.list.setCurrentIndex(areas.model().index(0, 0))
    press(areas.list, Qt.Key.Key_Space)
    assert office.page.form.posts.line.text() == "acceptor@440303"


# --- a list --------------------------------------------------------------------------------------

LIST = """\
user,name,roles
xu,徐六,acceptor
wu,吴五,acceptor
yu,于七,mayor
li,李敏,acceptor
"""


def importing(office: Office, folder: Path) -> Callable[[], None]:
    (folder / "people.csv").write_text(LIST, "utf-8")
    press(office.page.view, Qt.Key.Key_I, ctrl=True)
    panel = office.page.imports
    panel.file.setText(str(folder / "people.csv"))
    press(panel.file, Qt.Key.Key_Return)
    return panel.take


def test_a_list_is_shown_before_it_is_taken(office: Office, tmp_path: Path) -> None:
    importing(office, tmp_path)
    panel = office.page.imports
    lines = [panel.table.row_at(row) for row in range(panel.table.rowCount())]
    assert [(line.line, line.user, line.bad) for line in lines] == [
        (2, "xu", False),
        (3, "wu", True),
        (4, "yu", True),
        (5, "li", False),
    ]
    assert panel.said.text() == "1 to add, 1 to change, 0 as listed already, 2 refused"
    assert office.asked == []


def test_a_list_is_taken_line_by_line_and_passwords_are_their_owners(
    office: Office, tmp_path: Path
) -> None:
    importing(office, tmp_path)()
    panel = office.page.imports
    assert isinstance(office.asked[-1][3], AddAccount)
    office.answer(once="k7mp-q2xz-9hwd")
    assert isinstance(office.asked[-1][3], DescribeAccount)
    office.refuse("account.stale")
    slips = tmp_path / "people.passwords.txt"
    assert slips.read_text("utf-8") == "xu\t徐六\tk7mp-q2xz-9hwd\n"
    assert stat.S_IMODE(slips.stat().st_mode) == 0o600
    assert panel.said.text().startswith("1 done, 3 refused.")
    users = [panel.table.row_at(row).user for row in range(panel.table.rowCount())]
    assert users == ["wu", "yu", "li"], "what was refused before is not forgotten"
    assert office.page.beside.currentWidget() is panel


def test_taking_a_list_keeps_the_focus_in_it(office: Office, tmp_path: Path) -> None:
    importing(office, tmp_path)
    panel = office.page.imports
    press(panel.go, Qt.Key.Key_Return, ctrl=True)
    assert panel.work.running
    assert panel.view.hasFocus()


def test_the_words_of_the_chosen_line_stand_whole(office: Office, tmp_path: Path) -> None:
    importing(office, tmp_path)
    panel = office.page.imports
    panel.view.select_key(panel.table.key_at(2))
    assert panel.whole.text() == panel.table.row_at(2).said


def test_an_impatient_server_is_given_time(office: Office, tmp_path: Path, qtbot: QtBot) -> None:
    importing(office, tmp_path)()
    office.refuse("session.too_fast")
    qtbot.waitUntil(lambda: len(office.asked) == 2)
    assert office.asked[0][3] == office.asked[1][3]


def test_a_file_that_is_not_there_is_said(office: Office, tmp_path: Path) -> None:
    office.page.begin_import()
    office.page.imports.file.setText(str(tmp_path / "none.csv"))
    office.page.imports.read()
    assert "none.csv cannot be read" in office.page.imports.answer.text()


# --- one's own password ---------------------------------------------------------------------------


def test_a_given_password_is_changed_before_anything_else(
    qtbot: QtBot, theme: Theme, settings: Settings
) -> None:
    office = Office(qtbot, theme, settings)
    office.join(must_change=True)
    pages, card = office.window.pages, office.window.pages.password
    assert pages.currentWidget() is card
    press(office.window, Qt.Key.Key_F12)
    assert pages.currentWidget() is card
    for field, text in ((card.old, "given"), (card.new, "my own one"), (card.again, "my own one")):
        QTest.keyClicks(field, text)
    card.again.setFocus()
    press(card.again, Qt.Key.Key_Return)
    assert office.asked[-1][3:] == (ChangePassword(), Passwords(old="given", new="my own one"))
    assert card.new.text() == "", "what was typed is forgotten"
    office.answer()
    office.desk.link(LinkState.LOST, "password.changed")
    office.join()
    assert pages.currentWidget() is pages.desk


def test_two_new_passwords_that_differ_are_not_sent(
    qtbot: QtBot, theme: Theme, settings: Settings
) -> None:
    office = Office(qtbot, theme, settings)
    office.window.pages.show_password()
    card = office.window.pages.password
    card.old.setText("old one")
    card.new.setText("my own one")
    card.again.setText("my own two")
    card.go.click()
    assert card.answer.text() == "The two new passwords differ."
    assert office.asked == []


def test_the_own_password_is_changed_at_will(
    qtbot: QtBot, theme: Theme, settings: Settings
) -> None:
    office = Office(qtbot, theme, settings, Grant(role=Role.ACCEPTOR))
    pages = office.window.pages
    pages.show_password()
    for field in (pages.password.old, pages.password.new, pages.password.again):
        field.setText("my own one" if field is not pages.password.old else "old one")
    pages.password.go.click()
    assert office.asked[-1][:3] == (f"account/{cases.welcome().user}", 0, Role.ACCEPTOR)
    office.refuse("password.wrong")
    assert pages.password.answer.text() == "The old password is wrong."
    pages.password.changed()
    press(pages.password.back, Qt.Key.Key_Escape)
    assert pages.currentWidget() is pages.desk


# --- the unit's desk ------------------------------------------------------------------------------


def test_a_unit_sees_only_boxes_that_can_hold_its_cases(
    qtbot: QtBot, theme: Theme, settings: Settings
) -> None:
    office = Office(qtbot, theme, settings, Grant(role=Role.UNIT, unit=UnitId("greening")))
    keys = [box.key for box in office.window.boxes.boxes]
    links = ["dispatched", "handling", "suspended", "feedback", "checking", "pending_close"]
    assert keys == [*links, "applied", "urged", "soon", "late", "closed"]
    assert office.window.queue._box.key == "dispatched"
    press(office.window, Qt.Key.Key_2, ctrl=True)
    assert office.window.queue._box.key == "handling"
    press(office.window, Qt.Key.Key_9, ctrl=True)
    assert office.window.queue._box.key == "soon"
    press(office.window, Qt.Key.Key_N, ctrl=True)
    assert office.window.below.currentWidget() is office.window.detail
    assert "Cases are reported by acceptors and inspectors only." in told(office)
