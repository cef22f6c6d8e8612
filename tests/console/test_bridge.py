"""The one crossing between asyncio and Qt."""

import asyncio
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from backend_client.blob_shelf import BlobShelf, digest_of
from backend_client.notices import Answered, Changed, Fetched, LinkChanged, LinkState, Moved, Notify
from casework import acts
from casework.decider import Refused
from casework.queries import CaseQuery, Query
from casework.terms import CaseId, Role, State
from casework.wire import Ack, Ask, Nack
from console.bridge import Bridge, _Teller
from console.picture import Heard
from tests.console import cases

CONSOLE = Path(__file__).parents[2] / "console"


class FakeLink:
    """Speaks as it is told, in the loop's thread; refuses asks when `refuses`."""

    def __init__(self, notify: Notify, *, refuses: bool = False) -> None:
        self.notify, self.refuses = notify, refuses
        self.blobs = BlobShelf()
        self.asked: list[Ask] = []
        self.thread = threading.current_thread().name
        self._end = asyncio.Event()

    async def run(self) -> None:
        self.notify(LinkChanged(state=LinkState.LIVE, since=cases.NOW))
        await self._end.wait()

    def ask(self, ask: Ask) -> None:
        if self.refuses:
            raise Refused("link.closed")
        self.asked.append(ask)
        ack = Ack(id=ask.id, log=cases.LOG, number=1, stream=ask.stream, version=2)
        self.notify(Answered(id=ask.id, answer=ack))

    def fetch(self, ref: int, query: Query) -> None:
        self.notify(Fetched(ref=ref, code="case.not_found"))

    def close(self) -> None:
        self.notify(LinkChanged(state=LinkState.CLOSED, since=cases.NOW))
        self._end.set()


class Office:
    """Opens links and remembers them."""

    def __init__(self, *, refuses: bool = False) -> None:
        self.links: list[FakeLink] = []
        self._refuses = refuses

    def __call__(self, notify: Notify) -> FakeLink:
        self.links.append(FakeLink(notify, refuses=self._refuses))
        return self.links[-1]


@pytest.fixture
def bridge(qapp: object) -> Iterator[Bridge]:
    bridge = Bridge()
    bridge.start()
    yield bridge
    bridge.stop()
    assert not any(thread.name == "links" for thread in threading.enumerate())


def changed(number: int) -> Changed:
    case = cases.one(State.FILED)
    return Changed(log=cases.LOG, upserted=(case,), number=number, at=cases.NOW)


def test_no_other_file_of_the_console_knows_threads_or_asyncio() -> None:
    words = re.compile(r"^\s*(import|from) (asyncio|threading|concurrent|queue|PySide6.QtAsyncio)")
    named = {
        file.name
        for file in CONSOLE.rglob("*.py")
        if any(words.match(line) for line in file.read_text("utf-8").splitlines())
    }
    assert named == {"bridge.py"}


def test_a_burst_is_one_batch_in_the_qt_thread(bridge: Bridge, qtbot: QtBot) -> None:
    office = Office()
    with qtbot.waitSignal(bridge.link):
        bridge.open(0, office)
    told: list[tuple[int, str]] = []

    def note(heard: Heard) -> None:
        assert isinstance(heard.notice, Changed)
        told.append((heard.notice.number, threading.current_thread().name))

    bridge.changed.connect(note)
    link = office.links[0]
    bridge._loop.call_soon_threadsafe(lambda: [link.notify(changed(n)) for n in range(1, 501)])
    qtbot.waitUntil(lambda: bool(told) and told[-1][0] == 500)
    assert len(told) <= 2
    assert {thread for _, thread in told} == {threading.main_thread().name}
    assert link.thread == "links"


def test_an_ask_is_sent_with_its_version_and_its_answer_comes_back(
    bridge: Bridge, qtbot: QtBot
) -> None:
    office = Office()
    with qtbot.waitSignal(bridge.link):
        bridge.open(0, office)
    with qtbot.waitSignal(bridge.answered) as blocker:
        sent = bridge.ask(0, "case/x", 3, Role.SHIFT_LEADER, acts.CloseCase())
    heard: Heard = blocker.args[0]
    assert heard.site == 0
    assert isinstance(heard.notice, Answered)
    assert heard.notice.id == sent == office.links[0].asked[0].id
    assert office.links[0].asked[0].base_version == 3


def test_a_link_that_takes_nothing_more_answers_with_a_refusal(
    bridge: Bridge, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(bridge.link):
        bridge.open(0, Office(refuses=True))
    with qtbot.waitSignal(bridge.answered) as blocker:
        sent = bridge.ask(0, "case/x", 3, Role.SHIFT_LEADER, acts.CloseCase())
    heard: Heard = blocker.args[0]
    assert heard.notice == Answered(id=sent, answer=Nack(id=sent, code="link.closed"))


def test_a_question_comes_back_under_its_own_number(bridge: Bridge, qtbot: QtBot) -> None:
    with qtbot.waitSignal(bridge.link):
        bridge.open(1, Office())
    with qtbot.waitSignal(bridge.fetched) as blocker:
        ref = bridge.fetch(1, CaseQuery(case=CaseId("x")))
    heard: Heard = blocker.args[0]
    assert (heard.site, heard.notice) == (1, Fetched(ref=ref, code="case.not_found"))


def test_what_the_link_of_a_person_who_left_still_says_is_not_told(
    bridge: Bridge, qtbot: QtBot
) -> None:
    office, told = Office(), list[Heard]()
    with qtbot.waitSignal(bridge.link):
        bridge.open(0, office)
    bridge.changed.connect(told.append)
    with qtbot.waitSignal(bridge.link):
        bridge.open(0, office)
        office.links[0].notify(changed(7))
    assert told == []
    assert len(office.links) == 2


def test_a_picture_that_is_refused_is_told_under_its_number(bridge: Bridge, qtbot: QtBot) -> None:
    bridge.open(0, Office())
    with qtbot.waitSignal(bridge.link):
        pass
    with qtbot.waitSignal(bridge.moved) as told:
        number = bridge.download(0, digest_of(b"x"))
    assert told.args is not None
    assert told.args[0].notice == Moved(ref=number, code="case.not_found")


def test_a_picture_without_a_link_is_refused_at_once(bridge: Bridge, qtbot: QtBot) -> None:
    with qtbot.waitSignal(bridge.moved) as told:
        bridge._tellers[0] = _Teller(0, bridge._hear)
        number = bridge.upload(0, b"x")
    assert told.args is not None
    assert told.args[0].notice == Moved(ref=number, code="link.lost")
