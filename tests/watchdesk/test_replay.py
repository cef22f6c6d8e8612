import asyncio
import csv
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random

import pytest

from backend_client.client import connect
from backend_client.credentials import drill_token
from casework.decider import Grant
from casework.pack.mapping import Mapping
from casework.pack.records import Record
from casework.queries import CaseQuery, TallyQuery
from casework.replies import CaseDetail, TallyReply
from casework.terms import CaseId, Role
from watchdesk import places, records, serve
from watchdesk.children import Child

from .conftest import ROOT, Run, environment

REAL = ROOT.parent / "shared" / "data" / "requests"
HEADER = ("id", "opened", "target", "closed", "class", "group", "title", "text", "unit",
          "department", "district", "address", "lat", "lon", "source", "closure")  # fmt: skip
START = datetime(2015, 3, 1, 9, tzinfo=UTC)


def write_records(file: Path, count: int) -> None:
    """Records with all that can happen: one closes before it opens, one row is bad."""
    dice = Random(5)
    with file.open("w", newline="") as lines:
        writer = csv.writer(lines)
        writer.writerow(HEADER)
        opened = START
        for number in range(count):
            opened += timedelta(seconds=dice.randint(0, 90))
            lasts = dice.choice((None, dice.randint(0, 9), dice.randint(60, 50_000)))
            closed = None if lasts is None else opened + timedelta(seconds=lasts)
            if number == 3:
                closed = opened - timedelta(seconds=40)
            row = dict.fromkeys(HEADER, "")
            row |= {"id": f"R{number}", "class": dice.choice(("Hole", "Lamp", "Noise"))}
            row |= {"unit": dice.choice(("Roads", "Lights")), "opened": f"{opened:%F %T}"}
            row |= {"closed": f"{closed:%F %T}" if closed else ""}
            writer.writerow(
                "yesterday" if number == 7 and n == "opened" else row[n] for n in HEADER
            )


def read_back(file: Path, mapping: str) -> tuple[Mapping, list[Record]]:
    found = places.mapping(mapping)
    rows = records.rows(places.record_files(str(file)), found)
    return found, [row for row in rows if isinstance(row, Record)]


def open_at(rows: list[Record], at: datetime) -> int:
    """By the records: opened by then, and not closed by then."""
    ends = ((row.opened, max(row.opened, row.closed) if row.closed else None) for row in rows)
    return sum(opened <= at and (closed is None or closed > at) for opened, closed in ends)


def holds(out: Path, rows: list[Record]) -> None:
    """The log agrees with the records at every tenth of their instants."""
    instants = sorted({row.opened for row in rows} | {row.closed for row in rows if row.closed})

    async def ask(address: str) -> dict[datetime, int]:
        key = places.drill_key(out / "replay.drill-key")
        token = drill_token(key, "eye", "Eye", [Grant(role=Role.OBSERVER)])
        async with connect(address, drill=token) as connection:
            found = {}
            for at in instants[:: max(1, len(instants) // 40)]:
                tally = await connection.fetch(TallyQuery(at=at))
                assert isinstance(tally, TallyReply)
                found[at] = tally.open
            return found

    with Child("serve", f"--database=sqlite:///{out}/replay.sqlite", "--practice", "--port=0",
               f"--drill-key={out}/replay.drill-key") as server:  # fmt: skip
        found = asyncio.run(ask(server.line(serve.READY)))
    assert found == {at: open_at(rows, at) for at in found}


@pytest.fixture
def from_here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """Children find the packages when the test stands elsewhere."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    return tmp_path  # type: ignore[return-value]  # pytest takes a value as well as a generator


@pytest.mark.slow
def test_records_read_are_cases_recorded_and_rows_refused(watchdesk: Run, from_here: Path) -> None:
    write_records(from_here / "city.csv", 60)
    done = watchdesk("replay", "city.csv", "--mapping", "generic")
    _, rows = read_back(from_here / "city.csv", "generic")
    closed = sum(row.closed is not None for row in rows)
    assert done.stdout.splitlines()[-1] == (
        f"60 records read = 59 cases recorded + 1 refused; {closed} closed, {59 - closed} open"
    )
    assert done.returncode == 0
    refused = (from_here / "out" / "replay-city" / "refused.csv").read_text("utf-8").splitlines()
    assert [line.split(",")[:4] for line in refused[1:]] == [["9", "", "0", "record.time_wrong"]]
    holds(from_here / "out" / "replay-city", rows)


@pytest.mark.slow
def test_a_case_closed_before_it_opened_keeps_its_own_time_as_a_claim(
    watchdesk: Run, from_here: Path
) -> None:
    write_records(from_here / "city.csv", 6)
    watchdesk("replay", "city.csv", "--mapping", "generic", "--out", "o")
    _, rows = read_back(from_here / "city.csv", "generic")

    async def ask(address: str) -> CaseDetail:
        key = places.drill_key("o/replay.drill-key")
        token = drill_token(key, "eye", "Eye", [Grant(role=Role.OBSERVER)])
        async with connect(address, drill=token) as connection:
            found = await connection.fetch(CaseQuery(case=CaseId("practice-20150301-00004")))
            assert isinstance(found, CaseDetail)
            return found

    with Child("serve", "--database=sqlite:///o/replay.sqlite", "--practice", "--port=0",
               "--drill-key=o/replay.drill-key") as server:  # fmt: skip
        detail = asyncio.run(ask(server.line(serve.READY)))
    last = detail.history[-1]
    assert (detail.case.reference, last.at, last.claimed) == ("R3", rows[3].opened, rows[3].closed)


@pytest.mark.slow
@pytest.mark.skipif(not REAL.is_dir(), reason="no records beside the checkout")
def test_real_records_stopped_and_resumed_are_each_there_once(
    watchdesk: Run, from_here: Path, request: pytest.FixtureRequest
) -> None:
    if not hasattr(os, "killpg"):
        pytest.skip("no process groups here")
    command = ("replay", str(REAL), "--mapping", "boston311", "--limit", "300", "--out", "o")
    # a suite that runs in the background would hand on that Ctrl-C is not for it
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    request.addfinalizer(partial(signal.signal, signal.SIGINT, before))
    for stopped_after in (2, 3):
        first = subprocess.Popen(
            [sys.executable, "-m", "watchdesk", *command, "--speed", "90000"],
            env=environment(),
            stdout=subprocess.PIPE,
            text=True,
        )
        assert first.stdout is not None
        for _ in range(stopped_after):
            first.stdout.readline()
        first.send_signal(signal.SIGINT)
        assert "goes on from here" in first.communicate(timeout=30)[0]
        assert first.returncode == 130
    done = watchdesk(*command)
    assert done.stdout.splitlines()[-1].startswith("300 records read = 300 cases recorded + 0")
    holds(from_here / "o", read_back(REAL, "boston311")[1][:300])
