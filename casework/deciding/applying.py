"""Applications of units and what the centre says to them (domain.md 2.6, 2.7)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from msgspec.structs import replace

from casework.acts import Handling, UnitClock
from casework.applications import (
    ApplicationRefused,
    AppliedFor,
    ApplyFor,
    ApproveApplication,
    Approved,
    CaseResumed,
    ExtensionApproved,
    HandlingApproved,
    RefuseApplication,
    ResumeCase,
    ReturnApproved,
    SuspensionApproved,
    WordDue,
)
from casework.case import Assignment, Case, Waiting, own_assignment
from casework.decider import Context, Event, Refused
from casework.deciding.clocks import (
    at_work,
    due_with,
    going_on,
    lead_due,
    left_at,
    rested,
    units_due,
)
from casework.deciding.table import require_reason
from casework.deciding.units import left_by
from casework.reporting import class_of, condition_of, link_due
from casework.rulebook import ApplicationRule, ReasonedAct, RuleBook
from casework.rules import working_time
from casework.scheme import Limit
from casework.terms import Application, AssignmentState, DeadlineBasis, Kind, Role, State, UnitId

_REASONS: Mapping[Application, ReasonedAct] = {
    Application.EXTENSION: ReasonedAct.EXTENSION,
    Application.SUSPENSION: ReasonedAct.SUSPENSION,
    Application.RETURN: ReasonedAct.SEND_BACK,
    Application.HANDLING: ReasonedAct.HANDLING,
}
_MS = timedelta(milliseconds=1)


def apply_for(case: Case, command: ApplyFor, context: Context) -> Sequence[Event]:
    """申請.

    Raises: Refused: `application.unknown_kind`, `application.too_often`, `application.too_late`,
        `application.lead_only`, `application.no_limit`, `application.until_missing`,
        `application.until_beyond`, `case.no_extended_limit` and those of reasons.
    """
    own = own_assignment(case, context.actor)
    assert own is not None  # the table has seen it
    rule = context.rules.application(command.kind)
    if rule is None:
        raise Refused("application.unknown_kind", kind=command.kind)
    require_reason(_REASONS[command.kind], command.reason, command.opinion, context)
    _require_room(case, own, rule, context)
    _CHECKS[command.kind](case, own, command, context)
    return [
        AppliedFor(
            state=case.state,
            link_due=case.link_due,
            opinion=command.opinion,
            unit=own.unit,
            kind=command.kind,
            reason=command.reason,
            until=command.until,
            decide_by=_decide_by(rule, context),
            clocks=rested(case, [own], context) if rule.pauses else (),
        )
    ]


def _decide_by(rule: ApplicationRule, context: Context) -> datetime | None:
    """When the word on an application that begins to wait now is due."""
    if rule.limit is None:
        return None
    return working_time.deadline(context.at, rule.limit, context.rules.calendar).at


def _require_room(case: Case, own: Assignment, rule: ApplicationRule, context: Context) -> None:
    if rule.most and case.times_approved(rule.kind) >= rule.most:
        raise Refused("application.too_often", kind=rule.kind, most=str(rule.most))
    if rule.before_due and own.due is not None and context.at > own.due:
        raise Refused("application.too_late", kind=rule.kind)


def _require_lead(own: Assignment) -> None:
    if not own.lead:
        raise Refused("application.lead_only")


def _check_extension(case: Case, own: Assignment, command: ApplyFor, context: Context) -> None:
    if case.limit is None or own.due is None or case.due_basis is not DeadlineBasis.RULE:
        raise Refused("application.no_limit")


def _check_suspension(case: Case, own: Assignment, command: ApplyFor, context: Context) -> None:
    _require_lead(own)
    rule = context.rules.application(Application.SUSPENSION)
    assert rule is not None  # `apply_for` has seen it
    if command.until is None:
        raise Refused("application.until_missing")
    if not context.at < command.until <= context.at + timedelta(days=rule.most_days):
        raise Refused("application.until_beyond", days=str(rule.most_days))


def _check_return(case: Case, own: Assignment, command: ApplyFor, context: Context) -> None:
    if own.via:
        raise Refused("application.return_to_above")


def _check_handling(case: Case, own: Assignment, command: ApplyFor, context: Context) -> None:
    _require_lead(own)
    _extended_limit(case, context)


_CHECKS: Mapping[Application, Callable[[Case, Assignment, ApplyFor, Context], None]] = {
    Application.EXTENSION: _check_extension,
    Application.SUSPENSION: _check_suspension,
    Application.RETURN: _check_return,
    Application.HANDLING: _check_handling,
}


def _extended_limit(case: Case, context: Context) -> Limit:
    """綜合 / 工程 limit of the condition. Raises: Refused: `case.no_extended_limit`."""
    condition = condition_of(class_of(case.kind, case.code, context.rules), case.condition)
    general = case.handling is Handling.GENERAL
    if condition is None or condition.extended is None or not general:
        raise Refused("case.no_extended_limit", code=case.code)
    return condition.extended


# --- the centre's word ----------------------------------------------------------------------------


def _waiting(case: Case, unit: UnitId | None) -> tuple[Assignment, Waiting]:
    """The application that is meant. Raises: Refused: `case.no_application`."""
    found = case.application
    if unit is not None:
        found = next((a for a in case.assignments if a.unit == unit and a.waiting), None)
    if found is None or found.waiting is None:
        raise Refused("case.no_application", case=case.id)
    return found, found.waiting


def approve(case: Case, command: ApproveApplication, context: Context) -> Sequence[Event]:
    """同意申請. Raises: Refused: `case.no_application`, `application.leader_missing`,
    `application.until_beyond` when the end of a suspension has passed meanwhile."""
    of, waiting = _waiting(case, command.unit)
    leader = command.leader.strip()
    if not leader and asks_leader(case, waiting.kind, context.rules):
        raise Refused("application.leader_missing", kind=waiting.kind)
    approved = _APPROVALS[waiting.kind](case, of, waiting, command.opinion, context)
    return [replace(approved, leader=leader)]


def asks_leader(case: Case, kind: Application, rules: RuleBook) -> bool:
    """Whether a leader above the shift leader must agree before an application is approved: to a
    second one, say, or for 工程 (domain.md 2.6)."""
    rule = rules.application(kind)
    if rule is None:
        return False
    often = bool(rule.leader_from) and case.times_approved(kind) + 1 >= rule.leader_from
    return often or (rule.leader_if_engineering and _is_engineering(case, kind))


def _is_engineering(case: Case, kind: Application) -> bool:
    """工程: the long limit of a component, granted already or asked for now."""
    extended = case.handling is Handling.EXTENDED or kind is Application.HANDLING
    return case.kind is Kind.COMPONENT and extended


def _extend(case: Case, of: Assignment, _: Waiting, opinion: str, context: Context) -> Approved:
    rule = context.rules.application(Application.EXTENSION)
    assert case.limit is not None  # asked for with a limit only
    percent = rule.percent if rule is not None else 100
    more = working_time.amount(case.limit, context.rules.calendar) * percent // 100
    left = of.left if of.left is not None else _left(of, case.limit, context)
    due = due_with(left + more // _MS, case.limit.clock, context)
    clocks = (UnitClock(unit=of.unit, due=due),)
    return ExtensionApproved(
        state=case.state,
        link_due=_link_due(case, clocks, context),
        opinion=opinion,
        unit=of.unit,
        clocks=clocks,
    )


def _left(of: Assignment, limit: Limit, context: Context) -> int:
    assert of.due is not None  # asked for with a deadline only
    return left_at(of.due, limit.clock, context)


def _link_due(case: Case, clocks: tuple[UnitClock, ...], context: Context) -> datetime | None:
    """The link's clock follows the lead's; that of acceptance stays."""
    if case.state is State.DISPATCHED and case.link_due != case.due:
        return case.link_due
    return lead_due(case, clocks) or case.link_due


def _suspend(
    case: Case, of: Assignment, waiting: Waiting, opinion: str, context: Context
) -> Approved:
    if waiting.until is None or waiting.until <= context.at:
        raise Refused("application.until_beyond", days="0")
    return SuspensionApproved(
        state=State.SUSPENDED,
        link_due=None,
        opinion=opinion,
        unit=of.unit,
        until=waiting.until,
        clocks=rested(case, at_work(case), context),
    )


def _take_back(
    case: Case, of: Assignment, waiting: Waiting, opinion: str, context: Context
) -> Approved:
    if of.lead:
        state, due = State.FILED, link_due(State.FILED, case, context)
    else:
        state, due = left_by(case, of.unit, context, returned=True)
    return ReturnApproved(
        state=state,
        link_due=due,
        opinion=opinion,
        unit=of.unit,
        reason="",
        clocks=rested(case, at_work(case) if of.lead else [of], context),
    )


def _lengthen(case: Case, of: Assignment, _: Waiting, opinion: str, context: Context) -> Approved:
    limit = _extended_limit(case, context)
    clocks: tuple[UnitClock, ...] = ()
    if case.due_basis is DeadlineBasis.RULE and of.due is not None and case.limit is not None:
        clocks = (UnitClock(unit=of.unit, due=_longer(of, case.limit, limit, context)),)
    return HandlingApproved(
        state=case.state,
        link_due=_link_due(case, clocks, context),
        opinion=opinion,
        unit=of.unit,
        handling=Handling.EXTENDED,
        limit=limit,
        clocks=clocks,
    )


def _longer(of: Assignment, before: Limit, limit: Limit, context: Context) -> datetime:
    """The other limit from the same start: what is used of the first is used of the second."""
    calendar = context.rules.calendar
    if before.clock is limit.clock:
        left = of.left if of.left is not None else _left(of, before, context)
        more = working_time.amount(limit, calendar) - working_time.amount(before, calendar)
        return due_with(left + more // _MS, limit.clock, context)
    return working_time.deadline(of.since, limit, calendar).at


_APPROVALS: Mapping[Application, Callable[[Case, Assignment, Waiting, str, Context], Approved]] = {
    Application.EXTENSION: _extend,
    Application.SUSPENSION: _suspend,
    Application.RETURN: _take_back,
    Application.HANDLING: _lengthen,
}


def refuse(case: Case, command: RefuseApplication, context: Context) -> Sequence[Event]:
    """不同意申請: a clock that stood while the application waited goes on."""
    require_reason(ReasonedAct.REFUSE, command.reason, command.opinion, context)
    of, waiting = _waiting(case, command.unit)
    clocks = going_on(case, [of], context)
    return [
        ApplicationRefused(
            state=case.state,
            link_due=_link_due(case, clocks, context),
            opinion=command.opinion,
            unit=of.unit,
            kind=waiting.kind,
            reason=command.reason,
            clocks=clocks,
        )
    ]


def resume(case: Case, command: ResumeCase, context: Context) -> Sequence[Event]:
    """解除掛賬: the clocks go on with what was left, but for those that an application stops. The
    word on it could not be given meanwhile: its time starts anew.

    Raises: Refused: `case.not_over` when the server itself comes too early.
    """
    if context.role is Role.SYSTEM and case.resumes_at and context.at < case.resumes_at:
        raise Refused("case.not_over", case=case.id)
    lead = case.lead_assignment
    handling = lead is not None and lead.state is AssignmentState.HANDLING
    state = State.HANDLING if handling else State.DISPATCHED
    clocks = going_on(case, [a for a in at_work(case) if not _pauses(a, context)], context)
    return [
        CaseResumed(
            state=state,
            link_due=units_due(case, state, lead_due(case, clocks), context),
            opinion=command.opinion,
            clocks=clocks,
            words=tuple(_words_due(case, context)),
        )
    ]


def _words_due(case: Case, context: Context) -> Iterator[WordDue]:
    for each in case.assignments:
        rule = context.rules.application(each.waiting.kind) if each.waiting is not None else None
        if rule is not None:
            yield WordDue(unit=each.unit, decide_by=_decide_by(rule, context))


def _pauses(of: Assignment, context: Context) -> bool:
    """Whether an application that waits keeps the unit's clock standing."""
    rule = context.rules.application(of.waiting.kind) if of.waiting is not None else None
    return rule is not None and rule.pauses
