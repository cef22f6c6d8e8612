"""Names for those who play: accounts in the practice log, so that a case's record reads as a real
one does. Nobody can sign in with them; bots come by drill token."""

import asyncio
from collections.abc import Iterable

from backend_client.client import Connection
from casework.decider import Refused
from casework.procedures.account import AddAccount
from casework.rulebook import RuleBook
from casework.terms import Role
from drill.troupe import Player, bot

NAMES = {
    Role.ACCEPTOR: "演练受理员",
    Role.SHIFT_LEADER: "演练值班长",
    Role.DISPATCHER: "演练派遣员",
    Role.INSPECTOR: "演练监督员",
}


def bots(rules: RuleBook) -> list[Player]:
    """The bots of every role and of every unit; a unit's bot goes by the unit's name."""
    roles = [Player(bot(role).user, name, bot(role).grants) for role, name in NAMES.items()]
    actors = [(unit, bot(Role.UNIT, unit.id)) for unit in rules.units]
    return roles + [Player(who.user, unit.name, who.grants) for unit, who in actors]


async def enrol(keeper: Connection, players: Iterable[Player]) -> None:
    """Open an account for each who has none yet. `keeper` holds the administrator's role.

    Raises: Refused: the log says no for another reason than that the account exists.
    """
    asked = [
        keeper.post(
            AddAccount(user=player.user, name=player.name, grants=player.grants),
            role=Role.ADMINISTRATOR,
        )
        for player in players
    ]
    for answer in await asyncio.gather(*asked, return_exceptions=True):
        known = isinstance(answer, Refused) and answer.code == "account.exists"
        if isinstance(answer, BaseException) and not known:
            raise answer
