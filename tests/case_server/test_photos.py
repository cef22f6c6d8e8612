"""Pictures over the wire: sent in pieces, resumed, checked, tied to a case, read within grants."""

import hashlib
import os
import time
from pathlib import Path

import pytest
from msgspec.structs import replace

from case_server import blobs, uploads
from case_server.birth import ServerError
from case_server.blobs import GRACE, KEPT, MOST_HALVES, MOST_WAITING, TIED, Blobs
from case_server.database import open_database
from case_server.server import serving
from case_server.users import Person
from casework import acts
from casework.decider import Actor, Refused
from casework.photos import AttachPhoto, PhotoKind
from casework.queries import MAX_CHUNK, BlobChunk, BlobOffer, BlobRange, CaseQuery
from casework.replies import BlobPart, BlobStanding, CaseDetail
from casework.terms import Digest, Media, Role, UserId
from casework.wire import MAX_FRAME, Ack, Fetch, Nack, Reply, encode
from tests.case_server.desk_kit import (
    EAST,
    LAMP_CREW,
    RULES,
    WATER,
    WATER_CREW,
    WEST,
    open_office,
    person,
    report,
)
from tests.case_server.socket_kit import Guest, everything, guest, in_time, server, settings
from tests.databases import log_url

KEEPER = Actor(user=UserId("keeper"), grants=everything(), device="keeper")
EASTERN = person(Role.OBSERVER, areas=(EAST,))
WESTERN = person(Role.OBSERVER, areas=(WEST,))
BEGIN = b"\xff\xd8\xff\xe0"
SENDER = UserId("sender")


def picture(size: int = 300_000, mark: bytes = b"a") -> bytes:
    """Bytes that begin as a JPEG does."""
    return (BEGIN + mark * size)[:size]


def name(data: bytes) -> Digest:
    return Digest(hashlib.sha256(data).hexdigest())


def chunk(data: bytes, offset: int, digest: Digest | None = None) -> BlobChunk:
    piece = data[offset : offset + MAX_CHUNK]
    return BlobChunk(digest=digest or name(data), size=len(data), offset=offset, data=piece)


def standing(reply: Reply) -> BlobStanding:
    assert isinstance(reply.body, BlobStanding), reply
    return reply.body


async def send(guest: Guest, data: bytes) -> Digest:
    """All of a picture, from where the server stands."""
    stand = standing(await guest.fetch(BlobOffer(digest=name(data), size=len(data))))
    while not stand.whole:
        stand = standing(await guest.fetch(chunk(data, stand.have)))
    return stand.digest


async def attach(guest: Guest, stream: str, digest: Digest, role: Role = Role.ACCEPTOR) -> Ack:
    return await guest.accepted(role, AttachPhoto(kind=PhotoKind.BEFORE, digest=digest), stream)


async def read(guest: Guest, digest: Digest) -> str:
    """What came: the code of a refusal, or "read"."""
    reply = await guest.fetch(BlobRange(digest=digest))
    return reply.code or "read"


# --- sending ------------------------------------------------------------------------------------


def test_a_picture_sent_in_pieces_is_read_back_as_it_was(tmp_path: Path) -> None:
    async def work() -> None:
        async with server(tmp_path) as address, guest(address, KEEPER) as desk:
            await desk.hello()
            data = picture()
            digest = await send(desk, data)
            found = b""
            while len(found) < len(data):
                reply = await desk.fetch(BlobRange(digest=digest, offset=len(found)))
                assert isinstance(reply.body, BlobPart)
                found += reply.body.data
            assert found == data

    in_time(work)


