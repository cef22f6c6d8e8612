"""Beside the line: claims, reminders, urges, notes, and how far an order has come."""

from collections.abc import Sequence

from casework import acts, claims, photos
from casework.case import Case, holds
from casework.decider import Context, Event, Refused
from casework.deciding.table import require_reason
from casework.rulebook import ReasonedAct


def claim(case: Case, command: claims.ClaimCase, context: Context) -> Sequence[Event]:
    """領取: nobody else has it in hand."""
    return [claims.CaseClaimed()]


def take_next(case: Case, command: claims.TakeNext, context: Context) -> Sequence[Event]:
    """領取下一件: the server has found the case."""
    return [claims.CaseClaimed(next=True)]


def release(case: Case, command: claims.ReleaseClaim, context: Context) -> Sequence[Event]:
    """放回."""
    return [claims.ClaimReleased()]


def take_over(case: Case, command: claims.TakeOver, context: Context) -> Sequence[Event]:
    """接管, with a reason."""
    require_reason(ReasonedAct.TAKE_OVER, command.reason, command.opinion, context)
    assert case.claim is not None  # the table has seen it
    return [
        claims.ClaimTakenOver(
            held_by=case.claim.user, reason=command.reason, opinion=command.opinion
        )
    ]


def pass_on(case: Case, command: claims.PassOn, context: Context) -> Sequence[Event]:
    """轉交. Raises: Refused: `case.no_such_colleague`: no enabled person of the same post whose
    grants reach the case."""
    held = context.facts.colleague or ()
    if not any(holds(grant, context.role, case) for grant in held):
        raise Refused("case.no_such_colleague", user=command.to, role=context.role)
    return [claims.CasePassedOn(to=command.to, opinion=command.opinion)]


def remind(case: Case, command: claims.RemindUnits, context: Context) -> Sequence[Event]:
    """催辦."""
    return [claims.UnitsReminded(opinion=command.opinion)]


def urge(case: Case, command: claims.UrgeCase, context: Context) -> Sequence[Event]:
    """督辦."""
    return [claims.CaseUrged(leader=command.leader, opinion=command.opinion)]


def lift_urge(case: Case, command: claims.LiftUrge, context: Context) -> Sequence[Event]:
    """解除督辦."""
    return [claims.UrgeLifted(opinion=command.opinion)]


def delivered(case: Case, command: acts.MarkDelivered, context: Context) -> Sequence[Event]:
    """送達."""
    return [acts.OrderDelivered()]


def read(case: Case, command: acts.MarkRead, context: Context) -> Sequence[Event]:
    """已讀; what is read has been delivered."""
    return [acts.OrderRead()]


def note(case: Case, command: acts.AddNote, context: Context) -> Sequence[Event]:
    """備注."""
    return [acts.NoteAdded(opinion=command.opinion)]


def show_contact(case: Case, command: acts.ShowContact, context: Context) -> Sequence[Event]:
    """查看舉報人."""
    return [acts.ContactShown()]


def attach_photo(case: Case, command: photos.AttachPhoto, context: Context) -> Sequence[Event]:
    """添加照片. Raises: Refused: as `casework.photos.attach`."""
    return photos.attach(case.id, case.photos, command, context)
