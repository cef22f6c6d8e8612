"""The rule book: every adjustable number and list of a city, as frozen structs.

A city pack seeds it (`casework.pack`), the journal keeps it, and each decision names the version
it used. Nothing here computes: rules live in `casework.rules`. A setting without an effect is a
defect; each has a test that shows its effect.
"""

from collections.abc import Sequence
from enum import StrEnum
from functools import cached_property

from msgspec import Struct, field

from casework.scheme import CaseClass, Limit, Scheme, WorkCalendar
from casework.terms import (
    Application,
    AreaId,
    CentreId,
    Datum,
    Kind,
    Media,
    Point,
    State,
    UnitId,
    Urgency,
)
from casework.territory import (
    Area,
    AreaKind,
    Centre,
    Landmark,
    Responsibility,
    ResponsibilityGrid,
    Unit,
)


class LinkLimit(Struct, frozen=True, kw_only=True):
    """環節時限: how long a case may wait in `state` (domain.md 2.7); with `urgency` or `area_kind`
    only one that is so urgent, or lies in such an area."""

    state: State
    limit: Limit
    urgency: Urgency | None = None
    area_kind: AreaKind | None = None


class ReasonedAct(StrEnum):
    """Acts that need a reason."""

    DECLINE = "decline"  # 不予立案
    SEND_BACK = "send_back"  # 回退
    CANCEL = "cancel"  # 作廢
    CLOSE = "close"  # 差錯、特殊、強制、告知性結案
    WITHDRAW = "withdraw"  # 撤回派遣
    REOPEN = "reopen"  # 歸檔還原
    HAND_OVER = "hand_over"  # 移交
    TAKE_OVER = "take_over"  # 接管
    EXTENSION = "extension"  # 申請延期
    SUSPENSION = "suspension"  # 申請掛賬
    HANDLING = "handling"  # 申請調整處理類型
    REFUSE = "refuse"  # 不同意申請


class ReasonCode(Struct, frozen=True, kw_only=True):
    """A reason a person picks when an act needs one; free text may be added.

    Where a city lists reasons for an act, one of them must be given; where it lists none, any
    written reason will do.
    """

    id: str
    act: ReasonedAct
    text: str
    text_en: str = ""


class ApplicationRule(Struct, frozen=True, kw_only=True):
    """How one kind of application goes (domain.md 2.6). A kind without a rule is not known in the
    city; without one for `return`, a unit gives a case back without asking.

    `most`: approved so often in a case's life at most, 0 = without bound. `limit`: how long the
    decision may take. `pauses`: the unit's clock stands while it waits. `before_due`: only while
    the unit is not late. `percent`: what an extension adds, of the original limit. `most_days`:
    the longest suspension. `leader_from`: a leader above the shift leader must have
    agreed to the approval of this number in a case's life and to those after it (0: to none), with
    `leader_if_engineering` to each one for a 工程 case.
    """

    kind: Application
    most: int = 0
    limit: Limit | None = None
    pauses: bool = False
    before_due: bool = False
    percent: int = 100
    most_days: int = 365
    leader_from: int = 0
    leader_if_engineering: bool = False


class Queues(Struct, frozen=True, kw_only=True):
    """How a console shows time and how long ended cases stay at hand."""

    soon_percent: int = 25
    """A clock with less than this share of its span left is due soon (將超時)."""
    ended_hours: int = 24
    """Replicas keep cases this long after their end."""
    claim_minutes: int = 15
    """A claim (我的) that its holder has not touched for so long is stale: others may take it."""
    undo_seconds: int = 60
    """So long after an act its person may take it back, if nobody has acted since."""


class Phrase(Struct, frozen=True, kw_only=True):
    """習慣用語: a sentence people would otherwise type again and again. `acts` names rows of
    `casework.life.ACTS` (`report` is the form of a new case)."""

    id: str
    acts: tuple[str, ...]
    text: str
    text_en: str = ""


class Intake(Struct, frozen=True, kw_only=True):
    """受理: how a call taker's form reads and keeps what is typed."""

    typed_datum: Datum = Datum.WGS84
    """The system that typed figures are first read in when no word names one."""
    draft_days: int = 3
    """A workstation keeps what was typed and never sent for so long."""
    address_days: int = 90
    """Addresses of earlier cases are offered for a typed place for so long."""


class Register(Struct, frozen=True, kw_only=True):
    """部件庫: how components are shown on the map and offered at a report."""

    map_cm_per_pixel: int = 100
    """The map shows components from this scale on: so many centimetres a pixel, or fewer."""
    label_cm_per_pixel: int = 20
    """…, and their names beside them from this one on."""
    near_metres: int = 50
    """How far from a report's position components are offered."""


