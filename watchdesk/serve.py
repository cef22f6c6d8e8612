"""`watchdesk serve`: a case server until Ctrl-C."""

import asyncio
import logging
from argparse import Namespace
from datetime import datetime

from case_server import server
from casework.pack import encode_rules
from watchdesk import children, places
from watchdesk.failure import DeskError

READY = "ready: "
"""What the line begins with that tells the address."""


def run(options: Namespace) -> int:
    """Serve until SIGINT or SIGTERM.

    Raises: DeskError, ServerError, PackError.
    """
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    for quiet in ("alembic", "websockets"):
        logging.getLogger(quiet).setLevel(logging.WARNING)
    if options.with_parent:
        children.end_with_parent()
    rules = encode_rules(places.pack(options.pack)) if options.pack else None
    starts = _instant(options.starts) if options.starts else None
    key = ""
    if options.practice:
        file = places.drill_key_file(options.database, options.drill_key)
        key = str(places.made_drill_key(file))
    settings = server.Settings(
        database=options.database,
        blobs=options.blobs,
        host=options.host,
        port=options.port,
        practice=options.practice,
        rules_bytes=rules,
        log=options.log,
        drill_key_file=key,
        starts=starts,
        certificate=options.tls_cert,
        private_key=options.tls_key,
    )
    asyncio.run(server.run(settings, _say_ready))
    return 0


def _say_ready(address: str) -> None:
    print(f"{READY}{address}", flush=True)


def _instant(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        sentence = f"{text!r} is no instant such as 2008-06-13T09:40:00+08:00."
        raise DeskError("server.starts", sentence)
    return at