def test_a_cut_upload_goes_on_where_it_stood_even_at_a_new_server(tmp_path: Path) -> None:
    data = picture()

    async def work() -> None:
        async with server(tmp_path) as address:
            async with guest(address, KEEPER) as desk:
                await desk.hello()
                await desk.fetch(chunk(data, 0))
                desk.socket.transport.abort()
            async with guest(address, KEEPER) as again:
                await again.hello()
                offer = BlobOffer(digest=name(data), size=len(data))
                assert standing(await again.fetch(offer)).have == MAX_CHUNK
        async with server(tmp_path) as address, guest(address, KEEPER) as back:
            await back.hello()
            offer = BlobOffer(digest=name(data), size=len(data))
            assert standing(await back.fetch(offer)).have == MAX_CHUNK
            assert await read(back, await send(back, data)) == "read"

    in_time(work)


def test_a_piece_that_comes_twice_counts_once(tmp_path: Path) -> None:
    async def work() -> None:
        async with server(tmp_path) as address, guest(address, KEEPER) as desk:
            await desk.hello()
            data = picture()
            for _ in range(2):
                assert standing(await desk.fetch(chunk(data, 0))).have == MAX_CHUNK
            await send(desk, data)

    in_time(work)


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (BlobOffer(digest=name(b""), size=20 * 1024 * 1024), "photo.too_large"),
        (BlobChunk(digest=name(b""), size=8, offset=0, data=picture(9)), "photo.too_large"),
        (
            BlobChunk(digest=name(b""), size=9, offset=0, data=b"#!/bin/sh"),
            "photo.not_a_picture",
        ),
        (BlobChunk(digest=name(b""), size=9, offset=0, data=picture(9)), "photo.wrong_digest"),
    ],
)
def test_what_is_no_proper_picture_is_refused(
    tmp_path: Path, sent: BlobOffer | BlobChunk, code: str
) -> None:
    async def work() -> None:
        async with server(tmp_path) as address, guest(address, KEEPER) as desk:
            await desk.hello()
            assert (await desk.fetch(sent)).code == code
            assert await read(desk, sent.digest) == "photo.not_found"

    in_time(work)


def test_after_a_wrong_digest_nothing_is_left_and_it_may_be_sent_anew(tmp_path: Path) -> None:
    async def work() -> None:
        async with server(tmp_path) as address, guest(address, KEEPER) as desk:
            await desk.hello()
            data = picture(1000)
            altered = data[:-1] + b"!"
            assert (await desk.fetch(chunk(altered, 0, name(data)))).code == "photo.wrong_digest"
            await send(desk, data)

    in_time(work)


def test_the_largest_piece_fits_a_frame() -> None:
    data = b"\xff" * MAX_CHUNK
    largest = BlobChunk(digest=name(data), size=2**40, offset=2**40, data=data)
    assert len(encode(Fetch(ref=2**53, query=largest))) < MAX_FRAME


# --- who may read it ----------------------------------------------------------------------------


def test_a_fresh_upload_is_readable_by_its_sender_only(tmp_path: Path) -> None:
    async def work() -> None:
        async with server(tmp_path) as address, guest(address, WATER_CREW) as crew:
            await crew.hello()
            digest = await send(crew, picture())
            assert await read(crew, digest) == "read"
            async with guest(address, KEEPER) as other:
                await other.hello()
                assert await read(other, digest) == "photo.not_found"

    in_time(work)


def test_a_photo_is_read_by_those_who_see_its_case_and_nobody_else(tmp_path: Path) -> None:
    async def work() -> None:
        async with server(tmp_path) as address, guest(address, KEEPER) as desk:
            await desk.hello()
            case = await desk.accepted(Role.ACCEPTOR, report())
            digest = await send(desk, picture())
            await attach(desk, case.stream, digest)
            for who, answer in (
                (EASTERN, "read"),
                (WESTERN, "photo.not_found"),
                (LAMP_CREW, "photo.not_found"),
                (person(Role.ADMINISTRATOR), "photo.not_found"),
            ):
                async with guest(address, who) as other:
                    await other.hello()
                    assert await read(other, digest) == answer, who.user

    in_time(work)


