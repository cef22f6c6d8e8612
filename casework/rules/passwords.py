"""Which passwords a city takes. Length protects; a list keeps out what everybody tries first.

Source: NIST SP 800-63B 3.1.1: a least length, a list of refused ones, no rules about kinds of
characters.
"""

from casework.decider import Refused
from casework.rulebook import Passwords

LONGEST = 200
"""Characters; more would only cost the server time."""


def check(password: str, user: str, of: Passwords) -> None:
    """Whether `user` may have this password.

    Raises:
        Refused: `password.too_short`, `password.too_long`, `password.refused` (on the list, the
            sign-in name, or one character again and again).
    """
    if len(password) < of.least:
        raise Refused("password.too_short", least=str(of.least))
    if len(password) > LONGEST:
        raise Refused("password.too_long", most=str(LONGEST))
    folded = password.casefold()
    if folded in of.refused_ones or folded == user.casefold() or len(set(folded)) == 1:
        raise Refused("password.refused")
