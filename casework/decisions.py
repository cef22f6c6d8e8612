"""Every rule of a case's life: which events a command earns, or why it is refused.

Who may act when stands in `casework.life.ACTS`; what each act does beyond that, in
`casework.deciding`. Deadlines are counted by `casework.rules.working_time` (domain.md 9).
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from casework import acts, applications, claims, photos
from casework.case import Case
from casework.decider import Command, Context, Decider, Event, Need, Refused
from casework.deciding import applying, beside, ending, intake, units
from casework.deciding.table import require
from casework.folding import evolve
from casework.importing import import_case, numbered_at
from casework.life import ACTS, TAKE_NEXT
from casework.old_cases import CaseImported, ImportCase
from casework.reporting import case_id, report

_RULES: dict[type[Command], Callable[[Case, Any, Context], Sequence[Event]]] = {
    acts.AnswerAtOnce: intake.answer,
    acts.OrderVerification: intake.order_verification,
    acts.VerifyReport: intake.verify,
    acts.WithdrawOrder: intake.withdraw_order,
    acts.PassForFiling: intake.pass_for_filing,
    acts.FileCase: intake.file,
    acts.DeclineCase: intake.decline,
    acts.DispatchCase: units.dispatch,
    acts.HandOver: units.hand_over,
    acts.AcceptWork: units.accept,
    acts.PassDown: units.pass_down,
    acts.PullBack: units.pull_back,
    acts.FeedBack: units.feed_back,
    acts.SendBack: units.send_back,
    acts.WithdrawDispatch: units.withdraw,
    applications.ApplyFor: applying.apply_for,
    applications.ApproveApplication: applying.approve,
    applications.RefuseApplication: applying.refuse,
    applications.ResumeCase: applying.resume,
    acts.OrderCheck: ending.order_check,
    acts.CheckCase: ending.check,
    acts.CloseCase: ending.close,
    acts.CancelCase: ending.cancel,
    acts.ReopenCase: ending.reopen,
    acts.TakeBack: ending.take_back,
    acts.MarkDelivered: beside.delivered,
    acts.MarkRead: beside.read,
    acts.AddNote: beside.note,
    acts.ShowContact: beside.show_contact,
    claims.ClaimCase: beside.claim,
    claims.TakeNext: beside.take_next,
    claims.ReleaseClaim: beside.release,
    claims.TakeOver: beside.take_over,
    claims.PassOn: beside.pass_on,
    claims.RemindUnits: beside.remind,
    claims.UrgeCase: beside.urge,
    claims.LiftUrge: beside.lift_urge,
    photos.AttachPhoto: beside.attach_photo,
}


def decide(case: Case | None, command: Command, context: Context) -> Sequence[Event]:
    """The events that `command` earns.

    Raises:
        Refused: what stands in an act's way by the table (`casework.deciding.table`), by its own
            rule, or by that of a report (`casework.reporting`); `case.not_found`.
            docs/case-life.md lists the codes act by act.
    """
    if isinstance(command, acts.ReportCase):
        return report(command, context)
    if isinstance(command, ImportCase):
        return import_case(command, context)
    if case is None:
        raise Refused("case.not_found")
    require(case, command, context)
    return _RULES[type(command)](case, command, context)


def foreseen(case: Case, command: Command, context: Context) -> Refused | None:
    """What already stands in the way of `command`, as far as the case and its rule book tell; None
    where nothing does, though the server may still refuse what only it can know.

    A desk asks this before an act on many cases (批量處理), to list those that cannot take it.
    """
    try:
        require(case, command, context)
        if not _needs(command) - _PROPOSED:
            _RULES[type(command)](case, command, context)
    except Refused as refused:
        return refused
    return None


def _opens(command: Command, context: Context) -> str:
    if isinstance(command, claims.TakeNext):
        raise Refused("queue.empty", role=context.role)
    if not isinstance(command, acts.ReportCase | ImportCase):
        raise Refused("case.not_found")
    at = numbered_at(command) if isinstance(command, ImportCase) else context.at
    zone = context.rules.calendar.time_zone
    return case_id(context.log, at, context.facts.order, zone)


_NEEDS: dict[type[Command], frozenset[str]] = {
    acts.ReportCase: frozenset({Need.ORDER, Need.PLACE}),
    acts.OrderVerification: frozenset({Need.INSPECTORS}),
    acts.OrderCheck: frozenset({Need.INSPECTORS}),
    claims.PassOn: frozenset({Need.COLLEAGUE}),
    acts.TakeBack: frozenset({Need.BEFORE}),
    photos.AttachPhoto: frozenset({Need.BLOBS}),
    ImportCase: frozenset({Need.ORDER, Need.PLACE, Need.IMPORTED}),
}


_PROPOSED = frozenset({Need.INSPECTORS})
"""Facts without which a decision is the same but for whom it proposes."""


def _needs(command: Command) -> frozenset[str]:
    if isinstance(command, acts.ReportCase) and command.component is not None:
        return _NEEDS[acts.ReportCase] | {Need.COMPONENT}
    return _NEEDS.get(type(command), frozenset())


def _due(case: Case) -> datetime | None:
    """掛賬 ends by itself."""
    return case.resumes_at


def _lapse(_case: Case) -> Command:
    return applications.ResumeCase()


_EVENTS: tuple[type[Event], ...] = (
    acts.CaseReported,
    acts.EnquiryAnswered,
    acts.VerificationOrdered,
    acts.ReportVerified,
    acts.ReportPassed,
    acts.CaseFiled,
    acts.CaseDeclined,
    acts.CaseDispatched,
    acts.CaseHandedOver,
    acts.WorkAccepted,
    acts.WorkPassed,
    acts.UnitFedBack,
    acts.DispatchWithdrawn,
    acts.CheckOrdered,
    acts.OrderDelivered,
    acts.OrderRead,
    acts.OrderWithdrawn,
    acts.CaseChecked,
    acts.CaseClosed,
    acts.CaseReopened,
    acts.CaseSentBack,
    acts.CaseCancelled,
    acts.StepTakenBack,
    acts.NoteAdded,
    acts.ContactShown,
    photos.PhotoAttached,
    CaseImported,
    applications.AppliedFor,
    applications.ExtensionApproved,
    applications.SuspensionApproved,
    applications.ReturnApproved,
    applications.HandlingApproved,
    applications.ApplicationRefused,
    applications.CaseResumed,
    claims.CaseClaimed,
    claims.ClaimReleased,
    claims.ClaimTakenOver,
    claims.CasePassedOn,
    claims.UnitsReminded,
    claims.CaseUrged,
    claims.UrgeLifted,
)

DECIDER = Decider(
    prefix="case",
    state=Case,
    commands=(*dict.fromkeys(act.command for act in (*ACTS, TAKE_NEXT)), ImportCase),
    events=_EVENTS,
    decide=decide,
    evolve=evolve,
    opens=_opens,
    needs=_needs,
    due=_due,
    lapse=_lapse,
)