class Orders(Struct, frozen=True, kw_only=True):
    """核實、核查指令: when an order to an inspector shows itself, and whom it is proposed to."""

    deliver_seconds: int = 120
    """An order that no device has after so long is shown as not delivered."""
    read_minutes: int = 10
    """One that was delivered and not opened for so long is shown as not read."""
    warn_percent: int = 60
    """Once so much of its limit is used an order is near it, and its inspector is told."""
    most: int = 4
    """Open orders from which on an inspector is busy."""
    metres: int = 5_000
    """How far away nearness still counts when an inspector is proposed."""
    position_minutes: int = 30
    """A position older than this is stale: it is marked, and proposes nobody."""
    position_seconds: int = 60
    """A position sooner than this after the last …"""
    position_metres: int = 50
    """… and closer to it than this is no news, and not kept."""
    position_hours: int = 12
    """A position older than this is deleted, also while somebody is on duty."""
    over_minutes: int = 120
    """An order that ended stays in the list of orders for so long."""


class Passwords(Struct, frozen=True, kw_only=True, dict=True):
    """Which passwords people may have; `casework.rules.passwords` holds them to it."""

    least: int = 8
    """Characters."""
    refused: tuple[str, ...] = ()
    """What everybody tries first; upper and lower case are the same."""

    @cached_property
    def refused_ones(self) -> frozenset[str]:
        """The list, casefolded."""
        return frozenset(each.casefold() for each in self.refused)


class Photos(Struct, frozen=True, kw_only=True):
    """照片: what may be sent in and tied to a case."""

    most_bytes: int = 10 * 1024 * 1024
    """Of one photo."""
    thumbnail_bytes: int = 64 * 1024
    """Of its thumbnail."""
    thumbnail_pixels: int = 320
    """Longest side of a thumbnail that a desk makes."""
    most_per_case: int = 40
    media: tuple[Media, ...] = (Media.JPEG, Media.PNG, Media.WEBP)
    """Known by the first bytes, never by a file's name."""


class DeadlineStart(StrEnum):
    """From which act the unit's limit runs (domain.md 11.4 is open: a setting)."""

    FILED = "filed"
    DISPATCHED = "dispatched"
    ACCEPTED = "accepted"


