"""City packs: a city as data, read, written and built from its own records. docs/city-pack.md.

`reading` turns files into a `RuleBook` and names every mistake; `writing` is its inverse; `mapping`
and `records` read a city's own records, `building` makes a rule book of them.
"""

from casework.pack.canonical import decode_rules, digest, encode_rules
from casework.pack.files import Mistake, PackError
from casework.pack.reading import FILES, read_pack

__all__ = [
    "FILES",
    "Mistake",
    "PackError",
    "decode_rules",
    "digest",
    "encode_rules",
    "read_pack",
]
