"""Commands and events of a case's life. Who may do what, when, stands in `casework.life`.

Source: domain.md 2.1-2.6.
"""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Raw, Struct

from casework.decider import Command, Event, Personal
from casework.scheme import Limit
from casework.terms import (
    AreaId,
    CaseId,
    CentreId,
    ClosingKind,
    ComponentId,
    DeadlineBasis,
    GridCode,
    Instant,
    Kind,
    Point,
    ReceiptNumber,
    Source,
    State,
    UnitId,
    Urgency,
    UserId,
)

Opinion = Annotated[str, Meta(max_length=2000)]
"""意見: a staff member's words, plain text."""
Short = Annotated[str, Meta(max_length=100)]
Named = Annotated[UserId, Meta(max_length=40)]
"""A person by sign-in name; the folded case holds it, so that it must be short."""


class Handling(StrEnum):
    """處理類型: 一般, or 綜合 (incident) / 工程 (component), or 特殊 (component): 視情況定."""

    GENERAL = "general"
    EXTENDED = "extended"
    SPECIAL = "special"


class ReportCase(Command, frozen=True, kw_only=True):
    """受理登記: open a case. `target` (a record's own deadline) is for practice logs only."""

    kind: Kind
    code: Short
    source: Source
    condition: Short = ""
    point: Point | None = None
    district: AreaId | None = None
    street: AreaId | None = None
    grid: GridCode | None = None
    """單元網格 code of a site's own data, 15 or 14 digits; a computed cell goes before it."""
    urgency: Urgency = Urgency.NORMAL
    reference: Annotated[str, Meta(max_length=40)] = ""
    """Number of the case in another system."""
    personal: Personal | None = None
    target: Instant | None = None
    component: ComponentId | None = None
    """部件標識碼 of the register, which tells point and grid where the report does not."""
    wants_reply: bool = False
    """是否需要回覆: the reporter asked to hear what became of it."""
    handled: bool = False
    """自行處理: the inspector has dealt with it on the spot; the case is closed at once."""


class AnswerAtOnce(Command, frozen=True, kw_only=True):
    """當即辦理: an enquiry is answered on the phone; the opinion says what was answered."""

    opinion: Opinion


class OrderVerification(Command, frozen=True, kw_only=True):
    """發核實: ask an inspector whether the problem is real (before filing)."""

    inspector: Named | None = None
    opinion: Opinion = ""


class VerifyReport(Command, frozen=True, kw_only=True):
    """核實: the inspector's answer."""

    confirmed: bool
    opinion: Opinion = ""


class PassForFiling(Command, frozen=True, kw_only=True):
    """批轉: the acceptor passes the report to the shift leader."""

    opinion: Opinion = ""


class FileCase(Command, frozen=True, kw_only=True):
    """立案 with its filing condition and handling type."""

    condition: Short = ""
    """Empty keeps the one chosen at the report, or else the class's first."""
    handling: Handling = Handling.GENERAL
    opinion: Opinion = ""


class DeclineCase(Command, frozen=True, kw_only=True):
    """不予立案, with a reason."""

    reason: Short
    opinion: Opinion = ""


class DispatchCase(Command, frozen=True, kw_only=True):
    """派遣 to one lead unit and any joint units."""

    lead: UnitId
    joint: tuple[UnitId, ...] = ()
    opinion: Opinion = ""


class AcceptWork(Command, frozen=True, kw_only=True):
    """接單: the unit has seen its assignment and works on it."""

    opinion: Opinion = ""


class PassDown(Command, frozen=True, kw_only=True):
    """下派: hand one's own assignment to a unit below (區 → 街道處置中心 → 執法隊)."""

    to: UnitId
    opinion: Opinion = ""


class PullBack(Command, frozen=True, kw_only=True):
    """收回下派: take back what one's unit passed down to the unit right below, to do it, give it to
    another, or return it."""

    opinion: Opinion = ""


