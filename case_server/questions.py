"""Questions that change nothing, answered from the read side within the asker's grants."""

from msgspec import Raw
from sqlalchemy import Connection

from case_server import readside
from case_server.desk import Desk
from case_server.users import Person
from casework import wire
from casework.decider import Refused


def answer(connection: Connection, desk: Desk, person: Person, query: wire.Query) -> wire.ReplyBody:
    """What `person` may know of it.

    Raises:
        Refused: `case.not_found`, also for a case outside the grants; `rules.not_found`.
    """
    match query:
        case wire.CaseQuery(case=case):
            now = desk.clock.now()
            return readside.case_detail(connection, person.grants, person.user, case, now)
        case wire.RulesQuery(digest=digest):
            if digest != desk.log.rules_digest:
                raise Refused("rules.not_found", digest=digest)
            return wire.RulesReply(
                version=desk.log.rules_version, digest=digest, rules=Raw(desk.rules_bytes)
            )
        case wire.UrgentQuery(limit=limit, state=state):
            found = readside.urgent(connection, person.grants, limit, state)
            return wire.UrgentReply(cases=tuple(Raw(case) for case in found))
        case wire.TallyQuery(at=at):
            return readside.tally(connection, person.grants, at)
