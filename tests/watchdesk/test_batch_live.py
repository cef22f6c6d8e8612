"""A shift leader's desk and a real server: twenty applications are approved as one set, two of them
are in a colleague's hands; then the whole set is taken back."""

from collections.abc import Callable
from pathlib import Path

from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from backend_client.credentials import Credentials
from case_server import journal
from case_server.database import open_database
from case_server.keeper import keeping
from casework import acts, applications, claims
from casework.decider import Actor, Grant
from casework.pack import digest, encode_rules
from casework.rulebook import ApplicationRule
from casework.staff_list import new_account
from casework.terms import Application, Role, State, UserId
from console.app import Desk, Options, Server
from tests.case_server.desk_kit import (
    BIRTH,
    LOG,
    RULES,
    WATER_CREW,
    open_office,
)
from tests.watchdesk.test_accounts import running

LEADER = (Grant(role=Role.SHIFT_LEADER),)
CHIEF = new_account(user="chief", name="主任", grants=LEADER, lasting=True)
COLLEAGUE = Actor(user=UserId("li"), grants=LEADER, device="li")
SET, HELD, TO_THE_UNIT = 20, 2, 3
PASSWORD = "our own horse"
CTRL = Qt.KeyboardModifier.ControlModifier


def apply_for_twenty(url: str) -> None:
    """A log with twenty cases whose unit asks for more time, two of them held by a colleague."""
    rule = ApplicationRule(kind=Application.EXTENSION)
    rules = replace(RULES, applications=(rule,))
    database = open_database(url)
    journal.create_log(
        database.writer,
        log=LOG,
        practice=False,
        rules=rules,
        rules_bytes=encode_rules(rules),
        digest=digest(rules),
        at=BIRTH,
    )
    with keeping(database) as keeper:
        keeper.ask(CHIEF, password=PASSWORD)
    database.close()
    asking = applications.ApplyFor(kind=Application.EXTENSION, reason="", opinion="more rain")
    with open_office(url) as office:
        for number in range(SET):
            ack = office.live_through(TO_THE_UNIT)
            ack = office.accepted(WATER_CREW, acts.AcceptWork(), ack.stream, ack.version)
            ack = office.accepted(WATER_CREW, asking, ack.stream, ack.version)
            if number < HELD:
                office.accepted(COLLEAGUE, claims.ClaimCase(), ack.stream, ack.version)


class Leader:
    """One desk, worked by keys."""

    def __init__(self, qtbot: QtBot, desk: Desk) -> None:
        self.qtbot, self.desk, self.window = qtbot, desk, desk.window
        self.said: Callable[[], str] = self.window.batch.result._count.text

    def until(self, good: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(good, timeout=30_000)

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier) -> None:
        focus: QWidget | None = self.window.focusWidget()
        assert focus is not None
        QTest.keyClick(focus, key, modifier)

    @property
    def waiting(self) -> int:
        """Cases whose application waits, as this desk sees them."""
        return sum(case.application is not None for case in self.desk.picture.cases())


def test_twenty_applications_are_approved_as_one_set_and_taken_back(
    tmp_path: Path, qtbot: QtBot, qapp: QApplication
) -> None:
    url = f"sqlite:///{tmp_path}/log.db"
    apply_for_twenty(url)
    with running(url) as address:
        options = Options(
            servers=(Server(address, Credentials(user="chief", password=PASSWORD)),),
            settings_file=tmp_path / "chief.ini",
            language="en",
        )
        desk = Desk(options, qapp)
        qtbot.addWidget(desk.window)
        with qtbot.waitActive(desk.window):
            desk.window.show()
            desk.window.activateWindow()
        desk.start()
        try:
            approve_and_undo(Leader(qtbot, desk))
        finally:
            desk.stop()


def approve_and_undo(leader: Leader) -> None:
    window, preview = leader.window, leader.window.batch.preview
    leader.until(lambda: leader.waiting == SET)
    window.open_box("applied")
    window.queue.focus_rows()
    plain = Qt.KeyboardModifier.NoModifier
    leader.press(Qt.Key.Key_A, CTRL)
    assert len(window.selection.batch) == SET
    leader.press(Qt.Key.Key_Return, plain)
    assert preview._count.text() == "20 cases: 18 will be done, 2 cannot"
    assert [row.said for row in preview.table.shown()[:HELD]] == ["✕ li has this case in hand."] * 2
    leader.press(Qt.Key.Key_Return, plain)
    leader.until(lambda: leader.said() == "18 of 18 done" and leader.waiting == HELD)
    held = [case for case in leader.desk.picture.cases() if case.application is not None]
    assert window.selection.marks == {case.id for case in held}
    with leader.qtbot.waitActive(window):
        window.activateWindow()
    leader.press(Qt.Key.Key_Z, CTRL)
    leader.until(lambda: leader.said() == "18 of 18 done" and leader.waiting == SET)
    states = {case.state for case in leader.desk.picture.cases()}
    assert states == {State.HANDLING}
    assert window.batch.result._title.text() == "Undo"
