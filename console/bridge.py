"""The one crossing between asyncio and Qt: every link runs in one loop in one thread.

Links put their notices into a deque; a timer of the Qt thread drains it each 50 ms, so that a
burst is one batch a tick. A change of a link's state does not wait for the tick. No other file of
the console knows asyncio or threading; a test greps.
"""

import asyncio
import secrets
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import Protocol

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from backend_client.blob_shelf import BlobShelf
from backend_client.notices import (
    Answered,
    Changed,
    Fetched,
    Gathering,
    LinkChanged,
    Moved,
    Notice,
    Notify,
)
from backend_client.transfers import Transfers
from casework.decider import Command, Refused
from casework.queries import Query
from casework.terms import Digest, Role
from casework.wire import Ask, Nack, Passwords
from console.picture import Heard

TICK_MS = 50
STOP_SECONDS = 5.0


class RunsALink(Protocol):
    """What the bridge needs of `backend_client.link.Link`; all of it is called in the loop."""

    blobs: BlobShelf

    async def run(self) -> None:
        """Run until closed, or until the server refuses for good."""

    def ask(self, ask: Ask) -> None:
        """Send a command; the answer comes as a notice. Raises: Refused."""

    def fetch(self, ref: int, query: Query) -> None:
        """Send a question; the reply comes as a notice with this `ref`. Raises: Refused."""

    def close(self) -> None:
        """End it; `run` returns soon."""


OpenLink = Callable[[Notify], RunsALink]