class WithdrawDispatch(Command, frozen=True, kw_only=True):
    """撤回派遣: take the case back from its units, to dispatch it anew."""

    reason: Short
    opinion: Opinion = ""


class HandOver(Command, frozen=True, kw_only=True):
    """移交 to another centre (區 ↔ 市), which dispatches it to units of its own."""

    to: CentreId
    reason: Short
    opinion: Opinion = ""


class FeedBack(Command, frozen=True, kw_only=True):
    """處理反饋 by a unit for its own assignment."""

    opinion: Opinion = ""


class OrderCheck(Command, frozen=True, kw_only=True):
    """發核查: ask an inspector whether it is really fixed (before closing)."""

    inspector: Named | None = None
    opinion: Opinion = ""


class CheckCase(Command, frozen=True, kw_only=True):
    """核查: passed, or back for rework."""

    passed: bool
    opinion: Opinion = ""


class MarkDelivered(Command, frozen=True, kw_only=True):
    """The inspector's own device has the order (送達)."""

    additive = True


class MarkRead(Command, frozen=True, kw_only=True):
    """The inspector has opened the order (已讀)."""

    additive = True


class WithdrawOrder(Command, frozen=True, kw_only=True):
    """撤回核實 / 核查指令: the case goes back to where the order was given."""

    opinion: Opinion = ""


class CloseCase(Command, frozen=True, kw_only=True):
    """結案. None is normal or late, as the clock says; the other kinds need a reason."""

    kind: ClosingKind | None = None
    reason: Short = ""
    opinion: Opinion = ""


class ReopenCase(Command, frozen=True, kw_only=True):
    """歸檔還原: a case that ended goes on at `link`; its first ending is kept."""

    link: State
    reason: Short
    opinion: Opinion = ""


class TakeBack(Command, frozen=True, kw_only=True):
    """撤銷: undo one's own last act, while nobody has acted since (`queues.undo_seconds`)."""


class SendBack(Command, frozen=True, kw_only=True):
    """回退 to the link before, or to the one at fault (`to`); the written reason is mandatory."""

    reason: Short
    to: State | None = None
    opinion: Opinion = ""


class CancelCase(Command, frozen=True, kw_only=True):
    """作廢 / 注銷: a recorded act with a reason; nothing is deleted."""

    reason: Short
    opinion: Opinion = ""


class AddNote(Command, frozen=True, kw_only=True):
    """備注."""

    additive = True
    opinion: Annotated[str, Meta(min_length=1, max_length=2000)]


class ShowContact(Command, frozen=True, kw_only=True):
    """查看舉報人: personal data is shown masked; showing it is a recorded act."""

    additive = True


class Step(Event, frozen=True, kw_only=True):
    """An event that moves a case to a link. `link_due` is when that link's clock runs out."""

    state: State
    link_due: datetime | None = None
    opinion: str = ""


class UnitClock(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A unit's clock after an act: it ends at `due`, or stands with `left` milliseconds (negative:
    late by that); neither where there is no limit."""

    unit: UnitId
    due: datetime | None = None
    left: int | None = None


class ClocksMoved(Step, frozen=True, kw_only=True):
    """A step that starts, stops or moves clocks of units."""

    clocks: tuple[UnitClock, ...] = ()


class CaseReported(Step, frozen=True, kw_only=True):
    """A case was opened; class, place and source are a snapshot of that instant."""

    case: CaseId
    receipt: ReceiptNumber
    kind: Kind
    scheme: str
    scheme_version: str
    code: str
    name: str
    condition: str = ""
    source: Source
    point: Point | None = None
    district: AreaId | None = None
    street: AreaId | None = None
    grid: GridCode | None = None
    urgency: Urgency = Urgency.NORMAL
    reference: str = ""
    seal: str = ""
    target: datetime | None = None
    component: ComponentId | None = None
    component_unit: UnitId | None = None
    """Who answered for the component by the register, at that instant."""
    wants_reply: bool = False
    centre: CentreId | None = None


class EnquiryAnswered(Step, frozen=True, kw_only=True):
    """當即辦理."""


class VerificationOrdered(Step, frozen=True, kw_only=True):
    """`left`: milliseconds that the acceptor's own clock stands at while the order is out.
    `metres`: how far away the inspector was by the position that was known then."""

    inspector: UserId | None = None
    left: int | None = None
    metres: int | None = None


class ReportVerified(Step, frozen=True, kw_only=True):
    confirmed: bool


class ReportPassed(Step, frozen=True, kw_only=True):
    pass


class CaseFiled(Step, frozen=True, kw_only=True):
    """`due` is the case's own deadline where the rule book starts it at filing."""

    condition: str = ""
    handling: Handling
    limit: Limit | None = None
    due: datetime | None = None
    due_basis: DeadlineBasis
    due_provisional: bool = False


