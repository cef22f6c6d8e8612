"""The words for the terms of the field: states, acts, posts, sources, limits, each by its code."""

from casework.acts import Handling
from casework.counting import Counted
from casework.photos import PhotoKind
from casework.scheme import Clock, Limit
from casework.terms import (
    Application,
    ClosingKind,
    ComponentState,
    Kind,
    Role,
    Source,
    State,
    Urgency,
)
from console.wording import mark, tr

STATES: dict[State, str] = {
    State.REGISTERED: mark("To accept"),
    State.ANSWERED: mark("Answered"),
    State.VERIFYING: mark("Verifying"),
    State.PREFILED: mark("To file"),
    State.NOT_FILED: mark("Not filed"),
    State.FILED: mark("To dispatch"),
    State.DISPATCHED: mark("To handle"),
    State.HANDLING: mark("Handling"),
    State.SUSPENDED: mark("Suspended"),
    State.FEEDBACK: mark("To check"),
    State.CHECKING: mark("Checking"),
    State.PENDING_CLOSE: mark("To close"),
    State.CLOSED: mark("Closed"),
    State.CANCELLED: mark("Cancelled"),
}
OFFERS: dict[str, str] = {
    "report": mark("Report a case"),
    "answer": mark("Answer now"),
    "order_verification": mark("Verify first"),
    "order_verification_anew": mark("Another inspector"),
    "verify": mark("Confirmed"),
    "verify_not": mark("Not confirmed"),
    "pass_for_filing": mark("Pass for filing"),
    "file": mark("File"),
    "file_extended": mark("File, long"),
    "file_special": mark("File, special"),
    "decline": mark("Do not file"),
    "dispatch": mark("Dispatch"),
    "hand_over": mark("Hand over"),
    "accept": mark("Accept"),
    "pass_down": mark("Pass down"),
    "pull_back": mark("Pull back"),
    "feed_back": mark("Feed back: done"),
    "apply": mark("Apply for"),
    "apply_extension": mark("Apply: more time"),
    "apply_suspension": mark("Apply: suspend"),
    "apply_return": mark("Apply: return"),
    "apply_handling": mark("Apply: long limit"),
    "approve": mark("Approve"),
    "approve_agreed": mark("Approve, leader agreed"),
    "refuse": mark("Refuse"),
    "resume": mark("Resume"),
    "withdraw": mark("Withdraw"),
    "remind": mark("Remind"),
    "order_check": mark("Send to check"),
    "order_check_anew": mark("Another inspector"),
    "mark_delivered": mark("Order delivered"),
    "mark_read": mark("Order read"),
    "withdraw_order": mark("Withdraw the order"),
    "check": mark("Passed"),
    "check_not": mark("Not passed"),
    "close": mark("Close"),
    "close_specially": mark("Close specially"),
    "reopen": mark("Reopen"),
    "send_back_prefiled": mark("Send back"),
    "send_back_filed": mark("Send back"),
    "send_back_dispatched": mark("Not ours: return"),
    "send_back_handling": mark("Not ours: return"),
    "send_back_feedback": mark("Rework"),
    "send_back_pending_close": mark("Send back"),
    "rework_pending_close": mark("Rework"),
    "cancel": mark("Cancel"),
    "cancel_any": mark("Cancel"),
    "claim": mark("Claim"),
    "release": mark("Put back"),
    "take_over": mark("Take over"),
    "take_next": mark("Take next"),
    "pass_on": mark("Pass on"),
    "urge": mark("Urge"),
    "lift_urge": mark("Lift the urge"),
    "take_back": mark("Undo"),
    "note": mark("Add note"),
    "show_contact": mark("Contact"),
    "attach_photo": mark("Add a photo"),
    "pace": mark("Set the practice clock"),
}
STEPS: dict[str, str] = {
    "CaseReported": mark("Reported"),
    "EnquiryAnswered": mark("Answered at once"),
    "VerificationOrdered": mark("Sent to verify"),
    "ReportVerified": mark("Verified"),
    "ReportPassed": mark("Passed for filing"),
    "CaseFiled": mark("Filed"),
    "CaseDeclined": mark("Not filed"),
    "CaseDispatched": mark("Dispatched"),
    "CaseHandedOver": mark("Handed over"),
    "WorkAccepted": mark("Accepted"),
    "WorkPassed": mark("Passed down"),
    "DispatchWithdrawn": mark("Dispatch withdrawn"),
    "UnitFedBack": mark("Fed back"),
    "AppliedFor": mark("Applied for"),
    "ExtensionApproved": mark("Extension approved"),
    "SuspensionApproved": mark("Suspension approved"),
    "ReturnApproved": mark("Return approved"),
    "HandlingApproved": mark("Long limit approved"),
    "ApplicationRefused": mark("Application refused"),
    "CaseResumed": mark("Resumed"),
    "OrderDelivered": mark("Order delivered"),
    "OrderRead": mark("Order read"),
    "OrderWithdrawn": mark("Order withdrawn"),
    "CheckOrdered": mark("Sent to check"),
    "CaseChecked": mark("Checked"),
    "CaseClosed": mark("Closed"),
    "CaseReopened": mark("Reopened"),
    "StepTakenBack": mark("Taken back"),
    "CaseClaimed": mark("Claimed"),
    "ClaimReleased": mark("Put back"),
    "ClaimTakenOver": mark("Taken over"),
    "CasePassedOn": mark("Passed on"),
    "UnitsReminded": mark("Units reminded"),
    "CaseUrged": mark("Urged"),
    "UrgeLifted": mark("Urge lifted"),
    "CaseSentBack": mark("Sent back"),
    "CaseCancelled": mark("Cancelled"),
    "NoteAdded": mark("Note"),
    "ContactShown": mark("Contact shown"),
    "CaseImported": mark("Taken over from an earlier system"),
    "PhotoAttached": mark("Photo added"),
}
PHOTOS: dict[PhotoKind, str] = {
    PhotoKind.BEFORE: mark("Before"),
    PhotoKind.AFTER: mark("After"),
    PhotoKind.NEAR: mark("Near"),
    PhotoKind.FAR: mark("Far"),
    PhotoKind.REFERENCE: mark("For reference"),
    PhotoKind.OTHER: mark("Other photo"),
}
ROLES: dict[Role, str] = {
    Role.ACCEPTOR: mark("Acceptor"),
    Role.SHIFT_LEADER: mark("Shift leader"),
    Role.DISPATCHER: mark("Dispatcher"),
    Role.UNIT: mark("Unit"),
    Role.INSPECTOR: mark("Inspector"),
    Role.ADMINISTRATOR: mark("Administrator"),
    Role.OBSERVER: mark("Observer"),
    Role.SYSTEM: mark("System"),
}
SOURCES: dict[Source, str] = {
    Source.PUBLIC: mark("Public"),
    Source.INSPECTOR: mark("Inspector"),
    Source.LEADER: mark("Leader"),
    Source.WEBSITE: mark("Website"),
    Source.FAX: mark("Fax"),
    Source.SMS: mark("SMS"),
    Source.PETITION: mark("Petition"),
    Source.MEDIA: mark("Media"),
    Source.EMAIL: mark("E-mail"),
    Source.PHONE: mark("Phone"),
    Source.APP: mark("App"),
    Source.CAMERA: mark("Camera"),
    Source.SELF_SERVICE: mark("Self-service"),
    Source.OTHER: mark("Other"),
    Source.HOTLINE: mark("Hotline 12319"),
    Source.WECHAT: mark("WeChat"),
    Source.QUICK: mark("Quick report"),
    Source.REFUSED: mark("Call not taken"),
    Source.EVALUATION: mark("Evaluation"),
    Source.AUDIT: mark("Inspection of works"),
    Source.DISTRICT_VIDEO: mark("District video"),
    Source.CITY_VIDEO: mark("City video"),
}
APPLICATIONS: dict[Application, str] = {
    Application.EXTENSION: mark("more time"),
    Application.SUSPENSION: mark("suspension"),
    Application.RETURN: mark("return"),
    Application.HANDLING: mark("long limit"),
}
CLOSINGS: dict[ClosingKind, str] = {
    ClosingKind.NORMAL: mark("Closed normally"),
    ClosingKind.LATE: mark("Closed late"),
    ClosingKind.ERROR: mark("Closed as an error"),
    ClosingKind.SPECIAL: mark("Closed as a special case"),
    ClosingKind.FORCED: mark("Closed by order"),
    ClosingKind.INFORMATION: mark("Closed as information"),
    ClosingKind.SELF_HANDLED: mark("Handled on the spot"),
}
URGENCIES: dict[Urgency, str] = {
    Urgency.NORMAL: mark("Normal"),
    Urgency.URGENT: mark("Urgent"),
    Urgency.CRITICAL: mark("Critical"),
}
KINDS: dict[Kind, str] = {
    Kind.INCIDENT: mark("Incident"),
    Kind.COMPONENT: mark("Component"),
}
COMPONENT_STATES: dict[ComponentState, str] = {
    ComponentState.INTACT: mark("Intact"),
    ComponentState.DAMAGED: mark("Damaged"),
    ComponentState.MISSING: mark("Missing"),
    ComponentState.ABANDONED: mark("Abandoned"),
    ComponentState.REMOVED: mark("Removed"),
}
HANDLINGS: dict[Handling, str] = {
    Handling.GENERAL: mark("General"),
    Handling.EXTENDED: mark("Long"),
    Handling.SPECIAL: mark("Special"),
}
ASSIGNMENTS: dict[str, str] = {
    "open": mark("To handle"),
    "handling": mark("At work"),
    "done": mark("Done"),
    "returned": mark("Returned"),
}
LEFT: dict[Counted, str] = {
    Counted.LINK: mark("{span} left in this link"),
    Counted.ORDER: mark("{span} left for the order"),
    Counted.WORD: mark("{span} left to decide"),
    Counted.PAUSE: mark("goes on in {span}"),
}
"""What the clock that counts leaves time for."""

CLOCKS: dict[Clock, str] = {
    Clock.URGENT_HOUR: mark("{n} h, day and night"),
    Clock.WORK_HOUR: mark("{n} working hours"),
    Clock.WORK_DAY: mark("{n} working days"),
    Clock.NATURAL_DAY: mark("{n} days"),
}
WEEKDAYS = (
    mark("Mon"),
    mark("Tue"),
    mark("Wed"),
    mark("Thu"),
    mark("Fri"),
    mark("Sat"),
    mark("Sun"),
)


def standing(state: State, closing: ClosingKind | None) -> str:
    """At which link a case is; of a closed one how it was closed, where that was not as usual."""
    if state is State.CLOSED and closing not in (None, ClosingKind.NORMAL):
        return tr(CLOSINGS[closing])
    return tr(STATES[state])


def limit(of: Limit | None) -> str:
    """A limit in words; None is 視情況定."""
    if of is None:
        return tr("as the case requires")
    number = f"{of.milli / 1000:g}"
    return tr(CLOCKS[of.clock], n=number)
