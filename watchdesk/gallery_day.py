"""What else has happened on the gallery's morning: claims, urges, and what units applied for."""

from collections.abc import Iterator
from datetime import timedelta
from typing import NamedTuple

from casework.applications import ApplyFor, ApproveApplication
from casework.case import Case
from casework.claims import ClaimCase, UrgeCase
from casework.decider import Command
from casework.rulebook import ReasonedAct, RuleBook
from casework.terms import Application, Role, State, UnitId, Urgency, UserId

MYSELF, COLLEAGUE = UserId("zhou"), UserId("chen")
SUSPENDED = timedelta(days=30)
_EVERY = 60
"""Of so many cases with the units one has each of these."""
_CLAIMED = 9
_REASONED = {
    Application.EXTENSION: ReasonedAct.EXTENSION,
    Application.SUSPENSION: ReasonedAct.SUSPENSION,
    Application.RETURN: ReasonedAct.SEND_BACK,
}
_LINKS = {
    State.REGISTERED: Role.ACCEPTOR,
    State.PREFILED: Role.SHIFT_LEADER,
    State.FILED: Role.DISPATCHER,
}


NAMED = {MYSELF: "周国强", COLLEAGUE: "陈静"}


class Happened(NamedTuple):
    """One act beside the main line; `by` is None for somebody whose name does not matter."""

    role: Role
    command: Command
    unit: UnitId | None = None
    by: UserId | None = None


def happenings(case: Case, number: int, rules: RuleBook) -> Iterator[Happened]:
    """What happened with the `number`th open case."""
    role = _LINKS.get(case.state)
    is_pressing = case.urgency is not Urgency.NORMAL  # whose turn it is finds the first one free
    if role is not None and not is_pressing and number % _CLAIMED == _CLAIMED - 1:
        by = MYSELF if number % (2 * _CLAIMED) < _CLAIMED else COLLEAGUE
        yield Happened(role, ClaimCase(), by=by)
    if case.state is not State.HANDLING or case.lead is None:
        return
    turn = number % _EVERY
    if turn == 0:
        yield Happened(Role.SHIFT_LEADER, UrgeCase(leader="王主任", opinion="请今日办结。"))
    elif turn in _APPLIED:
        kind = _APPLIED[turn]
        yield Happened(Role.UNIT, _application(kind, case, rules), case.lead)
        if kind is Application.SUSPENSION and number % (2 * _EVERY) < _EVERY:
            approval = ApproveApplication(unit=case.lead, opinion="同意挂账。")
            yield Happened(Role.SHIFT_LEADER, approval)


_APPLIED = {15: Application.EXTENSION, 30: Application.SUSPENSION, 45: Application.RETURN}


def _application(kind: Application, case: Case, rules: RuleBook) -> ApplyFor:
    reasons = sorted(rules.reasons_for(_REASONED[kind]))
    until = case.opened_at + SUSPENDED if kind is Application.SUSPENSION else None
    return ApplyFor(
        kind=kind, reason=reasons[0] if reasons else "", until=until, opinion="见现场。"
    )
