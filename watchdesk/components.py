"""`watchdesk components import`: a site's list of components into the register, and the reckoning.

Every row is registered, changed, unchanged or refused; the same list again changes nothing.
"""

import asyncio
import csv
import io
import time
from argparse import Namespace
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import asynccontextmanager
from itertools import islice
from pathlib import Path

from backend_client.credentials import Credentials
from casework.decider import Command, Refused
from casework.pack.records import BadRow
from casework.procedures.component import ChangeComponent, RegisterComponent
from casework.rulebook import RuleBook
from casework.rules.component_id import LENGTHS
from casework.rules.component_rows import (
    ComponentMapping,
    ComponentRow,
    local_fit_rms,
    read_components,
)
from casework.rules.register import Component, component_stream
from casework.terms import ComponentId, ComponentState, UnitId
from console.refusals import refusal
from watchdesk import identities, places
from watchdesk.failure import DeskError
from watchdesk.register_doors import Door, database_door, socket_door
from watchdesk.sign_in_password import password_of

AT_ONCE = 500
"""Rows that are looked up together; their commands are on their way together."""
LISTED = 20
"""Refusals that are printed; the file holds all of them."""
SAY_EVERY = 5.0
"""Seconds between two lines of progress."""
ENCODINGS = ("utf-8-sig", "gb18030")
SOME_REFUSED = 1
"""Exit code when a row was refused."""
FIELDS = ("point", "name", "owner", "maintainer", "grid", "state", "basis", "note")

Told = Callable[[BadRow, str], None]


def run(options: Namespace) -> int:
    """Bring the list in and reckon.

    Raises: DeskError, DatabaseError, PackError, Refused.
    """
    mapping = places.component_mapping(options.mapping)
    rms = local_fit_rms(mapping)
    if rms is not None:
        print(f"The control points lie {rms:.2f} m (rms) off their own fit.")
    text = read_text(Path(options.file))
    refusals = Refusals(Path(options.refused or f"{options.file}.refused.csv"))
    found = asyncio.run(_bring(options, mapping, text, refusals))
    return _tell(found, refusals)


def read_text(file: Path) -> str:
    """A list in UTF-8 or, where it is none, GB 18030.

    Raises: DeskError: `records.unreadable`.
    """
    try:
        data = file.read_bytes()
    except OSError as error:
        raise DeskError("records.unreadable", f"{file} cannot be read: {error.strerror}.") from None
    for encoding in ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    sentence = f"{file} is neither UTF-8 nor GB 18030."
    raise DeskError("records.unreadable", sentence)


async def _bring(
    options: Namespace, mapping: ComponentMapping, text: str, refusals: "Refusals"
) -> Counter[str]:
    async with _door(options) as door:
        lines = io.StringIO(text, newline="")
        rows = read_components(lines, mapping, unit_names(door.rules))
        return await bring(door, rows, refusals.add)


@asynccontextmanager
async def _door(options: Namespace) -> AsyncIterator[Door]:
    if options.database:
        async with database_door(options.database) as door:
            yield door
    else:
        async with socket_door(options.server, _credentials(options), options.ca) as door:
            yield door


def _credentials(options: Namespace) -> Credentials:
    if options.drill_key:
        return identities.keeper(places.drill_key(options.drill_key))
    if not options.user:
        raise DeskError("components.who", "Give --user NAME, an administrator; or --database URL.")
    return Credentials(user=options.user, password=password_of(options))


def unit_names(rules: RuleBook) -> dict[str, UnitId]:
    """The rule book's units by every name that a list may call them."""
    return {
        name: unit.id for unit in rules.units for name in (unit.name_en, unit.name, unit.id) if name
    }


# --- row by row --------------------------------------------------------------------------------


async def bring(door: Door, rows: Iterable[ComponentRow | BadRow], told: Told) -> Counter[str]:
    """Bring rows in, some hundred at a time: how many were `read`, `registered`, `changed`,
    `unchanged` and `refused`. `told` hears of each refused row, with its component's id."""
    tally: Counter[str] = Counter()
    said, waiting = time.monotonic(), iter(rows)
    while some := list(islice(waiting, AT_ONCE)):
        entries = [row for row in some if isinstance(row, ComponentRow)]
        for bad in some:
            if isinstance(bad, BadRow):
                tally["refused"] += 1
                told(bad, "")
        ids = [ComponentId(row.id) for row in entries if len(row.id) in LENGTHS]
        known = await door.known(ids)
        tally.update(await asyncio.gather(*(_one(door, row, known, told) for row in entries)))
        tally["read"] += len(some)
        if time.monotonic() - said > SAY_EVERY:
            said = time.monotonic()
            print(f"{tally['read']} rows …", flush=True)
    return tally


async def _one(door: Door, row: ComponentRow, known: dict[str, Component], told: Told) -> str:
    before = known.get(row.id)
    command: Command
    if before is None:
        command = _registering(row)
    else:
        given = {name: getattr(row, name) for name in FIELDS}
        changed = {
            name: value
            for name, value in given.items()
            if value is not None and value != getattr(before, name)
        }
        if not changed:
            return "unchanged"
        command = ChangeComponent(**changed)
    try:
        await door.give(command, component_stream(ComponentId(row.id)))
    except Refused as refused:
        sentence = refusal(refused.code, **refused.detail)
        told(BadRow(line=row.line, code=refused.code, sentence=sentence), row.id)
        return "refused"
    return "registered" if before is None else "changed"


def _registering(row: ComponentRow) -> RegisterComponent:
    return RegisterComponent(
        id=ComponentId(row.id),
        point=row.point,
        name=row.name or "",
        owner=row.owner or "",
        maintainer=row.maintainer or "",
        grid=row.grid,
        state=row.state or ComponentState.INTACT,
        basis=row.basis,
        note=row.note or "",
    )


# --- what became of it -------------------------------------------------------------------------


class Refusals:
    """The CSV of what was refused: line, id, code, sentence."""

    COLUMNS = ("line", "id", "code", "sentence")

    def __init__(self, file: Path) -> None:
        self.file = file
        self.rows: list[tuple[int, str, str, str]] = []

    def add(self, bad: BadRow, id: str) -> None:
        """A refused row, with the component's id where the row could be read."""
        self.rows.append((bad.line, id, bad.code, bad.sentence))

    def write(self) -> Iterator[str]:
        """Write them in the order of their lines; the first ones as lines to print."""
        self.rows.sort()
        with self.file.open("w", encoding="utf-8", newline="") as lines:
            writer = csv.writer(lines, lineterminator="\n")
            writer.writerow(self.COLUMNS)
            writer.writerows((line, _quiet(id), code, _quiet(s)) for line, id, code, s in self.rows)
        for line, id, code, sentence in self.rows[:LISTED]:
            yield f"line {line}{f', {id}' if id else ''}: {sentence} [{code}]"
        if len(self.rows) > LISTED:
            yield f"… and {len(self.rows) - LISTED} more"


def _quiet(text: str) -> str:
    """A foreign text that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def _tell(found: Counter[str], refusals: Refusals) -> int:
    kinds = ("registered", "changed", "unchanged", "refused")
    parts = " + ".join(f"{found[kind]} {kind}" for kind in kinds)
    equals = "=" if found["read"] == sum(found[kind] for kind in kinds) else "≠"
    for line in refusals.write():
        print(line)
    print(f"{found['read']} read {equals} {parts}")
    if refusals.rows:
        print(f"Every refusal: {refusals.file}")
    return SOME_REFUSED if refusals.rows or equals != "=" else 0
