"""`watchdesk import`: cases of an earlier system into the log, or a list of what will not fit.

The dry run asks the server for nothing but its rule book and gives no command. A real run may be
stopped and started again: ids of commands are made from what they say, and the server holds each
old number to one case.
"""

import asyncio
import csv
import hashlib
from argparse import Namespace
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import msgspec

from backend_client.client import Connection, connect
from backend_client.credentials import drill_token
from casework.decider import Grant, Refused
from casework.old_cases import ImportCase
from casework.old_records import Finding, OldRecords, OldRow
from casework.pack.mapping import Mapping
from casework.pack.records import check_header
from casework.queries import ImportedQuery
from casework.replies import ImportedReply
from casework.rulebook import RuleBook
from casework.staff_list import FORMULA
from casework.terms import Role
from watchdesk import old_files, places
from watchdesk.failure import DeskError
from watchdesk.sign_in_password import password_of

DOES_NOT_FIT = 1
"""Exit code when lines were refused, or when the log does not hold what was read."""
DEVICE = "watchdesk-import"
AT_ONCE = 64
"""Commands on their way: what the desk takes into one transaction."""
PATIENCE = 0.5
"""Seconds to wait when the server asks for fewer commands at a time."""
SHOWN = 20
"""Findings that are printed; all of them stand in the report."""


class Sent(NamedTuple):
    """What became of the rows that fit; `before`, `after`: cases of the system on the server."""

    imported: int
    already: int
    refused: list[Finding]
    before: int
    after: int


def run(options: Namespace) -> int:
    """Import, or try to.

    Raises: DeskError, Refused, PackError, ConnectionError.
    """
    mapping = _mapping(options)
    system = options.system or mapping.history.system
    if not system:
        raise DeskError("import.no_system", "Name the earlier system: --system, or in the mapping.")
    if options.dry_run and options.pack:
        book = OldRecords(mapping, places.pack(options.pack), system=system, now=datetime.now(UTC))
        found = read_file(Path(options.file), book)
        return _tell_trial(found, book, options)
    return asyncio.run(_with_server(options, mapping, system))


async def _with_server(options: Namespace, mapping: Mapping, system: str) -> int:
    async with _session(options) as connection:
        rules: RuleBook = connection.rules
        book = OldRecords(mapping, rules, system=system, now=connection.now())
        found = await asyncio.to_thread(read_file, Path(options.file), book)
        if options.dry_run:
            return _tell_trial(found, book, options)
        sent = await send(connection, found, system)
    return _tell(found, sent, book, options)


def _session(options: Namespace) -> AbstractAsyncContextManager[Connection]:
    drill, password = "", ""
    if options.drill_key:
        grants = (Grant(role=Role.ADMINISTRATOR),)
        drill = drill_token(places.drill_key(options.drill_key), "import", "Import", grants)
    elif not options.user:
        raise DeskError("import.who", "Say with --user who signs in.")
    else:
        password = password_of(options)
    return connect(
        options.server, user=options.user, password=password, drill=drill, device=DEVICE,
        quiet=True, ca_file=options.ca,
    )  # fmt: skip


def _mapping(options: Namespace) -> Mapping:
    """The mapping, with the units of a list of its own: two columns, their name and our id."""
    mapping = places.mapping(options.mapping)
    if not options.units:
        return mapping
    listed = {cells[0]: cells[1] for _, cells in old_files.rows(Path(options.units)) if cells[1:]}
    history = msgspec.structs.replace(mapping.history, units={**mapping.history.units, **listed})
    return msgspec.structs.replace(mapping, history=history)


# --- reading -----------------------------------------------------------------------------------


def read_file(file: Path, book: OldRecords) -> list[OldRow]:
    """Every line of the file, tried against the rule book.

    Raises: DeskError: `records.…`; PackError: columns are missing or doubled.
    """
    rows = old_files.rows(file, book.mapping.delimiter)
    names = [name.strip().removeprefix("\ufeff") for name in next(rows, (1, []))[1]]
    needed = (*book.mapping.columns.named(), *book.mapping.history.named())
    check_header(names, needed)
    return [_read(names, line, cells, book) for line, cells in rows]


def _read(names: Sequence[str], line: int, cells: list[str], book: OldRecords) -> OldRow:
    if len(cells) == len(names):
        return book.read(dict(zip(names, cells, strict=True)), line)
    code, sentence = "record.syntax", "the line is not readable as CSV, or a cell is huge"
    if cells:
        sentence = f"the line has {len(cells)} cells, the table has {len(names)} columns"
        code = "record.cells_wrong"
    return OldRow(line=line, misfits=(Finding(line=line, code=code, sentence=sentence),))


# --- sending -----------------------------------------------------------------------------------


