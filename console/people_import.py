"""A list of people becomes accounts, one after the other, and each one-time password a line in a
file that only its owner reads."""

import os
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from casework.staff_list import BadLine, Plan, Step
from casework.wire import Passwords
from console.people import Answer, People

AGAIN_MS = 500
OWNER_ONLY = 0o600


class PeopleImport(QObject):
    """Works one plan off at a time."""

    progressed = Signal()
    finished = Signal()

    def __init__(self, people: People, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._people = people
        self._steps: list[Step] = []
        self._slips = Path()
        self.done = self.total = 0
        self.bad: list[BadLine] = []
        self.running = False
        self._again = QTimer(self, singleShot=True, interval=AGAIN_MS)
        self._again.timeout.connect(self._next)
        people.answered.connect(self._take)

    def start(self, plan: Plan, slips: Path) -> None:
        """Begin; what the plan refuses already stays refused.

        Raises: OSError: the file for the passwords cannot be written.
        """
        if any(step.adds for step in plan.steps):
            os.close(_opened(slips))
        self._slips, self._steps = slips, list(plan.steps)
        self.done, self.total, self.bad = 0, len(plan.steps), list(plan.bad)
        self.running = True
        self._next()

    @Slot()
    def _next(self) -> None:
        self.progressed.emit()
        if not self._steps:
            self.running = False
            self.finished.emit()
            return
        step = self._steps[0]
        passwords = Passwords() if step.adds else None
        self._people.ask(step.command, "" if step.adds else step.user, passwords=passwords)

    @Slot(object)
    def _take(self, answer: Answer) -> None:
        if not self.running or answer.command is not self._steps[0].command:
            return
        if answer.code == "session.too_fast":
            self._again.start()
            return
        step = self._steps.pop(0)
        if answer.code:
            bad = BadLine(line=step.line, user=step.user, code=answer.code, detail=answer.detail)
            self.bad.append(bad)
        else:
            self.done += 1
            self._keep(step, answer.once)
        self._next()

    def _keep(self, step: Step, once: str) -> None:
        """On the disk before the next is asked for; a disk that is full is a refused line, since
        the person can be given another password."""
        if not once:
            return
        name = getattr(step.command, "name", "")
        try:
            with os.fdopen(_opened(self._slips), "a", encoding="utf-8") as file:
                file.write(f"{step.user}\t{name}\t{once}\n")
        except OSError as error:
            why = error.strerror or str(error)
            self.bad.append(
                BadLine(
                    line=step.line,
                    user=step.user,
                    code="export.failed",
                    detail={"file": self._slips.name, "why": why},
                )
            )


def _opened(path: Path) -> int:
    number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, OWNER_ONLY)
    if hasattr(os, "fchmod"):
        os.fchmod(number, OWNER_ONLY)
    return number
