"""Runs `watchdesk` as a person does: a process of its own, its output, its exit code."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import refusals

ROOT = Path(__file__).parents[2]
Run = Callable[..., "subprocess.CompletedProcess[str]"]


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"}


@pytest.fixture
def watchdesk(tmp_path: Path) -> Run:
    def run(*arguments: str, given: str = "") -> "subprocess.CompletedProcess[str]":
        ended = subprocess.run(
            [sys.executable, "-m", "watchdesk", *arguments],
            cwd=tmp_path,
            env=environment(),
            input=given,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=80,
            check=False,
        )
        refusals.printed(ended.stderr)
        return ended

    return run
