"""Audiences: which cases a set of grants may see. Pure, shared by server and console.

A unit sees the cases assigned to it; every other role sees the cases of its areas, or of the whole
log when its grant names none. Nothing outside may reach a session (trust.md, T-list; architecture).
"""

from collections.abc import Iterable

from msgspec import Struct

from casework.decider import Grant
from casework.terms import AreaId, Role, UnitId


class Scope(Struct, frozen=True, kw_only=True):
    """The facts of a case that decide who sees it."""

    district: AreaId | None
    street: AreaId | None
    units: tuple[UnitId, ...] = ()


def covers(grant: Grant, scope: Scope) -> bool:
    """Whether one grant reaches a case."""
    if grant.role is Role.UNIT:
        return grant.unit is not None and grant.unit in scope.units
    if grant.role is Role.ADMINISTRATOR:
        return False  # keeps users and machines, not cases
    if not grant.areas:
        return True
    return scope.district in grant.areas or scope.street in grant.areas


def sees(grants: Iterable[Grant], scope: Scope) -> bool:
    """Whether any grant reaches a case."""
    return any(covers(grant, scope) for grant in grants)