class CaseDeclined(Step, frozen=True, kw_only=True):
    reason: str


class CaseDispatched(Step, frozen=True, kw_only=True):
    lead: UnitId
    joint: tuple[UnitId, ...] = ()
    due: datetime | None = None
    due_basis: DeadlineBasis
    due_provisional: bool = False
    calendar: str = ""
    """Version of the work calendar that the deadline was counted on."""


class ClockStarted(ClocksMoved, frozen=True, kw_only=True):
    """The lead's clock starts here where the rule book says so; `due_basis` is then set."""

    due_basis: DeadlineBasis | None = None
    due_provisional: bool = False


class WorkAccepted(ClockStarted, frozen=True, kw_only=True):
    """接單."""

    unit: UnitId


class WorkPassed(Step, frozen=True, kw_only=True):
    """An assignment went down to a unit below, or (`back`) up again to the one that passed it."""

    unit: UnitId
    to: UnitId
    back: bool = False
    reason: str = ""


class DispatchWithdrawn(ClocksMoved, frozen=True, kw_only=True):
    reason: str


class CaseHandedOver(Step, frozen=True, kw_only=True):
    """移交 between centres: from whom, to whom, why; the dispatch link starts anew."""

    centre: CentreId | None = None
    to: CentreId
    reason: str


class UnitFedBack(ClockStarted, frozen=True, kw_only=True):
    """One unit is done; the case moves on when no assignment is open. Who feeds back without
    having accepted has done both at once."""

    unit: UnitId


class CheckOrdered(Step, frozen=True, kw_only=True):
    """As `VerificationOrdered`."""

    inspector: UserId | None = None
    left: int | None = None
    metres: int | None = None


class OrderDelivered(Event, frozen=True, kw_only=True):
    """送達."""


class OrderRead(Event, frozen=True, kw_only=True):
    """已讀."""


class OrderWithdrawn(Step, frozen=True, kw_only=True):
    """Back at the acceptor, whose clock goes on."""

    inspector: UserId | None = None


class CaseChecked(ClocksMoved, frozen=True, kw_only=True):
    passed: bool


class CaseClosed(Step, frozen=True, kw_only=True):
    on_time: bool | None = None
    """Handled within the deadline; None where there is no deadline."""
    kind: ClosingKind = ClosingKind.NORMAL
    reason: str = ""


class CaseReopened(ClocksMoved, frozen=True, kw_only=True):
    """歸檔還原 into the link `state`."""

    reason: str


class StepTakenBack(Step, frozen=True, kw_only=True):
    """撤銷: the case is again what it was before its last step; `restored` is that fold."""

    restored: Raw


class CaseSentBack(ClocksMoved, frozen=True, kw_only=True):
    """`unit` gave its assignment back; `rework`: the work is to be redone."""

    reason: str
    unit: UnitId | None = None
    rework: bool = False


class CaseCancelled(Step, frozen=True, kw_only=True):
    reason: str


class NoteAdded(Event, frozen=True, kw_only=True):
    opinion: str


class ContactShown(Event, frozen=True, kw_only=True):
    """Somebody looked at a reporter's name and number."""
