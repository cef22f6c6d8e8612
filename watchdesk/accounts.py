"""`watchdesk user`: people are added and changed by recorded acts; passwords are kept beside."""

import os
import sys
from argparse import Namespace
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO

from msgspec.structs import replace

from casework import staff_list
from casework.decider import Command, Grant, Personal, Refused
from casework.enquiries import DepartureQuery, DepartureReply
from casework.grants import ROLE_WORDS, read_grants, write_grants
from casework.procedures.account import (
    AddAccount,
    ChangeGrants,
    DescribeAccount,
    DisableAccount,
    EnableAccount,
    ResetPassword,
)
from casework.replies import AccountRow
from casework.staff_list import BadLine, Plan, new_account
from casework.terms import AreaId, Role, UnitId, UserId
from watchdesk.books import Book, book
from watchdesk.failure import EXPECTED, SENTENCES, DeskError
from watchdesk.user_options import GRANT

OWNER_ONLY = 0o600
BAD = 1
"""Exit code when a list has lines that cannot be taken."""
WOULD: dict[type[Command], str] = {
    AddAccount: "would be added",
    ChangeGrants: "would be given other roles",
    DescribeAccount: "would be described anew",
}
"""What a dry run says of each step of a list."""


def run(options: Namespace) -> int:
    """Do one act on a stopped log or a running server; the exit code.

    Raises: DeskError, DatabaseError, Refused, OSError.
    """
    with book(options) as accounts:
        return _ACTS[options.act](accounts, options)


# --- one person --------------------------------------------------------------------------------


def _add(accounts: Book, options: Namespace) -> int:
    held = _grants(options)
    given = _given(options)
    command = new_account(
        user=options.who,
        name=options.name,
        grants=held,
        post=options.post,
        job_number=options.job_number,
        personal=Personal(phone=options.phone) if options.phone else None,
        lasting=bool(given),
    )
    with _Slips(options) as slips:
        slips.add(options.who, options.name, accounts.ask(command, password=given))
    print(f"{options.who} ({options.name}) may sign in: {write_grants(held)}")
    return 0


def _grant(accounts: Book, options: Namespace) -> int:
    held = _grants(options)
    _warn(accounts, options, held)
    return _change(accounts, options, ChangeGrants(grants=held), f"now holds {write_grants(held)}")


def _disable(accounts: Book, options: Namespace) -> int:
    _warn(accounts, options, ())
    return _change(accounts, options, DisableAccount(), "may not sign in any more")


def _warn(accounts: Book, options: Namespace, held: tuple[Grant, ...]) -> None:
    """Say what stays behind if a person holds these grants only; a unit without an officer needs
    one more word. Raises: DeskError."""
    left = accounts.departure(DepartureQuery(user=UserId(options.who), grants=held))
    for sentence in _left_behind(left, accounts):
        print(f"{options.who}: {sentence}", file=sys.stderr)
    if left.units and not (options.yes or _agreed()):
        raise DeskError("account.units_left", "Nothing was done; --yes does it all the same.")


def _left_behind(left: DepartureReply, accounts: Book) -> Iterator[str]:
    """What nobody would have in hand any more."""
    for each in left.units:
        unit = accounts.rules.unit(each.unit)
        name = f"{unit.name} ({each.unit})" if unit is not None else each.unit
        yield f"the only enabled officer of {name}, with {each.cases} open cases."
    if left.in_hand:
        yield f"has {left.in_hand} open cases in hand; they are free when the claim goes stale."
    if left.orders:
        yield f"{left.orders} orders to this inspector are out."


def _agreed() -> bool:
    """Ask who sits at the terminal once more; a script says --yes."""
    return sys.stdin.isatty() and input("Do it all the same? [y/N] ").strip().lower() == "y"


def _enable(accounts: Book, options: Namespace) -> int:
    return _change(accounts, options, EnableAccount(), "may sign in again")


def _change(accounts: Book, options: Namespace, command: Command, said: str) -> int:
    accounts.ask(command, options.who)
    print(f"{options.who} {said}")
    return 0


def _reset(accounts: Book, options: Namespace) -> int:
    given = _given(options)
    with _Slips(options) as slips:
        command = ResetPassword(lasting=bool(given))
        slips.add(options.who, "", accounts.ask(command, options.who, password=given))
    print(f"{options.who} signs in with the new password from now on")
    return 0


def _grants(options: Namespace) -> tuple[Grant, ...]:
    """What `--role` says; `--area` and `--unit` fill in what is left out there."""
    areas = tuple(AreaId(area) for area in options.area)
    held = []
    for grant in (each for text in options.role for each in read_grants(text)):
        unit = grant.unit
        if grant.role is Role.UNIT and unit is None and options.unit:
            unit = UnitId(options.unit)
        held.append(replace(grant, areas=grant.areas or areas, unit=unit))
    return tuple(held)


def _given(options: Namespace) -> str:
    """A program's password from stdin; empty when the server shall make one up."""
    if not options.password_stdin:
        return ""
    given = sys.stdin.readline().rstrip("\r\n")
    if not given:
        raise DeskError("password.missing", "There is no password on stdin.")
    return given


class _Slips:
    """Where one-time passwords go: a file that only its owner reads, or, for a single person, the
    terminal in front of which the administrator sits. Never a pipe that somebody logs."""

    def __init__(self, options: Namespace) -> None:
        self._options = options
        self._file: IO[str] | None = None

    def __enter__(self) -> "_Slips":
        if self._options.passwords:
            self._file = _owner_only(Path(self._options.passwords))
        elif not self._options.password_stdin and (
            self._options.act == "import" or not sys.stdout.isatty()
        ):
            sentence = "Say with --passwords FILE where the one-time passwords are to be written."
            raise DeskError("password.nowhere", sentence)
        return self

    def add(self, user: str, name: str, once: str) -> None:
        """Keep one password, if one was made up; on the disk before the next is asked for."""
        if not once:
            return
        if self._file is None:
            print(f"one-time password of {user}: {once}")
            return
        self._file.write("\t".join(filter(None, (user, name, once))) + "\n")
        self._file.flush()

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()


