"""老數據: what brings a case of an earlier system into the log, as history that others recorded.

An import is no act on a case but the log's keeper taking records over: it stands in no row of
`casework.life`. What it may bring is checked in `casework.importing`. Every instant in it is
claimed: the journal knows only when it was told. Source: issue 3, 13; domain.md 2.8.
"""

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from casework.acts import Step
from casework.decider import Command, Personal
from casework.terms import (
    AreaId,
    CaseId,
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
)

_ONE_LINE = r"^[^\x00-\x1f\x7f]*$"
LONGEST_NAME, LONGEST_REFERENCE, LONGEST_OPINION, MOST_STEPS = 100, 40, 2000, 60
"""Characters of a name, of an old number, of an opinion; steps of one case."""

Name = Annotated[str, Meta(max_length=LONGEST_NAME, pattern=_ONE_LINE)]
OldNumber = Annotated[str, Meta(min_length=1, max_length=LONGEST_REFERENCE, pattern=_ONE_LINE)]
"""案卷號 of the earlier system."""
SystemName = Annotated[str, Meta(min_length=1, max_length=LONGEST_REFERENCE, pattern=_ONE_LINE)]
"""Name of the earlier system, the site's own: an old number is unique within it."""


class OldStep(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One step as the earlier system tells it: plain text, nobody of this log."""

    at: Instant
    act: Name
    person: Name = ""
    post: Name = ""
    unit: Name = ""
    opinion: Annotated[str, Meta(max_length=LONGEST_OPINION)] = ""


class ImportCase(Command, frozen=True, kw_only=True):
    """導入: take a case of an earlier system over, ended or to be gone on with.

    `scheme` names the earlier system's own class list; empty: `code` is of the scheme in force and
    the rule book gives the name. `due` and `on_time` are as the earlier system said.
    """

    bulk = True

    system: SystemName
    reference: OldNumber
    state: State
    kind: Kind
    scheme: Name = ""
    scheme_version: Name = ""
    code: Name
    name: Name = ""
    source: Source = Source.OTHER
    urgency: Urgency = Urgency.NORMAL
    point: Point | None = None
    district: AreaId | None = None
    street: AreaId | None = None
    grid: GridCode | None = None
    opened: Instant
    handled: Instant | None = None
    ended: Instant | None = None
    unit: UnitId | None = None
    unit_name: Name = ""
    """責任單位 in the earlier system's words."""
    due: Instant | None = None
    on_time: bool | None = None
    steps: Annotated[tuple[OldStep, ...], Meta(max_length=MOST_STEPS)] = ()
    personal: Personal | None = None


class CaseImported(Step, frozen=True, kw_only=True):
    """A case of an earlier system was taken over, as it stood there. Its instants are claimed."""

    case: CaseId
    receipt: ReceiptNumber
    system: str
    reference: str
    kind: Kind
    scheme: str
    scheme_version: str
    code: str
    name: str
    source: Source
    urgency: Urgency = Urgency.NORMAL
    point: Point | None = None
    district: AreaId | None = None
    street: AreaId | None = None
    grid: GridCode | None = None
    opened: datetime
    handled: datetime | None = None
    ended: datetime | None = None
    unit: UnitId | None = None
    unit_name: str = ""
    due: datetime | None = None
    due_basis: DeadlineBasis = DeadlineBasis.NONE
    on_time: bool | None = None
    steps: tuple[OldStep, ...] = ()
    seal: str = ""
