"""Units and inspectors on a simulated day: each works through their own box when time comes."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from random import Random

from casework.case import Case
from casework.decider import Actor
from casework.procedures.patrol import GoOnDuty, ReportPosition
from casework.rulebook import RuleBook
from casework.terms import AT_WORK, CaseId, Role, State, UnitId, UserId
from drill.day_commands import Turn
from drill.day_hands import Asked
from drill.day_script import PULL, RESUME, Script
from drill.inspectors import Walks
from drill.troupe import Player

POSITIONS_EVERY = timedelta(minutes=20)
"""Ours: how often an inspector says where they are."""
ON_THE_WAY, ON_THE_SPOT = (1, 5), (7, 31)
ACCEPTED, HANDLED = (2, 25), (15, 900)
"""Minutes, drawn for each step of a case: until an order is taken note of and done (a few are
late), until a unit accepts and has handled. Ours."""

RESUMED = 0.3
"""Share of the pauses that a unit may end before their time. Ours."""


class FieldWork:
    """Whoever is not at the centre."""

    def __init__(self, rules: RuleBook, players: Sequence[Player], script: Script) -> None:
        actors = [Actor(user=each.user, grants=each.grants) for each in players]
        self._inspectors = [who for who in actors if who.grants[0].role is Role.INSPECTOR]
        self._desks: dict[UnitId | None, Actor] = {
            grant.unit: who for who in actors for grant in who.grants if grant.role is Role.UNIT
        }
        self._walks = Walks(rules, players)
        self._script = script
        self._told: dict[UserId, datetime] = {}
        self._patience: dict[tuple[CaseId, int, str], datetime] = {}

    def _here(self) -> list[Actor]:
        gone = self._script.cast.gone
        return [who for who in self._inspectors if who.user not in gone]

    def go_on_duty(self, at: datetime) -> Iterable[Asked]:
        """Every inspector begins in their beat."""
        for who in self._inspectors:
            self._told[who.user] = at
            there = self._walks.onwards(who.user, Random(who.user))
            yield Asked(who, Role.INSPECTOR, GoOnDuty(point=there), None, "on_duty", at)

    def walk(self, at: datetime) -> Iterable[Asked]:
        """They say where they are, before their positions are stale."""
        for who in self._here():
            if at - self._told[who.user] < POSITIONS_EVERY:
                continue
            self._told[who.user] = at
            there = self._walks.onwards(who.user, Random(f"{at} {who.user}"))
            if there is not None:
                command = ReportPosition(point=there)
                yield Asked(who, Role.INSPECTOR, command, None, "position", at)

    def work(self, cases: Iterable[Case], at: datetime) -> Iterable[Asked]:
        """What units and inspectors do now, one act a case."""
        for case in cases:
            found: Asked | None = None
            if case.state in (State.VERIFYING, State.CHECKING):
                found = self._inspect(case, at)
            elif case.state in (State.DISPATCHED, State.HANDLING):
                found = self._handle(case, at)
            elif case.state is State.SUSPENDED and Random(case.id).random() < RESUMED:
                found = self._act(Turn(case, self._desks[case.lead], Role.UNIT, at), RESUME)
            if found is not None:
                yield found

    def _inspect(self, case: Case, at: datetime) -> Asked | None:
        here = [who for who in self._here() if case.inspector in (None, who.user)]
        away = case.order is not None and case.order.read_at is None
        wait = ("way", ON_THE_WAY) if away else ("spot", ON_THE_SPOT)
        sent = case.order.sent_at if case.order is not None else at
        if not here or not self._ready(case, at, *wait, sent):
            return None
        return self._act(Turn(case, here[0], Role.INSPECTOR, at))

    def _handle(self, case: Case, at: datetime) -> Asked | None:
        for part in case.assignments:
            wait = ACCEPTED if part.state == "open" else HANDLED
            free = part.state in AT_WORK and part.waiting is None
            if free and part.via and self._script.has_share("pull_back"):
                above = Turn(case, self._desks[part.via[-1]], Role.UNIT, at)
                return self._act(above, PULL)
            if free and self._ready(case, at, part.unit, wait, at):
                return self._act(Turn(case, self._desks[part.unit], Role.UNIT, at))
        return None

    def _ready(
        self, case: Case, at: datetime, what: str, minutes: tuple[int, int], since: datetime
    ) -> bool:
        """Whether the time has come that this one takes, drawn once for a step of a case."""
        key = (case.id, case.step, what)
        if key not in self._patience:
            self._patience[key] = since + timedelta(minutes=Random(f"{key}").uniform(*minutes))
        return self._patience[key] <= at

    def _act(self, turn: Turn, among: frozenset[str] | None = None) -> Asked | None:
        found = self._script.choose(turn, among)
        if found is None:
            return None
        act, command = found
        return Asked(turn.actor, turn.role, command, turn.case, act.name, turn.at)
