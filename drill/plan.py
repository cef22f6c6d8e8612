"""A plan: the life that one case is meant to have, link by link.

Records of a replay and the practice city both become plans. A plan knows no socket and no clock.
"""

import hashlib
from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from casework.decider import Command
from casework.terms import Role, State, UnitId


class Pace(StrEnum):
    """When a link without an instant is taken."""

    AFTER = "after"
    """As soon as the link before it is done."""
    BEFORE = "before"
    """Shortly before the next link that has an instant: work that takes the time in between."""


class Link(Struct, frozen=True, kw_only=True):
    """One act of a case's life, given by a session that holds `role` (for `unit`) and no other.

    `at` is the log's instant at which it is taken, `claimed` the instant the command carries; both
    aware UTC. They differ where a record says that a case closed before it opened. A link without
    `at` claims nothing: it is recorded at whatever the log's clock then shows.
    """

    role: Role
    command: Command
    leads_to: State
    """Where the case stands once the link is taken."""
    unit: UnitId | None = None
    at: datetime | None = None
    claimed: datetime | None = None
    pace: Pace = Pace.AFTER


class Plan(Struct, frozen=True, kw_only=True):
    """One case's intended life. The first link reports the case and has an instant; instants
    never go back along the links."""

    reference: str
    """Number of the case in the records; kept in the case, so that a replay can go on."""
    line: int
    """Line of the record in its file, from 1; 0 for an invented case."""
    links: tuple[Link, ...]


def command_id(source: str, reference: str, link: int) -> str:
    """Id of the command of a plan's link: the same in every run, so that what was sent twice is
    done once. 32 hex digits."""
    return hashlib.sha256(f"{source}\0{reference}\0{link}".encode()).hexdigest()[:32]


def next_link(plan: Plan, state: State) -> int | None:
    """Order of the link to take next for a case that stands in `state`.

    None when no link of the plan leads there: somebody else has the case in hand.
    """
    reached = [order for order, link in enumerate(plan.links, 1) if link.leads_to is state]
    return reached[-1] if reached else None
