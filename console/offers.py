"""What a person may press for a case now: the table's acts, each as one key with its command.

`casework.case.allowed` says which acts; an act with a yes and a no becomes two offers. Nothing is
decided here: the server may still refuse.
"""

from collections.abc import Callable
from typing import Literal, NamedTuple

from casework import acts, applications, claims
from casework.acts import Handling
from casework.case import Case, allowed
from casework.decider import Actor, Command
from casework.life import Act
from casework.photos import AttachPhoto
from casework.rulebook import CaseClass
from casework.terms import Role, State, UnitId

Needs = Literal["", "reason", "units", "text"]


class Said(NamedTuple):
    """What the person filled in beside the keys."""

    opinion: str = ""
    reason: str = ""
    lead: UnitId | None = None
    joint: tuple[UnitId, ...] = ()
    condition: str = ""


class Offer(NamedTuple):
    """One key: its name (words in `wording`), its role, what it needs and what it asks."""

    name: str
    role: Role
    key: str
    needs: Needs
    command: Callable[[Said], Command]

    @property
    def act(self) -> str:
        """Name of the command, as the rule book's reasons name it."""
        return type(self.command(Said(lead=UnitId("-")))).__name__


SUGGESTED = {
    State.REGISTERED: "pass_for_filing",
    State.VERIFYING: "verify",
    State.PREFILED: "file",
    State.FILED: "dispatch",
    State.DISPATCHED: "accept",
    State.HANDLING: "feed_back",
    State.SUSPENDED: "resume",
    State.FEEDBACK: "order_check",
    State.CHECKING: "check",
    State.PENDING_CLOSE: "close",
}
"""The main line: what Enter does, where the person may do it."""


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


_PLAIN: dict[type[Command], tuple[Needs, Callable[[Said], Command]]] = {
    acts.OrderVerification: ("", lambda said: acts.OrderVerification(opinion=said.opinion)),
    acts.PassForFiling: ("", lambda said: acts.PassForFiling(opinion=said.opinion)),
    acts.DeclineCase: (
        "reason",
        lambda said: acts.DeclineCase(reason=said.reason, opinion=said.opinion),
    ),
    acts.DispatchCase: ("units", _dispatch),
    acts.FeedBack: ("", lambda said: acts.FeedBack(opinion=said.opinion)),
    acts.OrderCheck: ("", lambda said: acts.OrderCheck(opinion=said.opinion)),
    acts.CloseCase: ("", lambda said: acts.CloseCase(opinion=said.opinion)),
    acts.SendBack: ("reason", lambda said: acts.SendBack(reason=said.reason, opinion=said.opinion)),
    acts.CancelCase: (
        "reason",
        lambda said: acts.CancelCase(reason=said.reason, opinion=said.opinion),
    ),
    acts.AnswerAtOnce: ("text", lambda said: acts.AnswerAtOnce(opinion=said.opinion)),
    acts.AcceptWork: ("", lambda said: acts.AcceptWork(opinion=said.opinion)),
    acts.WithdrawDispatch: (
        "reason",
        lambda said: acts.WithdrawDispatch(reason=said.reason, opinion=said.opinion),
    ),
    acts.WithdrawOrder: ("", lambda said: acts.WithdrawOrder(opinion=said.opinion)),
    applications.ApproveApplication: (
        "",
        lambda said: applications.ApproveApplication(opinion=said.opinion),
    ),
    applications.RefuseApplication: (
        "reason",
        lambda said: applications.RefuseApplication(reason=said.reason, opinion=said.opinion),
    ),
    applications.ResumeCase: ("", lambda said: applications.ResumeCase(opinion=said.opinion)),
    claims.ClaimCase: ("", lambda _: claims.ClaimCase()),
    claims.ReleaseClaim: ("", lambda _: claims.ReleaseClaim()),
    claims.TakeOver: (
        "reason",
        lambda said: claims.TakeOver(reason=said.reason, opinion=said.opinion),
    ),
    claims.RemindUnits: ("", lambda said: claims.RemindUnits(opinion=said.opinion)),
    claims.LiftUrge: ("", lambda said: claims.LiftUrge(opinion=said.opinion)),
    acts.TakeBack: ("", lambda _: acts.TakeBack()),
    acts.AddNote: ("text", lambda said: acts.AddNote(opinion=said.opinion)),
    acts.ShowContact: ("", lambda _: acts.ShowContact()),
}


def _offers_of(act: Act, role: Role, of: CaseClass | None, condition: str) -> list[Offer]:
    key = act.key
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
        return found
    if act.command not in _PLAIN or act.name == "close_specially":
        return []
    needs, command = _PLAIN[act.command]
    return [Offer(act.name, role, key, needs, command)]


def offers(case: Case, actor: Actor, of: CaseClass | None) -> tuple[Offer, ...]:
    """All that this person may press for this case, the suggested one first."""
    found = [
        offer
        for act, role in allowed(case, actor)
        for offer in _offers_of(act, role, of, case.condition)
    ]
    suggested = SUGGESTED.get(case.state)
    return tuple(sorted(found, key=lambda offer: offer.name != suggested))


def suggested(case: Case, found: tuple[Offer, ...]) -> Offer | None:
    """What Enter does; None where the next step is somebody else's."""
    if found and found[0].name == SUGGESTED.get(case.state):
        return found[0]
    return None
