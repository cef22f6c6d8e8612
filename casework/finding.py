"""查詢: finding a case that is perhaps not at hand. Question and answer: shapes only."""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from casework.case import Case

MOST_FOUND = 100
LONGEST_WANTED = 120
LEAST_FRAGMENT = 2
"""Signs of an address fragment: fewer are in too many addresses to mean anything."""


class FoundBy(StrEnum):
    """What the text was of the case."""

    NUMBER = "number"  # 案卷號
    RECEIPT = "receipt"  # 回執號
    REFERENCE = "reference"  # an earlier or another system's number
    ADDRESS = "address"  # part of the address that was reported


class FindQuery(Struct, frozen=True, kw_only=True, tag="find", forbid_unknown_fields=True):
    """Cases that the session may see, open, ended or imported, by a number or a part of the
    address."""

    text: Annotated[str, Meta(max_length=LONGEST_WANTED)]
    limit: Annotated[int, Meta(ge=1, le=MOST_FOUND)] = 50


class FoundCase(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A case as folded now. `address` is as reported, long numbers in it masked."""

    case: Case
    by: FoundBy
    address: str = ""


class FindReply(Struct, frozen=True, kw_only=True, tag="find"):
    """By number first, then by address, the latest first. `more`: not all are here."""

    cases: tuple[FoundCase, ...]
    more: bool = False
