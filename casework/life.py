"""案卷的一生: the one table of who may do what with a case, when, and where that leads.

Buttons, refusals and docs/case-life.md all come from `ACTS`. Source: domain.md 2.1-2.6.
"""

from collections.abc import Mapping

from msgspec import Struct

from casework import acts, applications, claims
from casework.decider import Command
from casework.photos import AttachPhoto
from casework.terms import AT_THE_UNITS, ENDED, Role, State


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


_CENTRE = (Role.ACCEPTOR, Role.SHIFT_LEADER, Role.DISPATCHER)
_ALL = (*_CENTRE, Role.UNIT, Role.INSPECTOR)
_LIVE = tuple(state for state in State if state not in ENDED)
_UNITS = tuple(state for state in State if state in AT_THE_UNITS)
_ENDED = tuple(state for state in State if state in ENDED)
S = State
_BETWEEN = ((S.DISPATCHED, S.HANDLING), (S.HANDLING, S.DISPATCHED))
"""Ways that only acceptance, feedback and passing down go."""

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


def _sent_back(state: State, zh: str, *also: State) -> Act:
    role, to = SENT_BACK_TO[state]
    return Act(
        name=f"send_back_{state}",
        zh=zh,
        command=acts.SendBack,
        roles=(role,),
        states=(state,),
        to=(*to, *also),
        key="B",
        for_assignment=role is Role.UNIT,
        undoable=role is not Role.UNIT,
    )


_BEFORE_FILING = (
    Act(
        name="report",
        zh="受理登記",
        command=acts.ReportCase,
        roles=(Role.ACCEPTOR, Role.INSPECTOR),
        states=(),
        to=(S.REGISTERED, S.CLOSED),
        key="Ctrl+N",
    ),
    Act(
        name="answer",
        zh="當即辦理",
        command=acts.AnswerAtOnce,
        roles=(Role.ACCEPTOR,),
        states=(S.REGISTERED,),
        to=(S.ANSWERED,),
        key="A",
        undoable=True,
    ),
    Act(
        name="order_verification",
        zh="發核實",
        command=acts.OrderVerification,
        roles=(Role.ACCEPTOR,),
        states=(S.REGISTERED,),
        to=(S.VERIFYING,),
        key="V",
        undoable=True,
    ),
    Act(
        name="order_verification_anew",
        zh="改派核實",
        command=acts.OrderVerification,
        roles=(Role.ACCEPTOR,),
        states=(S.VERIFYING,),
        to=(S.VERIFYING,),
        key="O",
    ),
    Act(
        name="verify",
        zh="核實",
        command=acts.VerifyReport,
        roles=(Role.INSPECTOR,),
        states=(S.VERIFYING,),
        to=(S.REGISTERED,),
        key="V",
        for_inspector=True,
    ),
    Act(
        name="pass_for_filing",
        zh="批轉立案",
        command=acts.PassForFiling,
        roles=(Role.ACCEPTOR,),
        states=(S.REGISTERED,),
        to=(S.PREFILED,),
        key="P",
        undoable=True,
    ),
    Act(
        name="file",
        zh="立案",
        command=acts.FileCase,
        roles=(Role.SHIFT_LEADER,),
        states=(S.PREFILED,),
        to=(S.FILED,),
        key="F",
        undoable=True,
    ),
    Act(
        name="decline",
        zh="不予立案",
        command=acts.DeclineCase,
        roles=(Role.SHIFT_LEADER,),
        states=(S.PREFILED,),
        to=(S.NOT_FILED,),
        key="X",
        undoable=True,
    ),
)

