"""Grants: which ones a rule book allows, and the short form in which people write them.

    acceptor; dispatcher@440305/440300; inspector@440303#g17#g18; unit:street_team@440303001

A role, then `@area` for each area, `/centre`, `#grid` for each responsibility grid, `:unit`.
Semicolons part several grants. The role may be written in Chinese.
"""

import re
from collections.abc import Sequence

from casework.decider import Grant, Refused
from casework.rulebook import RuleBook
from casework.terms import AreaId, CentreId, Role, UnitId

ROLE_WORDS = {
    "受理员": Role.ACCEPTOR,
    "受理員": Role.ACCEPTOR,
    "值班长": Role.SHIFT_LEADER,
    "值班長": Role.SHIFT_LEADER,
    "派遣员": Role.DISPATCHER,
    "派遣員": Role.DISPATCHER,
    "责任单位": Role.UNIT,
    "責任單位": Role.UNIT,
    "监督员": Role.INSPECTOR,
    "監督員": Role.INSPECTOR,
    "管理员": Role.ADMINISTRATOR,
    "管理員": Role.ADMINISTRATOR,
    "观察员": Role.OBSERVER,
    "觀察員": Role.OBSERVER,
    "领导": Role.OBSERVER,
    "領導": Role.OBSERVER,
}
_WORD = r"[^@/#:;；\s]+"
_GRANT = re.compile(
    rf"(?P<role>{_WORD})(?P<areas>(?:@{_WORD})*)(?:/(?P<centre>{_WORD}))?"
    rf"(?P<grids>(?:#{_WORD})*)(?::(?P<unit>[^/#:;；\s]+))?"
)


def read_grants(text: str) -> tuple[Grant, ...]:
    """The grants that a person wrote.

    Raises:
        Refused: `grant.malformed`, `grant.unknown_role`, each with the part that is wrong.
    """
    parts = [part.strip() for part in re.split("[;；]", text)]
    return tuple(_read(part) for part in parts if part)


def _read(part: str) -> Grant:
    found = _GRANT.fullmatch(part)
    if found is None:
        raise Refused("grant.malformed", text=part)
    centre, unit = found["centre"], found["unit"]
    return Grant(
        role=_role(found["role"]),
        areas=tuple(AreaId(area) for area in found["areas"].split("@")[1:]),
        unit=None if unit is None else UnitId(unit),
        centre=None if centre is None else CentreId(centre),
        grids=tuple(found["grids"].split("#")[1:]),
    )


def _role(word: str) -> Role:
    if word in ROLE_WORDS:
        return ROLE_WORDS[word]
    try:
        return Role(word.casefold())
    except ValueError:
        raise Refused("grant.unknown_role", role=word) from None


def write_grants(grants: Sequence[Grant]) -> str:
    """The short form; `read_grants` gives the same grants again."""
    return "; ".join(map(_write, grants))


def _write(grant: Grant) -> str:
    areas = "".join(f"@{area}" for area in grant.areas)
    centre = "" if grant.centre is None else f"/{grant.centre}"
    grids = "".join(f"#{grid}" for grid in grant.grids)
    unit = "" if grant.unit is None else f":{grant.unit}"
    return f"{grant.role}{areas}{centre}{grids}{unit}"


def check(grants: Sequence[Grant], rules: RuleBook) -> None:
    """Whether a person may hold these grants.

    Raises:
        Refused: `account.no_grants`, `account.unit_grant` (a unit role without a unit or the
            reverse), `account.grids_grant` (responsibility grids for another role than the
            inspector's), `account.grant_twice`, `case.unknown_unit`, `account.unknown_area`,
            `account.unknown_centre`, `account.unknown_grid`.
    """
    if not grants:
        raise Refused("account.no_grants")
    if len(set(grants)) < len(grants):
        raise Refused("account.grant_twice")
    for grant in grants:
        _check_form(grant)
        _check_names(grant, rules)


def _check_form(grant: Grant) -> None:
    if (grant.role is Role.UNIT) != (grant.unit is not None):
        raise Refused("account.unit_grant", role=grant.role)
    if grant.grids and grant.role is not Role.INSPECTOR:
        raise Refused("account.grids_grant", role=grant.role)


def _check_names(grant: Grant, rules: RuleBook) -> None:
    if grant.unit is not None and rules.unit(grant.unit) is None:
        raise Refused("case.unknown_unit", unit=grant.unit)
    for area in grant.areas:
        if rules.area(area) is None:
            raise Refused("account.unknown_area", area=area)
    if grant.centre is not None and rules.centre(grant.centre) is None:
        raise Refused("account.unknown_centre", centre=grant.centre)
    for grid in grant.grids:
        if rules.responsibility_grid(grid) is None:
            raise Refused("account.unknown_grid", grid=grid)
