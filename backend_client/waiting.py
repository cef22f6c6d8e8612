"""Commands and questions that nobody has answered yet: kept, in order, over any number of cuts."""

import re
from collections.abc import Iterator
from typing import Literal

import msgspec

from backend_client.notices import Answered, Fetched, Notice
from casework.decider import Refused
from casework.queries import Query
from casework.wire import MAX_FRAME, Ack, Ask, Fetch, Nack, Reply, encode, read_from_client

_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
"""U+0000 as JSON writes it; no store can keep it."""


class Waiting:
    """Frames by the id of their command or the number of their question."""

    def __init__(self) -> None:
        self._asks: dict[str, bytes] = {}
        self._fetches: dict[int, bytes] = {}

    def ask(self, ask: Ask) -> bytes | None:
        """The frame to send; None when the same id waits already.

        Raises:
            Refused: `command.malformed`, `command.too_large`.
        """
        if ask.id in self._asks:
            return None
        frame = self._asks[ask.id] = _readable(ask, "command")
        return frame

    def fetch(self, ref: int, query: Query) -> bytes:
        """The frame to send.

        Raises:
            Refused: `query.malformed`, `query.too_large`.
        """
        frame = self._fetches[ref] = _readable(Fetch(ref=ref, query=query), "query")
        return frame

    def frames(self) -> Iterator[bytes]:
        """All that is to be sent again."""
        yield from self._asks.values()
        yield from self._fetches.values()

    def answered(self, answer: Ack | Nack) -> list[Notice]:
        """Nothing when nobody waits: the answer came before."""
        known = self._asks.pop(answer.id, None)
        return [Answered(id=answer.id, answer=answer)] if known else []

    def replied(self, reply: Reply) -> list[Notice]:
        """Nothing when nobody waits."""
        known = self._fetches.pop(reply.ref, None)
        return [Fetched(ref=reply.ref, body=reply.body, code=reply.code)] if known else []

    def close(self) -> list[Notice]:
        """Nobody will answer any more."""
        notices: list[Notice] = [
            Answered(id=id, answer=Nack(id=id, code="link.closed")) for id in self._asks
        ]
        notices += (Fetched(ref=ref, code="link.closed") for ref in self._fetches)
        self._asks.clear()
        self._fetches.clear()
        return notices


def _readable(message: Ask | Fetch, kind: Literal["command", "query"]) -> bytes:
    """The message's frame, if a server will read it: one that it cannot read would end every
    connection anew."""
    try:
        frame = encode(message)
        read_from_client(frame)
    except (msgspec.DecodeError, UnicodeEncodeError) as error:
        raise Refused(f"{kind}.malformed", problem=str(error)) from error
    if _NUL.search(frame):
        raise Refused(f"{kind}.malformed", problem="U+0000")
    if len(frame) > MAX_FRAME:
        raise Refused(f"{kind}.too_large", bytes=str(len(frame)))
    return frame