class Bridge(QObject):
    """Runs links, one a server, and tells what they say in the Qt thread."""

    changed = Signal(object)
    """`Heard` with `Changed`, `Joined` or `Tick`."""
    link = Signal(object)
    """`Heard` with `LinkChanged`: at once."""
    answered = Signal(object)
    """`Heard` with `Answered`."""
    fetched = Signal(object)
    """`Heard` with `Fetched`."""
    moved = Signal(object)
    """`Heard` with `Moved`."""
    _urgent = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting: deque[tuple[_Teller, Heard]] = deque()
        self._links: dict[int, RunsALink] = {}
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._refs = 0
        self._tellers: dict[int, _Teller] = {}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run_loop, name="links", daemon=True)
        self._transfers = Transfers()
        self._tick = QTimer(self, interval=TICK_MS)
        self._tick.timeout.connect(self._drain)
        self._urgent.connect(self._drain, Qt.ConnectionType.QueuedConnection)

    def start(self) -> None:
        """Start the thread of the loop and the timer."""
        self._thread.start()
        self._tick.start()

    def open(self, site: int, opener: OpenLink) -> None:
        """Run a link for a site, in place of the one it had: somebody else signs in."""
        before = self._tellers.get(site)
        if before is not None:
            before.silenced = True  # what it still says is for somebody who has left
        self._tellers[site] = teller = _Teller(site, self._hear)
        self._in_loop(self._replace, teller, opener)

    def ask(  # noqa: PLR0917  the fields of `Ask`
        self,
        site: int,
        stream: str,
        base_version: int,
        role: Role,
        command: Command,
        passwords: Passwords | None = None,
    ) -> str:
        """Send a command and return its id; the answer comes as `answered`."""
        number = secrets.token_hex(16)
        ask = Ask(
            id=number,
            stream=stream,
            base_version=base_version,
            role=role,
            command=command,
            passwords=passwords,
        )
        self._in_loop(self._send, self._tellers[site], ask)
        return number

    def fetch(self, site: int, query: Query) -> int:
        """Send a question and return its number; the reply comes as `fetched`."""
        self._refs += 1
        self._in_loop(self._question, self._tellers[site], self._refs, query)
        return self._refs

    def upload(self, site: int, data: bytes) -> int:
        """Send a picture in and return its number; how far it is comes as `moved`."""
        self._refs += 1
        self._in_loop(self._send_in, self._tellers[site], self._refs, data)
        return self._refs

    def download(self, site: int, digest: Digest) -> int:
        """Fetch a picture and return its number; it comes as `moved`."""
        self._refs += 1
        self._in_loop(self._bring, self._tellers[site], self._refs, digest)
        return self._refs

    def stop(self) -> None:
        """End every link, the loop and its thread; afterwards nothing is told any more."""
        self._tick.stop()
        if self._thread.is_alive():
            self._in_loop(self._end)
            self._thread.join(STOP_SECONDS)
        if not self._loop.is_running() and not self._loop.is_closed():
            self._loop.close()
        self._waiting.clear()

    # --- in the thread of the loop ----------------------------------------------------------

    def _in_loop(self, call: Callable[..., None], *values: object) -> None:
        self._loop.call_soon_threadsafe(call, *values)

    def _run_loop(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()
        self._loop.run_until_complete(self._loop.shutdown_asyncgens())

    def _replace(self, teller: "_Teller", opener: OpenLink) -> None:
        site = teller.site
        before = self._tasks.pop(site, None)
        link = self._links.pop(site, None)
        if link is not None:
            link.close()
        self._tasks[site] = self._loop.create_task(self._live(teller, opener, before))

    async def _live(
        self, teller: "_Teller", opener: OpenLink, before: asyncio.Task[None] | None
    ) -> None:
        if before is not None:
            await asyncio.wait([before])
        link = opener(teller)
        self._links[teller.site] = link
        await link.run()

    def _hear(self, teller: "_Teller", notice: Notice) -> None:
        if isinstance(notice, Fetched) and self._transfers.takes(notice):
            return
        self._waiting.append((teller, Heard(teller.site, notice, time.monotonic())))
        if isinstance(notice, LinkChanged):
            self._urgent.emit()

    def _send(self, teller: "_Teller", ask: Ask) -> None:
        try:
            self._links[teller.site].ask(ask)
        except KeyError:
            self._refuse(teller, ask, Refused("link.lost"))
        except Refused as refused:
            self._refuse(teller, ask, refused)

    def _refuse(self, teller: "_Teller", ask: Ask, refused: Refused) -> None:
        nack = Nack(id=ask.id, code=refused.code, detail=refused.detail)
        self._hear(teller, Answered(id=ask.id, answer=nack))

    def _question(self, teller: "_Teller", ref: int, query: Query) -> None:
        try:
            self._links[teller.site].fetch(ref, query)
        except KeyError:
            self._hear(teller, Fetched(ref=ref, code="link.lost"))
        except Refused as refused:
            self._hear(teller, Fetched(ref=ref, code=refused.code))

    def _send_in(self, teller: "_Teller", ref: int, data: bytes) -> None:
        self._transfers.upload(self._links.get(teller.site), teller, ref, data)

    def _bring(self, teller: "_Teller", ref: int, digest: Digest) -> None:
        self._transfers.download(self._links.get(teller.site), teller, ref, digest)

    def _end(self) -> None:
        self._loop.create_task(self._end_all())

    async def _end_all(self) -> None:
        for link in self._links.values():
            link.close()
        tasks = tuple(self._tasks.values())
        if tasks:
            _, slow = await asyncio.wait(tasks, timeout=STOP_SECONDS / 2)
            for task in slow:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        await self._transfers.close()
        self._loop.stop()

    # --- in the Qt thread ---------------------------------------------------------------------

    @Slot()
    def _drain(self) -> None:
        waiting = [self._waiting.popleft() for _ in range(len(self._waiting))]
        for heard in _merged(heard for teller, heard in waiting if not teller.silenced):
            self._tell(heard)

    def _tell(self, heard: Heard) -> None:
        match heard.notice:
            case LinkChanged():
                self.link.emit(heard)
            case Answered():
                self.answered.emit(heard)
            case Fetched():
                self.fetched.emit(heard)
            case Moved():
                self.moved.emit(heard)
            case _:
                self.changed.emit(heard)


class _Teller:
    """Tells which site a notice came from, until somebody else signs in there."""

    def __init__(self, site: int, hear: "Callable[[_Teller, Notice], None]") -> None:
        self.site, self._hear = site, hear
        self.silenced = False

    def __call__(self, notice: Notice) -> None:
        self._hear(self, notice)


def _merged(waiting: Iterable[Heard]) -> Iterator[Heard]:
    """Neighbouring changes of one site as one batch; everything else in its order."""
    for (site, is_change), run in groupby(
        waiting, lambda heard: (heard.site, isinstance(heard.notice, Changed))
    ):
        if not is_change:
            yield from run
            continue
        gathering = Gathering()
        for heard in run:
            if isinstance(heard.notice, Changed):
                gathering.add(heard.notice)
        whole = gathering.take()
        if whole is not None:
            yield Heard(site, whole, heard.came)
