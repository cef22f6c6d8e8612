"""What can be typed: every sub-command with its options, their defaults and an example.

Only names of modules stand here; nothing heavy is imported.
"""

from argparse import ArgumentParser, ArgumentTypeError, RawDescriptionHelpFormatter
from typing import TYPE_CHECKING

from watchdesk import component_options, day_options, gallery_options, user_options
from watchdesk.version_option import VersionOption

if TYPE_CHECKING:
    from argparse import _SubParsersAction

    Commands = _SubParsersAction[ArgumentParser]

ABOUT = """\
Watchdesk (值守台): the dispatch desk of a city's supervision and command centre.

  watchdesk demo                       a practice city on the live desk, all in one
  watchdesk serve --practice --pack shenzhen
                                       a case server to practise on
  watchdesk console --user zhang       the desk, signed in to a server
  watchdesk replay records.csv --mapping boston311
                                       real records through the real door
"""
SERVER = "ws://127.0.0.1:8765"
DATABASE = "sqlite:///out/watchdesk.sqlite"
BLOBS = "folder of the pictures; PostgreSQL needs one (default: beside the SQLite file)"
LAST_PORT = 65_535
FASTEST = 100_000


def parser() -> ArgumentParser:
    """The whole command line."""
    top = ArgumentParser(
        prog="watchdesk", description=ABOUT, formatter_class=RawDescriptionHelpFormatter
    )
    top.add_argument("--version", action=VersionOption)
    commands = top.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _demo(commands)
    _serve(commands)
    _console(commands)
    _replay(commands)
    _import(commands)
    _pack(commands)
    user_options.add(commands, _command, DATABASE)
    component_options.add(commands, _command, SERVER)
    _db(commands)
    _doctor(commands)
    gallery_options.add(commands, _command)
    day_options.add(commands, _command)
    _city(commands)
    return top


def _port(text: str) -> int:
    """The number of a port; argparse says which option is wrong."""
    if not text.isdecimal() or int(text) > LAST_PORT:
        raise ArgumentTypeError(f"{text!r} is no port; give 0 to {LAST_PORT}")
    return int(text)


def _pace(text: str) -> float:
    """City seconds a second; 0 stands still, NaN is below nothing and above nothing."""
    try:
        speed = float(text)
    except ValueError:
        speed = -1.0
    if not 0 <= speed <= FASTEST:
        raise ArgumentTypeError(f"{text!r} is no speed; give 0 to {FASTEST}")
    return speed


def _command(
    commands: "Commands", name: str, module: str, what: str, example: str
) -> ArgumentParser:
    command = commands.add_parser(
        name,
        help=what,
        description=f"{what[0].upper()}{what[1:]}.",
        epilog=f"example:\n  {example}",
        formatter_class=RawDescriptionHelpFormatter,
    )
    command.set_defaults(module=f"watchdesk.{module}")
    return command


def _look(command: ArgumentParser) -> None:
    command.add_argument("--language", choices=("en", "zh_CN", "zh_HK"), help="default: yours")
    command.add_argument("--palette", choices=("day", "night", "safe"), help="safe: for all eyes")
    command.add_argument("--screenshot", metavar="DIR", help="write pictures of the window there")
    command.add_argument("--seconds", type=float, metavar="N", help="close by itself after N s")


def _demo(commands: "Commands") -> None:
    command = _command(
        commands,
        "demo",
        "demo",
        "run a practice city: server, bots and the desk in one",
        "watchdesk demo --as inspector --speed 10",
    )
    command.add_argument(
        "--as",
        dest="post",
        default="duty",
        metavar="POST",
        help="sign in as duty (acceptor, shift leader and dispatcher in one; the default), "
        "acceptor, shift_leader, dispatcher, inspector, administrator or unit:ID (unit:greening)",
    )
    command.add_argument(
        "--speed",
        type=_pace,
        metavar="N",
        help="city seconds a second (default: 1; off-screen 20, so that the pictures show life)",
    )
    command.add_argument("--pack", default="shenzhen", help="city pack (default: shenzhen)")
    command.add_argument(
        "--data", default="out/demo", metavar="DIR", help="where it is kept (default: out/demo)"
    )
    command.add_argument("--fresh", action="store_true", help="begin the practice day anew")
    _look(command)


