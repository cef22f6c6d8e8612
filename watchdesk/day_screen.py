"""What the console's boxes show at somebody's desk, without a window: its own rule and counts."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from casework.case import Case
from casework.decider import Actor
from casework.rulebook import RuleBook
from console.clocks import soon_percent
from console.panes.boxes import BoxOf, boxes_of
from console.tally import Tally


class Boxes:
    """The `Screen` of `drill.day_laws`, by a city's rule book."""

    def __init__(self, rules: RuleBook) -> None:
        self._rules = rules

    def boxes(self, case: Case, who: Actor, at: datetime) -> Collection[str]:
        """The boxes that this person's desk has and that the case lies in."""
        soon = soon_percent(case, self._rules)
        found = (box for box in _of(who) if box.holds(case, at, soon, who.user))
        return {box.key for box in found}

    def counts(self, cases: Iterable[Case], who: Actor, at: datetime) -> Mapping[str, int]:
        """The count of each box of the open cases."""
        marked = [box for box in _of(who) if box.marked is not None]

        def marks(case: Case) -> tuple[str, ...]:
            here = (box for box in marked if not case.ended)
            return tuple(box.key for box in here if box.marked and box.marked(case, who.user))

        here = {case.id: case for case in cases}
        tally = Tally(lambda case: soon_percent(here[case], self._rules), marks)
        tally.upsert(here.values())
        counts = tally.counts(at)
        found = {key: counts.marks.get(key, 0) for key in (box.key for box in marked)}
        for box in _of(who):
            if box.group == "links":
                found[box.key] = sum(counts.states.get(state, 0) for state in box.states)
        return {**found, "soon": counts.soon, "late": counts.late}


def _of(who: Actor) -> tuple[BoxOf, ...]:
    """Boxes of open cases at this person's desk."""
    here = boxes_of({grant.role for grant in who.grants})
    return tuple(box for box in here if box.group != "ended")
