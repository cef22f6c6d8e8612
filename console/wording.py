"""All words that people read: English in the source, other languages in TOML catalogues.

`tr` looks an English sentence up; `mark` only names one, for tables of codes that are made before
a language is chosen. A test collects both and compares them with each catalogue. Names of classes,
units and areas are the rule book's own.
"""

import tomllib
from datetime import datetime
from zoneinfo import ZoneInfo

import resources
from casework.acts import Handling
from casework.case import Case
from casework.photos import PhotoKind
from casework.rulebook import Phrase, ReasonCode, RuleBook
from casework.scheme import CaseClass, Clock, Condition, Limit
from casework.terms import (
    Application,
    AreaId,
    CentreId,
    ClosingKind,
    ComponentState,
    Kind,
    Role,
    Source,
    State,
    UnitId,
    Urgency,
)
from casework.territory import Landmark

ENGLISH = "en"
NATIVE_NAMES = {ENGLISH: "English", "zh_CN": "简体中文", "zh_HK": "繁體中文"}
_NARROW = str.maketrans("“”", '""')
"""The shipped face draws the round marks as wide as a Chinese character."""
_catalogues: dict[str, dict[str, str]] = {ENGLISH: {}}
_language = ENGLISH


class _Blanks(dict[str, str]):
    """Values of a sentence; one that an older server does not send reads as a dash."""

    def __missing__(self, key: str) -> str:
        return "–"


def use(language: str) -> None:
    """Speak this language from now on.

    Raises: FileNotFoundError: there is no catalogue for it.
    """
    global _language  # noqa: PLW0603 one desk speaks one language
    if language not in _catalogues:
        file = resources.root() / "translations" / f"{language}.toml"
        _catalogues[language] = tomllib.loads(file.read_text("utf-8"))
    _language = language


def language() -> str:
    """The language in use."""
    return _language


def mark(english: str) -> str:
    """Name a sentence for the catalogues without speaking it."""
    return english


