"""What can be typed after `watchdesk user`."""

from argparse import ArgumentParser
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argparse import _SubParsersAction

    Commands = _SubParsersAction[ArgumentParser]
    Made = Callable[[Commands, str, str, str, str], ArgumentParser]

GRANT = "ROLE[@AREA…][/CENTRE][#GRID…][:UNIT]"
ACTS = {
    "add": (
        "add a person",
        "watchdesk user add zhang --name 张三 --role acceptor --role dispatcher@440305",
    ),
    "import": (
        "add people, or bring them up to date, from a CSV list",
        "watchdesk user import people.csv --dry-run",
    ),
    "list": ("list everybody", "watchdesk user list --csv"),
    "show": ("show one person", "watchdesk user show zhang"),
    "grant": (
        "give a person other roles, in the place of all held",
        "watchdesk user grant zhang --role shift_leader",
    ),
    "disable": ("let a person in no more", "watchdesk user disable zhang"),
    "enable": ("let a disabled person in again", "watchdesk user enable zhang"),
    "reset": (
        "give a person a one-time password",
        "watchdesk user reset zhang --passwords zhang.txt",
    ),
    "roles": ("tell how roles are written, and which areas, centres and units there are",
              "watchdesk user roles"),
}  # fmt: skip


def add(commands: "Commands", made: "Made", database: str) -> None:
    """The sub-commands, each on a stopped log (`--database`) or a running server (`--server`)."""
    users = commands.add_parser("user", help="add, change and disable people").add_subparsers(
        title="commands", metavar="COMMAND", required=True
    )
    for act, (what, example) in ACTS.items():
        command = made(users, act, "accounts", what, example)
        command.set_defaults(act=act)
        if act in ("add", "show", "grant", "disable", "enable", "reset"):
            command.add_argument("who", metavar="USER", help="sign-in name: a-z 0-9 . - _")
        _where(command, database)
        if act in ("add", "grant"):
            _roles(command)
        if act in ("add", "import", "reset"):
            _passwords(command, lasting=act != "import")
        _own(command, act)


def _own(command: ArgumentParser, act: str) -> None:
    """Options of one act only."""
    match act:
        case "add":
            command.add_argument("--name", required=True, help="as colleagues read it")
            command.add_argument("--post", default="", help="title on the door")
            command.add_argument("--job-number", default="", metavar="NUMBER", help="工号")
            command.add_argument("--phone", default="", help="kept beside the record")
        case "import":
            command.add_argument("file", help="columns user, name, roles; post, job_number, phone")
            command.add_argument("--dry-run", action="store_true", help="only say what it would do")
        case "disable" | "grant":
            told = "also when a unit is left without an enabled officer"
            command.add_argument("--yes", action="store_true", help=told)
        case "list":
            command.add_argument("--csv", action="store_true", help="as import reads it")


def _where(command: ArgumentParser, database: str) -> None:
    command.add_argument(
        "--database", metavar="URL", help=f"of a stopped server (default: {database})"
    )
    command.add_argument("--server", metavar="URL", help="a running server instead")
    command.add_argument("--user", default="", help="administrator who signs in to --server")
    command.add_argument(
        "--password-file", metavar="FILE", help="that one's password, if nobody shall be asked"
    )
    command.add_argument("--ca", default="", metavar="FILE", help="the only CA to trust, PEM")
    command.set_defaults(database_default=database)


def _roles(command: ArgumentParser) -> None:
    command.add_argument(
        "--role",
        action="append",
        required=True,
        metavar="GRANT",
        help=f"{GRANT}; may be given several times (watchdesk user roles)",
    )
    command.add_argument("--area", action="append", default=[], help="for each role without one")
    command.add_argument("--unit", help="for the role unit without one")


def _passwords(command: ArgumentParser, *, lasting: bool) -> None:
    """Where they go; a lasting one is one person's only, never that of a whole list."""
    command.add_argument(
        "--passwords",
        metavar="FILE",
        help="add one-time passwords to this file, readable by its owner only",
    )
    command.set_defaults(password_stdin=False)
    if lasting:
        command.add_argument(
            "--password-stdin",
            action="store_true",
            help="a program's own lasting password, read from stdin",
        )
