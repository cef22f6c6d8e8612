"""Several pictures on their way at once, told by notices: what a console's bridge runs."""

import asyncio
from collections.abc import Awaitable, Callable
from itertools import count
from typing import Protocol

from backend_client.blob_shelf import BlobShelf
from backend_client.notices import Fetched, Moved, Notify
from backend_client.transfer import download, upload
from casework.decider import Refused
from casework.queries import Query
from casework.replies import ReplyBody
from casework.terms import Digest

AT_ONCE = 4
"""Transfers that run beside each other; the rest wait, so that a strip of thumbnails does not use
up what a session may ask."""
_FIRST_REF = 2**32
"""Refs of our own questions, out of the way of a caller's."""


class MovesBlobs(Protocol):
    """What is needed of a link."""

    blobs: BlobShelf

    def fetch(self, ref: int, query: Query) -> None:
        """Send a question; the reply comes as a notice. Raises: Refused."""


class Transfers:
    """Everything happens in one loop."""

    def __init__(self) -> None:
        self._refs = count(_FIRST_REF)
        self._replies: dict[int, asyncio.Future[ReplyBody]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._room = asyncio.Semaphore(AT_ONCE)

    def upload(self, link: MovesBlobs | None, notify: Notify, ref: int, data: bytes) -> None:
        """Send a picture in; `Moved` notices with this `ref` tell how far it is."""

        async def move(link: MovesBlobs) -> Moved:
            digest = await upload(self._asking(link), link.blobs, data, progress)
            return Moved(ref=ref, done=len(data), size=len(data), digest=digest)

        def progress(done: int, size: int) -> None:
            notify(Moved(ref=ref, done=done, size=size))

        self._start(link, notify, ref, move)

    def download(self, link: MovesBlobs | None, notify: Notify, ref: int, digest: Digest) -> None:
        """Fetch a picture; the last `Moved` brings it."""

        async def move(link: MovesBlobs) -> Moved:
            data = await download(self._asking(link), link.blobs, digest, progress)
            return Moved(ref=ref, done=len(data), size=len(data), digest=digest, data=data)

        def progress(done: int, size: int) -> None:
            notify(Moved(ref=ref, done=done, size=size))

        self._start(link, notify, ref, move)

    def takes(self, fetched: Fetched) -> bool:
        """Whether this answers a question of ours, which then goes on."""
        future = self._replies.pop(fetched.ref, None)
        if future is None:
            return False
        if future.done():
            return True
        if fetched.body is not None:
            future.set_result(fetched.body)
        else:
            future.set_exception(Refused(fetched.code))
        return True

    async def close(self) -> None:
        """End what still moves."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _start(
        self,
        link: MovesBlobs | None,
        notify: Notify,
        ref: int,
        move: Callable[[MovesBlobs], Awaitable[Moved]],
    ) -> None:
        async def run() -> None:
            try:
                if link is None:
                    raise Refused("link.lost")
                async with self._room:
                    notify(await move(link))
            except Refused as refused:
                notify(Moved(ref=ref, code=refused.code, detail=refused.detail))

        task = asyncio.get_running_loop().create_task(run())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _asking(self, link: MovesBlobs) -> Callable[[Query], Awaitable[ReplyBody]]:
        async def ask(query: Query) -> ReplyBody:
            ref = next(self._refs)
            reply: asyncio.Future[ReplyBody] = asyncio.get_running_loop().create_future()
            self._replies[ref] = reply
            try:
                link.fetch(ref, query)
                return await reply
            finally:
                self._replies.pop(ref, None)

        return ask