_AT_THE_UNITS = (
    Act(
        name="dispatch",
        zh="派遣",
        command=acts.DispatchCase,
        roles=(Role.DISPATCHER,),
        states=(S.FILED,),
        to=(S.DISPATCHED,),
        key="D",
        undoable=True,
    ),
    Act(
        name="hand_over",
        zh="移交",
        command=acts.HandOver,
        roles=(Role.DISPATCHER,),
        states=(S.FILED,),
        to=(S.FILED,),
        key="I",
        undoable=True,
    ),
    Act(
        name="accept",
        zh="接單",
        command=acts.AcceptWork,
        roles=(Role.UNIT,),
        states=(S.DISPATCHED, S.HANDLING),
        to=(S.HANDLING, S.DISPATCHED),
        never=((S.HANDLING, S.DISPATCHED),),
        key="A",
        for_assignment=True,
    ),
    Act(
        name="pass_down",
        zh="下派",
        command=acts.PassDown,
        roles=(Role.UNIT,),
        states=(S.DISPATCHED, S.HANDLING),
        to=(S.DISPATCHED, S.HANDLING),
        never=((S.DISPATCHED, S.HANDLING),),
        key="I",
        for_assignment=True,
    ),
    Act(
        name="feed_back",
        zh="反饋",
        command=acts.FeedBack,
        roles=(Role.UNIT,),
        states=(S.DISPATCHED, S.HANDLING),
        to=(S.FEEDBACK, S.DISPATCHED, S.HANDLING),
        never=((S.HANDLING, S.DISPATCHED),),
        key="R",
        for_assignment=True,
    ),
    Act(
        name="apply",
        zh="申請",
        command=applications.ApplyFor,
        roles=(Role.UNIT,),
        states=(S.DISPATCHED, S.HANDLING),
        to=(S.DISPATCHED, S.HANDLING),
        never=_BETWEEN,
        key="E",
        for_assignment=True,
    ),
    Act(
        name="approve",
        zh="同意申請",
        command=applications.ApproveApplication,
        roles=(APPROVER,),
        states=(S.DISPATCHED, S.HANDLING),
        to=(S.DISPATCHED, S.HANDLING, S.SUSPENDED, S.FILED, S.FEEDBACK),
        never=_BETWEEN,
        key="Y",
        undoable=True,
    ),
    Act(
        name="refuse",
        zh="不同意申請",
        command=applications.RefuseApplication,
        roles=(APPROVER,),
        states=(S.DISPATCHED, S.HANDLING),
        to=(S.DISPATCHED, S.HANDLING),
        never=_BETWEEN,
        key="J",
        undoable=True,
    ),
    Act(
        name="resume",
        zh="解除掛賬",
        command=applications.ResumeCase,
        roles=(Role.SHIFT_LEADER, Role.UNIT, Role.SYSTEM),
        states=(S.SUSPENDED,),
        to=(S.HANDLING, S.DISPATCHED),
        key="R",
        for_assignment=True,
    ),
    Act(
        name="withdraw",
        zh="撤回派遣",
        command=acts.WithdrawDispatch,
        roles=(Role.DISPATCHER,),
        states=_UNITS,
        to=(S.FILED,),
        key="W",
        undoable=True,
    ),
    Act(
        name="remind",
        zh="催辦",
        command=claims.RemindUnits,
        roles=(Role.DISPATCHER, Role.SHIFT_LEADER),
        states=(S.DISPATCHED, S.HANDLING),
        key="M",
    ),
)

_AFTER_FEEDBACK = (
    Act(
        name="order_check",
        zh="發核查",
        command=acts.OrderCheck,
        roles=(Role.ACCEPTOR,),
        states=(S.FEEDBACK,),
        to=(S.CHECKING,),
        key="K",
        undoable=True,
    ),
    Act(
        name="order_check_anew",
        zh="改派核查",
        command=acts.OrderCheck,
        roles=(Role.ACCEPTOR,),
        states=(S.CHECKING,),
        to=(S.CHECKING,),
        key="O",
    ),
    Act(
        name="check",
        zh="核查",
        command=acts.CheckCase,
        roles=(Role.INSPECTOR,),
        states=(S.CHECKING,),
        to=(S.PENDING_CLOSE, S.HANDLING),
        key="K",
        for_inspector=True,
    ),
    Act(
        name="mark_delivered",
        zh="送達",
        command=acts.MarkDelivered,
        roles=(Role.INSPECTOR,),
        states=(S.VERIFYING, S.CHECKING),
        for_inspector=True,
    ),
    Act(
        name="mark_read",
        zh="已讀",
        command=acts.MarkRead,
        roles=(Role.INSPECTOR,),
        states=(S.VERIFYING, S.CHECKING),
        for_inspector=True,
    ),
    Act(
        name="withdraw_order",
        zh="撤回指令",
        command=acts.WithdrawOrder,
        roles=(Role.ACCEPTOR,),
        states=(S.VERIFYING, S.CHECKING),
        to=(S.REGISTERED, S.FEEDBACK),
        never=((S.VERIFYING, S.FEEDBACK), (S.CHECKING, S.REGISTERED)),
        key="W",
        undoable=True,
    ),
    Act(
        name="close",
        zh="結案",
        command=acts.CloseCase,
        roles=(Role.SHIFT_LEADER,),
        states=(S.PENDING_CLOSE,),
        to=(S.CLOSED,),
        key="C",
        undoable=True,
    ),
    Act(
        name="close_specially",
        zh="特殊結案",
        command=acts.CloseCase,
        roles=(Role.SHIFT_LEADER,),
        states=(S.FILED, *_UNITS, S.FEEDBACK, S.CHECKING),
        to=(S.CLOSED,),
        key="Z",
        undoable=True,
    ),
    Act(
        name="reopen",
        zh="歸檔還原",
        command=acts.ReopenCase,
        roles=(Role.SHIFT_LEADER,),
        states=_ENDED,
        to=REOPENED_TO,
        key="O",
        undoable=True,
    ),
)

