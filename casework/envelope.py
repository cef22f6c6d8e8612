"""The final bytes of an event: canonical, stored as written, chained by their leaves.

Source of the shape: docs/protocol.md; RFC 9162 for the leaf.
"""

import hashlib
from datetime import datetime

import msgspec
from msgspec import Raw, Struct

from casework.catalogue import read_event
from casework.decider import Event, Recorded
from casework.terms import LogId, Role, UserId

SCHEMA_VERSION = 1
"""`v` of the events written now."""
GENESIS = "0" * 64
"""`prev` of event 1."""


class Envelope(Struct, frozen=True, kw_only=True):
    """An event as written, once and for all: canonical JSON, keys sorted, no floats.

    `at` is the server's clock (monotonic), `claimed` when it is said to have happened, `cmd` the
    id of the command that caused it, `rules` the rule-book version, `prev` the leaf before.
    """

    v: int
    log: LogId
    number: int
    at: datetime
    claimed: datetime | None
    stream: str
    version: int
    type: str
    actor: UserId
    role: Role
    device: str
    cmd: str
    rules: int
    body: Raw
    blobs: tuple[str, ...]
    prev: str


_ENVELOPE = msgspec.json.Encoder(order="sorted")
_READ_ENVELOPE = msgspec.json.Decoder(Envelope)


def event_body(event: Event) -> Raw:
    """Canonical bytes of an event's own fields."""
    return Raw(_ENVELOPE.encode(event))


def envelope_bytes(envelope: Envelope) -> bytes:
    """The canonical bytes that are stored and hashed, never made again."""
    return _ENVELOPE.encode(envelope)


def leaf(written: bytes) -> bytes:
    """SHA-256(0x00 ‖ bytes), the leaf of RFC 9162, 32 bytes."""
    return hashlib.sha256(b"\x00" + written).digest()


def read_envelope(written: bytes | Raw) -> Envelope:
    """An envelope from its stored bytes.

    Raises:
        msgspec.ValidationError: the bytes are not an event's.
    """
    return _READ_ENVELOPE.decode(written)


def recorded(envelope: Envelope) -> Recorded:
    """The event with what the journal knows of it, ready to fold."""
    return Recorded(
        log=envelope.log,
        number=envelope.number,
        at=envelope.at,
        claimed=envelope.claimed,
        stream=envelope.stream,
        version=envelope.version,
        actor=envelope.actor,
        role=envelope.role,
        event=read_event(envelope.type, envelope.body),
    )
