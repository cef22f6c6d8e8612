"""What an act asks before it is sent, with the answers to choose from in the case's own city."""

from datetime import datetime, timedelta

from casework.case import Case, own_assignment
from casework.deciding.ending import reopened_into
from casework.terms import ClosingKind
from console.offers import Offer, Question, Said
from console.panes.prompt import Asked
from console.site import Site
from console.vocabulary import CLOSINGS, STATES
from console.wording import mark, tr

DAYS = (7, 14, 30, 60, 90, 180, 365)
SPECIAL = (
    ClosingKind.SPECIAL,
    ClosingKind.FORCED,
    ClosingKind.INFORMATION,
    ClosingKind.ERROR,
)
TITLES: dict[Question, str] = {
    "centre": mark("To which centre?"),
    "below": mark("To which unit below?"),
    "colleague": mark("To which colleague?"),
    "until": mark("Until when?"),
    "closing": mark("How is it closed?"),
    "link": mark("Into which link?"),
    "leader": mark("Which leader urges it?"),
    "agreed": mark("Which leader agreed?"),
}
TYPED: frozenset[Question] = frozenset({"leader", "agreed"})
TOLD: frozenset[Question] = frozenset({"colleague"})
"""The server is asked for the answers."""


def missing(offer: Offer, case: Case, said: Said, site: Site, now: datetime) -> tuple[Asked, ...]:
    """What has still to be asked before the act can be sent."""
    wanted = [
        question(each, case, site, now) for each in offer.questions if each not in said.answers
    ]
    if offer.needs == "reason" and not said.reason:
        asked = reason(offer, site)
        if asked.options or not said.opinion:
            wanted.append(asked)
    if offer.needs == "text" and not said.opinion:
        wanted.append(text())
    return tuple(wanted)


def question(asked: Question, case: Case, site: Site, now: datetime) -> Asked:
    """One question about this case."""
    if asked in TYPED | TOLD:
        return Asked(asked, tr(TITLES[asked]), (), typed=asked in TYPED, told=asked in TOLD)
    return Asked(asked, tr(TITLES[asked]), _options(asked, case, site, now))


def _options(
    asked: Question, case: Case, site: Site, now: datetime
) -> tuple[tuple[object, str], ...]:
    match asked:
        case "centre":
            return _centres(case, site)
        case "below":
            return _below(case, site)
        case "until":
            return _ends(site, now)
        case "closing":
            return tuple((kind, tr(CLOSINGS[kind])) for kind in SPECIAL)
        case _:
            return _links(case)


def _centres(case: Case, site: Site) -> tuple[tuple[object, str], ...]:
    """The other centres: first that of the case's own district, which it mostly goes to."""
    centres = site.rules.centres if site.rules is not None else ()
    others = [each for each in centres if each.id != case.centre]
    others.sort(key=lambda each: each.area != case.district)
    return tuple((each.id, site.names.centre(each.id)) for each in others)


def _below(case: Case, site: Site) -> tuple[tuple[object, str], ...]:
    own = own_assignment(case, site.actor) if site.actor is not None else None
    units = site.rules.units if site.rules is not None and own is not None else ()
    return tuple(
        (unit.id, site.names.unit(unit.id)) for unit in units if own and unit.parent == own.unit
    )


def _ends(site: Site, now: datetime) -> tuple[tuple[object, str], ...]:
    """Ends of a suspension: the same time of day, so many days on."""
    found = []
    for days in DAYS:
        at = now + timedelta(days=days)
        found.append((at, tr("in {n} days", n=days) + f" · {site.names.local(at):%Y-%m-%d %H:%M}"))
    return tuple(found)


def _links(case: Case) -> tuple[tuple[object, str], ...]:
    return tuple((state, tr(STATES[state])) for state in reopened_into(case))


def reason(offer: Offer, site: Site) -> Asked:
    """The reasons of the rule book for an act; written, where it lists none."""
    rules = site.rules.reasons if site.rules is not None else ()
    options = tuple(
        (each.id, site.names.reason(each)) for each in rules if each.act == offer.reasons
    )
    return Asked("reason", tr("Why?"), options, typed=not options)


def text() -> Asked:
    """The words that a note or an answer consists of."""
    return Asked("text", tr("Write it here"), (), typed=True)
