"""`watchdesk`: one program, one sub-command for each thing that can be done with it.

A sub-command's module is imported only when it runs, so that `--help` is quick and a console needs
no database.
"""

import os
import sys
from collections.abc import Sequence
from importlib import import_module

from watchdesk.failure import sentence_of
from watchdesk.options import parser

FAILED = 2
"""Exit code when a command could not do what it was asked to."""
UNREAD = 141
"""Exit code when nobody reads the output any more (`| head`), as a shell gives for SIGPIPE."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one sub-command; the exit code is 0 when it did what it should."""
    options = parser().parse_args(arguments)
    try:
        code: int = import_module(options.module).run(options)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        return _unread()
    except Exception as error:
        sentence = sentence_of(error)
        if sentence is None:
            raise
        print(f"watchdesk: {sentence}", file=sys.stderr)
        return FAILED
    return code


def _unread() -> int:
    """The reader of the output has gone: what is still to be written goes nowhere, so that Python
    does not complain of it at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return UNREAD


if __name__ == "__main__":
    sys.exit(main())
