"""What the suggested key says: the act, and beneath it what exactly Enter will ask and why."""

from casework.case import Case
from casework.claims import ReleaseClaim
from casework.holding import holder
from casework.life import rows_of
from casework.terms import Role
from console.inspectors import Inspectors
from console.offers import APPROVALS, Offer
from console.panes.dispatch import UnitChooser
from console.picture import Picture
from console.record import applied_for
from console.standing import kept_by
from console.vocabulary import OFFERS, ROLES, limit
from console.wording import tr


def suggestion(
    offer: Offer, case: Case, picture: Picture, units: UnitChooser, condition: str
) -> tuple[str, str]:
    """The act in words, and the line beneath it."""
    words = tr(OFFERS[offer.name])
    if offer.name == "dispatch":
        unit = picture.names(case.id).unit(units.lead)
        return (f"{words} → {unit}" if unit else words), _why_this_unit(case, picture, units)
    if offer.name == "file":
        of = picture.case_class(case)
        conditions = of.conditions if of is not None else ()
        chosen = next((each for each in conditions if each.id == condition), None)
        return words, tr("limit: {limit}", limit=limit(chosen.general if chosen else None))
    if offer.name in APPROVALS and (of_unit := case.application) and of_unit.waiting:
        names, asked = picture.names(case.id), of_unit.waiting
        what = applied_for(asked.kind, asked.until, names)
        said = tr("{act}: {answer}", act=tr(OFFERS["approve"]), answer=what)
        asks = tr("asks which leader agreed") if "agreed" in offer.questions else ""
        return said, " · ".join(filter(None, (names.unit(of_unit.unit), asks)))
    return words, tr("as {role}", role=tr(ROLES[offer.role]))


def order(offer: Offer, inspector: str, *, is_first: bool) -> tuple[str, str]:
    """An order to an inspector in words: who is sent, and, of the suggested key, as whom."""
    words = tr(OFFERS[offer.name])
    detail = tr("as {role}", role=tr(ROLES[offer.role])) if is_first else ""
    return (f"{words} → {inspector}" if inspector else words), detail


def _why_this_unit(case: Case, picture: Picture, units: UnitChooser) -> str:
    if units.lead is None:
        return tr("choose the lead unit")
    joint = units.joint
    more = tr(" · {n} more join", n=len(joint)) if joint else ""
    if not units.by_rule:
        return tr("chosen by you") + more
    name = picture.names(case.id).case_class(case)
    return tr("Responsibility table: {name}", name=name) + more


def whose_turn(case: Case, picture: Picture, inspectors: Inspectors) -> str:
    """Who does the next step, by name where it is one unit's or one person's, else of which centre;
    nobody once the case has ended. Who has it in hand and may not act is told how to let it go: a
    leader who took it over."""
    has = holder(case)
    if has is None:
        return ""
    if case.resumes_at is not None:
        until = picture.names(case.id).local(case.resumes_at)
        return tr("The case goes on by itself at {at}.", at=f"{until:%Y-%m-%d %H:%M}")
    if _is_own(case, picture):
        return tr(
            "You have this case in hand; the next step is the {role}'s: {key} puts it back.",
            role=tr(ROLES[has.role]), key=rows_of(ReleaseClaim)[0].key,
        )  # fmt: skip
    role, names = tr(ROLES[has.role]), picture.names(case.id)
    if has.role is Role.INSPECTOR:
        who = inspectors.name(has.user, case.id)
    elif has.user is not None:
        who = picture.staff.name(has.user, case.id) if kept_by(case, picture) else ""
    else:
        who = names.unit(has.unit) or _of_centre(case, picture)
    if who:
        return tr("The next step is the {role}'s: {name}.", role=role, name=who)
    return tr("The next step is the {role}'s.", role=role)


def _is_own(case: Case, picture: Picture) -> bool:
    """Whether this person has the case in hand."""
    actor = picture.site_of(case.id).actor
    return actor is not None and case.claim is not None and case.claim.user == actor.user


def _of_centre(case: Case, picture: Picture) -> str:
    """The centre that has the case, where the city has several."""
    rules = picture.site_of(case.id).rules
    several = rules is not None and len(rules.centres) > 1
    return picture.names(case.id).centre(case.centre) if several else ""
