"""What a figure depends on: the machine it was measured on, and what else it had to do."""

import os
import platform
import sqlite3
import subprocess
import time
from pathlib import Path
from statistics import median

from tests.postgres import server_binaries

BLOCK = 4096
TIMES = 200


def facts(folder: Path) -> dict[str, str]:
    """Name → value, ready to be shown."""
    return {
        "processor": _processor(),
        "cores": str(os.cpu_count()),
        "system": platform.platform(),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "postgresql": _postgresql(),
        "fsync": f"{fsync_milliseconds(folder):.2f} ms (4 KiB appended, median of {TIMES})",
        "load": load(),
    }


def load() -> str:
    """Processes that want a core, over 1, 5 and 15 minutes."""
    if not hasattr(os, "getloadavg"):  # Windows
        return "unknown"
    return " ".join(f"{each:.2f}" for each in os.getloadavg())


def fsync_milliseconds(folder: Path) -> float:
    """How long a small append takes to be durable where the databases lie."""
    taken = []
    with (folder / "fsync").open("wb", buffering=0) as file:
        for _ in range(TIMES):
            begun = time.perf_counter()
            file.write(bytes(BLOCK))
            os.fsync(file.fileno())
            taken.append(time.perf_counter() - begun)
    return median(taken) * 1000


def _processor() -> str:
    described = Path("/proc/cpuinfo")
    if described.exists():
        for line in described.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _postgresql() -> str:
    binaries = server_binaries()
    if binaries is None:
        return "not installed: its figures are left out"
    said = subprocess.run(
        [binaries / "postgres", "--version"], check=True, capture_output=True, text=True
    )
    return said.stdout.partition(") ")[2].strip()