def test_knowing_a_digest_is_not_having_the_picture(tmp_path: Path) -> None:
    """Whoever could tie another's picture to his own case by its name would read it there."""

    async def work() -> None:
        async with server(tmp_path) as address, guest(address, KEEPER) as desk:
            await desk.hello()
            data = picture()
            digest = await send(desk, data)
            case = await desk.accepted(Role.ACCEPTOR, report())
            await attach(desk, case.stream, digest)
            async with guest(address, person(Role.ACCEPTOR, areas=(WEST,))) as other:
                await other.hello()
                own = await other.accepted(Role.ACCEPTOR, report(district=WEST))
                offer = BlobOffer(digest=digest, size=len(data))
                assert standing(await other.fetch(offer)) == BlobStanding(digest=digest, have=0)
                photo = AttachPhoto(kind=PhotoKind.FAR, digest=digest)
                answer = await other.ask(Role.ACCEPTOR, photo, own.stream)
                assert isinstance(answer, Nack)
                assert answer.code == "photo.not_stored"

    in_time(work)


# --- on the case --------------------------------------------------------------------------------


def test_an_opened_case_lists_its_photos_and_its_record_tells_of_them(tmp_path: Path) -> None:
    async def work() -> None:
        async with server(tmp_path) as address, guest(address, KEEPER) as desk:
            await desk.hello()
            case = await desk.accepted(Role.ACCEPTOR, report())
            data, small = picture(), picture(900, b"b")
            digest, thumbnail = await send(desk, data), await send(desk, small)
            photo = AttachPhoto(kind=PhotoKind.NEAR, digest=digest, thumbnail=thumbnail)
            done = await desk.accepted(Role.ACCEPTOR, photo, case.stream)
            number = case.stream.removeprefix("case/")
            reply = await desk.fetch(CaseQuery(case=number))  # type: ignore[arg-type]
            assert isinstance(reply.body, CaseDetail)
            (row,) = reply.body.photos
            assert (row.number, row.actor, row.photo.media) == (done.number, "keeper", Media.JPEG)
            assert (row.photo.size, row.photo.thumbnail) == (len(data), thumbnail)
            assert reply.body.history[-1].type == "PhotoAttached"
            assert reply.body.case.photos == 1
            assert await read(desk, thumbnail) == "read"

    in_time(work)


def test_the_envelope_names_the_blobs(tmp_path: Path) -> None:
    async def work() -> None:
        async with server(tmp_path) as address, guest(address, KEEPER) as desk:
            await desk.hello()
            case = await desk.accepted(Role.ACCEPTOR, report())
            digest = await send(desk, picture())
            await attach(desk, case.stream, digest)
            assert f'"blobs":["{digest}"]' in "".join(desk.frames)

    in_time(work)


def test_a_photo_of_a_moved_case_is_still_taken(tmp_path: Path) -> None:
    async def work() -> None:
        async with server(tmp_path) as address, guest(address, KEEPER) as desk:
            await desk.hello()
            case = await desk.accepted(Role.ACCEPTOR, report())
            digest = await send(desk, picture())
            await desk.accepted(Role.ACCEPTOR, acts.PassForFiling(), case.stream, case.version)
            await attach(desk, case.stream, digest)

    in_time(work)


def test_a_unit_reads_the_photos_of_its_case_once_it_has_it(tmp_path: Path) -> None:
    async def work() -> None:
        async with server(tmp_path) as address, guest(address, KEEPER) as desk:
            await desk.hello()
            ack = await desk.accepted(Role.ACCEPTOR, report())
            digest = await send(desk, picture())
            ack = await attach(desk, ack.stream, digest)
            async with guest(address, WATER_CREW) as crew:
                await crew.hello()
                assert await read(crew, digest) == "photo.not_found"
                for role, command in (
                    (Role.ACCEPTOR, acts.PassForFiling()),
                    (Role.SHIFT_LEADER, acts.FileCase()),
                    (Role.DISPATCHER, acts.DispatchCase(lead=WATER)),
                ):
                    ack = await desk.accepted(role, command, ack.stream, ack.version)
                assert await read(crew, digest) == "read"

    in_time(work)


