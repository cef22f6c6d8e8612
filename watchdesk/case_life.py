"""docs/case-life.md, made from the one table of acts: `python -m watchdesk.case_life` prints it.

The words for states and posts are the glossary's, so that nothing is said twice.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from casework import acts
from casework.decider import Command
from casework.life import ACTS, Act
from casework.photos import AttachPhoto
from casework.terms import ENDED, Role, State

GLOSSARY = Path(__file__).parent.parent / "docs" / "glossary.md"

HEAD = """# The life of a case

Made from `casework/life.py` by `python -m watchdesk.case_life > docs/case-life.md`; a test holds
the two equal. Buttons and refusals come from the same table. What an act does beyond it stands in
`casework/decisions.py`.
"""

_EVERY_ACT = """Every act may be refused with `case.wrong_state` (not in this state),
`case.wrong_role` (not in this post), `case.not_yours` (the post is right, but the case is another
area's, unit's or inspector's) and `case.not_found`; and, but for a note, a photo and a look at the
reporter, with `case.stale` when somebody else moved the case in between.
"""

_OWN: dict[type[Command], tuple[str, ...]] = {
    acts.ReportCase: (
        "case.unknown_class",
        "case.unknown_condition",
        "case.unknown_area",
        "grid.bad_code",
        "case.target_needs_practice",
        "case.target_beyond_time",
        "place.*",
    ),
    acts.FileCase: ("case.unknown_class", "case.unknown_condition", "case.no_extended_limit"),
    acts.DispatchCase: ("case.unknown_unit", "case.unit_twice"),
    AttachPhoto: ("photo.too_many", "photo.not_stored", "photo.too_large", "photo.media"),
    acts.CloseCase: ("case.filer_may_not_close",),
    **dict.fromkeys(
        (acts.SendBack, acts.DeclineCase, acts.CancelCase),
        ("case.reason_missing", "case.unknown_reason"),
    ),
}
"""What an act may be refused with beyond the table."""


class Word(NamedTuple):
    """A code of the domain as people say it."""

    zh: str
    english: str

    def __str__(self) -> str:
        return f"{self.zh} {self.english}"


class Words:
    """The glossary's rows by code; states and posts share one code (`unit`), so by section."""

    def __init__(self, glossary: str) -> None:
        self._states = _rows(glossary, "States")
        self._posts = _rows(glossary, "People")

    def state(self, state: State) -> Word:
        """What a state is called. Raises: KeyError: the glossary lacks it."""
        return self._states[state]

    def post(self, role: Role) -> Word:
        """What a post is called, without its other names. Raises: KeyError."""
        word = self._posts[role]
        return Word(re.split("[（(]", word.zh)[0], word.english)


def _rows(glossary: str, section: str) -> dict[str, Word]:
    text = glossary.partition(f"## {section}\n")[2].partition("\n## ")[0]
    cells = (line.strip("| ").split(" | ") for line in text.splitlines() if "`" in line)
    return {code.strip("`"): Word(zh, english) for _, zh, code, english, _ in cells}


def case_life(glossary: str) -> str:
    """The whole page, from the text of the glossary."""
    words = Words(glossary)
    return "\n".join((HEAD, *_diagram(words), "", *_tables(words), *_refusals()))


def _diagram(words: Words) -> Iterator[str]:
    """Every way from state to state; what may be done in many states is left to the tables."""
    yield "```mermaid"
    yield "stateDiagram-v2"
    for state in State:
        yield f"    {state}: {words.state(state)}"
    for act in ACTS:
        for before in act.states or ("[*]",):
            for after in act.to if act.name != "cancel_any" else ():
                yield f"    {before} --> {after}: {act.zh}"
    for state in State:
        if state in ENDED:
            yield f"    {state} --> [*]"
    yield "```"
    yield ""
    yield "Not drawn: a shift leader may cancel (作廢) a case in any live state but 待立案, where"
    yield "they decline it."


def _tables(words: Words) -> Iterator[str]:
    """One table a state: what may be done there, by whom, with which key, leading where."""
    yield "## Acts by state"
    yield ""
    yield from _table(words, "A new case", [act for act in ACTS if not act.states])
    yield from _table(words, "In every state, the ended ones too", list(filter(_anywhere, ACTS)))
    for state in State:
        here = [act for act in ACTS if state in act.states and not _anywhere(act)]
        if here:
            word = words.state(state)
            yield from _table(words, f"{word.zh} · {word.english} (`{state}`)", here)


def _anywhere(act: Act) -> bool:
    return set(act.states) == set(State)


def _table(words: Words, title: str, found: list[Act]) -> Iterator[str]:
    yield f"### {title}"
    yield ""
    yield "| act | command | post | key | next state |"
    yield "| --- | --- | --- | --- | --- |"
    yield from (_row(words, act) for act in found)
    yield ""


def _row(words: Words, act: Act) -> str:
    posts = ", ".join(str(words.post(role)) for role in act.roles)
    after = ", ".join(words.state(each).zh for each in act.to) or "the same"
    cells = (f"{act.zh} `{act.name}`", f"`{act.command.__name__}`", posts, f"`{act.key}`", after)
    return f"| {' | '.join(cells)} |"


def _refusals() -> Iterator[str]:
    yield "## Refusals"
    yield ""
    yield _EVERY_ACT
    yield "| command | may also be refused with |"
    yield "| --- | --- |"
    for command in dict.fromkeys(act.command for act in ACTS):
        if command in _OWN:
            codes = ", ".join(f"`{code}`" for code in _OWN[command])
            yield f"| `{command.__name__}` | {codes} |"
    yield ""


if __name__ == "__main__":
    sys.stdout.write(case_life(GLOSSARY.read_text("utf-8")))
