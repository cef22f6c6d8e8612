"""The picture that is kept on disk, the rule books beside it, and the way to sign in."""

import asyncio
import hashlib
import hmac
import stat
from base64 import b64encode, urlsafe_b64decode
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend_client import Credentials, Gathering, drill_token
from backend_client.credentials import checked_address
from backend_client.notices import Changed
from backend_client.picture import KeptPicture, PictureError, load, save
from backend_client.replica import Replica
from backend_client.rule_shelf import RuleShelf, WrongRulesError
from casework.case import Case
from casework.decider import Grant, Refused
from casework.terms import CaseId, Role
from tests.backend_client.history import LOG, RULES, RULES_BYTES, RULES_DIGEST, START, History

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def whole() -> Replica:
    history = History()
    for _ in range(3):
        history.report()
    replica = Replica(LOG)
    replica.join(history.welcome())
    replica.apply(history.snapshot()[0])
    return replica


def kept(path: Path) -> Replica:
    replica = whole()
    save(path, replica.standing, replica.cases.values(), NOW)
    return replica


def test_a_kept_picture_comes_back_whole_with_its_age(tmp_path: Path) -> None:
    replica = kept(tmp_path / "a")
    head, cases = load(tmp_path / "a")
    again = Replica(LOG)
    again.restore(head.standing, cases)
    assert (head.saved_at, again.resume, again.cases) == (NOW, replica.resume, replica.cases)


def test_only_its_owner_reads_a_picture(tmp_path: Path) -> None:
    kept(tmp_path / "a")
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o600


def test_every_cut_or_altered_byte_makes_a_picture_unreadable(tmp_path: Path) -> None:
    path = tmp_path / "a"
    kept(path)
    data = path.read_bytes()
    for place in range(0, len(data) - 1, 7):  # without its last line end it is whole, too
        for broken in (data[:place], data[:place] + b"#" + data[place + 1 :]):
            path.write_bytes(broken)
            with pytest.raises(PictureError):
                load(path)


@pytest.mark.logs("picture.unreadable")
def test_an_unreadable_picture_is_said_once_and_thrown_away(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"{}")
    picture = KeptPicture(path)
    assert [picture.recall(), picture.recall()] == [None, None]
    assert len(caplog.records) == 1


def test_half_a_snapshot_is_not_kept(tmp_path: Path) -> None:
    replica = Replica(LOG)
    replica.join(History().welcome())
    asyncio.run(KeptPicture(tmp_path / "a").keep(replica))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.logs("picture.not_kept")
def test_a_disk_that_refuses_is_said_and_leaves_the_picture_before(tmp_path: Path) -> None:
    path = tmp_path / "a"
    before = kept(path)
    path.with_name("a.new").mkdir()
    history = History("e2")
    replica = Replica(LOG)
    replica.join(history.welcome())
    replica.apply(history.snapshot()[0])
    asyncio.run(KeptPicture(path).keep(replica))
    assert load(path)[0].standing == before.standing


# --- rule books ---------------------------------------------------------------------------------


def test_a_rule_book_is_found_again_by_another_run(tmp_path: Path) -> None:
    assert RuleShelf(tmp_path).find(RULES_DIGEST) is None
    assert RuleShelf(tmp_path).keep(RULES_DIGEST, RULES_BYTES) == RULES
    assert RuleShelf(tmp_path).find(RULES_DIGEST) == RULES


def test_an_altered_rule_book_counts_as_absent(tmp_path: Path) -> None:
    RuleShelf(tmp_path).keep(RULES_DIGEST, RULES_BYTES)
    (path,) = tmp_path.iterdir()
    path.write_bytes(RULES_BYTES.replace(b"Testing", b"Tasting"))
    assert RuleShelf(tmp_path).find(RULES_DIGEST) is None


@pytest.mark.parametrize("written", [b"{}", b"no book"])
def test_bytes_that_are_no_rule_book_are_not_kept(tmp_path: Path, written: bytes) -> None:
    digest = hashlib.sha256(written).hexdigest()
    with pytest.raises(WrongRulesError):
        RuleShelf(tmp_path).keep(digest, written)
    assert list(tmp_path.iterdir()) == []


