"""A command on its way to the desk."""

from typing import NamedTuple

from case_server.credentials import Secret
from casework.decider import Actor
from casework.wire import Ask


class Submission(NamedTuple):
    """A command with who sent it; `tag` is the sender's own, handed back with the answer. `secret`
    is written beside an account's event, and goes nowhere else. `passwords` tells which of the
    account's passwords let the sender in; None where no account did (the server itself, a drill).
    """

    ask: Ask
    actor: Actor
    tag: object = None
    secret: Secret | None = None
    passwords: int | None = None
