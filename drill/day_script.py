"""What a scripted operator, unit or inspector of a simulated day does with a case.

The main line goes by the state; every other act of `casework.life.ACTS` is given a small share and
is done whenever it is allowed and its share is not used up. Shares and waits are ours.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from random import Random
from typing import NamedTuple

from casework import acts, applications, claims
from casework.case import Case, allowed, own_assignment
from casework.decider import Actor, Command
from casework.life import ACTS, Act
from casework.photos import AttachPhoto, PhotoKind
from casework.rulebook import ReasonedAct, RuleBook, Unit
from casework.rules import classification
from casework.rules.centres import reaches
from casework.terms import (
    Application,
    CentreId,
    ClosingKind,
    Digest,
    Role,
    Source,
    State,
    UnitId,
    UserId,
)

MAIN = frozenset(
    {
        "report", "order_verification", "verify", "pass_for_filing", "file", "dispatch", "accept",
        "feed_back", "order_check", "check", "mark_delivered", "mark_read", "close",
    }
)  # fmt: skip
"""The main line: done without a share."""
BY_HAND = frozenset(
    {
        "order_verification_anew", "order_check_anew", "withdraw_order", "withdraw", "remind",
        "approve", "refuse", "resume", "close_specially", "cancel_any", "reopen", "take_over",
        "claim", "take_back",
    }
)  # fmt: skip
"""Acts on a case that waits for somebody else, or for nobody: chosen in its box, never taken by
`TakeNext`."""
SELDOM = frozenset(
    {"send_back_dispatched", "cancel", "cancel_any", "close_specially", "decline", "answer"}
)
SHARE, SELDOM_SHARE = 60, 120
"""One in so many cases: of any act beside the main line, and of those that come seldom."""
VERIFIED, REDONE = 0.3, 0.04
THROUGH_THE_DISTRICT = 0.1
"""Share of the teams' cases that come down from their district (區 → 街道 → 隊)."""
EXTENSIONS = 1
"""Of a case, at most."""


class Turn(NamedTuple):
    """One person with one case in sight at an instant (aware UTC)."""

    case: Case
    actor: Actor
    role: Role
    at: datetime


class Script:
    """Decides for all; counts what it asked for, so that shares hold."""

    def __init__(self, rules: RuleBook, peers: Mapping[Role, tuple[UserId, ...]]) -> None:
        self.rules = rules
        self.photo = Digest("")
        self.cases = 0
        self.asked: Counter[str] = Counter()
        self._peers = peers

    def choose(self, turn: Turn, among: frozenset[str] | None = None) -> tuple[Act, Command] | None:
        """What this person does now: an act whose share is not used up, else the main line.

        `among` narrows it to acts of these names.
        """
        dice = Random(f"{turn.case.id} {turn.case.version} {turn.role}")
        open_to = [act for act, role in allowed(turn.case, turn.actor) if role is turn.role]
        rare = [act for act in open_to if act.name not in MAIN and self._may(act, among)]
        dice.shuffle(rare)
        rare.sort(key=lambda act: self.asked[act.name] > 0)
        main = [act for act in open_to if act.name in MAIN and among is None]
        for act in (*rare, *sorted(main, key=lambda act: _line(act, turn.case, dice))):
            command = self._command(act, turn, dice)
            if command is not None:
                self.asked[act.name] += 1
                return act, command
        return None

    def _may(self, act: Act, among: frozenset[str] | None) -> bool:
        if (act.name not in among) if among is not None else (act.name in BY_HAND):
            return False
        if act.name == "approve":
            return True
        if act.name == "refuse":
            return self.asked["refuse"] * 3 < self.asked["approve"]
        if act.name == "apply":
            return self.asked["apply"] < 6 + self.cases // 12
        if act.name == "pass_down":
            return self.asked["pass_down"] < 4 + self.cases // 20
        share = SELDOM_SHARE if act.name in SELDOM else SHARE
        return self.asked[act.name] < 1 + self.cases // share

    def _command(self, act: Act, turn: Turn, dice: Random) -> Command | None:
        return _MAKERS[act.name](self, turn, dice)

    def reason(self, act: ReasonedAct, dice: Random) -> str:
        known = sorted(self.rules.reasons_for(act))
        return dice.choice(known) if known else "drill"

    def peer(self, turn: Turn, dice: Random) -> UserId | None:
        """A colleague of the same post, other than oneself."""
        others = [user for user in self._peers[turn.role] if user != turn.actor.user]
        return dice.choice(others) if others else None

    def inspector(self, turn: Turn, dice: Random) -> UserId:
        others = [user for user in self._peers[Role.INSPECTOR] if user != turn.case.inspector]
        return dice.choice(others)


def _line(act: Act, case: Case, dice: Random) -> int:
    """The order of the main line where two of its acts are open: the likelier first."""
    if act.name == "order_verification":
        looked = case.source is Source.INSPECTOR or case.confirmed is not None
        return 2 if looked or dice.random() > VERIFIED else 0
    return {"mark_delivered": 0, "mark_read": 0, "accept": 0}.get(act.name, 1)


def _dispatch(script: Script, turn: Turn, dice: Random) -> Command | None:
    case, rules = turn.case, script.rules
    found = classification.responsible(
        rules, case.kind, case.code, case.district, case.street, component=case.component_unit
    )
    lead = rules.unit(found.lead) if found.lead is not None else None
    if lead is None or not reaches(rules, case.centre, lead):
        return _to_the_city(script, turn)
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


