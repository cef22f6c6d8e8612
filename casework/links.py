"""環節: the links of a case's life, whose turn it is at each, and which ways lead back.

Source: domain.md 2.1-2.6.
"""

from collections.abc import Mapping

from casework.terms import AT_THE_UNITS, Role, State

S = State

HOLDERS: Mapping[State, Role] = {
    S.REGISTERED: Role.ACCEPTOR,
    S.VERIFYING: Role.INSPECTOR,
    S.PREFILED: Role.SHIFT_LEADER,
    S.FILED: Role.DISPATCHER,
    S.DISPATCHED: Role.UNIT,
    S.HANDLING: Role.UNIT,
    S.SUSPENDED: Role.UNIT,
    S.FEEDBACK: Role.ACCEPTOR,
    S.CHECKING: Role.INSPECTOR,
    S.PENDING_CLOSE: Role.SHIFT_LEADER,
}
"""Whose turn it is at each link."""
APPROVER = Role.SHIFT_LEADER
"""For whom an application waits (待審批)."""
DECIDED_IN: tuple[State, ...] = (S.DISPATCHED, S.HANDLING)
"""The states in which the approver can decide an application: nobody can during a suspension."""
ORDERER = Role.ACCEPTOR
"""Who sends orders to inspectors, and looks after those that are late."""
ORDERED: tuple[State, ...] = (S.VERIFYING, S.CHECKING)
"""The states in which an order is out."""

LINKS: tuple[frozenset[State], ...] = (
    frozenset({S.REGISTERED, S.VERIFYING}),
    frozenset({S.PREFILED}),
    frozenset({S.FILED}),
    AT_THE_UNITS,
    frozenset({S.FEEDBACK, S.CHECKING}),
    frozenset({S.PENDING_CLOSE}),
)
"""Links as people hold them: a claim lasts while its case moves within one."""

SENT_BACK_TO: Mapping[State, tuple[Role, tuple[State, ...]]] = {
    S.PREFILED: (Role.SHIFT_LEADER, (S.REGISTERED,)),
    S.FILED: (Role.DISPATCHER, (S.PREFILED,)),
    S.DISPATCHED: (Role.UNIT, (S.FILED,)),
    S.HANDLING: (Role.UNIT, (S.FILED,)),
    S.FEEDBACK: (Role.ACCEPTOR, (S.HANDLING,)),
    S.PENDING_CLOSE: (Role.SHIFT_LEADER, (S.FEEDBACK, S.HANDLING)),
}
"""回退: who sends a case back from a state, and to which links, the usual one first."""

REOPENED_TO: tuple[State, ...] = (
    S.REGISTERED,
    S.PREFILED,
    S.FILED,
    S.HANDLING,
    S.FEEDBACK,
    S.PENDING_CLOSE,
)
"""歸檔還原: the links that may be named. How far the case had come before bounds them further."""


def waits_for(role: Role) -> tuple[State, ...]:
    """The states in which it is this role's turn, in the order of a case's life."""
    return tuple(state for state, holder in HOLDERS.items() if holder is role)
