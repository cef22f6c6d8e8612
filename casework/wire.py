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
from casework.decider import Command, Grant, Personal
from casework.enquiries import (
    ColleaguesQuery,
    ColleaguesReply,
    DepartureQuery,
    DepartureReply,
    InspectorsQuery,
    InspectorsReply,
    NamesQuery,
    NamesReply,
    ProposedQuery,
    ProposedReply,
)
from casework.finding import FindQuery, FindReply
from casework.old_cases import LONGEST_REFERENCE
from casework.orders_over import OrdersOverQuery, OrdersOverReply
from casework.photos import DigestText, PhotoAttached
from casework.rules import working_time
from casework.rules.geo import Box
from casework.rules.register import Component
from casework.terms import (
    Application,
    AreaId,
    CaseId,
    ClosingKind,
    ComponentId,
    ComponentState,
    Digest,
    Instant,
    LogId,
    Point,
    Role,
    State,
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


class CaseQuery(Struct, frozen=True, kw_only=True, tag="case", forbid_unknown_fields=True):
    """One case with its texts and its history."""

    case: CaseId


class RulesQuery(Struct, frozen=True, kw_only=True, tag="rules", forbid_unknown_fields=True):
    """The rule book with this digest."""

    digest: str


class UrgentQuery(Struct, frozen=True, kw_only=True, tag="urgent", forbid_unknown_fields=True):
    """The most urgent open cases that the session may see."""

    limit: Annotated[int, Meta(ge=1, le=500)] = 50
    state: State | None = None


class TallyQuery(Struct, frozen=True, kw_only=True, tag="tally", forbid_unknown_fields=True):
    """How many of the cases that the session may see stand in each state; with `at`, how many
    were open at that instant of the log's clock."""

    at: Instant | None = None


class ComponentQuery(
    Struct, frozen=True, kw_only=True, tag="component", forbid_unknown_fields=True
):
    """Components by id; those that do not exist or may not be seen are left out of the answer."""

    ids: Annotated[tuple[ComponentId, ...], Meta(max_length=500)]


class BoxQuery(Struct, frozen=True, kw_only=True, tag="box", forbid_unknown_fields=True):
    """The components in a box of the map."""

    box: Box
    limit: Annotated[int, Meta(ge=1, le=2000)] = 1000


class NearQuery(Struct, frozen=True, kw_only=True, tag="near", forbid_unknown_fields=True):
    """The components nearest to a position, within the rule book's `near_metres`; `code` asks for
    one class only."""

    point: Point
    code: Annotated[str, Meta(max_length=20)] = ""
    limit: Annotated[int, Meta(ge=1, le=50)] = 9


class AccountsQuery(Struct, frozen=True, kw_only=True, tag="accounts", forbid_unknown_fields=True):
    """Every account of the log; administrators only."""


class AddressQuery(Struct, frozen=True, kw_only=True, tag="address", forbid_unknown_fields=True):
    """Earlier cases that the session may see whose address has the text, the latest first; each
    address once."""

    text: Annotated[str, Meta(max_length=120)]
    limit: Annotated[int, Meta(ge=1, le=20)] = 8


MAX_CHUNK = 128 * 1024
"""Bytes of a blob in one frame, before base64."""


class BlobOffer(Struct, frozen=True, kw_only=True, tag="blob_offer", forbid_unknown_fields=True):
    """A blob of `size` bytes is to come: how much of it is there already?"""

    digest: DigestText
    size: Annotated[int, Meta(ge=1, le=2**40)]


class BlobChunk(Struct, frozen=True, kw_only=True, tag="blob_chunk", forbid_unknown_fields=True):
    """Bytes of a blob from `offset` on; the first of them tell what kind of picture it is."""

    digest: DigestText
    size: Annotated[int, Meta(ge=1, le=2**40)]
    offset: Annotated[int, Meta(ge=0)]
    data: Annotated[bytes, Meta(min_length=1, max_length=MAX_CHUNK)]


class BlobRange(Struct, frozen=True, kw_only=True, tag="blob_range", forbid_unknown_fields=True):
    """Bytes of a blob that one may read."""

    digest: DigestText
    offset: Annotated[int, Meta(ge=0, le=2**40)] = 0
    length: Annotated[int, Meta(ge=1, le=MAX_CHUNK)] = MAX_CHUNK


class ImportedQuery(Struct, frozen=True, kw_only=True, tag="imported", forbid_unknown_fields=True):
    """How many cases of an earlier system are here; for administrators."""

    system: Annotated[str, Meta(min_length=1, max_length=LONGEST_REFERENCE)]


Question = (
    CaseQuery
    | RulesQuery
    | UrgentQuery
    | TallyQuery
    | ComponentQuery
    | BoxQuery
    | NearQuery
    | AccountsQuery
    | AddressQuery
    | FindQuery
    | InspectorsQuery
    | NamesQuery
    | ColleaguesQuery
    | DepartureQuery
    | ProposedQuery
    | OrdersOverQuery
    | ImportedQuery
)
Query = Question | BlobOffer | BlobChunk | BlobRange


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


class HistoryRow(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One step of a case's record: who, in which post, said what, and how long the link took."""

    number: int
    at: datetime
    claimed: datetime | None = None
    type: str
    state: State | None = None
    actor: UserId
    name: str = ""
    role: Role
    opinion: str = ""
    reason: str = ""
    units: tuple[str, ...] = ()
    used_seconds: int = 0
    """用時: in the link that this step left; 0 for what moves nothing."""
    late: bool = False
    """The link's clock had run out when this step was taken."""
    left: State | None = None
    """The link that this step left; None for what moves nothing and for the report itself."""
    received: datetime | None = None
    """When that link, or the unit whose own act this is, got the case."""
    due: datetime | None = None
    """When that link's clock ran out."""
    late_seconds: int = 0
    passed: bool | None = None
    """The answer of a verification or a check."""
    unit: str = ""
    """The unit for which the person acted."""
    centre: str = ""
    """The centre for which the person acted, where it is one."""
    imported: bool = False
    """A step that an earlier system told: `at` is its claim; `name`, `act`, `post` and `unit` are
    its words, plain text; `actor` and `role` are of who took it over."""
    act: str = ""
    post: str = ""
    inspector: str = ""
    """Name of the inspector to whom the order went, or from whom it was taken back."""
    application: Application | None = None
    """What was applied for or refused, where the step's own name does not say it."""
    until: datetime | None = None
    """The end of a suspension that was applied for or approved."""
    colleague: str = ""
    """Name of who was given the case (轉交), or from whom it was taken over (接管)."""
    centres: tuple[str, ...] = ()
    """From which centre the case went to which (移交)."""
    closing: ClosingKind | None = None
    """結案類型 of the step that closed the case."""
    leader: str = ""
    """Whose eye is on the case since this step (督辦): a name as given, plain text."""
    back: bool = False
    """An assignment went up again to the unit that had passed it down."""


class PhotoRow(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A photo on a case and who sent it in."""

    number: int
    at: datetime
    actor: UserId
    name: str = ""
    role: Role
    photo: PhotoAttached


class CaseDetail(Struct, frozen=True, kw_only=True, tag="case", omit_defaults=True):
    """A case opened: texts are foreign, plain; name and phone are masked unless shown by an act."""

    case: Case
    number: int
    texts: Personal
    history: tuple[HistoryRow, ...]
    photos: tuple[PhotoRow, ...] = ()


class RulesReply(Struct, frozen=True, kw_only=True, tag="rules"):
    """The rule book's bytes (canonical JSON), with their digest."""

    version: int
    digest: str
    rules: Raw


class UrgentReply(Struct, frozen=True, kw_only=True, tag="urgent"):
    cases: tuple[Raw, ...]


class EarlierAddress(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where an earlier case was. Long numbers in the address are masked: they may be somebody's."""

    case: CaseId
    address: str
    point: Point | None = None
    district: AreaId | None = None
    street: AreaId | None = None


class AddressReply(Struct, frozen=True, kw_only=True, tag="address"):
    addresses: tuple[EarlierAddress, ...]


class TallyReply(Struct, frozen=True, kw_only=True, tag="tally"):
    """Cases by state; `open` and `closed` count up to the instant asked for."""

    states: dict[State, int]
    open: int
    ended: int


class ComponentMark(Struct, frozen=True, kw_only=True, array_like=True):
    """A component as the map shows it."""

    id: ComponentId
    code: str
    point: Point
    state: ComponentState


class MarksReply(Struct, frozen=True, kw_only=True, tag="marks"):
    """Components in a box; `more` says that the limit cut some off."""

    marks: tuple[ComponentMark, ...]
    more: bool = False


class ComponentsReply(Struct, frozen=True, kw_only=True, tag="components"):
    """Components by id in the order asked for, or by nearness."""

    components: tuple[Component, ...]


class AccountRow(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One account with what is known beside its record. `signed_in_at` is by the clock on the
    wall (aware UTC); `seats` are where the person is signed in now."""

    user: UserId
    version: int
    name: str
    post: str = ""
    job_number: str = ""
    phone: str = ""
    grants: tuple[Grant, ...]
    enabled: bool = True
    must_change: bool = False
    has_password: bool = False
    signed_in_at: datetime | None = None
    seats: tuple[str, ...] = ()


class AccountsReply(Struct, frozen=True, kw_only=True, tag="accounts"):
    """All accounts, by sign-in name."""

    accounts: tuple[AccountRow, ...]


class BlobStanding(Struct, frozen=True, kw_only=True, tag="blob_standing", omit_defaults=True):
    """How much of a blob that one sends is there: go on from `have`; `whole` when it is in place,
    checked and durable."""

    digest: Digest
    have: int
    whole: bool = False


class BlobPart(Struct, frozen=True, kw_only=True, tag="blob_part", omit_defaults=True):
    """Bytes of a blob from `offset` on, out of `size`."""

    digest: Digest
    size: int
    offset: int = 0
    data: bytes = b""


class ImportedReply(Struct, frozen=True, kw_only=True, tag="imported"):
    """Cases taken over from one earlier system, and how many of them are open now."""

    cases: int
    open: int


ReplyBody = (
    CaseDetail
    | ImportedReply
    | RulesReply
    | UrgentReply
    | TallyReply
    | MarksReply
    | ComponentsReply
    | AccountsReply
    | AddressReply
    | FindReply
    | InspectorsReply
    | NamesReply
    | ColleaguesReply
    | DepartureReply
    | ProposedReply
    | OrdersOverReply
    | BlobStanding
    | BlobPart
)


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
