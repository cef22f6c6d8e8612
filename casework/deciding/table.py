"""What holds for every act: the table, the hands a case is in, and the reasons that are written."""

from casework.case import Case, hindrance, turns
from casework.claims import TakeNext
from casework.decider import Command, Context, Refused
from casework.hands import held_by_another, keeps_hands_off
from casework.life import rows_of
from casework.rulebook import ReasonedAct


def require(case: Case, command: Command, context: Context) -> None:
    """Refuse an act that the table does not allow, with the nearest reason, and one on a case that
    a colleague has in hand.

    Raises: Refused: `case.wrong_state`, `case.wrong_role`, `case.not_yours`, `case.held`, and the
        codes of `casework.case.HINDRANCES`.
    """
    if isinstance(command, TakeNext):
        require_turn(case, context)
    else:
        _require_row(case, command, context)
    if keeps_hands_off(type(command), context.role):
        require_free(case, context)


def _require_row(case: Case, command: Command, context: Context) -> None:
    here = [act for act in rows_of(type(command)) if case.state in act.states]
    if not here:
        raise Refused("case.wrong_state", case=case.id, state=case.state)
    found = [hindrance(case, act, context.actor, context.role) for act in here]
    if "" not in found:
        raise Refused(_nearest(found), case=case.id, role=context.role)


def _nearest(codes: list[str]) -> str:
    far = [code for code in codes if code != "case.wrong_role"]
    return far[0] if far else "case.wrong_role"


def require_turn(case: Case, context: Context) -> None:
    """It is this role's turn at the case. Raises: Refused: `case.wrong_state`."""
    if context.role not in turns(case, context.at):
        raise Refused("case.wrong_state", case=case.id, state=case.state)


def require_free(case: Case, context: Context) -> None:
    """Nobody else has the case in hand. Raises: Refused: `case.held`."""
    holder = held_by_another(
        case, context.actor.user, context.at, context.rules.queues.claim_minutes
    )
    if holder is not None:
        raise Refused("case.held", case=case.id, by=holder)


def require_reason(act: ReasonedAct, reason: str, opinion: str, context: Context) -> None:
    """A reason of the rule book, or a written one where it lists none for the act.

    Raises: Refused: `case.reason_missing`, `case.unknown_reason`.
    """
    known = context.rules.reasons_for(act)
    written = bool(opinion.strip()) and not known
    if not reason.strip() and not written:
        raise Refused("case.reason_missing")
    if known and reason not in known:
        raise Refused("case.unknown_reason", reason=reason)