def _serve(commands: "Commands") -> None:
    command = _command(
        commands,
        "serve",
        "serve",
        "run a case server until Ctrl-C",
        "watchdesk serve --practice --pack shenzhen --database sqlite:///out/practice.sqlite",
    )
    command.add_argument(
        "--database",
        default=DATABASE,
        metavar="URL",
        help=f"sqlite:///FILE or postgresql+psycopg://… (default: {DATABASE})",
    )
    command.add_argument("--blobs", default="", metavar="DIR", help=BLOBS)
    command.add_argument(
        "--pack", metavar="NAME", help="city pack that a new log begins with: a name or a folder"
    )
    command.add_argument(
        "--practice", action="store_true", help="bear a practice log: virtual clock, bots, no SMS"
    )
    command.add_argument("--log", default="", metavar="NAME", help="name of the log")
    command.add_argument("--host", default="127.0.0.1", help="default: this machine only")
    command.add_argument("--port", type=_port, default=8765, help="default: 8765; 0 = a free one")
    command.add_argument(
        "--drill-key",
        metavar="FILE",
        help="key of a practice log's bots; made if absent (default: beside the SQLite file)",
    )
    command.add_argument(
        "--starts", metavar="TIME", help="where a new practice clock begins, ISO 8601 with offset"
    )
    command.add_argument("--tls-cert", default="", metavar="FILE", help="certificate chain, PEM")
    command.add_argument("--tls-key", default="", metavar="FILE", help="its private key, PEM")
    command.add_argument("--with-parent", action="store_true", help="stop when stdin is closed")


def _console(commands: "Commands") -> None:
    command = _command(
        commands,
        "console",
        "desk",
        "open the desk",
        "watchdesk console --server wss://centre.example:8765 --user zhang",
    )
    command.add_argument(
        "--server",
        action="append",
        metavar="URL",
        help=f"may be given several times: one desk on several logs (default: the site file's, "
        f"else {SERVER})",
    )
    command.add_argument(
        "--site",
        metavar="FILE",
        help="servers, CA and seat (default: /etc/watchdesk/site.toml and your own)",
    )
    command.add_argument("--user", default="", help="sign-in name; the password is asked for")
    command.add_argument("--password", default="", help="better left out: others see it in ps")
    command.add_argument(
        "--drill-key", metavar="FILE", help="sign in to a practice log with its drill key"
    )
    command.add_argument(
        "--as", dest="post", default="duty", metavar="POST", help="post to take with a drill key"
    )
    _look(command)


def _replay(commands: "Commands") -> None:
    command = _command(
        commands,
        "replay",
        "replay",
        "send real records through the real door",
        "watchdesk replay boston.csv.gz --mapping boston311 --speed max",
    )
    command.add_argument("file", help="CSV, CSV.GZ, or a folder of them")
    command.add_argument(
        "--mapping", required=True, help="a shipped mapping (boston311, generic) or a TOML file"
    )
    command.add_argument(
        "--speed", default="max", help="record seconds a second, or max (default: max)"
    )
    command.add_argument("--limit", type=int, metavar="N", help="take only the first N records")
    command.add_argument(
        "--out", metavar="DIR", help="log and refusals go there (default: out/replay-NAME)"
    )
    command.add_argument("--database", metavar="URL", help="keep the log there instead")
    command.add_argument("--server", metavar="URL", help="use a running practice server instead")
    command.add_argument("--drill-key", metavar="FILE", help="its drill key")


