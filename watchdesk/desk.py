"""`watchdesk console`: the desk, signed in to one or several servers."""

import os
import sys
from argparse import Namespace
from pathlib import Path

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

from backend_client.credentials import Credentials
from console.app import Options, Outcome, Server, run_console
from console.settings import default_drafts
from watchdesk import identities, places
from watchdesk.failure import DeskError
from watchdesk.options import SERVER
from watchdesk.site_file import SiteFile, read_site


def run(options: Namespace) -> int:
    """Open the desk. Without a password and a drill key it asks who signs in.

    Raises: DeskError, Refused, OSError: the pictures' folder cannot be made, no site file read.
    """
    pictures = pictures_folder(options.screenshot)
    if pictures is not None:
        without_screen()
    elif not has_screen() and not os.environ.get("QT_QPA_PLATFORM"):
        sentence = "There is no display here; --screenshot DIR runs the desk off-screen."
        raise DeskError("console.no_display", sentence)
    site = read_site(options.site)
    outcome = run_console(
        Options(
            servers=_servers(options, site),
            device=site.seat_name,
            site_language=site.language,
            site_palette=site.palette,
            language=options.language or "",
            palette=options.palette or "",
            screenshot_dir=pictures,
            drafts_file=default_drafts() if pictures is None else None,
            seconds=options.seconds or Options._field_defaults["seconds"],
        )
    )
    return account(outcome)


def _servers(options: Namespace, site: SiteFile) -> tuple[Server, ...]:
    """Those of the command line, or else the site's, or else one on this machine."""
    who = _who(options)
    if options.server or not site.servers:
        urls = options.server or [SERVER]
        return tuple(Server(url, who, options.user or "", site.trust) for url in urls)
    return tuple(
        Server(each.url, who, options.user or each.user, site.trust) for each in site.servers
    )


def pictures_folder(given: str | None) -> Path | None:
    """The folder for pictures, made now: not when the first is taken. Raises: OSError."""
    if not given:
        return None
    folder = Path(given)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def account(outcome: Outcome) -> int:
    """Say where the pictures lie and what the desk saw meanwhile; the exit code."""
    for path in outcome.screenshots:
        print(path)
    if outcome.screenshots:
        seen = outcome.seen
        lag = "no lag measured" if seen.lag_ms is None else f"lag {seen.lag_ms:.0f} ms"
        print(
            f"{seen.received} cases received, {seen.dispatched} dispatched, {seen.closed} closed; "
            f"1 console; {lag}"
        )
    return outcome.status


def _who(options: Namespace) -> Credentials | None:
    if options.drill_key:
        return identities.credentials(places.drill_key(options.drill_key), options.post)
    if options.user and options.password:
        return Credentials(user=options.user, password=options.password)
    return None


def has_screen() -> bool:
    """Whether a window can be shown: elsewhere than on Linux there always is a screen."""
    if not sys.platform.startswith("linux") or os.environ.get("QT_QPA_PLATFORM"):
        return os.environ.get("QT_QPA_PLATFORM") != "offscreen"
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def without_screen() -> None:
    """Let Qt draw off-screen where there is no screen."""
    if not has_screen():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        qInstallMessageHandler(_pass_on)


def _pass_on(_kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
    """Qt's words, but for what the off-screen platform says of every window that has a size."""
    if "propagateSizeHints" not in message:
        sys.stderr.write(f"{message}\n")
