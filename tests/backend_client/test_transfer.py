"""Pictures through the client: resumed, patient, checked and kept."""

import asyncio
import os
from collections.abc import Iterable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from backend_client import connect
from backend_client.blob_shelf import BlobShelf, digest_of
from backend_client.transfer import download, upload
from case_server.server import serving
from casework.decider import Refused
from casework.photos import AttachPhoto, PhotoKind
from casework.queries import MAX_CHUNK, BlobChunk, BlobRange, Query
from casework.replies import BlobPart, BlobStanding, ReplyBody
from casework.terms import Digest, Role
from tests.backend_client.history import REPORT
from tests.backend_client.test_client import DRILL, in_time, settings

PHOTO = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 1200


class Server:
    """Keeps one picture in memory; says each of `moods` once, in the place of an answer."""

    def __init__(self, data: bytes = b"", moods: Iterable[str] = ()) -> None:
        self.data, self.moods = data, list(moods)
        self.offsets: list[int] = []

    async def __call__(self, query: Query) -> ReplyBody:
        if self.moods:
            raise Refused(self.moods.pop(0))
        if isinstance(query, BlobRange):
            part = self.data[query.offset : query.offset + query.length]
            return BlobPart(
                digest=query.digest, size=len(self.data), offset=query.offset, data=part
            )
        if isinstance(query, BlobChunk):
            self.offsets.append(query.offset)
            self.data += query.data
        whole = len(self.data) == len(PHOTO)
        return BlobStanding(digest=digest_of(PHOTO), have=len(self.data), whole=whole)


def test_only_what_the_server_lacks_is_sent() -> None:
    server = Server(PHOTO[:200_000])
    assert asyncio.run(upload(server, BlobShelf(), PHOTO)) == digest_of(PHOTO)
    assert server.offsets == [200_000]
    assert server.data == PHOTO


def test_progress_is_told_from_where_it_stands_to_the_end() -> None:
    told: list[tuple[int, int]] = []
    asyncio.run(upload(Server(), BlobShelf(), PHOTO, lambda done, size: told.append((done, size))))
    size = len(PHOTO)
    assert told == [(0, size), (MAX_CHUNK, size), (2 * MAX_CHUNK, size), (size, size)]


def test_a_server_that_is_asked_too_fast_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backend_client.transfer.PATIENCE", 0)
    server = Server(moods=["session.too_fast", "session.too_fast"])
    asyncio.run(upload(server, BlobShelf(), PHOTO))
    assert server.data == PHOTO


def test_a_refusal_is_told() -> None:
    with pytest.raises(Refused, match=r"photo\.too_large"):
        asyncio.run(upload(Server(moods=["photo.too_large"]), BlobShelf(), PHOTO))


def test_nothing_at_all_is_no_picture() -> None:
    with pytest.raises(Refused, match=r"photo\.not_a_picture"):
        asyncio.run(upload(Server(), BlobShelf(), b""))


@pytest.mark.parametrize("came", [PHOTO[:-1] + b"!", b""])
def test_what_is_not_the_picture_asked_for_is_refused(came: bytes) -> None:
    with pytest.raises(Refused, match=r"photo\.altered"):
        asyncio.run(download(Server(came), BlobShelf(), digest_of(PHOTO)))


def test_what_was_fetched_once_is_read_from_the_shelf(tmp_path: Path) -> None:
    shelf = BlobShelf(tmp_path)
    assert asyncio.run(download(Server(PHOTO), shelf, digest_of(PHOTO))) == PHOTO
    deaf = Server(moods=["link.closed"])
    assert asyncio.run(download(deaf, shelf, digest_of(PHOTO))) == PHOTO


# --- the shelf ----------------------------------------------------------------------------------


def test_an_altered_file_counts_as_absent(tmp_path: Path) -> None:
    shelf = BlobShelf(tmp_path)
    shelf.keep(PHOTO)
    (tmp_path / digest_of(PHOTO)).write_bytes(b"other")
    assert shelf.find(digest_of(PHOTO)) is None


def test_the_shelf_is_for_its_owner_only(tmp_path: Path) -> None:
    BlobShelf(tmp_path).keep(PHOTO)
    assert (tmp_path / digest_of(PHOTO)).stat().st_mode & 0o077 == 0


def test_what_was_looked_at_least_recently_makes_room(tmp_path: Path) -> None:
    shelf = BlobShelf(tmp_path, most=25)
    pictures = [bytes([n]) * 10 for n in range(3)]
    for age, data in ((300, pictures[0]), (200, pictures[1])):
        shelf.keep(data)
        file = tmp_path / digest_of(data)
        os.utime(file, (file.stat().st_mtime - age,) * 2)
    assert shelf.find(digest_of(pictures[0])) is not None  # looked at now
    shelf.keep(pictures[2])
    found = [shelf.find(digest_of(data)) is not None for data in pictures]
    assert found == [True, False, True]


def test_a_name_that_is_no_digest_leads_nowhere(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("x")
    assert BlobShelf(tmp_path / "photos").find(Digest("../secret")) is None


# --- with the real server -----------------------------------------------------------------------


def test_an_upload_goes_on_when_the_server_was_started_anew(tmp_path: Path) -> None:
    async def play() -> None:
        begun = asyncio.Event()
        seen: list[int] = []

        def told(done: int, _size: int) -> None:
            seen.append(done)
            if done:
                begun.set()

        async with AsyncExitStack() as stack, AsyncExitStack() as first:
            address = await first.enter_async_context(serving(settings(tmp_path)))
            desk = await stack.enter_async_context(connect(address, drill=DRILL))
            ack = await desk.ask(REPORT, role=Role.ACCEPTOR)
            sending = asyncio.ensure_future(desk.upload(PHOTO * 20, told))
            await begun.wait()
            await first.aclose()
            port = int(address.rpartition(":")[2])
            await stack.enter_async_context(serving(settings(tmp_path, port)))
            digest = await sending
            photo = AttachPhoto(kind=PhotoKind.AFTER, digest=digest)
            await desk.ask(photo, role=Role.ACCEPTOR, stream=ack.stream)
            assert seen == sorted(seen)
            assert await desk.download(digest) == PHOTO * 20

    in_time(play())
