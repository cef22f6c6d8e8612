"""What a person may press for a case now: the table's acts, each as one key with its command.

`casework.case.allowed` says which acts; an act with a yes and a no becomes two offers. Nothing is
decided here: the server may still refuse.
"""

from collections.abc import Callable, Collection, Mapping
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from casework import acts, applications, claims
from casework.act import Act
from casework.acts import Handling
from casework.case import Case, allowed, may_apply_for
from casework.decider import Actor, Command
from casework.deciding.applying import asks_leader
from casework.hands import keeps_hands_off
from casework.photos import AttachPhoto
from casework.rulebook import ReasonedAct, RuleBook
from casework.scheme import CaseClass
from casework.terms import Application, Kind, Role, State, UnitId, UserId

Needs = Literal["", "reason", "units", "text"]
Question = Literal["centre", "below", "colleague", "until", "closing", "link", "leader", "agreed"]
"""What some acts ask before they are sent; `console.questions` has the answers to choose from."""


class Said(NamedTuple):
    """What the person filled in beside the keys."""

    opinion: str = ""
    reason: str = ""
    lead: UnitId | None = None
    joint: tuple[UnitId, ...] = ()
    condition: str = ""
    answers: Mapping[str, Any] = MappingProxyType({})
    """By `Question`."""
    inspector: UserId | None = None
    """Whom an order goes to."""


class Offer(NamedTuple):
    """One key: its name (words in `wording`), its role, what it needs and what it asks."""

    name: str
    role: Role
    key: str
    needs: Needs
    command: Callable[[Said], Command]
    questions: tuple[Question, ...] = ()
    reasons: ReasonedAct | None = None
    """Which reasons of the rule book may be given."""
    waits: bool = False
    """Not while a colleague has the case in hand."""


SUGGESTED = {
    State.REGISTERED: "pass_for_filing",
    State.VERIFYING: "verify",
    State.PREFILED: "file",
    State.FILED: "dispatch",
    State.DISPATCHED: "accept",
    State.HANDLING: "feed_back",
    State.FEEDBACK: "order_check",
    State.CHECKING: "check",
    State.PENDING_CLOSE: "close",
}
"""The main line: what Enter does, where the person may do it. A suspension ends by itself: nobody
ends it with the key that goes on to the next case."""


def _verify(confirmed: bool) -> Callable[[Said], Command]:
    return lambda said: acts.VerifyReport(confirmed=confirmed, opinion=said.opinion)


def _check(passed: bool) -> Callable[[Said], Command]:
    return lambda said: acts.CheckCase(passed=passed, opinion=said.opinion)


def _file(handling: Handling) -> Callable[[Said], Command]:
    return lambda said: acts.FileCase(
        condition=said.condition, handling=handling, opinion=said.opinion
    )


def _dispatch(said: Said) -> Command:
    if said.lead is None:
        raise ValueError("a dispatch needs its lead unit")
    return acts.DispatchCase(lead=said.lead, joint=said.joint, opinion=said.opinion)


class _Way(NamedTuple):
    """How an act becomes a command: what it needs, what it asks, which reasons it takes."""

    needs: Needs
    command: Callable[[Said], Command]
    questions: tuple[Question, ...] = ()
    reasons: ReasonedAct | None = None


def _opined(command: Callable[..., Command]) -> _Way:
    return _Way("", lambda said: command(opinion=said.opinion))


def _ordered(command: Callable[..., Command]) -> _Way:
    return _Way("", lambda said: command(inspector=said.inspector, opinion=said.opinion))


def _bare(command: Callable[[], Command]) -> _Way:
    return _Way("", lambda _: command())


def _reasoned(
    command: Callable[..., Command], reasons: ReasonedAct, *questions: Question, **fixed: Any
) -> _Way:
    """An act with a reason; its answers go into the fields of their names (`_FIELDS`)."""

    def make(said: Said) -> Command:
        answers = {_FIELDS[each]: said.answers[each] for each in questions}
        return command(reason=said.reason, opinion=said.opinion, **answers, **fixed)

    return _Way("reason", make, questions, reasons)


def _asked(command: Callable[..., Command], *questions: Question) -> _Way:
    def make(said: Said) -> Command:
        answers = {_FIELDS[each]: said.answers[each] for each in questions}
        return command(opinion=said.opinion, **answers)

    return _Way("", make, questions)