def test_a_digest_never_leads_out_of_the_shelf(tmp_path: Path) -> None:
    (tmp_path / "rules-x.json").write_bytes(RULES_BYTES)
    assert RuleShelf(tmp_path / "shelf").find("/../../rules-x") is None


# --- signing in ---------------------------------------------------------------------------------


def test_a_password_is_sent_first_and_the_servers_own_token_afterwards() -> None:
    wang = Credentials(user="wang", password="密:碼")
    basic = b64encode("wang:密:碼".encode()).decode()
    assert wang.authorization() == f"Basic {basic}"
    assert wang.authorization("abc") == "Bearer abc"
    assert Credentials(token="t").authorization() == "Bearer t"
    assert Credentials(drill="d").authorization() == "Drill d"


def test_credentials_do_not_show_their_secrets() -> None:
    secret = Credentials(user="wang", password="p4ss", token="t0ken", drill="dr1ll")
    assert repr(secret) == "Credentials(user='wang')"


def test_a_drill_token_names_a_person_and_is_sealed_by_the_logs_key() -> None:
    grants = (Grant(role=Role.ACCEPTOR),)
    body, _, seal = drill_token(b"key", "bot", "機器人", grants).rpartition(".")
    assert msgspec.json.decode(urlsafe_b64decode(body)) == {
        "user": "bot",
        "name": "機器人",
        "grants": [{"role": "acceptor"}],
    }
    assert seal == hmac.new(b"key", body.encode(), hashlib.sha256).hexdigest()


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("http://127.0.0.1", "server.address"),
        ("127.0.0.1:8765", "server.address"),
        ("ws://", "server.address"),
        ("ws://127.0.0.1:port", "server.address"),
        ("wss://me:secret@desk.example", "server.address"),
        ("ws://desk.example", "server.not_encrypted"),
        ("ws://10.0.0.1", "server.not_encrypted"),
    ],
)
def test_a_secret_is_not_sent_to_a_strange_address(address: str, code: str) -> None:
    with pytest.raises(Refused) as caught:
        checked_address(address)
    assert caught.value.code == code


@pytest.mark.parametrize("address", ["ws://[::1]:1", "ws://localhost", "wss://desk.example:443/x"])
def test_this_machine_and_encrypted_servers_are_trusted(address: str) -> None:
    assert checked_address(address) == address


# --- changes that wait --------------------------------------------------------------------------

NAMES = [CaseId(name) for name in "abcd"]


def change(upserted: list[str], gone: list[str], reset: bool) -> Changed:
    pattern = next(iter(whole().cases.values()))
    return Changed(
        log=LOG,
        upserted=tuple(msgspec.structs.replace(pattern, id=CaseId(n)) for n in upserted),
        gone=tuple(CaseId(name) for name in gone if name not in upserted),
        reset=reset,
        number=1,
        at=START,
    )


def show(cases: dict[CaseId, Case], changed: Changed) -> dict[CaseId, Case]:
    shown = {} if changed.reset else dict(cases)
    shown |= {case.id: case for case in changed.upserted}
    return {id: case for id, case in shown.items() if id not in changed.gone}


SOME = st.lists(st.sampled_from(NAMES), unique=True)


@given(steps=st.lists(st.tuples(SOME, SOME, st.booleans()), min_size=1))
def test_gathered_changes_show_the_same_as_one_by_one(
    steps: list[tuple[list[str], list[str], bool]],
) -> None:
    changes = [change(*step) for step in steps]
    gathering, one_by_one = Gathering(), show({}, change(["a"], [], False))
    start = one_by_one
    for changed in changes:
        gathering.add(changed)
        one_by_one = show(one_by_one, changed)
    whole_change = gathering.take()
    assert whole_change is not None
    assert show(start, whole_change) == one_by_one
    assert gathering.take() is None
