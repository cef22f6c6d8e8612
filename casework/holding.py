"""Who has a case now, and what it waits for next: nothing open may lie with nobody.

Pure. Source: domain.md 2.3, 2.5, 2.7; the console's boxes show the same links (`HOLDERS`).
"""

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct

from casework.case import Case, holds, turns
from casework.counting import counting, urgency_key
from casework.decider import Actor
from casework.links import APPROVER, HOLDERS, ORDERER
from casework.terms import AT_WORK, CENTRE_ROLES, CentreId, Role, UnitId, UserId


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


def came_back(case: Case, user: UserId, role: Role, at: datetime) -> bool:
    """Whether a case that this person has in hand came back to them: it is their turn again since
    they last touched it, or a colleague passed it on to them."""
    claim = case.claim
    if claim is None or claim.user != user or role not in turns(case, at):
        return False
    return claim.given or claim.since < _turn_since(case, role, at)


def next_post(cases: Iterable[Case], actor: Actor, at: datetime, claim_minutes: int) -> Role | None:
    """In which of their posts at the centre a person who holds several takes the next case: that of
    the most urgent one which came back to them, else of the most urgent free one; None where
    nothing in sight waits for any."""
    found = [
        (not came_back(case, actor.user, role, at), urgency_key(case), role)
        for case in cases
        if not case.ended
        for role in turns(case, at)
        if any(holds(grant, role, case) for grant in actor.grants)
        if role in CENTRE_ROLES
        and (_is_free(case, at, claim_minutes) or came_back(case, actor.user, role, at))
    ]
    return min(found)[2] if found else None


def _is_free(case: Case, at: datetime, claim_minutes: int) -> bool:
    return case.claim is None or case.claim.is_stale(at, claim_minutes)


def _turn_since(case: Case, role: Role, at: datetime) -> datetime:
    of = case.application
    if role is APPROVER and of is not None and of.waiting is not None:
        return of.waiting.since
    if role is ORDERER and case.order is not None and case.order.due is not None:
        return min(case.order.due, at)
    return case.link_since


def next_instant(case: Case) -> datetime | None:
    """When something of an open case falls due next, aware UTC: the clock that counts now, or the
    end of its pause. None where nothing sets a limit (視情況定)."""
    clock = counting(case)
    return clock.due if clock is not None else None
