"""Where an entry of the rule book comes from, in words."""

from collections.abc import Iterator

from casework.rulebook import RuleBook
from casework.rules.origins import Listed, mark_of, tallies
from console.wording import mark, tr

ORIGINS: dict[str, str] = {
    "report": mark("from the annual report"),
    "standard": mark("from a standard"),
    "second_hand": mark("second hand"),
    "registry": mark("from an official list"),
    "present_day": mark("as of the present day"),
    "records": mark("from records"),
    "implied": mark("implied by records"),
    "assumed": mark("assumed"),
    "invented": mark("invented"),
}
"""Words for `casework.pack.files.MARKS`."""
LISTS: dict[Listed, str] = {
    Listed.SCHEME: mark("Class scheme: {marks}"),
    Listed.CLASSES: mark("Classes: {marks}"),
    Listed.CONDITIONS: mark("Filing conditions and limits: {marks}"),
    Listed.UNITS: mark("Units: {marks}"),
    Listed.RESPONSIBILITIES: mark("Who answers for a class: {marks}"),
    Listed.AREAS: mark("Districts and streets: {marks}"),
    Listed.RESPONSIBILITY_GRIDS: mark("Responsibility grids: {marks}"),
    Listed.PLACES: mark("Place names: {marks}"),
}


def origin(basis: str) -> str:
    """What an entry rests on; an unknown mark as it is, "" for none."""
    word = mark_of(basis)
    return tr(ORIGINS[word]) if word in ORIGINS else word


def whole_origin(basis: str) -> str:
    """As `origin`, with what else is to be known, as the pack writes it."""
    more = basis.partition(":")[2].strip()
    return f"{origin(basis)}: {more}" if more else origin(basis)


def told(rules: RuleBook | None) -> Iterator[str]:
    """One line for each list of a rule book: how many of its entries come from where."""
    for listed, marks in tallies(rules) if rules is not None else ():
        counted = " · ".join(f"{count} {origin(word)}" for word, count in marks.items())
        yield tr(LISTS[listed], marks=counted)
