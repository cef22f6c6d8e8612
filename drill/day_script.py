"""What a scripted operator, unit or inspector of a simulated day does with a case.

The main line goes by the state; every other act of `casework.life.ACTS` is given a small share and
is done whenever it is allowed and its share is not used up. Shares and waits are ours.
"""

from random import Random

from casework.act import Act
from casework.case import Case, allowed, turns_at_link
from casework.decider import Command
from casework.links import ORDERER, REOPENED_TO
from casework.terms import Application, Source
from drill.day_commands import MAKERS, Cast, Turn
from drill.day_ways import SPECIALLY

MAIN = frozenset(
    {
        "report", "order_verification", "verify", "pass_for_filing", "file", "dispatch", "accept",
        "feed_back", "order_check", "check", "mark_delivered", "mark_read", "close",
    }
)  # fmt: skip
"""The main line: done without a share."""
AFTERWARDS = (
    "order_verification_anew", "order_check_anew", "withdraw_order", "withdraw", "remind",
    "close_specially", "cancel_any", "reopen", "take_over", "claim",
)  # fmt: skip
"""Acts of the centre on a case that waits for somebody else, or for nobody: each operator does them
on cases that `TakeNext` gave them before."""
DECISIONS = frozenset({"approve", "refuse"})
"""What a leader does with an application that `TakeNext` gave."""
RESUME = frozenset({"resume"})
"""What a unit does with a suspended case of its own; most go on by themselves."""
CHASES = frozenset({"order_verification_anew", "order_check_anew"})
"""What an acceptor does with a late order that `TakeNext` gave: somebody else is sent."""
PULL = frozenset({"pull_back"})
"""What a unit does with a case that it passed down."""
_BESIDE_A_TURN = frozenset(AFTERWARDS) | DECISIONS | RESUME | PULL | {"take_back"}
SELDOM = frozenset(
    {
        "pull_back",
        "send_back_dispatched",
        "cancel",
        "cancel_any",
        "close_specially",
        "decline",
        "answer",
    }
)
SHARE, SELDOM_SHARE = 60, 120
"""One in so many cases: of any act beside the main line, and of those that come seldom."""
VARIED = {"reopen": len(REOPENED_TO), "close_specially": len(SPECIALLY)}
"""Acts with so many ways, each of which even a short day goes."""
VERIFIED = 0.3


class Script:
    """Decides for all; the cast counts what it asked for, so that shares hold."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.cases = 0
        """Reported so far."""

    def choose(self, turn: Turn, among: frozenset[str] | None = None) -> tuple[Act, Command] | None:
        """What this person does now: an act whose share is not used up, else the main line.

        `among` narrows it to acts of these names.
        """
        dice = Random(f"{turn.case.id} {turn.case.version} {turn.role}")
        open_to = [act for act, role in allowed(turn.case, turn.actor) if role is turn.role]
        rare = [act for act in open_to if act.name not in MAIN and self._may(act, turn, among)]
        dice.shuffle(rare)
        rare.sort(key=lambda act: self.cast.asked[act.name] > 0)
        main = [act for act in open_to if act.name in MAIN and among is None]
        for act in (*rare, *sorted(main, key=lambda act: _line(act, turn.case, dice))):
            command = MAKERS[act.name](self.cast, turn, dice)
            if command is not None:
                self.cast.asked[act.name] += 1
                return act, command
        return None

    def _may(self, act: Act, turn: Turn, among: frozenset[str] | None) -> bool:
        if (act.name not in among) if among is not None else (act.name in _BESIDE_A_TURN):
            return False
        if act.name == "approve":
            return not too_late(turn)
        if act.name == "refuse":
            return too_late(turn) or self._below("refuse", self.cast.asked["approve"] / 3)
        if act.name == "cancel" and turn.case.confirmed is False:
            return True  # an inspector found nothing
        if act.name in CHASES and ORDERER in turns_at_link(turn.case, turn.at):
            return True
        return self.has_share(act.name)

    def has_share(self, name: str) -> bool:
        """Whether an act beside the main line may be done once more by now."""
        return self._below(name, self._share(name))

    def _share(self, name: str) -> float:
        """How often the act may have been done by now."""
        if name == "apply":
            return 6 + self.cases // 12
        if name in VARIED:
            return VARIED[name] + self.cases // SELDOM_SHARE
        if name == "pass_down":
            return 4 + self.cases // 20
        return 1 + self.cases // (SELDOM_SHARE if name in SELDOM else SHARE)

    def _below(self, name: str, share: float) -> bool:
        return self.cast.asked[name] < share

    def wants_undo(self) -> bool:
        """Whether the person takes back what was just done; counts it."""
        wanted = self._below("take_back", self._share("take_back"))
        self.cast.asked["take_back"] += wanted
        return wanted


def too_late(turn: Turn) -> bool:
    """Whether the pause that is applied for would have ended already: it can only be refused."""
    applied = turn.case.application
    waiting = applied.waiting if applied is not None else None
    if waiting is None or waiting.kind is not Application.SUSPENSION:
        return False
    return waiting.until is None or waiting.until <= turn.at


def _line(act: Act, case: Case, dice: Random) -> int:
    """The order of the main line where two of its acts are open: the likelier first."""
    if act.name == "order_verification":
        looked = case.source is Source.INSPECTOR or case.confirmed is not None
        return 2 if looked or dice.random() > VERIFIED else 0
    return {"mark_delivered": 0, "mark_read": 0, "accept": 0}.get(act.name, 1)
