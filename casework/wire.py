"""Messages between console and case server.

JSON text frames by msgspec. Clients decode events leniently, the server decodes everything
strictly. The server speaks protocol `PROTOCOL` and `PROTOCOL - 1`, else it says `upgrade`.
Source of the shapes: docs/protocol.md.
"""

from datetime import UTC, datetime
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Raw, Struct

from casework.case import Case
from casework.catalogue import AnyCommand
from casework.decider import Command, Grant
from casework.queries import Query
from casework.replies import ReplyBody
from casework.rules import working_time
from casework.terms import (
    CaseId,
    Instant,
    LogId,
    Role,
    UserId,
)

PROTOCOL = 1
MAX_FRAME = 256 * 1024
"""Bytes a server accepts in one frame."""
MAX_REPLY = 4 * 1024 * 1024
"""Bytes a client accepts in one frame (the rule book is the largest)."""


# --- client to server --------------------------------------------------------------------------


class Message(Struct, frozen=True, kw_only=True, tag=True, tag_field="t", omit_defaults=True):
    """Anything on the wire; `t` names it."""


class Resume(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where a client stands in a log; a strange `epoch` means another history: start anew."""

    log: LogId
    epoch: str
    number: int


class Hello(Message, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """First frame. Who asks was settled in the handshake's Authorization header."""

    protocol: int
    device: Annotated[str, Meta(max_length=80)]
    resume: Resume | None = None
    quiet: bool = False
    """Only answers are wanted: neither a snapshot nor events follow (bots, importers)."""


class Passwords(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Secrets beside an account's command: the server keeps a hash of `new`, and nothing else of
    it. An empty `new` asks the server to make up a one-time password; `old` is one's own."""

    new: Annotated[str, Meta(max_length=1000)] = ""
    old: Annotated[str, Meta(max_length=1000)] = ""

    def __repr__(self) -> str:
        return "Passwords(…)"


class Ask(Message, frozen=True, kw_only=True):
    """A command. `id` is made when the person starts, so that a retry is the same command.

    `stream` is empty for a command that opens one. `claimed` is when it is said to have happened.
    """

    id: Annotated[str, Meta(min_length=8, max_length=64)]
    stream: Annotated[str, Meta(max_length=120)] = ""
    base_version: int = 0
    role: Role
    command: Command
    claimed: Instant | None = None
    passwords: Passwords | None = None


class Fetch(Message, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A question, or a piece of a blob: what may be sent twice, for nothing that happened changes
    by it. The reply carries the same `ref`."""

    ref: int
    query: Query


class Seen(Message, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The client has folded everything up to `number`."""

    number: int


class Heartbeat(Message, frozen=True, kw_only=True):
    """Each 5 s when idle. `at` is the server's clock (server to client), `milli_speed` how fast
    it runs (1000 = real time, 0 = moved by records), `head` the log's last number. A server
    echoes a client's `echo`, so that either side can tell the delay."""

    echo: float = 0.0
    at: datetime | None = None
    milli_speed: int = 1000
    head: int = 0
    people: int = 0
    """Told to administrators only: another number means that an account, or who is signed in, is
    not as it was."""


# --- server to client --------------------------------------------------------------------------


class Welcome(Message, frozen=True, kw_only=True):
    """The session stands. `resumes` tells what follows: events after the client's number, or a
    snapshot. `token` signs the same person in again without the password."""

    protocol: int
    log: LogId
    epoch: str
    head: int
    practice: bool
    city: str
    time_zone: str
    at: datetime
    milli_speed: int
    user: UserId
    name: str
    grants: tuple[Grant, ...]
    rules_version: int
    rules_digest: str
    token: str
    resumes: bool
    ended_hours: int
    must_change: bool = False
    """The password was given by somebody else: until it is changed nothing else is answered, and
    no case is told. Afterwards comes `Bye`, and the person signs in with `Ack.token`."""


class Snapshot(Message, frozen=True, kw_only=True):
    """Part `part` of `parts` (from 1) of the visible cases at `number`, most urgent first."""

    log: LogId
    number: int
    part: int
    parts: int
    cases: tuple[Raw, ...]


class Events(Message, frozen=True, kw_only=True):
    """What happened in `first … last`, as far as this audience may know.

    `events` are envelopes of cases the audience had before; `cases` are cases that it sees from
    now on, folded at `last`; `gone` are cases that left it. The range is always contiguous with
    the one before, so that a hole shows. `at` is the server's clock.
    """

    log: LogId
    first: int
    last: int
    at: datetime
    events: tuple[Raw, ...] = ()
    cases: tuple[Raw, ...] = ()
    gone: tuple[CaseId, ...] = ()


class Ack(Message, frozen=True, kw_only=True):
    """The command is durable. `number` is its last event's, `version` the stream's."""

    id: str
    log: LogId
    number: int
    stream: str
    version: int
    once: str = ""
    """The one-time password that the server made up, to be shown once."""
    token: str = ""
    """After changing one's own password: the token that is good now, the one of Welcome is not."""

    def __repr__(self) -> str:
        return f"Ack(id={self.id!r}, number={self.number}, stream={self.stream!r})"


class Nack(Message, frozen=True, kw_only=True):
    """The command was refused and changed nothing; `version` is the stream's present one."""

    id: str
    code: str
    detail: dict[str, str] = {}
    version: int = 0


class Reply(Message, frozen=True, kw_only=True):
    """The answer to `Fetch`: a body, or the code of a refusal."""

    ref: int
    body: ReplyBody | None = None
    code: str = ""


class Bye(Message, frozen=True, kw_only=True):
    """The server ends the session; `code` says why (`upgrade`, `frame.malformed`, `too_slow`,
    `signed_out`, `password.changed`, `shutting_down`), `retry_after` in seconds, 0 = do not
    retry."""

    code: str
    detail: str = ""
    retry_after: float = 0.0


FromServer = Welcome | Snapshot | Events | Ack | Nack | Reply | Heartbeat | Bye

_ENCODER = msgspec.json.Encoder()


class _Ask(Message, frozen=True, kw_only=True, tag="Ask", forbid_unknown_fields=True):
    """`Ask` with the union of commands that the catalogue names: what the decoder really reads."""

    id: Annotated[str, Meta(min_length=8, max_length=64)]
    stream: Annotated[str, Meta(max_length=120)] = ""
    base_version: int = 0
    role: Role
    command: AnyCommand
    claimed: Instant | None = None
    passwords: Passwords | None = None


_READ_CLIENT: msgspec.json.Decoder[Any] = msgspec.json.Decoder(
    Hello | _Ask | Fetch | Seen | Heartbeat
)
_READ_SERVER: msgspec.json.Decoder[Any] = msgspec.json.Decoder(FromServer)


def encode(message: Message) -> bytes:
    """A message's frame."""
    return _ENCODER.encode(message)


def read_from_client(frame: bytes | str) -> Message:
    """A client's frame, strictly.

    Raises:
        msgspec.ValidationError, msgspec.DecodeError: malformed; the text names the field.
    """
    message = _READ_CLIENT.decode(frame)
    if isinstance(message, _Ask):
        return Ask(
            id=message.id,
            stream=message.stream,
            base_version=message.base_version,
            role=message.role,
            command=message.command,
            claimed=_claimed(message.claimed),
            passwords=message.passwords,
        )
    return message  # type: ignore[no-any-return]  # the decoder's union, all of them messages


def _claimed(at: datetime | None) -> datetime | None:
    """In UTC, as it will be written; what lies beyond computed time nobody can have seen."""
    if at is None:
        return None
    if not working_time.EARLIEST <= at <= working_time.FURTHEST:
        raise msgspec.ValidationError("Expected an instant of 1900 … 2199 - at `$.claimed`")
    return at.astimezone(UTC)


def read_from_server(frame: bytes | str) -> Message:
    """A server's frame. Unknown fields are passed over; an unknown message is an error.

    Raises:
        msgspec.ValidationError, msgspec.DecodeError: malformed.
    """
    return _READ_SERVER.decode(frame)  # type: ignore[no-any-return]  # as above


def read_case(raw: bytes | Raw) -> Case:
    """A folded case from a snapshot or a state row."""
    return _READ_CASE.decode(raw)


_READ_CASE = msgspec.json.Decoder(Case)
