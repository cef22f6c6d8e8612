"""`watchdesk doctor`: what is wrong on this machine, and what to do about it."""

import shutil
import socket
import sqlite3
import sys
from argparse import Namespace
from collections.abc import Callable, Iterator
from ctypes.util import find_library
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import resources
from case_server import uploads
from case_server.database import DatabaseError, open_database, wal_fault
from watchdesk import desk, site_file
from watchdesk.failure import DeskError

PACKAGES = ("PySide6", "msgspec", "websockets", "sqlalchemy", "psycopg", "numpy", "argon2-cffi")
OLDEST_PYTHON = (3, 11)
LIBRARIES = (
    ("EGL", "libegl1"),
    ("GL", "libgl1"),
    ("xkbcommon", "libxkbcommon0"),
    ("xkbcommon-x11", "libxkbcommon-x11-0"),
    ("xcb-cursor", "libxcb-cursor0"),
    ("xcb-icccm", "libxcb-icccm4"),
    ("xcb-keysyms", "libxcb-keysyms1"),
    ("fontconfig", "libfontconfig1"),
    ("dbus-1", "libdbus-1-3"),
)
"""What Qt loads on Linux, with the Debian package that brings it."""
REACH_WITHIN = 2.0
"""Seconds for a server to take a connection."""
LEAST_FREE = 1_000_000_000
"""Bytes: a year of a city's cases fits."""


class Verdict(StrEnum):
    """How it stands with one thing."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


class Finding(NamedTuple):
    """One line of the doctor's: what was looked at, and what to do if it is not well."""

    verdict: Verdict
    said: str


def run(options: Namespace) -> int:
    """Look at everything; 1 when something must be mended."""
    worst = 0
    looks: tuple[Callable[[Namespace], Iterator[Finding]], ...] = (
        _python,
        _packages,
        _screen,
        _fonts,
        _sqlite,
        _database,
        _photos,
        _port,
        _disk,
        _site,
    )
    for look in looks:
        for finding in look(options):
            print(f"{finding.verdict:<4}  {finding.said}")
            worst |= finding.verdict is Verdict.FAIL
    return worst


def _python(_: Namespace) -> Iterator[Finding]:
    here = ".".join(map(str, sys.version_info[:3]))
    well = sys.version_info >= OLDEST_PYTHON
    advice = "" if well else ": Python 3.11 or newer is needed"
    yield Finding(Verdict.OK if well else Verdict.FAIL, f"Python {here}{advice}")


def _packages(_: Namespace) -> Iterator[Finding]:
    for name in PACKAGES:
        try:
            yield Finding(Verdict.OK, f"{name} {version(name)}")
        except PackageNotFoundError:
            yield Finding(Verdict.FAIL, f"{name} is missing: run make setup")


def _screen(_: Namespace) -> Iterator[Finding]:
    if not desk.has_screen():
        yield Finding(Verdict.WARN, "no display: the desk can only run off-screen")
    if sys.platform.startswith("linux"):
        missing = [package for name, package in LIBRARIES if find_library(name) is None]
        if missing:
            yield Finding(
                Verdict.WARN, f"Qt may not start: sudo apt-get install {' '.join(missing)}"
            )
        else:
            yield Finding(Verdict.OK, "the libraries that Qt loads are here")


def _fonts(_: Namespace) -> Iterator[Finding]:
    fonts = [e for e in (resources.root() / "fonts").iterdir() if e.name.endswith(".ttf")]
    if fonts:
        yield Finding(Verdict.OK, f"{len(fonts)} fonts with Chinese are shipped")
    else:
        yield Finding(Verdict.FAIL, "the shipped fonts are missing: install Watchdesk anew")


def _sqlite(_: Namespace) -> Iterator[Finding]:
    said = f"SQLite {sqlite3.sqlite_version}"
    if wal_fault():
        said += " has a known fault with two writers on one file; Watchdesk uses one, keep it so"
    yield Finding(Verdict.WARN if wal_fault() else Verdict.OK, said)


def _database(options: Namespace) -> Iterator[Finding]:
    file = Path(options.database.removeprefix("sqlite:///"))
    if options.database.startswith("sqlite:///") and not file.exists():
        yield Finding(Verdict.OK, f"{file} is not there yet; watchdesk serve makes it")
        return
    try:
        open_database(options.database).close()
    except DatabaseError as error:
        verdict = Verdict.WARN if error.code == "database.locked" else Verdict.FAIL
        yield Finding(verdict, f"database: {error} [{error.code}]")
    else:
        yield Finding(Verdict.OK, "the database can be opened")


def _photos(options: Namespace) -> Iterator[Finding]:
    """Every picture that a case names, read and hashed."""
    file = Path(options.database.removeprefix("sqlite:///"))
    if options.database.startswith("sqlite:///") and not file.exists():
        return
    try:
        database = open_database(options.database, options.blobs)
    except DatabaseError:
        return  # said already
    try:
        if database.blobs is None:
            said = "PostgreSQL has no folder of photos beside it: give --blobs DIR to look at them"
            yield Finding(Verdict.WARN, said)
            return
        whole, missing, altered = uploads.inspect(database)
        folder = database.blobs.folder
    finally:
        database.close()
    for wrong, what in ((missing, "missing"), (altered, "altered")):
        for digest in wrong:
            said = f"photo {digest} is {what} in {folder}: bring it back from a backup"
            yield Finding(Verdict.FAIL, said)
    if not missing and not altered:
        yield Finding(Verdict.OK, f"{whole} photos that cases name are whole in {folder}")


def _port(options: Namespace) -> Iterator[Finding]:
    with socket.socket() as probe:
        if sys.platform != "win32":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", options.port))
        except OSError:
            said = f"port {options.port} is in use: a server runs, or choose another with --port"
            yield Finding(Verdict.WARN, said)
        else:
            yield Finding(Verdict.OK, f"port {options.port} is free")


def _site(options: Namespace) -> Iterator[Finding]:
    """The site file, and whether its servers can be reached."""
    files = [Path(options.site)] if options.site else site_file.default_files()
    try:
        for file in files:
            site_file.read_file(file)
        site = site_file.read_site(options.site)
    except DeskError as error:
        yield Finding(Verdict.FAIL, f"site file: {error} [{error.code}]")
        return
    except OSError as error:
        yield Finding(Verdict.FAIL, f"site file: {error.filename}: {error.strerror}")
        return
    if not files:
        yield Finding(Verdict.OK, "no site file; the desk asks for a server")
        return
    yield Finding(Verdict.OK, f"site file {', '.join(map(str, files))}: seat {site.seat_name}")
    for server in site.servers:
        yield _reached(server.url)


def _reached(url: str) -> Finding:
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "wss" else 80)
    try:
        socket.create_connection((str(parts.hostname), port), timeout=REACH_WITHIN).close()
    except OSError as error:
        return Finding(Verdict.WARN, f"{url} does not answer: {error.strerror or error}")
    return Finding(Verdict.OK, f"{url} answers")


def _disk(_: Namespace) -> Iterator[Finding]:
    free = shutil.disk_usage(Path.cwd()).free
    said = f"{free / 1e9:.1f} GB free on the disk of {Path.cwd()}"
    if free < LEAST_FREE:
        yield Finding(Verdict.WARN, f"{said}: make room before a long run")
    else:
        yield Finding(Verdict.OK, said)
