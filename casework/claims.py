"""Who has a case in hand (我的), who is reminded, whose eye is on it (督辦).

Nothing here moves a case along its links, so that nothing here makes another's act stale.
"""

from typing import Annotated

from msgspec import Meta

from casework.acts import Named, Opinion, Short
from casework.decider import Command, Event
from casework.terms import State, UserId


class ClaimCase(Command, frozen=True, kw_only=True):
    """領取: I have this one in hand."""

    additive = True


class TakeNext(Command, frozen=True, kw_only=True):
    """領取下一件: the server picks the most urgent free case that waits for the role, never the
    same for two. `states` narrows the search; empty: every link of the role. The answer's stream
    names the case."""

    additive = True
    states: tuple[State, ...] = ()


class ReleaseClaim(Command, frozen=True, kw_only=True):
    """放回: it is free again."""

    additive = True


class TakeOver(Command, frozen=True, kw_only=True):
    """接管: a leader takes a case out of another's hands, with a reason."""

    additive = True
    reason: Short
    opinion: Opinion = ""


class PassOn(Command, frozen=True, kw_only=True):
    """轉交: into the hands of a colleague of the same post, within the link."""

    additive = True
    to: Named
    opinion: Opinion = ""


class RemindUnits(Command, frozen=True, kw_only=True):
    """催辦: ask those who have it to hurry."""

    additive = True
    opinion: Opinion = ""


class UrgeCase(Command, frozen=True, kw_only=True):
    """督辦: a leader has an eye on it; `leader` is the leader's name as given."""

    additive = True
    leader: Annotated[str, Meta(min_length=1, max_length=40)]
    opinion: Opinion = ""


class LiftUrge(Command, frozen=True, kw_only=True):
    """解除督辦."""

    additive = True
    opinion: Opinion = ""


class CaseClaimed(Event, frozen=True, kw_only=True):
    """By the actor, who took it `next` from the queue or chose it."""

    next: bool = False


class ClaimReleased(Event, frozen=True, kw_only=True):
    pass


class ClaimTakenOver(Event, frozen=True, kw_only=True):
    held_by: UserId
    """Who had it until now."""
    reason: str
    opinion: str = ""


class CasePassedOn(Event, frozen=True, kw_only=True):
    to: UserId
    opinion: str = ""


class UnitsReminded(Event, frozen=True, kw_only=True):
    opinion: str = ""


class CaseUrged(Event, frozen=True, kw_only=True):
    leader: str
    opinion: str = ""


class UrgeLifted(Event, frozen=True, kw_only=True):
    opinion: str = ""
