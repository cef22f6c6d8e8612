"""人員名單: a list of people as a spreadsheet saves it → what has to be done, and every bad line.

Columns `user`, `name`, `roles` (as `casework.grants` reads them) and, if wanted, `post`,
`job_number`, `phone`. The list names people to add or to bring up to date; nobody who is missing
in it is touched, and reading the same list again finds nothing to do.
"""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence

import msgspec
from msgspec import Struct

from casework import grants
from casework.decider import Command, Grant, Personal, Refused
from casework.procedures.account import AddAccount, ChangeGrants, DescribeAccount
from casework.replies import AccountRow
from casework.rulebook import RuleBook

NEEDED = ("user", "name", "roles")
COLUMNS = (*NEEDED, "post", "job_number", "phone")
LARGEST = 2 * 1024 * 1024
"""Bytes of a list; ten thousand people need less."""
ENCODINGS = ("utf-8-sig", "gb18030")
"""What spreadsheets save in China, the first that fits."""
_MOST_SAID = 200
"""So much of a wrong first line is said again."""
_FIELD = re.compile(r"`\$\.(\w+)")
"""The field that was found malformed, as the reader of values names it."""
FORMULA = ("=", "+", "-", "@")
"""What a spreadsheet would reckon with at the beginning of a cell."""


class BadLine(Struct, frozen=True, kw_only=True):
    """A line that cannot be taken; `code` and `detail` as of a refusal. Line 1 is the header.
    `column` is the one of `COLUMNS` that is wrong; "" where the line as a whole is."""

    line: int
    column: str = ""
    user: str = ""
    code: str
    detail: dict[str, str] = {}


class Step(Struct, frozen=True, kw_only=True):
    """One thing to do: a command about a person; only adding gives a password."""

    line: int
    user: str
    command: Command

    @property
    def adds(self) -> bool:
        """The person is new."""
        return isinstance(self.command, AddAccount)


class Plan(Struct, frozen=True, kw_only=True):
    """What a list comes to; `same` people are as it says already."""

    steps: tuple[Step, ...] = ()
    bad: tuple[BadLine, ...] = ()
    same: int = 0


def plan(data: bytes, accounts: Iterable[AccountRow], rules: RuleBook) -> Plan:
    """What the list `data` asks for, beside these accounts and by this rule book."""
    known: dict[str, AccountRow] = {row.user: row for row in accounts}
    steps: list[Step] = []
    bad: list[BadLine] = []
    seen: set[str] = set()
    same = 0
    try:
        header, rows = _rows(data)
    except Refused as refused:
        at = int(refused.detail.pop("line", "1"))
        return Plan(bad=(BadLine(line=at, code=refused.code, detail=refused.detail),))
    for line, cells in rows:
        person = dict(zip(header, cells, strict=False))
        try:
            found = _steps(line, _whole(person, header, cells), known, rules, seen)
        except Refused as refused:
            bad.append(_bad(line, person, refused))
            continue
        steps += found
        same += not found
    return Plan(steps=tuple(steps), bad=tuple(bad), same=same)


_ABOUT_THE_PERSON = ("list.twice", "list.disabled")
_ABOUT_THE_ROLES = ("grant.", "account.", "case.")


def _bad(line: int, person: Mapping[str, str], refused: Refused) -> BadLine:
    """The line with the column that is wrong in it."""
    detail = dict(refused.detail)
    column = detail.pop("field", "")
    if refused.code in _ABOUT_THE_PERSON:
        column = "user"
    elif not column and refused.code.startswith(_ABOUT_THE_ROLES):
        column = "roles"
    user = person.get("user", "")
    return BadLine(line=line, column=column, user=user, code=refused.code, detail=detail)


def _rows(data: bytes) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """The header, and each line that is not empty with its number.

    Raises: Refused: `list.too_large`, `list.encoding`, `list.quotes` (with the line),
        `list.columns`.
    """
    reader = csv.reader(io.StringIO(_text(data), newline=""), strict=True)
    rows: list[tuple[int, list[str]]] = []
    line = 1
    try:
        for cells in reader:
            plain = [_plain(cell) for cell in cells]
            if any(plain):
                rows.append((line, plain))
            line = reader.line_num + 1
    except csv.Error:
        raise Refused("list.quotes", line=str(line)) from None
    if not rows:
        raise _wrong_header(())
    return _header(rows[0][1]), rows[1:]


