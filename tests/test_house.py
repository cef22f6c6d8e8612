"""The house rules that no linter knows: hosts, contracts, versions, the font, the Qt pin."""

import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QFont, QRawFont
from PySide6.QtWidgets import QApplication

from casework.catalogue import COMMANDS
from casework.scheme import Clock
from casework.terms import Role, Source, State, Urgency

ROOT = Path(__file__).parent.parent
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
PACKAGES: list[str] = PROJECT["tool"]["importlinter"]["root_packages"]


# --- what is in the files -----------------------------------------------------------------


def project_files() -> list[Path]:
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
    ).stdout.decode()
    return [path for name in listing.split("\0") if (path := ROOT / name).is_file()]


def test_no_file_names_a_package_registry() -> None:
    stems = ("pypi", "pythonhosted", "npmjs", "yarnpkg", "anaconda", "crates")
    host = re.compile(rf"\b({'|'.join(stems)})\.(org|com|io|net|cn)\b|\bpypi\.\w+\.\w+".encode())
    named = {
        f"{path.relative_to(ROOT)}: {found[0].decode()}"
        for path in project_files()
        if (found := host.search(path.read_bytes()))
    }
    assert named == set()


def test_the_glossary_has_every_state_role_source_and_command() -> None:
    listed = set(re.findall(r"`(\w+)`", (ROOT / "docs" / "glossary.md").read_text("utf-8")))
    words = {str(word) for kind in (State, Role, Source, Urgency, Clock) for word in kind}
    commands = {command.__name__ for command in COMMANDS}
    assert words | commands <= listed


def test_each_word_of_the_glossary_is_a_word_of_the_code() -> None:
    text = (ROOT / "docs" / "glossary.md").read_text("utf-8")
    rows = [line for line in text.split("\n## Later pieces")[0].splitlines() if line[:2] == "| "]
    listed = {word for row in rows for word in re.findall(r"`(\w+)`", row)}
    code = "\n".join(
        path.read_text("utf-8")
        for path in project_files()
        if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in PACKAGES
    )
    assert listed - set(re.findall(r"\w+", code)) == set()


# --- versions -----------------------------------------------------------------------------


def locked(name: str) -> dict[str, str]:
    """Requirement line → its hashes, joined; one entry per package and marker."""
    lines = (ROOT / "requirements" / name).read_text("utf-8").replace("\\\n", "")
    pins = [line.split("--hash=", 1) for line in lines.splitlines() if line[0] != "#"]
    return {pin.strip(): hashes for pin, hashes in pins}


def test_every_locked_package_has_a_version_and_a_hash() -> None:
    for pin, hashes in locked("dev.txt").items():
        assert "==" in pin
        assert "sha256:" in hashes


def test_the_development_lock_holds_the_versions_that_run() -> None:
    assert locked("run.txt").items() <= locked("dev.txt").items()


def test_every_dependency_is_locked_to_a_version_that_it_allows() -> None:
    pins = [Requirement(pin) for pin in locked("dev.txt")]
    wanted = PROJECT["project"]["dependencies"] + PROJECT["dependency-groups"]["dev"]
    for requirement in map(Requirement, wanted):
        versions = [
            next(iter(pin.specifier)).version
            for pin in pins
            if pin.name.lower() == requirement.name.lower()
        ]
        assert versions, requirement
        assert all(requirement.specifier.contains(version) for version in versions), requirement


def test_the_changelog_and_the_installed_package_agree_on_the_version() -> None:
    version = PROJECT["project"]["version"]
    headings = re.findall(r"^## \[(.+?)\]", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.M)
    assert metadata.version("watchdesk") == version
    assert headings[:2] in (["Unreleased"], ["Unreleased", version])


# --- who may import whom --------------------------------------------------------------------


@pytest.fixture
def copied_tree(tmp_path: Path) -> Path:
    for package in PACKAGES:
        only_code = shutil.ignore_patterns("__pycache__", "cities", "fonts", "icons")
        shutil.copytree(ROOT / package, tmp_path / package, ignore=only_code)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def broken_contracts(tree: Path) -> set[str]:
    """Names of the import contracts that do not hold in `tree`."""
    run = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=tree,
        env={"PYTHONPATH": str(tree), "COLUMNS": "200"},
        capture_output=True,
        check=False,
        text=True,
    )
    broken = set(re.findall(r"^(.+?) BROKEN", run.stdout, re.M))
    assert (run.returncode == 0) == (not broken), run.stdout + run.stderr
    return broken


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("backend_client", "import console", "floors"),
        ("widgets", "import casework", "widgets-know-no-case"),
        ("console", "import case_server", "console-holds-no-server"),
        ("case_server", "from PySide6 import QtCore", "no-qt-below"),
        ("console", "import sqlalchemy", "sql-in-the-server"),
        ("console", "import drill", "drill-only-from-the-roof"),
        ("casework/terms", "import time", "casework-is-pure"),
        ("casework/terms", "import casework.rulebook", "casework-points-one-way"),
        ("casework/fresh", "import enum", "casework-points-one-way"),
    ],
)
def test_a_forbidden_import_breaks_its_contract(
    copied_tree: Path, module: str, line: str, contract: str
) -> None:
    names = {entry["id"]: entry["name"] for entry in PROJECT["tool"]["importlinter"]["contracts"]}
    path = copied_tree / module
    with (path / "__init__.py" if path.is_dir() else path.with_suffix(".py")).open("a") as source:
        source.write(f"\n{line}\n")
    assert names[contract] in broken_contracts(copied_tree)


# --- Qt ----------------------------------------------------------------------------------------


class Probe(QAbstractTableModel):
    """A model and a signal: the calls that lost references in PySide6 6.12.0 on Python 3.11."""

    told = Signal(object)

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        return 3

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        return 1

    def data(
        self,
        index: QModelIndex | QPersistentModelIndex,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> None:
        return None


CALLS: dict[str, Callable[[Probe], object]] = {
    "signal": lambda probe: probe.told.emit(1),
    "dataChanged": lambda probe: probe.dataChanged.emit(probe.index(0, 0), probe.index(0, 0)),
    "data": lambda probe: probe.index(0, 0).data(1),
    "blockSignals": lambda probe: probe.blockSignals(False),
}


@pytest.mark.parametrize("call", CALLS)
def test_qt_calls_keep_the_references_of_the_singletons(qapp: QApplication, call: str) -> None:
    calls, probe = 200, Probe()
    singletons = (True, False, None)
    before = [sys.getrefcount(value) for value in singletons]
    for _ in range(calls):
        CALLS[call](probe)
    lost = [b - sys.getrefcount(value) for b, value in zip(before, singletons, strict=True)]
    assert all(count < calls // 2 for count in lost), lost


@pytest.mark.parametrize("weight", [QFont.Weight.Normal, QFont.Weight.DemiBold])
def test_the_shipped_font_has_both_scripts_and_the_shapes(
    qapp: QApplication, weight: QFont.Weight
) -> None:
    shown = (
        "值守台立案結案监督員责任單位羅湖鹽田盐田寶安龍崗龙岗回執號"
        "應急预警黃牌視情況定超時逾期井盖鬱龘■▲●→×㎡℃0aZ"
    )
    font = QFont("Noto Sans SC")
    font.setWeight(weight)
    raw = QRawFont.fromFont(font)
    missing = [sign for sign in shown if not raw.supportsCharacter(ord(sign))]
    assert (raw.familyName(), raw.weight(), missing) == ("Noto Sans SC", int(weight), [])
