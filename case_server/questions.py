"""Questions that change nothing, answered from the read side within the asker's grants."""

from collections.abc import Sequence
from datetime import timedelta

from msgspec import Raw
from sqlalchemy import Connection

from case_server import (
    accounts,
    finding,
    inspectors,
    old_numbers,
    orders_over,
    readside,
    register,
    staff,
)
from case_server.accounts import Seats
from case_server.departure import departure
from case_server.desk import Desk
from case_server.roster import read_roster
from case_server.users import Person
from casework import queries, replies
from casework.case import Case
from casework.decider import Refused
from casework.enquiries import (
    ColleaguesQuery,
    ColleaguesReply,
    DepartureQuery,
    DepartureReply,
    InspectorsQuery,
    InspectorsReply,
    NamesQuery,
    NamesReply,
    ProposedQuery,
    ProposedReply,
)
from casework.finding import FindQuery, FindReply
from casework.orders_over import OrdersOverQuery
from casework.rules.audience import sees
from casework.terms import CaseId, Point, Role


def answer(
    connection: Connection, desk: Desk, person: Person, query: queries.Question, seats: Seats
) -> replies.ReplyBody:
    """What `person` may know of it. `seats` are where people are signed in.

    Raises:
        Refused: `case.not_found`, also for a case outside the grants; `rules.not_found`;
            `account.administrators_only`, `import.administrators_only`.
    """
    match query:
        case queries.CaseQuery(case=case):
            now = desk.clock.now()
            return readside.case_detail(connection, person.grants, person.user, case, now)
        case queries.RulesQuery(digest=digest):
            return _of_rules(desk, digest)
        case (
            queries.UrgentQuery()
            | queries.TallyQuery()
            | queries.AddressQuery()
            | FindQuery()
            | OrdersOverQuery()
        ):
            return _of_cases(connection, desk, person, query)
        case queries.AccountsQuery() | queries.ImportedQuery() | DepartureQuery():
            return _of_keeping(connection, desk, person, query, seats)
        case queries.ComponentQuery() | queries.BoxQuery() | queries.NearQuery():
            return _of_register(connection, desk, person, query)
        case InspectorsQuery() | NamesQuery() | ColleaguesQuery() | ProposedQuery():
            return _of_people(connection, desk, person, query, seats)


def _of_rules(desk: Desk, digest: str) -> replies.RulesReply:
    if digest != desk.log.rules_digest:
        raise Refused("rules.not_found", digest=digest)
    return replies.RulesReply(
        version=desk.log.rules_version, digest=digest, rules=Raw(desk.rules_bytes)
    )


def _of_cases(
    connection: Connection,
    desk: Desk,
    person: Person,
    query: (
        queries.UrgentQuery
        | queries.TallyQuery
        | queries.AddressQuery
        | FindQuery
        | OrdersOverQuery
    ),
) -> replies.ReplyBody:
    match query:
        case queries.UrgentQuery(limit=limit, state=state):
            found = readside.urgent(connection, person.grants, limit, state)
            return replies.UrgentReply(cases=tuple(Raw(case) for case in found))
        case queries.TallyQuery(at=at):
            return readside.tally(connection, person.grants, at)
        case OrdersOverQuery(since=since):
            return orders_over.reply(connection, desk.log.id, person.grants, since)
        case _:
            return _of_earlier(connection, desk, person, query)


def _of_earlier(
    connection: Connection,
    desk: Desk,
    person: Person,
    query: queries.AddressQuery | FindQuery,
) -> replies.AddressReply | FindReply:
    """Addresses are offered as far back as the rule book says; cases are found in all years."""
    book, grants, text, limit = desk.addresses, person.grants, query.text, query.limit
    if isinstance(query, FindQuery):
        return finding.find(connection, book, grants, text, limit)
    since = desk.clock.now() - timedelta(days=desk.rules.intake.address_days)
    found = finding.earlier_addresses(connection, book, grants, text, since, limit=limit)
    return replies.AddressReply(addresses=found)


