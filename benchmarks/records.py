"""Records in, cases out: how fast a file of real records is read, and how fast it is replayed
through the real door. Without real records the practice city's own lives are replayed instead.

Reading stands beside the stdlib's csv alone, the replay beside the bare loop.
"""

import asyncio
import csv
import gzip
import time
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from benchmarks import limits, practice
from benchmarks.figure import Figure, Run, in_turns
from benchmarks.served import served
from casework.pack import encode_rules
from casework.pack.mapping import Mapping
from casework.pack.records import Record
from casework.rulebook import RuleBook
from drill.plan import Plan
from drill.records import Names, plan_of
from drill.replay import BEFORE, replay
from drill.troupe import Troupe
from watchdesk import places
from watchdesk import records as files

MAPPING = "boston311"
REPLAYED = 3_000


def measure(run: Run) -> Iterator[Figure]:
    """Reading, where there is something to read, and a replay."""
    if run.records is None:
        plans = [*islice(practice.main_line(), run.size(REPLAYED, 60))]
        yield from _replay(run, plans, practice.rules(), "practice records")
        return
    mapping = places.mapping(MAPPING)
    found = sorted(run.records.glob("*.csv*"))
    if not found:
        raise FileNotFoundError(f"{run.records} holds no .csv or .csv.gz")
    yield _parse(run, found, mapping)
    rows = islice(files.rows(found, mapping), run.size(REPLAYED, 60))
    good = sorted((row for row in rows if isinstance(row, Record)), key=lambda row: row.opened)
    rules, _ = files.pack_of(good, mapping)
    names = Names(rules)
    plans = [plan for row in good if isinstance(plan := plan_of(row, names), Plan)]
    yield from _replay(run, plans, rules, "real records")


def _parse(run: Run, found: Sequence[Path], mapping: Mapping) -> Figure:
    most = run.size(20_000, 1_000)
    said = {"rows": f"the first {most:,}"}

    def ours() -> float:
        begun = time.perf_counter()
        count = sum(1 for _ in islice(files.rows(found, mapping), most))
        return count / (time.perf_counter() - begun)

    def bare() -> float:
        begun = time.perf_counter()
        opened = gzip.open if found[0].suffix == ".gz" else open
        with opened(found[0], "rt", encoding="utf-8", newline="") as lines:
            count = sum(1 for _ in islice(csv.DictReader(lines), most))
        return count / (time.perf_counter() - begun)

    values, bares = in_turns(run, ours, bare)
    return Figure(
        name="real records read",
        unit="/s",
        values=values,
        limit="csv.DictReader",
        limits=bares,
        notes=said,
    )


def _replay(run: Run, plans: list[Plan], rules: RuleBook, what: str) -> Iterator[Figure]:
    rows = limits.rows()
    values, bares = in_turns(
        run,
        lambda: _rate(run, plans, rules),
        lambda: limits.sqlite_loop(run, rows, 2.0 if not run.quick else 0.2),
    )
    yield Figure(
        name=f"replay of {len(plans):,} {what}, commands",
        unit="/s",
        values=values,
        limit="bare sqlite3 loop",
        limits=bares,
        notes={"commands": str(sum(len(plan.links) for plan in plans))},
    )


def _rate(run: Run, plans: list[Plan], rules: RuleBook) -> float:
    """Acknowledged commands a second of one whole replay into a new log."""
    first = plans[0].links[0].at
    assert first is not None  # a plan begins with an instant
    url = f"sqlite:///{run.folder}/replay-{time.monotonic_ns()}.db"
    with served(run.folder, url, encode_rules(rules), starts=first - BEFORE) as at:
        return asyncio.run(_play(Troupe(at.address, at.key), plans))


async def _play(troupe: Troupe, plans: list[Plan]) -> float:
    refused: list[object] = []
    begun = time.perf_counter()
    async with troupe:
        reckoning = await replay(
            troupe, plans, "benchmark", refused=refused.append, show=lambda _: None
        )
    taken = time.perf_counter() - begun
    assert (reckoning.recorded, refused) == (len(plans), [])
    return sum(len(plan.links) for plan in plans) / taken