def tr(english: str, /, **values: object) -> str:
    """The sentence in the language in use, its `{names}` filled in; English where it is missing."""
    said = _catalogues[_language].get(english, english)
    if _language == ENGLISH:
        said = said.translate(_NARROW)
    if not values:
        return said
    return said.format_map(_Blanks({name: str(value) for name, value in values.items()}))


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
PALETTES: dict[str, str] = {
    "day": mark("Day"),
    "night": mark("Night"),
    "safe": mark("Red-green safe"),
}
REFUSALS: dict[str, str] = {
    "case.wrong_state": mark("The case has moved on: it is now “{state}”."),
    "case.wrong_role": mark("Your post may not do this."),
    "case.not_yours": mark("This case belongs to another area, unit or inspector."),
    "case.unknown_class": mark("The rule book has no class {code}."),
    "case.unknown_condition": mark("Class {code} has no such filing condition."),
    "case.no_extended_limit": mark("Class {code} has no long limit."),
    "case.no_special_handling": mark("Only a component is handled specially (no fixed limit)."),
    "case.unknown_unit": mark("The rule book has no unit {unit}."),
    "case.unit_twice": mark("A unit is named twice."),
    "case.unknown_reason": mark("The rule book does not know this reason."),
    "case.reason_missing": mark("Choose a reason or write one."),
    "case.filer_may_not_close": mark("Who filed a case may not close it."),
    "case.answer_missing": mark("Write what was answered."),
    "case.held": mark("{by} has this case in hand."),
    "case.not_your_turn": mark("Only the post whose turn it is takes this case in hand."),
    "case.held_already": mark("You have this case in hand already."),
    "case.not_held": mark("You do not have this case in hand."),
    "case.no_application": mark("No application waits."),
    "case.applied_already": mark("Your application waits for an answer already."),
    "case.accepted_already": mark("Your unit has accepted this case already."),
    "case.not_urged": mark("Nobody urges this case."),
    "case.no_such_colleague": mark("{user} is no enabled colleague of this post here."),
    "case.unknown_centre": mark("The rule book has no centre {centre}."),
    "case.same_centre": mark("The case is at this centre already."),
    "case.unit_of_other_centre": mark("{unit} belongs to another centre: hand the case over."),
    "case.not_below": mark("{unit} does not stand below your unit."),
    "case.cannot_send_back_there": mark("From here the case cannot go back to “{to}”."),
    "case.return_by_application": mark("In this city a return is applied for."),
    "case.cannot_reopen_there": mark("The case never came so far: choose an earlier link."),
    "case.closing_kind_missing": mark("Choose how the case is closed."),
    "case.kind_by_the_clock": mark("Normal or late: the clock says which."),
    "case.self_handled_only": mark("Only an inspector's own report is handled on the spot."),
    "case.not_over": mark("The suspension is not over yet."),
    "application.unknown_kind": mark("This city knows no such application."),
    "application.too_often": mark("It was approved {most} times: no more."),
    "application.too_late": mark("The limit has passed: it is too late to apply."),
    "application.lead_only": mark("Only the lead unit may apply for this."),
    "application.no_limit": mark("The case has no limit to extend."),
    "application.until_missing": mark("Say until when."),
    "application.until_beyond": mark("The end must lie within {days} days from now."),
    "application.return_to_above": mark("Send it back to the unit that passed it down."),
    "order.unknown_inspector": mark("{inspector} is no inspector of this area."),
    "order.delivered_already": mark("The order is delivered already."),
    "order.read_already": mark("The order is read already."),
    "queue.empty": mark("Nothing waits for you: every case of this post is taken."),
    "undo.nothing": mark("There is nothing to undo."),
    "batch.out_of_sight": mark("The case is no longer in your sight."),
    "batch.no_unit": mark("The rule book names no unit for it: choose one for all."),
    "batch.under_way": mark("An act on several cases still waits for answers."),
    "undo.not_yours": mark("{by} has acted since: it cannot be undone."),
    "undo.not_this": mark("This act cannot be undone."),
    "undo.too_late": mark("An act can be undone for {seconds} seconds only."),
    "case.target_needs_practice": mark("Only a practice log takes a deadline with the report."),
    "case.not_found": mark("There is no such case, or you may not see it."),
    "case.target_beyond_time": mark("The record's deadline lies beyond all calendars."),
    "grid.bad_code": mark("A grid code has 15 digits, or 14 in older data."),
    "case.unknown_area": mark("The rule book has no such district or street."),
    "component.administrators_only": mark("Only an administrator keeps the component register."),
    "component.exists": mark("Component {id} is registered already."),
    "component.not_found": mark("The register has no such component."),
    "component.unchanged": mark("Component {id} is as you say already."),
    "component.bad_id": mark("A component's id has 16 or 17 digits; “{id}” has not."),
    "component.unknown_district": mark(
        "The id {id} begins with {district}, which is no district of the city."
    ),
    "component.unknown_class": mark("The id {id} names class {code}, which the rule book has not."),
    "component.bad_basis": mark("The mark of origin “{basis}” is none of a city pack's."),
    "component.other_class": mark("Component {id} is not of class {code}."),
    "photo.too_many": mark("The case has {most} photos already; it may have no more."),
    "photo.not_stored": mark("The server has not received this picture in whole; add it again."),
    "photo.too_large": mark("The picture has more than the {most} bytes that are allowed."),
    "photo.media": mark("This kind of picture is not taken here."),
    "photo.not_a_picture": mark("This file is not a picture."),
    "photo.wrong_digest": mark("The picture was altered on its way; add it again."),
    "photo.not_found": mark("There is no such picture, or it is not for you."),
    "photo.missing": mark("The server has lost this picture's file."),
    "photo.too_many_pixels": mark("The picture is too large to be shown: over 50 million pixels."),
    "photo.cut_off": mark("The picture is cut off or damaged."),
    "photo.unreadable": mark("The file cannot be read."),
    "photo.altered": mark("What came is not the picture that was sent in."),
    "photo.too_many_waiting": mark("Too many of your pictures wait to be tied to a case."),
    "photo.not_kept": mark("The server cannot keep pictures now; try again later."),
    "patrol.inspectors_only": mark("Only an inspector goes on patrol."),
    "patrol.not_yours": mark("This is another inspector's patrol."),
    "patrol.on_duty": mark("You are on duty already."),
    "patrol.off_duty": mark("You are not on duty."),
    "patrol.too_soon": mark("You are still where you were a moment ago."),
    "import.already_here": mark("This old case is here already, as {case}."),
    "import.state": mark("A case cannot be taken over as “{state}”."),
    "import.needs_end": mark("An ended case needs the instant of its end."),
    "import.has_end": mark("A case with an end cannot be taken over as “{state}”."),
    "import.needs_unit": mark("A case that is with a unit needs one that the rule book knows."),
    "import.old_class_open": mark(
        "An open case needs a class of the rule book; {code} is the earlier system's."
    ),
    "import.future": mark("What an earlier system says lies in the future: {at}."),
    "import.administrators_only": mark("Only an administrator may ask what was taken over."),
    "case.stale": mark("Somebody was faster: the case has changed. Look again."),
    "place.zero": mark("The position is empty (0, 0)."),
    "place.placeholder": mark("This position stands for “unknown”."),
    "place.impossible": mark("There is no such position on Earth."),
    "place.swapped": mark("Latitude and longitude are exchanged."),
    "place.outside": mark("The position lies outside the city."),
    "place.unknown_code": mark("The rule book has no street or district with this code."),
    "actor.role_not_held": mark("You do not hold this post."),
    "account.administrators_only": mark("Only an administrator keeps accounts, in that post."),
    "account.exists": mark("The sign-in name {user} is taken."),
    "account.not_found": mark("There is no such account."),
    "account.no_grants": mark("Give at least one post."),
    "account.unit_grant": mark("The post unit needs a unit, and no other post takes one."),
    "account.grids_grant": mark("Only an inspector answers for responsibility grids."),
    "account.grant_twice": mark("The same post stands twice."),
    "account.unknown_area": mark("The rule book has no area {area}."),
    "account.unknown_centre": mark("The rule book has no centre {centre}."),
    "account.unknown_grid": mark("The rule book has no responsibility grid {grid}."),
    "account.yourself": mark("Nobody disables the own account."),
    "account.last_administrator": mark("{user} is the last administrator: name another first."),
    "account.is_disabled": mark("The account is disabled already."),
    "account.is_enabled": mark("The account is not disabled."),
    "account.not_yours": mark(
        "Only the person changes the own password; an administrator resets it."
    ),
    "account.stale": mark("Somebody else changed this account meanwhile: look again."),
    "grant.malformed": mark("“{text}” is not ROLE[@AREA…][/CENTRE][#GRID…][:UNIT]."),
    "grant.unknown_role": mark("There is no post “{role}”."),
    "list.columns": mark("The first line must name the columns {columns}; it says: {found}"),
    "list.quotes": mark(
        "This line is no CSV: a quotation mark is not closed, stands inside a cell, or a cell is"
        " too long."
    ),
    "list.encoding": mark("The list is neither in UTF-8 nor in GB 18030; save it as CSV UTF-8."),
    "list.too_large": mark("The list is larger than {most} bytes."),
    "list.cells": mark("The line has {cells} cells, the list has {columns} columns."),
    "list.twice": mark("{user} stands on an earlier line."),
    "list.disabled": mark("{user} is disabled: let them in again first."),
    "account.malformed": mark(
        "A sign-in name has 1 to 40 of a-z, 0-9, dot, hyphen, underscore; "
        "a name has 1 to 100 characters."
    ),
    "password.too_short": mark("A password has at least {least} characters."),
    "password.too_long": mark("A password has at most {most} characters."),
    "password.refused": mark("This password is too easy to guess; choose another."),
    "password.missing": mark("The new password is missing."),
    "password.wrong": mark("The old password is wrong."),
    "password.same": mark("The new password is the old one."),
    "password.must_change": mark("Choose a password of your own first."),
    "password.not_private": mark("Passwords are sent over an encrypted connection only."),
    "password.unexpected": mark("This command takes no password."),
    "password.differs": mark("The two new passwords differ."),
    "password.changed": mark("The password was changed; signing in with the new one."),
    "log.leaders_only": mark("Only a shift leader or an administrator may set the practice clock."),
    "log.real_time": mark("A real log's clock cannot be set."),
    "log.speed": mark("The practice clock runs at most {fastest} times real time."),
    "command.malformed": mark(
        "What was written is too long, or holds a character that cannot be kept; nothing was sent."
    ),
    "query.malformed": mark("What is asked for is too long, or holds a character that is none."),
    "query.too_large": mark("The question is too large."),
    "command.id_reused": mark("This command was sent before with other contents."),
    "journal.unavailable": mark("The server cannot write; nothing was recorded. Try again."),
    "server.read_failed": mark("The server could not read its records. Try again."),
    "rules.not_found": mark("The server no longer has this rule book."),
    "stream.wrong": mark("The command belongs to another record."),
    "command.too_large": mark("The command is too large."),
    "session.too_fast": mark("Too many commands at once; wait a moment."),
    "session.too_many": mark("Too many sessions are open for this person."),
    "sign_in.wrong": mark("User or password is wrong."),
    "sign_in.required": mark("Sign in with user and password."),
    "sign_in.refused": mark("The server refused the sign-in."),
    "sign_in.disabled": mark("This account is disabled."),
    "sign_in.token": mark("The sign-in ran out: sign in again."),
    "sign_in.too_many": mark("Too many tries; wait a minute."),
    "sign_in.browser": mark("A browser may not open this server."),
    "sign_in.practice_only": mark("Practice sign-ins are for practice logs only."),
    "server.address": mark("The server's address is not ws:// or wss:// with a host."),
    "server.ca_file": mark("The file of the authority to trust cannot be used."),
    "server.not_encrypted": mark("Another machine is reached by wss:// only."),
    "link.unreachable": mark("The case server does not answer."),
    "link.cut": mark("The connection was cut."),
    "link.silent": mark("The server has been silent for too long."),
    "link.hole": mark("Something between was missing; the picture is fetched anew."),
    "link.malformed": mark("The server sent what this console cannot read."),
    "link.wrong_rules": mark("The rule book that came is not the one announced."),
    "link.untrusted": mark("The server's certificate is not trusted."),
    "link.grants_changed": mark("Your rights were changed; the picture is fetched anew."),
    "link.closed": mark("The link was closed before the answer: look again what was recorded."),
    "link.lost": mark("The link is lost; nothing was sent."),
    "grants.changed": mark("Your rights were changed; the picture is fetched anew."),
    "upgrade": mark("The server speaks another protocol: update this console."),
    "signed_out": mark("Your password was changed: sign in with the new one."),
    "shutting_down": mark("The server is shutting down."),
    "frame.malformed": mark("The server did not understand this console."),
    "export.no_folder": mark("There is no folder {folder}."),
    "export.no_right": mark("You may not write in {folder}."),
    "export.disk_full": mark("The disk of {folder} is full; nothing was written."),
    "export.open_elsewhere": mark(
        "{file} is open in another program, or belongs to somebody else; close it or take another"
        " name."
    ),
    "export.failed": mark("{file} could not be written: {why}"),
    "sheet.not_dispatched": mark("No unit has this case: there is no job sheet."),
}


