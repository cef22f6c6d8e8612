"""The facts that deciders name by `needs`, each fetched by one small function here."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from case_server import old_numbers
from case_server.accounts import administrators
from case_server.staging import Staging
from case_server.submission import Submission
from casework.case import Case
from casework.decider import Command, Decider, Facts, Need, Registered
from casework.folding import undone
from casework.old_cases import ImportCase
from casework.photos import AttachPhoto, named
from casework.procedures.account import Account
from casework.rules.proposal import first_proposed
from casework.rules.register import Component, component_stream, registered
from casework.terms import ComponentId


def gather(staging: Staging, given: Submission, decider: Decider, at: datetime, seal: str) -> Facts:
    """The values that the decider names for this command. `seal`: digest of its personal data."""
    found: dict[str, Any] = {"seal": seal}
    for need in decider.needs(given.ask.command):
        found |= _FETCH[need](staging, given, at)
    return Facts(**found)


def _order(staging: Staging, given: Submission, at: datetime) -> dict[str, Any]:
    day = staging.day(given.ask.command, at)
    last = staging.orders.get(day) or staging.memory.last_order(staging.connection, day)
    return {"order": last + 1}


def _place(staging: Staging, given: Submission, _at: datetime) -> dict[str, Any]:
    command = given.ask.command
    point = getattr(command, "point", None)
    if point is None and getattr(command, "component", None) is not None:
        component = _named(staging, command)
        point = component.point if component is not None else None
    return {"place": staging.memory.place(point)}


def _component(staging: Staging, given: Submission, _at: datetime) -> dict[str, Any]:
    return {"component": _named(staging, given.ask.command)}


def _named(staging: Staging, command: Command) -> Registered | None:
    """The component of the register that a command names."""
    found = staging.begun(component_stream(getattr(command, "component", ComponentId(""))))
    return registered(found, staging.memory.rules) if isinstance(found, Component) else None


def _password(_staging: Staging, given: Submission, _at: datetime) -> dict[str, Any]:
    return {"password": given.secret is not None}


def _administrators(staging: Staging, _given: Submission, _at: datetime) -> dict[str, Any]:
    found = administrators(staging.connection, staging.memory.log_id, staging.states)
    return {"administrators": found}


def _inspectors(staging: Staging, given: Submission, at: datetime) -> dict[str, Any]:
    """Whom an order on this case may name, how far away they are, and who gets one that names
    nobody; None where no inspector is enrolled."""
    case = staging.state(given.ask.stream)
    found = staging.roster.ranked_for(case, at) if isinstance(case, Case) else None
    if found is None:
        return {"inspectors": None}
    users, metres = (each.user for each in found), (each.metres for each in found)
    first = first_proposed(found)
    return {
        "inspectors": tuple(users),
        "metres": tuple(metres),
        "proposed": first.user if first is not None else None,
    }


def _position(staging: Staging, given: Submission, _at: datetime) -> dict[str, Any]:
    return {"position": staging.roster.position(given.actor.user)}


def _colleague(staging: Staging, given: Submission, _at: datetime) -> dict[str, Any]:
    """What the person whom the command names (`to`) may do; nothing without an account."""
    account = staging.at_hand(f"account/{getattr(given.ask.command, 'to', '')}")
    enabled = isinstance(account, Account) and account.enabled
    return {"colleague": account.grants if enabled else None}


def _undone(staging: Staging, given: Submission, _at: datetime) -> dict[str, Any]:
    life = staging.life(given.ask.stream)
    before, last = undone(life)
    return {"before": before, "last_step": last}


def _blobs(staging: Staging, given: Submission, _at: datetime) -> dict[str, Any]:
    """Those of the blobs a command names that this person has sent in whole."""
    blobs, command = staging.memory.blobs, given.ask.command
    if blobs is None or not isinstance(command, AttachPhoto):
        return {"blobs": ()}
    found = (blobs.attachable(given.actor.user, digest) for digest in named(command))
    return {"blobs": tuple(blob for blob in found if blob is not None)}


def _imported(staging: Staging, given: Submission, _at: datetime) -> dict[str, Any]:
    """The case that came under this number of the earlier system, if one did."""
    command = given.ask.command
    if not isinstance(command, ImportCase):
        return {}
    number = (command.system, command.reference)
    found = staging.imported.get(number) or old_numbers.imported_as(
        staging.connection, staging.memory.log_id, number
    )
    return {"imported": found}


_FETCH: Mapping[str, Callable[[Staging, Submission, datetime], dict[str, Any]]] = {
    Need.ORDER: _order,
    Need.PLACE: _place,
    Need.INSPECTORS: _inspectors,
    Need.POSITION: _position,
    Need.COLLEAGUE: _colleague,
    Need.BEFORE: _undone,
    Need.COMPONENT: _component,
    Need.PASSWORD: _password,
    Need.ADMINISTRATORS: _administrators,
    Need.BLOBS: _blobs,
    Need.IMPORTED: _imported,
}
