"""Keys of the commonest acts, counted: an operator without a mouse (docs/operator-guide.md).

Every count begins where an operator stands after the act before: on the rows of the queue, with
the next case open.
"""

import re
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from casework import acts, applications, claims
from casework.case import Waiting
from casework.decider import Command, Grant
from casework.terms import Application, Role, State
from console.settings import Settings
from console.window import DeskWindow
from tests.console import cases
from tests.console.fake_desk import FakeDesk
from widgets.theme import Theme

GUIDE = Path(__file__).parents[2] / "docs" / "operator-guide.md"
NO, CTRL = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier
KEYS = {
    "Enter": (Qt.Key.Key_Return, NO),
    "G": (Qt.Key.Key_G, NO),
    "N": (Qt.Key.Key_N, NO),
    "B": (Qt.Key.Key_B, NO),
    "1": (Qt.Key.Key_1, NO),
    "Ctrl+F": (Qt.Key.Key_F, CTRL),
}


class Operator:
    """One desk, one post; every key goes where the focus is, and is counted but for text."""

    def __init__(self, qtbot: QtBot, theme: Theme, settings: Settings, role: Role) -> None:
        self.qtbot = qtbot
        self.desk = FakeDesk()
        self.desk.join(replace(cases.welcome(), grants=(Grant(role=role),)))
        self.window = DeskWindow(self.desk.picture, self.desk.picture.ask, theme, settings)
        qtbot.addWidget(self.window)
        with qtbot.waitActive(self.window):
            self.window.show()
            self.window.activateWindow()
        every = [case for case in cases.cases(300) if not case.ended]
        first = next(case for case in every if case.state is State.DISPATCHED)
        waiting = Waiting(kind=Application.EXTENSION, since=cases.NOW)
        (own, *others) = first.assignments
        applied = replace(first, assignments=(replace(own, waiting=waiting), *others))
        self.desk.show(*every, applied)
        self.window.load_map()
        QApplication.processEvents()
        self.count = 0

    def at(self, box: str) -> "Operator":
        """On the first case of a box."""
        self.window.open_box(box)
        QApplication.processEvents()  # keys that were laid out anew are shown
        with self.qtbot.waitActive(self.window):
            self.window.activateWindow()
        self.window.queue.focus_rows()
        return self

    def press(self, *keys: str) -> "Operator":
        for key in keys:
            code, modifier = KEYS[key]
            QTest.keyClick(self.focus, code, modifier)
            self.count += 1
        return self

    def write(self, text: str) -> "Operator":
        QTest.keyClicks(self.focus, text)
        return self

    @property
    def focus(self) -> QWidget:
        found: QWidget | None = self.window.focusWidget()
        return self.window if found is None else found

    @property
    def asked(self) -> Command:
        return self.desk.sent[-1][4]


@pytest.mark.parametrize(
    ("role", "box", "keys", "most", "command"),
    [
        (Role.DISPATCHER, "filed", ("G",), 1, claims.TakeNext),
        (Role.INSPECTOR, "verifying", ("Enter",), 2, acts.VerifyReport),
        (Role.SHIFT_LEADER, "prefiled", ("Enter",), 2, acts.FileCase),
        (Role.SHIFT_LEADER, "applied", ("Enter",), 2, applications.ApproveApplication),
        (Role.INSPECTOR, "checking", ("Enter",), 2, acts.CheckCase),
        (Role.SHIFT_LEADER, "pending_close", ("Enter",), 2, acts.CloseCase),
        (Role.DISPATCHER, "filed", ("Enter",), 2, acts.DispatchCase),
        (Role.DISPATCHER, "filed", ("B", "1"), 3, acts.SendBack),
    ],
)
def test_an_act_takes_no_more_keys_than_the_guide_says(
    qtbot: QtBot,
    theme: Theme,
    settings: Settings,
    role: Role,
    box: str,
    keys: tuple[str, ...],
    most: int,
    command: type[Command],
) -> None:
    operator = Operator(qtbot, theme, settings, role).at(box).press(*keys)
    assert isinstance(operator.asked, command)
    assert operator.count <= most


def test_a_note_takes_two_keys_and_the_text(qtbot: QtBot, theme: Theme, settings: Settings) -> None:
    operator = Operator(qtbot, theme, settings, Role.DISPATCHER).at("filed")
    operator.press("N").write("called back").press("Enter")
    assert operator.asked == acts.AddNote(opinion="called back")
    assert operator.count <= 3


def test_a_case_is_found_by_two_keys_and_the_text(
    qtbot: QtBot, theme: Theme, settings: Settings
) -> None:
    operator = Operator(qtbot, theme, settings, Role.DISPATCHER).at("filed")
    number = operator.window.queue.table.key_at(3)
    operator.press("Ctrl+F").write(str(number)[-5:]).press("Enter")
    assert number in set(operator.window.queue.table.keys_shown())
    assert operator.count <= 3


def test_the_keys_are_the_queue_s_again_after_a_unit_was_looked_for(
    qtbot: QtBot, theme: Theme, settings: Settings
) -> None:
    operator = Operator(qtbot, theme, settings, Role.DISPATCHER).at("filed")
    operator.window.detail.acts.units.search.setFocus()
    operator.write("water").press("Enter").press("Enter")
    assert isinstance(operator.asked, acts.DispatchCase)
    assert operator.window.queue.view.hasFocus()


def test_a_key_is_heard_though_the_case_moves_in_the_same_moment(
    qtbot: QtBot, theme: Theme, settings: Settings
) -> None:
    operator = Operator(qtbot, theme, settings, Role.DISPATCHER).at("filed").press("B")
    case = operator.desk.picture.case(operator.window.selection.case)
    assert case is not None
    operator.desk.show(replace(case, version=case.version + 1))
    assert operator.window.detail.acts.prompt.isVisible()


def test_the_guide_tells_the_keys_that_are_counted_here() -> None:
    rows = re.findall(r"^\| ([^|]+) \| [^|]+ \| (\d) \|$", GUIDE.read_text("utf-8"), re.M)
    assert {name.strip(): int(count) for name, count in rows} == {
        "Take the next case": 1,
        "Verify": 1,
        "File": 1,
        "Approve": 1,
        "Check": 1,
        "Close": 1,
        "Dispatch to the lead unit": 1,
        "Note": 2,
        "Return": 2,
        "Find": 2,
    }
