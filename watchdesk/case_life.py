"""docs/case-life.md, made from the one table of acts: `python -m watchdesk.case_life` prints it.

The words for states and posts are the glossary's, so that nothing is said twice.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from casework import acts, applications, claims
from casework.act import Act
from casework.decider import Command
from casework.life import ACTS, TAKE_NEXT
from casework.photos import AttachPhoto
from casework.terms import ENDED, Role, State

GLOSSARY = Path(__file__).parent.parent / "docs" / "glossary.md"

HEAD = """# The life of a case

Made from `casework/life.py` by `python -m watchdesk.case_life > docs/case-life.md`; a test holds
the two equal. Buttons and refusals come from the same table. What an act does beyond it stands in
`casework/deciding/`.
"""

_EVERY_ACT = """Every act may be refused with `case.wrong_state` (not in this state),
`case.wrong_role` (not in this post), `case.not_yours` (the post is right, but the case is another
area's, centre's, unit's or inspector's) and `case.not_found`; an act of the centre with `case.held`
while a colleague has the case in hand; and, but for what stands beside the line (claims, reminders,
urges, notes, photos, receipts of orders, a look at the reporter), with `case.stale` when somebody
else moved the case in between.
"""

_REASON = ("case.reason_missing", "case.unknown_reason")
_INSPECTOR = ("order.unknown_inspector",)
_CLASS = ("case.unknown_class", "case.unknown_condition")

_OWN: dict[type[Command], tuple[str, ...]] = {
    acts.ReportCase: (
        *_CLASS,
        "case.unknown_area",
        "grid.bad_code",
        "case.target_needs_practice",
        "case.target_beyond_time",
        "component.not_found",
        "component.other_class",
        "place.*",
    ),
    acts.AnswerAtOnce: ("case.answer_missing",),
    acts.OrderVerification: _INSPECTOR,
    acts.OrderCheck: _INSPECTOR,
    acts.FileCase: (*_CLASS, "case.no_extended_limit", "case.no_special_handling"),
    acts.DeclineCase: _REASON,
    acts.DispatchCase: ("case.unknown_unit", "case.unit_twice", "case.unit_of_other_centre"),
    acts.HandOver: ("case.unknown_centre", "case.same_centre", *_REASON),
    acts.AcceptWork: ("case.accepted_already",),
    acts.PullBack: ("case.applied_already",),
    acts.PassDown: (
        "case.unknown_unit",
        "case.not_below",
        "case.unit_twice",
        "case.applied_already",
    ),
    applications.ApplyFor: (
        "case.applied_already",
        "application.unknown_kind",
        "application.too_often",
        "application.too_late",
        "application.lead_only",
        "application.no_limit",
        "application.until_missing",
        "application.until_beyond",
        "application.return_to_above",
        *_CLASS,
        "case.no_extended_limit",
        *_REASON,
    ),
    applications.ApproveApplication: (
        "case.no_application",
        "application.leader_missing",
        "application.until_beyond",
        *_CLASS,
        "case.no_extended_limit",
    ),
    applications.RefuseApplication: ("case.no_application", *_REASON),
    applications.ResumeCase: ("case.not_over",),
    acts.WithdrawDispatch: _REASON,
    acts.MarkDelivered: ("order.delivered_already",),
    acts.MarkRead: ("order.read_already",),
    acts.CloseCase: (
        "case.filer_may_not_close",
        "case.kind_by_the_clock",
        "case.closing_kind_missing",
        "case.self_handled_only",
        *_REASON,
    ),
    acts.ReopenCase: ("case.cannot_reopen_there", *_REASON),
    acts.SendBack: (
        "case.cannot_send_back_there",
        "case.return_by_application",
        "case.applied_already",
        *_REASON,
    ),
    acts.CancelCase: _REASON,
    acts.TakeBack: ("undo.nothing", "undo.not_yours", "undo.not_this", "undo.too_late"),
    claims.ClaimCase: ("case.not_your_turn", "case.held_already", "case.held"),
    claims.TakeNext: ("queue.empty", "case.held"),
    claims.ReleaseClaim: ("case.not_held",),
    claims.TakeOver: ("case.not_held", *_REASON),
    claims.PassOn: ("case.not_your_turn", "case.held", "case.no_such_colleague"),
    claims.LiftUrge: ("case.not_urged",),
    AttachPhoto: ("photo.too_many", "photo.not_stored", "photo.too_large", "photo.media"),
}
"""What an act may be refused with beyond the table."""

_NOT_DRAWN = ("cancel_any", "close_specially", "reopen", "take_back")
"""Acts that lead from nearly everywhere, or to nearly everywhere."""


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
    for (before, after), names in _ways().items():
        yield f"    {before} --> {after}: {'、'.join(names)}"
    for state in State:
        if state in ENDED:
            yield f"    {state} --> [*]"
    yield "```"
    yield ""
    yield "Not drawn: acts that leave a case where it is. A shift leader may cancel (作廢) a case"
    yield "in any live state but 待立案, where they decline it; close it specially (特殊結案) from"
    yield "待派遣 on; and reopen an ended one (歸檔還原) at a link that it once reached. Whoever"
    yield "has just acted at the centre may take that back (撤銷)."


def _ways() -> dict[tuple[str, str], list[str]]:
    """Which acts lead from one state to another, in the order of a case's life."""
    ways: dict[tuple[str, str], list[str]] = {}
    for act in ACTS:
        for before in act.states or ("[*]",):
            for after in () if act.name in _NOT_DRAWN else act.to:
                if before != after and (before, after) not in act.never:
                    ways.setdefault((before, after), []).append(act.zh)
    return ways


def _tables(words: Words) -> Iterator[str]:
    """One table a state: what may be done there, by whom, with which key, leading where."""
    yield "## Acts by state"
    yield ""
    without = [act for act in (*ACTS, TAKE_NEXT) if not act.states]
    yield from _table(words, "Without a case in sight", without)
    yield from _table(words, "In every state, the ended ones too", list(filter(_anywhere, ACTS)))
    for state in State:
        here = [act for act in ACTS if state in act.states and not _anywhere(act)]
        if here:
            word = words.state(state)
            yield from _table(words, f"{word.zh} · {word.english} (`{state}`)", here, state)


def _anywhere(act: Act) -> bool:
    return set(act.states) == set(State)


def _table(
    words: Words, title: str, found: list[Act], before: State | None = None
) -> Iterator[str]:
    yield f"### {title}"
    yield ""
    yield "| act | command | post | key | next state |"
    yield "| --- | --- | --- | --- | --- |"
    yield from (_row(words, act, before) for act in found)
    yield ""


def _row(words: Words, act: Act, before: State | None) -> str:
    posts = ", ".join(str(words.post(role)) for role in act.roles)
    ways = act.to if before is None else act.ways(before)
    after = ", ".join(words.state(each).zh for each in ways) or "the same"
    key = f"`{act.key}`" if act.key else "none"
    cells = (f"{act.zh} `{act.name}`", f"`{act.command.__name__}`", posts, key, after)
    return f"| {' | '.join(cells)} |"


def _refusals() -> Iterator[str]:
    yield "## Refusals"
    yield ""
    yield _EVERY_ACT
    yield "| command | may also be refused with |"
    yield "| --- | --- |"
    for command in dict.fromkeys(act.command for act in (*ACTS, TAKE_NEXT)):
        if command in _OWN:
            codes = ", ".join(f"`{code}`" for code in _OWN[command])
            yield f"| `{command.__name__}` | {codes} |"
    yield ""


if __name__ == "__main__":
    sys.stdout.write(case_life(GLOSSARY.read_text("utf-8")))
