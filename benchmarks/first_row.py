"""How long until a person who starts the console sees a case: `watchdesk console` as a process of
its own, from its start until the first frame with a row in it is painted.

The limit is a process that paints a bare Qt table with one row. Files are cached: both have run
before the clock does.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks import practice
from benchmarks.figure import Figure, Goal, Run, in_turns
from benchmarks.filling import filled, last_instant
from benchmarks.served import served
from casework.pack import encode_rules

OPEN = 3_000
GOAL = Goal(most=2.5)


def measure(run: Run) -> Iterator[Figure]:
    """With an ordinary day's open cases at the server."""
    told = practice.open_cases(run.size(OPEN, 100))
    url = f"sqlite:///{run.folder}/first_row.db"
    with filled(url, told):
        pass  # the server will open it
    rules = encode_rules(practice.rules())
    with served(run.folder, url, rules, starts=last_instant(told)) as at:
        key = run.folder / "drill.key"

        def console() -> float:
            return _seconds(run.folder, "console", at.address, str(key))

        def bare() -> float:
            return _seconds(run.folder, "bare")

        bare(), console()
        values, bares = in_turns(run, console, bare)
    yield Figure(
        name=f"start to first live row, {len(told.states):,} open cases",
        unit="s",
        values=values,
        limit="bare Qt table, start to first row",
        limits=bares,
        goal=GOAL,
    )


def _seconds(home: Path, *what: str) -> float:
    """From the start of the process until it says that a row is painted."""
    clean = {"QT_QPA_PLATFORM": "offscreen", "XDG_CONFIG_HOME": str(home)}
    # compiled once, as on a workstation, whatever the shell that measures says of it
    clean |= {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(home / "compiled")}
    clean["QT_LOGGING_RULES"] = "default.warning=false"  # off-screen has no window manager
    clean["XDG_CACHE_HOME"] = clean["XDG_STATE_HOME"] = clean["XDG_DATA_HOME"] = str(home)
    begun = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-m", "benchmarks.painted", *what],
        env={**os.environ, **clean},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        taken = time.perf_counter() - begun
    if line.strip() != "painted":
        raise RuntimeError("the measured console painted no row; see its words above")
    return taken
