"""The wire form: final event bytes, strict commands, lenient events, round trips, sizes."""

import hashlib
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Raw, inspect

import resources
from casework import acts
from casework.catalogue import AnyCommand
from casework.decider import Unknown
from casework.envelope import (
    GENESIS,
    Envelope,
    envelope_bytes,
    event_body,
    leaf,
    read_envelope,
    recorded,
)
from casework.pack import FILES, encode_rules, read_pack
from casework.replies import RulesReply
from casework.terms import LogId, Role, State, UserId
from casework.wire import (
    MAX_FRAME,
    MAX_REPLY,
    Ask,
    Bye,
    Fetch,
    FromServer,
    Heartbeat,
    Hello,
    Message,
    Reply,
    Seen,
    Snapshot,
    encode,
    read_case,
    read_from_client,
    read_from_server,
)
from tests.casework.case_kit import NINE, REPORTED, Life

WRITTEN = (
    b'{"actor":"chen","at":"2008-06-13T01:00:00Z","blobs":[],'
    b'"body":{"opinion":"\xe5\xa4\x87\xe6\xb3\xa8","type":"NoteAdded"},"claimed":null,'
    b'"cmd":"0123456789","device":"desk-1","log":"city","number":7,"prev":"'
    + GENESIS.encode()
    + b'","role":"acceptor","rules":1,"stream":"case/city-20080613-00001","type":"NoteAdded",'
    b'"v":1,"version":3}'
)
ENVELOPE = Envelope(
    v=1,
    log=LogId("city"),
    number=7,
    at=NINE,
    claimed=None,
    stream="case/city-20080613-00001",
    version=3,
    type="NoteAdded",
    actor=UserId("chen"),
    role=Role.ACCEPTOR,
    device="desk-1",
    cmd="0123456789",
    rules=1,
    body=event_body(acts.NoteAdded(opinion="备注")),
    blobs=(),
    prev=GENESIS,
)


# --- final bytes ----------------------------------------------------------------------------------


def test_an_event_is_written_in_these_bytes_for_ever() -> None:
    assert envelope_bytes(ENVELOPE) == WRITTEN
    assert read_envelope(WRITTEN) == ENVELOPE


def test_keys_are_sorted_at_every_depth() -> None:
    def sorted_keys(pairs: list[tuple[str, object]]) -> dict[str, object]:
        names = [name for name, _ in pairs]
        assert names == sorted(names)
        return dict(pairs)

    json.loads(WRITTEN, object_pairs_hook=sorted_keys)


def test_the_leaf_of_an_empty_entry_is_that_of_the_standard() -> None:
    """RFC 9162, 2.1.1: the leaf hash is SHA-256(0x00 ‖ entry); the vector is that of Certificate
    Transparency's own implementations for the empty entry."""
    known = "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert leaf(b"").hex() == known
    assert leaf(WRITTEN) == hashlib.sha256(b"\x00" + WRITTEN).digest()
    assert len(GENESIS) == 2 * len(leaf(b""))


def test_an_envelope_of_a_newer_program_is_folded_as_far_as_it_is_known() -> None:
    newer = WRITTEN[:-1] + b',"weather":"rain"}'
    assert read_envelope(newer) == ENVELOPE
    strange = WRITTEN.replace(b"NoteAdded", b"NoteSung")
    happened = recorded(read_envelope(strange))
    assert (happened.number, happened.version, happened.event) == (7, 3, Unknown())


# --- strict from the client -----------------------------------------------------------------------


def ask(command: bytes, more: bytes = b"") -> bytes:
    return b'{"t":"Ask","id":"0123456789","role":"acceptor","command":' + command + more + b"}"


def test_a_command_is_read() -> None:
    message = read_from_client(ask(b'{"type":"AddNote","opinion":"x"}'))
    command = acts.AddNote(opinion="x")
    assert message == Ask(id="0123456789", role=Role.ACCEPTOR, command=command)


