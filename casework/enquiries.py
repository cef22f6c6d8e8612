"""Questions about people at work, and what a server answers: shapes only."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from casework.decider import Grant
from casework.rules.proposal import Reason
from casework.terms import AreaId, CaseId, Point, Role, UnitId, UserId

UserName = Annotated[UserId, Meta(max_length=40)]


class InspectorsQuery(
    Struct, frozen=True, kw_only=True, tag="inspectors", forbid_unknown_fields=True
):
    """The inspectors whom one may know of: for a case or a point those who may be sent there, best
    first; without either all of them, by name."""

    case: CaseId | None = None
    point: Point | None = None
    limit: Annotated[int, Meta(ge=1, le=2000)] = 500


class InspectorRow(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One inspector: beat, duty, last position and how much is on the way to them.

    `metres`, `reasons` and `proposed` belong to the case or point that was asked for; who is not
    proposed may still be named. `stale`: the position is older than the rule book's
    `position_minutes`. Times are aware UTC.
    """

    user: UserId
    name: str
    areas: tuple[AreaId, ...] = ()
    grids: tuple[str, ...] = ()
    on_duty_since: datetime | None = None
    point: Point | None = None
    at: datetime | None = None
    accuracy_m: int = 0
    stale: bool = False
    open_orders: int = 0
    metres: int | None = None
    reasons: tuple[Reason, ...] = ()
    proposed: bool = False


class InspectorsReply(Struct, frozen=True, kw_only=True, tag="inspectors"):
    """`more`: some were left out."""

    inspectors: tuple[InspectorRow, ...]
    more: bool = False


class NamesQuery(Struct, frozen=True, kw_only=True, tag="names", forbid_unknown_fields=True):
    """What these people are called: cases name them by sign-in name only."""

    users: Annotated[tuple[UserName, ...], Meta(max_length=200)]


class PersonName(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A person by name; `post` (崗位) is the office as the account tells it."""

    user: UserId
    name: str
    post: str = ""


class NamesReply(Struct, frozen=True, kw_only=True, tag="names"):
    """Those of the people whom the asker may know of."""

    people: tuple[PersonName, ...]


class ColleaguesQuery(
    Struct, frozen=True, kw_only=True, tag="colleagues", forbid_unknown_fields=True
):
    """Who could take a case over from the asker, who has it in the post `role` (轉交)."""

    case: CaseId
    role: Role


class Colleague(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One of them. `present`: signed in at a seat now; `in_hand`: how many cases they have."""

    user: UserId
    name: str
    post: str = ""
    areas: tuple[AreaId, ...] = ()
    present: bool = False
    in_hand: int = 0


class ColleaguesReply(Struct, frozen=True, kw_only=True, tag="colleagues"):
    """Who is present first, the least busy of them before the others; then by name."""

    colleagues: tuple[Colleague, ...]


class DepartureQuery(
    Struct, frozen=True, kw_only=True, tag="departure", forbid_unknown_fields=True
):
    """What stays behind if this person holds only `grants` (none: may sign in no more); asked by
    who keeps the accounts."""

    user: UserName
    grants: Annotated[tuple[Grant, ...], Meta(max_length=200)] = ()


class UnitLeft(Struct, frozen=True, kw_only=True):
    """A unit that would have no enabled officer, with its open cases."""

    unit: UnitId
    cases: int


class DepartureReply(Struct, frozen=True, kw_only=True, tag="departure"):
    """`in_hand`: open cases that the person has claimed and holds no post of the centre for any
    more; `orders`: orders that are out to them, who is an inspector no longer."""

    user: UserId
    units: tuple[UnitLeft, ...] = ()
    in_hand: int = 0
    orders: int = 0


class ProposedQuery(Struct, frozen=True, kw_only=True, tag="proposed", forbid_unknown_fields=True):
    """Whom each of these cases would get, were they ordered in this order, one after the other."""

    cases: Annotated[tuple[CaseId, ...], Meta(max_length=500)]


class Proposed(Struct, frozen=True, kw_only=True):
    """The inspector proposed for a case."""

    case: CaseId
    user: UserId
    name: str


class ProposedReply(Struct, frozen=True, kw_only=True, tag="proposed"):
    """Cases for which nobody is proposed are not named: their order is open to the area."""

    proposed: tuple[Proposed, ...]
