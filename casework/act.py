"""One row of the table of acts (`casework.life`)."""

from msgspec import Struct

from casework.decider import Command
from casework.terms import Role, State


class Act(Struct, frozen=True, kw_only=True):
    """One row of a case's life: in `states`, a person in one of `roles` may give `command`."""

    name: str
    zh: str
    command: type[Command]
    roles: tuple[Role, ...]
    states: tuple[State, ...]
    to: tuple[State, ...] = ()
    """Where it may lead; empty when the case stays."""
    never: tuple[tuple[State, State], ...] = ()
    """Of the ways from `states` to `to` those that do not exist."""
    key: str = ""
    """The key that presses it in the console; empty: pressed elsewhere, or by the desk itself."""
    for_inspector: bool = False
    """Only for the inspector whom the order names, if it names one."""
    for_assignment: bool = False
    """Only for a unit with an assignment under way."""
    undoable: bool = False
    """Its person may take it back for a while (撤銷)."""
    whichever_centre: bool = False
    """Not only at the case's own centre: who handed it over (移交) may take that back."""

    def ways(self, before: State) -> tuple[State, ...]:
        """Where it may lead from `before`."""
        return tuple(to for to in self.to if (before, to) not in self.never)
