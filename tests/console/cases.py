"""Cases as a server would send them: decided and folded by casework from the Shenzhen pack.

Deterministic: one seed, one picture. Each case goes as many links down its life as the mix says.
"""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache

from msgspec.structs import replace

import resources
from casework import acts
from casework.case import Case, Waiting
from casework.decider import Actor, Command, Context, Facts, Grant, Personal, Place, Recorded
from casework.decisions import decide
from casework.folding import evolve
from casework.pack import FILES, read_pack
from casework.record import step_taken
from casework.replies import CaseDetail, HistoryRow
from casework.rulebook import ReasonedAct, RuleBook
from casework.rules import classification, geo
from casework.terms import (
    Application,
    CaseId,
    Kind,
    LogId,
    Point,
    Role,
    Source,
    State,
    Urgency,
    UserId,
)
from casework.territory import AreaLevel
from casework.wire import Welcome

LOG = LogId("shenzhen")
NOW = datetime(2008, 6, 13, 2, 41, 27, tzinfo=UTC)
"""10:41:27 on a Friday morning in Shenzhen."""

ROLES = (Role.ACCEPTOR, Role.SHIFT_LEADER, Role.DISPATCHER, Role.INSPECTOR)
GRANTS = tuple(Grant(role=role) for role in ROLES)
ACTOR = Actor(user=UserId("chen"), grants=GRANTS)

_MIX = {
    State.REGISTERED: 38,
    State.VERIFYING: 12,
    State.PREFILED: 21,
    State.FILED: 64,
    State.DISPATCHED: 2_400,
    State.FEEDBACK: 97,
    State.CHECKING: 60,
    State.PENDING_CLOSE: 45,
    State.CLOSED: 240,
    State.NOT_FILED: 18,
    State.CANCELLED: 5,
}
_TEXTS = (
    "积水约 40 厘米，车辆熄火，两名群众反映。",
    "垃圾堆放两日未清，气味较大。",
    "井盖松动，夜间行人通过有危险。",
    "店铺占用人行道摆放货物。",
)


@cache
def rules() -> RuleBook:
    """The Shenzhen pack."""
    folder = resources.root() / "cities" / "shenzhen"
    files = {entry.name: entry.read_bytes() for entry in folder.iterdir() if entry.name in FILES}
    return read_pack(files)


@cache
def _areas() -> geo.AreaIndex:
    return geo.area_index(rules().areas)


