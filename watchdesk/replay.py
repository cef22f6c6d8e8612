"""`watchdesk replay`: records in, cases out, and the reckoning.

Without a server of its own choice the replay starts one, with a pack built from the records
themselves. Refused rows and links are written to a CSV as they happen.
"""

import asyncio
import csv
from argparse import Namespace
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from casework.pack.mapping import Mapping
from casework.pack.records import BadRow, Record
from casework.pack.writing import write_pack
from casework.rulebook import RuleBook
from drill.plan import Plan
from drill.records import Names, plan_of
from drill.replay import BEFORE, Reckoning, replay
from drill.stage import Refusal
from drill.troupe import Troupe
from watchdesk import places, records, serve
from watchdesk.children import Child
from watchdesk.failure import DeskError
from watchdesk.progress import Bar

DOES_NOT_ADD_UP = 1
"""Exit code when the log does not hold what was read."""


class _Read(NamedTuple):
    """What the files held."""

    rows: int
    plans: list[Plan]
    refused: list[BadRow]
    rules: RuleBook


class Refusals:
    """The CSV of what was refused. Kept over runs, so that a resumed replay still knows."""

    COLUMNS = ("line", "record", "link", "code", "reason")

    def __init__(self, file: Path, bad: list[BadRow]) -> None:
        self._file = file
        self._rows: dict[tuple[str, str], tuple[str, ...]] = {}
        if file.exists():
            with file.open(encoding="utf-8", newline="") as lines:
                for line, *others in list(csv.reader(lines))[1:]:
                    self._rows[line, others[1]] = (line, *others)
        for row in bad:
            self._put(row.line, "", 0, row.code, row.sentence)
        self._write()

    def add(self, refusal: Refusal) -> None:
        """A link that the server refused; the first link's is the record's own."""
        plan = refusal.plan
        self._put(plan.line, plan.reference, refusal.link, refusal.code, refusal.reason)
        self._write()

    @property
    def records(self) -> int:
        """Rows without a case."""
        return sum(link == "0" for _, link in self._rows)

    def _put(self, line: int, record: str, link: int, code: str, reason: str) -> None:
        self._rows[str(line), str(link)] = (str(line), record, str(link), code, reason)

    def _write(self) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with self._file.open("w", encoding="utf-8", newline="") as lines:
            writer = csv.writer(lines, lineterminator="\n")
            writer.writerow(self.COLUMNS)
            writer.writerows(self._rows.values())


def run(options: Namespace) -> int:
    """Replay and reckon.

    Raises: DeskError, Refused, PackError, ConnectionError.
    """
    try:
        return _run(options)
    except (KeyboardInterrupt, ConnectionError):
        print("\nStopped. The same command goes on from here, without a lost or doubled case.")
        raise


def _run(options: Namespace) -> int:
    speed = _speed(options.speed)
    files = places.record_files(options.file)
    mapping = places.mapping(options.mapping)
    out = Path(options.out or f"out/replay-{files[0].name.partition('.')[0]}")
    read = _read(files, mapping, options.limit)
    print(f"{read.rows} records read: {len(read.plans)} to replay, {len(read.refused)} refused")
    refusals = Refusals(out / "refused.csv", read.refused)
    source = Path(options.mapping).stem
    with _server(options, out, read) as (server, key, child):
        playing = _play(Troupe(server, key), read.plans, source, refusals, speed)
        reckoning = asyncio.run(playing if child is None else _while_runs(child, playing))
    return _tell(read.rows, reckoning, refusals.records)


async def _while_runs(child: Child, playing: Coroutine[None, None, Reckoning]) -> Reckoning:
    """A link waits for a lost server for ever; one of our own that has ended will not come back.

    Raises: DeskError: `replay.server_ended`.
    """
    play = asyncio.ensure_future(playing)
    while not (await asyncio.wait([play], timeout=1))[0]:
        if not child.running:
            play.cancel()
            await asyncio.wait([play])
            raise DeskError("replay.server_ended", "The server ended; the same command goes on.")
    return play.result()


async def _play(
    troupe: Troupe, plans: list[Plan], source: str, refusals: Refusals, speed: float | None
) -> Reckoning:
    with Bar() as bar:
        async with troupe:
            return await replay(
                troupe, plans, source, refused=refusals.add, show=bar.show, speed=speed
            )


def _tell(read: int, found: Reckoning, refused: int) -> int:
    adds_up = read == found.recorded + refused
    equals = "=" if adds_up else "≠"
    print(
        f"{read} records read {equals} {found.recorded} cases recorded + {refused} refused; "
        f"{found.closed} closed, {found.open} open"
    )
    return 0 if adds_up else DOES_NOT_ADD_UP


def _speed(text: str) -> float | None:
    if text == "max":
        return None
    try:
        speed = float(text)
    except ValueError:
        speed = 0.0
    if not speed > 0:
        raise DeskError("replay.speed", f"--speed {text} is neither max nor a number above 0.")
    return speed


def _read(files: list[Path], mapping: Mapping, limit: int | None) -> _Read:
    found: list[Record] = []
    bad: list[BadRow] = []
    for number, row in enumerate(records.rows(files, mapping)):
        if limit is not None and number >= limit:
            break
        if isinstance(row, Record):
            found.append(row)
        else:
            bad.append(row)
    count = len(found) + len(bad)
    found.sort(key=lambda record: record.opened)
    rules, _ = records.pack_of(found, mapping)
    names = Names(rules)
    plans = []
    for record in found:
        plan = plan_of(record, names)
        if isinstance(plan, Plan):
            plans.append(plan)
        else:
            bad.append(plan)
    return _Read(count, plans, bad, rules)


@contextmanager
def _server(
    options: Namespace, out: Path, read: _Read
) -> Iterator[tuple[str, bytes, Child | None]]:
    """The server to play to and its drill key: the one named, or our own with its process."""
    if options.server:
        if not options.drill_key:
            raise DeskError("server.drill_key", "Give the server's --drill-key FILE.")
        yield options.server, places.drill_key(options.drill_key), None
        return
    key = places.made_drill_key(Path(options.drill_key or out / "replay.drill-key"))
    pack = out / "pack"
    pack.mkdir(parents=True, exist_ok=True)
    for name, data in write_pack(read.rules).items():
        (pack / name).write_bytes(data)
    first = read.plans[0].links[0].at if read.plans else None
    with Child(
        "serve",
        "--practice",
        f"--database={options.database or f'sqlite:///{out}/replay.sqlite'}",
        f"--blobs={out / 'blobs'}",
        f"--pack={pack}",
        f"--drill-key={key}",
        "--port=0",
        *([f"--starts={(first - BEFORE).isoformat()}"] if first else []),
    ) as child:
        yield child.line(serve.READY), places.drill_key(key), child
