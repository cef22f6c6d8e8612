"""Who signs in, and with what: the Authorization header of the handshake."""

import hashlib
import hmac
import ssl
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterable
from ipaddress import ip_address
from typing import NamedTuple
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct

from casework.decider import Grant, Refused


class Credentials(Struct, frozen=True, kw_only=True):
    """One way to sign in: a password, a resume token, or the drill token of a practice log.

    Kept in memory only, and never shown.
    """

    user: str = ""
    password: str = ""
    token: str = ""
    drill: str = ""

    def __repr__(self) -> str:
        return f"Credentials(user={self.user!r})"

    @property
    def holder(self) -> str:
        """What tells one person's picture from another's on the same workstation."""
        return self.user or hashlib.sha256((self.drill or self.token).encode()).hexdigest()

    @property
    def lasting(self) -> bool:
        """There is more than a token that may run out."""
        return bool(self.password or self.drill)

    def authorization(self, resume_token: str = "") -> str:
        """The header's value; the server's own resume token goes first, if there is one."""
        if resume_token or (self.token and not self.lasting):
            return f"Bearer {resume_token or self.token}"
        if self.drill:
            return f"Drill {self.drill}"
        pair = f"{self.user}:{self.password}".encode()
        return f"Basic {b64encode(pair).decode()}"


def drill_token(key: bytes, user: str, name: str, grants: Iterable[Grant]) -> str:
    """A token that signs a bot or a guest in to a practice log; real logs refuse it.

    `key` is the practice log's drill key. The form is base64url(JSON) "." hex HMAC-SHA256.
    """
    who = {"user": user, "name": name, "grants": tuple(grants)}
    body = urlsafe_b64encode(msgspec.json.encode(who)).decode()
    return f"{body}.{hmac.new(key, body.encode(), hashlib.sha256).hexdigest()}"


class Trust(NamedTuple):
    """Whose certificates of servers are believed: this machine's authorities or, with a `ca_file`
    (PEM), that one, `alone` or beside them."""

    ca_file: str = ""
    alone: bool = True


def trusted(trust: Trust) -> ssl.SSLContext:
    """The TLS settings that believe them.

    Raises:
        Refused: `server.ca_file` when it cannot be read or holds no certificate.
    """
    try:
        if trust.ca_file and not trust.alone:
            context = ssl.create_default_context()
            context.load_verify_locations(cafile=trust.ca_file)
            return context
        return ssl.create_default_context(cafile=trust.ca_file or None)
    except OSError as error:  # ssl.SSLError is one
        problem = error.strerror or str(error)
        raise Refused("server.ca_file", file=trust.ca_file, problem=problem) from error


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def checked_address(server: str) -> str:
    """The server's address, if a secret may be sent there.

    Raises:
        Refused: `server.address` when it is not ws:// or wss:// with a host,
            `server.not_encrypted` when it is plain ws:// to another machine.
    """
    try:
        parts = urlsplit(server)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise Refused("server.address", address=server) from None
    if parts.scheme not in ("ws", "wss") or not host or parts.username is not None:
        raise Refused("server.address", address=server)
    if parts.scheme == "ws" and not _is_loopback(host):
        raise Refused("server.not_encrypted", address=server)
    return server
