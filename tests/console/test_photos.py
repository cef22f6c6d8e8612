"""Photos at the desk: the strip, adding, the viewer; every state has its words."""

from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from backend_client.blob_shelf import digest_of
from backend_client.notices import Answered, LinkState, Moved
from casework.case import Case
from casework.photos import AttachPhoto, PhotoKind
from casework.rulebook import Photos
from casework.terms import State
from casework.wire import Ack, Nack
from console.album import prepare
from console.settings import Settings
from console.window import DeskWindow
from tests.console import cases
from tests.console.fake_desk import FakeDesk
from tests.console.photo_kit import Movers, drawn, file
from widgets.theme import Theme


class Seat:
    """A window on one case, with a bridge that moves pictures as it is told."""

    def __init__(self, desk: FakeDesk, theme: Theme, settings: Settings, qtbot: QtBot) -> None:
        self.desk, self.qtbot = desk, qtbot
        self.movers = Movers(desk)
        self.window = DeskWindow(
            desk.picture, desk.picture.ask, theme, settings, album=self.movers.album
        )
        qtbot.addWidget(self.window)
        desk.show(*cases.cases(300))
        self.window.resize(1366, 768)
        self.window.show()
        self.window.open_box(State.DISPATCHED)
        self.pane = self.window.detail.photos
        found = desk.picture.case(self.window.selection.case)
        assert found is not None
        self.case: Case = found

    @property
    def words(self) -> list[str]:
        return [item.words for item in self.pane.strip.items]

    @property
    def standings(self) -> list[str]:
        return [item.standing for item in self.pane.strip.items]

    def show(self, *pictures: bytes) -> None:
        """The case has these photos, and all that is asked for comes."""
        self.movers.open_case(self.case, *pictures)
        self.bring()

    def bring(self) -> None:
        album = self.movers.album
        asked = len(self.movers.downloads)
        if asked:
            before: list[object] = []
            album.came.connect(before.append)
            self.movers.bring()
            self.qtbot.waitUntil(lambda: len(before) >= asked)

    def add(self, *paths: str) -> None:
        """Files chosen; read when this returns."""
        self.pane.add(paths)
        on_the_way = self.movers.album.on_the_way
        self.qtbot.waitUntil(
            lambda: all(each.stage != "reading" for each in on_the_way(self.case.id))
        )

    def answer(self, code: str = "") -> None:
        """The server's answer to the last command."""
        number = f"ask-{len(self.desk.sent):04}"
        answer = Nack(id=number, code=code) if code else self._ack(number)
        self.desk.hear(Answered(id=number, answer=answer))

    def _ack(self, number: str) -> Ack:
        return Ack(id=number, log=cases.LOG, number=99, stream="", version=self.case.version)


@pytest.fixture
def seat(desk: FakeDesk, theme: Theme, settings: Settings, qtbot: QtBot) -> Seat:
    return Seat(desk, theme, settings, qtbot)


# --- the strip ----------------------------------------------------------------------------------


def test_a_case_without_photos_shows_no_strip_and_the_key(seat: Seat) -> None:
    seat.show()
    assert not seat.pane.strip.isVisible()
    assert seat.pane.button.isVisible()


def test_photos_are_fetched_once_and_named_by_what_they_show(seat: Seat) -> None:
    seat.show(drawn(hue=1), drawn(hue=100))
    assert seat.words == ["Before", "Before"]
    assert seat.standings == ["ready", "ready"]
    seat.window.detail.look_again()
    assert seat.movers.downloads == []


def test_a_lost_photo_says_so_and_is_asked_for_again_when_opened(seat: Seat) -> None:
    seat.movers.open_case(seat.case, drawn())
    seat.movers.blobs.clear()
    seat.movers.bring()
    assert seat.standings == ["failed"]
    assert seat.pane.strip.items[0].tooltip == "The server has lost this picture's file."
    seat.pane.strip.opened.emit("0")
    assert seat.movers.downloads


# --- adding -------------------------------------------------------------------------------------


def test_a_photo_goes_thumbnail_first_then_the_original_then_the_command(
    seat: Seat, tmp_path: Path
) -> None:
    seat.show()
    data = drawn(1600, 1200)
    seat.add(file(tmp_path, "a.png", data))
    ((_, small),) = seat.movers.uploads
    assert small.startswith(b"\xff\xd8\xff")
    seat.movers.finish_upload()
    assert seat.movers.uploads[-1][1] == data
    seat.movers.finish_upload()
    command = seat.desk.sent[-1][-1]
    wanted = AttachPhoto(kind=PhotoKind.AFTER, digest=digest_of(data), thumbnail=digest_of(small))
    assert command == wanted


def test_how_far_it_is_stands_under_it(seat: Seat, tmp_path: Path) -> None:
    seat.show()
    seat.add(file(tmp_path, "a.png", drawn()))
    seat.movers.finish_upload()
    ref, data = seat.movers.uploads[-1]
    seat.movers.tell(Moved(ref=ref, done=len(data) // 2, size=len(data)))
    assert seat.words == ["Sending 50 %"]
    seat.movers.finish_upload()
    assert seat.words == ["Adding …"]
    seat.answer()
    assert seat.words == []


@pytest.mark.qt_log_ignore("JPEG", extend=True)
@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"hello", "This file is not a picture."),
        (b"\xff\xd8\xff\xe0 and no more", "This file is not a picture."),
    ],
)
def test_a_file_that_is_no_picture_is_told_in_one_sentence(
    seat: Seat, tmp_path: Path, data: bytes, said: str
) -> None:
    seat.show()
    seat.add(file(tmp_path, "a.jpg", data))
    assert seat.words == ["Failed"]
    assert said in seat.pane._said.text()
    assert seat.movers.uploads == []


