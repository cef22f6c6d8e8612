"""The commands by which an act of a simulated day is given: to whom, with which reason, until when.

Each maker answers None where the act makes no sense for that person and case now.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from random import Random
from typing import NamedTuple, TypeVar

from casework import acts, applications, claims
from casework.acts import Handling
from casework.case import Case, own_assignment
from casework.decider import Actor, Command
from casework.deciding.ending import reopened_into
from casework.life import ACTS
from casework.links import SENT_BACK_TO
from casework.photos import AttachPhoto, PhotoKind
from casework.rulebook import ReasonedAct, RuleBook
from casework.rules import classification
from casework.rules.centres import reaches
from casework.terms import (
    Application,
    CentreId,
    Digest,
    Kind,
    Role,
    State,
    UnitId,
    UserId,
)
from casework.territory import Unit
from drill.day_ways import SPECIALLY

E = TypeVar("E", bound=StrEnum)

REDONE = 0.04
THROUGH_THE_DISTRICT = 0.1
"""Share of the teams' cases that come down from their district (區 → 街道 → 隊)."""
UNTRUE = 16
"""One verification in so many finds nothing: such a report is cancelled."""
OTHERWISE = 0.03
"""Share of cases that are filed with the long limit, or specially."""
EXTENSIONS = 1
"""Of a case, at most."""
PAUSED = (1, 12)
"""Hours that a unit asks for (掛賬): some end within the day."""


class Turn(NamedTuple):
    """One person with one case in sight at an instant (aware UTC)."""

    case: Case
    actor: Actor
    role: Role
    at: datetime


class Cast:
    """Whom the day has, and what was asked for so far. `gone` are those who went home."""

    def __init__(self, rules: RuleBook, peers: Mapping[Role, tuple[UserId, ...]]) -> None:
        self.rules = rules
        self.photo = Digest("")
        self.asked: Counter[str] = Counter()
        self.gone: set[UserId] = set()
        self._peers = peers

    def reason(self, act: ReasonedAct, dice: Random) -> str:
        """One of the rule book's reasons for an act."""
        known = sorted(self.rules.reasons_for(act))
        return dice.choice(known) if known else "drill"

    def peer(self, turn: Turn, dice: Random) -> UserId | None:
        """A colleague of the same post, other than oneself."""
        here = [user for user in self._peers[turn.role] if user not in self.gone]
        others = [user for user in here if user != turn.actor.user]
        return dice.choice(others) if others else None

    def inspector(self, turn: Turn, dice: Random) -> UserId:
        """Another inspector than the one who has the order."""
        here = [user for user in self._peers[Role.INSPECTOR] if user not in self.gone]
        return dice.choice([user for user in here if user != turn.case.inspector])


def _dispatch(cast: Cast, turn: Turn, dice: Random) -> Command | None:
    case, rules = turn.case, cast.rules
    found = classification.responsible(
        rules, case.kind, case.code, case.district, case.street, component=case.component_unit
    )
    lead = rules.unit(found.lead) if found.lead is not None else None
    if lead is None or not reaches(rules, case.centre, lead):
        return _to_the_city(cast, turn)
    if dice.random() < THROUGH_THE_DISTRICT:
        lead = _above(rules, case, lead)
    joint = tuple(
        unit for unit in found.joint if (of := rules.unit(unit)) and reaches(rules, case.centre, of)
    )
    return acts.DispatchCase(lead=lead.id, joint=joint)


def _above(rules: RuleBook, case: Case, lead: Unit) -> Unit:
    """The district's own centre of handling, which passes the work down, for an area's team."""
    parents = {unit.parent for unit in rules.units}
    centres = (u for u in rules.units if u.area == case.district and u.id in parents)
    return lead if lead.area is None else next(centres, lead)


def _to_the_city(cast: Cast, turn: Turn) -> Command | None:
    city = next((centre.id for centre in cast.rules.centres if centre.area is None), None)
    if city is None or city == turn.case.centre:
        return None
    return acts.HandOver(to=city, reason=cast.reason(ReasonedAct.HAND_OVER, Random(0)))


