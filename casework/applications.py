"""What a unit applies for, and what the centre says to it: 延期, 掛賬, 回退, 處理類型.

An application belongs to one assignment (case × unit); at most one of a unit waits at a time.
Source: domain.md 2.6.
"""

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from casework.acts import ClocksMoved, Handling, Opinion, Short
from casework.decider import Command
from casework.scheme import Limit
from casework.terms import Application, Instant, UnitId


class ApplyFor(Command, frozen=True, kw_only=True):
    """申請, with a reason. `until` is the end of a suspension, and only that."""

    kind: Application
    reason: Short
    until: Instant | None = None
    opinion: Opinion = ""


class ApproveApplication(Command, frozen=True, kw_only=True):
    """同意. `unit` names the application where several wait; None is the one that waits longest.
    `leader` is the name, as given, of who agreed above the shift leader, where that is needed."""

    unit: UnitId | None = None
    opinion: Opinion = ""
    leader: Annotated[str, Meta(max_length=40)] = ""


class RefuseApplication(Command, frozen=True, kw_only=True):
    """不同意, with a reason."""

    reason: Short
    unit: UnitId | None = None
    opinion: Opinion = ""


class ResumeCase(Command, frozen=True, kw_only=True):
    """解除掛賬: by a person before its end, or by the server when the end has come."""

    opinion: Opinion = ""


class AppliedFor(ClocksMoved, frozen=True, kw_only=True):
    """`decide_by` is when the decision is due."""

    unit: UnitId
    kind: Application
    reason: str
    until: datetime | None = None
    decide_by: datetime | None = None


class Approved(ClocksMoved, frozen=True, kw_only=True):
    """The centre's yes. `leader`: who agreed above the shift leader, as given; "" where nobody had
    to."""

    unit: UnitId
    leader: str = ""


class ExtensionApproved(Approved, frozen=True, kw_only=True):
    """延期: the unit's clock, in `clocks`, ends later."""


class SuspensionApproved(Approved, frozen=True, kw_only=True):
    """掛賬: every clock of the case stands; it goes on by itself at `until`."""

    until: datetime


class ReturnApproved(Approved, frozen=True, kw_only=True):
    """同意回退: the lead's return ends the round, a joint unit's its own part."""

    reason: str


class HandlingApproved(Approved, frozen=True, kw_only=True):
    """處理類型調整為綜合 / 工程: another limit, counted from the same start."""

    handling: Handling
    limit: Limit


class ApplicationRefused(ClocksMoved, frozen=True, kw_only=True):
    unit: UnitId
    kind: Application
    reason: str


class WordDue(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """When the decision on a unit's application is due."""

    unit: UnitId
    decide_by: datetime | None = None


class CaseResumed(ClocksMoved, frozen=True, kw_only=True):
    """掛賬 is over: the clocks go on with what was left. `words`: applications of joint units that
    waited for it, each with the time that the decision has from now on."""

    words: tuple[WordDue, ...] = ()
