"""How a case of the practice city goes from link to link, and how long each link takes.

The centre's own delays, and how often a report is verified or work is done again, are ours: the
report does not tell them.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

from msgspec import Struct

from casework.acts import (
    AcceptWork,
    CheckCase,
    CloseCase,
    DispatchCase,
    FeedBack,
    FileCase,
    OrderCheck,
    OrderVerification,
    PassForFiling,
    ReportCase,
    VerifyReport,
)
from casework.decider import Command
from casework.terms import Role, Source, State, UnitId
from drill.plan import Link, Plan

MINUTES: dict[State, tuple[float, float]] = {
    State.REGISTERED: (1, 14),
    State.VERIFYING: (8, 35),
    State.PREFILED: (1, 14),
    State.FILED: (1, 14),
    State.DISPATCHED: (2, 25),
    State.FEEDBACK: (2, 16),
    State.CHECKING: (8, 35),
    State.PENDING_CLOSE: (2, 16),
}
"""Least and most minutes that a case waits in a state of the centre or an inspector."""
VERIFIED = 0.3
"""Share of the public's reports that an inspector looks at before filing."""
ACCEPTED_WITHIN = 0.3
"""Share of the time a unit takes in which it has accepted at the latest."""
REDONE = 0.04
"""Share of work that fails its check once (返工)."""
OPINIONS: dict[type[Command], tuple[str, ...]] = {
    VerifyReport: ("现场属实。", "已到现场，情况与举报一致。", "属实，位置已核对。"),
    FeedBack: ("已处理完毕。", "已安排人员现场处理，恢复正常。", "已清理，照片已上传。"),
    CheckCase: ("现场已恢复。", "核查通过。", "已到现场，问题解决。"),
    CloseCase: ("同意结案。", "符合结案条件。"),
    FileCase: ("符合立案条件。", "同意立案。"),
    DispatchCase: ("请按时限处理。", "请尽快处理并反馈。"),
}
FAILED = ("现场未处理到位，请重新处理。", "仍有残留，请返工。")


class Casework(Struct, frozen=True, kw_only=True):
    """What is reported and who answers for it."""

    report: ReportCase
    lead: UnitId
    joint: tuple[UnitId, ...] = ()


def wait(dice: Random, state: State) -> timedelta:
    """How long a case stays in a state of the centre or an inspector."""
    least, most = MINUTES[state]
    return timedelta(minutes=dice.triangular(least, most, least))


def words(dice: Random, command: type[Command]) -> str:
    """An opinion that goes with an act; often none is given."""
    said = OPINIONS.get(command, ())
    return dice.choice(said) if said and dice.random() < 0.7 else ""  # noqa: PLR2004  taste


class _Story:
    """Links put one behind the other."""

    def __init__(self, dice: Random, at: datetime) -> None:
        self._dice = dice
        self.at = at
        self.links: list[Link] = []

    def then(
        self, command: Command, role: Role, leads_to: State, unit: UnitId | None = None
    ) -> None:
        """The act, after the wait in the state before; a unit's work has waited already."""
        if self.links and role is not Role.UNIT:
            self.at += wait(self._dice, self.links[-1].leads_to)
        self.links.append(
            Link(
                role=role,
                command=command,
                leads_to=leads_to,
                unit=unit,
                at=self.at,
                claimed=self.at,
            )
        )

    def say(self, command: type[Command]) -> str:
        return words(self._dice, command)


def life(
    dice: Random,
    case: Casework,
    at: datetime,
    handled_after: Callable[[datetime], timedelta],
) -> Plan:
    """The whole life of a case reported at `at`, every link with its instant (aware UTC).

    `handled_after` draws how long the lead unit takes from the dispatch on.
    """
    story = _Story(dice, at)
    own = case.report.source is Source.INSPECTOR
    story.then(case.report, Role.INSPECTOR if own else Role.ACCEPTOR, State.REGISTERED)
    if not own and dice.random() < VERIFIED:
        story.then(OrderVerification(), Role.ACCEPTOR, State.VERIFYING)
        verified = VerifyReport(confirmed=True, opinion=story.say(VerifyReport))
        story.then(verified, Role.INSPECTOR, State.REGISTERED)
    story.then(PassForFiling(), Role.ACCEPTOR, State.PREFILED)
    story.then(FileCase(opinion=story.say(FileCase)), Role.SHIFT_LEADER, State.FILED)
    dispatch = DispatchCase(lead=case.lead, joint=case.joint, opinion=story.say(DispatchCase))
    story.then(dispatch, Role.DISPATCHER, State.DISPATCHED)
    _handle(dice, story, case, handled_after(story.at))
    close = CloseCase(opinion=story.say(CloseCase))
    story.then(close, Role.SHIFT_LEADER, State.CLOSED)
    return Plan(reference=case.report.reference, line=0, links=tuple(story.links))


def _handle(dice: Random, story: _Story, case: Casework, takes: timedelta) -> None:
    """From the dispatch to a passed check: joint units feed back first, the lead at the end."""
    dispatched = story.at
    story.at = dispatched + min(takes * ACCEPTED_WITHIN, wait(dice, State.DISPATCHED))
    story.then(AcceptWork(), Role.UNIT, State.HANDLING, case.lead)
    redone = dice.random() < REDONE
    for share in (0.7, 1.0) if redone else (1.0,):
        for unit in (*case.joint, case.lead):
            done = dispatched + takes * share * (1.0 if unit == case.lead else dice.uniform(0.5, 1))
            story.at = max(story.at, done)
            last = unit == case.lead
            to = State.FEEDBACK if last else State.HANDLING
            story.then(FeedBack(opinion=story.say(FeedBack)), Role.UNIT, to, unit)
        story.then(OrderCheck(), Role.ACCEPTOR, State.CHECKING)
        passed = share == 1.0
        opinion = story.say(CheckCase) if passed else dice.choice(FAILED)
        story.then(
            CheckCase(passed=passed, opinion=opinion),
            Role.INSPECTOR,
            State.PENDING_CLOSE if passed else State.HANDLING,
        )
