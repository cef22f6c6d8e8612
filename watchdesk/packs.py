"""`watchdesk pack build` and `watchdesk pack check`."""

from argparse import Namespace
from pathlib import Path

from casework.pack.records import Record
from casework.pack.writing import write_pack
from casework.rules.origins import tallies
from watchdesk import places, records


def run(options: Namespace) -> int:
    """Make or check a pack.

    Raises: DeskError; PackError: with every mistake.
    """
    return _build(options) if options.act == "build" else _check(options)


def _build(options: Namespace) -> int:
    mapping = places.mapping(options.mapping)
    rows = list(records.rows(places.record_files(options.file), mapping))
    found = [row for row in rows if isinstance(row, Record)]
    rules, assumed = records.pack_of(found, mapping)
    out = Path(options.out)
    out.mkdir(parents=True, exist_ok=True)
    for name, data in write_pack(rules).items():
        (out / name).write_bytes(data)
    print(
        f"{out}: {len(rules.scheme.classes)} classes, {len(rules.units)} units, "
        f"{len(rules.areas)} areas from {len(found)} records; {len(rows) - len(found)} rows refused"
    )
    print("What was assumed:")
    for sentence in assumed:
        print(f"- {sentence}")
    return 0


def _check(options: Namespace) -> int:
    rules = places.pack(options.pack)
    print(
        f"{rules.city}: no mistake in {len(rules.scheme.classes)} classes, {len(rules.units)} "
        f"units and {len(rules.areas)} areas"
    )
    for listed, marks in tallies(rules):
        counted = ", ".join(f"{count} {word}" for word, count in marks.items())
        print(f"{listed}: {counted}")
    return 0
