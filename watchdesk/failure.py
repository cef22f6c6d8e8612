"""What went wrong, as one clear sentence with its stable code."""

SENTENCES = {
    "replay.other_log": "This log holds other cases than these records; give an empty one.",
    "replay.clock_ahead": "The log's clock is past the first record already; give a new log that "
    "starts before it.",
    "account.exists": "This sign-in name is taken.",
    "account.malformed": "A sign-in name has 1 to 40 of a-z, 0-9, dot, hyphen, underscore; a name "
    "1 to 100 characters, post and job number at most 60.",
    "account.unit_grant": "The role unit needs a unit (unit:ID), and no other role takes one.",
    "grant.malformed": "A role is written ROLE[@AREA…][/CENTRE][#GRID…][:UNIT].",
    "grant.unknown_role": "This is no role; watchdesk user roles tells them.",
    "list.columns": "The first line names the columns: user, name, roles and, if wanted, post, "
    "job_number, phone.",
    "list.quotes": "This line is no CSV: a quotation mark is not closed, stands inside a cell, or "
    "a cell is too long.",
    "list.encoding": "The list is neither in UTF-8 nor in GB 18030; save it as CSV UTF-8.",
    "list.too_large": "The list is too large.",
    "list.cells": "The line has not as many cells as there are columns.",
    "list.twice": "The person stands on an earlier line.",
    "list.disabled": "The account is disabled; enable it first.",
    "account.unknown_area": "The log's rule book knows no such area.",
    "account.unknown_centre": "The log's rule book knows no such centre.",
    "account.unknown_grid": "The log's rule book knows no such responsibility grid.",
    "case.unknown_unit": "The log's rule book knows no such unit.",
    "account.not_found": "There is no account with this sign-in name.",
    "account.last_administrator": "This is the last administrator; give somebody else the right "
    "first.",
    "account.is_disabled": "This account is disabled already.",
    "account.is_enabled": "This account is not disabled.",
    "account.no_grants": "Give at least one role.",
    "account.grant_twice": "The same role stands twice.",
    "account.grids_grant": "Only an inspector answers for responsibility grids.",
    "account.administrators_only": "Only an administrator keeps accounts.",
    "account.yourself": "Nobody disables the own account.",
    "account.stale": "Somebody else changed this account meanwhile; look again.",
    "password.too_short": "The password is too short for this log's rule book.",
    "password.too_long": "The password is too long.",
    "password.refused": "This password is too easy to guess; choose another.",
    "password.must_change": "This person has to choose a password of their own first: sign in at "
    "the desk.",
    "component.administrators_only": "Only an administrator keeps the component register.",
    "log.rules_missing": "A new log takes its rules from a city pack; give --pack NAME.",
    "sign_in.practice_only": "A drill key is for practice logs; this server holds a real one.",
    "sign_in.token": "The drill key or the token is not this log's.",
    "sign_in.refused": "The server does not know this name, password or drill key.",
    "server.not_encrypted": "A plain ws:// address is for this machine only; use wss://.",
    "server.ca_file": "The CA file cannot be used; it holds certificates in PEM.",
    "server.address": "This is not the address of a server; give ws://HOST:PORT or wss://HOST:PORT.",
}

EXPECTED = {
    "user": "1 to 40 of a-z, 0-9, dot, hyphen, underscore, beginning with a letter or digit.",
    "name": "1 to 100 characters.",
    "post": "At most 60 characters.",
    "job_number": "At most 60 characters.",
    "phone": "A telephone number as text.",
    "roles": "At most 40 roles.",
}
"""What a column of a list of people holds, said where a cell is malformed."""


class DeskError(Exception):
    """A command cannot go on. `str()` is one clear sentence, `code` is stable."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


def sentence_of(error: Exception) -> str | None:
    """What to tell a person; None for a fault of the program, which keeps its trace."""
    from casework.pack.files import PackError  # with all that it stands on: not for `--help`

    if isinstance(error, PackError):
        return str(error)  # one line for each mistake, each with its code
    code = getattr(error, "code", None)
    if isinstance(code, str) and code:
        said = SENTENCES.get(code) or str(error).removeprefix(code).strip() or "It was refused."
        return f"{said} [{code}]"
    if isinstance(error, ConnectionError):
        return f"The connection to the server was lost. {error} [link.lost]"
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename} cannot be used: {error.strerror}. [file.unusable]"
    return None
