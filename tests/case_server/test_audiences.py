"""Audiences: what grants see, what a batch tells them, and that nothing else reaches a socket."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from case_server import readside
from case_server.audiences import (
    PART,
    Chapter,
    Missed,
    index_of,
    marks,
    missed_frames,
    reach,
    shares,
    snapshot_frames,
)
from case_server.database import open_database
from case_server.desk import Batch, Change
from casework import acts
from casework.case import Assignment, Case
from casework.catalogue import decider_of_stream
from casework.decider import Actor, Command, Grant, case_stream
from casework.envelope import read_envelope, recorded
from casework.queries import AccountsQuery, CaseQuery, TallyQuery, UrgentQuery
from casework.replies import TallyReply
from casework.rules.audience import Scope, sees
from casework.terms import (
    AreaId,
    AssignmentState,
    CaseId,
    Kind,
    LogId,
    Role,
    Source,
    State,
    UnitId,
    UserId,
)
from casework.wire import Ack, Events, Snapshot, read_case, read_from_server
from tests.case_server.desk_kit import EAST, LAMPS, MAIN_LINE, WATER, WEST, report
from tests.case_server.socket_kit import Guest, everything, guest, in_time, server
from tests.databases import log_url

AT = datetime(2008, 6, 13, tzinfo=UTC)
LOG = LogId("t")
AREAS = st.sampled_from([EAST, WEST])
UNITS = st.sampled_from([WATER, LAMPS])
OTHER_ROLES = st.sampled_from([role for role in Role if role is not Role.UNIT])
GRANT = st.one_of(
    st.builds(Grant, role=OTHER_ROLES, areas=st.lists(AREAS, max_size=2).map(tuple)),
    st.builds(Grant, role=st.just(Role.UNIT), unit=UNITS),
)
GRANTS = st.lists(GRANT, max_size=3).map(tuple)
SCOPE = st.builds(
    Scope,
    district=st.none() | AREAS,
    street=st.none() | AREAS,
    units=st.lists(UNITS, max_size=2).map(tuple),
)


@given(grants=GRANTS, scope=SCOPE)
def test_a_reach_sees_what_its_grants_see(grants: tuple[Grant, ...], scope: Scope) -> None:
    assert bool(reach(grants) & marks(scope)) == sees(grants, scope)


# --- one batch, told to many -------------------------------------------------------------------


def folded(order: int, version: int, area: AreaId, units: Sequence[UnitId]) -> Case:
    return Case(
        id=CaseId(f"t-20080613-{order:05}"),
        version=version,
        state=State.REGISTERED,
        kind=Kind.INCIDENT,
        scheme="a",
        scheme_version="1",
        code="0102",
        name="a",
        source=Source.PUBLIC,
        district=area,
        opened_at=AT,
        link_since=AT,
        assignments=tuple(
            Assignment(unit=unit, since=AT, state=AssignmentState.OPEN) for unit in units
        ),
    )


@st.composite
def batches(draw: st.DrawFn) -> tuple[dict[CaseId, Case], Batch]:
    """Some cases as they stood, and a batch in which they and new ones change hands."""
    now: dict[CaseId, Case] = {}
    for order in range(draw(st.integers(0, 3))):
        case = folded(order, 1, draw(AREAS), draw(st.lists(UNITS, max_size=2, unique=True)))
        now[case.id] = case
    before = dict(now)
    changes: list[Change] = []
    for number in range(11, 11 + draw(st.integers(1, 8))):
        order = draw(st.integers(0, 4))
        known = now.get(CaseId(f"t-20080613-{order:05}"))
        units = draw(st.lists(UNITS, max_size=2, unique=True))
        version = known.version + 1 if known else 1
        after = folded(order, version, known.district if known else draw(AREAS), units)  # type: ignore[arg-type]  # our cases have a district
        written = b'{"number":%d,"case":"%s"}' % (number, after.id.encode())
        changes.append(Change(number, written, case_stream(after.id), known, after))
        now[after.id] = after
    last = changes[-1].number
    return before, Batch([], changes, 11, last, AT)


@given(given_batch=batches(), grants=st.lists(GRANTS, min_size=1, max_size=4))
def test_what_a_batch_tells_leads_from_what_was_seen_to_what_is_seen(
    given_batch: tuple[dict[CaseId, Case], Batch], grants: list[tuple[Grant, ...]]
) -> None:
    before, batch = given_batch
    after = before | {c.after.id: c.after for c in batch.changes if c.after is not None}
    told = shares(Chapter(batch), index_of({reach(held) for held in grants}))
    for held in grants:
        share = told.get(reach(held))
        picture = {case.id: case for case in before.values() if sees(held, case.scope)}
        for change in share.events if share else ():
            assert change.after is not None
            assert sees(held, change.after.scope)
            known = picture[change.after.id]
            assert change.after.version == known.version + 1
            picture[change.after.id] = change.after
        for raw in share.cases if share else ():
            case = read_case(raw)
            picture[case.id] = case
        for gone in share.gone if share else ():
            del picture[gone]
        assert picture == {case.id: case for case in after.values() if sees(held, case.scope)}


@given(sizes=st.lists(st.integers(1, PART), min_size=1, max_size=6))
def test_a_large_batch_is_split_into_frames_that_tile(sizes: list[int]) -> None:
    changes = []
    case = folded(1, 0, EAST, ())
    for number, size in enumerate(sizes, start=11):
        after = replace(case, version=case.version + 1)
        written = b'"' + b"x" * size + b'"'
        changes.append(Change(number, written, case_stream(case.id), case, after))
        case = after
    batch = Batch([], changes, 11, 11 + len(sizes) + 1, AT)
    held = reach([Grant(role=Role.OBSERVER)])
    share = shares(Chapter(batch), index_of([held]))[held]
    frames = [read_from_server(f) for f in share.frames(LOG, 9, Chapter(batch))]
    assert_tile(frames, 9, batch.last)
    events = [raw for frame in frames if isinstance(frame, Events) for raw in frame.events]
    assert len(events) == len(sizes)
    for frame in frames:
        assert isinstance(frame, Events)
        assert len(frame.events) == 1 or sum(len(bytes(raw)) for raw in frame.events) <= PART


@given(
    cases=st.lists(st.integers(1, PART), max_size=5),
    gone=st.integers(0, 3),
    quiet=st.integers(0, 3),
)
def test_what_was_missed_comes_in_frames_that_tile(cases: list[int], gone: int, quiet: int) -> None:
    last = 10 + max(1, len(cases) + gone + quiet)
    left = [CaseId(f"t-20080613-{order:05}") for order in range(gone)]
    missed = Missed(11, last, AT, [b'"' + b"x" * size + b'"' for size in cases], left)
    frames = [read_from_server(frame) for frame in missed_frames(LOG, missed)]
    assert_tile(frames, 11, last)
    told = [frame for frame in frames if isinstance(frame, Events)]
    assert [len(bytes(raw)) - 2 for frame in told for raw in frame.cases] == cases
    assert [case for frame in told for case in frame.gone] == left


def assert_tile(frames: Sequence[object], first: int, last: int) -> None:
    for frame in frames:
        assert isinstance(frame, Events)
        assert frame.first == first <= frame.last
        first = frame.last + 1
    assert first == last + 1


@given(sizes=st.lists(st.integers(1, PART), max_size=6))
def test_a_snapshot_comes_in_numbered_parts_and_keeps_its_order(sizes: list[int]) -> None:
    frames = snapshot_frames(LOG, 7, [b'"' + b"x" * size + b'"' for size in sizes])
    parts = [read_from_server(frame) for frame in frames]
    found = [part for part in parts if isinstance(part, Snapshot)]
    assert [(part.part, part.parts) for part in found] == [
        (order, len(frames)) for order in range(1, len(frames) + 1)
    ]
    assert [len(bytes(raw)) - 2 for part in found for raw in part.cases] == sizes


# --- every byte on the socket ------------------------------------------------------------------

DESK = Actor(
    user=UserId("desk"),
    grants=everything(Grant(role=Role.UNIT, unit=WATER), Grant(role=Role.UNIT, unit=LAMPS)),
    device="desk",
)


class Life(NamedTuple):
    """A case: where it lies, how far down the main line it goes, to whom, and whether back."""

    area: AreaId
    steps: int
    lead: UnitId
    back: bool


LIVES = st.lists(
    st.builds(Life, area=AREAS, steps=st.integers(0, 7), lead=UNITS, back=st.booleans()),
    min_size=1,
    max_size=5,
)


def marked(command: Command, mark: str, lead: UnitId) -> Command:
    """A step of the main line with the case's mark in what is said."""
    if isinstance(command, acts.DispatchCase):
        return acts.DispatchCase(lead=lead, opinion=mark)
    return replace(command, opinion=mark)


