"""Questions about inspectors, and what a server answers: shapes only."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from casework.rules.proposal import Reason
from casework.terms import AreaId, CaseId, Point, UserId


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

    `metres` and `reasons` belong to the case or point that was asked for. `stale`: the position
    is older than the rule book's `position_minutes`. Times are aware UTC.
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


class InspectorsReply(Struct, frozen=True, kw_only=True, tag="inspectors"):
    """`more`: some were left out."""

    inspectors: tuple[InspectorRow, ...]
    more: bool = False
