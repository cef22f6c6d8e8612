"""What the table of people shows: one row an account, its words made once."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from casework.decider import Grant
from casework.enquiries import DepartureReply
from casework.grants import write_grants
from casework.replies import AccountRow
from console.export import table as export
from console.export.table import Table
from console.names import Names
from console.vocabulary import ROLES
from console.wording import mark, tr
from widgets.live_table import Column
from widgets.plain_label import Tone

TITLES: tuple[tuple[str, str], ...] = (
    ("name", mark("Name")),
    ("user", mark("Sign-in name")),
    ("posts", mark("Posts")),
    ("state", mark("Account")),
    ("last", mark("Last sign-in")),
    ("seats", mark("Signed in now")),
)
_NEVER = ""


class PersonRow(NamedTuple):
    """One account as the table shows it."""

    account: AccountRow
    name: str
    posts: str
    state: str
    last: str
    seats: str

    def matches(self, wanted: str) -> bool:
        """Whether name, sign-in name, post, number, seat or state holds the text, in any case."""
        of = self.account
        words = (of.user, of.name, of.post, of.job_number, of.phone, self.posts, self.seats)
        return any(wanted in word.casefold() for word in (*words, self.state))


def left_behind(told: DepartureReply, names: Names) -> str:
    """What nobody would have in hand any more; "" where somebody else is there for all of it."""
    said = [
        tr(
            "The only enabled officer of {unit}, with {n} open cases.",
            unit=names.unit(each.unit),
            n=each.cases,
        )
        for each in told.units
    ]
    if told.in_hand:
        said.append(tr("Has {n} open cases in hand.", n=told.in_hand))
    if told.orders:
        said.append(tr("{n} orders to this inspector are out.", n=told.orders))
    return " ".join(said)


def grant_words(grant: Grant, names: Names) -> str:
    """One grant: the post, and where it is held."""
    where = [names.unit(grant.unit)] if grant.unit else []
    where += [tr(", ").join(names.area(area) for area in grant.areas)] if grant.areas else []
    where += [names.centre(grant.centre)] if grant.centre else []
    where += [tr("grids {grids}", grids=", ".join(grant.grids))] if grant.grids else []
    return " · ".join([tr(ROLES[grant.role]), *where])


def posts_words(grants: tuple[Grant, ...], names: Names) -> str:
    """All posts of a person."""
    return "; ".join(grant_words(grant, names) for grant in grants)


def state_words(account: AccountRow) -> str:
    """Whether the person may sign in, and with which kind of password."""
    if not account.enabled:
        return tr("disabled")
    if not account.has_password:
        return tr("no password")
    return tr("one-time password") if account.must_change else tr("in use")


def row_of(account: AccountRow, names: Names, now: datetime) -> PersonRow:
    """The account in the words in use; `now` is the wall clock, aware UTC."""
    last = account.signed_in_at
    return PersonRow(
        account=account,
        name=account.name,
        posts=posts_words(account.grants, names),
        state=state_words(account),
        last=_moment(last, names, now) if last is not None else _NEVER,
        seats=", ".join(account.seats),
    )


def _moment(at: datetime, names: Names, now: datetime) -> str:
    """With the year where it is another one."""
    here = names.local(at)
    return f"{here:%Y-%m-%d}" if here.year != names.local(now).year else names.moment(at, now)


def table_of(rows: Iterable[PersonRow], zone: ZoneInfo, wanted: str) -> Table:
    """The rows for a file; posts in the short form, which a list of people reads again."""
    titles = (
        export.Column(tr("Sign-in name"), width=14),
        export.Column(tr("Name"), width=16),
        export.Column(tr("Posts"), width=40),
        export.Column(tr("Post title"), width=14),
        export.Column(tr("Job number"), width=12),
        export.Column(tr("Phone"), width=16),
        export.Column(tr("Account"), width=18),
        export.Column(tr("Last sign-in"), export.Kind.INSTANT, 20),
        export.Column(tr("Signed in now"), width=18),
    )
    lines = tuple(
        (
            of.user,
            of.name,
            write_grants(of.grants),
            of.post,
            of.job_number,
            of.phone,
            row.state,
            of.signed_in_at,
            row.seats,
        )
        for row in rows
        for of in (row.account,)
    )
    return Table(tr("People"), titles, lines, zone, wanted)


def _tone(row: PersonRow) -> Tone:
    return "text" if row.account.enabled else "muted"


def _state_tone(row: PersonRow) -> Tone:
    if not row.account.enabled:
        return "late"
    return "done" if row.state == tr("in use") else "soon"


def columns() -> tuple[Column[PersonRow], ...]:
    """The columns in the language in use."""
    title = {key: tr(english) for key, english in TITLES}
    return (
        Column(title["name"], lambda row: row.name, width=0, least=110, tone=_tone),
        Column(title["user"], lambda row: row.account.user, width=120, tone=lambda _: "muted"),
        Column(title["posts"], lambda row: row.posts, width=0, least=180, grow=3, tone=_tone),
        Column(title["state"], lambda row: row.state, width=150, tone=_state_tone),
        Column(
            title["last"],
            lambda row: row.last,
            sort=lambda row: row.account.signed_in_at,
            width=106,
            tone=lambda _: "muted",
        ),
        Column(
            title["seats"],
            lambda row: row.seats,
            sort=lambda row: row.seats or None,
            width=130,
            gives_way=1,
        ),
    )