# --- the folder ---------------------------------------------------------------------------------


def stored(folder: Path, data: bytes, user: UserId = SENDER) -> tuple[Blobs, Digest]:
    kept, digest = Blobs(folder), name(data)
    kept.add(user, digest, data)
    kept.finish(user, digest)
    return kept, digest


def make_older(file: Path, seconds: float) -> None:
    then = time.time() - seconds
    os.utime(file, (then, then))


def marks(kept: Blobs, kind: str) -> list[Path]:
    return list(kept.folder.glob(f"{kind}/*/*"))


def test_a_half_upload_runs_out(tmp_path: Path) -> None:
    kept = Blobs(tmp_path)
    for age, left in ((KEPT - 60, 1), (KEPT + 60, 0)):
        kept.add(SENDER, name(b"x"), b"x")
        make_older(marks(kept, "half")[0], age)
        kept.sweep(lambda _: ())
        assert len(marks(kept, "half")) == left


def test_a_whole_upload_that_no_case_names_runs_out(tmp_path: Path) -> None:
    kept, digest = stored(tmp_path, picture(100))
    assert kept.sweep(lambda _: ()) == 0
    for file in (kept.path(digest), *marks(kept, "sent")):
        make_older(file, KEPT + 60)
    assert kept.sweep(lambda _: ()) == 1
    assert kept.size(digest) is None


def test_what_a_case_names_stays_for_ever(tmp_path: Path) -> None:
    kept, digest = stored(tmp_path, picture(100))
    for file in (kept.path(digest), *marks(kept, "sent")):
        make_older(file, 400 * KEPT)
    assert kept.sweep(lambda _: {digest}) == 0
    assert kept.size(digest) == 100


def test_a_picture_that_a_case_names_is_tied_to_another_one_after_a_sweep(tmp_path: Path) -> None:
    kept, digest = stored(tmp_path, picture(100))
    kept.sweep(lambda _: {digest})
    assert kept.attachable(SENDER, digest) is not None
    make_older(marks(kept, "sent")[0], TIED + 60)
    kept.sweep(lambda _: {digest})
    assert kept.attachable(SENDER, digest) is None


def test_an_upload_about_to_be_swept_is_no_more_tied_to_a_case(tmp_path: Path) -> None:
    kept, digest = stored(tmp_path, picture(100))
    assert kept.attachable(SENDER, digest) is not None
    make_older(marks(kept, "sent")[0], KEPT - GRACE + 60)
    assert kept.attachable(SENDER, digest) is None


def test_the_stalest_half_upload_makes_room(tmp_path: Path) -> None:
    kept = Blobs(tmp_path)
    names = [name(bytes([n])) for n in range(MOST_HALVES)]
    for age, digest in enumerate(names):
        kept.add(SENDER, digest, b"x")
        make_older(next(f for f in marks(kept, "half") if f.name == digest), age * 10)
    kept.make_room(SENDER)
    assert {f.name for f in marks(kept, "half")} == set(names[:-1])


def test_too_many_pictures_that_no_case_names_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, _ = stored(tmp_path, picture(100))
    monkeypatch.setattr(blobs, "MOST_WAITING", 1)
    with pytest.raises(Refused, match=r"photo\.too_many_waiting"):
        kept.make_room(SENDER)
    kept.make_room(UserId("somebody else"))
    assert MOST_WAITING > 1


def test_an_altered_file_is_told_from_a_good_one(tmp_path: Path) -> None:
    kept, digest = stored(tmp_path, picture(100))
    assert not kept.altered(digest)
    kept.path(digest).write_bytes(picture(100, b"z"))
    assert kept.altered(digest)