def test_a_file_that_is_gone_is_told_in_one_sentence(seat: Seat, tmp_path: Path) -> None:
    seat.show()
    seat.add(str(tmp_path / "gone.jpg"))
    assert seat.words == ["Failed"]
    assert "The file cannot be read." in seat.pane._said.text()


def test_what_the_server_refuses_stays_and_can_be_tried_again(seat: Seat, tmp_path: Path) -> None:
    seat.show()
    seat.add(file(tmp_path, "a.png", drawn()))
    ref, _ = seat.movers.uploads[-1]
    seat.movers.tell(Moved(ref=ref, code="photo.not_kept"))
    assert "The server cannot keep pictures now" in seat.pane._said.text()
    seat.pane.strip.setFocus()
    QTest.keyClick(seat.pane.strip, Qt.Key.Key_Return)
    seat.qtbot.waitUntil(lambda: len(seat.movers.uploads) == 2)


def test_a_refused_command_is_told_and_can_be_let_go(seat: Seat, tmp_path: Path) -> None:
    seat.show()
    seat.add(file(tmp_path, "a.png", drawn()))
    seat.movers.finish_upload()
    seat.movers.finish_upload()
    seat.answer("photo.not_stored")
    assert seat.words == ["Failed"]
    seat.pane.strip.setFocus()
    QTest.keyClick(seat.pane.strip, Qt.Key.Key_Delete)
    assert seat.words == []


def test_files_dropped_on_the_strip_are_added(seat: Seat, tmp_path: Path) -> None:
    seat.show(drawn(hue=1))
    dropped = QMimeData()
    dropped.setUrls([QUrl.fromLocalFile(file(tmp_path, "a.png", drawn()))])
    seat.pane.strip.dropEvent(
        QDropEvent(
            QPointF(5, 5),
            Qt.DropAction.CopyAction,
            dropped,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
    )
    seat.qtbot.waitUntil(lambda: len(seat.movers.uploads) == 1)


def test_without_a_link_nothing_can_be_added_and_the_key_says_why(seat: Seat) -> None:
    seat.show()
    seat.desk.link(LinkState.LOST, "link.cut")
    assert not seat.pane.button.isEnabled()
    assert "The link is lost" in seat.pane.button.toolTip()


def test_the_rule_book_says_how_large_a_file_and_its_thumbnail_may_be(tmp_path: Path) -> None:
    path = Path(file(tmp_path, "a.png", drawn(1000, 500)))
    limits = Photos()
    assert prepare(1, path, replace(limits, most_bytes=99), "UTC").code == "photo.too_large"
    found = prepare(1, path, replace(limits, thumbnail_pixels=100), "UTC")
    assert found.image is not None
    assert found.image.width() == 100
    assert prepare(1, tmp_path / "gone.png", limits, "UTC").code == "photo.unreadable"


# --- the viewer ---------------------------------------------------------------------------------


def test_enter_opens_the_chosen_photo_below_and_escape_leads_back(seat: Seat) -> None:
    seat.show(drawn(hue=1), drawn(hue=100))
    seat.pane.strip.setFocus()
    QTest.keyClick(seat.pane.strip, Qt.Key.Key_Right)
    QTest.keyClick(seat.pane.strip, Qt.Key.Key_Return)
    seat.bring()
    view = seat.window.photo
    assert seat.window.below.currentWidget() is view
    assert view.title.text() == "Before 2/2"
    QTest.keyClick(view.canvas, Qt.Key.Key_Escape)
    assert seat.window.below.currentWidget() is seat.window.detail


def test_the_arrows_walk_through_the_photos_round_and_round(seat: Seat) -> None:
    seat.show(drawn(hue=1), drawn(hue=100))
    seat.pane.opened.emit(0)
    seat.bring()
    view = seat.window.photo
    titles = []
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Left):
        QTest.keyClick(view.canvas, key)
        seat.bring()
        titles.append(view.title.text())
    assert titles == ["Before 2/2", "Before 1/2", "Before 2/2"]


def test_plus_and_minus_and_zero_draw_closer_farther_and_whole(seat: Seat) -> None:
    seat.show(drawn(2000, 1500))
    seat.pane.opened.emit(0)
    seat.bring()
    canvas = seat.window.photo.canvas
    QTest.keyClick(canvas, Qt.Key.Key_Plus)
    QTest.keyClick(canvas, Qt.Key.Key_Plus)
    twice = canvas.closer
    QTest.keyClick(canvas, Qt.Key.Key_Minus)
    assert 1 < canvas.closer < twice
    QTest.keyClick(canvas, Qt.Key.Key_0)
    assert canvas.closer == 1


def test_the_viewer_says_who_when_and_which(seat: Seat) -> None:
    data = drawn()
    seat.show(data)
    seat.pane.opened.emit(0)
    said = seat.window.photo.facts.text()
    assert "李明 (Inspector)" in said
    assert "the camera says no time" in said
    assert digest_of(data)[:12] in said


def test_another_case_closes_the_viewer(seat: Seat) -> None:
    seat.show(drawn())
    seat.pane.opened.emit(0)
    seat.window.queue.view.setFocus()
    other = next(each.id for each in seat.desk.picture.cases() if each.id != seat.case.id)
    seat.window.selection.select(other)
    assert seat.window.below.currentWidget() is seat.window.detail