def command_id(command: ImportCase) -> str:
    """The same in every run, so that what was sent twice is done once. 32 hex digits."""
    return hashlib.sha256(b"import\0" + msgspec.json.encode(command)).hexdigest()[:32]


async def send(connection: Connection, rows: Iterable[OldRow], system: str) -> Sent:
    """Give the commands of all rows that fit.

    Raises: Refused: what holds for the session as a whole.
    """
    before = await _here(connection, system)
    head = connection.welcome.head
    tally: Counter[str] = Counter()
    refused: list[Finding] = []
    waiting = iter([row for row in rows if row.command is not None])

    async def work() -> None:
        for row in waiting:
            assert row.command is not None
            try:
                number = await _give(connection, row.command)
            except Refused as error:
                if error.code == "import.already_here":
                    tally["already"] += 1
                else:
                    refused.append(_refusal(row, error))
            else:
                tally["imported" if number > head else "already"] += 1

    await asyncio.gather(*(work() for _ in range(AT_ONCE)))
    after = await _here(connection, system)
    return Sent(tally["imported"], tally["already"], refused, before, after)


async def _give(connection: Connection, command: ImportCase) -> int:
    while True:
        try:
            ack = await connection.ask(command, role=Role.ADMINISTRATOR, id=command_id(command))
        except Refused as refused:
            if refused.code != "session.too_fast":
                raise
            await asyncio.sleep(PATIENCE)
        else:
            return ack.number


async def _here(connection: Connection, system: str) -> int:
    reply = await connection.fetch(ImportedQuery(system=system))
    assert isinstance(reply, ImportedReply)  # to its own question
    return reply.cases


def _refusal(row: OldRow, refused: Refused) -> Finding:
    said = f"the server refused the line: {refused}"
    return Finding(line=row.line, number=row.number, code=refused.code, sentence=said)


# --- telling -----------------------------------------------------------------------------------


def _tell_trial(found: Sequence[OldRow], book: OldRecords, options: Namespace) -> int:
    misfits = [each for row in found for each in row.misfits]
    _findings(found, misfits, book, options)
    bad = sum(bool(row.misfits) for row in found)
    print(f"dry run: {len(found)} lines read = {len(found) - bad} fit + {bad} refused")
    return DOES_NOT_FIT if bad else 0


def _tell(found: Sequence[OldRow], sent: Sent, book: OldRecords, options: Namespace) -> int:
    misfits = [*(each for row in found for each in row.misfits), *sent.refused]
    _findings(found, misfits, book, options)
    bad = sum(bool(row.misfits) for row in found) + len(sent.refused)
    added_up = len(found) == sent.imported + sent.already + bad
    proven = sent.after - sent.before == sent.imported
    print(
        f"{len(found)} lines read {'=' if added_up else '≠'} {sent.imported} imported + "
        f"{sent.already} already here + {bad} refused"
    )
    print(
        f"the server holds {sent.after} cases of {book.system!r}: {sent.before} before "
        f"{'+' if proven else 'and not'} {sent.imported} imported"
    )
    return 0 if added_up and proven and not bad else DOES_NOT_FIT


def _findings(
    found: Sequence[OldRow], misfits: Sequence[Finding], book: OldRecords, options: Namespace
) -> None:
    notes = [each for row in found for each in row.notes]
    if options.report:
        _report(Path(options.report), misfits, notes)
    for each in misfits[:SHOWN]:
        print(f"line {each.line}, {each.column or '–'}: {each.sentence} [{each.code}]")
    if len(misfits) > SHOWN:
        rest = "all are in the report" if options.report else "--report FILE keeps them all"
        print(f"… and {len(misfits) - SHOWN} more; {rest}")
    for code, count in Counter(each.code for each in (*misfits, *notes)).most_common():
        print(f"{count:>8}  {code}")
    for (kind, value), count in sorted(book.unknown.items(), key=lambda item: -item[1]):
        print(f"unknown {kind}: {_shown(value)} · {count}")


def _report(file: Path, misfits: Iterable[Finding], notes: Iterable[Finding]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines, lineterminator="\n")
        writer.writerow(("what", "line", "number", "column", "code", "sentence"))
        writer.writerows(_line("refused", each) for each in misfits)
        writer.writerows(_line("note", each) for each in notes)


def _line(what: str, each: Finding) -> Iterator[str]:
    """Foreign text as text: a spreadsheet must not reckon with it."""
    for cell in (what, str(each.line), each.number, each.column, each.code, each.sentence):
        yield f"'{cell}" if cell.startswith(FORMULA) else cell


def _shown(value: str) -> str:
    return "".join(letter if letter.isprintable() else "�" for letter in value)