_RETURNS = (
    _sent_back(S.PREFILED, "回退受理"),
    _sent_back(S.FILED, "回退立案"),
    # a joint unit gives back its own part only, and a lower unit to the one above
    _sent_back(S.DISPATCHED, "退回派遣", S.DISPATCHED, S.FEEDBACK),
    _sent_back(S.HANDLING, "退回派遣", S.HANDLING, S.FEEDBACK),
    _sent_back(S.FEEDBACK, "退回返工"),
    _sent_back(S.PENDING_CLOSE, "退回核查"),
)

_ENDINGS = (
    Act(
        name="cancel",
        zh="作廢",
        command=acts.CancelCase,
        roles=(Role.ACCEPTOR, Role.SHIFT_LEADER),
        states=(S.REGISTERED,),
        to=(S.CANCELLED,),
        key="X",
        undoable=True,
    ),
    Act(
        name="cancel_any",
        zh="作廢",
        command=acts.CancelCase,
        roles=(Role.SHIFT_LEADER,),
        # at 待立案 the shift leader declines instead, with a reason of its own
        states=tuple(s for s in _LIVE if s not in (S.REGISTERED, S.PREFILED)),
        to=(S.CANCELLED,),
        key="X",
        undoable=True,
    ),
)

_BESIDE = (
    Act(
        name="claim",
        zh="領取",
        command=claims.ClaimCase,
        roles=_CENTRE,
        states=_LIVE,
        key="Q",
    ),
    Act(
        name="release",
        zh="放回",
        command=claims.ReleaseClaim,
        roles=_CENTRE,
        states=_LIVE,
        key="Shift+Q",
    ),
    Act(
        name="take_over",
        zh="接管",
        command=claims.TakeOver,
        roles=(Role.SHIFT_LEADER,),
        states=_LIVE,
        key="Shift+G",
    ),
    Act(
        name="pass_on",
        zh="轉交",
        command=claims.PassOn,
        roles=_CENTRE,
        states=_LIVE,
        key="L",
    ),
    Act(
        name="urge",
        zh="督辦",
        command=claims.UrgeCase,
        roles=(Role.SHIFT_LEADER, Role.DISPATCHER),
        states=_LIVE,
        key="U",
    ),
    Act(
        name="lift_urge",
        zh="解除督辦",
        command=claims.LiftUrge,
        roles=(Role.SHIFT_LEADER, Role.DISPATCHER),
        states=_LIVE,
        key="Shift+U",
    ),
    Act(
        name="take_back",
        zh="撤銷",
        command=acts.TakeBack,
        roles=_CENTRE,
        states=tuple(State),
        to=tuple(State),
        key="Ctrl+Z",
        whichever_centre=True,
    ),
    Act(
        name="note",
        zh="備注",
        command=acts.AddNote,
        roles=_ALL,
        states=tuple(State),
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
        command=acts.ShowContact,
        roles=(Role.ACCEPTOR, Role.SHIFT_LEADER),
        states=tuple(State),
        key="T",
    ),
)

ACTS: tuple[Act, ...] = (
    *_BEFORE_FILING,
    *_AT_THE_UNITS,
    *_AFTER_FEEDBACK,
    *_RETURNS,
    *_ENDINGS,
    *_BESIDE,
)

TAKE_NEXT = Act(
    name="take_next",
    zh="領取下一件",
    command=claims.TakeNext,
    roles=_CENTRE,
    states=(),
    key="G",
)
"""Not an act on a case in sight: the server finds the case."""


def undoable(command: Command, role: Role) -> bool:
    """Whether the table lets a person take back what they asked for in this role (撤銷), were it
    their last step."""
    return any(
        act.undoable and role in act.roles and isinstance(command, act.command) for act in ACTS
    )


def waits_for(role: Role) -> tuple[State, ...]:
    """The states in which it is this role's turn, in the order of a case's life."""
    return tuple(state for state, holder in HOLDERS.items() if holder is role)
