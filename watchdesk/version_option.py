"""`--version`, which looks the number up when somebody asks for it: that is dear, and seldom."""

from argparse import Action, ArgumentParser
from collections.abc import Sequence


class VersionOption(Action):
    """Prints the installed version and ends."""

    def __init__(self, option_strings: Sequence[str], dest: str) -> None:
        super().__init__(option_strings, dest, nargs=0, help="show the version and exit")

    def __call__(self, parser: ArgumentParser, *_: object, **_more: object) -> None:
        print(installed())
        parser.exit()


def installed() -> str:
    """The installed version; a checkout that runs without being installed has none."""
    from importlib.metadata import PackageNotFoundError, version  # dear to import

    try:
        return version("watchdesk")
    except PackageNotFoundError:
        return "checkout"
