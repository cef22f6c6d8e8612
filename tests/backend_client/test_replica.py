"""The replica's law: a snapshot and the events after it are the later snapshot."""

from collections.abc import Sequence
from datetime import timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Raw

from backend_client.replica import HoleError, Replica
from casework import acts
from casework.terms import CaseId, Role
from casework.wire import Events, Snapshot
from tests.backend_client.history import ENDED_HOURS, GRANTS, LOG, History, through_the_wire

STEPS = st.lists(
    st.tuples(st.integers(0, 400), st.sampled_from([0, 7, 600])), min_size=1, max_size=40
)


def joined(history: History, parts: int = 1) -> Replica:
    """A replica that has just taken a snapshot."""
    replica = Replica(LOG)
    replica.join(history.welcome())
    for part in history.snapshot(parts):
        replica.apply(through_the_wire(part, Snapshot))
    return replica


def played(steps: Sequence[tuple[int, int]], history: History | None = None) -> History:
    history = history or History()
    for choice, minutes in steps:
        history.choose(choice, minutes)
    return history


def tell(replica: Replica, history: History, first: int, last: int) -> None:
    replica.apply(through_the_wire(history.events(first, last), Events))


@given(before=STEPS, after=STEPS)
def test_a_snapshot_and_the_events_after_it_are_the_later_snapshot(
    before: list[tuple[int, int]], after: list[tuple[int, int]]
) -> None:
    history = played(before)
    replica = joined(history)
    number = replica.number
    played(after, history)
    tell(replica, history, number + 1, history.head)
    assert replica.cases == joined(history).cases == history.visible()
    assert replica.number == history.head


@given(steps=STEPS, cuts=st.sets(st.integers(1, 40)))
def test_any_split_of_the_events_into_frames_gives_the_same_replica(
    steps: list[tuple[int, int]], cuts: set[int]
) -> None:
    replica = joined(History())
    history = played(steps)
    ends = sorted({cut for cut in cuts if cut < history.head} | {history.head})
    first = 1
    for last in ends:
        tell(replica, history, first, last)
        first = last + 1
    assert replica.cases == history.visible()


@given(steps=STEPS, parts=st.integers(1, 5), data=st.data())
def test_ranges_that_overlap_what_is_known_change_nothing_twice(
    steps: list[tuple[int, int]], parts: int, data: st.DataObject
) -> None:
    history = played(steps)
    replica = joined(history, parts)
    played(steps, history)
    first = data.draw(st.integers(1, replica.number + 1))
    tell(replica, history, first, history.head)
    tell(replica, history, first, history.head)
    assert replica.cases == history.visible()


@given(steps=STEPS)
def test_changes_told_one_by_one_add_up_to_the_replica(steps: list[tuple[int, int]]) -> None:
    replica, history = joined(History()), played(steps)
    shown: dict[CaseId, object] = {}
    for number in range(1, history.head + 1):
        changed = replica.apply(through_the_wire(history.events(number, number), Events))
        shown |= {case.id: case for case in changed.upserted}
        shown = {id: case for id, case in shown.items() if id not in changed.gone}
    assert shown == replica.cases


def test_the_first_part_of_a_snapshot_is_told_at_once() -> None:
    history = History()
    cases = [history.report() for _ in range(4)]
    replica = Replica(LOG)
    replica.join(history.welcome())
    first, second = history.snapshot(2)
    told = replica.apply(first)
    assert [case.id for case in told.upserted] == cases[:2]
    assert (told.reset, told.complete, replica.resume) == (True, False, None)
    told = replica.apply(second)
    assert [case.id for case in told.upserted] == cases[2:]
    assert (told.reset, told.complete) == (False, True)


def test_a_part_out_of_turn_is_a_hole() -> None:
    history = History()
    history.report()
    replica = Replica(LOG)
    replica.join(history.welcome())
    parts = history.snapshot(3)
    replica.apply(parts[0])
    with pytest.raises(HoleError):
        replica.apply(parts[2])