def _owner_only(path: Path) -> IO[str]:
    """Open to append; a file that others may read is made the owner's first."""
    number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, OWNER_ONLY)
    if hasattr(os, "fchmod"):
        os.fchmod(number, OWNER_ONLY)
    return os.fdopen(number, "a", encoding="utf-8")


# --- many --------------------------------------------------------------------------------------


def _import(accounts: Book, options: Namespace) -> int:
    data = Path(options.file).read_bytes()
    plan = staff_list.plan(data, accounts.accounts(), accounts.rules)
    for bad in plan.bad:
        print(f"{options.file}: {_sentence(bad)}", file=sys.stderr)
    if options.dry_run:
        for step in plan.steps:
            print(f"line {step.line}: {step.user}: {WOULD[type(step.command)]}")
    else:
        plan = _done(accounts, options, plan)
    adds = len({step.user for step in plan.steps if step.adds})
    changes = len({step.user for step in plan.steps if not step.adds})
    would = "would be " if options.dry_run else ""
    print(
        f"{adds} {would}added, {changes} {would}changed, {plan.same} as listed already, "
        f"{len(plan.bad)} lines refused"
    )
    return BAD if plan.bad else 0


def _done(accounts: Book, options: Namespace, plan: Plan) -> Plan:
    """What of the plan could be done; what the log refused after all is told."""
    done, bad = [], list(plan.bad)
    if not any(step.adds for step in plan.steps):
        options.passwords, options.password_stdin = None, True  # nobody needs one
    with _Slips(options) as slips:
        for step in plan.steps:
            try:
                once = accounts.ask(
                    step.command,
                    "" if step.adds else step.user,
                    password="" if step.adds else None,
                )
            except Refused as refused:
                late = BadLine(
                    line=step.line, user=step.user, code=refused.code, detail=refused.detail
                )
                bad.append(late)
                print(f"{options.file}: {_sentence(late)}", file=sys.stderr)
                continue
            slips.add(step.user, getattr(step.command, "name", ""), once)
            done.append(step)
    return Plan(steps=tuple(done), bad=tuple(bad), same=plan.same)


def _sentence(bad: BadLine) -> str:
    facts = ", ".join(f"{name}={value}" for name, value in bad.detail.items())
    said = SENTENCES.get(bad.code, "It was refused.")
    if bad.code == "account.malformed":
        said = EXPECTED.get(bad.column, said)
    column = f", column {bad.column}" if bad.column else ""
    whose = f" {bad.user}:" if bad.user else ""
    return f"line {bad.line}{column}:{whose} {said}{f' ({facts})' if facts else ''} [{bad.code}]"


def _list(accounts: Book, options: Namespace) -> int:
    rows = accounts.accounts()
    if options.csv:
        print(staff_list.write(row for row in rows if row.enabled), end="")
        return 0
    for row in rows:
        print(f"{row.user:<16}  {_seen(row):<17}  {row.name}  {write_grants(row.grants)}")
    return 0


def _seen(row: AccountRow) -> str:
    """When somebody last signed in, UTC, or why never; as wide as an instant."""
    if not row.enabled:
        return "disabled"
    return f"{row.signed_in_at:%Y-%m-%d %H:%M}Z" if row.signed_in_at else "never signed in"


def _show(accounts: Book, options: Namespace) -> int:
    found = [row for row in accounts.accounts() if row.user == options.who]
    if not found:
        raise Refused("account.not_found", user=options.who)
    for name, value in _facts(found[0]):
        print(f"{name:<14}{value}")
    return 0


def _facts(row: AccountRow) -> Iterable[tuple[str, str]]:
    yield "user", row.user
    yield "name", row.name
    yield "roles", write_grants(row.grants)
    yield "post", row.post
    yield "job number", row.job_number
    yield "phone", row.phone
    yield "may sign in", "yes" if row.enabled and row.has_password else "no"
    yield "password", "to be changed" if row.must_change else "own" if row.has_password else "none"
    yield "last sign-in", f"{row.signed_in_at:%Y-%m-%d %H:%M}Z" if row.signed_in_at else "never"
    yield "signed in now", ", ".join(row.seats) or "no"


def _roles(accounts: Book, _options: Namespace) -> int:
    print(f"{GRANT}   several: parted by semicolons, or --role again\n")
    for role in dict.fromkeys(ROLE_WORDS.values()):  # nobody is granted the server's own
        print(f"{role:<14}  {' '.join(word for word, of in ROLE_WORDS.items() if of is role)}")
    rules = accounts.rules
    lists: Sequence[tuple[str, Sequence[tuple[str, str]]]] = (
        ("areas", [(area.id, area.name) for area in rules.areas]),
        ("centres", [(centre.id, centre.name) for centre in rules.centres]),
        ("units", [(unit.id, unit.name) for unit in rules.units]),
    )
    for title, entries in lists:
        print(f"\n{title}")
        for id, name in entries:
            print(f"  {id:<24}  {name}")
    return 0


_ACTS: dict[str, Callable[[Book, Namespace], int]] = {
    "add": _add,
    "import": _import,
    "list": _list,
    "show": _show,
    "grant": _grant,
    "disable": _disable,
    "enable": _enable,
    "reset": _reset,
    "roles": _roles,
}
