"""Every refusal code is met: what the product really says no with, collected over a whole run.

The source of each package says which codes it can refuse with; each that it raised, that the server
said, that the desk made a sentence of or that a command printed while the tests ran is met. A run
of the whole suite fails for those that never were; `pytest --refusals tests/casework
tests/case_server` asks the same of the rules and the server, sooner.
"""

import ast
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from types import FrameType
from typing import Any, NamedTuple

import pytest

import backend_client.session
import case_server.birth
import case_server.database
import case_server.greeting
import watchdesk.failure
import widgets.picture_reading
from casework import wire
from casework.decider import Refused
from casework.rules import component_id, component_rows, grid, projection
from console import refusals
from console.refusals import REFUSALS

ROOT = Path(__file__).resolve().parents[1]
RULES = ("casework", "case_server")
"""The packages that refuse; the others show what these said."""
SAYING = ("backend_client", "console", "drill", "watchdesk", "widgets")
"""What they have codes of their own for: a lost link, a file that cannot be written, no picture."""
EVERY = (*RULES, *SAYING)
CODE = re.compile(r"[a-z_]+\.[a-z_]*[a-z]")
_OF_A_PACK = ("casework", "pack")
"""A city pack's mistakes are told by file and line, all at once; they refuse no act."""
_READINGS = frozenset({"place.unknown_code"})
"""What stands beside a typed place while it is typed: no act is refused with it."""
ERRORS: tuple[type[Exception], ...] = (
    Refused,
    case_server.database.DatabaseError,
    case_server.greeting.Dismissed,
    case_server.birth.ServerError,
    grid.GridError,
    component_id.ComponentIdError,
    component_rows._RowError,
    projection.ControlPointsError,
    backend_client.session.LinkError,
    watchdesk.failure.DeskError,
    widgets.picture_reading.PictureError,
)
_NAMES = frozenset({*(error.__name__ for error in ERRORS), "Nack", "Bye", "Reply"})
_SENTENCES = (("console", "refusals.py"), ("watchdesk", "failure.py"))
"""Where the words for codes stand."""
_IN_BRACKETS = re.compile(r"\[([a-z_]+\.[a-z_]*[a-z])\]")


class Met(NamedTuple):
    """A refusal code and the package that says it."""

    package: str
    code: str


# --- what can be said -----------------------------------------------------------------------------


def catalogue(packages: Iterable[str] = EVERY) -> set[Met]:
    """Every code that the packages' own source can say."""
    return {
        Met(package, code)
        for package in packages
        for file in sorted((ROOT / package).rglob("*.py"))
        if file.relative_to(ROOT).parts[:2] not in (_OF_A_PACK, *_SENTENCES)
        for code in _of(package, ast.parse(file.read_text("utf-8")))
        if code not in _READINGS
    }


def _of(package: str, module: ast.Module) -> Iterator[str]:
    """Codes that refusals are made with; in the packages that refuse, and at the desk, also those
    that functions answer with (hindrances, doubts) and tables hold, by having a sentence."""
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in _NAMES:
            given = [*node.args[:1], *(word.value for word in node.keywords if word.arg == "code")]
            yield from (code for each in given for code in texts(each))
        elif package in (*RULES, "console") and isinstance(node, ast.Constant):
            code = str(node.value)
            if code in REFUSALS and (package in RULES or code not in _rules_own()):
                yield code


@cache
def _rules_own() -> frozenset[str]:
    """What the rules and the server say themselves: the desk passes it on, or looks for it."""
    return frozenset(each.code for each in catalogue(RULES))


def texts(of: ast.AST) -> set[str]:
    """Texts in a piece of source that have the form of a code."""
    return {
        node.value
        for node in ast.walk(of)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and CODE.fullmatch(node.value)
    }


# --- what was said --------------------------------------------------------------------------------

MET: set[Met] = set()


