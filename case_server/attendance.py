"""Attendance: who is signed in where, and what a changed account means to them.

Everything happens in the hub's loop, but for `Attendance.seats`, whose value is a copy.
"""

from collections import defaultdict
from collections.abc import Collection

from msgspec.structs import replace

from case_server.desk import Batch, Submission
from case_server.session import Session
from case_server.users import Users
from casework import wire
from casework.decider import Refused
from casework.procedures.account import Account, ChangePassword, require_unrevoked
from casework.terms import UserId

COME_AGAIN = 0.05
"""Seconds after which a person who has changed a given password may come in."""

_SAID = {
    "sign_in.disabled": "This account has been disabled.",
    "signed_out": "This account has another password.",
}


class Attendance:
    """Watches the hub's sessions. `number` moves with every account and every coming and going."""

    def __init__(self, sessions: Collection[Session], users: Users) -> None:
        self._sessions = sessions
        self._users = users
        self.number = 1
        self._told = 1

    def stir(self) -> None:
        """Somebody came or went, or an account is not as it was."""
        self.number += 1

    def news(self) -> list[Session]:
        """The administrators' sessions, if they have not been told of this number yet."""
        if self._told == self.number:
            return []
        self._told = self.number
        return [session for session in self._sessions if session.person.administers]

    def people(self, session: Session) -> int:
        """What this session may know of the number."""
        return self.number if session.person.administers else 0

    def seats(self) -> dict[UserId, tuple[str, ...]]:
        """Seats of everybody who is signed in."""
        found: defaultdict[UserId, list[str]] = defaultdict(list)
        for session in self._sessions:
            found[session.person.user].append(session.actor.device)
        return {user: tuple(sorted(devices)) for user, devices in found.items()}

    def concerned(self, streams: Collection[str]) -> list[Session]:
        """Sessions of the people whose accounts these streams are."""
        return [
            session
            for session in self._sessions
            if f"account/{session.person.user}" in streams and not session.person.drill
        ]

    def answer(self, submission: Submission, ack: wire.Ack, batch: Batch) -> wire.Ack:
        """The answer to a command that brought a password: the one-time password that was made
        up, or the token that is good from now on."""
        session, secret = submission.tag, submission.secret
        assert isinstance(session, Session)
        assert secret is not None
        if not isinstance(submission.ask.command, ChangePassword):
            return replace(ack, once=secret.once)
        if ack.number < batch.first:
            return ack  # sent again: it was done before, and the token given then
        person = session.person
        session.person = replace(person, must_change=False, passwords=person.passwords + 1)
        session.renewed = person.must_change
        return replace(ack, token=self._users.token(session.person))


def farewell(session: Session, account: Account | None, retry_after: float) -> wire.Bye | None:
    """Why a session must end now that the account stands so; None lets it go on."""
    person = session.person
    try:
        require_unrevoked(account, person.grants, person.passwords)
    except Refused as refused:
        again = retry_after if refused.code == "grants.changed" else 0.0
        return wire.Bye(code=refused.code, detail=_SAID.get(refused.code, ""), retry_after=again)
    if session.renewed:
        return wire.Bye(code="password.changed", retry_after=COME_AGAIN)
    return None
