"""案卷的一生: the one table of who may do what with a case, when, and where that leads.

Buttons, refusals and docs/case-life.md all come from `ACTS`. Source: domain.md 2.1-2.6.
"""

from functools import cache

from casework import acts, claims
from casework.act import Act
from casework.decider import Command
from casework.links import HOLDERS, SENT_BACK_TO
from casework.main_line import AFTER_FEEDBACK, AT_UNITS, BEFORE_FILING
from casework.photos import AttachPhoto
from casework.terms import CENTRE_ROLES, ENDED, Role, State

_CENTRE = (Role.ACCEPTOR, Role.SHIFT_LEADER, Role.DISPATCHER)
_ALL = (*_CENTRE, Role.UNIT, Role.INSPECTOR)
_LIVE = tuple(state for state in State if state not in ENDED)
S = State


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
    *BEFORE_FILING,
    *AT_UNITS,
    *AFTER_FEEDBACK,
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


@cache
def rows_of(command: type[Command]) -> tuple[Act, ...]:
    """The rows of the table that a kind of command can mean; which of them, the state tells."""
    return tuple(act for act in ACTS if issubclass(command, act.command))


def undoable(command: Command, role: Role) -> bool:
    """Whether the table lets a person take back what they asked for in this role (撤銷), were it
    their last step."""
    return any(act.undoable and role in act.roles for act in rows_of(type(command)))


def takes_in_hand(role: Role, state: State) -> bool:
    """Whether a post takes a case of this link in hand (領取), or passes it on: at a link of the
    centre's the one whose turn it is, as `TAKE_NEXT` gives it; while the case is out, any that can
    move it. A leader takes others' over with a reason instead."""
    holder = HOLDERS.get(state)
    if holder in CENTRE_ROLES:
        return role is holder
    return any(_moves(act) and role in act.roles and state in act.states for act in ACTS)


def _moves(act: Act) -> bool:
    """Whether it takes the case somewhere; an undo only takes one's own last step back."""
    return not act.command.additive and act.command is not acts.TakeBack
