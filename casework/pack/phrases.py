"""`phrases.csv`: 習慣用語 of a city pack, sentences for the acts that they go with."""

import re
from collections.abc import Sequence

from casework.pack.files import Row
from casework.rulebook import Phrase

PHRASES = "phrases.csv"
PHRASES_HEAD = "acts id text text_en"
_ACT = re.compile(r"[a-z][a-z_]{0,63}")


def read_phrases(rows: Sequence[Row]) -> tuple[Phrase, ...]:
    """Phrases in the order of the table; `acts` are names with spaces between."""
    seen: set[tuple[str, ...]] = set()
    return tuple(_phrase(row, seen) for row in rows)


def _phrase(row: Row, seen: set[tuple[str, ...]]) -> Phrase:
    row.once(seen, "id")
    acts = tuple(row.needed("acts").split())
    for act in acts:
        if not _ACT.fullmatch(act):
            row.wrong("pack.code_wrong", f"{act!r} is no name of an act")
    return Phrase(
        id=row.code("id"),
        acts=acts,
        text=row.needed("text"),
        text_en=row.text("text_en"),
    )


def phrase_cells(each: Phrase) -> tuple[str, ...]:
    """A phrase's line, as `read_phrases` reads it."""
    return " ".join(each.acts), each.id, each.text, each.text_en
