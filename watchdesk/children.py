"""Child processes that end with their parent, however it ends.

A child holds the reading end of a pipe as its stdin; when the parent is gone the pipe closes, and
the child ends itself. Works where there are no process groups.
"""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from types import TracebackType

from watchdesk.failure import DeskError

STOP_WITHIN = 8.0
"""Seconds a child has to end in good order."""


class Child:
    """One `watchdesk` sub-command in its own process; its stdout is read line by line."""

    def __init__(self, *arguments: str) -> None:
        self._process = subprocess.Popen(
            [*_program(), *arguments, "--with-parent"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        self._name = arguments[0]

    def line(self, start: str) -> str:
        """The rest of the next line that begins with `start`.

        Raises: DeskError: `child.ended` when the process ends first; it has said why.
        """
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if line.startswith(start):
                return line.removeprefix(start).strip()
        raise DeskError("child.ended", f"«watchdesk {self._name}» ended; see the message above it.")

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def running(self) -> bool:
        """It has not ended."""
        return self._process.poll() is None

    def __enter__(self) -> "Child":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            self._process.wait(STOP_WITHIN)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()


def _program() -> Sequence[str]:
    if getattr(sys, "frozen", False):  # a bundle is its own interpreter
        return [sys.executable]
    return [sys.executable, "-m", "watchdesk"]


def end_with_parent() -> None:
    """Interrupt this process when its stdin closes. Ctrl-C is for the parent alone: it closes the
    pipe when it has come to its own end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def wait() -> None:
        while os.read(0, 4096):
            pass
        if hasattr(signal, "SIGTERM") and sys.platform != "win32":
            os.kill(os.getpid(), signal.SIGTERM)
        else:
            os._exit(0)

    threading.Thread(target=wait, name="parent", daemon=True).start()