@pytest.mark.parametrize(
    ("frame", "names"),
    [
        (ask(b'{"type":"AddNote","opinion":"x","loud":true}'), "loud"),
        (ask(b'{"type":"AddNote","opinion":7}'), r"\$\.command\.opinion"),
        (ask(b'{"type":"AddNote","opinion":""}'), r"\$\.command\.opinion"),
        (ask(b'{"type":"AddNote"}'), "opinion"),
        (ask(b'{"type":"NoteAdded","opinion":"x"}'), "NoteAdded"),
        (ask(b'{"type":"DropTables"}'), "DropTables"),
        (ask(b'{"opinion":"x"}'), "type"),
        (ask(b'{"type":"ShowContact"}', b',"claimed":"2008-06-13T01:00:00"'), r"\$\.claimed"),
        (ask(b'{"type":"ShowContact"}', b',"claimed":"9999-12-31T23:59:59Z"'), r"\$\.claimed"),
        (ask(b'{"type":"ShowContact"}', b',"claimed":"0001-01-01T00:00:00+14:00"'), "claimed"),
        (ask(b'{"type":"ShowContact"}', b',"extra":1'), "extra"),
        (ask(b'{"type":"OrderCheck","inspector":"' + b"i" * 41 + b'"}'), "inspector"),
        (b'{"t":"Ask","id":"short","role":"acceptor","command":{"type":"ShowContact"}}', "id"),
        (b'{"t":"Fetch","ref":1,"query":{"type":"urgent","limit":501}}', "limit"),
        (b'{"t":"Fetch","ref":1,"query":{"type":"case","case":"x","more":1}}', "more"),
        (b'{"t":"Fetch","ref":1,"query":{"type":"tally","at":"2008-06-13T01:00:00"}}', "at"),
        (b'{"t":"Hello","protocol":1,"device":"' + b"d" * 81 + b'"}', "device"),
        (b'{"t":"Welcome"}', "Welcome"),
        (b'{"t":"Seen","number":1.5}', "number"),
        (b"not json", "malformed"),
        (b'"x"', "Expected `object`"),
        (b'{"t":"Hello","protocol":1,"device":"\xff"}', "utf-8|UTF-8"),
    ],
)
def test_what_a_client_may_not_say_is_refused_by_name(frame: bytes, names: str) -> None:
    with pytest.raises((msgspec.DecodeError, UnicodeDecodeError)) as refused:
        read_from_client(frame)
    assert re.search(names, str(refused.value)), refused.value


def test_a_claimed_time_is_read_in_utc() -> None:
    message = read_from_client(
        ask(b'{"type":"ShowContact"}', b',"claimed":"2008-06-13T09:00:00+08:00"')
    )
    assert isinstance(message, Ask)
    assert message.claimed == NINE
    assert message.claimed is not None
    assert message.claimed.tzinfo is UTC


# --- lenient from the server ----------------------------------------------------------------------


def test_a_field_of_a_newer_server_is_passed_over() -> None:
    bye = read_from_server(b'{"t":"Bye","code":"upgrade","mood":"kind"}')
    assert bye == Bye(code="upgrade")


def test_a_message_of_a_newer_server_is_an_error() -> None:
    with pytest.raises(msgspec.ValidationError, match="Whisper"):
        read_from_server(b'{"t":"Whisper"}')


# --- round trips ----------------------------------------------------------------------------------