def _hand_over(cast: Cast, turn: Turn, dice: Random) -> Command | None:
    to = next((c.id for c in cast.rules.centres if c.area == turn.case.district), None)
    if to is None or to == turn.case.centre:
        return None
    return acts.HandOver(to=CentreId(to), reason=cast.reason(ReasonedAct.HAND_OVER, dice))


def _pass_down(cast: Cast, turn: Turn, dice: Random) -> Command | None:
    own = own_assignment(turn.case, turn.actor)
    taken = {a.unit for a in turn.case.assignments}
    under = [unit.id for unit in cast.rules.units if own and unit.parent == own.unit]
    below = [unit for unit in under if unit not in taken]
    return acts.PassDown(to=UnitId(dice.choice(below))) if below else None


_APPLIED = {
    Application.EXTENSION: ReasonedAct.EXTENSION,
    Application.SUSPENSION: ReasonedAct.SUSPENSION,
    Application.RETURN: ReasonedAct.SEND_BACK,
    Application.HANDLING: ReasonedAct.HANDLING,
}


def _apply(cast: Cast, turn: Turn, dice: Random) -> Command | None:
    case, own = turn.case, own_assignment(turn.case, turn.actor)
    if own is None or not own.lead or own.via:
        return None
    able = [Application.RETURN]
    often = case.times_approved(Application.EXTENSION) >= EXTENSIONS
    if own.due is not None and turn.at <= own.due and not often:
        able.append(Application.EXTENSION)
    if not case.times_approved(Application.SUSPENSION):
        able.append(Application.SUSPENSION)
    if _longer(cast.rules, case) and not case.times_approved(Application.HANDLING):
        able.append(Application.HANDLING)
    kind = min(able, key=lambda each: cast.asked[f"apply {each}"])
    cast.asked[f"apply {kind}"] += 1
    until = turn.at + timedelta(hours=dice.randint(*PAUSED))
    return applications.ApplyFor(
        kind=kind,
        reason=cast.reason(_APPLIED[kind], dice),
        until=until if kind is Application.SUSPENSION else None,
    )


def _longer(rules: RuleBook, case: Case) -> bool:
    return case.handling is Handling.GENERAL and _has_long(rules, case)


def _has_long(rules: RuleBook, case: Case) -> bool:
    of = rules.case_class(case.kind, case.code)
    found = [c for c in (of.conditions if of else ()) if case.condition in ("", c.id)]
    return bool(found) and found[0].extended is not None


def _send_back(cast: Cast, turn: Turn, dice: Random) -> Command | None:
    own = own_assignment(turn.case, turn.actor)
    if turn.role is Role.UNIT and (own is None or not own.via or own.waiting is not None):
        return None  # a return to the centre is applied for
    to = None
    if turn.case.state is State.PENDING_CLOSE:
        to = _seldomest(cast, "send back", SENT_BACK_TO[State.PENDING_CLOSE][1])
    return acts.SendBack(reason=cast.reason(ReasonedAct.SEND_BACK, dice), to=to)


def _check(_cast: Cast, turn: Turn, dice: Random) -> Command:
    failed = turn.case.rework == 0 and dice.random() < REDONE
    return acts.CheckCase(passed=not failed, opinion="仍有残留，请返工。" if failed else "")


def _reopen(cast: Cast, turn: Turn, dice: Random) -> Command | None:
    if turn.case.state is not State.CLOSED or not turn.case.assignments:
        return None
    link = _seldomest(cast, "reopen", reopened_into(turn.case))
    return acts.ReopenCase(link=link, reason=cast.reason(ReasonedAct.REOPEN, dice))


def _close_specially(cast: Cast, _turn: Turn, dice: Random) -> Command:
    kind = _seldomest(cast, "close", SPECIALLY)
    return acts.CloseCase(kind=kind, reason=cast.reason(ReasonedAct.CLOSE, dice))


def _verify(cast: Cast, _turn: Turn, _dice: Random) -> Command:
    found = (cast.asked["verify"] + 1) % UNTRUE != 0
    return acts.VerifyReport(confirmed=found, opinion="" if found else "现场未发现所报问题。")