class Life:
    """One case under way; `at` is the instant of its next act."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        self.case: Case | None = None
        self.rows: list[HistoryRow] = []

    @property
    def state(self) -> State | None:
        return self.case.state if self.case is not None else None

    def act(self, command: Command, role: Role, facts: Facts | None = None) -> None:
        """Decide and fold one command."""
        grants = GRANTS
        if role is Role.UNIT and self.case is not None:
            grants = tuple(Grant(role=role, unit=a.unit) for a in self.case.assignments)
        context = Context(
            at=self.at,
            log=LOG,
            practice=True,
            actor=Actor(user=UserId("bot"), grants=grants),
            role=role,
            rules=rules(),
            facts=facts or Facts(),
        )
        for event in decide(self.case, command, context):
            version = 1 if self.case is None else self.case.version + 1
            before = self.case
            entry = Recorded(
                log=LOG,
                number=version,
                at=self.at,
                stream="case/-",
                version=version,
                actor=UserId("bot"),
                role=role,
                event=event,
            )
            self.case = evolve(before, entry)
            step = step_taken(before, entry)
            units = (command.lead,) if isinstance(command, acts.DispatchCase) else ()
            self.rows.append(
                HistoryRow(
                    number=version,
                    at=self.at,
                    type=type(event).__name__,
                    state=self.case.state if self.case else None,
                    actor=UserId("bot"),
                    name="李明",
                    role=role,
                    opinion=getattr(command, "opinion", ""),
                    reason=getattr(command, "reason", ""),
                    units=units,
                    used_seconds=int(step.used.total_seconds()),
                    late=step.late_by > timedelta(),
                    left=step.left,
                    received=step.received,
                    due=step.due,
                    late_seconds=int(step.late_by.total_seconds()),
                    passed=getattr(event, "passed", None),
                    unit=getattr(event, "unit", None) or "",
                )
            )


def _report(dice: random.Random, order: int) -> tuple[acts.ReportCase, Facts]:
    book = rules()
    kind = Kind.INCIDENT if dice.random() < 0.98 else Kind.COMPONENT
    of = dice.choice([each for each in book.scheme.classes if each.kind is kind])
    streets = [area for area in book.areas if area.level is AreaLevel.STREET and area.rings]
    street = dice.choice(streets)
    place, at = Place(district=street.parent, street=street.id), None
    for _ in range(40):
        ring = street.rings[0]
        lats, lons = [p.lat for p in ring], [p.lon for p in ring]
        at = Point(dice.randint(min(lats), max(lats)), dice.randint(min(lons), max(lons)))
        if geo.locate(_areas(), at) == (street.parent, street.id):
            break
    weights = [(Source.PUBLIC, 3), (Source.INSPECTOR, 5), (Source.PHONE, 2), (Source.WEBSITE, 1)]
    command = acts.ReportCase(
        kind=kind,
        code=of.code,
        source=dice.choices([s for s, _ in weights], [w for _, w in weights])[0],
        point=at,
        urgency=dice.choices(list(Urgency), (40, 3, 1))[0],
    )
    return command, Facts(order=order, place=place)


_ADVANCE: tuple[tuple[State, Command, Role, int], ...] = (
    (State.PREFILED, acts.PassForFiling(opinion="情况属实"), Role.ACCEPTOR, 6),
    (State.FILED, acts.FileCase(), Role.SHIFT_LEADER, 5),
    (State.DISPATCHED, acts.AddNote(opinion="-"), Role.DISPATCHER, 9),
    (State.FEEDBACK, acts.FeedBack(opinion="已清理"), Role.UNIT, 90),
    (State.CHECKING, acts.OrderCheck(), Role.ACCEPTOR, 15),
    (State.PENDING_CLOSE, acts.CheckCase(passed=True), Role.INSPECTOR, 25),
    (State.CLOSED, acts.CloseCase(), Role.SHIFT_LEADER, 8),
)
_LINK_MINUTES = {State.REGISTERED: 30, State.DISPATCHED: 60 * 30, State.CLOSED: 60 * 20}


def _dispatch(life: Life, dice: random.Random) -> acts.DispatchCase:
    assert life.case is not None
    case = life.case
    lead, joint = classification.responsible(
        rules(), case.kind, case.code, case.district, case.street
    )
    return acts.DispatchCase(lead=lead or dice.choice(rules().units).id, joint=joint)


def _live(dice: random.Random, order: int, until: State, at: datetime) -> Life:
    """A life up to `until`, its last act at about `at`."""
    main = [state for state, *_ in _ADVANCE]
    steps = _ADVANCE[: main.index(until) + 1] if until in main else ()
    if until is State.NOT_FILED:
        steps = _ADVANCE[:1]
    life = Life(at - timedelta(minutes=sum(minutes for *_, minutes in steps)))
    life.act(*_opened(dice, order))
    for state, command, role, minutes in steps:
        life.at += timedelta(minutes=minutes)
        life.act(_dispatch(life, dice) if state is State.DISPATCHED else command, role)
        while state is State.FEEDBACK and life.state is State.DISPATCHED:
            life.act(command, role)  # the joint units
    _turn_aside(life, until)
    return life


def _opened(dice: random.Random, order: int) -> tuple[Command, Role, Facts]:
    command, facts = _report(dice, order)
    return command, Role.ACCEPTOR, facts


def _turn_aside(life: Life, until: State) -> None:
    reasons = rules().reasons_for
    if until is State.VERIFYING:
        life.act(acts.OrderVerification(), Role.ACCEPTOR)
    elif until is State.NOT_FILED:
        reason = min(reasons(ReasonedAct.DECLINE), default="")
        life.act(acts.DeclineCase(reason=reason, opinion="不属实"), Role.SHIFT_LEADER)
    elif until is State.CANCELLED:
        reason = min(reasons(ReasonedAct.CANCEL), default="")
        life.act(acts.CancelCase(reason=reason, opinion="重复"), Role.ACCEPTOR)


@cache
def lives(count: int = 3_000) -> tuple[Life, ...]:
    """`count` cases in the mix of an ordinary morning."""
    dice = random.Random(20080613)
    states = dice.choices(list(_MIX), list(_MIX.values()), k=count)
    return tuple(
        _live(dice, order, state, NOW - timedelta(minutes=dice.random() ** 2 * _span(state)))
        for order, state in enumerate(states, 1)
    )


def _span(state: State) -> float:
    return float(_LINK_MINUTES.get(state, 25))


def cases(count: int = 3_000) -> Iterator[Case]:
    """The folded cases."""
    for life in lives(count):
        assert life.case is not None
        yield life.case


def one(state: State, count: int = 300) -> Case:
    """The first case that stands in `state`."""
    return next(case for case in cases(count) if case.state is state)


def detail(case: CaseId, count: int = 3_000) -> CaseDetail:
    """A case opened, as the server would answer."""
    for life in lives(count):
        if life.case is not None and life.case.id == case:
            texts = Personal(
                name="王**",
                phone="138****2190",
                address="前进二路与流塘路口",
                text=_TEXTS[len(case) * int(case[-2:]) % len(_TEXTS)],
            )
            return CaseDetail(
                case=life.case, number=life.case.version, texts=texts, history=tuple(life.rows)
            )
    raise KeyError(case)


def welcome(log: LogId = LOG, *, practice: bool = True, milli_speed: int = 1000) -> Welcome:
    """The session of `ACTOR`, who holds every post of the centre."""
    return Welcome(
        protocol=1,
        log=log,
        epoch="e1",
        head=1,
        practice=practice,
        city=rules().city,
        time_zone=rules().calendar.time_zone,
        at=NOW,
        milli_speed=milli_speed,
        user=ACTOR.user,
        name="陈静",
        grants=GRANTS,
        rules_version=1,
        rules_digest="",
        token="",
        resumes=False,
        ended_hours=24,
    )


def asking(case: Case) -> Case:
    """The case with its lead unit applying for a suspension until a week from now."""
    until = NOW + timedelta(days=7)
    waiting = Waiting(kind=Application.SUSPENSION, since=NOW, until=until)
    first, *rest = case.assignments
    return replace(case, assignments=(replace(first, waiting=waiting), *rest))
