"""Lists and cases as files, from the pane that has the focus, by keys alone."""

import csv
import io
from datetime import timedelta
from pathlib import Path
from unittest.mock import Mock

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from casework.terms import State, Urgency
from console.export.table import Table
from console.saving import Outcome
from console.settings import Settings
from console.window import DeskWindow
from tests.console import cases
from tests.console.export.reading import sheets
from tests.console.fake_desk import FakeDesk
from widgets.theme import Theme

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def window(
    desk: FakeDesk, theme: Theme, settings: Settings, tmp_path: Path, qtbot: QtBot
) -> DeskWindow:
    settings.folder = str(tmp_path)
    window = DeskWindow(desk.picture, desk.picture.ask, theme, settings)
    qtbot.addWidget(window)
    desk.show(*cases.cases(300))
    window.show()
    window.open_box("pending_close")
    window.queue.focus_rows()
    return window


def go_to(widget: QWidget, qtbot: QtBot) -> None:
    """The focus, once the window system has given it."""
    widget.activateWindow()
    widget.setFocus()
    qtbot.waitUntil(widget.hasFocus)


def press(window: DeskWindow, qtbot: QtBot, modifiers: Qt.KeyboardModifier) -> None:
    """E with these, once the window system has given the window back its keys."""
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    QTest.keyClick(window, Qt.Key.Key_E, modifiers)


def press_export(window: DeskWindow, qtbot: QtBot) -> QFileDialog:
    before = window.outputs.saving.dialog
    press(window, qtbot, CTRL)
    dialog = window.outputs.saving.dialog
    assert dialog is not None
    assert dialog is not before
    return dialog


def saved(window: DeskWindow, qtbot: QtBot, name: str = "") -> Outcome:
    """Ctrl+E, perhaps another name, Enter; what came of it."""
    dialog = press_export(window, qtbot)
    field = dialog.findChild(QLineEdit, "fileNameEdit")
    assert isinstance(field, QLineEdit)
    if name:
        field.setText(name)
    with qtbot.waitSignal(window.outputs.saving.done) as told:
        QTest.keyClick(field, Qt.Key.Key_Return)
    assert told.args is not None
    (outcome,) = told.args
    assert isinstance(outcome, Outcome)
    return outcome


def rows_of(file: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(file.read_text("utf-8-sig"), newline="")))


def column(table: Table, title: str) -> list[object]:
    number = [each.title for each in table.columns].index(title)
    return [row[number] for row in table.rows]


# --- what a pane gives ------------------------------------------------------------------------


def test_the_queue_gives_the_rows_in_sight_in_their_order(window: DeskWindow) -> None:
    table = window.queue.as_table()
    assert table.title == "To close"
    assert column(table, "Case no.") == window.queue.table.keys_shown()


def test_the_filter_leaves_rows_out_and_is_named(window: DeskWindow) -> None:
    first = str(window.queue.table.key_at(0))
    window.queue.filter.setText(first)
    table = window.queue.as_table()
    assert (column(table, "Case no."), table.wanted) == ([first], first)


def test_a_hidden_column_is_left_out_and_a_moved_one_stands_where_it_stands(
    window: DeskWindow,
) -> None:
    header = window.queue.view.horizontalHeader()
    window.queue.view.setColumnHidden(1, True)
    header.moveSection(header.visualIndex(2), 0)
    titles = [each.title for each in window.queue.as_table().columns]
    assert titles[:2] == ["Case no.", "This link due"]
    assert "Case due" not in titles


def test_a_clock_is_an_instant_a_span_and_whether_it_is_late(
    window: DeskWindow, desk: FakeDesk
) -> None:
    case = cases.one(State.PENDING_CLOSE)
    desk.show(replace(case, link_due=cases.NOW - timedelta(minutes=7), urgency=Urgency.URGENT))
    table = window.queue.as_table()
    at = column(table, "Case no.").index(case.id)
    now = desk.picture.now()
    assert column(table, "This link due")[at] == cases.NOW - timedelta(minutes=7)
    assert column(table, "Left or late by")[at] == now - (cases.NOW - timedelta(minutes=7))
    assert column(table, "Late")[at] is True
    assert column(table, "Urgency")[at] == "Urgent"


def test_the_boxes_give_their_counts_as_numbers(window: DeskWindow) -> None:
    counts = {row[0]: row[1] for row in window.boxes.as_table().rows}
    assert counts["To close"] == window.queue.table.rowCount()


def test_a_count_that_nobody_knows_stays_empty(
    theme: Theme, settings: Settings, qtbot: QtBot
) -> None:
    window = DeskWindow(FakeDesk().picture, Mock(), theme, settings)
    qtbot.addWidget(window)
    assert {row[1] for row in window.boxes.as_table().rows} == {None}


def test_a_case_gives_its_facts_and_its_whole_record(window: DeskWindow, desk: FakeDesk) -> None:
    assert window.detail.as_table() is None, "its texts are not here yet"
    desk.answer_questions()
    table = window.detail.as_table()
    assert table is not None
    facts = {fact.title: fact.value for fact in table.facts}
    assert facts["Case no."] == window.selection.case
    assert facts["Contact"] == "王** 138****2190", "masked as on the screen"
    assert column(table, "Act")[:2] == ["Reported", "Passed for filing"]
    assert column(table, "Link left")[1:3] == ["To accept", "To file"]


