"""Checking, closing, cancelling, reopening, and taking one's own act back (domain.md 2.4-2.6)."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

import msgspec
from msgspec import Raw
from msgspec.structs import replace

from casework import acts, applications
from casework.case import Case
from casework.decider import Command, Context, Event, Refused
from casework.deciding.clocks import acceptors_left, lead_due, units_due
from casework.deciding.intake import inspector_for, metres_to
from casework.deciding.table import require_reason
from casework.deciding.units import reworked
from casework.life import ACTS
from casework.links import REOPENED_TO
from casework.reporting import link_due
from casework.rulebook import ReasonedAct
from casework.terms import ClosingKind, State

EARNED: Mapping[type[Command], tuple[type[Event], ...]] = {
    acts.AnswerAtOnce: (acts.EnquiryAnswered,),
    acts.OrderVerification: (acts.VerificationOrdered,),
    acts.PassForFiling: (acts.ReportPassed,),
    acts.FileCase: (acts.CaseFiled,),
    acts.DeclineCase: (acts.CaseDeclined,),
    acts.DispatchCase: (acts.CaseDispatched,),
    acts.HandOver: (acts.CaseHandedOver,),
    acts.WithdrawDispatch: (acts.DispatchWithdrawn,),
    applications.ApproveApplication: (
        applications.ExtensionApproved,
        applications.SuspensionApproved,
        applications.ReturnApproved,
        applications.HandlingApproved,
    ),
    applications.RefuseApplication: (applications.ApplicationRefused,),
    acts.OrderCheck: (acts.CheckOrdered,),
    acts.WithdrawOrder: (acts.OrderWithdrawn,),
    acts.CloseCase: (acts.CaseClosed,),
    acts.ReopenCase: (acts.CaseReopened,),
    acts.SendBack: (acts.CaseSentBack,),
    acts.CancelCase: (acts.CaseCancelled,),
}
"""What the acts that may be taken back earn."""
_BY_THE_CLOCK = (None, ClosingKind.NORMAL, ClosingKind.LATE)


def order_check(case: Case, command: acts.OrderCheck, context: Context) -> Sequence[Event]:
    """發核查; to another inspector while one is out. The acceptor's clock stands meanwhile."""
    inspector = inspector_for(command.inspector, context)
    return [
        acts.CheckOrdered(
            state=State.CHECKING,
            link_due=link_due(State.CHECKING, case, context),
            opinion=command.opinion,
            inspector=inspector,
            left=acceptors_left(case, context),
            metres=metres_to(inspector, context),
        )
    ]


def check(case: Case, command: acts.CheckCase, context: Context) -> Sequence[Event]:
    """核查: passed, or back to the same units, whose clocks go on."""
    state, clocks = State.PENDING_CLOSE, reworked(case, context)
    if command.passed:
        clocks, due = (), link_due(state, case, context)
    else:
        state = State.HANDLING
        due = units_due(case, state, lead_due(case, clocks), context)
    return [
        acts.CaseChecked(
            state=state,
            link_due=due,
            opinion=command.opinion,
            passed=command.passed,
            clocks=clocks,
        )
    ]


def close(case: Case, command: acts.CloseCase, context: Context) -> Sequence[Event]:
    """結案. Raises: Refused: `case.filer_may_not_close`, `case.kind_by_the_clock`,
    `case.self_handled_only`, `case.closing_kind_missing` and those of reasons."""
    if case.filed_by == context.actor.user and not context.rules.same_person_may_file_and_close:
        raise Refused("case.filer_may_not_close", case=case.id)
    on_time = None
    if case.due is not None and case.handled_at is not None:
        on_time = case.handled_at <= case.due
    return [
        acts.CaseClosed(
            state=State.CLOSED,
            opinion=command.opinion,
            on_time=on_time,
            kind=_closing_kind(case, command, context, late=on_time is False),
            reason=command.reason,
        )
    ]


def _closing_kind(
    case: Case, command: acts.CloseCase, context: Context, *, late: bool
) -> ClosingKind:
    counted = ClosingKind.LATE if late else ClosingKind.NORMAL
    if command.kind is ClosingKind.SELF_HANDLED:
        raise Refused("case.self_handled_only", case=case.id)
    if command.kind in _BY_THE_CLOCK:
        if case.state is not State.PENDING_CLOSE:
            raise Refused("case.closing_kind_missing", case=case.id)
        if command.kind not in (None, counted):
            raise Refused("case.kind_by_the_clock", kind=counted)
        return counted
    require_reason(ReasonedAct.CLOSE, command.reason, command.opinion, context)
    assert command.kind is not None  # None goes by the clock
    return command.kind


def cancel(case: Case, command: acts.CancelCase, context: Context) -> Sequence[Event]:
    """作廢."""
    require_reason(ReasonedAct.CANCEL, command.reason, command.opinion, context)
    return [
        acts.CaseCancelled(state=State.CANCELLED, opinion=command.opinion, reason=command.reason)
    ]


def reopen(case: Case, command: acts.ReopenCase, context: Context) -> Sequence[Event]:
    """歸檔還原. Raises: Refused: `case.cannot_reopen_there` (not a link, or one that the case never
    reached) and those of reasons."""
    require_reason(ReasonedAct.REOPEN, command.reason, command.opinion, context)
    if command.link not in reopened_into(case):
        raise Refused("case.cannot_reopen_there", link=command.link)
    rework = command.link is State.HANDLING
    clocks = reworked(case, context) if rework else ()
    due = link_due(command.link, case, context)
    if rework:
        due = units_due(case, command.link, lead_due(case, clocks), context)
    return [
        acts.CaseReopened(
            state=command.link,
            link_due=due,
            opinion=command.opinion,
            reason=command.reason,
            clocks=clocks,
        )
    ]


def reopened_into(case: Case) -> tuple[State, ...]:
    """歸檔還原: the links that an ended case may go on at: filed, and handled, only if it once was.
    One that ended while units were at work is dispatched anew."""
    if case.handled_at is not None:
        return REOPENED_TO
    return REOPENED_TO[: 3 if case.filed_by is not None else 2]


def take_back(case: Case, command: acts.TakeBack, context: Context) -> Sequence[Event]:
    """撤銷.

    Raises: Refused: `undo.nothing`, `undo.not_yours`, `undo.not_this`, `undo.too_late`.
    """
    last, before = context.facts.last_step, context.facts.before
    if last is None or not isinstance(before, Case):
        raise Refused("undo.nothing", case=case.id)
    if last.actor != context.actor.user:
        raise Refused("undo.not_yours", case=case.id, by=last.actor)
    if not _undoable(before, last.event):
        raise Refused("undo.not_this", case=case.id)
    if context.at - last.at > timedelta(seconds=context.rules.queues.undo_seconds):
        seconds = str(context.rules.queues.undo_seconds)
        raise Refused("undo.too_late", case=case.id, seconds=seconds)
    restored = replace(before, version=0, step=0)
    return [
        acts.StepTakenBack(
            state=before.state,
            link_due=before.link_due,
            restored=Raw(msgspec.json.encode(restored)),
        )
    ]


def _undoable(before: Case, event: Event) -> bool:
    """Whether an undoable act of the table led from there to this."""
    return any(
        act.undoable and before.state in act.states and isinstance(event, EARNED[act.command])
        for act in ACTS
        if act.command in EARNED
    )
