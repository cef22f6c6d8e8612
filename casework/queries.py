"""What a desk may ask of the server without changing anything, photos among it."""

from typing import Annotated

from msgspec import Meta, Struct

from casework.enquiries import (
    ColleaguesQuery,
    DepartureQuery,
    InspectorsQuery,
    NamesQuery,
    ProposedQuery,
)
from casework.finding import FindQuery
from casework.old_cases import LONGEST_REFERENCE
from casework.orders_over import OrdersOverQuery
from casework.photos import DigestText
from casework.rules.geo import Box
from casework.terms import (
    CaseId,
    ComponentId,
    Instant,
    Point,
    State,
)


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
