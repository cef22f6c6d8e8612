"""What can be typed after `watchdesk components`."""

from argparse import ArgumentParser
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argparse import _SubParsersAction

    Commands = _SubParsersAction[ArgumentParser]
    Made = Callable[[Commands, str, str, str, str], ArgumentParser]


def add(commands: "Commands", made: "Made", server: str) -> None:
    """`components import`, into a running server or into the database of a stopped one."""
    lists = commands.add_parser("components", help="bring in a component register").add_subparsers(
        title="commands", metavar="COMMAND", required=True
    )
    command = made(
        lists,
        "import",
        "components",
        "bring a list of components into the register; the same list again changes nothing",
        "watchdesk components import parts.csv --mapping my-list.toml --user admin",
    )
    command.add_argument("file", help="CSV in UTF-8 or GB 18030")
    command.add_argument(
        "--mapping", default="generic", help="a shipped mapping (generic, gbt47678) or a TOML file"
    )
    command.add_argument(
        "--server", default=server, metavar="URL", help=f"a running server (default: {server})"
    )
    command.add_argument("--user", default="", help="an administrator's sign-in name there")
    command.add_argument(
        "--password-file", metavar="FILE", help="holds the password; else it is asked for"
    )
    command.add_argument("--ca", default="", metavar="FILE", help="authority of its certificate")
    command.add_argument("--drill-key", metavar="FILE", help="a practice log's drill key instead")
    command.add_argument(
        "--database", metavar="URL", help="a database instead, while its server is stopped"
    )
    command.add_argument(
        "--refused", metavar="FILE", help="where refusals go (default: FILE.refused.csv)"
    )
