"""`python -m benchmarks`: what the parts can do on this machine, as a table and as JSON."""

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import msgspec

from benchmarks import machine, table
from benchmarks.figure import Figure, Run
from benchmarks.served import THREADS
from tests.postgres import running_postgres

NAMES = ("limits", "desk", "urgent", "news", "joining", "queue", "map", "first_row", "records")
"""Modules of this package, each with a `measure(run)`, in the order of the table."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; the exit code says nothing of goals: a busy machine is no defect."""
    given = _parser().parse_args(arguments)
    unknown = [name for name in given.only if name not in NAMES]
    if unknown:
        print(f"unknown: {', '.join(unknown)}; there are {', '.join(NAMES)}", file=sys.stderr)
        return 2
    if given.records is None:
        print("Without --records: the practice city's own cases are replayed, none are read.")
    if given.quick:
        print("--quick: small numbers and one round; a trial, not to be compared.")
    begun = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="wd-bench-") as folder, running_postgres() as postgres:
        run = Run(
            folder=Path(folder),
            records=given.records,
            postgres=postgres,
            quick=given.quick,
            profile=given.profile,
        )
        facts = machine.facts(run.folder)
        print(table.of_facts(facts))
        figures = _measure(run, given.only or NAMES)
    facts["load at the end"] = machine.load()
    print(f"\n{table.of_figures(figures)}")
    print(f"\nload at the end {machine.load()}; {time.perf_counter() - begun:.0f} s in all")
    if given.json is not None:
        given.json.write_bytes(msgspec.json.format(msgspec.json.encode(_report(facts, figures))))
    return 0


def _measure(run: Run, names: Sequence[str]) -> list[Figure]:
    figures = []
    for name in names:
        for figure in import_module(f"benchmarks.{name}").measure(run):
            figures.append(figure)
            print(table.line(figure), flush=True)
    return figures


def _report(facts: dict[str, str], figures: Sequence[Figure]) -> dict[str, Any]:
    """Everything that was measured, round by round."""
    return {
        "machine": facts,
        "figures": [
            {
                **msgspec.to_builtins(figure),
                "value": figure.value,
                "limit_value": figure.limit_value,
                "ratio": figure.ratio,
                "met": figure.met,
            }
            for figure in figures
        ],
    }


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="Measure what the parts can do, each figure beside a limit of the same run.",
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all rounds there, too")
    parser.add_argument("--records", type=Path, metavar="DIR", help="real records (boston311 CSV)")
    parser.add_argument(
        "--only",
        type=lambda text: text.split(","),
        default=[],
        metavar="NAME,…",
        help=f"of {', '.join(NAMES)}",
    )
    parser.add_argument("--quick", action="store_true", help="small numbers, one round: a trial")
    parser.add_argument(
        "--profile",
        choices=THREADS,
        default="",
        help="print where the time of `desk` goes: in which thread of the server, or the client",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