def _package(frame: FrameType | None) -> str:
    """The package whose code this is; "" for a test's and anybody else's."""
    file = Path(frame.f_code.co_filename) if frame is not None else ROOT
    name = file.relative_to(ROOT).parts[:1] if file.is_relative_to(ROOT) else ()
    return name[0] if name and name[0] in EVERY else ""


def _keep(code: object, frame: FrameType | None) -> None:
    note(_package(frame), code)


def note(package: str, code: object) -> None:
    """A code that the package has said; a desk without a hub is heard by who waits for its
    answers."""
    if package and isinstance(code, str) and (CODE.fullmatch(code) or code in REFUSALS):
        MET.add(Met(package, code))


def printed(text: str) -> None:
    """What a command of its own process wrote to people: `… [code]`, from whichever package."""
    for code in _IN_BRACKETS.findall(text):
        for package in EVERY:
            note(package, code)


def _listen(error: type[Exception]) -> None:
    """Keep the code of each such error with the package that made it."""
    init: Callable[..., None] = error.__init__

    def heard(self: Exception, *args: Any, **more: Any) -> None:
        init(self, *args, **more)
        said = getattr(self, "code", None) or getattr(getattr(self, "bye", None), "code", "")
        _keep(said or (args[0] if args else ""), sys._getframe(1))

    setattr(error, "__init__", heard)  # noqa: B010  a method is not assigned to


def _overhear() -> None:
    """Keep the code of each message that the server writes, and of each that the desk makes a
    sentence of."""
    encode, sentence = wire.encode, refusals.refusal

    def written(message: wire.Message) -> bytes:
        _keep(getattr(message, "code", None), sys._getframe(1))
        return encode(message)

    def worded(code: str, /, **detail: str) -> str:
        _keep(code, sys._getframe(1))
        return sentence(code, **detail)

    wire.encode = written
    refusals.refusal = worded


# --- the run --------------------------------------------------------------------------------------

_OUTPUT = "refusals"


def add_option(parser: pytest.Parser) -> None:
    """`--refusals`."""
    parser.addoption(
        "--refusals",
        action="store_true",
        help="fail for refusal codes of casework and case_server that this run never met"
        " (the whole suite: of every package)",
    )


def begin() -> None:
    """Listen from now on."""
    for error in ERRORS:
        _listen(error)
    _overhear()


def is_whole(config: pytest.Config) -> bool:
    """Whether the run is of the whole suite: nothing was chosen and nothing left out."""
    given = {Path(arg).resolve() for arg in config.args}
    chosen = any(config.getoption(name, None) for name in ("keyword", "markexpr", "lf", "maxfail"))
    return given <= {ROOT, ROOT / "tests"} and not chosen


def missing(config: pytest.Config) -> list[Met]:
    """What this run should have met and did not; nothing where it was not asked to."""
    if is_whole(config):
        return sorted(catalogue() - MET)
    return sorted(catalogue(RULES) - MET) if config.getoption("refusals") else []


class AtTheEnd:
    """The controller's part: gather what the workers met, and fail for what nobody did."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._missing: list[Met] = []

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any, error: object) -> None:
        MET.update(Met(*each) for each in getattr(node, "workeroutput", {}).get(_OUTPUT, ()))

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        ran = session.exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED)
        if ran and not self._config.option.collectonly:
            self._missing = missing(self._config)
        if self._missing:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self._missing:
            terminalreporter.section("refusal codes that no test met", red=True)
        for each in self._missing:
            terminalreporter.line(f"{each.package}: {each.code}")


class InAWorker:
    """A worker's part: hand over what it met."""

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        output = getattr(session.config, "workeroutput", {})
        output[_OUTPUT] = [tuple(each) for each in MET]


def register(config: pytest.Config) -> None:
    """Take part in the run, as its controller or as one of its workers."""
    begin()
    is_worker = hasattr(config, "workerinput")
    config.pluginmanager.register(InAWorker() if is_worker else AtTheEnd(config), "refusals")
