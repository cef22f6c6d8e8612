"""The one canonical form of a rule book, and the digest that names its version."""

import hashlib

import msgspec

from casework.rulebook import RuleBook


def encode_rules(rules: RuleBook) -> bytes:
    """What a journal keeps and a console receives."""
    return msgspec.json.encode(rules, order="sorted")


def decode_rules(data: bytes) -> RuleBook:
    """Raises: msgspec.DecodeError: when the bytes are no encoded rule book."""
    return msgspec.json.decode(data, type=RuleBook)


def digest(rules: RuleBook) -> str:
    """SHA-256 of the canonical form in hexadecimal: the version that a decision names."""
    return hashlib.sha256(encode_rules(rules)).hexdigest()