def _import(commands: "Commands") -> None:
    command = _command(
        commands,
        "import",
        "imports",
        "bring cases of an earlier system into the log",
        "watchdesk import old.xlsx --mapping teamax --user admin --dry-run --report refused.csv",
    )
    command.add_argument("file", help="XLSX, CSV or CSV.GZ; its first line names the columns")
    command.add_argument("--mapping", required=True, help="a shipped mapping or a TOML file")
    command.add_argument("--system", default="", metavar="NAME", help="default: the mapping's own")
    command.add_argument("--units", metavar="FILE", help="CSV of two columns: their name, our id")
    command.add_argument("--dry-run", action="store_true", help="only list what will not fit")
    command.add_argument("--pack", metavar="NAME", help="dry run by a city pack, without a server")
    command.add_argument("--report", metavar="FILE", help="CSV of all that was refused or left out")
    command.add_argument("--server", default=SERVER, metavar="URL", help=f"default: {SERVER}")
    command.add_argument("--user", default="", help="administrator who signs in")
    command.add_argument(
        "--password-file", metavar="FILE", help="the password, if nobody shall be asked"
    )
    command.add_argument("--ca", default="", metavar="FILE", help="the only CA to trust, PEM")
    command.add_argument("--drill-key", metavar="FILE", help="key of a practice log, for no user")


def _pack(commands: "Commands") -> None:
    packs = commands.add_parser("pack", help="make or check a city pack").add_subparsers(
        title="commands", metavar="COMMAND", required=True
    )
    build = _command(
        packs,
        "build",
        "packs",
        "make a city pack from records and tell what was assumed",
        "watchdesk pack build records.csv --mapping my-city.toml --out my-city",
    )
    build.add_argument("file", help="CSV, CSV.GZ, or a folder of them")
    build.add_argument("--mapping", required=True, help="a shipped mapping or a TOML file")
    build.add_argument("--out", required=True, metavar="DIR", help="folder to write")
    build.set_defaults(act="build")
    check = _command(
        packs,
        "check",
        "packs",
        "read a city pack and name every mistake",
        "watchdesk pack check my-city",
    )
    check.add_argument("pack", help="a shipped pack's name or a folder")
    check.set_defaults(act="check")


def _db(commands: "Commands") -> None:
    databases = commands.add_parser("db", help="care for the database").add_subparsers(
        title="commands", metavar="COMMAND", required=True
    )
    create = _command(
        databases,
        "create",
        "create",
        "bear a real log and leave it stopped, so that its first people can be added",
        f"watchdesk db create --pack shenzhen --log 440300 --database {DATABASE}",
    )
    create.add_argument("--pack", required=True, metavar="NAME", help="city pack: name or folder")
    create.add_argument("--log", default="", metavar="NAME", help="default: the city's code")
    create.add_argument("--database", default=DATABASE, metavar="URL", help=f"default: {DATABASE}")
    upgrade = _command(
        databases,
        "upgrade",
        "upgrade",
        "bring a database to this version's schema",
        f"watchdesk db upgrade --database {DATABASE}",
    )
    upgrade.add_argument("--database", default=DATABASE, metavar="URL", help=f"default: {DATABASE}")


def _doctor(commands: "Commands") -> None:
    command = _command(
        commands,
        "doctor",
        "doctor",
        "look at this machine: what is wrong and what to do",
        "watchdesk doctor --database postgresql+psycopg:///watchdesk --blobs photos",
    )
    command.add_argument("--database", default=DATABASE, metavar="URL", help=f"default: {DATABASE}")
    command.add_argument("--blobs", default="", metavar="DIR", help=BLOBS)
    command.add_argument("--port", type=_port, default=8765, help="default: 8765")
    command.add_argument("--site", metavar="FILE", help="site file to look at (default: yours)")


def _city(commands: "Commands") -> None:
    command = _command(
        commands,
        "city",
        "bots",
        "let a practice city live on a running practice server",
        f"watchdesk city --server {SERVER} --drill-key out/practice.drill-key",
    )
    command.add_argument("--server", default=SERVER, metavar="URL", help=f"default: {SERVER}")
    command.add_argument("--drill-key", required=True, metavar="FILE", help="the log's drill key")
    command.add_argument("--speed", type=_pace, default=1.0, help="default: 1")
    command.add_argument("--with-parent", action="store_true", help="stop when stdin is closed")
