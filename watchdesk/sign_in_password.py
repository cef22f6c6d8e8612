"""The password that a command of this program signs in with: from a file, or asked for."""

import getpass
import warnings
from argparse import Namespace
from pathlib import Path

from watchdesk.failure import DeskError


def password_of(options: Namespace) -> str:
    """That of `--user`, out of `--password-file`, or typed unseen.

    Raises:
        DeskError: `password.no_terminal`, nobody can be asked without the password being seen.
        OSError: the file cannot be read.
    """
    if options.password_file:
        return Path(options.password_file).read_text("utf-8").rstrip("\r\n")
    with warnings.catch_warnings():
        warnings.simplefilter("error", getpass.GetPassWarning)
        try:
            return getpass.getpass(f"Password of {options.user}: ")
        except (getpass.GetPassWarning, EOFError) as error:
            sentence = f"There is no terminal to ask for the password of {options.user}; "
            sentence += "give --password-file."
            raise DeskError("password.no_terminal", sentence) from error