INSTANTS = st.datetimes(
    min_value=datetime(1901, 1, 1),  # noqa: DTZ001 hypothesis adds the zone itself
    max_value=datetime(2199, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)


def values(of: inspect.Type) -> st.SearchStrategy[Any]:
    """Anything that a type with its bounds admits."""
    return MAKERS[type(of)](of)


def texts(of: inspect.StrType) -> st.SearchStrategy[str]:
    if of.pattern is not None:
        return st.from_regex(of.pattern, alphabet=st.characters(codec="ascii"))
    return st.text(min_size=of.min_length or 0, max_size=min(of.max_length or 40, 40))


def integers(of: inspect.IntType) -> st.SearchStrategy[int]:
    low, high = -(2**63), 2**63 - 1
    return st.integers(low if of.ge is None else of.ge, high if of.le is None else of.le)


def structs(of: inspect.StructType) -> st.SearchStrategy[Any]:
    return st.builds(of.cls, **{field.name: values(field.type) for field in of.fields})


def binary(of: inspect.BytesType) -> st.SearchStrategy[bytes]:
    return st.binary(min_size=of.min_length or 0, max_size=min(of.max_length or 40, 40))


MAKERS: dict[type[inspect.Type], Callable[[Any], st.SearchStrategy[Any]]] = {
    inspect.NoneType: lambda _: st.none(),
    inspect.BytesType: binary,
    inspect.BoolType: lambda _: st.booleans(),
    inspect.FloatType: lambda _: st.floats(allow_nan=False, allow_infinity=False),
    inspect.DateTimeType: lambda _: INSTANTS,
    inspect.RawType: lambda _: st.just(Raw(b'["a",1]')),
    inspect.StrType: texts,
    inspect.IntType: integers,
    inspect.StructType: structs,
    inspect.EnumType: lambda of: st.sampled_from(of.cls),
    inspect.UnionType: lambda of: st.one_of(*map(values, of.types)),
    inspect.VarTupleType: lambda of: st.lists(values(of.item_type), max_size=3).map(tuple),
    inspect.DictType: lambda of: st.dictionaries(
        values(of.key_type), values(of.value_type), max_size=3
    ),
}


def asks() -> st.SearchStrategy[Ask]:
    """`Ask` with any command of the catalogue."""
    of = inspect.type_info(Ask)
    assert isinstance(of, inspect.StructType)
    fields = {field.name: values(field.type) for field in of.fields}
    return st.builds(Ask, **{**fields, "command": values(inspect.type_info(AnyCommand))})


CLIENT = st.one_of(asks(), *(values(inspect.type_info(k)) for k in (Hello, Fetch, Seen, Heartbeat)))
SERVER = values(inspect.type_info(FromServer))


def plain(message: Message) -> object:
    """A message as plain values, so that raw parts compare by what they hold."""
    return msgspec.json.decode(encode(message))


@given(message=CLIENT)
def test_every_message_of_a_client_comes_through(message: Message) -> None:
    assert read_from_client(encode(message)) == message


@given(message=SERVER)
def test_every_message_of_a_server_comes_through(message: Message) -> None:
    read = read_from_server(encode(message))
    assert type(read) is type(message)
    assert plain(read) == plain(message)


def test_a_folded_case_comes_through() -> None:
    case = Life().run(*REPORTED).now
    assert case.state is State.REGISTERED
    snapshot = Snapshot(
        log=LogId("city"), number=1, part=1, parts=1, cases=(Raw(msgspec.json.encode(case)),)
    )
    read = read_from_server(encode(snapshot))
    assert isinstance(read, Snapshot)
    assert list(map(read_case, read.cases)) == [case]


# --- sizes ----------------------------------------------------------------------------------------


def test_the_longest_opinion_fits_a_frame_many_times() -> None:
    longest = ask(msgspec.json.encode(acts.AddNote(opinion="\x01" * 2000)))
    assert len(longest) * 10 < MAX_FRAME
    assert isinstance(read_from_client(longest), Ask)


def test_the_rule_book_of_a_city_fits_a_reply() -> None:
    folder = resources.root() / "cities" / "shenzhen"
    files = {entry.name: entry.read_bytes() for entry in folder.iterdir() if entry.name in FILES}
    rules = encode_rules(read_pack(files))
    reply = Reply(ref=1, body=RulesReply(version=1, digest="", rules=Raw(rules)))
    assert len(encode(reply)) * 2 < MAX_REPLY
