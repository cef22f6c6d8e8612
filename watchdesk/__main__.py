"""`watchdesk`: one program, one sub-command for each thing that can be done with it.

A sub-command's module is imported only when it runs, so that `--help` is quick and a console needs
no database.
"""

import sys
from collections.abc import Sequence
from importlib import import_module

from watchdesk.failure import sentence_of
from watchdesk.options import parser

FAILED = 2
"""Exit code when a command could not do what it was asked to."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one sub-command; the exit code is 0 when it did what it should."""
    options = parser().parse_args(arguments)
    try:
        code: int = import_module(options.module).run(options)
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        sentence = sentence_of(error)
        if sentence is None:
            raise
        print(f"watchdesk: {sentence}", file=sys.stderr)
        return FAILED
    return code


if __name__ == "__main__":
    sys.exit(main())
