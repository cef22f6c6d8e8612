"""`watchdesk db create`: a log is born and not served, so that its first people can be added."""

from argparse import Namespace

from case_server import birth
from casework.pack import encode_rules
from watchdesk import places


def run(options: Namespace) -> int:
    """Bear a real log. Raises: ServerError, PackError, DeskError."""
    rules = encode_rules(places.pack(options.pack))
    log = birth.create(options.database, birth.Wanted(options.log, rules))
    print(f"the log {log} is there; add its first administrator, then serve it")
    return 0
