"""In whose hands a case is (我的), and which acts that keeps others from."""

from datetime import datetime

from casework import claims
from casework.case import Case
from casework.decider import Command
from casework.terms import CENTRE_ROLES, Role, UserId

_NEEDS_FREE_HANDS = (claims.ClaimCase, claims.TakeNext, claims.PassOn)


def held_by_another(case: Case, user: UserId, at: datetime, minutes: int) -> UserId | None:
    """The colleague who has the case in hand at `at` (aware UTC), so that `user` may not act on it;
    a claim that was not touched for `minutes` keeps nobody away."""
    claim = case.claim
    if claim is None or claim.user == user or claim.is_stale(at, minutes):
        return None
    return claim.user


def keeps_hands_off(command: type[Command], role: Role) -> bool:
    """Whether the act waits while a colleague has the case in hand: what moves the case does, and
    what takes it into one's own hands or gives it away; a note or a leader's taking over does
    not."""
    if role not in CENTRE_ROLES:
        return False
    return not command.additive or issubclass(command, _NEEDS_FREE_HANDS)