async def live(desk: Guest, order: int, life: Life) -> Ack:
    mark = f"mark-{order:03}-"
    command = report(mark, district=life.area, reference=mark)
    ack = await desk.accepted(Role.ACCEPTOR, command)
    for actor, step in MAIN_LINE[: life.steps]:
        command_now = marked(step, mark, life.lead)
        ack = await desk.accepted(actor.grants[0].role, command_now, ack.stream, ack.version)
    if life.back and life.steps == 3:
        back = acts.SendBack(reason="not_ours", opinion=mark)
        ack = await desk.accepted(Role.UNIT, back, ack.stream, ack.version)
    return ack


async def pry(watcher: Guest, streams: Sequence[str]) -> None:
    """Try to learn of cases by every way there is."""
    for stream in streams:
        await watcher.fetch(CaseQuery(case=CaseId(stream.removeprefix("case/"))))
        for role, command in (
            (Role.UNIT, acts.FeedBack()),
            (Role.DISPATCHER, acts.DispatchCase(lead=WATER)),
            (Role.OBSERVER, acts.AddNote(opinion="?")),
        ):
            await watcher.ask(role, command, stream, 99)
    await watcher.fetch(UrgentQuery(limit=500))
    await watcher.fetch(AccountsQuery())


class Watch(NamedTuple):
    grants: tuple[Grant, ...]
    frames: list[str]
    tally: TallyReply
    early: bool
    """Joined before the first case."""


