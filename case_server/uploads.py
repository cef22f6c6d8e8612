"""What comes in and goes out of the blobs: who may send what, who may read what.

Everything that writes happens in one thread of its own, so that pieces of one upload cannot meet
and a large picture does not hold up a question. Source: docs/protocol.md.
"""

import asyncio
import logging
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor

from case_server import readside
from case_server.blobs import Blobs
from case_server.database import Database
from case_server.users import Person
from casework import queries, replies
from casework.decider import Refused
from casework.photos import media_of
from casework.rulebook import RuleBook
from casework.terms import Digest

SWEEP = 600.0
"""Seconds between two sweeps."""

_log = logging.getLogger(__name__)


class Uploads:
    """Made and closed in the hub's loop."""

    def __init__(self, database: Database, rules: RuleBook) -> None:
        self._database = database
        self._rules = rules
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="uploads")
        self._loop = asyncio.get_running_loop()
        self._sweeping = self._loop.create_task(self._sweep())

    async def answer(
        self, person: Person, query: queries.BlobOffer | queries.BlobChunk
    ) -> replies.BlobStanding:
        """Take what is sent. Raises: Refused: as `take`; `photo.not_kept` when the disk refuses."""
        try:
            return await self._loop.run_in_executor(
                self._thread, take, blobs_of(self._database), self._rules, person, query
            )
        except OSError as error:
            _log.warning("a picture could not be kept: %s", error)
            raise Refused("photo.not_kept") from error

    async def _sweep(self) -> None:
        while self._database.blobs is not None:
            try:
                await self._loop.run_in_executor(self._thread, sweep, self._database)
            except OSError as error:
                _log.warning("old uploads could not be removed: %s", error)
            await asyncio.sleep(SWEEP)

    async def close(self) -> None:
        """Finish what was begun."""
        self._sweeping.cancel()
        await asyncio.gather(self._sweeping, return_exceptions=True)
        self._thread.shutdown()


def blobs_of(database: Database) -> Blobs:
    """The folder. Raises: Refused: `photo.not_kept` where the database was given none."""
    if database.blobs is None:
        raise Refused("photo.not_kept")
    return database.blobs


def take(
    blobs: Blobs, rules: RuleBook, person: Person, query: queries.BlobOffer | queries.BlobChunk
) -> replies.BlobStanding:
    """An offer, or a piece at the place where the one before ended; any other changes nothing.

    Raises:
        Refused: `photo.too_large`, `photo.too_many_waiting`, `photo.not_a_picture` and
            `photo.media` by the first bytes, `photo.wrong_digest` at the end.
        OSError: the disk refuses.
    """
    user, digest = person.user, query.digest
    if query.size > rules.photos.most_bytes:
        raise Refused("photo.too_large", most=str(rules.photos.most_bytes))
    if blobs.sent(user, digest) and blobs.size(digest) == query.size:
        return replies.BlobStanding(digest=digest, have=query.size, whole=True)
    have = blobs.have(user, digest)
    if isinstance(query, queries.BlobOffer) or query.offset != have:
        return replies.BlobStanding(digest=digest, have=have)
    if have + len(query.data) > query.size:
        raise Refused("photo.too_large", most=str(query.size))
    if not have:
        _look_at(query.data, rules)
        blobs.make_room(user)
    have = blobs.add(user, digest, query.data)
    if have < query.size:
        return replies.BlobStanding(digest=digest, have=have)
    blobs.finish(user, digest)
    return replies.BlobStanding(digest=digest, have=have, whole=True)


def _look_at(first: bytes, rules: RuleBook) -> None:
    media = media_of(first)
    if media is None:
        raise Refused("photo.not_a_picture")
    if media not in rules.photos.media:
        raise Refused("photo.media", media=media)


def part(database: Database, person: Person, query: queries.BlobRange) -> replies.BlobPart:
    """A piece of a blob that this person sent in, or that a case in sight names.

    Raises:
        Refused: `photo.not_found`, also where it is outside the grants; `photo.missing` when a
            case names it and the folder has it no more.
    """
    blobs, digest = blobs_of(database), query.digest
    with database.read() as connection:
        seen = readside.sees_blob(connection, person.grants, digest)
    if not seen and not blobs.sent(person.user, digest):
        raise Refused("photo.not_found")
    size = blobs.size(digest)
    if size is None:
        raise Refused("photo.missing")
    data = blobs.read(digest, query.offset, query.length)
    return replies.BlobPart(digest=digest, size=size, offset=query.offset, data=data)


def sweep(database: Database) -> int:
    """Let go of what nobody needs; how many blobs went. Raises: OSError."""

    def named(digests: Collection[Digest]) -> Collection[Digest]:
        with database.read() as connection:
            return readside.named_blobs(connection, digests)

    return blobs_of(database).sweep(named)


def inspect(database: Database) -> tuple[int, list[Digest], list[Digest]]:
    """How many blobs that cases name are whole, which are missing, and which were altered.

    Raises:
        OSError: the folder cannot be read.
    """
    blobs = blobs_of(database)
    with database.read() as connection:
        named = sorted(readside.named_blobs(connection))
    missing = [digest for digest in named if blobs.size(digest) is None]
    altered = [digest for digest in named if digest not in missing and blobs.altered(digest)]
    return len(named) - len(missing) - len(altered), missing, altered
