"""Who has a case now, and what it waits for next: nothing open may lie with nobody.

Pure. Source: domain.md 2.3, 2.5, 2.7; the console's boxes show the same links (`HOLDERS`).
"""

from collections.abc import Iterator
from datetime import datetime

from msgspec import Struct

from casework.case import Case, holds
from casework.decider import Actor
from casework.life import HOLDERS
from casework.terms import AT_THE_UNITS, AT_WORK, CENTRE_ROLES, CentreId, Role, UnitId, UserId


class Holder(Struct, frozen=True, kw_only=True):
    """Whose turn it is: a post (of `centre`, if the case has one), a unit, or a person.

    `user` is the inspector whom the order names, or who has claimed the case; None: anybody whose
    grants reach it.
    """

    role: Role
    centre: CentreId | None = None
    unit: UnitId | None = None
    user: UserId | None = None


def holder(case: Case) -> Holder | None:
    """Who has an open case now; None when it has ended."""
    role = HOLDERS.get(case.state)
    if role is None:
        return None
    if role is Role.UNIT:
        return Holder(role=role, centre=case.centre, unit=_unit(case))
    if role is Role.INSPECTOR:
        return Holder(role=role, centre=case.centre, user=case.inspector)
    claimed = case.claim.user if case.claim is not None else None
    return Holder(role=role, centre=case.centre, user=claimed)


def _unit(case: Case) -> UnitId | None:
    """The lead while it is at work, else the first of those that are."""
    working = sorted((a for a in case.assignments if a.state in AT_WORK), key=lambda a: not a.lead)
    return working[0].unit if working else None


def answers(actor: Actor, case: Case) -> bool:
    """Whether this person is the one, or one of those, who have the case now."""
    has = holder(case)
    if has is None:
        return False
    if has.user is not None and has.role not in CENTRE_ROLES and has.user != actor.user:
        return False
    if has.role is Role.UNIT and has.unit not in {grant.unit for grant in actor.grants}:
        return False
    return any(holds(grant, has.role, case) for grant in actor.grants)


def next_instant(case: Case) -> datetime | None:
    """When something of an open case falls due next, aware UTC: the end of its pause, or the
    earliest of the link's clock, the order's, the word on an application and the case's own
    deadline. None where nothing sets a limit (視情況定)."""
    if case.ended:
        return None
    if case.resumes_at is not None:
        return case.resumes_at
    return min(_instants(case), default=None)


def _instants(case: Case) -> Iterator[datetime]:
    order, applied = case.order, case.application
    waiting = applied.waiting if applied is not None else None
    found = (
        case.link_due,
        order.due if order is not None else None,
        waiting.decide_by if waiting is not None else None,
        case.due if case.state in AT_THE_UNITS else None,
    )
    yield from (at for at in found if at is not None)
