"""The door: everything a socket must pass before the upgrade to a websocket.

No browser comes in (a page would send an Origin), nobody without signing in, and no address with
more sockets than its share. Each refusal is HTTP with a JSON body `{"code", "sentence"}`.
Source: trust.md T8-T11.
"""

import socket
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http import HTTPStatus
from ipaddress import ip_address
from weakref import WeakKeyDictionary

import msgspec
from websockets.asyncio.server import ServerConnection
from websockets.http11 import Request, Response

from case_server.users import Person, Users
from casework.decider import Refused

SEND_BUFFER = 128 * 1024
"""Bytes that the operating system may hold for a socket, so that a stuck reader shows early."""
SILENCE = 10_000
"""Milliseconds without an acknowledgement from the network after which a socket is dead: the
library's ping cannot fire while a reader is stuck (trust.md M7b)."""

SENTENCES = {
    "sign_in.browser": "This server does not talk to web pages.",
    "sign_in.required": "Sign in with a name and a password or with a token.",
    "sign_in.wrong": "The name or the password is wrong.",
    "sign_in.disabled": "This account has been disabled.",
    "sign_in.too_many": "Too many tries with a wrong password; wait a minute.",
    "sign_in.token": "The token is not valid here or has run out; sign in again.",
    "sign_in.practice_only": "Drill accounts are for practice logs only.",
    "session.too_many": "This address holds as many sockets as it may.",
}
_STATUS = {
    "sign_in.browser": HTTPStatus.FORBIDDEN,
    "sign_in.too_many": HTTPStatus.TOO_MANY_REQUESTS,
    "session.too_many": HTTPStatus.TOO_MANY_REQUESTS,
}


class Door:
    """Lets people in, and remembers who they are until their session takes over.

    Args:
        loopback_free: no limit on sockets from this machine itself (practice logs).
    """

    def __init__(self, users: Users, sockets_per_address: int, *, loopback_free: bool) -> None:
        self._users = users
        self._most = sockets_per_address
        self._loopback_free = loopback_free
        self._sockets: Counter[str] = Counter()
        self._let_in: WeakKeyDictionary[ServerConnection, Person] = WeakKeyDictionary()

    async def admit(self, connection: ServerConnection, request: Request) -> Response | None:
        """None lets the socket in, a response refuses it (`process_request`)."""
        tune(connection)
        try:
            if request.headers.get_all("Origin"):
                raise Refused("sign_in.browser")
            address = address_of(connection)
            given = request.headers.get_all("Authorization")
            if len(given) != 1:
                raise Refused("sign_in.required")
            with self.socket_of(address):
                person = await self._users.sign_in(given[0], address)
        except Refused as refused:
            return _refusal(connection, refused.code)
        self._let_in[connection] = person
        return None

    def person(self, connection: ServerConnection) -> Person:
        """Who came in with this socket."""
        return self._let_in.pop(connection)

    @contextmanager
    def socket_of(self, address: str) -> Iterator[None]:
        """Count one socket of this address.

        Raises:
            Refused: `session.too_many`.
        """
        if self._sockets[address] >= self._most and not self._is_free(address):
            raise Refused("session.too_many")
        self._sockets[address] += 1
        try:
            yield
        finally:
            self._sockets[address] -= 1
            if not self._sockets[address]:
                del self._sockets[address]

    def _is_free(self, address: str) -> bool:
        return self._loopback_free and is_loopback(address)


def address_of(connection: ServerConnection) -> str:
    """The peer's address, without its port."""
    return str(connection.remote_address[0])


def is_loopback(host: str) -> bool:
    """Whether a host name or address is this machine itself."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def is_private(connection: ServerConnection) -> bool:
    """Whether nobody on the way can read what is sent: over TLS, or within this machine."""
    encrypted = connection.transport.get_extra_info("ssl_object") is not None
    return encrypted or is_loopback(address_of(connection))


def tune(connection: ServerConnection) -> None:
    """Make a dead or stuck peer show; asyncio has switched Nagle's delay off already."""
    raw = connection.transport.get_extra_info("socket")
    with suppress(OSError):  # the peer is gone already
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
        if hasattr(socket, "TCP_USER_TIMEOUT"):
            raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, SILENCE)


def _refusal(connection: ServerConnection, code: str) -> Response:
    body = msgspec.json.encode({"code": code, "sentence": SENTENCES[code]}).decode()
    response = connection.respond(_STATUS.get(code, HTTPStatus.UNAUTHORIZED), body)
    del response.headers["Content-Type"]
    response.headers["Content-Type"] = "application/json"
    if response.status_code == HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = 'Basic realm="watchdesk"'
    return response