def test_a_sweep_asks_the_database_what_cases_name(tmp_path: Path) -> None:
    async def work() -> None:
        async with server(tmp_path) as address, guest(address, KEEPER) as desk:
            await desk.hello()
            case = await desk.accepted(Role.ACCEPTOR, report())
            tied = await send(desk, picture())
            await send(desk, picture(mark=b"loose"))
            await attach(desk, case.stream, tied)

    in_time(work)
    database = open_database(log_url(tmp_path), str(tmp_path / "blobs"))
    try:
        kept = uploads.blobs_of(database)
        for file in (*map(kept.path, kept.stored()), *marks(kept, "sent")):
            make_older(file, KEPT + 60)
        assert uploads.sweep(database) == 1
        assert list(kept.stored()) == [name(picture())]
    finally:
        database.close()


def test_an_inspection_names_what_is_missing_and_what_was_altered(tmp_path: Path) -> None:
    pictures = [picture(1000, mark) for mark in (b"a", b"b", b"c")]

    async def work() -> None:
        async with server(tmp_path) as address, guest(address, KEEPER) as desk:
            await desk.hello()
            case = await desk.accepted(Role.ACCEPTOR, report())
            for data in pictures:
                await attach(desk, case.stream, await send(desk, data))

    in_time(work)
    database = open_database(log_url(tmp_path), str(tmp_path / "blobs"))
    try:
        kept = uploads.blobs_of(database)
        assert uploads.inspect(database) == (3, [], [])
        kept.path(name(pictures[0])).unlink()
        kept.path(name(pictures[1])).write_bytes(b"other")
        assert uploads.inspect(database) == (1, [name(pictures[0])], [name(pictures[1])])
    finally:
        database.close()


def test_a_folder_that_cannot_be_used_keeps_the_server_from_starting(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    async def work() -> None:
        async with serving(settings(tmp_path, blobs=str(tmp_path / "file" / "blobs"))):
            pass

    with pytest.raises(ServerError) as refused:
        in_time(work)
    assert refused.value.code == "server.blobs"


def test_postgresql_needs_a_folder_and_sqlite_has_one_beside_it(
    tmp_path: Path, engine: str
) -> None:
    async def work() -> None:
        async with serving(settings(tmp_path, blobs="")):
            pass

    if engine == "sqlite":
        in_time(work)
        assert Path(f"{tmp_path}/log.db.blobs").is_dir()
        return
    with pytest.raises(ServerError) as refused:
        in_time(work)
    assert refused.value.code == "server.blobs"


# --- what is not kept -----------------------------------------------------------------------------


def test_a_kind_of_picture_that_the_city_does_not_take_is_refused_by_its_first_bytes(
    tmp_path: Path,
) -> None:
    rules = replace(RULES, photos=replace(RULES.photos, media=(Media.PNG,)))
    sender = Person(user=SENDER, name="", grants=())
    with pytest.raises(Refused) as refused:
        uploads.take(Blobs(tmp_path), rules, sender, chunk(picture(100), 0))
    assert refused.value.code == "photo.media"


def test_a_picture_that_a_case_names_and_the_folder_lost_is_missing(tmp_path: Path) -> None:
    async def work() -> None:
        async with server(tmp_path) as address, guest(address, KEEPER) as desk:
            await desk.hello()
            stream = (await desk.accepted(Role.ACCEPTOR, report())).stream
            digest = await send(desk, picture(100))
            await attach(desk, stream, digest)
            Blobs(tmp_path / "blobs").path(digest).unlink()
            assert await read(desk, digest) == "photo.missing"

    in_time(work)


def test_a_database_without_a_folder_keeps_no_pictures(tmp_path: Path) -> None:
    with open_office(log_url(tmp_path)) as office:
        office.database.blobs = None
        with pytest.raises(Refused) as refused:
            uploads.blobs_of(office.database)
    assert refused.value.code == "photo.not_kept"