_FIELDS: dict[Question, str] = {
    "centre": "to",
    "below": "to",
    "colleague": "to",
    "until": "until",
    "closing": "kind",
    "link": "link",
    "leader": "leader",
    "agreed": "leader",
}
SPECIAL_KEY = "Z"
"""特殊性, as 特殊結案 has it later."""
_PLAIN: dict[type[Command], _Way] = {
    acts.AnswerAtOnce: _Way("text", lambda said: acts.AnswerAtOnce(opinion=said.opinion)),
    acts.OrderVerification: _ordered(acts.OrderVerification),
    acts.WithdrawOrder: _opined(acts.WithdrawOrder),
    acts.PassForFiling: _opined(acts.PassForFiling),
    acts.DeclineCase: _reasoned(acts.DeclineCase, ReasonedAct.DECLINE),
    acts.DispatchCase: _Way("units", _dispatch),
    acts.HandOver: _reasoned(acts.HandOver, ReasonedAct.HAND_OVER, "centre"),
    acts.AcceptWork: _opined(acts.AcceptWork),
    acts.PassDown: _asked(acts.PassDown, "below"),
    acts.PullBack: _opined(acts.PullBack),
    acts.FeedBack: _opined(acts.FeedBack),
    acts.WithdrawDispatch: _reasoned(acts.WithdrawDispatch, ReasonedAct.WITHDRAW),
    applications.ApproveApplication: _opined(applications.ApproveApplication),
    applications.RefuseApplication: _reasoned(applications.RefuseApplication, ReasonedAct.REFUSE),
    applications.ResumeCase: _opined(applications.ResumeCase),
    acts.OrderCheck: _ordered(acts.OrderCheck),
    acts.CloseCase: _opined(acts.CloseCase),
    acts.SendBack: _reasoned(acts.SendBack, ReasonedAct.SEND_BACK),
    acts.CancelCase: _reasoned(acts.CancelCase, ReasonedAct.CANCEL),
    acts.ReopenCase: _reasoned(acts.ReopenCase, ReasonedAct.REOPEN, "link"),
    claims.ClaimCase: _bare(claims.ClaimCase),
    claims.ReleaseClaim: _bare(claims.ReleaseClaim),
    claims.TakeOver: _reasoned(claims.TakeOver, ReasonedAct.TAKE_OVER),
    claims.PassOn: _asked(claims.PassOn, "colleague"),
    claims.RemindUnits: _opined(claims.RemindUnits),
    claims.UrgeCase: _asked(claims.UrgeCase, "leader"),
    claims.LiftUrge: _opined(claims.LiftUrge),
    acts.AddNote: _Way("text", lambda said: acts.AddNote(opinion=said.opinion)),
    acts.ShowContact: _bare(acts.ShowContact),
}
_SPECIAL_CLOSING = _reasoned(acts.CloseCase, ReasonedAct.CLOSE, "closing")
_AGREED = _asked(applications.ApproveApplication, "agreed")
_REWORK = _reasoned(acts.SendBack, ReasonedAct.SEND_BACK, to=State.HANDLING)
_APPLICATIONS: tuple[tuple[Application, str, ReasonedAct, tuple[Question, ...]], ...] = (
    (Application.EXTENSION, "E", ReasonedAct.EXTENSION, ()),
    (Application.SUSPENSION, "Shift+S", ReasonedAct.SUSPENSION, ("until",)),
    (Application.RETURN, "B", ReasonedAct.SEND_BACK, ()),
    (Application.HANDLING, "Shift+E", ReasonedAct.HANDLING, ()),
)


def _offer(name: str, role: Role, key: str, way: _Way) -> Offer:
    return Offer(name, role, key, way.needs, way.command, way.questions, way.reasons)


def _applying(case: Case, actor: Actor, role: Role, rules: RuleBook | None) -> list[Offer]:
    """申請: one key for each kind that is open to the unit."""
    kinds = may_apply_for(case, actor, rules) if rules is not None else ()
    known = [each for each in _APPLICATIONS if each[0] in kinds]
    return [
        _offer(
            f"apply_{kind}",
            role,
            key,
            _reasoned(applications.ApplyFor, reasons, *questions, kind=kind),
        )
        for kind, key, reasons, questions in known
    ]


