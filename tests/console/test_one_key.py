"""A key that two acts of one case claim does neither: Qt calls it ambiguous and fires none."""

from collections import Counter
from itertools import chain

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from pytestqt.qtbot import QtBot

from casework.decider import Grant
from casework.terms import Role, State
from console.settings import Settings
from console.window import DeskWindow
from tests.console import cases
from tests.console.fake_desk import FakeDesk
from widgets.theme import Theme

_POSTS = (Role.ACCEPTOR, Role.SHIFT_LEADER, Role.DISPATCHER, Role.INSPECTOR)
HELD = ((Role.DISPATCHER,), _POSTS)
ANYWHERE = (Qt.ShortcutContext.WindowShortcut, Qt.ShortcutContext.ApplicationShortcut)


def is_seen(parent: QObject | None) -> bool:
    return isinstance(parent, QWidget) and parent.isVisible()


def keys(window: DeskWindow) -> Counter[str]:
    """Every key that is heard anywhere in the window now, and by how many."""
    shortcuts = (
        each.key().toString()
        for each in window.findChildren(QShortcut)
        if each.context() in ANYWHERE and each.isEnabled() and is_seen(each.parent())
    )
    buttons = (
        each.shortcut().toString()
        for each in window.findChildren(QAbstractButton)
        if each.isVisible() and not each.shortcut().isEmpty()
    )
    return Counter(chain(shortcuts, buttons))


@pytest.mark.parametrize("held", HELD, ids="+".join)
def test_no_key_of_the_desk_does_two_things(
    held: tuple[Role, ...], desk: FakeDesk, theme: Theme, settings: Settings, qtbot: QtBot
) -> None:
    desk.join(replace(cases.welcome(), grants=tuple(Grant(role=role) for role in held)))
    window = DeskWindow(desk.picture, desk.picture.ask, theme, settings)
    qtbot.addWidget(window)
    every = list(cases.cases(300))
    desk.show(*every)
    window.show()
    firsts = {case.state: case for case in reversed(every)}
    twice = {}
    for state in State:
        if state in firsts:
            window.selection.select(firsts[state].id)
            QApplication.processEvents()
            twice[state] = [key for key, count in keys(window).items() if count > 1]
    assert not {state: found for state, found in twice.items() if found}