def _to_the_city(script: Script, turn: Turn) -> Command | None:
    city = next((centre.id for centre in script.rules.centres if centre.area is None), None)
    if city is None or city == turn.case.centre:
        return None
    return acts.HandOver(to=city, reason=script.reason(ReasonedAct.HAND_OVER, Random(0)))


def _hand_over(script: Script, turn: Turn, dice: Random) -> Command | None:
    to = next((c.id for c in script.rules.centres if c.area == turn.case.district), None)
    if to is None or to == turn.case.centre:
        return None
    return acts.HandOver(to=CentreId(to), reason=script.reason(ReasonedAct.HAND_OVER, dice))


def _pass_down(script: Script, turn: Turn, dice: Random) -> Command | None:
    own = own_assignment(turn.case, turn.actor)
    taken = {a.unit for a in turn.case.assignments}
    under = [unit.id for unit in script.rules.units if own and unit.parent == own.unit]
    below = [unit for unit in under if unit not in taken]
    return acts.PassDown(to=UnitId(dice.choice(below))) if below else None


_APPLIED = {
    Application.EXTENSION: ReasonedAct.EXTENSION,
    Application.SUSPENSION: ReasonedAct.SUSPENSION,
    Application.RETURN: ReasonedAct.SEND_BACK,
    Application.HANDLING: ReasonedAct.HANDLING,
}


def _apply(script: Script, turn: Turn, dice: Random) -> Command | None:
    case, own = turn.case, own_assignment(turn.case, turn.actor)
    if own is None or not own.lead or own.via:
        return None
    able = [Application.RETURN]
    often = case.times_approved(Application.EXTENSION) >= EXTENSIONS
    if own.due is not None and turn.at <= own.due and not often:
        able.append(Application.EXTENSION)
    if not case.times_approved(Application.SUSPENSION):
        able.append(Application.SUSPENSION)
    if _longer(script.rules, case) and not case.times_approved(Application.HANDLING):
        able.append(Application.HANDLING)
    kind = min(able, key=lambda each: script.asked[f"apply {each}"])
    script.asked[f"apply {kind}"] += 1
    until = turn.at + timedelta(hours=dice.randint(1, 30))
    return applications.ApplyFor(
        kind=kind,
        reason=script.reason(_APPLIED[kind], dice),
        until=until if kind is Application.SUSPENSION else None,
    )


def _longer(rules: RuleBook, case: Case) -> bool:
    of = rules.case_class(case.kind, case.code)
    found = [c for c in (of.conditions if of else ()) if c.id == case.condition]
    general = case.handling is acts.Handling.GENERAL
    return bool(found) and found[0].extended is not None and general


def _send_back(script: Script, turn: Turn, dice: Random) -> Command | None:
    own = own_assignment(turn.case, turn.actor)
    if turn.role is Role.UNIT and (own is None or not own.via or own.waiting is not None):
        return None  # a return to the centre is applied for
    return acts.SendBack(reason=script.reason(ReasonedAct.SEND_BACK, dice))


def _check(_script: Script, turn: Turn, dice: Random) -> Command:
    failed = turn.case.rework == 0 and dice.random() < REDONE
    return acts.CheckCase(passed=not failed, opinion="仍有残留，请返工。" if failed else "")


def _reopen(script: Script, turn: Turn, dice: Random) -> Command | None:
    if turn.case.state is not State.CLOSED or not turn.case.assignments:
        return None
    return acts.ReopenCase(link=State.FILED, reason=script.reason(ReasonedAct.REOPEN, dice))


def _pass_on(script: Script, turn: Turn, dice: Random) -> Command | None:
    to = script.peer(turn, dice)
    return claims.PassOn(to=to) if to is not None else None


def _photo(script: Script, _turn: Turn, _dice: Random) -> Command | None:
    return AttachPhoto(kind=PhotoKind.AFTER, digest=script.photo) if script.photo else None


def _reasoned(
    make: Callable[[str], Command], act: ReasonedAct
) -> Callable[[Script, Turn, Random], Command | None]:
    return lambda script, _turn, dice: make(script.reason(act, dice))


def _plain(command: Command) -> Callable[[Script, Turn, Random], Command | None]:
    return lambda _script, _turn, _dice: command


_MAKERS: dict[str, Callable[[Script, Turn, Random], Command | None]] = {
    "answer": _plain(acts.AnswerAtOnce(opinion="已当场答复。")),
    "order_verification": _plain(acts.OrderVerification()),
    "order_verification_anew": lambda s, t, d: acts.OrderVerification(inspector=s.inspector(t, d)),
    "verify": _plain(acts.VerifyReport(confirmed=True)),
    "pass_for_filing": _plain(acts.PassForFiling()),
    "file": _plain(acts.FileCase()),
    "decline": _reasoned(lambda r: acts.DeclineCase(reason=r), ReasonedAct.DECLINE),
    "dispatch": _dispatch,
    "hand_over": _hand_over,
    "accept": _plain(acts.AcceptWork()),
    "pass_down": _pass_down,
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
    "order_check_anew": lambda s, t, d: acts.OrderCheck(inspector=s.inspector(t, d)),
    "check": _check,
    "mark_delivered": _plain(acts.MarkDelivered()),
    "mark_read": _plain(acts.MarkRead()),
    "withdraw_order": _plain(acts.WithdrawOrder()),
    "close": _plain(acts.CloseCase()),
    "close_specially": _reasoned(
        lambda r: acts.CloseCase(kind=ClosingKind.SPECIAL, reason=r), ReasonedAct.CLOSE
    ),
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