def _approving(case: Case, act: Act, role: Role, rules: RuleBook | None) -> Offer:
    """同意: where a leader above must have agreed it asks who did, and is called so."""
    of = case.application
    waiting = of.waiting if of is not None else None
    if rules is not None and waiting is not None and asks_leader(case, waiting.kind, rules):
        return _offer("approve_agreed", role, act.key, _AGREED)
    return _offer(act.name, role, act.key, _PLAIN[act.command])


def _offers_of(act: Act, role: Role, of: CaseClass | None, condition: str) -> list[Offer]:
    key = act.key
    if act.command in (acts.MarkDelivered, acts.MarkRead, acts.TakeBack):
        return []  # the desk says so by itself; undo is the window's, whatever case is open
    if act.command is AttachPhoto:
        return []  # the strip of photos has that key: a picture is chosen, not written
    if act.command is acts.VerifyReport:
        return [
            Offer("verify", role, key, "", _verify(True)),
            Offer("verify_not", role, f"Shift+{key}", "", _verify(False)),
        ]
    if act.command is acts.CheckCase:
        return [
            Offer("check", role, key, "", _check(True)),
            Offer("check_not", role, f"Shift+{key}", "", _check(False)),
        ]
    if act.command is acts.FileCase:
        found = [Offer("file", role, key, "", _file(Handling.GENERAL))]
        chosen = [each for each in of.conditions if condition in ("", each.id)] if of else []
        if chosen and chosen[0].extended is not None:
            found.append(Offer("file_extended", role, f"Shift+{key}", "", _file(Handling.EXTENDED)))
        if of is not None and of.kind is Kind.COMPONENT:
            found.append(Offer("file_special", role, SPECIAL_KEY, "", _file(Handling.SPECIAL)))
        return found
    return _plain_offers(act, role)


def _plain_offers(act: Act, role: Role) -> list[Offer]:
    """The offers of an act that has but one answer."""
    if act.name == "close_specially":
        return [_offer(act.name, role, act.key, _SPECIAL_CLOSING)]
    found = [_offer(act.name, role, act.key, _PLAIN[act.command])]
    if act.name == "send_back_pending_close":
        found.append(_offer("rework_pending_close", role, "Shift+B", _REWORK))
    return found


APPROVALS = ("approve", "approve_agreed")
ORDERS = ("order_verification", "order_verification_anew", "order_check", "order_check_anew")


def is_order(offer: Offer) -> bool:
    """Whether the offer sends an inspector."""
    return offer.name in ORDERS


def offers(
    case: Case, actor: Actor, of: CaseClass | None, rules: RuleBook | None = None
) -> tuple[Offer, ...]:
    """All that this person may press for this case, the suggested one first."""
    found: list[Offer] = []
    for act, role in allowed(case, actor, rules):
        if act.command is applications.ApplyFor:
            found += _applying(case, actor, role, rules)
        elif act.command is applications.ApproveApplication:
            waits = keeps_hands_off(act.command, role)
            found.append(_approving(case, act, role, rules)._replace(waits=waits))
        else:
            waits = keeps_hands_off(act.command, role)
            each = _offers_of(act, role, of, case.condition)
            found += (offer._replace(waits=waits) for offer in each)
    suggested = _suggested(case, {offer.name for offer in found})
    return tuple(sorted(found, key=lambda offer: offer.name != suggested))


WITH_THE_PAST = frozenset({"reopen", "show_contact"})
"""What is done with a case that ended long ago: it goes on, or its reporter is called."""


def suggested(case: Case, found: tuple[Offer, ...]) -> Offer | None:
    """What Enter does; None where the next step is somebody else's."""
    if found and found[0].name == _suggested(case, {offer.name for offer in found}):
        return found[0]
    return None


def _suggested(case: Case, names: Collection[str]) -> str | None:
    """The approver's next act is the application that waits; a joint unit that has accepted
    feeds back."""
    approves = next((name for name in APPROVALS if name in names), None)
    if approves is not None:
        return approves
    wanted = SUGGESTED.get(case.state)
    return "feed_back" if wanted == "accept" and "accept" not in names else wanted
