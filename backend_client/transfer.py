"""Sending a picture in and bringing one back, piece by piece, over as many connections as it takes.

Pieces are questions, which a session asks again after a cut; the server says how much it has, so
that nothing is sent twice for long. Source: docs/protocol.md.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from backend_client.blob_shelf import BlobShelf, digest_of
from casework.decider import Refused
from casework.queries import MAX_CHUNK, BlobChunk, BlobOffer, BlobRange, Query
from casework.replies import BlobPart, BlobStanding, ReplyBody
from casework.terms import Digest

PATIENCE = 0.5
"""Seconds to wait when the server says that one asks too fast."""

Ask = Callable[[Query], Awaitable[ReplyBody]]
Progress = Callable[[int, int], None]
"""(bytes so far, bytes in all)."""
_log = logging.getLogger(__name__)


def unheard(_done: int, _size: int) -> None:
    """Nobody listens to how far it is."""


async def upload(ask: Ask, shelf: BlobShelf, data: bytes, progress: Progress = unheard) -> Digest:
    """Send a picture in; its digest, once the server has all of it on disk.

    Raises:
        Refused: `photo.…` of the server, `photo.not_a_picture` for nothing at all, `link.closed`.
    """
    if not data:
        raise Refused("photo.not_a_picture")
    digest, size = digest_of(data), len(data)
    stand = _standing(await _patiently(ask, BlobOffer(digest=digest, size=size)))
    while not stand.whole:
        progress(stand.have, size)
        piece = data[stand.have : stand.have + MAX_CHUNK]
        chunk = BlobChunk(digest=digest, size=size, offset=stand.have, data=piece)
        stand = _standing(await _patiently(ask, chunk))
    progress(size, size)
    await _keep(shelf, data)
    return digest


async def download(
    ask: Ask, shelf: BlobShelf, digest: Digest, progress: Progress = unheard
) -> bytes:
    """A picture's bytes, from the shelf or from the server.

    Raises:
        Refused: `photo.not_found`, `photo.missing`; `photo.altered` when what came is not what the
            digest names; `link.closed`.
    """
    kept = await asyncio.to_thread(shelf.find, digest)
    if kept is not None:
        return kept
    found, size = bytearray(), 1
    while len(found) < size:
        part = await _patiently(ask, BlobRange(digest=digest, offset=len(found)))
        if not isinstance(part, BlobPart) or not part.data:
            raise Refused("photo.altered")
        found += part.data
        size = part.size
        progress(len(found), size)
    data = bytes(found)
    if digest_of(data) != digest:
        raise Refused("photo.altered")
    await _keep(shelf, data)
    return data


async def _patiently(ask: Ask, query: Query) -> ReplyBody:
    while True:
        try:
            return await ask(query)
        except Refused as refused:
            if refused.code != "session.too_fast":
                raise
        await asyncio.sleep(PATIENCE)


def _standing(reply: ReplyBody) -> BlobStanding:
    if not isinstance(reply, BlobStanding):
        raise Refused("link.malformed")
    return reply


async def _keep(shelf: BlobShelf, data: bytes) -> None:
    """A full disk costs another fetch, nothing else."""
    try:
        await asyncio.to_thread(shelf.keep, data)
    except OSError as error:
        _log.warning("picture.not_kept: %s", error)
