"""Grants: which ones a rule book allows."""

from collections.abc import Sequence

from casework.decider import Grant, Refused
from casework.rulebook import RuleBook
from casework.terms import Role


def check(grants: Sequence[Grant], rules: RuleBook) -> None:
    """Whether a person may hold these grants.

    Raises:
        Refused: `account.no_grants`, `account.unit_grant` (a unit role without a unit or the
            reverse), `account.grids_grant` (responsibility grids for another role than the
            inspector's), `account.grant_twice`, `case.unknown_unit`, `account.unknown_area`,
            `account.unknown_centre`.
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