async def watch(
    address: str,
    grants: tuple[Grant, ...],
    begun: asyncio.Event,
    done: asyncio.Future[list[Ack]],
    pried: asyncio.Barrier,
) -> Watch:
    early = not begun.is_set()
    actor = Actor(user=UserId("watcher"), grants=grants, device=f"watcher-{early}")
    async with guest(address, actor) as watcher:
        await watcher.hello()
        last = (await watcher.until(Snapshot, lambda part: part.part == part.parts)).number
        begun.set()
        acks = await done
        while last < acks[-1].number:
            last = (await watcher.until(Events)).last
        await pry(watcher, [ack.stream for ack in acks])
        await pried.wait()  # nobody moves a case any more
        tally = (await watcher.fetch(TallyQuery())).body
        assert isinstance(tally, TallyReply)
        return Watch(grants, watcher.frames, tally, early)


async def play(folder: Path, lives: list[Life], grants: list[tuple[Grant, ...]]) -> list[Watch]:
    async with server(folder) as address, guest(address, DESK) as desk:
        await desk.hello()
        done: asyncio.Future[list[Ack]] = asyncio.get_running_loop().create_future()
        watches = []
        pried = asyncio.Barrier(len(grants))
        for held in grants:
            begun = asyncio.Event()
            watches.append(asyncio.create_task(watch(address, held, begun, done, pried)))
            await begun.wait()
        acks = [await live(desk, order, life) for order, life in enumerate(lives)]
        done.set_result(acks)
        found = [await each for each in watches]
        begun = asyncio.Event()
        begun.set()
        alone = asyncio.Barrier(1)
        return found + [await watch(address, held, begun, done, alone) for held in grants]


def scopes(folder: Path) -> dict[str, list[Scope]]:
    """Every stream's scopes through its life, from the journal itself."""
    states: dict[str, Case] = {}
    found: dict[str, list[Scope]] = {}
    database = open_database(log_url(folder))
    with database.read() as connection:
        for _, stream, written in readside.events(connection, 1, 1_000_000):
            decider = decider_of_stream(stream)
            if stream.startswith("case/") and decider is not None:
                happened = recorded(read_envelope(written))
                states[stream] = decider.evolve(states.get(stream), happened)
                found.setdefault(stream, []).append(states[stream].scope)
    database.close()
    return found


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(lives=LIVES, grants=st.lists(GRANTS.filter(bool), min_size=1, max_size=3))
def test_no_byte_from_outside_the_grants_reaches_a_socket(
    lives: list[Life], grants: list[tuple[Grant, ...]]
) -> None:
    with TemporaryDirectory() as name:
        watches: list[Watch] = []

        async def work() -> None:
            watches.extend(await play(Path(name), lives, grants))

        in_time(work)
        for order, (stream, life) in enumerate(scopes(Path(name)).items()):
            for seen in watches:
                may = any(sees(seen.grants, scope) for scope in (life if seen.early else life[-1:]))
                received = "\n".join(seen.frames)
                if not may:
                    assert stream.removeprefix("case/") not in received
                    assert f"mark-{order:03}-" not in received
                elif sees(seen.grants, life[-1]):
                    assert f"mark-{order:03}-" in received  # the oracle can fail
        for seen in watches:
            now = [life for life in scopes(Path(name)).values() if sees(seen.grants, life[-1])]
            assert seen.tally.open + seen.tally.ended == len(now)
