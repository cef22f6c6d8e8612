"""案卷的一生: the one table of who may do what with a case, when, and where that leads.

Buttons, refusals and docs/case-life.md all come from `ACTS`. Source: domain.md 2.1-2.6.
"""

from msgspec import Struct

from casework.acts import (
    AddNote,
    CancelCase,
    CheckCase,
    CloseCase,
    DeclineCase,
    DispatchCase,
    FeedBack,
    FileCase,
    OrderCheck,
    OrderVerification,
    PassForFiling,
    ReportCase,
    SendBack,
    ShowContact,
    VerifyReport,
)
from casework.decider import Command
from casework.photos import AttachPhoto
from casework.terms import ENDED, Role, State


class Act(Struct, frozen=True, kw_only=True):
    """One row of a case's life: in `states`, a person in one of `roles` may give `command`."""

    name: str
    zh: str
    command: type[Command]
    roles: tuple[Role, ...]
    states: tuple[State, ...]
    to: tuple[State, ...]
    """Where it may lead; empty when the case stays."""
    key: str = ""
    """The key that presses it in the console."""


_CENTRE = (Role.ACCEPTOR, Role.SHIFT_LEADER, Role.DISPATCHER)
_ALL = (*_CENTRE, Role.UNIT, Role.INSPECTOR)
_LIVE = tuple(state for state in State if state not in ENDED)
S = State

SENT_BACK_TO: dict[State, tuple[Role, State]] = {
    S.PREFILED: (Role.SHIFT_LEADER, S.REGISTERED),
    S.FILED: (Role.DISPATCHER, S.PREFILED),
    S.DISPATCHED: (Role.UNIT, S.FILED),
    S.FEEDBACK: (Role.ACCEPTOR, S.DISPATCHED),
    S.PENDING_CLOSE: (Role.SHIFT_LEADER, S.FEEDBACK),
}
"""回退: who sends a case back from a state, and to which link."""


def _sent_back(state: State, zh: str, *also: State) -> Act:
    role, to = SENT_BACK_TO[state]
    return Act(
        name=f"send_back_{state}",
        zh=zh,
        command=SendBack,
        roles=(role,),
        states=(state,),
        to=(to, *also),
        key="B",
    )


ACTS: tuple[Act, ...] = (
    Act(
        name="report",
        zh="受理登記",
        command=ReportCase,
        roles=(Role.ACCEPTOR, Role.INSPECTOR),
        states=(),
        to=(S.REGISTERED,),
        key="Ctrl+N",
    ),
    Act(
        name="order_verification",
        zh="發核實",
        command=OrderVerification,
        roles=(Role.ACCEPTOR,),
        states=(S.REGISTERED,),
        to=(S.VERIFYING,),
        key="V",
    ),
    Act(
        name="verify",
        zh="核實",
        command=VerifyReport,
        roles=(Role.INSPECTOR,),
        states=(S.VERIFYING,),
        to=(S.REGISTERED,),
        key="V",
    ),
    Act(
        name="pass_for_filing",
        zh="批轉立案",
        command=PassForFiling,
        roles=(Role.ACCEPTOR,),
        states=(S.REGISTERED,),
        to=(S.PREFILED,),
        key="P",
    ),
    Act(
        name="file",
        zh="立案",
        command=FileCase,
        roles=(Role.SHIFT_LEADER,),
        states=(S.PREFILED,),
        to=(S.FILED,),
        key="F",
    ),
    Act(
        name="decline",
        zh="不予立案",
        command=DeclineCase,
        roles=(Role.SHIFT_LEADER,),
        states=(S.PREFILED,),
        to=(S.NOT_FILED,),
        key="X",
    ),
    Act(
        name="dispatch",
        zh="派遣",
        command=DispatchCase,
        roles=(Role.DISPATCHER,),
        states=(S.FILED,),
        to=(S.DISPATCHED,),
        key="D",
    ),
    Act(
        name="feed_back",
        zh="反饋",
        command=FeedBack,
        roles=(Role.UNIT,),
        states=(S.DISPATCHED,),
        to=(S.FEEDBACK, S.DISPATCHED),
        key="R",
    ),
    Act(
        name="order_check",
        zh="發核查",
        command=OrderCheck,
        roles=(Role.ACCEPTOR,),
        states=(S.FEEDBACK,),
        to=(S.CHECKING,),
        key="K",
    ),
    Act(
        name="check",
        zh="核查",
        command=CheckCase,
        roles=(Role.INSPECTOR,),
        states=(S.CHECKING,),
        to=(S.PENDING_CLOSE, S.DISPATCHED),
        key="K",
    ),
    Act(
        name="close",
        zh="結案",
        command=CloseCase,
        roles=(Role.SHIFT_LEADER,),
        states=(S.PENDING_CLOSE,),
        to=(S.CLOSED,),
        key="C",
    ),
    _sent_back(S.PREFILED, "回退受理"),
    _sent_back(S.FILED, "回退立案"),
    # a joint unit gives back its own part only
    _sent_back(S.DISPATCHED, "退回派遣", S.DISPATCHED, S.FEEDBACK),
    _sent_back(S.FEEDBACK, "退回返工"),
    _sent_back(S.PENDING_CLOSE, "退回核查"),
    Act(
        name="cancel",
        zh="作廢",
        command=CancelCase,
        roles=(Role.ACCEPTOR, Role.SHIFT_LEADER),
        states=(S.REGISTERED,),
        to=(S.CANCELLED,),
        key="X",
    ),
    Act(
        name="cancel_any",
        zh="作廢",
        command=CancelCase,
        roles=(Role.SHIFT_LEADER,),
        # at 待立案 the shift leader declines instead, with a reason of its own
        states=tuple(s for s in _LIVE if s not in (S.REGISTERED, S.PREFILED)),
        to=(S.CANCELLED,),
        key="X",
    ),
    Act(
        name="note",
        zh="備注",
        command=AddNote,
        roles=_ALL,
        states=tuple(State),
        to=(),
        key="N",
    ),
    Act(
        name="attach_photo",
        zh="添加照片",
        command=AttachPhoto,
        roles=_ALL,
        states=tuple(State),
        to=(),
        key="S",
    ),
    Act(
        name="show_contact",
        zh="查看舉報人",
        command=ShowContact,
        roles=(Role.ACCEPTOR, Role.SHIFT_LEADER),
        states=tuple(State),
        to=(),
        key="T",
    ),
)