def refusal(code: str, /, **detail: str) -> str:
    """The sentence for a refusal's code; an unknown code is shown as it is. A detail may be called
    `code` too."""
    english = REFUSALS.get(code)
    if english is None:
        return tr("Refused: {code}", code=code)
    if "state" in detail and detail["state"] in set(State):
        detail = {**detail, "state": tr(STATES[State(detail["state"])])}
    said = tr(english)
    return said.format_map(_Blanks(detail)) if "{" in said else said


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


BETWEEN = " · "


def street_of(place: str) -> str:
    """The last part of `Names.place`, where both have no room."""
    return place.rpartition(BETWEEN)[2]


class Names:
    """Names of one rule book in the language in use; a code that it lacks is shown as it is."""

    def __init__(self, rules: RuleBook | None) -> None:
        self._rules = rules
        zone = rules.calendar.time_zone if rules is not None else "UTC"
        self._zone = ZoneInfo(zone)

    def _pick(self, name: str, english: str) -> str:
        return english if _language == ENGLISH and english else name

    def city(self) -> str:
        """The city's name, "" before the rule book is here."""
        return self._pick(self._rules.city, self._rules.city_en) if self._rules else ""

    def case_class(self, case: Case) -> str:
        """小類, by the snapshot the case keeps."""
        of = self._rules.case_class(case.kind, case.code) if self._rules else None
        ours = of is not None and (not case.imported or of.name == case.name)
        return self._pick(case.name, of.name_en if of is not None and ours else "")

    def class_of(self, of: CaseClass) -> str:
        """小類 by the rule book."""
        return self._pick(of.name, of.name_en)

    def big_class(self, of: CaseClass) -> str:
        """大類 by the rule book."""
        return self._pick(of.big_name, of.big_name_en)

    def unit(self, unit: UnitId | str | None) -> str:
        """責任單位."""
        if not unit:
            return ""
        found = self._rules.unit(UnitId(unit)) if self._rules else None
        return self._pick(found.name, found.name_en) if found is not None else str(unit)

    def area(self, area: AreaId | None) -> str:
        """A district or a street."""
        if area is None:
            return ""
        found = self._rules.area(area) if self._rules else None
        return self._pick(found.name, found.name_en) if found is not None else str(area)

    def centre(self, centre: CentreId | None) -> str:
        """監督指揮中心."""
        if centre is None:
            return ""
        found = self._rules.centre(centre) if self._rules else None
        return self._pick(found.name, found.name_en) if found is not None else str(centre)

    def phrase(self, phrase: Phrase) -> str:
        """A sentence of the phrase library."""
        return self._pick(phrase.text, phrase.text_en)

    def landmark(self, landmark: Landmark) -> str:
        """A name of the gazetteer."""
        return self._pick(landmark.name, landmark.name_en)

    def place(self, case: Case) -> str:
        """District · street."""
        parts = [name for name in (self.area(case.district), self.area(case.street)) if name]
        return BETWEEN.join(parts) or tr("place unknown")

    def reason(self, reason: ReasonCode) -> str:
        """A reason to choose."""
        return self._pick(reason.text, reason.text_en)

    def condition(self, condition: Condition) -> str:
        """立案條件."""
        return self._pick(condition.text, condition.text_en)

    def reason_of(self, code: str) -> str:
        """A reason by its code."""
        every = self._rules.reasons if self._rules else ()
        found = next((reason for reason in every if reason.id == code), None)
        return self.reason(found) if found is not None else code

    @property
    def zone(self) -> ZoneInfo:
        """The city's time zone, UTC before the rule book is here."""
        return self._zone

    def local(self, at: datetime) -> datetime:
        """An instant on the city's wall clock."""
        return at.astimezone(self._zone)

    def moment(self, at: datetime, now: datetime) -> str:
        """Time of day; with month and day where it is another day than `now`,
        and the year where it is another one."""
        here, today = self.local(at), self.local(now)
        if here.date() == today.date():
            return f"{here:%H:%M}"
        return f"{here:%m-%d %H:%M}" if here.year == today.year else f"{here:%Y-%m-%d %H:%M}"
