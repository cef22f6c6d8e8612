"""Secrets in their written forms: signed tokens, the Basic header, hashes of passwords."""

import binascii
import hashlib
import hmac
from base64 import b64decode, urlsafe_b64decode, urlsafe_b64encode
from functools import cache
from typing import NamedTuple

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from casework.decider import Refused

_READABLE = "23456789abcdefghijkmnpqrstuvwxyz"
"""32 characters that nobody confuses on paper: no 0 and o, no 1 and l."""
_GROUP, _GROUPS = 4, 3
"""`xxxx-xxxx-xxxx`: 60 bits, for a password that is used once."""

_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
"""Argon2id, 19 MiB, t=2, p=1: OWASP's minimum, about 30 ms (trust.md M10)."""


class Secret(NamedTuple):
    """What is kept of a password, and the one-time password itself if the server made it up."""

    hash: str
    once: str = ""

    def __repr__(self) -> str:
        return "Secret(…)"


def signed(key: bytes, content: bytes) -> str:
    """A token: base64url(content) "." hex HMAC-SHA256."""
    body = urlsafe_b64encode(content).decode()
    return f"{body}.{hmac.new(key, body.encode(), hashlib.sha256).hexdigest()}"


def verified(key: bytes, token: str) -> bytes:
    """A token's content.

    Raises:
        Refused: `sign_in.token` when another key, or nobody, signed it.
    """
    body, _, mark = token.rpartition(".")
    right = hmac.new(key, body.encode(), hashlib.sha256).hexdigest()
    if not hmac.compare_digest(right.encode(), mark.encode()):
        raise Refused("sign_in.token")
    try:
        return urlsafe_b64decode(body)
    except (binascii.Error, ValueError):
        raise Refused("sign_in.token") from None


def pair(given: str) -> tuple[str, str]:
    """(name, password) of HTTP's Basic scheme.

    Raises:
        Refused: `sign_in.required` when it is not that.
    """
    try:
        user, colon, password = b64decode(given, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        raise Refused("sign_in.required") from None
    if not colon:
        raise Refused("sign_in.required")
    return user, password


def hashed(password: str) -> str:
    """The Argon2id hash that is kept of a password. Takes about 30 ms."""
    return _HASHER.hash(password)


def one_time(key: bytes, occasion: str, least: int) -> str:
    """A password to be written down, of at least `least` characters. The same occasion (a command
    sent again after the answer was lost) gives the same one, and none is kept."""
    groups = max(_GROUPS, -(-(least + 1) // (_GROUP + 1)))
    message = b"one-time password\0" + occasion.encode()
    made = hmac.new(key, message, hashlib.sha512).digest()[: groups * _GROUP]
    signs = "".join(_READABLE[byte % len(_READABLE)] for byte in made)
    return "-".join(signs[start : start + _GROUP] for start in range(0, len(signs), _GROUP))


def fits(secret: str, password: str) -> bool:
    """Whether the hash is of this password. Takes about 30 ms."""
    try:
        return _HASHER.verify(secret, password)
    except (VerificationError, InvalidHashError):
        return False


@cache
def nobody() -> str:
    """A hash to check against when the name is unknown, so that it costs the same time."""
    return _HASHER.hash("nobody has this password")
