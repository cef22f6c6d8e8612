"""The ways in which an act of the table can be done: a day uses each of them, not the act alone."""

from collections.abc import Iterable

from casework import acts, applications
from casework.case import Case
from casework.decider import Command
from casework.links import REOPENED_TO, SENT_BACK_TO
from casework.terms import Application, ClosingKind, State

BY_THE_CLOCK = "by the clock"
"""A closing that is normal or late, as the deadline says."""
SPECIALLY = (ClosingKind.SPECIAL, ClosingKind.ERROR, ClosingKind.FORCED, ClosingKind.INFORMATION)
"""The kinds of closing that a leader chooses."""


def way_of(command: Command, case: Case | None) -> str:
    """How this command does its act; "" where there is but one way."""
    match command:
        case acts.ReportCase(handled=handled):
            return "report handled" if handled else "report"
        case acts.VerifyReport(confirmed=yes):
            return f"verify {_word(yes)}"
        case acts.CheckCase(passed=yes):
            return f"check {_word(yes)}"
        case acts.FileCase(handling=handling):
            return f"file {handling}"
        case acts.ReopenCase(link=link):
            return f"reopen {link}"
        case _:
            return _of_the_rest(command, case)


def _of_the_rest(command: Command, case: Case | None) -> str:
    match command:
        case acts.CloseCase(kind=closing):
            return f"close {closing or BY_THE_CLOCK}"
        case applications.ApplyFor(kind=kind):
            return f"apply {kind}"
        case applications.ApproveApplication():
            waiting = case.application.waiting if case is not None and case.application else None
            return f"approve {waiting.kind}" if waiting is not None else ""
        case acts.SendBack(to=to) if case is not None and case.state is State.PENDING_CLOSE:
            return f"send back {to or SENT_BACK_TO[case.state][1][0]}"
        case _:
            return ""


def _word(said: bool) -> str:
    return "yes" if said else "no"


def _every() -> Iterable[str]:
    yield from ("report", "report handled", "verify yes", "verify no", "check yes", "check no")
    yield from (f"file {handling}" for handling in acts.Handling)
    yield from (f"close {kind}" for kind in (BY_THE_CLOCK, *SPECIALLY))
    yield from (f"reopen {link}" for link in REOPENED_TO)
    yield from (f"{act} {kind}" for act in ("apply", "approve") for kind in Application)
    yield from (f"send back {to}" for to in SENT_BACK_TO[State.PENDING_CLOSE][1])


WAYS = frozenset(_every())
"""Every way of every act that has several."""
