"""From the report to the filing: answers, orders to verify, filing or not (domain.md 2.4)."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from casework import acts
from casework.acts import Handling
from casework.case import Case
from casework.decider import Context, Event, Refused
from casework.deciding.clocks import acceptors_due, acceptors_left
from casework.deciding.table import require_reason
from casework.reporting import class_of, condition_of, link_due
from casework.rulebook import DeadlineStart, ReasonedAct
from casework.rules import working_time
from casework.scheme import CaseClass, Condition, Limit
from casework.terms import DeadlineBasis, Kind, State, UserId


def answer(case: Case, command: acts.AnswerAtOnce, context: Context) -> Sequence[Event]:
    """當即辦理. Raises: Refused: `case.answer_missing`."""
    if not command.opinion.strip():
        raise Refused("case.answer_missing")
    return [acts.EnquiryAnswered(state=State.ANSWERED, opinion=command.opinion)]


def inspector_for(wanted: UserId | None, context: Context) -> UserId | None:
    """Whom an order goes to: the one named, else the one proposed, else any of the area.

    Raises: Refused: `order.unknown_inspector`.
    """
    known = context.facts.inspectors
    if wanted is None:
        return context.facts.proposed
    if known is not None and wanted not in known:
        raise Refused("order.unknown_inspector", inspector=wanted)
    return wanted


def metres_to(inspector: UserId | None, context: Context) -> int | None:
    """How far away the inspector of an order is, where that is known."""
    facts = context.facts
    known = dict(zip(facts.inspectors or (), facts.metres, strict=False))
    return known.get(inspector) if inspector is not None else None


def order_verification(
    case: Case, command: acts.OrderVerification, context: Context
) -> Sequence[Event]:
    """發核實; to another inspector while one is out. The acceptor's clock stands meanwhile."""
    inspector = inspector_for(command.inspector, context)
    return [
        acts.VerificationOrdered(
            state=State.VERIFYING,
            link_due=link_due(State.VERIFYING, case, context),
            opinion=command.opinion,
            inspector=inspector,
            left=acceptors_left(case, context),
            metres=metres_to(inspector, context),
        )
    ]


def verify(case: Case, command: acts.VerifyReport, context: Context) -> Sequence[Event]:
    """核實."""
    return [
        acts.ReportVerified(
            state=State.REGISTERED,
            link_due=acceptors_due(case, State.REGISTERED, context),
            opinion=command.opinion,
            confirmed=command.confirmed,
        )
    ]


def withdraw_order(case: Case, command: acts.WithdrawOrder, context: Context) -> Sequence[Event]:
    """撤回指令: back to the acceptor, whose clock goes on."""
    to = State.REGISTERED if case.state is State.VERIFYING else State.FEEDBACK
    return [
        acts.OrderWithdrawn(
            state=to,
            link_due=acceptors_due(case, to, context),
            opinion=command.opinion,
            inspector=case.inspector,
        )
    ]


def pass_for_filing(case: Case, command: acts.PassForFiling, context: Context) -> Sequence[Event]:
    """批轉立案."""
    due = link_due(State.PREFILED, case, context)
    return [acts.ReportPassed(state=State.PREFILED, link_due=due, opinion=command.opinion)]


def decline(case: Case, command: acts.DeclineCase, context: Context) -> Sequence[Event]:
    """不予立案."""
    require_reason(ReasonedAct.DECLINE, command.reason, command.opinion, context)
    return [
        acts.CaseDeclined(state=State.NOT_FILED, opinion=command.opinion, reason=command.reason)
    ]


class Deadline(Struct, frozen=True, kw_only=True):
    """A case's own deadline as an act leaves it."""

    due: datetime | None
    basis: DeadlineBasis
    provisional: bool = False


NO_DEADLINE = Deadline(due=None, basis=DeadlineBasis.NONE)


def deadline(case: Case, limit: Limit | None, start: DeadlineStart, context: Context) -> Deadline:
    """The case's own deadline as it stands after the act at `start`."""
    if case.target is not None:
        return Deadline(due=case.target, basis=DeadlineBasis.RECORD)
    if start is not context.rules.deadline_start:
        if limit != case.limit:
            return NO_DEADLINE  # filed anew with another limit: the dispatch counts it
        return Deadline(due=case.due, basis=case.due_basis, provisional=case.due_provisional)
    if limit is None:
        return NO_DEADLINE
    found = working_time.deadline(context.at, limit, context.rules.calendar)
    return Deadline(due=found.at, basis=DeadlineBasis.RULE, provisional=found.provisional)


def limit_of(condition: Condition | None, handling: Handling, of: CaseClass) -> Limit | None:
    """The limit of a condition for a handling type; None is 視情況定, which 特殊性 always is.

    Raises: Refused: `case.no_extended_limit`; `case.no_special_handling` for an incident.
    """
    if handling is Handling.SPECIAL:
        if of.kind is not Kind.COMPONENT:
            raise Refused("case.no_special_handling", code=of.code)
        return None
    if handling is Handling.GENERAL:
        return condition.general if condition is not None else None
    if condition is None or condition.extended is None:
        raise Refused("case.no_extended_limit", code=of.code)
    return condition.extended


def file(case: Case, command: acts.FileCase, context: Context) -> Sequence[Event]:
    """立案. Raises: Refused: `case.no_extended_limit`, `case.no_special_handling` and those of
    class and condition."""
    of = class_of(case.kind, case.code, context.rules)
    condition = condition_of(of, command.condition or case.condition)
    limit = limit_of(condition, command.handling, of)
    counted = deadline(case, limit, DeadlineStart.FILED, context)
    return [
        acts.CaseFiled(
            state=State.FILED,
            link_due=link_due(State.FILED, case, context),
            opinion=command.opinion,
            condition=condition.id if condition else "",
            handling=command.handling,
            limit=limit,
            due=counted.due,
            due_basis=counted.basis,
            due_provisional=counted.provisional,
        )
    ]
