"""What every test stands on: no screen, our own font, and a silent log.

A log record of WARNING or above fails the test that caused it, unless the test says that it
expects one: `@pytest.mark.logs("link lost")`, a pattern that must then be found.
"""

import logging
import os
import re
from collections.abc import Iterator

import pytest
from hypothesis import settings
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QApplication

import resources
from tests import refusals

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# Two shared cores: a deadline would measure the neighbours. `--hypothesis-profile=thorough` digs.
settings.register_profile("ordinary", deadline=None, print_blob=True)
settings.register_profile("thorough", deadline=None, print_blob=True, max_examples=2_000)
settings.load_profile("ordinary")


def pytest_addoption(parser: pytest.Parser) -> None:
    refusals.add_option(parser)


def pytest_configure(config: pytest.Config) -> None:
    refusals.register(config)


@pytest.fixture(scope="session")
def qapp(qapp: QApplication) -> QApplication:
    """The application with the shipped font, so that Chinese has the same shape everywhere."""
    for font in sorted((resources.root() / "fonts").iterdir(), key=lambda entry: entry.name):
        if font.name.endswith(".ttf"):
            assert QFontDatabase.addApplicationFontFromData(font.read_bytes()) >= 0
    return qapp


@pytest.fixture(autouse=True)
def silent_log(request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Fail on a record of WARNING or above that no `logs` mark announces, and the reverse."""
    yield
    patterns = [mark.args[0] for mark in request.node.iter_markers("logs")]
    said = [
        record.getMessage()
        for phase in ("setup", "call")
        for record in caplog.get_records(phase)
        if record.levelno >= logging.WARNING
    ]
    surprises = [line for line in said if not any(re.search(p, line) for p in patterns)]
    unheard = [p for p in patterns if not any(re.search(p, line) for line in said)]
    assert (surprises, unheard) == ([], []), "unannounced and unheard log records"
