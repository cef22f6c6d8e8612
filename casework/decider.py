"""Decide and evolve: the shape every capability with a life of its own has.

`decide(state, command, context) -> events` holds every rule and refuses with `Refused`;
`evolve(state, recorded) -> state` holds none. Both are pure: time, actor, rule book and facts come
in the context, and nothing else may be known.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, ClassVar

from msgspec import Struct

from casework.rulebook import RuleBook
from casework.terms import (
    AreaId,
    CaseId,
    CentreId,
    ComponentId,
    Digest,
    GridCode,
    LogId,
    Media,
    Point,
    Role,
    UnitId,
    UserId,
)


class Refused(Exception):  # noqa: N818  the rule book refuses; it is not an error
    """A rule says no.

    `code` is stable (`case.stale`), `detail` names what matters; the sentence a person reads is
    made in the console from both.
    """

    def __init__(self, code: str, /, **detail: str) -> None:
        super().__init__(code, detail)
        self.code = code
        self.detail = detail

    def __str__(self) -> str:
        facts = ", ".join(f"{name}={value}" for name, value in self.detail.items())
        return f"{self.code} ({facts})" if facts else self.code


class Command(Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """What somebody asks for, in the imperative. Decoded strictly."""

    additive: ClassVar[bool] = False
    """Additive commands (a note) never conflict with another person's act."""
    bulk: ClassVar[bool] = False
    """An administrator's import sends bulk commands by the thousand: they are held back by what
    waits unanswered, not counted by the second."""


class Event(Struct, frozen=True, kw_only=True, tag=True, omit_defaults=True):
    """What happened, in the past tense. Decoded leniently: new fields have defaults, types never
    change, a class once journalled is never renamed."""

    @property
    def blobs(self) -> "tuple[Digest, ...]":
        """Digests of the blobs that the event names; its envelope repeats them."""
        return ()


class Unknown(Event, frozen=True):
    """An event of a kind this program does not know; its number still counts."""


class Personal(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Personal data of a report: kept beside the event, erasable; the event holds a digest."""

    name: str = ""
    phone: str = ""
    address: str = ""
    text: str = ""
    """問題描述 as the reporter put it."""


class Grant(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One right to see and act: a role, for areas (none named = all) or for a unit.

    `centre` narrows it to the cases of one centre. `grids` are the responsibility grids (責任網格)
    that an inspector answers for; they narrow nothing.
    """

    role: Role
    areas: tuple[AreaId, ...] = ()
    unit: UnitId | None = None
    centre: CentreId | None = None
    grids: tuple[str, ...] = ()


class Actor(Struct, frozen=True, kw_only=True):
    """Who asks, with every grant; each act names the one role it is done in."""

    user: UserId
    grants: tuple[Grant, ...]
    device: str = ""


class Place(Struct, frozen=True, kw_only=True):
    """Where a point lies by the rule book's areas; `doubt` is a code such as `place.outside`."""

    district: AreaId | None = None
    street: AreaId | None = None
    grid: GridCode | None = None
    doubt: str = ""


class Registered(Struct, frozen=True, kw_only=True):
    """What a decision about a case may know of a component in the register (部件庫). `unit` is who
    answers for it: the maintainer, else the owner, if the rule book knows them."""

    id: ComponentId
    scheme: str
    code: str
    point: Point
    district: AreaId | None = None
    street: AreaId | None = None
    grid: GridCode | None = None
    unit: UnitId | None = None


class Position(Struct, frozen=True, kw_only=True):
    """Where somebody said to be, at an instant (aware UTC): kept beside the journal, and only the
    last one."""

    point: Point
    at: datetime
    accuracy_m: int = 0


class Blob(Struct, frozen=True, kw_only=True):
    """A picture that was sent in whole: `size` in bytes, `media` by what the bytes begin with."""

    digest: Digest
    size: int
    media: Media


class Facts(Struct, frozen=True, kw_only=True):
    """Values a decider named by `needs`, fetched by the desk."""

    order: int = 0
    """The next case's order of the local day."""
    seal: str = ""
    """Salted digest of the command's personal data, hex; empty when it has none."""
    place: Place = Place()
    component: Registered | None = None
    """The component that the command names; None where the register has none such."""
    password: bool = False
    """A password came beside the command; its hash is written with the event."""
    administrators: int = 0
    """Enabled accounts that may keep accounts."""
    blobs: tuple[Blob, ...] = ()
    """Those of the blobs the command names that this person has sent in whole."""
    imported: CaseId | None = None
    """The case that the earlier system's number was imported as, if it was."""
    inspectors: tuple[UserId, ...] | None = None
    """Inspectors who may be sent to the case, the best first; None: nobody is enrolled."""
    proposed: UserId | None = None
    """Who of them gets an order that names nobody; None: it is open to all of the area."""
    metres: tuple[int | None, ...] = ()
    """How far away each of `inspectors` is as the crow flies; None without a fresh position."""
    position: Position | None = None
    """Where the actor last said to be."""
    colleague: tuple[Grant, ...] | None = None
    """What the person whom the command names may do; None: no enabled account."""
    before: Any = None
    """The fold before the last step of the stream, later notes and claims kept."""
    last_step: "Recorded | None" = None
    """That last step."""


class Need:
    """Names of the facts that a decider may ask for."""

    ORDER = "order"
    PLACE = "place"
    COMPONENT = "component"
    PASSWORD = "password"
    ADMINISTRATORS = "administrators"
    BLOBS = "blobs"
    IMPORTED = "imported"
    INSPECTORS = "inspectors"
    POSITION = "position"
    COLLEAGUE = "colleague"
    BEFORE = "before"


class Context(Struct, frozen=True, kw_only=True):
    """All a decision may know. `at` is aware UTC, the server's clock (virtual in practice)."""

    at: datetime
    log: LogId
    practice: bool
    actor: Actor
    role: Role
    rules: RuleBook
    facts: Facts = Facts()


class Recorded(Struct, frozen=True, kw_only=True):
    """An event with what the journal knows of it. Times are aware UTC.

    `at` is when it was recorded (monotonic within a log), `claimed` when it is said to have
    happened, if that differs. `rules` is the rule-book version the decision used.
    """

    log: LogId
    number: int
    at: datetime
    claimed: datetime | None = None
    stream: str
    version: int
    actor: UserId
    role: Role
    event: Event


def _never(_state: object) -> datetime | None:
    return None


class Decider(Struct, frozen=True, kw_only=True):
    """One capability with a life: its stream's prefix, its messages and its two functions."""

    prefix: str
    """A stream is `prefix/id`."""
    state: type[Any]
    """The frozen struct that `evolve` folds, kept as one row a stream."""
    commands: tuple[type[Command], ...]
    events: tuple[type[Event], ...]
    decide: Callable[[Any, Any, Context], Sequence[Event]]
    evolve: Callable[[Any, Recorded], Any]
    opens: Callable[[Any, Context], str]
    """Id of the new stream that a command without one opens.

    Raises: Refused: `stream.missing` when the command does not open a stream.
    """
    needs: Callable[[Any], frozenset[str]]
    due: Callable[[Any], datetime | None] = _never
    """When something of the folded state falls due by itself, aware UTC; None: nothing does."""
    lapse: Callable[[Any], Command] | None = None
    """What the server then asks for, in the role `system`."""


def case_stream(case: CaseId) -> str:
    """The journal stream that holds a case's life."""
    return f"case/{case}"
