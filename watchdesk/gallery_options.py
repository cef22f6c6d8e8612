"""What can be typed after `watchdesk gallery`."""

from argparse import ArgumentParser
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argparse import _SubParsersAction

    Commands = _SubParsersAction[ArgumentParser]
    Made = Callable[[Commands, str, str, str, str], ArgumentParser]

FOLDER = "out/gallery"


def add(commands: "Commands", made: "Made") -> None:
    """`gallery`: every pane, or one, in every look, or one."""
    command = made(
        commands,
        "gallery",
        "gallery",
        "write a picture of every pane, in each language and palette",
        "watchdesk gallery --only record --language zh_CN --palette day --size 1366x768",
    )
    command.add_argument("--only", default="", metavar="PANE", help="one pane or scene")
    command.add_argument("--language", choices=("en", "zh_CN", "zh_HK"), help="default: each")
    command.add_argument("--palette", choices=("day", "night", "safe"), help="default: each")
    command.add_argument(
        "--size", default="", choices=("1366x768", "1920x1080"), help="default: both"
    )
    command.add_argument(
        "--compare",
        action="store_true",
        help="name the pictures that are others in a window that never had another look",
    )
    command.add_argument(
        "--out", default=FOLDER, metavar="DIR", help=f"folder for the pictures (default: {FOLDER})"
    )