def _plain(cell: str) -> str:
    """Without the apostrophe that keeps a spreadsheet from reckoning."""
    cell = cell.strip()
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA) else cell


def _whole(
    person: Mapping[str, str], header: Sequence[str], cells: Sequence[str]
) -> Mapping[str, str]:
    """Raises: Refused: `list.cells` when the line has more or fewer cells than the header."""
    if len(cells) < len(header) or any(cells[len(header) :]):
        raise Refused("list.cells", cells=str(len(cells)), columns=str(len(header)))
    return person


def _text(data: bytes) -> str:
    if len(data) > LARGEST:
        raise Refused("list.too_large", most=str(LARGEST))
    for encoding in ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused("list.encoding")


def _header(cells: Sequence[str]) -> list[str]:
    names = [cell.casefold() for cell in cells]
    wrong = [name for name in names if name not in COLUMNS]
    if wrong or set(NEEDED) - set(names) or len(set(names)) < len(names):
        raise _wrong_header(cells)
    return names


def _wrong_header(cells: Sequence[str]) -> Refused:
    found = ", ".join(cells)[:_MOST_SAID] or "–"
    return Refused("list.columns", columns=", ".join(COLUMNS), found=found)


def _steps(
    line: int,
    person: Mapping[str, str],
    known: Mapping[str, AccountRow],
    rules: RuleBook,
    seen: set[str],
) -> list[Step]:
    """Raises: Refused: what is wrong with the line."""
    user = person["user"]
    held = grants.read_grants(person["roles"])
    grants.check(held, rules)
    adding = _adding(person, held)
    if user in seen:
        raise Refused("list.twice", user=user)
    seen.add(user)
    before = known.get(user)
    if before is None:
        return [Step(line=line, user=user, command=adding)]
    if not before.enabled:
        raise Refused("list.disabled", user=user)
    commands: list[Command] = []
    if set(held) != set(before.grants):
        commands.append(ChangeGrants(grants=held))
    told = _described(person, before)
    if told != _described({"name": before.name}, before):
        commands.append(told)
    return [Step(line=line, user=user, command=each) for each in commands]


def _adding(cells: Mapping[str, str], held: tuple[Grant, ...]) -> AddAccount:
    phone = cells.get("phone", "")
    fields = {
        "user": cells.get("user", ""),
        "name": cells.get("name", ""),
        "grants": held,
        "post": cells.get("post", ""),
        "job_number": cells.get("job_number", ""),
        "personal": Personal(phone=phone) if phone else None,
    }
    return new_account(**fields)


def new_account(**fields: object) -> AddAccount:
    """The command that adds a person. Raises: Refused: `account.malformed`, with the `field`."""
    try:
        return msgspec.convert(fields, AddAccount, from_attributes=True)
    except msgspec.ValidationError as error:
        named = _FIELD.search(str(error))
        field = named[1] if named else ""
        raise Refused(
            "account.malformed", field="phone" if field == "personal" else field
        ) from None


def _described(cells: Mapping[str, str], before: AccountRow) -> DescribeAccount:
    """Who the person is by the list; a column that it does not have leaves what is known."""
    phone = cells.get("phone", before.phone)
    return DescribeAccount(
        name=cells["name"],
        post=cells.get("post", before.post),
        job_number=cells.get("job_number", before.job_number),
        personal=Personal(phone=phone) if phone else None,
    )


def write(accounts: Iterable[AccountRow]) -> str:
    """A list of people that `plan` reads; a cell that a spreadsheet would take for a formula is
    kept from it by an apostrophe."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in accounts:
        cells = (row.user, row.name, grants.write_grants(row.grants), row.post, row.job_number)
        writer.writerow([_safe(cell) for cell in (*cells, row.phone)])
    return out.getvalue()


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) else cell
