"""Practice records: the cases of the practice city, decided and folded by casework's own rules.

No server takes part: a filled database and the rows of a limit are made from what comes out here.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from random import Random

from msgspec.structs import replace

import resources
from case_server.journal import Head, Origin, Writer
from case_server.rows import Change
from casework.case import Case
from casework.catalogue import decider_of
from casework.decider import Context, Facts, Place, case_stream
from casework.envelope import GENESIS
from casework.pack import read_pack
from casework.rulebook import RuleBook
from casework.terms import CaseId, LogId
from drill.city import City
from drill.plan import Link, Plan
from drill.troupe import bot

LOG = LogId("bench")
START = datetime(2008, 12, 1, tzinfo=UTC)
MAIN_LINE = 9
"""Links of a case that goes from report to close without a detour."""


@cache
def rules() -> RuleBook:
    """The rule book of the shipped city."""
    folder = resources.root() / "cities" / "shenzhen"
    return read_pack({file.name: file.read_bytes() for file in folder.iterdir()})


def plans(start: datetime = START) -> Iterator[Plan]:
    """The practice city's lives from then on, without an end."""
    city = City(rules())
    while True:
        yield from map(_unregistered, city.lives(start, start + timedelta(days=1)))
        start += timedelta(days=1)


def _unregistered(plan: Plan) -> Plan:
    """The plan without its component: no register is kept here."""
    first, *rest = plan.links
    report = replace(first.command, component=None)
    return replace(plan, links=(replace(first, command=report), *rest))


def main_line() -> Iterator[Plan]:
    """The lives of one unit each that never turn back: report, pass, file, dispatch, accept,
    feed back, order the check, check, close."""
    return (plan for plan in plans() if len(plan.links) == MAIN_LINE)


class Told:
    """What became of some cases: their events in order, and where the log then stands."""

    def __init__(self) -> None:
        self.writer = Writer(Head(log=LOG, epoch="", number=2, leaf=GENESIS, at=START))
        self.states: dict[str, Case] = {}
        self.changes: list[Change] = []
        self._book = rules()
        self._streams: dict[str, str] = {}

    def take(self, plan: Plan, link: Link) -> None:
        """Decide one link at its instant and fold what comes of it."""
        assert link.at is not None  # the practice city's links have instants
        actor = bot(link.role, link.unit)
        stream = self._streams.get(plan.reference, "")
        report = plan.links[0].command
        place = Place(
            district=getattr(report, "district", None), street=getattr(report, "street", None)
        )
        facts = Facts(order=len(self._streams) + 1, place=place)
        context = Context(
            at=link.at,
            log=LOG,
            practice=True,
            actor=actor,
            role=link.role,
            rules=self._book,
            facts=facts,
        )
        decider = decider_of(link.command)
        if not stream:
            stream = case_stream(CaseId(decider.opens(link.command, context)))
            self._streams[plan.reference] = stream
        origin = Origin(
            actor=actor.user,
            role=link.role,
            device=actor.device,
            command=f"{plan.reference}-{len(self.changes)}",
            rules=1,
            claimed=link.claimed,
        )
        state = self.states.get(stream)
        for event in decider.decide(state, link.command, context):
            version = 1 + (state.version if state is not None else 0)
            entry = self.writer.add(stream, version, link.at, origin, event)
            before, state = state, decider.evolve(state, entry.recorded)
            self.changes.append(Change(entry.recorded.number, entry.bytes, stream, before, state))
        assert state is not None
        self.states[stream] = state


def open_cases(count: int, seed: int = 1) -> Told:
    """So many cases of the practice city, each left at some link before its end."""
    dice = Random(seed)
    lives = plans()
    chosen = [next(lives) for _ in range(count)]
    marks = sorted(
        (link.at, order, step)
        for order, plan in enumerate(chosen)
        for step, link in enumerate(plan.links[: dice.randrange(1, len(plan.links))])
        if link.at is not None
    )
    told = Told()
    for _, order, step in marks:
        told.take(chosen[order], chosen[order].links[step])
    return told


def whole_lives(count: int) -> Sequence[Change]:
    """Every event of so many cases that went down the main line, with the folds around it."""
    told = Told()
    lives = main_line()
    for _ in range(count):
        plan = next(lives)
        for link in plan.links:
            told.take(plan, link)
    return told.changes