# --- to the disk --------------------------------------------------------------------------------


def test_ctrl_e_and_enter_write_the_list_as_a_workbook(
    window: DeskWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    outcome = saved(window, qtbot)
    assert outcome.file == tmp_path / "To close-20080613-104127-PRACTICE.xlsx"
    (cells,) = sheets(outcome.file.read_bytes())
    assert (cells["A1"].text, cells["A2"].text) == ("To close", "PRACTICE")
    assert window.notice.saved.isVisible()
    assert window.notice.saved.accessibleName() == f"Saved: {outcome.file}"


def test_the_suffix_chooses_the_form(window: DeskWindow, qtbot: QtBot, tmp_path: Path) -> None:
    outcome = saved(window, qtbot, "list.csv")
    header, *rows = rows_of(outcome.file)
    assert outcome.file == tmp_path / "list.csv"
    assert header[0] == "Log"
    assert len(rows) == window.queue.table.rowCount()


def test_another_form_changes_the_offered_suffix(window: DeskWindow, qtbot: QtBot) -> None:
    dialog = press_export(window, qtbot)
    dialog.selectNameFilter(dialog.nameFilters()[1])
    dialog.filterSelected.emit(dialog.nameFilters()[1])
    assert [Path(name).suffix for name in dialog.selectedFiles()] == [".csv"]


def test_the_pane_with_the_focus_is_exported(window: DeskWindow, qtbot: QtBot) -> None:
    go_to(window.boxes.list, qtbot)
    assert saved(window, qtbot).file.name.startswith("Boxes-")
    go_to(window.queue.view, qtbot)
    assert saved(window, qtbot).file.name.startswith("To close-")


def test_a_refused_folder_is_said_in_one_sentence(
    window: DeskWindow, qtbot: QtBot, settings: Settings, tmp_path: Path
) -> None:
    dialog = press_export(window, qtbot)
    with qtbot.waitSignal(window.outputs.saving.done):
        dialog.fileSelected.emit(str(tmp_path / "gone" / "a.xlsx"))
    assert window.notice.refusal.isVisible()
    assert window.notice.refusal.accessibleName() == f"There is no folder {tmp_path / 'gone'}."


def test_the_folder_is_remembered(
    window: DeskWindow, qtbot: QtBot, settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "other").mkdir()
    saved(window, qtbot, str(tmp_path / "other" / "a.csv"))
    assert settings.folder == str(tmp_path / "other")
    assert press_export(window, qtbot).directory().absolutePath() == str(tmp_path / "other")


def test_a_key_opens_the_folder_of_the_last_file(
    window: DeskWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    opened = Mock()
    monkeypatch.setattr(QDesktopServices, "openUrl", opened)
    press(window, qtbot, CTRL | SHIFT)
    assert opened.call_count == 0, "nothing was saved yet"
    saved(window, qtbot)
    press(window, qtbot, CTRL | SHIFT)
    assert [call.args[0].toLocalFile() for call in opened.call_args_list] == [str(tmp_path)]


def test_the_menu_exports_too(window: DeskWindow) -> None:
    window.top.fill_menu()
    (action,) = [a for a in window.top.menu.actions() if a.text().startswith("Export")]
    action.trigger()
    assert window.outputs.saving.dialog is not None


def test_an_open_case_without_its_texts_is_not_exported(window: DeskWindow, qtbot: QtBot) -> None:
    go_to(window.detail.acts.fields.opinion, qtbot)
    press(window, qtbot, CTRL)
    assert window.outputs.saving.dialog is None
    assert window.notice.refusal.accessibleName() == "There is nothing here to export."


# --- on paper -----------------------------------------------------------------------------------


def test_ctrl_p_writes_the_case_sheet_of_the_open_case(
    window: DeskWindow, desk: FakeDesk, qtbot: QtBot, tmp_path: Path
) -> None:
    desk.answer_questions()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    QTest.keyClick(window, Qt.Key.Key_P, CTRL)
    dialog = window.outputs.saving.dialog
    assert dialog is not None
    with qtbot.waitSignal(window.outputs.saving.done):
        dialog.fileSelected.emit(str(tmp_path / "sheet"))
    assert (tmp_path / "sheet.pdf").read_bytes().startswith(b"%PDF-")


def test_ctrl_shift_p_without_a_unit_says_that_there_is_no_job_sheet(
    window: DeskWindow, desk: FakeDesk, qtbot: QtBot
) -> None:
    window.open_box("filed")
    desk.answer_questions()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    QTest.keyClick(window, Qt.Key.Key_P, CTRL | SHIFT)
    assert window.outputs.saving.dialog is None
    said = window.notice.refusal.accessibleName()
    assert said == "No unit has this case: there is no job sheet."


def test_a_sheet_waits_for_the_texts_of_its_case(window: DeskWindow) -> None:
    window.outputs.print_case()
    said = window.notice.refusal.accessibleName()
    assert said == "Open a case first, and wait until its text is here."
