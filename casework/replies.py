"""What the server says to a question: rows, lists and counts, as the desk shows them."""

from datetime import datetime

from msgspec import Raw, Struct

from casework.case import Case
from casework.decider import Grant, Personal
from casework.enquiries import (
    ColleaguesReply,
    DepartureReply,
    InspectorsReply,
    NamesReply,
    ProposedReply,
)
from casework.finding import FindReply
from casework.orders_over import OrdersOverReply
from casework.photos import PhotoAttached
from casework.rules.register import Component
from casework.terms import (
    Application,
    AreaId,
    CaseId,
    ClosingKind,
    ComponentId,
    ComponentState,
    Digest,
    Point,
    Role,
    State,
    UserId,
)


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
    """Whose eye is on the case since this step (督辦), or who agreed above the shift leader to what
    it approves: a name as given, plain text."""
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
