"""What must hold for every open case when a simulated day is over: nothing lies between chairs.

Looked at from two sides: the cases as the log has them, and each person's own desk, as their client
knows the cases and as the console counts them.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from casework.case import Case, allowed, holds
from casework.decider import Actor
from casework.holding import answers, next_instant
from casework.links import APPROVER
from casework.terms import CaseId, Role, State, UserId


class Screen(Protocol):
    """What the boxes of a desk show. Keys are the console's own: a state's value, `mine`,
    `applied`, `urged`, `soon`, `late`."""

    def boxes(self, case: Case, who: Actor, at: datetime) -> Collection[str]:
        """The boxes that this person's desk has and that the case lies in."""

    def counts(self, cases: Iterable[Case], who: Actor, at: datetime) -> Mapping[str, int]:
        """The count of each box that a desk with these cases shows."""


class Broken(NamedTuple):
    """A law that does not hold for a case, for a person's desk where one is meant."""

    law: str
    case: CaseId
    user: UserId | str = ""
    detail: str = ""


# --- as the log has it --------------------------------------------------------------------------


def of_the_log(
    cases: Iterable[Case], enabled: Sequence[Actor], at: datetime, claim_minutes: int
) -> Iterator[Broken]:
    """Each open case is held by an enabled user, or by a unit that has one, who can move it on,
    and waits for an instant."""
    users = {who.user for who in enabled}
    for case in cases:
        if not case.ended:
            yield from _of_its_holders(case, enabled)
            yield from _of_its_clocks(case, at)
            claim = case.claim
            if claim and claim.user not in users and not claim.is_stale(at, claim_minutes):
                yield Broken("claimed", case.id, claim.user)


def _of_its_holders(case: Case, enabled: Sequence[Actor]) -> Iterator[Broken]:
    having = [who for who in enabled if answers(who, case)]
    if not having:
        yield Broken("held", case.id, detail=case.state)
    elif not any(_moves_on(case, who) for who in having):
        yield Broken("movable", case.id, detail=case.state)
    if case.application is not None and not any(decides(who, case) for who in enabled):
        yield Broken("decidable", case.id)


def _of_its_clocks(case: Case, at: datetime) -> Iterator[Broken]:
    if next_instant(case) is None:
        yield Broken("due", case.id, detail=case.state)
    if case.state is State.SUSPENDED and (case.resumes_at is None or case.resumes_at < at):
        yield Broken("resumed", case.id, detail=str(case.resumes_at))


def decides(who: Actor, case: Case) -> bool:
    """Whether an application that waits is for this person."""
    return case.application is not None and any(holds(g, APPROVER, case) for g in who.grants)


def _moves_on(case: Case, who: Actor) -> bool:
    return any(act.to for act, _ in allowed(case, who))


# --- as a desk shows it -------------------------------------------------------------------------


def of_a_desk(
    who: Actor, known: Mapping[CaseId, Case], cases: Iterable[Case], at: datetime, screen: Screen
) -> Iterator[Broken]:
    """What a person has to do is known to their client and lies in their boxes, counted.

    Args:
        known: the cases as the person's own client has them.
        cases: the cases as the log has them.
    """
    for case in cases:
        mine = answers(who, case) or decides(who, case) or _claims(who, case)
        here = known.get(case.id)
        if mine and not case.ended and (here is None or here.version != case.version):
            yield Broken("seen", case.id, who.user)
    shown: Counter[str] = Counter()
    for case in known.values():
        if case.ended:
            continue
        boxes = set(screen.boxes(case, who, at))
        shown.update(boxes)
        if boxes - {"soon"} != _expected(case, who, at) or {"soon", "late"} <= boxes:
            yield Broken("boxed", case.id, who.user, " ".join(sorted(boxes)))
    counts = screen.counts(known.values(), who, at)
    for box in sorted(shown.keys() | {box for box, count in counts.items() if count}):
        if shown[box] != counts.get(box, 0):
            detail = f"{box}: {counts.get(box, 0)} shown, {shown[box]} there"
            yield Broken("counted", CaseId(""), who.user, detail)


def _claims(who: Actor, case: Case) -> bool:
    return case.claim is not None and case.claim.user == who.user


def _expected(case: Case, who: Actor, at: datetime) -> set[str]:
    """The boxes that a case must lie in, but for `soon`: said here anew, in domain words."""
    boxes = {case.state.value}
    outside = {grant.role for grant in who.grants} == {Role.UNIT}
    if not outside and (_claims(who, case) or case.inspector == who.user):
        boxes.add("mine")
    if case.application is not None:
        boxes.add("applied")
    if case.urged:
        boxes.add("urged")
    due = next_instant(case)
    if due is not None and due <= at:
        boxes.add("late")
    return boxes
