"""Two desks and a real server: an administrator adds somebody, who comes in, chooses a password,
gets other posts and is disabled, each seen at the other desk."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from backend_client.credentials import Credentials
from case_server.database import open_database
from case_server.keeper import keeping
from casework.decider import Grant
from casework.replies import AccountRow
from casework.staff_list import new_account
from casework.terms import Role, UserId
from console.app import Desk, Options, Server
from tests.case_server.desk_kit import open_office
from tests.watchdesk.test_accounts import running

LI = UserId("li")
MINE = "my own horse"


def seat(qtbot: QtBot, app: QApplication, address: str, folder: Path, user: str, pw: str) -> Desk:
    """A desk with its window, signed in."""
    who = Credentials(user=user, password=pw)
    options = Options(
        servers=(Server(address, who),),
        settings_file=folder / f"{user}.ini",
        language="en",
        device=f"seat of {user}",
    )
    desk = Desk(options, app)
    qtbot.addWidget(desk.window)
    desk.window.show()
    desk.start()
    return desk


def test_a_person_is_added_comes_in_is_changed_and_disabled(
    tmp_path: Path, qtbot: QtBot, qapp: QApplication
) -> None:
    url = f"sqlite:///{tmp_path}/log.db"
    with open_office(url, practice=False):
        pass
    database = open_database(url)
    with keeping(database) as keeper:
        chief = (Grant(role=Role.ADMINISTRATOR),)
        adding = new_account(user="chief", name="主任", grants=chief, lasting=True)
        keeper.ask(adding, password="correct horse")
    database.close()
    with running(url) as address:
        first = seat(qtbot, qapp, address, tmp_path, "chief", "correct horse")
        desks = [first]
        try:
            _work_together(qtbot, qapp, address, tmp_path, desks)
        finally:
            for desk in desks:
                desk.stop()


def _work_together(
    qtbot: QtBot, qapp: QApplication, address: str, folder: Path, desks: list[Desk]
) -> None:
    chief = desks[0]
    people, page = chief.people, chief.window.pages.people

    def until(good: Callable[[], bool]) -> None:
        qtbot.waitUntil(good, timeout=20_000)

    def row() -> AccountRow:
        return people.rows.get(LI) or AccountRow(user=LI, version=0, name="", grants=())

    def held() -> tuple[Grant, ...]:
        welcome = li.picture.sites[0].welcome
        return welcome.grants if welcome is not None else ()

    until(lambda: people.known)
    assert chief.window.pages.currentWidget() is page
    page.begin_new()
    page.form.user.setText(LI)
    page.form.name.setText("李四")
    page.form.posts.line.setText("acceptor")
    page.form.want()
    until(lambda: page.once.password.text() != "")
    once = page.once.password.text()

    li = seat(qtbot, qapp, address, folder, LI, once)
    desks.append(li)
    pages, card = li.window.pages, li.window.pages.password
    until(lambda: pages.currentWidget() is card)
    until(lambda: row().seats == ("seat of li",))
    for field, text in ((card.old, once), (card.new, MINE), (card.again, MINE)):
        field.setText(text)
    card.go.click()
    until(lambda: pages.currentWidget() is pages.desk)
    until(lambda: not row().must_change)

    page.once.back.click()
    page.view.select_key(LI)
    page.form.posts.line.setText("observer")
    page.form.want()
    until(lambda: held() == (Grant(role=Role.OBSERVER),))
    until(lambda: row().grants == (Grant(role=Role.OBSERVER),))

    page.focus_rows()
    page.form.disable.click()
    until(lambda: page.form.disable.accessibleName().startswith("Disable: press again"))
    page.form.disable.click()
    until(lambda: pages.currentWidget() is li.window.sign_in)
    until(lambda: not row().enabled)