class RuleBook(Struct, frozen=True, kw_only=True, dict=True):
    """All of it. `digest` of the encoded book names the version a decision used.

    `dict=True` only holds the look-up tables below, made once when first asked for.
    """

    city: str
    city_en: str = ""
    code: str
    """Prefix of a real log's name, e.g. `440300`."""
    central_meridian: int = 114
    """3° Gauss–Krüger zone of the unit grid, degrees east."""
    calendar: WorkCalendar
    default_scheme: str
    schemes: tuple[Scheme, ...]
    units: tuple[Unit, ...]
    responsibilities: tuple[Responsibility, ...] = ()
    areas: tuple[Area, ...] = ()
    responsibility_grids: tuple[ResponsibilityGrid, ...] = ()
    link_limits: tuple[LinkLimit, ...] = ()
    reasons: tuple[ReasonCode, ...] = ()
    applications: tuple[ApplicationRule, ...] = ()
    queues: Queues = field(default_factory=Queues)
    deadline_start: DeadlineStart = DeadlineStart.DISPATCHED
    same_person_may_file_and_close: bool = True
    clock_rests_while_checked: bool = True
    """Between feedback and a failed check the unit's clock stands; 返工 goes on with what was
    left."""
    placeholder_points: tuple[Point, ...] = ()
    """Positions that records use for «unknown»: never stored as a place."""
    notices: tuple[str, ...] = ()
    """What in this book is assumed or invented, one sentence each."""
    centres: tuple[Centre, ...] = ()
    """The city's centre and those of its districts; empty where there is one and nobody says so."""
    places: tuple[Landmark, ...] = ()
    """地名: the gazetteer a typed place is looked up in."""
    intake: Intake = field(default_factory=Intake)
    phrases: tuple[Phrase, ...] = ()
    """習慣用語 by act, in the order they are offered."""
    register: Register = field(default_factory=Register)
    passwords: Passwords = field(default_factory=Passwords)
    orders: Orders = field(default_factory=Orders)
    photos: Photos = field(default_factory=Photos)

    @cached_property
    def scheme(self) -> Scheme:
        """The scheme new cases are classified by."""
        return next(scheme for scheme in self.schemes if scheme.id == self.default_scheme)

    @cached_property
    def _classes(self) -> dict[tuple[Kind, str], CaseClass]:
        return {(of.kind, of.code): of for of in self.scheme.classes}

    @cached_property
    def _component_classes(self) -> dict[str, tuple[Scheme, CaseClass]]:
        last_wins = (*(s for s in self.schemes if s is not self.scheme), self.scheme)
        return {
            of.code: (scheme, of)
            for scheme in last_wins
            for of in scheme.classes
            if of.kind is Kind.COMPONENT
        }

    @cached_property
    def _responsibilities(self) -> dict[tuple[Kind, str], Responsibility]:
        return {(entry.kind, entry.code): entry for entry in reversed(self.responsibilities)}

    @cached_property
    def _units(self) -> dict[UnitId, Unit]:
        return {unit.id: unit for unit in self.units}

    @cached_property
    def _areas(self) -> dict[AreaId, Area]:
        return {area.id: area for area in self.areas}

    @cached_property
    def _centres(self) -> dict[CentreId, Centre]:
        return {centre.id: centre for centre in self.centres}

    @cached_property
    def _responsibility_grids(self) -> dict[str, ResponsibilityGrid]:
        return {grid.id: grid for grid in self.responsibility_grids}

    @cached_property
    def responsibility_cells(self) -> dict[str, ResponsibilityGrid]:
        """Beginnings of unit grid codes, each with the responsibility grid that has it."""
        return {cell: grid for grid in self.responsibility_grids for cell in grid.cells}

    @cached_property
    def _link_limits(self) -> dict[tuple[State, Urgency | None, AreaKind | None], Limit]:
        return {(of.state, of.urgency, of.area_kind): of.limit for of in self.link_limits}

    @cached_property
    def _reasons(self) -> dict[ReasonedAct, frozenset[str]]:
        acts = {reason.act for reason in self.reasons}
        return {act: frozenset(r.id for r in self.reasons if r.act == act) for act in acts}

    def case_class(self, kind: Kind, code: str) -> CaseClass | None:
        """小類 of the default scheme."""
        return self._classes.get((kind, code))

    def component_class(self, code: str) -> tuple[Scheme, CaseClass] | None:
        """小類 of a component in the register: of the default scheme, else of another one, for a
        city may load the ids of the next scheme before it takes effect."""
        return self._component_classes.get(code)

    def responsibility(self, kind: Kind, code: str) -> Responsibility | None:
        """責任 of a class of the default scheme; of a doubled entry the first counts."""
        return self._responsibilities.get((kind, code))

    def unit(self, unit: UnitId) -> Unit | None:
        """責任單位 by id."""
        return self._units.get(unit)

    def area(self, area: AreaId) -> Area | None:
        """District or street by id."""
        return self._areas.get(area)

    def centre(self, centre: CentreId) -> Centre | None:
        """監督指揮中心 by id."""
        return self._centres.get(centre)

    def responsibility_grid(self, grid: str) -> ResponsibilityGrid | None:
        """責任網格 by id."""
        return self._responsibility_grids.get(grid)

    def area_kind(self, *inner: AreaId | None) -> AreaKind | None:
        """Whether a place is in the city or in the countryside: its areas, the widest first, of
        which the last that says so counts."""
        known = (self._areas.get(area) for area in reversed(inner) if area is not None)
        return next((area.kind for area in known if area is not None and area.kind), None)

    def link_limit(
        self, state: State, urgency: Urgency, area_kind: AreaKind | None
    ) -> Limit | None:
        """環節時限 of a state, if the city sets one: the one for this urgency and kind of area,
        else for the urgency, else for the kind of area, else the plain one."""
        ways = ((urgency, area_kind), (urgency, None), (None, area_kind), (None, None))
        found = (self._link_limits.get((state, *way)) for way in ways)
        return next((limit for limit in found if limit is not None), None)

    def phrases_for(self, acts: Sequence[str]) -> tuple[Phrase, ...]:
        """Sentences for these acts, those of the first act first; none twice."""
        ranked = [
            (min(acts.index(act) for act in each.acts if act in acts), place, each)
            for place, each in enumerate(self.phrases)
            if any(act in acts for act in each.acts)
        ]
        return tuple(each for *_, each in sorted(ranked, key=lambda row: row[:2]))

    @cached_property
    def _applications(self) -> dict[Application, ApplicationRule]:
        return {rule.kind: rule for rule in self.applications}

    def application(self, kind: Application) -> ApplicationRule | None:
        """How an application of this kind goes; None where the city does not know it."""
        return self._applications.get(kind)

    def reasons_for(self, act: ReasonedAct) -> frozenset[str]:
        """Ids of the reasons that may be given for an act."""
        return self._reasons.get(act, frozenset())