def _of_keeping(
    connection: Connection,
    desk: Desk,
    person: Person,
    query: queries.AccountsQuery | queries.ImportedQuery | DepartureQuery,
    seats: Seats,
) -> replies.AccountsReply | replies.ImportedReply | DepartureReply:
    """What only the log's keepers ask."""
    if isinstance(query, DepartureQuery):
        if not person.administers:
            raise Refused("account.administrators_only")
        return departure(connection, desk.log.id, query, desk.rules)
    if isinstance(query, queries.ImportedQuery):
        return _of_imports(connection, desk, person, query.system)
    return _of_accounts(connection, desk, person, seats)


def _of_imports(
    connection: Connection, desk: Desk, person: Person, system: str
) -> replies.ImportedReply:
    if all(grant.role is not Role.ADMINISTRATOR for grant in person.grants):
        raise Refused("import.administrators_only")
    cases, live = old_numbers.reckoned(connection, desk.log.id, system)
    return replies.ImportedReply(cases=cases, open=live)


def _of_accounts(
    connection: Connection, desk: Desk, person: Person, seats: Seats
) -> replies.AccountsReply:
    if not person.administers:
        raise Refused("account.administrators_only")
    return accounts.reply(connection, desk.log.id, seats)


def _of_people(
    connection: Connection,
    desk: Desk,
    person: Person,
    query: InspectorsQuery | NamesQuery | ColleaguesQuery | ProposedQuery,
    seats: Seats,
) -> InspectorsReply | NamesReply | ColleaguesReply | ProposedReply:
    match query:
        case NamesQuery(users=users):
            return staff.names(connection, desk.log.id, person, users, desk.rules)
        case ColleaguesQuery(case=case, role=role):
            of = _seen(connection, person, case)
            return staff.colleagues(connection, desk.log.id, person, (of, role), seats)
        case ProposedQuery(cases=cases):
            return _of_proposals(connection, desk, person, cases)
        case InspectorsQuery():
            return _of_inspectors(connection, desk, person, query)


def _of_proposals(
    connection: Connection, desk: Desk, person: Person, wanted: Sequence[CaseId]
) -> ProposedReply:
    found = readside.cases(connection, list(wanted))
    seen = [found[id][0] for id in wanted if id in found]
    now = desk.clock.now()
    roster = read_roster(connection, desk.log.id, desk.rules, now)
    return inspectors.one_after_the_other(
        roster, person, [case for case in seen if sees(person.grants, case.scope)], now
    )


def _seen(connection: Connection, person: Person, case: CaseId) -> Case:
    found = readside.cases(connection, [case]).get(case)
    if found is None or not sees(person.grants, found[0].scope):
        raise Refused("case.not_found")
    return found[0]


def _of_inspectors(
    connection: Connection, desk: Desk, person: Person, query: InspectorsQuery
) -> InspectorsReply:
    at: Case | Point | None = query.point
    if query.case is not None:
        at = _seen(connection, person, query.case)
    now = desk.clock.now()
    roster = read_roster(connection, desk.log.id, desk.rules, now)
    return inspectors.reply(roster, person, at, now, limit=query.limit)


def _of_register(
    connection: Connection,
    desk: Desk,
    person: Person,
    query: queries.ComponentQuery | queries.BoxQuery | queries.NearQuery,
) -> replies.MarksReply | replies.ComponentsReply:
    log, seer = desk.log.id, (person.grants, desk.rules)
    match query:
        case queries.BoxQuery(box=box, limit=limit):
            marks, more = register.in_box(connection, log, seer, box, limit)
            return replies.MarksReply(marks=tuple(marks), more=more)
        case queries.NearQuery(point=at, code=code, limit=limit):
            metres = desk.rules.register.near_metres
            near = register.nearest(
                connection, log, seer, at, metres=metres, code=code, limit=limit
            )
            return replies.ComponentsReply(components=tuple(near))
        case queries.ComponentQuery(ids=ids):
            found = register.by_id(connection, log, seer, ids)
            return replies.ComponentsReply(components=tuple(found))
