"""A journal in memory that casework's own rules fill, and the frames a server would send of it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from msgspec import Raw

from casework import acts, claims
from casework.act import Act
from casework.case import Case, allowed
from casework.decider import Actor, Command, Context, Facts, Grant, case_stream
from casework.decisions import DECIDER
from casework.envelope import (
    GENESIS,
    SCHEMA_VERSION,
    Envelope,
    envelope_bytes,
    event_body,
    leaf,
    recorded,
)
from casework.folding import evolve
from casework.pack import digest, encode_rules
from casework.rulebook import RuleBook
from casework.scheme import CaseClass, Scheme, WorkCalendar
from casework.terms import (
    CaseId,
    ClosingKind,
    Kind,
    LogId,
    Role,
    Source,
    State,
    UnitId,
    UserId,
)
from casework.territory import Unit
from casework.wire import PROTOCOL, Events, Message, Snapshot, Welcome, encode

LOG = LogId("t")
START = datetime(2008, 6, 13, 1, tzinfo=UTC)
WATER = UnitId("water")
ENDED_HOURS = 24
ROLES = (Role.ACCEPTOR, Role.SHIFT_LEADER, Role.DISPATCHER, Role.INSPECTOR)
GRANTS = (*(Grant(role=role) for role in ROLES), Grant(role=Role.UNIT, unit=WATER))
ACTOR = Actor(user=UserId("wang"), grants=GRANTS, device="desk-1")
RULES = RuleBook(
    city="Testing",
    code="4403",
    calendar=WorkCalendar(time_zone="Asia/Shanghai", first_year=2004, last_year=2026),
    default_scheme="a",
    schemes=(
        Scheme(
            id="a",
            version="2008",
            name="a",
            classes=(
                CaseClass(
                    kind=Kind.INCIDENT, code="0102", name="暴露垃圾", big_code="01", big_name="市容"
                ),
            ),
        ),
    ),
    units=(Unit(id=WATER, name="水务"),),
)
RULES_BYTES = encode_rules(RULES)
RULES_DIGEST = digest(RULES)
REPORT = acts.ReportCase(kind=Kind.INCIDENT, code="0102", source=Source.PHONE)

_COMMANDS: dict[type[Command], Command] = {
    acts.OrderVerification: acts.OrderVerification(),
    acts.VerifyReport: acts.VerifyReport(confirmed=True),
    acts.PassForFiling: acts.PassForFiling(),
    acts.FileCase: acts.FileCase(),
    acts.DeclineCase: acts.DeclineCase(reason="twice"),
    acts.DispatchCase: acts.DispatchCase(lead=WATER),
    acts.FeedBack: acts.FeedBack(),
    acts.OrderCheck: acts.OrderCheck(),
    acts.CheckCase: acts.CheckCase(passed=True),
    acts.CloseCase: acts.CloseCase(),
    acts.SendBack: acts.SendBack(reason="wrong"),
    acts.CancelCase: acts.CancelCase(reason="twice"),
    acts.AddNote: acts.AddNote(opinion="看過了"),
    acts.ShowContact: acts.ShowContact(),
    acts.AnswerAtOnce: acts.AnswerAtOnce(opinion="答覆了"),
    acts.AcceptWork: acts.AcceptWork(),
    acts.WithdrawDispatch: acts.WithdrawDispatch(reason="wrong"),
    acts.WithdrawOrder: acts.WithdrawOrder(),
    acts.ReopenCase: acts.ReopenCase(link=State.REGISTERED, reason="again"),
    claims.ClaimCase: claims.ClaimCase(),
    claims.ReleaseClaim: claims.ReleaseClaim(),
    claims.RemindUnits: claims.RemindUnits(),
    claims.UrgeCase: claims.UrgeCase(leader="局長"),
    claims.LiftUrge: claims.LiftUrge(),
}
"""What the histories are made of; acts that need facts of a server are left out."""
_SPECIALLY = acts.CloseCase(kind=ClosingKind.FORCED, reason="ordered")


class History:
    """Events 1 … `head` of one log."""

    def __init__(self, epoch: str = "e1") -> None:
        self.epoch = epoch
        self.at = START
        self.cases: dict[CaseId, Case] = {}
        self.written: list[bytes] = []
        self.times: list[datetime] = []
        self.after: list[Case] = []
        self.reopened: dict[int, CaseId] = {}

    @property
    def head(self) -> int:
        return len(self.written)

    def report(self) -> CaseId:
        """A new case."""
        return self.give(REPORT, Role.ACCEPTOR)

    def choose(self, choice: int, minutes: int) -> CaseId:
        """Whatever may be done next, the `choice`-th of it, `minutes` later."""
        self.at += timedelta(minutes=minutes)
        possible: list[tuple[CaseId, Act, Role]] = [
            (case.id, act, role)
            for case in self.cases.values()
            for act, role in allowed(case, ACTOR)
            if act.command in _COMMANDS
        ]
        picked = choice % (len(possible) + 2) - 2
        if picked < 0:
            return self.report()
        case, act, role = possible[picked]
        specially = act.name == "close_specially"
        return self.give(_SPECIALLY if specially else _COMMANDS[act.command], role, case)

    def give(self, command: Command, role: Role, id: CaseId | None = None) -> CaseId:
        """Do one act by casework's rules and write it down."""
        context = Context(
            at=self.at,
            log=LOG,
            practice=True,
            actor=ACTOR,
            role=role,
            rules=RULES,
            facts=Facts(order=len(self.cases) + 1),
        )
        id = id or CaseId(DECIDER.opens(command, context))
        for event in DECIDER.decide(self.cases.get(id), command, context):
            before = self.cases.get(id)
            envelope = Envelope(
                v=SCHEMA_VERSION,
                log=LOG,
                number=self.head + 1,
                at=self.at,
                claimed=None,
                stream=case_stream(id),
                version=before.version + 1 if before else 1,
                type=type(event).__name__,
                actor=ACTOR.user,
                role=role,
                device=ACTOR.device,
                cmd="",
                rules=1,
                body=event_body(event),
                blobs=(),
                prev=leaf(self.written[-1]).hex() if self.written else GENESIS,
            )
            self.written.append(envelope_bytes(envelope))
            self.times.append(self.at)
            after = evolve(before, recorded(envelope))
            assert after is not None
            self.cases[id] = after
            self.after.append(after)
            if before is not None and before.ended and not after.ended:
                self.reopened[self.head] = id
        return id

    def visible(self) -> dict[CaseId, Case]:
        """Open cases and those that ended within the last day."""
        since = self.at - timedelta(hours=ENDED_HOURS)
        return {
            case.id: case
            for case in self.cases.values()
            if case.ended_at is None or case.ended_at >= since
        }

    # --- frames -------------------------------------------------------------------------------

    def welcome(self, *, resumes: bool = False, **changed: Any) -> Welcome:
        given: dict[str, Any] = {
            "protocol": PROTOCOL,
            "log": LOG,
            "epoch": self.epoch,
            "head": self.head,
            "practice": True,
            "city": RULES.city,
            "time_zone": RULES.calendar.time_zone,
            "at": self.at,
            "milli_speed": 1000,
            "user": ACTOR.user,
            "name": "王",
            "grants": GRANTS,
            "rules_version": 1,
            "rules_digest": RULES_DIGEST,
            "token": "token-1",
            "resumes": resumes,
            "ended_hours": ENDED_HOURS,
        }
        return Welcome(**(given | changed))

    def snapshot(self, parts: int = 1) -> list[Snapshot]:
        """The visible cases in so many parts."""
        bodies = [Raw(msgspec.json.encode(case)) for case in self.visible().values()]
        size = -(-len(bodies) // parts) or 1
        return [
            Snapshot(
                log=LOG,
                number=self.head,
                part=part + 1,
                parts=parts,
                cases=tuple(bodies[part * size : (part + 1) * size]),
            )
            for part in range(parts)
        ]

    def events(self, first: int, last: int) -> Events:
        """The events `first … last` as they were written, and whole the cases that were reopened:
        a replica may have let them go since they ended."""
        again = {case for number, case in self.reopened.items() if first <= number <= last}
        whole = {case.id: case for case in self.after[first - 1 : last] if case.id in again}
        return Events(
            log=LOG,
            first=first,
            last=last,
            at=self.times[last - 1],
            events=tuple(Raw(written) for written in self.written[first - 1 : last]),
            cases=tuple(Raw(msgspec.json.encode(case)) for case in whole.values()),
        )


def through_the_wire(message: Message, kind: type[Any]) -> Any:
    """A message as it comes out of a socket."""
    return msgspec.json.decode(encode(message), type=kind)
