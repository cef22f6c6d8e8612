"""Where things are: shipped packs and mappings, drill keys, databases."""

import os
import secrets
from collections.abc import Iterable
from importlib.resources.abc import Traversable
from pathlib import Path

import resources
from casework.pack import read_pack
from casework.pack.mapping import Mapping, read_mapping
from casework.rulebook import RuleBook
from casework.rules.component_rows import ComponentMapping, read_component_mapping
from watchdesk.failure import DeskError

_SQLITE = "sqlite:///"


def pack_files(name: str) -> dict[str, bytes]:
    """The files of a shipped pack, or of a folder.

    Raises: DeskError: `pack.not_found`.
    """
    shipped = resources.root() / "cities"
    folder: Traversable = Path(name) if Path(name).is_dir() else shipped / name
    if not folder.is_dir():
        sentence = f"{name!r} is neither a shipped pack ({_names(shipped)}) nor a folder."
        raise DeskError("pack.not_found", sentence)
    return {entry.name: entry.read_bytes() for entry in folder.iterdir() if entry.is_file()}


def pack(name: str) -> RuleBook:
    """The rule book of a pack. Raises: DeskError; PackError: with every mistake."""
    return read_pack(pack_files(name))


def mapping(name: str) -> Mapping:
    """A shipped mapping, or a TOML file.

    Raises: DeskError: `mapping.not_found`; PackError.
    """
    shipped = resources.root() / "mappings"
    file: Traversable = Path(name) if Path(name).is_file() else shipped / f"{name}.toml"
    if not file.is_file():
        sentence = f"{name!r} is neither a shipped mapping ({_names(shipped)}) nor a file."
        raise DeskError("mapping.not_found", sentence)
    return read_mapping(file.read_bytes(), file.name)


def component_mapping(name: str) -> ComponentMapping:
    """A shipped mapping of component lists, or a TOML file.

    Raises: DeskError: `mapping.not_found`; PackError.
    """
    shipped = resources.root() / "registers"
    file: Traversable = Path(name) if Path(name).is_file() else shipped / f"{name}.toml"
    if not file.is_file():
        sentence = f"{name!r} is neither a shipped mapping ({_names(shipped)}) nor a file."
        raise DeskError("mapping.not_found", sentence)
    return read_component_mapping(file.read_bytes(), file.name)


def _names(folder: Traversable) -> str:
    return ", ".join(sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir()))


def drill_key_file(database: str, given: str | None) -> Path:
    """Where a practice log's drill key lies: as given, else beside the SQLite file.

    Raises: DeskError: `server.drill_key` when there is no file to lie beside.
    """
    if given:
        return Path(given)
    if not database.startswith(_SQLITE):
        raise DeskError("server.drill_key", "Give --drill-key FILE: PostgreSQL has no file beside.")
    return Path(database.removeprefix(_SQLITE)).with_suffix(".drill-key")


def made_drill_key(file: Path) -> Path:
    """The file, with a new key if it is absent; only its owner may read it.

    Raises: DeskError: `server.drill_key`.
    """
    if file.exists():
        return file
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(file, flags, 0o600), "wb") as new:
            new.write(secrets.token_hex(32).encode())
    except OSError as error:
        said = f"The drill key {file} cannot be written: {error.strerror}."
        raise DeskError("server.drill_key", said) from None
    return file


def drill_key(file: str | Path) -> bytes:
    """The key. Raises: DeskError: `server.drill_key`."""
    try:
        return Path(file).read_bytes()
    except OSError as error:
        said = f"The drill key {file} cannot be read: {error.strerror}."
        raise DeskError("server.drill_key", said) from None


def record_files(given: str) -> list[Path]:
    """The CSV files meant: one, or all of a folder by name.

    Raises: DeskError: `records.not_found`.
    """
    path = Path(given)
    files = sorted(_csv(path.iterdir())) if path.is_dir() else [path]
    if not files or not files[0].is_file():
        raise DeskError("records.not_found", f"{given} is no CSV file and no folder with any.")
    return files


def _csv(files: Iterable[Path]) -> list[Path]:
    return [file for file in files if file.name.endswith((".csv", ".csv.gz"))]