def test_a_range_that_does_not_tile_is_a_hole_and_changes_nothing() -> None:
    history = History()
    replica = joined(history)
    history.report()
    history.report()
    with pytest.raises(HoleError):
        replica.apply(history.events(2, 2))
    assert (replica.number, dict(replica.cases)) == (0, {})


def test_a_missing_version_of_a_case_is_a_hole_and_changes_nothing() -> None:
    history = History()
    case = history.report()
    replica = joined(history)
    known = dict(replica.cases)
    history.give(acts.AddNote(opinion="一"), Role.ACCEPTOR, case)
    history.give(acts.AddNote(opinion="二"), Role.ACCEPTOR, case)
    lost = msgspec.structs.replace(history.events(2, 3), events=history.events(3, 3).events)
    with pytest.raises(HoleError):
        replica.apply(lost)
    assert (replica.number, dict(replica.cases)) == (1, known)


def test_a_case_told_as_folded_is_not_set_back_by_its_older_events() -> None:
    history = History()
    replica = joined(history)
    case = history.report()
    history.give(acts.AddNote(opinion="一"), Role.ACCEPTOR, case)
    folded = Events(
        log=LOG,
        first=1,
        last=1,
        at=history.at,
        cases=(Raw(msgspec.json.encode(history.cases[case])),),
    )
    replica.apply(folded)
    replica.apply(history.events(2, 2))
    assert replica.cases == history.visible()


def test_a_case_told_ahead_of_its_range_is_not_set_back_by_an_older_fold() -> None:
    history = History()
    replica = joined(history)
    case = history.report()
    older = Raw(msgspec.json.encode(history.cases[case]))
    history.give(acts.AddNote(opinion="一"), Role.ACCEPTOR, case)
    newer = Raw(msgspec.json.encode(history.cases[case]))
    replica.apply(Events(log=LOG, first=1, last=1, at=history.at, cases=(newer,)))
    told = replica.apply(Events(log=LOG, first=2, last=2, at=history.at, cases=(older,)))
    assert (told.upserted, replica.cases) == ((), history.visible())


def test_a_case_that_left_the_audience_is_gone() -> None:
    history = History()
    case = history.report()
    replica = joined(history)
    told = replica.apply(Events(log=LOG, first=2, last=2, at=history.at, gone=(case,)))
    assert (told.gone, dict(replica.cases)) == ((case,), {})


def test_a_case_leaves_when_its_end_is_too_long_ago_on_the_logs_clock() -> None:
    history = History()
    case = history.report()
    history.give(acts.CancelCase(reason="twice"), Role.ACCEPTOR, case)
    replica = joined(history)
    limit = history.at + timedelta(hours=ENDED_HOURS)
    assert replica.expire(limit) is None
    told = replica.expire(limit + timedelta(microseconds=1))
    assert told is not None
    assert (told.gone, dict(replica.cases)) == ((case,), {})


def test_a_note_on_a_case_that_was_dropped_is_no_hole() -> None:
    history = History()
    case = history.report()
    history.give(acts.CancelCase(reason="twice"), Role.ACCEPTOR, case)
    history.at += timedelta(hours=ENDED_HOURS + 1)
    replica = joined(history)
    history.give(acts.AddNote(opinion="一"), Role.ACCEPTOR, case)
    told = replica.apply(history.events(3, 3))
    assert (told.upserted, replica.number) == ((), 3)


def test_an_event_of_an_unknown_kind_advances_the_version_only() -> None:
    history = History()
    case = history.report()
    replica = joined(history)
    before = replica.cases[case]
    history.give(acts.AddNote(opinion="一"), Role.ACCEPTOR, case)
    strange = history.written[1].replace(b'"NoteAdded"', b'"Blessed"')
    events = msgspec.structs.replace(history.events(2, 2), events=(Raw(strange),))
    replica.apply(events)
    assert replica.cases[case] == msgspec.structs.replace(before, version=2)


def test_another_history_or_other_grants_do_not_fit() -> None:
    history = History()
    replica = joined(history)
    fits = history.welcome(resumes=True)
    assert replica.fits(fits)
    assert not replica.fits(msgspec.structs.replace(fits, epoch="e2"))
    assert not replica.fits(msgspec.structs.replace(fits, grants=GRANTS[:1]))