def _file(cast: Cast, turn: Turn, dice: Random) -> Command:
    """Most by the general limit; the first of a day that can be filed otherwise is."""
    able = [Handling.GENERAL]
    if turn.case.kind is Kind.COMPONENT:
        able.append(Handling.SPECIAL)
    if _has_long(cast.rules, turn.case):
        able.append(Handling.EXTENDED)
    handling = able[0]
    if len(able) > 1 and (dice.random() < OTHERWISE or not cast.asked[f"file {able[1]}"]):
        handling = _seldomest(cast, "file", able[1:])
    return acts.FileCase(handling=handling)


def _seldomest(cast: Cast, act: str, ways: Sequence[E]) -> E:
    """The way that was gone least so far; counts it."""
    way = min(ways, key=lambda each: cast.asked[f"{act} {each}"])
    cast.asked[f"{act} {way}"] += 1
    return way


def _pass_on(cast: Cast, turn: Turn, dice: Random) -> Command | None:
    to = cast.peer(turn, dice)
    return claims.PassOn(to=to) if to is not None else None


def _photo(cast: Cast, _turn: Turn, _dice: Random) -> Command | None:
    return AttachPhoto(kind=PhotoKind.AFTER, digest=cast.photo) if cast.photo else None


def _reasoned(
    make: Callable[[str], Command], act: ReasonedAct
) -> Callable[[Cast, Turn, Random], Command | None]:
    return lambda cast, _turn, dice: make(cast.reason(act, dice))


def _plain(command: Command) -> Callable[[Cast, Turn, Random], Command | None]:
    return lambda _cast, _turn, _dice: command


MAKERS: dict[str, Callable[[Cast, Turn, Random], Command | None]] = {
    "answer": _plain(acts.AnswerAtOnce(opinion="已当场答复。")),
    "order_verification": _plain(acts.OrderVerification()),
    "order_verification_anew": lambda c, t, d: acts.OrderVerification(inspector=c.inspector(t, d)),
    "verify": _verify,
    "pass_for_filing": _plain(acts.PassForFiling()),
    "file": _file,
    "decline": _reasoned(lambda r: acts.DeclineCase(reason=r), ReasonedAct.DECLINE),
    "dispatch": _dispatch,
    "hand_over": _hand_over,
    "accept": _plain(acts.AcceptWork()),
    "pass_down": _pass_down,
    "pull_back": _plain(acts.PullBack()),
    "feed_back": _plain(acts.FeedBack(opinion="已处理完毕。")),
    "apply": _apply,
    "approve": _plain(applications.ApproveApplication()),
    "refuse": _reasoned(
        lambda r: applications.RefuseApplication(reason=r, opinion="按期处理"), ReasonedAct.REFUSE
    ),
    "resume": _plain(applications.ResumeCase()),
    "withdraw": _reasoned(lambda r: acts.WithdrawDispatch(reason=r), ReasonedAct.WITHDRAW),
    "remind": _plain(claims.RemindUnits()),
    "order_check": _plain(acts.OrderCheck()),
    "order_check_anew": lambda c, t, d: acts.OrderCheck(inspector=c.inspector(t, d)),
    "check": _check,
    "mark_delivered": _plain(acts.MarkDelivered()),
    "mark_read": _plain(acts.MarkRead()),
    "withdraw_order": _plain(acts.WithdrawOrder()),
    "close": _plain(acts.CloseCase()),
    "close_specially": _close_specially,
    "reopen": _reopen,
    "cancel": _reasoned(lambda r: acts.CancelCase(reason=r), ReasonedAct.CANCEL),
    "cancel_any": _reasoned(lambda r: acts.CancelCase(reason=r), ReasonedAct.CANCEL),
    "claim": _plain(claims.ClaimCase()),
    "release": _plain(claims.ReleaseClaim()),
    "take_over": _reasoned(lambda r: claims.TakeOver(reason=r), ReasonedAct.TAKE_OVER),
    "pass_on": _pass_on,
    "urge": _plain(claims.UrgeCase(leader="值班领导")),
    "lift_urge": _plain(claims.LiftUrge()),
    "take_back": _plain(acts.TakeBack()),
    "note": _plain(acts.AddNote(opinion="已电话告知。")),
    "attach_photo": _photo,
    "show_contact": _plain(acts.ShowContact()),
} | {act.name: _send_back for act in ACTS if act.command is acts.SendBack}
