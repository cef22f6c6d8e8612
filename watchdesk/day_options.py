"""What can be typed after `watchdesk day`."""

from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argparse import _SubParsersAction

    Commands = _SubParsersAction[ArgumentParser]
    Made = Callable[[Commands, str, str, str, str], ArgumentParser]

CASES, MOST_OPERATORS, MINUTES = 3_450, 40, 1


def add(commands: "Commands", made: "Made") -> None:
    """`day`: a whole day, and whether anything lies between chairs when it is over."""
    command = made(
        commands,
        "day",
        "day",
        "play a whole day of scripted work and look for cases that nobody has",
        "watchdesk day --cases 240 --operators 12 --round 10",
    )
    command.add_argument(
        "--cases",
        type=_from(1, 20_000),
        default=CASES,
        metavar="N",
        help=f"reports of the day (default: {CASES}, a day of the report's peak month)",
    )
    command.add_argument(
        "--operators",
        type=_from(3, MOST_OPERATORS),
        default=MOST_OPERATORS,
        metavar="N",
        help=f"people at the centre, of all three posts (default and most: {MOST_OPERATORS})",
    )
    command.add_argument(
        "--round",
        type=_from(1, 60),
        default=MINUTES,
        metavar="MINUTES",
        help=f"log time in which everybody acts once (default: {MINUTES})",
    )
    command.add_argument("--pack", default="shenzhen", help="city pack (default: shenzhen)")
    command.add_argument(
        "--database",
        default="",
        metavar="URL",
        help="an empty database to keep the log in (default: SQLite, thrown away)",
    )


def _from(least: int, most: int) -> Callable[[str], int]:
    def number(text: str) -> int:
        if not text.isdecimal() or not least <= int(text) <= most:
            raise ArgumentTypeError(f"{text!r} is not {least} to {most}")
        return int(text)

    return number
