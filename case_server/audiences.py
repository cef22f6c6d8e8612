"""Audiences: which sessions learn what of a committed batch, and in which frames. No I/O.

An audience is the set of sessions that see the same cases. What grants see is written down as a
*reach*, a set of marks; a case carries the marks of its scope, and is seen by whoever shares one
with it. So a batch of changes finds its audiences by look-up and each of them is encoded once.
`casework.rules.audience.sees` says the same of one grant and one scope; a test holds them equal.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import NamedTuple, TypeVar

import msgspec
from msgspec import Raw

from case_server.desk import Batch, Change
from casework import wire
from casework.case import Case
from casework.decider import Grant
from casework.rules.audience import Scope
from casework.terms import CaseId, LogId, Role

Reach = frozenset[str]
"""Marks that a session's grants reach: `*` (every case), `area:…`, `unit:…`."""

PART = 128 * 1024
"""Bytes of cases or events in one frame, more or less the frame's own few words."""

Item = TypeVar("Item")
_ENCODER = msgspec.json.Encoder()


def reach(grants: Iterable[Grant]) -> Reach:
    """The marks that these grants reach; empty when they see no case (an administrator's)."""
    marks: set[str] = set()
    for grant in grants:
        if grant.role is Role.ADMINISTRATOR:
            continue
        if grant.role is Role.UNIT:
            marks.update((f"unit:{grant.unit}",) if grant.unit else ())
        elif grant.areas:
            marks.update(f"area:{area}" for area in grant.areas)
        else:
            marks.add("*")
    return frozenset(marks)


def marks(scope: Scope) -> frozenset[str]:
    """The marks that a case with this scope carries."""
    areas = [f"area:{area}" for area in (scope.district, scope.street) if area is not None]
    return frozenset(("*", *areas, *(f"unit:{unit}" for unit in scope.units)))


class Story:
    """What one batch did to one case: its states in order, and the events between them."""

    def __init__(self, first: Change) -> None:
        self.before = first.before
        self.changes: list[Change] = []

    @cached_property
    def after(self) -> Case:
        """The case as the batch left it."""
        last = self.changes[-1].after
        assert last is not None  # `stories` takes only changes of cases
        return last

    @cached_property
    def encoded(self) -> Raw:
        """The case as the batch left it, encoded once for every audience that needs it."""
        return Raw(_ENCODER.encode(self.after))

    @cached_property
    def steps(self) -> tuple[frozenset[str], ...]:
        """The marks after each event."""
        return tuple(marks(c.after.scope) for c in self.changes if c.after is not None)


class Chapter:
    """A committed batch as the hub tells it: the cases it touched, its range and its instant."""

    def __init__(self, batch: Batch) -> None:
        self.first, self.last, self.at = batch.first, batch.last, batch.at
        found: dict[CaseId, Story] = {}
        for change in batch.changes:
            if change.after is not None:
                case = change.after.id
                if case not in found:
                    found[case] = Story(change)
                found[case].changes.append(change)
        self.stories = tuple(found.values())


class Share:
    """What one audience learns of a chapter."""

    def __init__(self) -> None:
        self.events: list[Change] = []
        self.cases: list[Raw] = []
        self.gone: list[CaseId] = []

    def frames(self, log: LogId, first: int, chapter: Chapter) -> list[bytes]:
        """Frames that tile `first … chapter.last`; new and gone cases come with the last one."""
        self.events.sort(key=lambda change: change.number)
        parts = list(_parts(self.events, lambda change: len(change.written))) or [[]]
        made = []
        for part in parts:
            whole = part is parts[-1]
            last = chapter.last if whole else part[-1].number
            message = wire.Events(
                log=log,
                first=first,
                last=last,
                at=chapter.at,
                events=tuple(Raw(change.written) for change in part),
                cases=tuple(self.cases) if whole else (),
                gone=tuple(self.gone) if whole else (),
            )
            made.append(wire.encode(message))
            first = last + 1
        return made


Index = Mapping[str, Iterable[Reach]]
"""Mark → the reaches that hold it."""


def index_of(reaches: Iterable[Reach]) -> dict[str, list[Reach]]:
    """The look-up that `shares` needs."""
    index: dict[str, list[Reach]] = defaultdict(list)
    for held in reaches:
        for mark in held:
            index[mark].append(held)
    return index


def _seers(carried: frozenset[str], index: Index) -> set[Reach]:
    found: set[Reach] = set()
    for mark in carried:
        found.update(index.get(mark, ()))
    return found


def shares(chapter: Chapter, index: Index) -> dict[Reach, Share]:
    """What each reach learns of a chapter; a reach that learns nothing is left out.

    Whoever saw the case all the while gets its events. Whoever sees it now but did not at some
    moment gets the folded case instead, so that no event from the time between is told. Whoever
    saw it before and does not now is told that it is gone, and nothing else.
    """
    told: dict[Reach, Share] = defaultdict(Share)
    for story in chapter.stories:
        if story.after.is_history and story.before is None:
            continue  # it ended before this log knew of it: looked up, never at hand
        had = _seers(marks(story.before.scope), index) if story.before is not None else set()
        have = _seers(story.steps[-1], index)
        throughout = had & have
        if story.before is not None and story.before.ended and not story.after.ended:
            throughout = set()  # reopened: a desk may have let it go since it ended
        for step in story.steps[:-1]:
            throughout &= _seers(step, index)
        for held in throughout:
            told[held].events.extend(story.changes)
        for held in have - throughout:
            told[held].cases.append(story.encoded)
        for held in had - have:
            told[held].gone.append(story.after.id)
    return dict(told)


# --- what comes from the read side: snapshots, and what a session missed -----------------------


def _parts(items: Iterable[Item], size: Callable[[Item], int]) -> Iterator[list[Item]]:
    """Runs of items that weigh at most `PART` bytes together; never an empty run."""
    part: list[Item] = []
    weight = 0
    for item in items:
        if part and weight + size(item) > PART:
            yield part
            part, weight = [], 0
        part.append(item)
        weight += size(item)
    if part:
        yield part


def snapshot_frames(log: LogId, number: int, cases: Iterable[bytes]) -> list[bytes]:
    """The visible cases at `number` in parts; one empty part when there are none."""
    parts = list(_parts(cases, len)) or [[]]
    return [
        wire.encode(
            wire.Snapshot(
                log=log,
                number=number,
                part=order,
                parts=len(parts),
                cases=tuple(Raw(case) for case in part),
            )
        )
        for order, part in enumerate(parts, start=1)
    ]


class Missed(NamedTuple):
    """What became, by `last`, of the cases touched in `first … last`, as far as one may know."""

    first: int
    last: int
    at: datetime
    cases: Sequence[bytes]
    gone: Sequence[CaseId]


def missed_frames(log: LogId, missed: Missed) -> list[bytes]:
    """Frames that tile `first … last`, each case folded at `last`.

    A range holds at least as many numbers as cases that it touched, so that every part but the
    last can be given one number of its own.
    """
    items: list[bytes | CaseId] = [*missed.cases, *missed.gone]
    parts = list(_parts(items, len)) or [[]]
    made = []
    for order, part in enumerate(parts):
        first = missed.first + order
        message = wire.Events(
            log=log,
            first=first,
            last=missed.last if part is parts[-1] else first,
            at=missed.at,
            cases=tuple(Raw(item) for item in part if isinstance(item, bytes)),
            gone=tuple(item for item in part if not isinstance(item, bytes)),
        )
        made.append(wire.encode(message))
    return made
