"""Our own words for what a record may say of a case: what is written so needs no mapping.

Each value is known by its code, by the glossary's 简体, 繁體 and English, and by the English that
the console writes into an exported list, so that a list of ours can be read back. Upper and lower
case and the gap between two words make no difference.
"""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from casework.terms import Kind, State, Urgency

E = TypeVar("E", bound=StrEnum)

_STATES: Mapping[State, tuple[str, ...]] = {
    State.REGISTERED: ("待受理", "to accept"),
    State.ANSWERED: ("当即办理", "當即辦理", "answered at once"),
    State.VERIFYING: ("核实中", "核實中", "being verified"),
    State.PREFILED: ("待立案", "to file", "waiting to be filed"),
    State.NOT_FILED: ("不予立案",),
    State.FILED: ("待派遣", "to dispatch", "waiting for dispatch"),
    State.DISPATCHED: ("待处置", "待處置", "to handle"),
    State.HANDLING: ("处置中", "處置中", "being handled"),
    State.SUSPENDED: ("挂账", "掛賬", "缓办", "緩辦"),
    State.FEEDBACK: ("待核查", "to check", "fed back"),
    State.CHECKING: ("核查中", "being checked"),
    State.PENDING_CLOSE: ("待结案", "待結案", "to close", "waiting to be closed"),
    State.CLOSED: ("已结案", "已結案"),
    State.CANCELLED: ("作废", "作廢", "注销", "註銷"),
}
_KINDS: Mapping[Kind, tuple[str, ...]] = {Kind.INCIDENT: ("事件",), Kind.COMPONENT: ("部件",)}
_URGENCIES: Mapping[Urgency, tuple[str, ...]] = {
    Urgency.NORMAL: ("一般",),
    Urgency.URGENT: ("紧急", "緊急"),
    Urgency.CRITICAL: ("特急",),
}


def _folded(word: str) -> str:
    return re.sub(r"[\s_-]+", " ", word.strip()).casefold()


def _known(words: Mapping[E, tuple[str, ...]]) -> dict[str, E]:
    return {_folded(word): of for of, more in words.items() for word in (of.value, *more)}


_OF_STATES, _OF_KINDS, _OF_URGENCIES = _known(_STATES), _known(_KINDS), _known(_URGENCIES)


def state_of(word: str) -> State | None:
    """The state that this word says; None for a word that is not ours."""
    return _OF_STATES.get(_folded(word))


def kind_of(word: str) -> Kind | None:
    """事件 or 部件; None for a word that is not ours."""
    return _OF_KINDS.get(_folded(word))


def urgency_of(word: str) -> Urgency | None:
    """緊急程度; None for a word that is not ours."""
    return _OF_URGENCIES.get(_folded(word))
